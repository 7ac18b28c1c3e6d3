"""Reports on deliberation are published once their period is over, and put right by a further edition.

The words are put right. The numbers stay those of the first edition: who was merged in since had none of them.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from services.deliberation.counting import numbers
from services.deliberation.report_tables import MONTHS, DeliberationReportKind, reports
from services.errors import ProblemCode, rejected
from services.names import proper
from services.organization.tables import OrgLevel
from services.properties.tables import Grade
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid

LONGEST, WHY = 500, 100  # characters of the text, and of a reason
COUNTED = ("proposed", "carried_out", "late")


async def publish(
    tx: Transaction, *, unit: Record, kind: DeliberationReportKind, year: int, number: int, text: str
) -> UUID:
    """Publish a quarter's or a half-year's, today; its id. Rejected before it is over, and once there is one."""
    if kind is DeliberationReportKind.YEAR:
        zh, en = "年终评议由乡镇、街道作出。", "A year is for the town to assess."
        raise rejected(ProblemCode.INVALID, "kind", zh, en)
    return await _publish(tx, unit, {"kind": kind, "year": year, "number": number}, text)


async def assess(tx: Transaction, *, unit: Record, year: int, grade: Grade, text: str) -> UUID:
    """Assess a year of a community, today; its id. Rejected likewise, and for other units."""
    if unit["level"] != OrgLevel.COMMUNITY:
        raise rejected(ProblemCode.INVALID, "unit", "只评议村、社区。", "Only communities are assessed.")
    return await _publish(
        tx, unit, {"kind": DeliberationReportKind.YEAR, "year": year, "number": 1, "grade": grade}, text
    )


async def correct(tx: Transaction, *, report: Record, text: str, reason: str) -> UUID:
    """Publish a further edition of a quarter's or a half-year's, today; its id. Rejected where there is a later one."""
    if report["kind"] == DeliberationReportKind.YEAR:
        zh, en = "年终评议由乡镇、街道更正。", "A year's is for the town to correct."
        raise rejected(ProblemCode.INVALID, "report", zh, en)
    return await _again(tx, report, text, reason, None)


async def assess_again(tx: Transaction, *, report: Record, grade: Grade, text: str, reason: str) -> UUID:
    """The same of a year's assessment; its id."""
    if report["kind"] != DeliberationReportKind.YEAR:
        raise rejected(ProblemCode.INVALID, "report", "这不是年终评议。", "This is no year's assessment.")
    return await _again(tx, report, text, reason, grade)


async def _again(tx: Transaction, report: Record, text: str, reason: str, grade: Grade | None) -> UUID:
    amiss, said = Amiss(), dict[str, Any]()
    for name, given, longest in (("text", text, LONGEST), ("reason", reason, WHY)):
        with amiss.within():
            said[name] = proper(name, given, longest)
    amiss.check()
    period = {name: report[name] for name in ("of_id", "kind", "year", "number")}
    same = (reports.c[name] == value for name, value in period.items())
    if await tx.value(select(exists().where(*same, reports.c.edition > report["edition"]))):
        zh, en = "该报告已有更新的版本，请更正最新的。", "There is a later edition: correct that one."
        raise rejected(ProblemCode.CLOSED, "report", zh, en)
    kept = {name: report[name] for name in ("unit_path", *COUNTED)}
    edition = {"edition": report["edition"] + 1, "published_on": await tx.today(), "grade": grade}
    return await tx.insert(reports, **kept, **period, **edition, **said)


async def _publish(tx: Transaction, unit: Record, of: dict[str, Any], text: str) -> UUID:
    amiss, today, said, days = Amiss(), await tx.today(), "", (date.max, date.max)
    with amiss.within():
        valid(reports, {name: of[name] for name in ("year", "number")})
        days = _over(DeliberationReportKind(of["kind"]), of["year"], of["number"], today)
    with amiss.within():
        said = proper("text", text, LONGEST)
    amiss.check()
    counted = await numbers(tx, unit["path"], *days)
    return await tx.insert(reports, unit_path=unit["path"], **of, **counted, text=said, published_on=today)


def _over(kind: DeliberationReportKind, year: int, number: int, today: date) -> tuple[date, date]:
    """The first and the last day of a period; Rejected for one that is none, or is not over yet."""
    most = 12 // MONTHS[kind]
    if number > most:
        raise rejected(ProblemCode.INVALID, "number", f"须为 1 至 {most}。", f"This must be 1 to {most}.")
    months = number * MONTHS[kind]
    after = date(year + months // 12, months % 12 + 1, 1)
    if today < after:
        zh, en = "该期尚未结束。", "This period is not over yet."
        raise rejected(ProblemCode.INVALID, "year", zh, en)
    return date(year, months - MONTHS[kind] + 1, 1), after - timedelta(days=1)
