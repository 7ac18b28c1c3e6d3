"""The ready operations of the page: every one runs without an error as the demo's person of its role."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from policies.actor import SEATS
from services.errors import Code, ProblemCode
from tests.page import examples
from tests.page.browser import Person
from tests.page.conftest import Asking

SOURCES = Path(__file__).parents[2] / "web" / "src"
# That the account, whichever comes first, may not (`explain-miss` says why); what nobody has done in the demo yet.
SAID_BY_NOTHING = {"explain-access", "trail"}
CHANGES = re.compile(r"^mutation ", re.MULTILINE)


@pytest.mark.parametrize("postgres", ["18"], indirect=True)
@pytest.mark.parametrize("role", sorted(examples.ROLES))
def test_every_operation_of_a_role_runs_as_a_person_of_that_role(
    role: str, person: Callable[[str], Asking], people: Callable[..., Person]
) -> None:
    """Each is filled in with the person's own values, answers something useful, and has nothing to correct."""
    ask = person(role)
    for each in ("county_admin", "town_admin", "community_admin"):
        people(each)  # accounts that may see a unit, whichever is explained
    people("captain", "member")  # whom administrators have below them: the last account by place, and it has a login
    rows = examples.own(examples.ROLES[role], ask)
    assert None not in rows.values(), f"the demo's {role} has nothing of its own for some of {sorted(rows)}"
    for name in examples.ROLES[role]:
        answer = ask(examples.text(name), examples.variables(name, rows))
        assert "errors" not in answer, (name, answer)
        for field, value in answer["data"].items():
            assert value is not None, (name, field)
            assert not isinstance(value, dict) or value.get("userErrors", []) == [], (name, value)
            assert useful(value) or name in SAID_BY_NOTHING, (name, value)


def useful(value: object) -> bool:
    """Whether an answer tells something: not the lists it is made of, all of them empty, nor nulls alone."""
    if isinstance(value, dict):
        if {"nodes", "totalCount"} & value.keys():
            return bool(value.get("nodes")) or value.get("totalCount", 0) > 0
        children = [each for each in value.values() if isinstance(each, dict | list)]
        return any(map(useful, children)) if children else any(each is not None for each in value.values())
    return any(map(useful, value)) if isinstance(value, list) else value is not None


def test_every_role_has_four_operations_and_administrators_the_work_of_the_week() -> None:
    """Buildings without a captain, giving them one, handing over, publishing, accounts: what they come for."""
    assert all(len(names) >= 4 for names in examples.ROLES.values())
    for role in ("county_admin", "town_admin", "community_admin"):
        assert {"captainless", "assign-captain", "hand-over", "publish"} <= set(examples.ROLES[role])
        assert {"create-account", "grant-role", "reset-password", "revoke-grant"} <= set(examples.ROLES[role])


@pytest.mark.parametrize("name", examples.names())
def test_every_example_is_one_named_operation_with_a_title_in_both_languages(name: str) -> None:
    """The first line is Chinese, the second English; the operation's name is what its tab shows."""
    text = examples.text(name)
    assert re.match(r"# .*[\u4e00-\u9fff].*\n# [\x20-\x7e]+\n(# .*\n)?(query|mutation|subscription) \w+", text)
    assert len(re.findall(r"^(?:query|mutation|subscription) ", text, re.MULTILINE)) == 1


@pytest.mark.parametrize("name", [name for name in examples.names() if CHANGES.search(examples.text(name))])
def test_every_mutation_is_offered_as_a_dry_run(name: str) -> None:
    """Whoever runs one without reading it changes nothing; and what a command would correct is shown."""
    assert json.loads(examples.template(name))["input"]["dryRun"] is True
    assert "userErrors" in examples.text(name)
    assert "\n# 把 dryRun 改为 false 后才保存 / set dryRun to false to save\nmutation " in examples.text(name)


def test_every_role_has_operations_and_every_operation_a_role() -> None:
    """`roles.json` names the roles of the policy and the files of the folder, each at least once."""
    assert set(examples.ROLES) == set(SEATS)
    assert {name for names in examples.ROLES.values() for name in names} == set(examples.names())
    assert all(len(names) == len(set(names)) for names in examples.ROLES.values())


def test_every_value_of_ones_own_is_asked_for() -> None:
    """No variable names an alias `own.json` does not have, and none there is unused."""
    named = {alias for name in examples.names() for alias, _ in examples.OWN_VALUE.findall(examples.template(name))}
    assert named == set(examples.OWN)


def test_the_page_explains_every_code_in_both_languages() -> None:
    """A code of an error or of a command's problem that the page cannot explain would be shown bare."""
    explained = json.loads((SOURCES / "codes.json").read_text("utf-8"))
    assert set(explained) == {code.name for code in Code} | {code.name for code in ProblemCode}
    assert all(set(each) == {"zh", "en"} and all(each.values()) for each in explained.values())


def test_the_page_has_a_name_for_every_role_in_both_languages() -> None:
    """A role the policy gains must not be shown by its bare name."""
    named = re.findall(r'^  (\w+): \["([^"]+)", "([^"]+)"\],$', (SOURCES / "roles.ts").read_text("utf-8"), re.MULTILINE)
    assert {role for role, _, _ in named} == set(SEATS)
