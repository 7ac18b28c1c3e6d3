"""Residents' reports: from the captain to the community, what is refused, and who reads them."""

from dataclasses import dataclass
from typing import Any

import pytest

from services.captains import commands as captains
from services.members.tables import NOBODY
from services.properties.tables import buildings
from services.storage.transaction import Record
from tests.captains.town import COMMUNITY, COUNTY, Town, days
from tests.writes.api import Api
from tests.writes.street import day

ADMIN = ("community_admin", COMMUNITY)
REPORT = """residentReport { id reportedOn kind text spot status outcome answeredOn version
    buildingName compoundName place building { name } unit { code } }"""
SEEN = "{ residentReports { nodes { text } } }"
TEXT = "楼道照明不亮"


@dataclass
class Home:
    """和平小区 with two buildings; the first has a captain and had another."""

    building: Record
    other: Record
    captain: tuple[str, str]
    former: tuple[str, str]

    def report(self, on: str = "", **given: Any) -> dict[str, Any]:
        """The input of a report in the first building, of today unless said otherwise."""
        return {"buildingId": f"bd_{self.building['id']}", "reportedOn": on or day(0), "kind": "REPAIR"} | {
            "text": TEXT,
            **given,
        }


@pytest.fixture
async def home(town: Town) -> Home:
    """Handed over a week ago."""
    compound, today = await town.compound("和平小区"), await town.today()
    first, second = [await town.building(compound, f"{number}号楼") for number in (1, 2)]
    former, present = await town.member("林一"), await town.member("陈二")
    await captains.assign(town.tx, building=first, member=former, since=today - days(30))
    await town.hand_over(first, present, today - days(7))
    return Home(first, second, ("captain", f"mb_{present['id']}"), ("captain", f"mb_{former['id']}"))


async def told(api: Api, who: tuple[str, str], command: str, **given: Any) -> Any:
    """What is refused: the code of the error, or of each user error with its field."""
    found = await api.attempt(who, command, **given)
    return found if isinstance(found, str) else [(each["code"], *each["field"][1:]) for each in found["userErrors"]]


async def test_from_the_captain_to_the_community(api: Api, home: Home) -> None:
    """Recorded, taken in hand and referred by the captain, settled by the community; each step shows the last."""
    given = home.report(day(-5), spot="一单元三层")
    report = (await api.do(home.captain, "recordReport", REPORT, **given))["residentReport"]
    of = {"id": report.pop("id")}
    assert report == {
        "reportedOn": day(-5),
        "kind": "REPAIR",
        "text": TEXT,
        "spot": "一单元三层",
        "version": 1,
        "status": "OPEN",
        "outcome": None,
        "answeredOn": None,
        "buildingName": "1号楼",
        "compoundName": "和平小区",
        "building": {"name": "1号楼"},
        "unit": None,
        "place": ["惠安县", "螺城镇", "北关社区居委会"],
    }

    async def step(who: tuple[str, str], command: str, version: int, on: str, outcome: str) -> tuple[Any, ...]:
        answer = {**of, "version": version, "on": on, "outcome": outcome}
        shown = (await api.do(who, command, REPORT, **answer))["residentReport"]
        return tuple(shown[name] for name in ("status", "outcome", "answeredOn", "version"))

    assert await step(home.captain, "answerReport", 1, day(-4), "已报修") == ("IN_HAND", "已报修", day(-4), 2)
    assert await step(home.captain, "referReport", 2, day(-3), "无人来修") == ("REFERRED", "无人来修", day(-3), 3)
    assert await step(ADMIN, "settleReport", 3, day(-1), "已修好") == ("DONE", "已修好", day(-1), 4)
    again = {**of, "version": 4, "on": day(0), "outcome": "又坏"}
    for command in ("answerReport", "referReport", "settleReport"):
        assert await told(api, ADMIN, command, **again) == [("CLOSED", "id")]
    assert await told(api, ADMIN, "updateReport", **of, version=4, text="改写") == [("CLOSED", "id")]
    struck = {**of, "version": 4, "reason": "重复"}
    assert await api.attempt(home.captain, "strikeOutReport", **struck) == "FORBIDDEN"
    left = await api.do(ADMIN, "strikeOutReport", "building { reports { totalCount } }", **struck)
    assert left["building"] == {"reports": {"totalCount": 0}}
    assert await api.connection.fetchval("SELECT reason FROM correction") == "重复"


async def test_what_became_of_it_is_found(api: Api, town: Town, home: Home) -> None:
    """From the report as long as it is there, from its building and its compound even when it is gone."""
    report = (await api.do(home.captain, "recordReport", REPORT, **home.report(day(-5))))["residentReport"]["id"]
    given = {"id": report, "on": day(-1), "outcome": "已修好", "version": 1}
    await api.do(home.captain, "answerReport", "", **given)
    auditor, order = ("auditor", COUNTY), "orderBy: {field: AT}"
    history = f"history({order}) {{ nodes {{ command building {{ id }} compound {{ id }} unit {{ code }} }} }}"
    of_report = f'{{ node(id: "{report}") {{ ... on ResidentReport {{ {history} }} }} }}'
    (recorded, answered) = (await api.data(auditor, of_report))["node"]["history"]["nodes"]
    assert (recorded["command"], answered["command"]) == ("recordReport", "answerReport")
    assert answered["building"] == {"id": f"bd_{home.building['id']}"}
    assert answered["unit"] == {"code": COMMUNITY}
    filtered = "{ auditEntries(filter: {targetResidentReport: {some: {kind: [REPAIR]}}}) { nodes { command } } }"
    assert (await api.data(auditor, filtered))["auditEntries"]["nodes"] == [{"command": "answerReport"}]
    await api.do(ADMIN, "strikeOutReport", "", id=report, version=2, reason="重复")
    of_building = f'{{ node(id: "bd_{home.building["id"]}") {{ ... on Building {{ {history} }} }} }}'
    found = (await api.data(auditor, of_building))["node"]["history"]["nodes"]
    assert [each["command"] for each in found] == ["recordReport", "answerReport", "strikeOutReport"]
    elsewhere = await town.building(await town.compound("另一小区"), "1号楼")
    at = home.report(buildingId=f"bd_{elsewhere['id']}")
    other = (await api.do(ADMIN, "recordReport", REPORT, **at))["residentReport"]["id"]
    await api.do(ADMIN, "strikeOutReport", "", id=other, version=1, reason="重复")
    of_compound = f'{{ node(id: "cp_{home.building["compound_id"]}") {{ ... on Compound {{ {history} }} }} }}'
    assert (await api.data(auditor, of_compound))["node"]["history"]["nodes"] == found


async def test_what_is_told(api: Api, town: Town, home: Home) -> None:
    """Days that are not to come and in order; a text; an open building; the version that was seen."""
    for wrong, field in (
        ({"reportedOn": day(1)}, "reportedOn"),
        ({"text": " "}, "text"),
        ({"text": "灯" * 501}, "text"),
        ({"spot": "灯" * 51}, "spot"),
    ):
        assert await told(api, ADMIN, "recordReport", **home.report() | wrong) == [("INVALID", field)]
    made = (await api.do(ADMIN, "recordReport", REPORT, **home.report(day(-3))))["residentReport"]
    of: dict[str, Any] = {"id": made["id"], "version": 1}
    for field in ("reportedOn", "kind", "text"):
        assert await told(api, ADMIN, "updateReport", **of, **{field: None}) == [("INVALID", field)]
    for wrong, field in (
        ({"on": day(-4)}, "on"),
        ({"on": day(1)}, "on"),
        ({"outcome": ""}, "outcome"),
    ):
        answer = {**of, "on": day(-2), "outcome": "已报修", **wrong}
        assert await told(api, ADMIN, "settleReport", **answer) == [("INVALID", field)]
    await api.do(ADMIN, "answerReport", "", **of, on=day(-2), outcome="已报修")
    assert await told(api, ADMIN, "updateReport", **of, kind="SAFETY") == "CONFLICT"
    of["version"] = 2
    assert await told(api, ADMIN, "settleReport", **of, on=day(-3), outcome="好") == [("INVALID", "on")]
    assert await told(api, ADMIN, "updateReport", **of, reportedOn=day(-1)) == [("INVALID", "reportedOn")]
    changed = (await api.do(ADMIN, "updateReport", REPORT, **of, kind="SAFETY", reportedOn=day(-2)))["residentReport"]
    assert (changed["kind"], changed["reportedOn"], changed["text"]) == ("SAFETY", day(-2), TEXT)
    await town.tx.update(buildings, home.other["id"], closed_on=await town.today())
    closed = home.report() | {"buildingId": f"bd_{home.other['id']}"}
    assert await told(api, ADMIN, "recordReport", **closed) == [("CLOSED", "buildingId")]


async def test_who_may_and_who_reads(api: Api, town: Town, home: Home) -> None:
    """The captain of today, the community and those above it; the company that manages the compound reads."""
    company = await town.company("安居物业")
    managing = ("company_secretary", f"co_{company['id']}")
    compound = {"id": home.building["compound_id"], "unit_path": home.building["unit_path"]}
    refused = ("FORBIDDEN", "NOT_FOUND")
    outside = (
        *(home.former, managing, ("community_admin", "350521100002"), ("captain", f"bd_{home.other['id']}")),
        *(("property_committee", COUNTY), ("member", home.captain[1])),
    )
    for who in (*outside, ("auditor", COUNTY)):
        assert await api.attempt(who, "recordReport", **home.report()) in refused, who
    await api.do(("captain", f"bd_{home.building['id']}"), "recordReport", "", **home.report())

    async def seen(who: tuple[str, str]) -> list[str]:
        found = (await api.data(who, SEEN))["residentReports"]
        return [] if found is None else [node["text"] for node in found["nodes"]]

    for who in (home.captain, ADMIN, ("town_admin", "350521100"), ("county_admin", COUNTY), ("auditor", COUNTY)):
        assert await seen(who) == [TEXT], who
    for who in outside:
        assert await seen(who) == [], who
    await town.contract(compound, company, await town.today())
    assert await seen(managing) == [TEXT]
    assert await api.attempt(managing, "recordReport", **home.report()) == "FORBIDDEN"


async def test_filters_and_numbers(api: Api, home: Home) -> None:
    """By state, kind and day, under a unit; totals in groups; the indicator counts what is not settled."""
    for kind, command in (("REPAIR", "settleReport"), ("SAFETY", "referReport"), ("SAFETY", None)):
        made = (await api.do(ADMIN, "recordReport", REPORT, **home.report(day(-3), kind=kind)))["residentReport"]
        if command:
            await api.do(ADMIN, command, "", id=made["id"], version=1, on=day(-1), outcome="已办")
    query = """query($filter: ResidentReportFilter, $under: [String!]) {
        residentReports(filter: $filter, under: $under) { totals { count buildings
            byStatus { status count } byKind { kind count buildings } } }
        orgUnit(by: {code: "350521100001"}) { indicators { openReports } } }"""

    async def totals(under: str = COUNTY, **conditions: Any) -> Any:
        found = await api.data(("county_admin", COUNTY), query, filter=conditions, under=[under])
        assert found["orgUnit"]["indicators"] == {"openReports": 2}
        return found["residentReports"]["totals"]

    assert await totals() == {
        "count": 3,
        "buildings": 1,
        "byStatus": [{"status": name, "count": 1} for name in ("OPEN", "REFERRED", "DONE")],
        "byKind": [{"kind": "REPAIR", "count": 1, "buildings": 1}, {"kind": "SAFETY", "count": 2, "buildings": 1}],
    }
    assert (await totals(status=["OPEN", "DONE"]))["count"] == 2
    assert (await totals(kind=["REPAIR"]))["count"] == 1
    assert (await totals(answeredOn={"from": day(-1)}))["count"] == 2
    assert (await totals(reportedOn={"to": day(-4)}))["count"] == 0
    assert (await totals(under="350521101"))["count"] == 0


async def test_nothing_of_it_is_told_by_the_trail(api: Api, home: Home) -> None:
    """Texts may name someone."""
    made = (await api.do(ADMIN, "recordReport", REPORT, **home.report(spot="一单元")))["residentReport"]
    await api.do(ADMIN, "answerReport", "", id=made["id"], version=1, on=day(0), outcome="已报修")
    rows = await api.connection.fetch("SELECT after::text FROM audit_change WHERE table_name = 'resident_report'")
    assert len(rows) == 2
    for text in (TEXT, "一单元", "已报修"):
        assert text not in str(rows)


async def test_a_deleted_person_is_named_in_no_report(api: Api, home: Home) -> None:
    """Whatever became of it."""
    given = home.report(text="林一家漏水", spot="林一家门口")
    made = (await api.do(ADMIN, "recordReport", REPORT, **given))["residentReport"]
    await api.do(ADMIN, "answerReport", "", id=made["id"], version=1, on=day(0), outcome="已告知林一")
    await api.do(("county_admin", COUNTY), "deletePerson", "", id=home.former[1])
    (row,) = await api.connection.fetch("SELECT text, spot, outcome FROM resident_report")
    assert tuple(row) == (f"{NOBODY}家漏水", f"{NOBODY}家门口", f"已告知{NOBODY}")


async def test_open_on_a_day(api: Api, home: Home) -> None:
    """From the day it was reported until the day it was settled; what is only in hand is open still."""
    for on, command in ((day(-9), "settleReport"), (day(-5), "answerReport")):
        made = (await api.do(ADMIN, "recordReport", REPORT, **home.report(on)))["residentReport"]
        await api.do(ADMIN, command, "", id=made["id"], version=1, on=day(-3), outcome="已办")
    query = """query($on: Date!, $since: Date!) { orgUnit(by: {code: "350521100001"}) {
        indicators(asOf: $on) { openReports change(since: $since) { openReports } } } }"""

    async def found(on: str, since: str) -> tuple[int, int]:
        numbers = (await api.data(ADMIN, query, on=on, since=since))["orgUnit"]["indicators"]
        return numbers["openReports"], numbers["change"]["openReports"]

    told = [await found(day(on), day(-4)) for on in (-10, -9, -6, -5, -4, -3, 0)]
    assert told == [(0, -2), (1, -1), (1, -1), (2, 0), (2, 0), (1, -1), (1, -1)]
