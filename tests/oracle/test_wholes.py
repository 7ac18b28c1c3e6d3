"""Whatever is less than there is, of some row in some world, is named: to every role, of lists, rows and numbers.

The other way round nothing is held: a notice tells of what a role is for, and of the very row nothing may be lacking.
"""

from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.conftest import Server
from tests.depth import deep, in_turn
from tests.oracle.arena import Arena, arena_on
from tests.oracle.test_differential import crowded, version
from tests.oracle.wholes import Whole, named, reaches, seats, told_of
from tests.oracle.worlds import made

WORLDS, PLACES = deep(2, 8), deep(6, 24)
# Of these nothing is said: of the others than the first, as what is drawn leads further than what is recorded does.
UNSAID = {
    "Indicators.leadersAsSecretaries",  # whose rows lie here, and the company wherever: see decision 7
    "Indicators.branches",  # a trigger keeps what an organization covers at or below its own unit
    "Indicators.membersWithTen",  # whoever moves elsewhere contacts nobody any more where they were
}

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def arena(postgres: Server) -> Iterator[Arena]:
    yield from arena_on(postgres)


def test_whatever_is_less_than_there_is_is_named(arena: Arena, request: pytest.FixtureRequest) -> None:
    if version(request) != "18":
        pytest.skip("what is measured is the same on every server")
    catalogue = arena.declared.catalogue
    every = in_turn((each for each in told_of(catalogue) if each.coordinate not in UNSAID), 3)
    silent, over, less = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set), set[tuple[str, str]]()
    for seed in range(1, WORLDS + 1):
        world = crowded(seed, "county_admin", "unit") if seed % 2 else made(seed, 30, 14, 0)
        whole = Whole(arena.load(world).sight)
        for role, term in seats(world, PLACES):
            look = whole.seen_by((role, term), world.caller)
            told = [each for each in every if reaches(look, each)]
            said = named(catalogue, (role, term), world.caller, told)
            lacking = {each.asked for each in told if whole.lacks(look, each)}
            less |= {(role, each) for each in lacking}
            silent[role] |= lacking - said
            over[role] |= said
    assert {role: sorted(of) for role, of in silent.items() if of} == {}
    assert {"company_secretary", "member", "community_admin", "county_admin"} <= {role for role, _ in less}
    idle = {(role, each) for role, said in over.items() for each in said} - less
    print(f"named: {sum(map(len, over.values()))}, of which nowhere lacking: {len(idle)}")
