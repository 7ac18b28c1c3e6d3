"""Households, one by one and by a list, and who keeps contact with them: numbers, refusals, and who sees them."""

from datetime import timedelta
from typing import Any

import pytest

from services.households.tables import contacts, households
from services.members.grid_tables import GridTermKind, grid_terms
from tests.captains.town import COMMUNITY, COUNTY, GRID, Town
from tests.golden.world import path_of
from tests.households.block import ADMIN, AUDITOR, COUNTY_ADMIN, NEIGHBOUR, OTHER_GRID, TOWN_ADMIN, Block, block, told
from tests.writes.api import Api
from tests.writes.street import day, unit_id

HOUSEHOLD = "household { id name residents closedOn version place unit { code } }"
NUMBERS = """query($code: String!, $day: Date) { orgUnit(by: {code: $code}) { indicators(asOf: $day) {
    registeredHouseholds householdsLinked householdsWithoutAnyone householdCoverage membersWithTen } } }"""


@pytest.fixture
async def here(town: Town) -> Block:
    return await block(town)


async def numbers(api: Api, who: tuple[str, str], code: str = COUNTY, on: str | None = None) -> list[Any]:
    """Households in all, linked, without anyone, the share; members with ten."""
    found = (await api.data(who, NUMBERS, code=code, day=on))["orgUnit"]["indicators"]
    return list(found.values())


async def test_recorded_changed_and_closed(api: Api, here: Block) -> None:
    grid = await unit_id(api, GRID)
    made = (await api.do(ADMIN, "createHousehold", HOUSEHOLD, unitId=grid, name="2号楼201", residents=3))["household"]
    of = {"id": made.pop("id")}
    assert made == {
        "name": "2号楼201",
        "residents": 3,
        "closedOn": None,
        "version": 1,
        "place": ["惠安县", "螺城镇", "北关社区居委会", "第一网格"],
        "unit": {"code": GRID},
    }
    assert await told(api, ADMIN, "createHousehold", unitId=grid, name="２号楼２０１") == [("TAKEN", "name")]
    county = await unit_id(api, COUNTY)
    assert await told(api, COUNTY_ADMIN, "createHousehold", unitId=county, name="1") == [("INVALID", "unitId")]
    assert await told(api, ADMIN, "updateHousehold", **of, version=1, residents=100) == [("INVALID", "residents")]
    assert await told(api, NEIGHBOUR, "updateHousehold", **of, version=1, residents=1) == "NOT_FOUND"
    assert await told(api, ADMIN, "closeHousehold", **of, on=day(1)) == [("INVALID", "on")]
    first = {"id": f"hh_{here.first['id']}"}
    linked = "household { closedOn contacts { nodes { until } } }"
    closed = (await api.do(ADMIN, "closeHousehold", linked, **first, on=day(-1)))["household"]
    assert closed == {"closedOn": day(-1), "contacts": {"nodes": [{"until": day(-1)}]}}
    for command, more in (("updateHousehold", {"residents": 1}), ("closeHousehold", {"on": day(0)})):
        assert await told(api, ADMIN, command, **first, **more) == [("CLOSED", "id")]
    link = {"householdId": first["id"], "memberId": f"mb_{here.member['id']}", "since": day(0)}
    assert await told(api, ADMIN, "linkHousehold", **link) == [("CLOSED", "householdId")]


async def test_a_list_is_recorded_whole_or_not_at_all(api: Api, town: Town, here: Block) -> None:
    """Everything amiss is told by row; the same list twice records nothing more."""
    grid = await unit_id(api, GRID)
    wrong: list[dict[str, Any]] = [{"name": name} for name in ("1号楼101", "3号楼1", "3 号楼 1", " ")]
    wrong[1]["residents"] = -1
    fields = [
        ("TAKEN", "households", "0", "name"),
        ("INVALID", "households", "1", "residents"),
        ("TAKEN", "households", "2", "name"),
    ]
    assert await told(api, ADMIN, "recordHouseholds", unitId=grid, households=wrong) == [
        *fields,
        ("INVALID", "households", "3", "name"),
    ]
    rows = [{"name": f"5号楼{number}", "residents": 2} for number in range(101, 121)]
    report = "recorded { row kind id } orgUnit { households { totals { count residents } } }"
    done = await api.do(ADMIN, "recordHouseholds", report, unitId=grid, households=rows)
    assert [line["row"] for line in done["recorded"]] == list(range(20))
    assert {line["kind"] for line in done["recorded"]} == {"Household"}
    assert done["orgUnit"]["households"]["totals"] == {"count": 22, "residents": 40}
    assert len(await told(api, ADMIN, "recordHouseholds", unitId=grid, households=rows)) == 20
    assert await api.connection.fetchval("SELECT count(*) FROM household") == 23
    names = '{ households(orderBy: {field: NAME}, filter: {nameContains: "5号楼10"}) { nodes { name } } }'
    found = (await api.data(ADMIN, names))["households"]["nodes"]
    assert found[0] == {"name": "5号楼101"}
    assert len(found) == 9
    said = await api.connection.fetch("SELECT after::text FROM audit_change WHERE table_name = 'household'")
    assert len(said) == 20
    assert "号楼" not in str(said)


async def test_contacts_begin_and_end(api: Api, town: Town, here: Block) -> None:
    """Several members for a household, each once at a time; who serves elsewhere or has left keeps none."""
    other, far = await town.member("陈二"), await town.member("王三", OTHER_GRID)
    of = {"householdId": f"hh_{here.first['id']}", "since": day(-3)}
    assert await told(api, ADMIN, "linkHousehold", **of, memberId=f"mb_{far['id']}") == [("OUT_OF_REACH", "memberId")]
    again = {**of, "memberId": f"mb_{here.member['id']}"}
    assert await told(api, ADMIN, "linkHousehold", **again) == "CONFLICT"
    shown = "householdContact { id memberName since until endReason household { name } member { name } }"
    made = (await api.do(ADMIN, "linkHousehold", shown, **of, memberId=f"mb_{other['id']}"))["householdContact"]
    contact = {"id": made.pop("id")}
    assert made == {
        "memberName": "陈二",
        "since": day(-3),
        "until": None,
        "endReason": None,
        "household": {"name": "1号楼101"},
        "member": {"name": "陈二"},
    }
    await api.do(ADMIN, "endHouseholdContact", "", **contact, on=day(1), reason="调整")
    later = {**contact, "on": day(2), "reason": "延后"}
    assert await told(api, ADMIN, "endHouseholdContact", **later) == [("INVALID", "on")]
    leaving = {"id": f"mb_{here.member['id']}", "leftOn": day(0)}
    assert await told(api, ADMIN, "updateMember", **leaving) == [("CLOSED", "leftOn")]
    left = (await api.do(ADMIN, "strikeOutHouseholdContact", "household { name }", **contact, reason="记错"))[
        "household"
    ]
    assert left == {"name": "1号楼101"}
    for who in (NEIGHBOUR, AUDITOR, here.own):
        found = await api.attempt(who, "endHouseholdContact", **{**later, "id": f"hc_{here.contact['id']}"}, version=1)
        assert found in ("NOT_FOUND", "FORBIDDEN"), who


async def test_the_numbers_of_one_and_ten(api: Api, town: Town, here: Block) -> None:
    """By unit and day: who has ten households counts, who has nine does not."""
    assert await numbers(api, ADMIN, GRID) == [2, 1, 1, 0.5, 0]
    for number in range(9):
        row = await town.add(households, name=f"2号楼{number}", unit_path=path_of(GRID))
        place = {"household_id": row["id"], "unit_path": row["unit_path"], "member_id": here.member["id"]}
        since = await town.today()
        await town.add(contacts, **place, since=since)
        assert (await numbers(api, ADMIN, GRID))[-1] == (number == 8)
    assert await numbers(api, ADMIN, GRID) == [11, 10, 1, 0.9091, 1]
    assert await numbers(api, COUNTY_ADMIN) == [12, 10, 2, 0.8333, 1]
    assert await numbers(api, COUNTY_ADMIN, on=day(-1)) == [12, 1, 11, 0.0833, 0]
    none = "{ households(filter: {hasContact: false}) { nodes { name } } }"
    assert (await api.data(ADMIN, none))["households"]["nodes"] == [{"name": "1号楼102"}, {"name": "9号楼901"}]
    assert await numbers(api, AUDITOR) == [10, None, None, None, None]


async def test_a_member_sees_whom_they_contact_while_they_serve_there(api: Api, town: Town, here: Block) -> None:
    """Nobody else's; who moves to another grid sees the household no more, and that they kept contact."""
    asked = "{ households { nodes { name } } householdContacts { nodes { memberName household { name } } } }"
    household = {"name": "1号楼101"}
    assert await api.data(here.own, asked) == {
        "households": {"nodes": [household]},
        "householdContacts": {"nodes": [{"memberName": "林一", "household": household}]},
    }
    other = await town.member("陈二")
    nothing: dict[str, Any] = {"households": {"nodes": []}, "householdContacts": {"nodes": []}}
    assert await api.data(("member", f"mb_{other['id']}"), asked) == nothing
    assert await api.data(NEIGHBOUR, asked) == nothing
    elsewhere = await unit_id(api, OTHER_GRID)
    await api.do(ADMIN, "updateMember", "", id=f"mb_{here.member['id']}", unitId=elsewhere)
    assert await numbers(api, ADMIN, GRID) == [2, 0, 2, 0, 0]
    assert await api.data(here.own, asked) == {
        "households": {"nodes": []},
        "householdContacts": {"nodes": [{"memberName": "林一", "household": None}]},
    }


@pytest.mark.parametrize("by", ["reportToGrid", "assignMembersToGrids", "correctGridTerm"])
async def test_contacts_end_as_their_member_goes_elsewhere(api: Api, town: Town, here: Block, by: str) -> None:
    """The payload tells; what began since lasts for its first day, what was to begin is gone, what is over stays.

    Contact with who lives where the member goes, or in the community itself, goes on.
    """
    there, whole = here.elsewhere, await town.add(households, name="集体户", unit_path=path_of(COMMUNITY))
    third, fourth = [await town.add(households, name=name, unit_path=path_of(GRID)) for name in ("2号楼1", "2号楼2")]
    today = await town.today()
    days = {
        here.second["id"]: (0, None),  # since today
        third["id"]: (5, 9),  # to come
        fourth["id"]: (-40, -1),  # over
        there["id"]: (-9, None),
        whole["id"]: (-9, None),
    }
    for row in (here.second, third, fourth, there, whole):
        since, until = days[row["id"]]
        place = {"household_id": row["id"], "unit_path": row["unit_path"], "member_id": here.member["id"]}
        held = {"since": today + timedelta(days=since), "until": until and today + timedelta(days=until)}
        await town.add(contacts, **place, **held)
    other = {"household_id": third["id"], "unit_path": third["unit_path"], "since": today}
    await town.add(contacts, **other, member_id=(await town.member("陈二"))["id"])
    member, grid = {"id": f"mb_{here.member['id']}"}, await unit_id(api, OTHER_GRID)
    changed = "changed { kind struckOut until }"
    if by == "reportToGrid":
        given = {"gridCode": OTHER_GRID, "channel": "ONLINE", "since": day(-1)}
        told_of = (await api.do(here.own, by, changed, **member, **given))["changed"]
    elif by == "assignMembersToGrids":
        row = {"memberId": member["id"], "gridId": grid, "since": day(-1)}
        listed = {"unitId": await unit_id(api, COMMUNITY), "members": [row]}
        (line,) = (await api.do(ADMIN, by, "recorded { contactsEnded }", **listed))["recorded"]
        assert line == {"contactsEnded": 3}
        told_of = None
        again = (await api.do(ADMIN, by, "recorded { contactsEnded known }", **listed))["recorded"]
        assert again == [{"contactsEnded": 0, "known": True}]
    else:
        wrong = {"member_id": here.member["id"], "unit_path": path_of(GRID), "kind": GridTermKind.ASSIGNED}
        term = await town.add(grid_terms, **wrong, since=today - timedelta(days=1))
        mended = {"id": f"gt_{term['id']}", "gridId": grid, "reason": "误"}
        told_of = (await api.do(TOWN_ADMIN, by, changed, **mended))["changed"][1:]
    last = day(-1) if by == "correctGridTerm" else day(-2)
    if told_of is not None:
        assert sorted(told_of, key=str) == sorted(
            (
                {"kind": "HouseholdContact", "struckOut": gone, "until": until}
                for gone, until in ((False, last), (False, day(0)), (True, None))
            ),
            key=str,
        )
    asked = "{ householdContacts { nodes { until household { name } endReason } } }"
    nodes = (await api.data(ADMIN, asked))["householdContacts"]["nodes"]
    why = "党员已到别处服务"
    assert {each["household"]["name"]: (each["until"], each["endReason"]) for each in nodes} == {
        "1号楼101": (last, why),
        "1号楼102": (day(0), why),
        "2号楼1": (None, None),  # another member's
        "2号楼2": (day(-1), None),
        "9号楼901": (None, None),
        "集体户": (None, None),
    }
