"""What a changed roles.csv would let whom do more or less."""

import os
from pathlib import Path

import pytest

from policies.compared import compared
from policies.decide import COUNT, READ, RULES, permissions, roles
from services.errors import Refused
from tests.terminal.command_lines import ran

TEXT = RULES.read_text(encoding="utf-8")


def told(folder: Path, *changes: tuple[str, str]) -> list[str]:
    """What is said of the rules with some of their lines replaced."""
    text = TEXT
    for before, after in changes:
        assert text.count(f"{before}\n") == 1
        text = text.replace(f"{before}\n", after)
    (folder / "roles.csv").write_text(text, encoding="utf-8")
    return compared(folder / "roles.csv").splitlines()


def test_the_same_rules_change_nothing(tmp_path: Path) -> None:
    """In another order, with other spaces, and with what somebody inherits said once more."""
    assert compared(RULES) == "没有变化 / nothing changes"
    (tmp_path / "roles.csv").write_text("\n".join(reversed(TEXT.splitlines())), encoding="utf-8")
    assert compared(tmp_path / "roles.csv") == "没有变化 / nothing changes"
    assert told(tmp_path, ("p, member, unit, read", "p,member,unit,read\np, county_admin, unit, rename\n")) == [
        "没有变化 / nothing changes"
    ]


def test_a_right_that_is_given_or_taken_is_everybodys_who_inherits_it(tmp_path: Path) -> None:
    heirs = ("administrator", "community_admin", "county_admin", "town_admin")
    assert told(tmp_path, ("p, administrator, unit, rename", "")) == [f"- {each}: unit rename" for each in heirs]
    given = "p, auditor, unit, read\np, auditor, member.contact, read\n"
    assert told(tmp_path, ("p, auditor, unit, read", given)) == ["+ auditor: member.contact read"]
    moved = ("p, town_admin, unit, create", "p, administrator, unit, create\n")
    assert told(tmp_path, moved) == ["+ administrator: unit create", "+ community_admin: unit create"]


def ruled(role: str) -> list[tuple[str, str]]:
    """What rules allow a role, without that it may count whatever it may read."""
    held = permissions(role)
    return sorted((entity, action) for entity, action in held if action != COUNT or (entity, READ) not in held)


def test_an_inheritance_that_is_given_or_taken_is_all_of_its_rights(tmp_path: Path) -> None:
    lost = {f"- partner: {entity} {action}" for entity, action in ruled("line_watcher")}
    assert set(told(tmp_path, ("g, partner, line_watcher", ""))) == lost
    more = told(tmp_path, ("g, partner, line_watcher", "g, partner, line_watcher\ng, newcomer, auditor\n"))
    assert more == [f"+ newcomer: {entity} {action}" for entity, action in ruled("auditor")]


def test_no_rules_are_everything_less(tmp_path: Path) -> None:
    (tmp_path / "roles.csv").write_text("", encoding="utf-8")
    lost = [f"- {role}: {entity} {action}" for role in roles() for entity, action in ruled(role)]
    assert compared(tmp_path / "roles.csv").splitlines() == lost


@pytest.mark.parametrize(
    "line", ["p, auditor, unit", "q, auditor, unit, read", "g, a", "p, auditor, , read", "gibberish"]
)
def test_a_line_that_is_no_rule_is_refused(tmp_path: Path, line: str) -> None:
    """Casbin would pass over it."""
    (tmp_path / "roles.csv").write_text(f"{TEXT}{line}\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        compared(tmp_path / "roles.csv")
    assert f"line {len(TEXT.splitlines()) + 1}," in refused.value.text.en


def test_a_stream_is_read_once(tmp_path: Path) -> None:
    """As a pipe is."""
    environment = {"PATH": "/usr/bin:/bin", "JINLIN_HOME": str(tmp_path / "home")}
    done = ran(("policy", "--diff", "/dev/stdin"), environment, TEXT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "没有变化 / nothing changes\n", "")
    reading, writing = os.pipe()
    try:
        os.write(writing, b"p, partner, unit, read\n")
        os.close(writing)
        assert "- member: member read" in compared(Path(f"/dev/fd/{reading}")).splitlines()
    finally:
        os.close(reading)
    done = ran(("policy", "--diff", "/dev/null"), environment)
    assert (done.returncode, done.stderr) == (0, "")
