"""Who reads what was earned, who is behind, and what is told of a quarter."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.points.tables import claims, entries
from tests.captains.town import COMMUNITY, COUNTY, GRID, Town
from tests.days import today
from tests.golden.world import path_of
from tests.points.ledger import (
    ADMIN,
    AUDITOR,
    COUNTY_ADMIN,
    NEIGHBOUR,
    TOWN_ADMIN,
    Ledger,
    granted,
    ledger,
    seat,
)
from tests.writes.api import Api
from tests.writes.street import day

BULLETIN = """{ pointEntries(orderBy: {field: POINTS}) { nodes { memberName points ruleName claim { text }
    member { name } } } pointClaims { nodes { text } } }"""
RANKING = """{ pointStandings(orderBy: [{field: POINTS, direction: DESC}]) { nodes { memberName year quarter points }
    totals { count points members } } }"""
NUMBERS = """query($code: String!, $day: Date) { orgUnit(by: {code: $code}) { indicators(asOf: $day) {
    pointsEarned membersWithPoints membersBehind } } }"""
BEHIND = "query($day: Date) { members(orderBy: {field: NAME}) { nodes { name quarterEntry(asOf: $day) { points } } } }"


@pytest.fixture
async def here(town: Town) -> Ledger:
    return await ledger(town)


async def earned(town: Town, here: Ledger, member: Any, points: int, on: date) -> None:
    """An entry there is already."""
    of = {"member_id": member["id"], "rule_id": here.rule["id"], "unit_path": member["unit_path"]}
    said = {"text": "已审核", "status": "GRANTED", "claimed_on": on, "reviewed_on": on}
    claim = await town.add(claims, **of, **said, done_on=on)
    await town.add(entries, **of, claim_id=claim["id"], points=points, earned_on=on, recorded_on=on)


async def numbers(api: Api, who: tuple[str, str], code: str = COUNTY, on: str | None = None) -> list[Any]:
    """The points of the year, who has some in the quarter, who has none."""
    return list((await api.data(who, NUMBERS, code=code, day=on))["orgUnit"]["indicators"].values())


async def test_a_bulletin_is_read_in_its_community(api: Api, town: Town, here: Ledger) -> None:
    """Names and points by every member there; what a claim says by whose it is and who administers alone."""
    await granted(api, here)
    await earned(town, here, here.stranger, 7, await town.today())

    def line(name: str, points: int, text: str | None, *, known: bool) -> dict[str, Any]:
        of = {"memberName": name, "points": points, "ruleName": "志愿服务"}
        return {**of, "claim": text and {"text": text}, "member": {"name": name} if known else None}

    own, other = line("林一", 5, "打扫楼道", known=True), line("王三", 7, "已审核", known=True)
    hers = line("林一", 5, None, known=False)
    found = {
        ADMIN: ([own], 1),
        TOWN_ADMIN: ([own, other], 2),
        AUDITOR: ([hers, line("王三", 7, None, known=False)], 0),
        here.own: ([own], 1),
        seat(here.fellow): ([hers], 0),
        seat(here.stranger): ([other], 1),
        NEIGHBOUR: ([other], 1),
        ("visit_keeper", COMMUNITY): ([], 0),
    }
    for who, (shown, texts) in found.items():
        told = await api.data(who, BULLETIN)
        assert told["pointEntries"]["nodes"] == shown, who
        assert len(told["pointClaims"]["nodes"]) == texts, who
    assert "errors" in await api.ask(("partner", COUNTY), BULLETIN)
    moved = "UPDATE member SET unit_path = $1 WHERE id = $2"
    await api.connection.execute(moved, path_of("350521100002"), here.fellow["id"])
    told = await api.data(seat(here.fellow), BULLETIN)
    assert [each["memberName"] for each in told["pointEntries"]["nodes"]] == ["王三"]


async def test_a_quarter_is_ranked_and_who_is_behind(api: Api, town: Town, here: Ledger) -> None:
    """By the quarter of a day, until it; corrections count where what they correct does."""
    now = today()
    year, first = now.year, date(now.year, (now.month - 1) // 3 * 3 + 1, 1)
    before = first - timedelta(days=1)
    entry = await granted(api, here)
    await api.do(ADMIN, "correctPoints", "", entryId=entry, points=3, reason="加分")
    await earned(town, here, here.fellow, 9, now)
    await earned(town, here, here.fellow, 2, before)
    await earned(town, here, here.stranger, 4, before)
    quarter = {"year": year, "quarter": (now.month + 2) // 3}
    last = {"year": before.year, "quarter": (before.month + 2) // 3}
    expected = {
        "nodes": [
            {"memberName": "陈二", **quarter, "points": 9},
            {"memberName": "林一", **quarter, "points": 8},
            {"memberName": "陈二", **last, "points": 2},
        ],
        "totals": {"count": 3, "points": 19, "members": 2},
    }
    for who in (ADMIN, seat(here.fellow)):
        assert (await api.data(who, RANKING))["pointStandings"] == expected, who
    for who, points in ((COUNTY_ADMIN, [9, 8, 4, 2]), (AUDITOR, [9, 8, 4, 2]), (NEIGHBOUR, [4])):
        assert [each["points"] for each in (await api.data(who, RANKING))["pointStandings"]["nodes"]] == points, who
    page = "query($after: String) { pointStandings(first: 1, after: $after) { edges { cursor node { points } } } }"
    seen, after = [], None
    for _ in range(3):
        ((edge),) = (await api.data(ADMIN, page, after=after))["pointStandings"]["edges"]
        seen.append(edge["node"]["points"])
        after = edge["cursor"]
    assert seen == [2, 8, 9]
    whole = 17 + (6 if before.year == year else 0)
    assert await numbers(api, COUNTY_ADMIN) == [whole, 2, 1]
    assert await numbers(api, ADMIN, GRID) == [8, 1, 0]
    assert (await numbers(api, COUNTY_ADMIN, on=before.isoformat()))[1:] == [2, 1]
    assert await numbers(api, ("property_committee", COUNTY)) == [None] * 3
    told = (await api.data(ADMIN, BEHIND, day=before.isoformat()))["members"]["nodes"]
    assert told == [{"name": "陈二", "quarterEntry": {"points": 2}}, {"name": "林一", "quarterEntry": None}]
    late = "{ members(filter: {earnedThisQuarter: false}) { nodes { name } } }"
    assert (await api.data(TOWN_ADMIN, late))["members"]["nodes"] == [{"name": "王三"}]
    range_ = f'{{from: "{before.replace(day=1)}", to: "{before}"}}'
    late = f"{{ members(filter: {{pointEntries: {{none: {{earnedOn: {range_}}}}}}}) {{ nodes {{ name }} }} }}"
    assert {each["name"] for each in (await api.data(TOWN_ADMIN, late))["members"]["nodes"]} == {"林一"}
    await api.do(ADMIN, "correctPoints", "", entryId=entry, points=-8, reason="误记")
    assert await numbers(api, ADMIN, GRID) == [0, 0, 1]  # what was corrected to nothing fulfils nothing
    assert (await api.data(TOWN_ADMIN, "{ members(filter: {earnedThisQuarter: false}) { totalCount } }")) == {
        "members": {"totalCount": 2}
    }
    assert day(0) == now.isoformat()
