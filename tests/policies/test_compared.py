"""What a changed roles.csv would let whom do more or less; and lines of it that can never mean anything."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from policies.compared import Compared
from policies.compared import compared as compared_with
from policies.decide import COUNT, READ, RULES, permissions, rights, roles
from policies.rules import check
from schema.catalogue.actions import asked
from services.errors import Refused
from tests.built import CATALOGUE
from tests.conftest import PROJECT
from tests.terminal.command_lines import ran

TEXT = RULES.read_text(encoding="utf-8")
LAST = len(TEXT.splitlines())
ASKED = asked(CATALOGUE)
NOTHING = "没有变化 / nothing changes"
SENSELESS = {
    "p, partner, nothing, read": "there is no entity nothing",
    "p, partner, member, fly": "there is no action fly of member",
    "p, nobody_role, member, read": "there is no role nobody_role",
    "p, Partner, member, read": "there is no role Partner",
    "g, partner, nobody_role": "there is no role nobody_role",
    "g, nobody_role, auditor": "there is no role nobody_role",
}


def compared(file: Path) -> Compared:
    """What is said of a file by the rights there are."""
    return compared_with(file, ASKED)


def told(folder: Path, *changes: tuple[str, str]) -> list[str]:
    """What is said of the rules with some of their lines replaced."""
    text = TEXT
    for before, after in changes:
        assert text.count(f"{before}\n") == 1
        text = text.replace(f"{before}\n", after)
    (folder / "roles.csv").write_text(text, encoding="utf-8")
    found = compared(folder / "roles.csv")
    assert found.amiss == []
    return str(found).splitlines()


def test_the_same_rules_change_nothing(tmp_path: Path) -> None:
    """In another order, with other spaces, and with what somebody inherits said once more."""
    assert str(compared(RULES)) == NOTHING
    (tmp_path / "roles.csv").write_text("\n".join(reversed(TEXT.splitlines())), encoding="utf-8")
    assert str(compared(tmp_path / "roles.csv")) == NOTHING
    assert told(tmp_path, ("p, member, unit, read", "p,member,unit,read\np, county_admin, unit, rename\n")) == [NOTHING]


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
    given = "g, partner, line_watcher\ng, partner, newcomer\ng, newcomer, auditor\n"
    more = told(tmp_path, ("g, partner, line_watcher", given))
    assert [line for line in more if " newcomer:" in line] == [
        f"+ newcomer: {entity} {action}" for entity, action in ruled("auditor")
    ]
    assert set(more) > {
        f"+ partner: {entity} {action}" for entity, action in set(ruled("auditor")) - set(ruled("partner"))
    }


def test_no_rules_are_everything_less(tmp_path: Path) -> None:
    (tmp_path / "roles.csv").write_text("", encoding="utf-8")
    lost = [f"- {role}: {entity} {action}" for role in roles() for entity, action in ruled(role)]
    assert compared(tmp_path / "roles.csv").lines == lost


@pytest.mark.parametrize(
    "line",
    [
        *("p, auditor, unit", "q, auditor, unit, read", "g, a", "p, auditor, , read", "gibberish"),
        *("p,partner,member,read # x", "p, partner, member], read", "g, par'tner, auditor", "p, 审计员, unit, read"),
    ],
)
def test_a_line_that_is_no_rule_is_refused(tmp_path: Path, line: str) -> None:
    """Casbin would pass over it."""
    (tmp_path / "roles.csv").write_text(f"{TEXT}{line}\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        compared(tmp_path / "roles.csv")
    assert f"line {len(TEXT.splitlines()) + 1}," in refused.value.text.en


@pytest.mark.parametrize(("line", "why"), SENSELESS.items())
def test_a_line_that_can_never_mean_anything_is_named(tmp_path: Path, line: str, why: str) -> None:
    """It is no gain, and what else the file changes is told beside it; the service refuses such a file of its own."""
    file = tmp_path / "roles.csv"
    assert TEXT.count("p, partner, unit, read\n") == 1
    file.write_text(TEXT.replace("p, partner, unit, read\n", "\n") + f"{line}\n", encoding="utf-8")
    found = compared(file)
    assert found.lines == ["- partner: unit read"]
    assert [each.en for each in found.amiss] == [f"{file}, line {LAST + 1}: {why}"]
    with pytest.raises(Refused) as refused:
        check(file, ASKED)
    assert refused.value.text.en == found.amiss[0].en


def test_every_rule_of_the_services_own_means_something() -> None:
    """And of every right that something asks for some rule is, but for looking at what nobody is shown by itself."""
    check(RULES, ASKED)
    left = {(entity, action) for entity, action in ASKED - set(rights()) if action not in (READ, COUNT)}
    assert {entity.partition(".")[0] for entity, _ in left} <= {"grant"}, left


def test_the_command_reads_a_stream_and_names_lines_that_say_nothing(tmp_path: Path) -> None:
    """Once, as a pipe is; the exit status says whether all of it was understood."""
    for more, code in (("", 0), ("p, partner, member, fly\n", 1)):
        done = ran(("policy", "--diff", "/dev/stdin"), _environment(tmp_path), TEXT + more)
        assert (done.returncode, done.stdout) == (code, f"{NOTHING}\n")
        assert done.stderr.count("\n") == code
        assert ("no action fly of member" in done.stderr) == bool(code)
    reading, writing = os.pipe()
    try:
        os.write(writing, b"p, partner, unit, read\n")
        os.close(writing)
        assert "- member: member read" in compared(Path(f"/dev/fd/{reading}")).lines
    finally:
        os.close(reading)
    done = ran(("policy", "--diff", "/dev/null"), _environment(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A service with a roles.csv of its own, to be spoilt."""
    folder = tmp_path_factory.mktemp("own")
    for each in ("schema", "policies", "services"):
        shutil.copytree(PROJECT / each, folder / each, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "server.py", folder)
    return folder


def _told(own: Path, *words: str) -> str:
    """What a command says that ends over the service's own rules, before anything is opened: a line a language."""
    done = subprocess.run(
        [sys.executable, "server.py", *words],
        env=_environment(own),
        cwd=own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 2), done.stderr
    chinese, english = done.stderr.splitlines()
    assert all(str(own / "policies" / "roles.csv") in line for line in (chinese, english))
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    return english


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("p, partner, member, fly", f"line {LAST + 1}: there is no action fly of member"),
        ("p, partner, member_contact, read", f"{LAST + 1}: two rights would both be called MEMBER_CONTACT_READ"),
    ],
)
def test_the_service_does_not_start_over_such_a_line(own: Path, line: str, why: str) -> None:
    """A typo there would be a right that is silently gone."""
    (own / "policies" / "roles.csv").write_text(f"{TEXT}{line}\n", encoding="utf-8")
    assert why in _told(own, "serve")


COMMANDS = (
    *(("serve",), ("migrate",), ("verify",), ("schema", "--role", "partner"), ("policy", "--diff", "/dev/null")),
    *(("token", "--list"), ("export", "--member", "x")),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_begins_over_a_line_that_is_no_rule(own: Path, command: tuple[str, ...]) -> None:
    """Also one that asks the rules nothing."""
    (own / "policies" / "roles.csv").write_text(f"{TEXT}p, auditor, unit\n", encoding="utf-8")
    assert _told(own, *command).endswith(f"line {LAST + 1}, is no rule.")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "There are no rules in"),
        (b"# p, partner, unit, read\r\n \r\n", "There are no rules in"),
        (b"\xef\xbb\xbf# x\r\ng, a, b, c\r\n", "line 2, is no rule"),
        (b"p, partner, unit, read\n# \xd6\xd0\xb9\xfa\n", "line 2, is not UTF-8"),
        (b"p, partner, unit, read\0\n", "line 1, is no rule"),
    ],
    ids=["empty", "comments", "BOM", "GBK", "NUL"],
)
def test_a_file_of_its_own_that_cannot_be_read(own: Path, content: bytes, why: str) -> None:
    (own / "policies" / "roles.csv").write_bytes(content)
    assert why in _told(own, "token", "--list")


def test_a_file_of_its_own_that_is_not_there(own: Path) -> None:
    """Or is a folder."""
    file = own / "policies" / "roles.csv"
    file.unlink()
    assert _told(own, "token", "--list").endswith("cannot be read: No such file or directory")
    file.mkdir()
    assert _told(own, "token", "--list").endswith("cannot be read: Is a directory")
    file.rmdir()
    file.touch()


@pytest.mark.parametrize("before", ["", "\N{BYTE ORDER MARK}"])
def test_lines_end_as_editors_end_them(tmp_path: Path, before: str) -> None:
    """And the file may begin with the mark that spreadsheets put there."""
    file = tmp_path / "roles.csv"
    file.write_bytes(f"{before}p, partner, unit, fly\n{TEXT}".replace("\n", "\r\n").encode())
    found = compared(file)
    assert (found.lines, len(found.amiss)) == ([], 1)


def _environment(folder: Path) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "JINLIN_HOME": str(folder / "home"), "PORT": "0"}
