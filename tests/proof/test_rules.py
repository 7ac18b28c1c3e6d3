"""What roles.csv may never come to say, whoever edits it: promises made to the people the data is about."""

import pytest

from policies import decide
from policies.actor import SEATS
from schema import AREAS
from schema.catalogue.kinds import link
from tests.proof import model

WRITERS = {"county_admin", "town_admin", "community_admin", "property_committee", "company_secretary", "member"}
WRITERS |= {"instructor", "captain", "visit_keeper", "department_officer"}  # what is theirs to keep
LOOKING = ("read", "count", "explain")  # nothing changes by these


def able(entity: str, action: str) -> set[str]:
    """The roles somebody can be granted that a rule lets do this."""
    return {role for role in SEATS if model.rule_allows(role, entity, action)} | (
        {"everyone"} if model.rule_allows("everyone", entity, action) else set()
    )


def test_contact_data_is_read_by_administrators_and_by_members_themselves() -> None:
    admins = {"county_admin", "town_admin", "community_admin"}
    assert able("member.contact", "read") == admins | {"member"}
    assert able("member.contact", "update") == admins | {"member"}


def test_members_are_not_read_by_partners_or_captains() -> None:
    assert able("member", "read") & {"partner", "captain"} == set()


def test_how_to_reach_members_is_for_administrators_and_themselves() -> None:
    assert able("member.contact", "read") == {"community_admin", "town_admin", "county_admin", "member"}


def test_visits_to_homes_are_read_by_who_came_and_who_keeps_them() -> None:
    """No administrator inherits that; they count."""
    for action in ("read", "record"):
        assert able("home_visit", action) == {"visit_keeper", "member"}
    assert able("home_visit", "count") >= {"community_admin", "town_admin", "county_admin"}


def test_who_asks_for_help_stops_at_the_community() -> None:
    """Whoever is above counts."""
    assert able("help_request", "read") == {"community_admin", "member"}
    assert able("help_request", "count") >= {"town_admin", "county_admin", "auditor"}


@pytest.mark.parametrize(
    ("role", "own"),
    [
        ("auditor", None),
        ("partner", "need_survey"),
        ("instructor", "instructor_visit"),
        ("captain", "resident_report"),
        ("visit_keeper", "home_visit"),
    ],
)
def test_who_only_reads(role: str, own: str | None) -> None:
    """But for what is theirs to keep: instructors their log, captains what residents report. Partners hand in what
    residents answer, by codes of theirs."""
    changing = {entity for entity, action in decide.permissions(role) if action not in (*LOOKING, "refer")}
    assert changing == {own} - {None}


def test_the_tree_is_the_county_s_to_change() -> None:
    for action in model.ONLY_FROM_ABOVE:
        assert able("unit", action) == {"county_admin"}


def test_partners_answer_for_residents_and_do_nothing_else() -> None:
    allowed = decide.permissions("partner")
    assert [right for right in sorted(allowed) if right[1] not in (*LOOKING, "refer")] == [("need_survey", "answer")]


def test_nobody_else_changes_anything() -> None:
    changing = {role for role in decide.roles() for _, action in decide.permissions(role) if action not in LOOKING}
    assert changing <= WRITERS | {"everyone", "administrator", "partner"}


def test_whoever_may_do_something_may_read_what_comes_of_it() -> None:
    """A payload is read within the caller's scope; as long as this holds, nobody is shown less than they made."""
    catalogue = link(AREAS)
    for name, offer in catalogue.offers.items():
        made = catalogue.kinds[offer.command.returns].entity.policy
        doing = able(offer.command.policy, offer.command.action)
        assert doing <= able(made, "read"), name


def test_accounts_and_grants_of_others_are_read_by_administrators_and_auditors_at_most() -> None:
    for entity in ("account", "grant"):
        assert able(entity, "read") <= {"everyone", "county_admin", "town_admin", "community_admin", "auditor"}
