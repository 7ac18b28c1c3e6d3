"""The weekly look: sheets published and withdrawn, looks scored by several people, and who sees them."""

import asyncio
from datetime import date
from typing import Any

import pytest

from tests.captains.town import COMMUNITY, COUNTY
from tests.centres.asked import ADMIN, AUDITOR, COMMITTEE, COUNTY_ADMIN, NEIGHBOUR, PARTNER, TOWN_ADMIN, told
from tests.centres.test_centres import centre
from tests.days import day
from tests.writes.api import Api
from tests.writes.street import unit_id

CITY_ADMIN = ("county_admin", "3505")
# By weights, of points as they come: thirds and sevenths do not add up to hundredths.
ITEMS = [{"name": "阵地建设", "most": 3}, {"name": "服务供给", "most": 7, "weight": 10}, {"name": "特色", "most": 20}]
SHEET = "scoringSheet { id name weekday withdrawnOn version items { name most weight } }"
LOOK = "centreLook { id onItsWeekday score change version scores { nodes { scorerName score points } } }"
RANKED = """query($under: [String!], $day: Date) {
    centreLooks(under: $under, orderBy: [{field: SCORE, direction: DESC}]) {
        nodes { id centreName score change } totals { count centres scored } }
    orgUnit(by: {code: "350521"}) { indicators(asOf: $day) {
        centresLookedAt centresScored scoreHundredths meanScore } } }"""
NODE = "query($id: ID!) { node(id: $id) { __typename } }"


def points(*given: int) -> list[dict[str, Any]]:
    """The points of each item of the sheet."""
    return [{"item": item["name"], "points": number} for item, number in zip(ITEMS, given, strict=True)]


async def sheet(api: Api, at: str = COUNTY, who: tuple[str, str] = COUNTY_ADMIN, **more: Any) -> str:
    """The global id of a new sheet."""
    given = {"unitId": await unit_id(api, at), "name": "每周一看评分表", "items": ITEMS, **more}
    made: str = (await api.do(who, "publishScoringSheet", SHEET, **given))["scoringSheet"]["id"]
    return made


async def look(api: Api, of: str, by: str, on: int = 0, **more: Any) -> str:
    """The global id of a new look, so many days from today."""
    given = {"centreId": of, "sheetId": by, "heldOn": day(on), **more}
    made: str = (await api.do(TOWN_ADMIN, "recordLook", LOOK, **given))["centreLook"]["id"]
    return made


async def scored(api: Api, who: tuple[str, str], of: str, *given: int) -> dict[str, Any]:
    """What somebody gives at a look."""
    select = "lookScore { id score points version look { score change } }"
    made: dict[str, Any] = (await api.do(who, "scoreLook", select, lookId=of, points=points(*given)))["lookScore"]
    return made


async def test_a_sheet_is_published_and_only_withdrawn(api: Api) -> None:
    """Items weigh what they have points where nothing else is said; looks of days before it was withdrawn go on."""
    weekday = date.fromisoformat(day(-7)).isoweekday()
    by, of = await sheet(api, weekday=weekday), await centre(api)
    shown = await api.data(ADMIN, "{ scoringSheets { nodes { name weekday items { name most weight } } } }")
    (found,) = shown["scoringSheets"]["nodes"]
    assert [(item["most"], item["weight"]) for item in found["items"]] == [(3, 3), (7, 10), (20, 20)]
    assert [item["name"] for item in found["items"]] == [item["name"] for item in ITEMS]
    gone = (await api.do(COUNTY_ADMIN, "withdrawScoringSheet", SHEET, id=by, on=day(-6)))["scoringSheet"]
    assert (gone["withdrawnOn"], gone["version"]) == (day(-6), 2)
    assert await told(api, COUNTY_ADMIN, "withdrawScoringSheet", id=by, on=day(-6)) == [("CLOSED", "id")]
    late = {"centreId": of, "sheetId": by, "heldOn": day(-6)}
    assert await told(api, TOWN_ADMIN, "recordLook", **late) == [("CLOSED", "sheetId")]
    kept = await look(api, of, by, -7)
    listed = "query($none: Boolean) { scoringSheets(filter: {withdrawn: $none}) { totals { count } } }"
    assert (await api.data(AUDITOR, listed, none=False))["scoringSheets"]["totals"]["count"] == 0
    assert (await scored(api, TOWN_ADMIN, kept, 3, 7, 20))["score"] == 100


async def test_the_score_is_the_exact_mean_of_what_people_gave(api: Api) -> None:
    """By weights, rounded once: (3·1/3 + 10·2/7 + 20·5/20)·100/33 = 26.84, (10·3/7 + 20·10/20)·100/33 = 43.29."""
    of, by = await centre(api), await sheet(api)
    mine = await look(api, of, by)
    first = await scored(api, TOWN_ADMIN, mine, 1, 2, 5)
    assert (first["score"], first["points"], first["look"]["score"]) == (26.84, [1, 2, 5], 26.84)
    second = await scored(api, COUNTY_ADMIN, mine, 0, 3, 10)
    assert (second["score"], second["look"]["score"]) == (43.29, 35.06)  # 35.0649; of 26.84 and 43.29 it were 35.07
    assert await told(api, COUNTY_ADMIN, "scoreLook", lookId=mine, points=points(1, 1, 1)) == [("TAKEN", "lookId")]
    own = {"id": first["id"], "points": points(3, 7, 0)}
    select = "lookScore { score version look { score scores { totals { count scorers } } } }"
    fixed = (await api.do(TOWN_ADMIN, "correctLookScore", select, **own))["lookScore"]
    assert (fixed["score"], fixed["version"], fixed["look"]["score"]) == (39.39, 2, 41.34)
    assert fixed["look"]["scores"]["totals"] == {"count": 2, "scorers": 2}
    assert await told(api, TOWN_ADMIN, "correctLookScore", **own, version=1) == "CONFLICT"
    assert await told(api, CITY_ADMIN, "correctLookScore", **own) == "FORBIDDEN"
    may = """query($id: ID!) { node(id: $id) { ... on LookScore { viewerCan } }
        viewer { can(at: $id, action: LOOK_SCORE_GIVE) } }"""
    for who, its in ((TOWN_ADMIN, True), (CITY_ADMIN, False)):
        able = await api.data(who, may, id=own["id"])
        named = "LOOK_SCORE_GIVE" in able["node"]["viewerCan"]
        assert (named, able["viewer"]["can"]) == (its, its), who


async def test_two_at_once_are_both_counted(api: Api) -> None:
    """Whoever comes second waits for the look, and takes the mean of all; so does a correction."""
    mine = await look(api, await centre(api), await sheet(api))
    people = [("county_admin", COUNTY), ("town_admin", "350521100"), CITY_ADMIN]
    given = await asyncio.gather(
        *(scored(api, who, mine, 3, 7, most) for who, most in zip(people, (0, 10, 20), strict=True))
    )
    shown = await api.data(ADMIN, "{ centreLooks { nodes { score scores { nodes { score } } } } }")
    (found,) = shown["centreLooks"]["nodes"]
    assert (found["score"], len(found["scores"]["nodes"])) == (69.7, 3)
    fixes = zip(people, given, strict=True)
    await asyncio.gather(
        *(api.do(who, "correctLookScore", "", id=was["id"], points=points(0, 0, 20)) for who, was in fixes)
    )
    assert (await api.data(ADMIN, "{ centreLooks { nodes { score } } }"))["centreLooks"]["nodes"] == [{"score": 60.61}]
    again = await at(api, name="又一处")
    both = await asyncio.gather(*(told(api, who, "recordLook", **again) for who in people[:2]))
    assert sorted(both) == [[], [("TAKEN", "heldOn")]]


async def at(api: Api, **more: Any) -> dict[str, Any]:
    """What a look today is recorded with, at a new centre by a new sheet."""
    return {"centreId": await centre(api, **more), "sheetId": await sheet(api), "heldOn": day(0)}


async def test_looks_are_ranked_and_compared_with_the_last(api: Api) -> None:
    one, other = await centre(api), await centre(api, name="另一处")
    by = await sheet(api, weekday=date.fromisoformat(day(0)).isoweekday())
    looked = {
        name: await look(api, of, by, on) for name, of, on in (("旧", one, -15), ("空", one, -8), ("他", other, -1))
    }
    new = await look(api, one, by, -7, remark="食堂已开")
    for of, most in ((looked["旧"], 20), (looked["他"], 10), (new, 0)):
        await scored(api, TOWN_ADMIN, of, 3, 7, most)
    found = await api.data(COUNTY_ADMIN, RANKED, under=[COMMUNITY])
    ranked = [(row["score"], row["change"]) for row in found["centreLooks"]["nodes"]]
    assert ranked == [(100, None), (69.7, None), (39.39, -60.61), (None, None)]
    assert found["centreLooks"]["totals"] == {"count": 4, "centres": 2, "scored": 3}
    latest = {"centresLookedAt": 2, "centresScored": 2, "scoreHundredths": 10909, "meanScore": 54.545}
    assert found["orgUnit"]["indicators"] == latest
    before = (await api.data(COUNTY_ADMIN, RANKED, under=[COMMUNITY], day=day(-8)))["orgUnit"]["indicators"]
    assert before == {"centresLookedAt": 1, "centresScored": 1, "scoreHundredths": 10000, "meanScore": 100}
    days = await api.data(AUDITOR, "{ centreLooks(orderBy: [{field: HELD_ON}]) { nodes { onItsWeekday remark } } }")
    told_of = [(row["onItsWeekday"], row["remark"]) for row in days["centreLooks"]["nodes"]]
    assert told_of == [(False, None), (False, None), (True, "食堂已开"), (False, None)]
    moved = (await api.do(TOWN_ADMIN, "updateLook", LOOK, id=new, heldOn=day(-14), remark=None))["centreLook"]
    assert (moved["onItsWeekday"], moved["change"]) == (True, -60.61)
    newest = (await scored(api, TOWN_ADMIN, await look(api, one, by), 3, 7, 10))["look"]
    assert newest == {"score": 69.7, "change": 30.31}  # than the last, not the first
    assert await told(api, TOWN_ADMIN, "updateLook", id=new, heldOn=day(-15)) == [("TAKEN", "heldOn")]
    left = "centre { looks { nodes { score } } }"
    gone = await api.do(TOWN_ADMIN, "strikeOutLook", left, id=looked["旧"], reason="误记")
    assert gone["centre"]["looks"]["nodes"] == [{"score": 39.39}, {"score": None}, {"score": 69.7}]
    assert (await api.data(AUDITOR, "{ lookScores { totals { count } } }"))["lookScores"]["totals"]["count"] == 3
    why = await api.data(COUNTY_ADMIN, "{ corrections { nodes { reason } } }")
    assert why["corrections"]["nodes"] == [{"reason": "误记"}]


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"items": []}, [("INCOMPLETE", "items")]),
        (
            {"items": [ITEMS[0] | {"most": 0}, ITEMS[0]], "weekday": 8},
            [("INVALID", "weekday"), ("INVALID", "items", "0", "most"), ("TAKEN", "items", "1", "name")],
        ),
        ({"items": [{"name": "甲", "most": 0}, {"name": "", "most": 1}]},
         [("INVALID", "items", "0", "most"), ("INVALID", "items", "1", "name")]),
    ],
)  # fmt: skip
async def test_what_is_no_sheet(api: Api, given: dict[str, Any], refused: Any) -> None:
    whole = {"unitId": await unit_id(api, COUNTY), "name": "表", "items": ITEMS, **given}
    assert await told(api, COUNTY_ADMIN, "publishScoringSheet", **whole) == refused


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        (points(1, 2, 3)[:2], [("INCOMPLETE", "points")]),
        (points(4, 2, 3), [("INVALID", "points", "0", "points")]),
        ([*points(1, 2, 3), {"item": " 特色 ", "points": 1}, {"item": "无", "points": 1}],
         [("TAKEN", "points", "3", "item"), ("OUT_OF_REACH", "points", "4", "item")]),
    ],
)  # fmt: skip
async def test_what_is_no_score(api: Api, given: Any, refused: Any) -> None:
    mine = await look(api, await centre(api), await sheet(api))
    assert sorted(await told(api, TOWN_ADMIN, "scoreLook", lookId=mine, points=given)) == sorted(refused)


async def test_who_may(api: Api) -> None:
    """Towns publish for themselves, which reaches no other's centres; communities read; others see nothing of it."""
    own, of = await sheet(api, "350521100", TOWN_ADMIN), await centre(api)
    there = {"centreId": of, "sheetId": own}
    assert await told(api, TOWN_ADMIN, "recordLook", **there, heldOn=day(1)) == [("INVALID", "heldOn")]
    mine = await look(api, of, own, -1)
    assert await told(api, TOWN_ADMIN, "recordLook", **there, heldOn=day(-1)) == [("TAKEN", "heldOn")]
    elsewhere = await sheet(api, "350521100002", COUNTY_ADMIN)
    wrong = {"centreId": of, "sheetId": elsewhere, "heldOn": day(0)}
    assert await told(api, COUNTY_ADMIN, "recordLook", **wrong) == [("OUT_OF_REACH", "sheetId")]
    given = await scored(api, TOWN_ADMIN, mine, 1, 1, 1)
    kinds = {own: "ScoringSheet", mine: "CentreLook", given["id"]: "LookScore"}
    for who, sees in ((ADMIN, 3), (AUDITOR, 3), (NEIGHBOUR, 1), (PARTNER, 0), (COMMITTEE, 0)):
        shown = [(await api.data(who, NODE, id=each))["node"] for each in kinds]
        assert shown == [{"__typename": kind} for kind in [*kinds.values()][:sees]] + [None] * (3 - sees), who
    for who, answer in (
        (ADMIN, "FORBIDDEN"),
        (AUDITOR, "FORBIDDEN"),
        (NEIGHBOUR, "NOT_FOUND"),
        (COMMITTEE, "NOT_FOUND"),
    ):
        assert await told(api, who, "scoreLook", lookId=mine, points=points(1, 1, 1)) == answer, who
        assert await told(api, who, "updateLook", id=mine, remark="好") == answer, who
    assert await told(api, ADMIN, "withdrawScoringSheet", id=own, on=day(0)) == "FORBIDDEN"
    assert await told(api, ADMIN, "recordLook", **there, heldOn=day(0)) == "FORBIDDEN"


async def test_nobody_is_told_of_a_sheet_that_is_not_theirs(api: Api) -> None:
    """A centre that comes from elsewhere brings its looks along, and not the items of their sheet."""
    of, by = await centre(api), await sheet(api)
    mine = await look(api, of, by)
    given = await scored(api, TOWN_ADMIN, mine, 1, 1, 1)
    away = "UPDATE scoring_sheet SET unit_path = (SELECT path FROM org_unit WHERE code = '350521101')"
    await api.connection.execute(away)
    none: dict[str, Any] = {"points": []}
    assert await told(api, TOWN_ADMIN, "scoreLook", lookId=mine, **none) == [("OUT_OF_REACH", "lookId")]
    assert await told(api, TOWN_ADMIN, "correctLookScore", id=given["id"], **none) == [("OUT_OF_REACH", "id")]
    assert await told(api, COUNTY_ADMIN, "scoreLook", lookId=mine, **none) == [("INCOMPLETE", "points")]
