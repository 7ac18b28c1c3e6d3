"""Free text that may name somebody, kept no longer than is set: of reports, visits and reasons.

The row stays, with its days, its kind and whatever is counted of it; each of its texts gives way to one that says so.
Nothing of this expires unless a setting says when. What is on record of it are numbers of rows, a county each.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Table, and_, case, cast, func, or_, select, update

from services.audit.events import Event
from services.audit.tables import entries, event
from services.households.tables import visits as home_visits
from services.members.tables import members
from services.organization.paths import at_or_beneath
from services.organization.tables import OrgLevel, units
from services.settings import Keep
from services.storage.correcting import corrections
from services.storage.tables import aliased, counted
from services.storage.transaction import Transaction
from services.visits.tables import ReportStatus, reports, visits

EXPIRED = "已过保存期限 no longer kept"


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a table, and which rows are past a day. `name` is that of their number, `keep` of the setting."""

    name: str
    keep: str
    table: Table
    columns: tuple[str, ...]
    past: Callable[[Any, date], ColumnElement[bool]]


Commands = Callable[[ColumnElement[Any]], ColumnElement[bool]]
STRUCK_OUT = (
    "strikeOutReport",
    "strikeOutVisit",
    "strikeOutHomeVisit",
)  # why is kept as long as what was struck out would have been


def _given_before(of: Commands, correction: Any, day: date) -> ColumnElement[bool]:
    """Whether a reason was given before a day for one of these commands, and is not that of a restriction in force."""
    entry, member = aliased(entries), aliased(members)
    given = select(entry.c.id).where(entry.c.id == correction.entry_id, of(entry.c.command))
    restricted = select(member.c.id).where(member.c.id == correction.row_id, member.c.restricted_on.is_not(None))
    return and_(given.where(cast(entry.c.at, Date) < day).exists(), ~restricted.exists())


# A report is kept whole until it is settled, however long that takes; a visit's days count from when it was recorded.
TEXTS = (
    Texts(
        "resident_reports",
        "resident_reports",
        reports,
        ("text", "spot", "outcome"),
        lambda report, day: and_(report.status == ReportStatus.DONE, report.answered_on < day),
    ),
    Texts(
        "instructor_visits",
        "instructor_visits",
        visits,
        ("done", "next_step"),
        lambda visit, day: func.greatest(visit.visited_on, visit.recorded_on) < day,
    ),
    Texts(
        "home_visits",
        "home_visits",
        home_visits,
        ("outcome", "next_step"),
        lambda visit, day: func.greatest(visit.visited_on, visit.recorded_on) < day,
    ),
    *(
        Texts("correction_reasons", keep, corrections, ("reason",), partial(_given_before, of))
        for keep, of in (
            ("resident_reports", lambda command: command == "strikeOutReport"),
            ("instructor_visits", lambda command: command == "strikeOutVisit"),
            ("home_visits", lambda command: command == "strikeOutHomeVisit"),
            ("correction_reasons", lambda command: command.not_in(STRUCK_OUT)),
        )
    ),
)


async def expire(tx: Transaction, keep: Keep) -> Mapping[str, int]:
    """Let go of the texts that were kept long enough; of how many rows, by the names of the settings."""
    gone: dict[str, Counter[UUID | None]] = {texts.name: Counter() for texts in TEXTS}
    for texts in TEXTS:
        gone[texts.name].update(await _by_county(tx, texts, getattr(keep, texts.keep)))
    for county in {county: None for found in gone.values() for county in found}:
        detail = {name: found[county] for name, found in gone.items() if county in found}
        await event(tx.connection, Event.EXPIRE_TEXTS, unit_id=county, detail=detail)
    return {name: sum(found.values()) for name, found in gone.items()}


async def _by_county(tx: Transaction, texts: Texts, days: int | None) -> Mapping[UUID | None, int]:
    """Of how many rows the texts went, by the county these lie in, or by None where they lie in none."""
    if days is None:
        return {}
    row = texts.table.c
    said = [row[name] for name in texts.columns]
    kept = or_(*(text.is_not(None) & (text != EXPIRED) for text in said))
    emptied = {text.name: case((text.is_not(None), EXPIRED)) for text in said}
    past = texts.past(row, await tx.today() - timedelta(days=days))
    change = update(texts.table).where(past, kept).values(**counted(texts.table), **emptied)
    gone = change.returning(row.unit_path).cte("gone")
    county = aliased(units)
    above = and_(county.c.level == OrgLevel.COUNTY, at_or_beneath(gone.c.unit_path, county.c.path))
    found = select(county.c.id, func.count().label("rows")).select_from(gone.outerjoin(county, above))
    return {each["id"]: each["rows"] for each in await tx.rows(found.group_by(county.c.id))}
