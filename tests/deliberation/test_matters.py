"""Matters are proposed, moved on along their way, taken back, dropped, reopened, corrected; counted; and who may."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.calendar.working import Calendar, Year
from services.deliberation.way import DAYS, WAY, Step
from services.properties.tables import compounds
from tests.captains.town import COMMUNITY, COUNTY, GRID, Town
from tests.centres.asked import ADMIN, AUDITOR, COMMITTEE, COUNTY_ADMIN, NEIGHBOUR, TOWN_ADMIN, told
from tests.days import day, today
from tests.deliberation.asked import FORWARDS, SHOWN, announced, moved, proposed, settled
from tests.writes.api import Api
from tests.writes.street import unit_id

STEPS = [*Step]
OTHER_TOWN = "350521101"
NUMBERS = """query($day: Date) { orgUnit(by: {code: "350521"}) { indicators(asOf: $day) { mattersProposed
    matterSuggestions mattersCarriedOut mattersLate matterPeopleAsked matterPeopleSatisfied matterSatisfaction } } }"""
SEEN = "query($id: ID!) { node(id: $id) { ... on Matter { viewerCan } } }"
MOVING = {*(f"MATTER_{pace.action.upper()}" for pace in WAY), "MATTER_UPDATE", "MATTER_CORRECT"}
WAY_ASKED = "{ matterWay(first: 100) { nodes { fromStep toStep right workingDays reasonOwed name } } }"


@pytest.fixture(autouse=True)
async def _years(api: Api) -> None:
    await announced(api)


def due(since: int, days: int) -> str:
    """The day a step is due that began so many days from today, where each weekday is worked."""
    years = {today().year + offset: Year(frozenset(), frozenset()) for offset in (-1, 0, 1)}
    return Calendar(years).after(today() + timedelta(days=since), days).isoformat()


async def test_it_goes_its_way_step_by_step(api: Api) -> None:
    made = await proposed(api, detail="楼下乱停车", source="WINDOW")
    assert (made["step"], made["steppedOn"], made["dueOn"]) == ("PROPOSED", day(-60), due(-60, 5))
    assert (made["late"], made["moves"]["nodes"]) == (True, [])
    assert made["daysLate"] == (today() - date.fromisoformat(made["dueOn"])).days
    found = await settled(api, made["id"])
    assert (found["step"], found["dueOn"], found["late"], found["daysLate"]) == ("SETTLED", None, False, 0)
    assert (found["carriedOutOn"], found["asked"], found["satisfied"], found["version"]) == (day(-36), 40, 38, 5)
    steps = found["moves"]["nodes"]
    assert [(each["number"], each["fromStep"], each["toStep"], each["movedOn"]) for each in steps] == [
        (1, "PROPOSED", "CONSULTING", day(-50)),
        (2, "CONSULTING", "ACTING", day(-43)),
        (3, "ACTING", "ASSESSING", day(-36)),
        (4, "ASSESSING", "SETTLED", day(-29)),
    ]
    assert [each["dueOn"] for each in steps] == [due(-60, 5), due(-50, 20), due(-43, 60), due(-36, 10)]
    first = (today() - timedelta(days=50) - date.fromisoformat(due(-60, 5))).days
    assert [each["daysLate"] for each in steps] == [first, 0, 0, 0]
    assert [(each["asked"], each["satisfied"]) for each in steps] == [(None, None)] * 3 + [(40, 38)]
    assert {each["account"]["name"] for each in steps} == {f"test {' '.join(ADMIN)}"}


async def test_back_dropped_and_reopened_each_is_a_move_with_its_reason(api: Api) -> None:
    mine = (await proposed(api))["id"]
    await moved(api, mine, "consultMatter", -50)
    assert (await moved(api, mine, "returnMatter", -50, reason="再听意见"))["step"] == "PROPOSED"
    for number, command in enumerate(FORWARDS[:3]):
        found = await moved(api, mine, command, -40 + number)
    assert found["carriedOutOn"] == day(-38)
    found = await moved(api, mine, "returnMatter", -30, reason="居民不满意")
    assert (found["step"], found["carriedOutOn"]) == ("ACTING", None)
    await moved(api, mine, "assessMatter", -20)
    await moved(api, mine, "settleMatter", -19, asked=2, satisfied=0)
    found = await moved(api, mine, "reopenMatter", -10, reason="又坏了")
    assert (found["step"], found["asked"], found["satisfied"], found["carriedOutOn"]) == ("ACTING", None, None, None)
    steps = found["moves"]["nodes"]
    assert [each["number"] for each in steps] == list(range(1, 10))
    assert (steps[7]["asked"], steps[7]["satisfied"]) == (2, 0)  # what it came to once stays on record
    assert [each["reason"] for each in steps] == [
        None,
        "再听意见",
        None,
        None,
        None,
        "居民不满意",
        None,
        None,
        "又坏了",
    ]
    other = (await proposed(api))["id"]
    dropped = await moved(api, other, "dropMatter", -9, reason="不属社区")
    assert (dropped["step"], dropped["dueOn"]) == ("DROPPED", None)
    assert await told(api, ADMIN, "updateMatter", id=other, title="晚") == [("CLOSED", "id")]
    assert (await moved(api, other, "reopenMatter", -8, reason="可办"))["step"] == "PROPOSED"
    renamed = await api.do(ADMIN, "updateMatter", "matter { title detail }", id=other, title="修灯", detail=None)
    assert renamed["matter"] == {"title": "修灯", "detail": None}


async def test_only_what_the_step_leads_to_can_be_done(api: Api) -> None:
    """And that is what one is told one can."""
    mine = (await proposed(api))["id"]

    async def can() -> set[str]:
        return MOVING.intersection((await api.data(TOWN_ADMIN, SEEN, id=mine))["node"]["viewerCan"])

    assert await can() == {"MATTER_UPDATE", "MATTER_CONSULT", "MATTER_DROP"}
    for command in ("actOnMatter", "assessMatter"):
        assert await told(api, ADMIN, command, id=mine, on=day(0)) == [("INVALID", "id")]
    numbers = {"asked": 1, "satisfied": 1}
    assert await told(api, ADMIN, "settleMatter", id=mine, on=day(0), **numbers) == [("INVALID", "id")]
    for command in ("returnMatter", "reopenMatter"):
        assert await told(api, TOWN_ADMIN, command, id=mine, on=day(0), reason="试") == [("INVALID", "id")]
    await settled(api, mine)
    assert await can() == {"MATTER_REOPEN", "MATTER_CORRECT"}
    assert await told(api, ADMIN, "consultMatter", id=mine, on=day(0)) == [("CLOSED", "id")]
    assert await told(api, ADMIN, "dropMatter", id=mine, on=day(0), reason="试") == [("CLOSED", "id")]


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"on": -61}, [("INVALID", "on")]),
        ({"on": 1}, [("INVALID", "on")]),
        ({"on": -93}, [("INVALID", "on")]),
    ],
)
async def test_days_lie_neither_ahead_nor_before_the_last_step(api: Api, given: dict[str, Any], refused: Any) -> None:
    mine = (await proposed(api))["id"]
    assert await told(api, ADMIN, "consultMatter", id=mine, on=day(given["on"])) == refused


async def test_what_cannot_be_proposed_or_settled(api: Api, town: Town) -> None:
    unit = await unit_id(api, COMMUNITY)
    there = f"cp_{(await town.compound('别处小区', '350521100002'))['id']}"
    given = {"unitId": unit, "title": "题", "source": "VISIT", "proposedOn": day(0)}
    for wrong, refused in (
        ({"title": " "}, [("INVALID", "title")]),
        ({"title": "长" * 101, "detail": "长" * 501}, [("INVALID", "title"), ("INVALID", "detail")]),
        ({"proposedOn": day(1)}, [("INVALID", "proposedOn")]),
        ({"proposedOn": day(-93)}, [("INVALID", "proposedOn")]),
        ({"compoundId": there}, [("OUT_OF_REACH", "compoundId")]),
    ):
        who = COUNTY_ADMIN if "compoundId" in wrong else ADMIN
        assert await told(api, who, "proposeMatter", **{**given, **wrong}) == refused, wrong
    mine = (await proposed(api))["id"]
    for command in FORWARDS[:3]:
        await moved(api, mine, command, -9)
    for asked, satisfied, field in ((0, 0, "asked"), (3, 4, "satisfied"), (3, -1, "satisfied")):
        numbers = {"asked": asked, "satisfied": satisfied}
        assert await told(api, ADMIN, "settleMatter", id=mine, on=day(0), **numbers) == [("INVALID", field)]


async def test_of_two_who_move_it_on_at_once_the_second_is_told(api: Api) -> None:
    mine = (await proposed(api))["id"]
    both = await asyncio.gather(
        told(api, ADMIN, "consultMatter", id=mine, on=day(-9), version=1),
        told(api, TOWN_ADMIN, "dropMatter", id=mine, on=day(-9), reason="不办", version=1),
    )
    assert sorted(map(str, both)) == ["CONFLICT", "[]"]


async def test_the_day_of_the_last_move_is_put_right(api: Api) -> None:
    mine = (await proposed(api))["id"]
    nothing = await told(api, TOWN_ADMIN, "correctMatterMove", id=mine, on=day(-9), reason="误记")
    assert nothing == [("INCOMPLETE", "id")]
    for number, command in enumerate(FORWARDS[:3]):
        await moved(api, mine, command, -50 + number)
    right = {"id": mine, "reason": "误记"}
    for on in (-50, 1):
        assert await told(api, TOWN_ADMIN, "correctMatterMove", **right, on=day(on)) == [("INVALID", "on")]
    assert await told(api, ADMIN, "correctMatterMove", **right, on=day(-47)) == "FORBIDDEN"
    found = (await api.do(TOWN_ADMIN, "correctMatterMove", SHOWN, **right, on=day(-40)))["matter"]
    assert (found["steppedOn"], found["dueOn"], found["carriedOutOn"]) == (day(-40), due(-40, 10), day(-40))
    assert [each["movedOn"] for each in found["moves"]["nodes"]] == [day(-50), day(-49), day(-40)]
    why = await api.data(COUNTY_ADMIN, "{ corrections { nodes { reason } } }")
    assert why["corrections"]["nodes"] == [{"reason": "误记"}]


async def test_they_are_counted_by_day(api: Api) -> None:
    await settled(api, (await proposed(api))["id"])
    await moved(api, (await proposed(api, source="VISIT"))["id"], "dropMatter", -1, reason="不办")
    await proposed(api, proposedOn=day(-1))

    async def numbers(on: int) -> list[Any]:
        return [*(await api.data(COUNTY_ADMIN, NUMBERS, day=day(on)))["orgUnit"]["indicators"].values()]

    assert await numbers(0) == [3, 2, 1, 0, 40, 38, 0.95]
    assert await numbers(-29) == [2, 1, 1, None, 40, 38, 0.95]
    assert await numbers(-30) == [2, 1, 1, None, 0, 0, None]
    assert await numbers(-37) == [2, 1, 0, None, 0, 0, None]
    await proposed(api)
    assert (await numbers(0))[3] == 1
    totals = """{ matters(filter: {source: [SUGGESTION]}) { totals { count late asked satisfied
        byStep { step count late } bySource { source count settled } } } matterMoves { totals { count matters } } }"""
    found = await api.data(COUNTY_ADMIN, totals)
    assert found["matters"]["totals"] == {
        "count": 3,
        "late": 1,
        "asked": 40,
        "satisfied": 38,
        "byStep": [{"step": "PROPOSED", "count": 2, "late": 1}, {"step": "SETTLED", "count": 1, "late": 0}],
        "bySource": [{"source": "SUGGESTION", "count": 3, "settled": 1}],
    }
    assert found["matterMoves"]["totals"] == {"count": 5, "matters": 2}


async def test_who_has_left_suggests_nothing(api: Api, town: Town) -> None:
    """Nor does whose data is restricted."""
    member = await town.member("演示党员", GRID)
    seat = ("member", f"mb_{member['id']}")
    for column in ("left_on", "restricted_on"):
        await town.connection.execute("UPDATE member SET left_on = NULL, restricted_on = NULL")
        await town.connection.execute(f"UPDATE member SET {column} = current_date WHERE id = $1", member["id"])
        assert await told(api, seat, "suggestMatter", memberId=seat[1], title="修路灯") == [("CLOSED", "memberId")]


async def test_the_same_is_not_proposed_twice_on_one_day(api: Api, town: Town) -> None:
    """Whatever else is said of it; but of another place, another day, another compound, once the first was dropped."""
    grid, other = await unit_id(api, GRID), await unit_id(api, NEIGHBOUR[1])
    about = f"cp_{(await town.compound('演示小区', COMMUNITY))['id']}"
    first = await proposed(api, title="修路灯", proposedOn=day(0))
    same = {"unitId": await unit_id(api, COMMUNITY), "title": "修路灯", "source": "SUGGESTION", "proposedOn": day(0)}
    assert await told(api, ADMIN, "proposeMatter", **same) == [("TAKEN", "title")]
    assert await told(api, ADMIN, "proposeMatter", **same, detail="东门") == [("TAKEN", "title")]
    for differs in ({"proposedOn": day(-1)}, {"compoundId": about}, {"source": "VISIT"}, {"unitId": grid}):
        await api.do(ADMIN, "proposeMatter", "", **{**same, **differs})
    await api.do(NEIGHBOUR, "proposeMatter", "", **{**same, "unitId": other})
    await moved(api, first["id"], "dropMatter", 0, reason="重复")
    await api.do(ADMIN, "proposeMatter", "", **same)
    assert await told(api, ADMIN, "proposeMatter", **same) == [("TAKEN", "title")]


async def test_nor_is_it_by_a_change_or_by_being_reopened(api: Api, town: Town) -> None:
    """Of a title, or of what it is about; suggestions of one title may be about one compound."""
    about = f"cp_{(await town.compound('演示小区', COMMUNITY))['id']}"
    given: dict[str, Any] = {"proposedOn": day(0), "source": "VISIT"}
    first, other = (
        (await proposed(api, title="修路灯", **given))["id"],
        (await proposed(api, title="修灯", **given))["id"],
    )
    assert await told(api, ADMIN, "updateMatter", id=other, title="修路灯") == [("TAKEN", "title")]
    await api.do(ADMIN, "updateMatter", "", id=first, title="修路灯", detail="东门")
    await api.do(ADMIN, "updateMatter", "", id=other, title="修路灯", compoundId=about)
    assert await told(api, ADMIN, "updateMatter", id=other, compoundId=None) == [("TAKEN", "title")]
    await moved(api, first, "dropMatter", 0, reason="不办")
    await api.do(ADMIN, "updateMatter", "", id=other, compoundId=None)
    again = {"id": first, "on": day(0), "reason": "可办"}
    assert await told(api, TOWN_ADMIN, "reopenMatter", **again) == [("TAKEN", "id")]
    both = [("INVALID", "reason"), ("TAKEN", "id")]
    assert sorted(await told(api, TOWN_ADMIN, "reopenMatter", **{**again, "reason": " "})) == both
    await api.do(ADMIN, "updateMatter", "", id=other, title="修南门路灯")
    await moved(api, first, "reopenMatter", 0, reason="可办")
    seat = ("member", f"mb_{(await town.member('演示党员', GRID))['id']}")
    for _ in range(2):
        made = (await api.do(seat, "suggestMatter", "matter { id }", memberId=seat[1], title="修门"))["matter"]["id"]
        await api.do(ADMIN, "updateMatter", "", id=made, compoundId=about)
    assert await told(api, ADMIN, "updateMatter", id=made, title="修路灯", compoundId=None) == []


async def test_what_many_suggest_on_one_day_counts_as_often(api: Api, town: Town) -> None:
    """As on a deliberation day; what is sent again under its key is the one that was made."""
    given = {"title": "修路灯"}
    for name in ("演示党员甲", "演示党员乙"):
        seat = ("member", f"mb_{(await town.member(name, GRID))['id']}")
        for _ in range(2):
            await api.do(seat, "suggestMatter", "", **given, memberId=seat[1], idempotencyKey=name)
    assert (await api.data(COUNTY_ADMIN, NUMBERS, day=day(0)))["orgUnit"]["indicators"]["matterSuggestions"] == 2


async def test_who_may(api: Api, town: Town) -> None:
    member = await town.member("演示党员", GRID)
    seat = ("member", f"mb_{member['id']}")
    suggested = await api.do(seat, "suggestMatter", SHOWN, memberId=seat[1], title="修路灯")
    mine, theirs = suggested["matter"], (await proposed(api))["id"]
    assert (mine["source"], mine["proposedOn"]) == ("SUGGESTION", day(0))
    at = await api.data(ADMIN, "query($id: ID!) { node(id: $id) { ... on Matter { unit { code } } } }", id=mine["id"])
    assert at["node"]["unit"]["code"] == COMMUNITY
    for who, answer in (
        (seat, "FORBIDDEN"),
        (COMMITTEE, "FORBIDDEN"),
        (AUDITOR, "NOT_FOUND"),
        (NEIGHBOUR, "NOT_FOUND"),
    ):
        assert await told(api, who, "consultMatter", id=theirs, on=day(0)) == answer, who
    assert await told(api, ADMIN, "reopenMatter", id=theirs, on=day(0), reason="试") == "FORBIDDEN"
    found = await api.data(seat, "{ matters { nodes { id } } matterWay { nodes { name } } }")
    assert {each["id"] for each in found["matters"]["nodes"]} == {mine["id"], theirs}
    assert len(found["matterWay"]["nodes"]) == len(WAY)
    await moved(api, theirs, "consultMatter", -9)
    account = "query($id: ID!) { node(id: $id) { ... on Matter { moves { nodes { toStep account { name } } } } } }"
    hidden = await api.data(seat, account, id=theirs)
    assert hidden["node"]["moves"]["nodes"] == [{"toStep": "CONSULTING", "account": None}]


async def test_the_company_of_the_compound_and_its_captain_read_it(api: Api, town: Town) -> None:
    compound = await town.compound("演示小区")
    building, member = await town.building(compound, "1号楼"), await town.member("演示楼长")
    company = await town.company("演示物业")
    await town.contract(compound, company, today() - timedelta(days=9))
    await api.do(
        ADMIN, "assignCaptain", "", buildingId=f"bd_{building['id']}", memberId=f"mb_{member['id']}", since=day(0)
    )
    about = (await proposed(api, compoundId=f"cp_{compound['id']}"))["id"]
    await proposed(api)
    for who in (
        ("company_secretary", company["credit_code"]),
        ("captain", f"mb_{member['id']}"),
        ("captain", f"bd_{building['id']}"),
    ):
        found = await api.data(who, "{ matters { nodes { id } } matterWay { totalCount } }")
        assert found == {"matters": {"nodes": [{"id": about}]}, "matterWay": {"totalCount": len(WAY)}}, who
    in_it = "{ compounds { nodes { matters { nodes { id } } } } }"
    assert (await api.data(ADMIN, in_it))["compounds"]["nodes"] == [{"matters": {"nodes": [{"id": about}]}}]


async def test_a_compound_with_matters_is_not_struck_out(api: Api, town: Town) -> None:
    compound = f"cp_{(await town.compound('误记小区'))['id']}"
    await proposed(api, compoundId=compound)
    await town.building(await town.row(compounds, UUID(compound[3:])), "1号楼")
    fund = {"unitId": await unit_id(api, COMMUNITY), "name": "基金", "begunOn": day(-9), "compoundId": compound}
    await api.do(ADMIN, "openFund", "", **fund)
    refused = await api.attempt(TOWN_ADMIN, "strikeOutCompound", id=compound, reason="误")
    assert [(each["code"], each["message"]) for each in refused["userErrors"]] == [
        ("CLOSED", "该小区下仍有：楼栋 1。请先删除。"),
        ("CLOSED", "该小区有基金 1、议题 1，不能删除，可以停用。"),
    ]


async def test_the_way_is_told_as_it_is_declared(api: Api) -> None:
    """And as the migration has it."""
    found = await api.data(ADMIN, WAY_ASKED)
    assert found["matterWay"]["nodes"] == [
        {
            "fromStep": pace.from_step,
            "toStep": pace.to_step,
            "right": f"matter:{pace.action}",
            "workingDays": DAYS.get(pace.to_step),
            "reasonOwed": pace.reason_owed,
            "name": pace.name,
        }
        for pace in sorted(WAY, key=lambda pace: (STEPS.index(pace.from_step), STEPS.index(pace.to_step)))
    ]


MOVE = """INSERT INTO matter_move
    (id, matter_id, unit_path, number, from_step, to_step, moved_on, account_id, reason, due_on)
    SELECT gen_random_uuid(), m.id, m.unit_path, $1, $2, $3, m.stepped_on + $4::int, a.id, $5, m.due_on
    FROM matter m, (SELECT id FROM account LIMIT 1) a"""


STANDS = """UPDATE matter SET step = $1, stepped_on = stepped_on + $2::int,
    due_on = CASE $1::matter_step WHEN 'DROPPED' THEN NULL ELSE due_on END"""


@pytest.mark.parametrize(
    ("move", "stands", "constraint"),
    [
        ((2, "CONSULTING", "ASSESSING", 0, None), True, "matter_move_from_step_to_step_fkey"),
        ((2, "PROPOSED", "DROPPED", 0, "不办"), True, "matter_way_check"),  # it is consulted on
        ((3, "CONSULTING", "ACTING", 0, None), True, "matter_way_check"),
        ((2, "CONSULTING", "ACTING", -1, None), True, "matter_way_check"),
        ((2, "CONSULTING", "PROPOSED", 0, None), True, "matter_way_check"),  # without the reason
        ((2, "CONSULTING", "ACTING", 0, None), False, "matter_way_check"),  # and the matter stays where it is
    ],
)
async def test_the_database_itself_refuses_another_way(api: Api, move: Any, stands: bool, constraint: str) -> None:
    await moved(api, (await proposed(api))["id"], "consultMatter", -9)

    async def written() -> None:
        async with api.connection.transaction():
            await api.connection.execute(MOVE, *move)
            if stands:
                await api.connection.execute(STANDS, move[2], move[3])

    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await written()
    assert refused.value.constraint_name == constraint


async def test_a_matter_goes_where_its_unit_and_its_compound_go(api: Api, town: Town) -> None:
    compound = await town.compound("演示小区")
    mine = (await proposed(api, compoundId=f"cp_{compound['id']}"))["id"]
    await moved(api, mine, "consultMatter", -9)
    other = await unit_id(api, "350521100002")
    ours = await unit_id(api, COMMUNITY)
    given = {"id": other, "others": [{"id": ours, "version": await api.version(ours)}]}
    await api.do(("county_admin", COUNTY), "mergeUnits", "", **given)
    found = await api.data(NEIGHBOUR, "{ matters { nodes { id unit { id } compound { name } moves { totalCount } } } }")
    assert found["matters"]["nodes"] == [
        {"id": mine, "unit": {"id": other}, "compound": {"name": "演示小区"}, "moves": {"totalCount": 1}}
    ]
    south = await unit_id(api, OTHER_TOWN)
    await api.do(COUNTY_ADMIN, "moveUnit", "", id=other, parentId=south)
    found = await api.data(COUNTY_ADMIN, "{ matters { nodes { place compound { place } } } }")
    (there,) = found["matters"]["nodes"]
    assert there["place"] == there["compound"]["place"]
    town_of = f'{{ orgUnit(by: {{code: "{OTHER_TOWN}"}}) {{ name }} }}'
    assert there["place"][1] == (await api.data(COUNTY_ADMIN, town_of))["orgUnit"]["name"]
