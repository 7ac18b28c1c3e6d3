"""The rules of delegation by themselves: rights, terms and time, over every role and random seats."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies import decide, delegation
from policies.actor import LEVELS, SEATS, seat
from policies.delegation import Holding, Role, able, fits, ranks, reaches, rows_decide
from policies.scope import At, Company, Sector, Term, Way, Within, admits
from services.access.granting import Footing

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PATHS = st.lists(st.sampled_from(["1", "10", "11", "2"]), min_size=1, max_size=4).map(
    lambda codes: "/".join(codes) + "/"
)
TERRITORY: st.SearchStrategy[Term] = st.builds(Within, PATHS) | st.builds(At, PATHS) | st.builds(Sector, PATHS)
ENDS = st.none() | st.integers(1, 9).map(lambda days: NOW + timedelta(days=days))


def test_roles_are_those_that_have_seats() -> None:
    """In the API as in the policy, by the same names."""
    assert [role.value for role in Role] == [role.name for role in Role] == list(SEATS)


def test_each_administrator_ranks_above_the_roles_of_their_own_work() -> None:
    """By rights alone; a committee, a secretary and those who only look pass nothing on."""
    above = {holder: {role for role in SEATS if ranks(holder, role)} for holder in SEATS}
    community = {
        "community_admin",
        "captain",
        "member",
        "partner",
        "visit_keeper",
    }  # an instructor keeps a log, which is the county's
    assert above["community_admin"] == community
    assert above["town_admin"] == community | {"town_admin"}
    assert above["county_admin"] == set(SEATS)
    assert all(not roles for holder, roles in above.items() if not holder.endswith("_admin"))


@given(TERRITORY, TERRITORY, st.just("") | PATHS)
def test_a_seat_that_is_reached_admits_no_row_its_holder_s_does_not(wide: Term, narrow: Term, below: str) -> None:
    """For any row at or below it that answers by every way it can, and any action."""
    if not reaches(wide, narrow):
        return
    assert isinstance(narrow, Within | At | Sector)
    address = {way: [narrow.path + below] for way in (Way.WITHIN, Way.SECTOR, Way.AT)}
    for action in ("read", "update", "move"):
        assert admits(wide, address, action) or not admits(narrow, address, action)


@given(st.lists(st.tuples(st.sampled_from(sorted(SEATS)), TERRITORY, ENDS), max_size=4), TERRITORY, ENDS)
def test_what_a_role_could_rest_on(
    held: list[tuple[str, Term, datetime | None]], term: Term, until: datetime | None
) -> None:
    """Each gives every right of it by itself, over all of it; the first lasts longest."""
    holdings = [Holding(role, at, Footing(UUID(int=number), ends)) for number, (role, at, ends) in enumerate(held)]
    for role in SEATS:
        found = able(holdings, role, term)
        for each in found:
            assert decide.permissions(role) <= decide.permissions(each.role) | {
                right
                for right in decide.permissions(role)
                if (f"grant.{role}", "create") in decide.permissions(each.role)
            }
            assert reaches(each.term, term)
            assert not each.footing.lasts(until) or found[0].footing.lasts(until)


def test_a_role_that_may_what_its_granter_may_not_needs_a_rule_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """`grant.ROLE, create` in roles.csv, at a seat that reaches."""
    known = decide.permissions
    more = {"auditor": {("audit_entry", "read")}}
    monkeypatch.setattr(delegation, "permissions", lambda role: known(role) | more.get(role, set()))
    assert ranks("county_admin", "auditor")
    assert not ranks("town_admin", "auditor")
    assert not ranks("county_admin", "nobody") or not known("nobody")


def test_where_roles_fit() -> None:
    """Each at its kinds of seat and levels, nowhere else."""
    for role, kinds in SEATS.items():
        for kind in ("unit", "company", "building", "member"):
            for level in ("PROVINCE", "CITY", "COUNTY", "TOWN", "COMMUNITY", "GRID", "OUTLET"):
                expected = kind in kinds and (kind != "unit" or level in LEVELS[role])
                assert fits(role, kind, level) is expected
                assert not expected or seat(role, kind, "1/" if kind == "unit" else str(UUID(int=1))) is not None


def test_what_terms_do_not_tell_is_looked_up() -> None:
    """What a company works at today; a unit and what lies below it needs no looking up."""
    assert rows_decide(Company(UUID(int=1)))
    assert rows_decide(Sector("1/"))
    assert not rows_decide(Within("1/"))
    assert not reaches(Sector("1/"), Company(UUID(int=1)))
