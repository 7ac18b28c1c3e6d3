"""Who goes to serve elsewhere takes along what they earned, as a sum, and what they pledged."""

from datetime import timedelta

import pytest

from services.members.grid_tables import GridTermKind, grid_terms
from services.points.pledge_tables import pledges
from services.points.tables import rules
from tests.captains.town import COMMUNITY, FIRST, GRID, Town
from tests.days import today
from tests.golden.world import path_of
from tests.points.ledger import ADMIN, ELSEWHERE, NEIGHBOUR, TOWN_ADMIN, Ledger, claimed, granted, ledger, told
from tests.writes.api import Api
from tests.writes.street import day, unit_id

SUMS = "pointsOfQuarter pointsOfYear quarter { year quarter points } quarterEntry { points }"
BEHIND = "query($code: String!) { orgUnit(by: {code: $code}) { indicators { membersBehind membersWithPoints } } }"


@pytest.fixture
async def here(town: Town) -> Ledger:
    return await ledger(town)


async def goes(api: Api, here: Ledger) -> None:
    """The member, to another community."""
    there = await unit_id(api, ELSEWHERE)
    await api.do(TOWN_ADMIN, "updateMember", "", id=f"mb_{here.member['id']}", unitId=there)


async def behind(api: Api, who: tuple[str, str], code: str) -> list[int]:
    """Who is behind there, and how many earned points there."""
    found = (await api.data(who, BEHIND, code=code))["orgUnit"]["indicators"]
    return [found["membersBehind"], found["membersWithPoints"]]


async def test_what_was_earned_counts_where_they_are_now(api: Api, here: Ledger) -> None:
    """As sums: what it was for, and where, is for the community that granted it to know."""
    assert await behind(api, TOWN_ADMIN, ELSEWHERE) == [1, 0]
    entry = await granted(api, here)
    await goes(api, here)
    sums = {"year": today().year, "quarter": (today().month + 2) // 3, "points": 5}
    asked = "{ members(filter: {earnedThisQuarter: true}) { nodes { name SUMS } } pointEntries { totalCount } }"
    seen = await api.data(NEIGHBOUR, asked.replace("SUMS", SUMS))
    line = {"name": "林一", "pointsOfQuarter": 5, "pointsOfYear": 5, "quarter": sums, "quarterEntry": None}
    assert seen == {"members": {"nodes": [line]}, "pointEntries": {"totalCount": 0}}
    own = (await api.data(here.own, f"{{ members {{ nodes {{ {SUMS} }} }} }}"))["members"]["nodes"]
    assert own == [{**{name: line[name] for name in line if name != "name"}, "quarterEntry": {"points": 5}}]
    late = "{ members(filter: {earnedThisQuarter: false}) { nodes { name } } }"
    assert (await api.data(NEIGHBOUR, late))["members"]["nodes"] == [{"name": "王三"}]
    # Those behind are of where members serve, those with points of where these were earned.
    assert await behind(api, NEIGHBOUR, ELSEWHERE) == [1, 0]
    assert await behind(api, ADMIN, COMMUNITY) == [1, 1]  # the fellow
    await api.do(ADMIN, "correctPoints", "", entryId=entry, points=-5, reason="误记")
    assert await behind(api, NEIGHBOUR, ELSEWHERE) == [2, 0]
    seen = await api.data(NEIGHBOUR, f"{{ members {{ nodes {{ name {SUMS} }} }} }}")
    assert {"name": "林一", "pointsOfQuarter": 0, "pointsOfYear": 0, "quarter": None, "quarterEntry": None} in (
        seen["members"]["nodes"]
    )


async def test_what_was_done_before_is_of_where_it_was_done(api: Api, town: Town, here: Ledger) -> None:
    """By a rule of there, too; reviewed there, and counted there. What is done since is not, nor by that rule."""
    term = {"kind": GridTermKind.ASSIGNED, "since": FIRST - timedelta(days=200)}
    await town.add(grid_terms, member_id=here.member["id"], unit_path=path_of(GRID), **term)
    local = await town.add(rules, unit_path=path_of(COMMUNITY), name="护河", points=3, per="每次")
    there = {"id": here.own[1], "gridId": await unit_id(api, ELSEWHERE), "since": day(-2)}
    before = await claimed(api, here.own, here.claim(on=day(-3), text="早报"))
    await api.do(TOWN_ADMIN, "assignToGrid", "", **there)
    assert await told(api, NEIGHBOUR, "claimPoints", **here.claim(on=day(-3))) == "FORBIDDEN"
    late = [
        await claimed(api, here.own, here.claim(on=day(-3), **more)) for more in ({}, {"ruleId": f"pr_{local['id']}"})
    ]
    since = await claimed(api, here.own, here.claim(on=day(-2)))
    by_local = here.claim(ruleId=f"pr_{local['id']}", on=day(-2))
    assert await told(api, here.own, "claimPoints", **by_local) == [("OUT_OF_REACH", "ruleId")]
    for claim in (before, *late):
        assert await told(api, NEIGHBOUR, "grantPoints", id=claim) == "NOT_FOUND"
        await api.do(ADMIN, "grantPoints", "", id=claim)
    assert await told(api, ADMIN, "grantPoints", id=since) == "NOT_FOUND"
    await api.do(NEIGHBOUR, "grantPoints", "", id=since)
    sums = "{ pointEntries { totals { points } } }"
    for who, points in ((ADMIN, 13), (NEIGHBOUR, 5), (here.own, 18)):
        assert (await api.data(who, sums))["pointEntries"]["totals"] == {"points": points}, who
    # A quarter after the move the former rules are none of theirs.
    asked = "{ pointRules { nodes { name } } }"
    for ago, shown in ((92, ["志愿服务", "护河"]), (93, ["志愿服务"])):
        for column, which, back in (("until", "IS NOT NULL", ago), ("since", "IS NULL", ago - 1)):
            await api.connection.execute(
                f"UPDATE grid_term SET {column} = current_date - $1::int WHERE until {which}", back
            )
        assert [each["name"] for each in (await api.data(here.own, asked))["pointRules"]["nodes"]] == shown, ago


async def test_an_appraisal_takes_all_of_it_into_account(api: Api, here: Ledger) -> None:
    """Of either community: the former one's as well, for what its member earned since."""
    await granted(api, here)
    year = today().year
    await api.do(ADMIN, "appraiseMember", "", memberId=f"mb_{here.member['id']}", year=year, grade="GOOD")
    asked = "{ appraisals { nodes { points } } }"
    await goes(api, here)
    claim = await api.do(NEIGHBOUR, "claimPoints", "pointClaim { id }", **here.claim(text="巡河"))
    await api.do(TOWN_ADMIN, "grantPoints", "", id=claim["pointClaim"]["id"])
    for who in (ADMIN, TOWN_ADMIN, here.own):
        assert (await api.data(who, asked))["appraisals"]["nodes"] == [{"points": 10}], who
    assert (await api.data(NEIGHBOUR, asked))["appraisals"]["nodes"] == []
    assert (await api.data(NEIGHBOUR, "{ pointEntries { totals { points } } }"))["pointEntries"] == {
        "totals": {"points": 5}
    }


async def test_a_pledge_is_assessed_where_they_are_now(api: Api, town: Town, here: Ledger) -> None:
    """This year's, and any that still waits for it; what was assessed in another year stays where that was."""
    year = today().year
    whose = {"member_id": here.member["id"], "unit_path": here.member["unit_path"]}
    kept = {"status": "KEPT", "assessed_on": today()}
    waiting = await town.add(pledges, **whose, year=year, text="带头")
    await town.add(pledges, **whose, year=year, text="早评", **kept)
    await town.add(pledges, **whose, year=year - 1, text="去年")
    await town.add(pledges, **whose, year=year - 1, text="旧账", **kept)
    await goes(api, here)
    asked = "{ pledges { nodes { text } } }"
    assert {each["text"] for each in (await api.data(NEIGHBOUR, asked))["pledges"]["nodes"]} == {"带头", "早评", "去年"}
    assert {each["text"] for each in (await api.data(ADMIN, asked))["pledges"]["nodes"]} == {"旧账"}
    assert await told(api, ADMIN, "assessPledge", id=f"pl_{waiting['id']}", kept=True) == "NOT_FOUND"
    await api.do(NEIGHBOUR, "assessPledge", "", id=f"pl_{waiting['id']}", kept=True)
