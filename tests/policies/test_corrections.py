"""Who corrects what: whoever may decide it, as decision 23 lists, README tells and roles.csv has it."""

import re
from pathlib import Path

import pytest

from policies.decide import permissions, rights, roles, roles_with
from tests.built import CATALOGUE

ROOT = Path(__file__).parents[2]
DECISION = (ROOT / "docs/decisions/0023-deliberation-and-projects.md").read_text(encoding="utf-8")
PUT_RIGHT = {"correct", "reassess", "reopen", "strike_out"}
NO_DECISION = {"read", "count", "refer"}
OURS = ("deliberation", "analysis", "whistle", "alliance", "project", "fund", "matter", "meeting", "dispute")

RIGHTS = {(entity, action) for entity, action in rights() if action in PUT_RIGHT and entity.startswith(OURS)}


def listed() -> tuple[set[str], set[str]]:
    """The entities a unit corrects by itself, and those that are corrected from above."""
    told = DECISION.partition("## Who corrects")[2].partition("## Matters")[0]
    own, above = told.partition("What residents")[::2]
    return {*re.findall(r"`([a-z_]+)`", own)}, {*re.findall(r"`([a-z_]+)`", above)}


def corrected(role: str) -> set[tuple[str, str]]:
    """How a role may put things of these areas right, but for a year's assessment."""
    return {right for right in permissions(role) & RIGHTS if right[1] != "reassess"}


def test_the_decision_lists_what_the_policy_lets() -> None:
    """Each right to put one of these right, of the entities the unit corrects by itself and of no other."""
    own, above = listed()
    every = {right for right in RIGHTS if right[1] != "reassess"}
    assert corrected("community_admin") == {right for right in every if right[0] in own}
    assert corrected("town_admin") == corrected("county_admin") == every
    assert {entity for entity, _ in every} == own | above
    assert roles_with("deliberation_report", "reassess") == roles_with("deliberation_report", "assess")


@pytest.mark.parametrize("role", sorted(roles()))
def test_nobody_corrects_what_they_may_not_decide(role: str) -> None:
    """Whoever may put a thing right may also do it, or end it: not only correct what others did."""
    may = permissions(role)
    for entity, action in may:
        if action in PUT_RIGHT and entity.startswith(OURS):
            decides = {other for of, other in may if of == entity} - PUT_RIGHT - NO_DECISION
            assert decides, f"{role} may {action} {entity} and do nothing else about it"


def test_readme_tells_it() -> None:
    """Of the town what is put right from above, of the community that it does so with its own."""
    table = (ROOT / "README.md").read_text(encoding="utf-8")
    town, community = (
        next(row for row in table.splitlines() if row.startswith(f"| {role}_admin ")) for role in ("town", "community")
    )
    assert all(word in town for word in ("correcting matters, meetings and disputes", "correcting terms"))
    assert "it corrects, with a reason" in community


def test_minutes_are_the_one_thing_of_a_meeting_that_its_unit_puts_right() -> None:
    """By a right of their own, which the texts name."""
    command = CATALOGUE.offers["correctMeetingMinutes"].command
    assert (command.policy, command.action) in permissions("community_admin")
    assert ("meeting", "correct") not in permissions("community_admin")
    told = DECISION.partition("## Who corrects")[2].partition("## Matters")[0]
    table = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "`correctMeetingMinutes`" in told
    assert "disputes, but for minutes" in table
    assert "and minutes 会议纪要, of closed meetings too" in table
