"""Texts of reports and visits go when they were kept as long as was set; the rows and what is counted of them stay."""

from typing import Any

import pytest

from services.audit.expiry import EXPIRED
from services.audit.retention import Dropped, retain
from services.audit.trail import verify
from services.settings import LEAST_TEXTS, Keep, SettingError, Settings
from tests.audit.people import NAME, mentions
from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY, COUNTY_ADMIN, Street, day, made

TOLD = """{
    residentReports(orderBy: [{field: REPORTED_ON, direction: ASC}]) {
        nodes { reportedOn status text spot outcome } totals { count byStatus { status count } }
    }
    instructorVisits(filter: {hasNextStep: true}) { nodes { visitedOn done nextStep } totals { count } }
}"""
ENTRIES = '{ auditEntries(filter: {command: "expireTexts"}) { nodes { detail place changes { totalCount } } } }'
A_YEAR = Keep(resident_reports=365, instructor_visits=365)


async def settled(api: Api, on: Street, reported: int, answered: int) -> None:
    """A report that was settled; in days from today."""
    given = {"buildingId": on.buildings[0], "kind": "OTHER", "text": f"{NAME}家漏水", "spot": f"{NAME}家门口"}
    report = await made(api, ADMIN, "recordReport", "residentReport", **given, reportedOn=day(reported))
    await api.do(ADMIN, "settleReport", "", id=report, outcome=f"{NAME}已报修", on=day(answered))


async def happened(api: Api, on: Street) -> None:
    """Reports settled long ago, of late and never, and two visits, after one of which something comes next."""
    await settled(api, on, -900, -366)
    await settled(api, on, -800, -365)
    never = {"buildingId": on.buildings[0], "kind": "OTHER", "text": f"{NAME}扰民", "reportedOn": day(-700)}
    await api.do(ADMIN, "recordReport", "", **never)
    term = {"companyId": on.companies[0], "memberId": on.members[0], "since": day(-80), "until": day(80)}
    post = await made(api, COUNTY_ADMIN, "appointInstructor", "post", **term)
    for days, told in ((-50, {"nextStep": f"再见{NAME}"}), (-51, {})):
        visit = {"postId": post, "visitedOn": day(days), "done": f"见{NAME}", **told}
        await api.do(COUNTY_ADMIN, "recordVisit", "", **visit)


async def test_nothing_expires_unless_it_is_set(api: Api, on: Street) -> None:
    """Nor sooner than a year, whatever is set."""
    await happened(api, on)
    assert await retain(api.connection, Keep()) == Dropped(0, 0, 0)
    for name in ("RESIDENT_REPORTS", "INSTRUCTOR_VISITS", "CORRECTION_REASONS"):
        with pytest.raises(SettingError):
            Settings.read({f"JINLIN_KEEP_{name}": str(LEAST_TEXTS - 1)})
        keep = Settings.read({f"JINLIN_KEEP_{name}": str(LEAST_TEXTS)}).keep
        assert getattr(keep, name.lower()) == LEAST_TEXTS
    assert Settings.read({}).keep == Keep()


async def test_what_is_past_loses_its_texts_and_is_counted_as_before(api: Api, on: Street) -> None:
    """What is not settled keeps them, and so does what was settled on the last of the days; twice is once."""
    await happened(api, on)
    before = await api.data(COUNTY_ADMIN, TOLD)
    dropped = await retain(api.connection, A_YEAR)
    assert (dropped.resident_reports, dropped.instructor_visits) == (1, 0)
    after = await api.data(COUNTY_ADMIN, TOLD)
    gone, *kept = before["residentReports"]["nodes"]
    assert after["residentReports"]["nodes"] == [gone | dict.fromkeys(("text", "spot", "outcome"), EXPIRED), *kept]
    assert after["residentReports"]["totals"] == before["residentReports"]["totals"]
    assert after["instructorVisits"] == before["instructorVisits"]
    assert await retain(api.connection, A_YEAR) == Dropped(0, 0, 0)


async def test_a_visit_s_days_count_from_when_it_was_recorded(api: Api, on: Street) -> None:
    """Whoever writes up an old visit today is not told tomorrow that it is gone; whether something comes next stays."""
    await happened(api, on)
    soon = Keep(instructor_visits=30)
    assert (await retain(api.connection, soon)).instructor_visits == 0
    await api.connection.execute("UPDATE instructor_visit SET recorded_on = visited_on")
    assert (await retain(api.connection, soon)).instructor_visits == 2
    (told,) = (await api.data(COUNTY_ADMIN, TOLD))["instructorVisits"]["nodes"]
    assert told == {"visitedOn": day(-50), "done": EXPIRED, "nextStep": EXPIRED}


async def test_it_is_on_record_by_numbers_alone(api: Api, on: Street) -> None:
    """An entry in the county, that its auditor reads; no text of it anywhere, and the chain holds."""
    await happened(api, on)
    await retain(api.connection, Keep(resident_reports=300))
    told: Any = await api.data(("auditor", COUNTY), ENTRIES)
    (entry,) = told["auditEntries"]["nodes"]
    assert entry == {"detail": '{"resident_reports": 2}', "place": ["惠安县"], "changes": {"totalCount": 0}}
    assert set(await mentions(api.connection, NAME)) == {
        "resident_report.text",  # the one that is not settled
        "instructor_visit.done",
        "instructor_visit.next_step",
    }
    assert await verify(api.connection) == []


async def test_reasons_go_with_what_they_are_about(api: Api, on: Street) -> None:
    """Of reports and visits as their texts, of all else by a setting of its own; while somebody is restricted, why."""
    report = {"buildingId": on.buildings[0], "kind": "OTHER", "text": "误记", "reportedOn": day(-1)}
    gone = await made(api, ADMIN, "recordReport", "residentReport", **report)
    await api.do(ADMIN, "strikeOutReport", "", id=gone, reason=f"{NAME}未反映")
    term = {"companyId": on.companies[0], "memberId": on.members[0], "since": day(-80), "until": day(80)}
    post = await made(api, COUNTY_ADMIN, "appointInstructor", "post", **term)
    visit = await made(api, COUNTY_ADMIN, "recordVisit", "instructorVisit", postId=post, visitedOn=day(-1), done="误记")
    await api.do(COUNTY_ADMIN, "strikeOutVisit", "", id=visit, reason=f"{NAME}未走访")
    await api.do(COUNTY_ADMIN, "correctPost", "", id=post, since=day(-79), reason=f"{NAME}记错")
    await api.do(COUNTY_ADMIN, "restrictMember", "", id=on.members[0], reason=f"{NAME}申请")
    nothing = Dropped(0, 0, 0)
    assert await retain(api.connection, Keep(resident_reports=1, instructor_visits=1, correction_reasons=1)) == nothing
    for keep, left in (  # in days from tomorrow on, as if that had come
        (Keep(resident_reports=-1), ["未走访", "申请", "记错"]),
        (Keep(instructor_visits=-1), ["申请", "记错"]),
        (Keep(correction_reasons=-1), ["申请"]),
    ):
        assert (await retain(api.connection, keep)).correction_reasons == 1
        kept = await api.connection.fetch("SELECT reason FROM correction WHERE reason <> $1", EXPIRED)
        assert sorted(row["reason"].removeprefix(NAME) for row in kept) == sorted(left)
    await api.do(COUNTY_ADMIN, "liftRestriction", "", id=on.members[0], reason="期满")
    assert (await retain(api.connection, Keep(correction_reasons=-1))).correction_reasons == 2
    assert await verify(api.connection) == []
