"""Evaluations of rotating chairs: by town and by community, once a year and side, read by both."""

from typing import Any

import pytest
from sqlalchemy import update

from services.members.tables import NOBODY
from services.organization.tables import party_organizations
from tests.captains.town import COMMUNITY, COUNTY, Town
from tests.days import today
from tests.writes.api import Api

ADMIN, TOWN_ADMIN, COUNTY_ADMIN = ("community_admin", COMMUNITY), ("town_admin", "350521100"), ("county_admin", COUNTY)
EVALUATION = """chairEvaluation { id year by grade remark version partyOrganizationName place
    partyOrganization { name } unit { code } }"""
SEEN = "{ chairEvaluations { nodes { by grade } } }"
LAST = today().year - 1


@pytest.fixture
async def body(town: Town) -> str:
    """A community's organization; its global id."""
    return f"po_{(await town.organization('社区党委'))['id']}"


async def told(api: Api, who: tuple[str, str], command: str, **given: Any) -> Any:
    """What is refused: the code of the error, or of each user error with its field."""
    found = await api.attempt(who, command, **given)
    return found if isinstance(found, str) else [(each["code"], *each["field"][1:]) for each in found["userErrors"]]


async def test_each_side_once_a_year(api: Api, body: str) -> None:
    """Recorded by each, corrected by each its own, struck out by the town."""
    given: dict[str, Any] = {"partyOrganizationId": body, "year": LAST, "grade": "B"}
    own = (await api.do(ADMIN, "recordCommunityEvaluation", EVALUATION, **given, remark="尽责"))["chairEvaluation"]
    towns = (await api.do(TOWN_ADMIN, "recordTownEvaluation", EVALUATION, **given | {"grade": "A"}))["chairEvaluation"]
    assert (towns["by"], towns["grade"], towns["remark"]) == ("TOWN", "A", None)
    id_ = own.pop("id")
    assert own == {
        "year": LAST,
        "by": "COMMUNITY",
        "grade": "B",
        "remark": "尽责",
        "version": 1,
        "unit": {"code": COMMUNITY},
        "partyOrganizationName": "社区党委",
        "partyOrganization": {"name": "社区党委"},
        "place": ["惠安县", "螺城镇", "北关社区居委会"],
    }
    assert await told(api, ADMIN, "recordCommunityEvaluation", **given) == "CONFLICT"
    assert await told(api, TOWN_ADMIN, "recordTownEvaluation", **given) == "CONFLICT"
    change: dict[str, Any] = {"id": id_, "version": 1, "grade": "C", "remark": None}
    assert await told(api, TOWN_ADMIN, "updateTownEvaluation", **change) == [("INVALID", "id")]
    changed = (await api.do(ADMIN, "updateCommunityEvaluation", EVALUATION, **change))["chairEvaluation"]
    assert (changed["grade"], changed["remark"], changed["version"]) == ("C", None, 2)
    assert await told(api, ADMIN, "updateCommunityEvaluation", **change) == "CONFLICT"
    of_town: dict[str, Any] = {"id": towns["id"], "version": 1}
    assert await told(api, ADMIN, "updateCommunityEvaluation", **of_town, grade="D") == [("INVALID", "id")]
    assert await told(api, ADMIN, "updateTownEvaluation", **of_town, grade="D") == "FORBIDDEN"
    assert await told(api, TOWN_ADMIN, "updateTownEvaluation", **of_town, grade=None) == [("INVALID", "grade")]
    gone = {"id": id_, "version": 2, "reason": "记错"}
    assert await told(api, ADMIN, "strikeOutEvaluation", **gone) == "FORBIDDEN"
    select = "partyOrganization { evaluations { nodes { by } } }"
    left = await api.do(TOWN_ADMIN, "strikeOutEvaluation", select, **gone)
    assert left["partyOrganization"] == {"evaluations": {"nodes": [{"by": "TOWN"}]}}


async def test_what_is_told(api: Api, town: Town, body: str) -> None:
    """A year that has come, and in which the organization was not closed yet; a remark that can be shown."""
    given: dict[str, Any] = {"partyOrganizationId": body, "grade": "A"}
    for year in (today().year + 1, 1999):
        assert await told(api, TOWN_ADMIN, "recordTownEvaluation", **given, year=year) == [("INVALID", "year")]
    for remark in ("", "好" * 501):
        said = {**given, "year": LAST, "remark": remark}
        assert await told(api, ADMIN, "recordCommunityEvaluation", **said) == [("INVALID", "remark")]
    closed = update(party_organizations).where(party_organizations.c.name == "社区党委")
    await town.tx.rows(closed.values(closed_on=today().replace(year=LAST, day=1)))
    closing = [("CLOSED", "partyOrganizationId")]
    assert await told(api, TOWN_ADMIN, "recordTownEvaluation", **given, year=today().year) == closing
    await api.do(TOWN_ADMIN, "recordTownEvaluation", "", **given, year=LAST)


async def test_who_may_and_who_reads(api: Api, town: Town, body: str) -> None:
    """The town's is the town's to record; both read both, and so do auditors."""
    given: dict[str, Any] = {"partyOrganizationId": body, "year": LAST, "grade": "A"}
    outside = (
        *(("community_admin", "350521100002"), ("town_admin", "350521101"), ("county_admin", "350524")),
        *(("property_committee", COUNTY), ("member", f"mb_{(await town.member('林一'))['id']}")),
    )
    for command in ("recordTownEvaluation", "recordCommunityEvaluation"):
        for who in (*outside, ("auditor", COUNTY)):
            assert await api.attempt(who, command, **given) in ("FORBIDDEN", "NOT_FOUND"), who
    assert await api.attempt(ADMIN, "recordTownEvaluation", **given) == "FORBIDDEN"
    await api.do(ADMIN, "recordCommunityEvaluation", "", **given)
    await api.do(COUNTY_ADMIN, "recordTownEvaluation", "", **given)
    both = [{"by": "TOWN", "grade": "A"}, {"by": "COMMUNITY", "grade": "A"}]
    for who in (ADMIN, TOWN_ADMIN, COUNTY_ADMIN, ("auditor", COUNTY)):
        found = (await api.data(who, SEEN))["chairEvaluations"]["nodes"]
        assert sorted(found, key=both.index) == both, who
    for who in outside:
        nothing = (await api.data(who, SEEN))["chairEvaluations"]
        assert nothing is None or nothing["nodes"] == [], who


async def test_filters_and_numbers(api: Api, body: str) -> None:
    """By year, side and grade, under a unit; totals in groups. What may name someone is not told by the trail."""
    for year, grade in ((LAST - 1, "A"), (LAST, "B")):
        given: dict[str, Any] = {"partyOrganizationId": body, "year": year, "remark": "林一尽责"}
        await api.do(TOWN_ADMIN, "recordTownEvaluation", "", **given, grade=grade)
        await api.do(ADMIN, "recordCommunityEvaluation", "", **given, grade="B")
    query = """query($filter: ChairEvaluationFilter, $under: [String!]) {
        chairEvaluations(filter: $filter, under: $under, orderBy: {field: YEAR}) {
            nodes { year } totals { count partyOrganizations byGrade { year by grade count } } } }"""

    async def totals(under: str = COUNTY, **conditions: Any) -> Any:
        found = await api.data(COUNTY_ADMIN, query, filter=conditions, under=[under])
        return found["chairEvaluations"]["totals"]

    whole = await totals()
    assert (whole["count"], whole["partyOrganizations"]) == (4, 1)
    assert {(each["year"], each["by"], each["grade"], each["count"]) for each in whole["byGrade"]} == {
        (LAST - 1, "TOWN", "A", 1),
        (LAST - 1, "COMMUNITY", "B", 1),
        (LAST, "TOWN", "B", 1),
        (LAST, "COMMUNITY", "B", 1),
    }
    assert (await totals(year={"from": LAST}))["count"] == 2
    assert (await totals(by=["TOWN"], grade=["A"]))["count"] == 1
    assert (await totals(grade=["B"]))["count"] == 3
    assert (await totals("350521101"))["count"] == 0
    rows = await api.connection.fetch("SELECT after::text FROM audit_change WHERE table_name = 'chair_evaluation'")
    assert len(rows) == 4
    assert "林一" not in str(rows)


async def test_a_deleted_person_is_named_in_no_remark(api: Api, town: Town, body: str) -> None:
    guest = (await town.member("王五"))["id"]
    given: dict[str, Any] = {"partyOrganizationId": body, "year": LAST, "grade": "A", "remark": "王五尽责"}
    await api.do(ADMIN, "recordCommunityEvaluation", "", **given)
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=f"mb_{guest}")
    assert await api.connection.fetchval("SELECT remark FROM chair_evaluation") == f"{NOBODY}尽责"
