"""What may be asked about captains: any day, every direction, the numbers, and by whom."""

from dataclasses import dataclass
from typing import Any

import pytest

from services.captains import commands as captains
from services.properties.tables import buildings
from services.storage.transaction import Record
from tests.captains.town import COMMUNITY, COUNTY, FIRST, SECOND, Town, days
from tests.days import day
from tests.writes.api import Api

ADMIN = ("community_admin", COMMUNITY)
ADMIN_OF_TOWN = ("town_admin", "350521100")
HISTORY = """
    query($id: ID!, $day: Date) { node(id: $id) { ... on Building {
        today: captain { memberName }
        captain(asOf: $day) { memberName since until }
        captains(orderBy: {field: SINCE, direction: DESC}) { totalCount nodes { memberName } }
    } } }
"""


@dataclass
class Peace:
    """和平小区: three buildings; the first was handed over on 1 June, the last is closed and so without a captain."""

    first: Record
    second: Record
    former: Record
    present: Record


@pytest.fixture
async def peace(town: Town) -> Peace:
    """The compound and its captains."""
    compound = await town.compound("和平小区")
    first, second, third = [await town.building(compound, f"{number}号楼") for number in (1, 2, 3)]
    former, present = await town.member("林一"), await town.member("陈二")
    await captains.assign(town.tx, building=first, member=former, since=FIRST)
    await town.hand_over(first, present, SECOND)
    await town.tx.update(buildings, third["id"], closed_on=SECOND)
    return Peace(first, second, former, present)


def building_id(row: Record) -> str:
    """Its global id."""
    return f"bd_{row['id']}"


@pytest.mark.parametrize(
    ("day", "captain"),
    [
        (str(FIRST - days(1)), None),
        (str(FIRST), {"memberName": "林一", "since": str(FIRST), "until": str(SECOND - days(1))}),
        (str(SECOND - days(1)), {"memberName": "林一", "since": str(FIRST), "until": str(SECOND - days(1))}),
        (str(SECOND), {"memberName": "陈二", "since": str(SECOND), "until": None}),
        (None, {"memberName": "陈二", "since": str(SECOND), "until": None}),
    ],
)
async def test_who_was_captain(api: Api, peace: Peace, day: str | None, captain: Any) -> None:
    """Of any day; a day of null is today, like none; the history is all of it."""
    found = (await api.data(ADMIN, HISTORY, id=building_id(peace.first), day=day))["node"]
    assert found["captain"] == captain
    assert found["today"] == {"memberName": "陈二"}
    assert found["captains"] == {"totalCount": 2, "nodes": [{"memberName": "陈二"}, {"memberName": "林一"}]}


async def test_every_direction(api: Api, peace: Peace) -> None:
    """From the unit, the member and the term itself; names stand beside the edges."""
    terms = (
        "captainAssignments(filter: {asOf: $day}) { nodes { memberName buildingName compoundName place member { name }"
    )
    query = f"""query($day: Date, $member: ID!) {{
        orgUnit(by: {{code: "350521100"}}) {{ {terms} building {{ name }} unit {{ code }} }} }} }}
        {terms} }} }}
        node(id: $member) {{ ... on Member {{ captainAssignments {{ nodes {{ endReason until version }} }} }} }}
    }}"""
    found = await api.data(ADMIN_OF_TOWN, query, day=str(FIRST + days(19)), member=f"mb_{peace.former['id']}")
    term = {
        "memberName": "林一",
        "buildingName": "1号楼",
        "compoundName": "和平小区",
        "member": {"name": "林一"},
        "place": ["惠安县", "螺城镇", "北关社区居委会"],
    }
    (of_unit,) = found["orgUnit"]["captainAssignments"]["nodes"]
    assert of_unit == {**term, "building": {"name": "1号楼"}, "unit": {"code": COMMUNITY}}
    assert found["captainAssignments"]["nodes"] == [term]
    own = found["node"]["captainAssignments"]["nodes"]
    assert own == [{"endReason": None, "until": str(SECOND - days(1)), "version": 2}]


async def test_numbers(api: Api, town: Town, peace: Peace) -> None:
    """Of a unit and all below; closed buildings do not count; a captain of two buildings is one captain."""
    await captains.assign(town.tx, building=peace.second, member=peace.present, since=SECOND)
    far = await town.building(await town.compound("凤城花园", "350524100"), "1号楼")
    await captains.assign(town.tx, building=far, member=await town.member("郑远", "350524100"), since=FIRST)
    await town.building(await town.compound("西北小区", "350521100002"), "1号楼")
    query = """{ orgUnits(filter: {codePrefix: "350521"}) { nodes { code indicators {
        buildingsWithCaptain buildingsWithoutCaptain captains captainAssignments } } } }"""
    found = (await api.data(("county_admin", COUNTY), query))["orgUnits"]["nodes"]
    numbers = {each["code"]: tuple(each["indicators"].values()) for each in found}
    assert numbers[COUNTY] == numbers["350521100"] == (2, 1, 1, 2)
    assert numbers[COMMUNITY] == (2, 0, 1, 2)
    assert numbers["350521100002"] == (0, 1, 0, 0)
    assert numbers["350521101"] == (0, 0, 0, 0)


async def test_filters(api: Api, peace: Peace) -> None:
    """Over, and with an end by some day."""
    query = """query($id: ID!, $filter: CaptainAssignmentFilter) { node(id: $id) { ... on Building {
        captains(filter: $filter) { nodes { memberName } } } } }"""

    async def names(**conditions: object) -> list[str]:
        found = await api.data(ADMIN, query, id=building_id(peace.first), filter=conditions)
        return sorted(node["memberName"] for node in found["node"]["captains"]["nodes"])

    assert await names(ended=True) == ["林一"]
    assert await names(ended=False) == ["陈二"]
    assert await names(until={"to": str(SECOND - days(1))}) == ["林一"]
    assert await names(until={"to": str(FIRST + days(29))}) == []


SEEN = "query($f: CaptainAssignmentFilter) { captainAssignments(filter: $f) { nodes { memberName } } }"


async def test_a_partner_has_no_such_field(api: Api) -> None:
    """What a program can never see is not in its schema."""
    answer = await api.ask(("partner", COUNTY), SEEN)
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def seen(api: Api, role: str, at: str) -> list[str]:
    """Today's captains a seat sees, by name."""
    found = await api.data((role, at), SEEN, f={"asOf": day(0)})
    return sorted(node["memberName"] for node in found["captainAssignments"]["nodes"])


async def test_who_sees_whom(api: Api, town: Town, peace: Peace) -> None:
    """Administrators their subtree, the captain its building, a member its own term, partners nobody."""
    assert await seen(api, "county_admin", COUNTY) == ["陈二"]
    assert await seen(api, "community_admin", COMMUNITY) == ["陈二"]
    assert await seen(api, "auditor", COUNTY) == ["陈二"]
    assert await seen(api, "captain", building_id(peace.first)) == ["陈二"]
    assert await seen(api, "captain", f"mb_{peace.present['id']}") == ["陈二"]
    assert await seen(api, "member", f"mb_{peace.present['id']}") == ["陈二"]
    for role, at in (
        ("county_admin", "350524"),
        ("community_admin", "350521100002"),
        ("captain", f"mb_{peace.former['id']}"),
        ("captain", building_id(peace.second)),
        ("member", f"mb_{peace.former['id']}"),
        ("property_committee", COUNTY),
    ):
        assert await seen(api, role, at) == [], (role, at)


async def test_the_captain_of_today_sees_the_building(api: Api, town: Town, peace: Peace) -> None:
    """With its history; whoever handed it over sees it no more, from that day on, and nothing runs at midnight."""
    for row, name in ((peace.present, "1号楼"), (peace.former, None)):
        found = await api.data(
            ("captain", f"mb_{row['id']}"), HISTORY, id=building_id(peace.first), day=str(FIRST + days(19))
        )
        if name is None:
            assert found == {"node": None}
        else:
            assert found["node"]["captain"]["memberName"] == "林一"
    today = await town.today()
    await town.hand_over(peace.first, peace.former, today + days(1))
    assert await seen(api, "captain", f"mb_{peace.former['id']}") == []
    assert await seen(api, "captain", f"mb_{peace.present['id']}") == ["陈二"]
    # A day later, as seen from the terms.
    await town.connection.execute("UPDATE captain_term SET until = until - 1 WHERE until = $1", today)
    await town.connection.execute("UPDATE captain_term SET since = $1 WHERE since > $1", today)
    assert await seen(api, "captain", f"mb_{peace.former['id']}") == ["林一"]


async def test_a_company_sees_the_captains_of_its_compounds_today(api: Api, town: Town, peace: Peace) -> None:
    """While it manages them; another company does not, nor the same one afterwards."""
    compound = {"id": peace.first["compound_id"], "unit_path": peace.first["unit_path"]}
    past, present = await town.company("旧家园物业", 1), await town.company("安居物业", 2)
    today = await town.today()
    await town.contract(compound, past, FIRST, today - days(1))
    await town.contract(compound, present, today)
    assert await seen(api, "company_secretary", f"co_{present['id']}") == ["陈二"]
    assert await seen(api, "company_secretary", f"co_{past['id']}") == []


async def test_who_reads_no_members_is_told_what_they_are_seated_at(api: Api, peace: Peace) -> None:
    """By its type and its name, and of the member nothing else; a captain at a building reads that."""
    own = "{ viewer { grants { seatType seatName seat { __typename } } } }"
    (held,) = (await api.data(("captain", f"mb_{peace.present['id']}"), own))["viewer"]["grants"]
    assert held == {"seatType": "Member", "seatName": "陈二", "seat": None}
    (held,) = (await api.data(("captain", building_id(peace.first)), own))["viewer"]["grants"]
    assert held == {"seatType": "Building", "seatName": "1号楼", "seat": {"__typename": "Building"}}
    for who in (ADMIN, ADMIN_OF_TOWN):
        (held,) = (await api.data(who, own))["viewer"]["grants"]
        assert held["seatType"] == held["seat"]["__typename"] == "OrgUnit"


async def test_what_a_former_captain_led_is_told_of_its_time_and_not_what_became_of_it(api: Api, peace: Peace) -> None:
    """Their own term stays, without the names of today; the present one's has them, as have those who see the house."""
    query = "{ captainAssignments { nodes { memberName buildingName compoundName since } } }"
    named = {"buildingName": "1号楼", "compoundName": "和平小区"}
    nameless = dict.fromkeys(named)
    former = {"memberName": "林一", "since": str(FIRST)}
    present = {"memberName": "陈二", "since": str(SECOND)}
    for role in ("member", "captain"):
        found = await api.data((role, f"mb_{peace.present['id']}"), query)
        assert present | named in found["captainAssignments"]["nodes"], role
        found = await api.data(("member", f"mb_{peace.former['id']}"), query)
        assert found["captainAssignments"]["nodes"] == [former | nameless]
    found = await api.data(("captain", f"mb_{peace.present['id']}"), query)
    assert found["captainAssignments"]["nodes"] == [former | named, present | named]
    found = await api.data(ADMIN, query)
    assert found["captainAssignments"]["nodes"] == [former | named, present | named]
