"""Where matters lie: in a unit, about a compound there or below, whatever is moved, merged or split around them."""

from typing import Any

import asyncpg
import pytest

from tests.captains.town import COMMUNITY, GRID, Town
from tests.centres.asked import ADMIN, COUNTY_ADMIN, NEIGHBOUR, TOWN_ADMIN, told
from tests.days import day
from tests.deliberation.asked import SHOWN, announced, moved, proposed
from tests.deliberation.meeting import AGREED, closed, consulted, convened, held
from tests.deliberation.whistled import blown, department
from tests.writes.api import Api
from tests.writes.street import unit_id

OTHER = "350521100002"
ASKED = "{ matters { nodes { id unit { code } compound { name } moves { totalCount } whistles { totalCount } } } }"


@pytest.fixture(autouse=True)
async def _years(api: Api) -> None:
    await announced(api)


async def in_grid(town: Town, at: str = GRID) -> str:
    """The global id of a compound in a grid."""
    return f"cp_{(await town.compound('网格小区', at))['id']}"


async def lying(api: Api, who: tuple[str, str] = COUNTY_ADMIN) -> list[dict[str, Any]]:
    """The matters somebody sees, and where they are."""
    found: list[dict[str, Any]] = (await api.data(who, ASKED))["matters"]["nodes"]
    return found


async def version_of(api: Api, matter: str) -> int:
    """The version of a matter."""
    found = await api.data(COUNTY_ADMIN, "query($id: ID!) { node(id: $id) { ... on Matter { version } } }", id=matter)
    version: int = found["node"]["version"]
    return version


async def test_a_matter_of_a_community_is_about_a_compound_in_a_grid_and_whistled_about(api: Api, town: Town) -> None:
    compound, at = await in_grid(town), await department(api)
    mine = (await proposed(api, compoundId=compound))["id"]
    await moved(api, mine, "consultMatter", -9)
    for who in (ADMIN, TOWN_ADMIN):
        await blown(api, at, who, matterId=mine)
    assert await lying(api) == [
        {
            "id": mine,
            "unit": {"code": COMMUNITY},
            "compound": {"name": "网格小区"},
            "moves": {"totalCount": 1},
            "whistles": {"totalCount": 2},
        }
    ]
    grid = (await proposed(api, unitId=await unit_id(api, GRID)))["id"]
    await moved(api, grid, "consultMatter", -9)
    await blown(api, at, matterId=grid)
    there = {"unitId": await unit_id(api, OTHER), "departmentId": at, "title": "灯", "matterId": grid}
    assert await told(api, COUNTY_ADMIN, "blowWhistle", **there) == [("OUT_OF_REACH", "matterId")]


async def test_a_suggestion_is_said_to_be_about_a_compound(api: Api, town: Town) -> None:
    """By whoever administers its unit: members know of no compounds."""
    member = await town.member("演示党员", GRID)
    seat = ("member", f"mb_{member['id']}")
    suggested = (await api.do(seat, "suggestMatter", SHOWN, memberId=seat[1], title="修路灯"))["matter"]["id"]
    away = await in_grid(town, OTHER)
    given = {"id": suggested, "version": 1}
    assert await told(api, COUNTY_ADMIN, "updateMatter", **given, title=" ", compoundId=away) == [
        ("OUT_OF_REACH", "compoundId"),
        ("INVALID", "title"),
    ]
    await api.do(ADMIN, "updateMatter", "", **given, compoundId=await in_grid(town))
    assert (await lying(api))[0]["compound"] == {"name": "网格小区"}
    await api.do(ADMIN, "updateMatter", "", id=suggested, version=2, title="修灯")
    assert (await lying(api))[0]["compound"] == {"name": "网格小区"}
    await api.do(ADMIN, "updateMatter", "", id=suggested, version=3, compoundId=None)
    assert (await lying(api))[0]["compound"] is None


async def test_a_compound_that_leaves_takes_the_matter_along(api: Api, town: Town) -> None:
    """With its grid, to the community it lies in then; the whistle stays with who blew it."""
    at = await department(api)
    mine = (await proposed(api, compoundId=await in_grid(town)))["id"]
    await moved(api, mine, "consultMatter", -9)
    await blown(api, at, matterId=mine)
    grid, other = await unit_id(api, GRID), await unit_id(api, OTHER)
    done = await api.do(COUNTY_ADMIN, "moveUnit", "moved { kind count }", id=grid, parentId=other)
    assert {"kind": "Matter", "count": 1} not in done["moved"]  # it is not of the grid
    (found,) = await lying(api, NEIGHBOUR)
    assert (found["unit"], found["compound"], found["moves"]) == (
        {"code": OTHER},
        {"name": "网格小区"},
        {"totalCount": 1},
    )
    assert await lying(api, ADMIN) == []
    seen = await api.data(ADMIN, "{ whistles { nodes { unit { code } matter { id } } } }")
    assert seen["whistles"]["nodes"] == [{"unit": {"code": COMMUNITY}, "matter": None}]


async def test_a_split_takes_along_the_matters_of_what_is_named(api: Api, town: Town) -> None:
    named, stays = await in_grid(town, COMMUNITY), await in_grid(town)
    mine, theirs = [(await proposed(api, compoundId=compound))["id"] for compound in (stays, named)]
    await moved(api, theirs, "consultMatter", -9)
    part = {"name": "新社区", "code": "350521100099", "compoundIds": [named]}
    ours = await unit_id(api, COMMUNITY)
    done = await api.do(COUNTY_ADMIN, "splitUnit", "moved { kind count id fate }", id=ours, into=[part])
    assert {"kind": "Matter", "count": 1, "id": None, "fate": "MOVED"} in done["moved"]
    found = {each["id"]: (each["unit"]["code"], each["moves"]["totalCount"]) for each in await lying(api)}
    assert found == {mine: (COMMUNITY, 0), theirs: ("350521100099", 1)}


async def test_units_above_and_merged_ones_keep_it_true(api: Api, town: Town) -> None:
    town_of = await unit_id(api, "350521100")
    mine = (await proposed(api, compoundId=await in_grid(town)))["id"]
    above = (await proposed(api, TOWN_ADMIN, unitId=town_of, compoundId=await in_grid(town)))["id"]
    ours, other = await unit_id(api, COMMUNITY), await unit_id(api, OTHER)
    merged = {"id": other, "others": [{"id": ours, "version": await api.version(ours)}]}
    await api.do(COUNTY_ADMIN, "mergeUnits", "", **merged)
    assert {each["id"]: each["unit"]["code"] for each in await lying(api)} == {mine: OTHER, above: "350521100"}
    await api.do(COUNTY_ADMIN, "moveUnit", "", id=other, parentId=await unit_id(api, "350521101"))
    assert {each["id"]: each["unit"]["code"] for each in await lying(api)} == {mine: OTHER, above: "350521101"}


async def agendas(api: Api) -> dict[str, list[str]]:
    """The titles on the agenda of each meeting, as the county sees them."""
    asked = "{ meetings { nodes { title items { nodes { matter { title } } } } } }"
    nodes = (await api.data(COUNTY_ADMIN, asked))["meetings"]["nodes"]
    return {each["title"]: sorted(item["matter"]["title"] for item in each["items"]["nodes"]) for each in nodes}


async def test_what_moves_away_is_off_the_agenda_of_meetings_to_come(api: Api, town: Town) -> None:
    """Also a community's matter about what lies in the grid; meetings that were held keep theirs."""
    grid, other = await unit_id(api, GRID), await unit_id(api, OTHER)
    mine = await consulted(api, title="网格的", unitId=grid)
    about = await consulted(api, title="小区的", compoundId=await in_grid(town))
    stays = await consulted(api, title="社区的")
    await closed(api, mine, about)
    meeting = await convened(api, mine, about, stays, on=9, title="待召开的会")
    await convened(api, mine, on=9, title="镇上的会", unitId=await unit_id(api, "350521100"), who=TOWN_ADMIN)
    done = await api.do(COUNTY_ADMIN, "moveUnit", "moved { kind name fate count }", id=grid, parentId=other)
    lost = [
        (each["name"], each["count"])
        for each in done["moved"]
        if each["kind"] == "MeetingItem" and each["fate"] == "LOST"
    ]
    assert sorted(lost, key=str) == [("小区的", 1), ("网格的", 1), (None, 2)]
    assert await agendas(api) == {
        "停车协商会": ["小区的", "网格的"],
        "待召开的会": ["社区的"],
        "镇上的会": ["网格的"],
    }
    late = {"id": meeting["id"], "version": meeting["version"], "reason": "不再需要"}
    assert await told(api, ADMIN, "cancelMeeting", **late) == "CONFLICT"  # who read it before is told
    late["version"] += 1  # one change, whatever went of it
    assert await told(api, ADMIN, "cancelMeeting", **late, dryRun=True) == []
    for matter in (about,):
        await api.do(NEIGHBOUR, "actOnMatter", "", id=matter, on=day(0))
    assert await told(api, NEIGHBOUR, "actOnMatter", id=mine, on=day(0)) == [("INCOMPLETE", "id")]  # the town's


async def test_what_a_compound_takes_along_by_itself_is_off_them_too(api: Api, town: Town) -> None:
    compound = await in_grid(town)
    about, stays = await consulted(api, title="小区的", compoundId=compound), await consulted(api, title="社区的")
    meeting = await convened(api, about, stays, on=9)
    await api.do(COUNTY_ADMIN, "updateCompound", "", id=compound, unitId=await unit_id(api, OTHER))
    assert await agendas(api) == {"停车协商会": ["社区的"]}
    assert await api.version(meeting["id"]) == meeting["version"] + 1


async def test_a_meeting_held_where_a_matter_was_keeps_nobody_from_carrying_it_out(api: Api, town: Town) -> None:
    """Neither open nor as it decides later; one of the new unit does."""
    grid, other = await unit_id(api, GRID), await unit_id(api, OTHER)
    mine = await consulted(api, title="网格的", unitId=grid)
    met = await held(api, mine)
    assert await told(api, COUNTY_ADMIN, "actOnMatter", id=mine, on=day(0)) == [("INCOMPLETE", "id")]
    await api.do(COUNTY_ADMIN, "moveUnit", "", id=grid, parentId=other)
    given = {"id": met["items"]["nodes"][0]["id"], "decision": "REFUSED", "decided": "不同意"}
    await api.do(ADMIN, "decideMeetingItem", "", **given)
    own = await convened(api, mine, on=9, who=NEIGHBOUR)
    assert await told(api, NEIGHBOUR, "actOnMatter", id=mine, on=day(0)) == [("INCOMPLETE", "id")]
    await api.do(NEIGHBOUR, "cancelMeeting", "", id=own["id"], reason="不再需要")
    await api.do(NEIGHBOUR, "actOnMatter", "", id=mine, on=day(0))


async def test_what_was_decided_stays_readable_where_it_was_and_binds_nobody_elsewhere(api: Api, town: Town) -> None:
    """By the title it was decided under; the new unit changes that as its own, and moves on from any day."""
    grid, other = await unit_id(api, GRID), await unit_id(api, OTHER)
    mine = await consulted(api, title="网格的", unitId=grid)
    await closed(api, mine, on=-5)
    above = await convened(api, mine, unitId=await unit_id(api, "350521100"), who=TOWN_ADMIN)
    await api.do(TOWN_ADMIN, "correctMatterTitle", "", id=mine, title="楼道灯", reason="误记")
    await api.do(COUNTY_ADMIN, "moveUnit", "", id=grid, parentId=other)
    assert await told(api, TOWN_ADMIN, "correctMatterTitle", id=mine, title="灯", reason="误记") == [
        ("INCOMPLETE", "id")
    ]
    await api.do(NEIGHBOUR, "updateMatter", "", id=mine, title="另一题目")
    asked = "{ meetingItems { nodes { matterTitle decided matter { id } } } }"
    found = (await api.data(ADMIN, asked))["meetingItems"]["nodes"]
    decided = {"matterTitle": "楼道灯", "decided": AGREED["decided"], "matter": None}
    assert sorted(found, key=str) == [{**decided, "matterTitle": "另一题目", "decided": None}, decided]  # the town's
    await api.do(TOWN_ADMIN, "cancelMeeting", "", id=above["id"], reason="不再需要")
    await api.do(NEIGHBOUR, "actOnMatter", "", id=mine, on=day(-6))


async def test_what_is_still_to_be_decided_is_told_by_its_former_title(api: Api) -> None:
    """Who held the meeting is not told what it is called now."""
    grid, other = await unit_id(api, GRID), await unit_id(api, OTHER)
    mine = await consulted(api, title="网格的", unitId=grid)
    met = await held(api, mine)
    await api.do(COUNTY_ADMIN, "moveUnit", "", id=grid, parentId=other)
    await api.do(NEIGHBOUR, "updateMatter", "", id=mine, title="另一题目")
    refused = await api.attempt(ADMIN, "closeMeeting", id=met["id"])
    assert "网格的" in refused["userErrors"][0]["message"]


async def test_a_split_takes_off_what_goes_with_what_is_named(api: Api, town: Town) -> None:
    named = await in_grid(town, COMMUNITY)
    theirs, stays = await consulted(api, title="走的", compoundId=named), await consulted(api, title="留的")
    await convened(api, theirs, stays, on=9)
    part = {"name": "新社区", "code": "350521100099", "compoundIds": [named]}
    ours = await unit_id(api, COMMUNITY)
    done = await api.do(COUNTY_ADMIN, "splitUnit", "moved { kind name fate }", id=ours, into=[part])
    assert {"kind": "MeetingItem", "name": "走的", "fate": "LOST"} in done["moved"]
    assert await agendas(api) == {"停车协商会": ["留的"]}


async def test_a_merger_strikes_off_nothing_that_stays_together(api: Api) -> None:
    mine = await consulted(api, title="社区的")
    await convened(api, mine, on=9)
    ours, other = await unit_id(api, COMMUNITY), await unit_id(api, OTHER)
    merged = {"id": other, "others": [{"id": ours, "version": await api.version(ours)}]}
    await api.do(COUNTY_ADMIN, "mergeUnits", "", **merged)
    assert await agendas(api) == {"停车协商会": ["社区的"]}


async def test_the_database_itself_refuses_a_compound_of_elsewhere(api: Api, town: Town) -> None:
    await proposed(api)
    away = await town.compound("别处小区", OTHER)

    async def written() -> None:
        async with api.connection.transaction():
            await api.connection.execute("UPDATE matter SET compound_id = $1", away["id"])

    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await written()
    assert refused.value.constraint_name == "matter_compound_check"
