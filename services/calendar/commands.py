"""Years are announced by a county, changed and withdrawn; the calendar of a place is made of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import Select, Table, delete, func, literal, or_, select
from sqlalchemy import update as change

from services.calendar.tables import WAITS, Waits, calendar_years, told
from services.calendar.working import Calendar, NotAnnouncedError, Year
from services.errors import ProblemCode, Rejected, rejected
from services.names import proper
from services.organization.paths import at_or_above, at_or_beneath
from services.organization.tables import units
from services.storage import correcting
from services.storage.tables import ARRIVED, BYTEWISE, METADATA
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid

MOST = 120  # days of one year that are off beside its weekends, or worked in their place
SATURDAY = 6
LOADING = 1081  # the lock of whoever loads a year, and of those who have a deadline wait for one


class Days(TypedDict, total=False):
    """What an update may change."""

    days_off: Sequence[date] | None
    days_worked: Sequence[date] | None


async def calendar_at(tx: Transaction, path: str) -> Calendar:
    """The days as they are counted at the unit of this path: by what it, or the nearest above it, loaded."""
    line = [path[: at + 1] for at, character in enumerate(path) if character == "/"]
    loaded = select(calendar_years).where(calendar_years.c.unit_path.in_(line)).order_by(calendar_years.c.unit_path)
    found = await tx.rows(loaded)  # the nearest comes last, and stays
    return Calendar({row["year"]: Year(frozenset(row["days_off"]), frozenset(row["days_worked"])) for row in found})


async def due_at(tx: Transaction, path: str, day: date, days: int) -> dict[str, Any]:
    """The columns of a deadline so many working days after a day, by the calendar of the unit of this path."""
    return await as_known(tx, path, ("due_after",), lambda calendar: told(calendar.due(day, days)))


async def as_known(
    tx: Transaction, path: str, after: Iterable[str], counted: Callable[[Calendar], dict[str, Any]]
) -> dict[str, Any]:
    """The columns of deadlines as they are counted by the calendar of the unit of this path.

    Where one waits for a year (it has a day `after` which), nobody is loading one at the same moment: what waits would
    not be counted on.
    """
    found = counted(await calendar_at(tx, path))
    if any(found[name] for name in after):
        await tx.rows(select(func.pg_advisory_xact_lock_shared(LOADING)))
        found = counted(await calendar_at(tx, path))
    return found


def not_announced(field: str, error: NotAnnouncedError) -> Rejected:
    """What a command says of a day that lies in a year nobody announced yet."""
    zh = f"{error.year} 年的工作日安排尚未公布，请等待公布，或由县级先行登记。"
    en = f"The working days of {error.year} are not announced yet: wait for them, or have the county load the year."
    return rejected(ProblemCode.INVALID, field, zh, en)


async def announce(
    tx: Transaction, *, unit: Record, year: int, days_off: Sequence[date], days_worked: Sequence[date]
) -> UUID:
    """Load a year, and count on what waited for it at the unit or below; its row's id.

    Rejected where a day lies in another year, is named twice, or would be worked anyhow. A conflict where the unit has
    loaded that year already.
    """
    values = valid(calendar_years, {"year": year})
    days = _checked(year, {"days_off": days_off, "days_worked": days_worked})
    made = await tx.insert(calendar_years, unit_path=unit["path"], **values, **days)
    await _count_on(tx, unit["path"])
    return made


async def update(tx: Transaction, *, calendar_year: Record, **changes: Unpack[Days]) -> UUID:
    """Change what is given of a year; its id. Rejected as `announce` is.

    What was due by the former days stays due, and what waits still is counted on as far as it can be.
    """
    given: dict[str, Any] = {**{name: calendar_year[name] for name in ("days_off", "days_worked")}, **changes}
    await tx.update(calendar_years, calendar_year["id"], **_checked(calendar_year["year"], given))
    await _count_on(tx, calendar_year["unit_path"])
    changed: UUID = calendar_year["id"]
    return changed


async def withdraw(tx: Transaction, *, calendar_year: Record, reason: str) -> UUID:
    """Remove a year that should not be there, or is announced for all by now; the unit's id."""
    await correcting.note(tx, calendar_year, proper("reason", reason))
    await tx.rows(delete(calendar_years).where(calendar_years.c.id == calendar_year["id"]))
    unit: UUID = await tx.value(select(units.c.id).where(units.c.path == calendar_year["unit_path"]))
    return unit


async def _arrived(tx: Transaction, path: str) -> None:
    """Count on what waits where something came to lie at a path, and its year may be loaded."""
    for table in _waiting_tables():
        if await tx.row(_waiting(table, path).limit(1)):
            return await _count_on(tx, path)
    return None


calendar_years.info[ARRIVED] = _arrived


async def _count_on(tx: Transaction, path: str) -> None:
    """Count what waits for a year at a unit, below or above, each by the calendar of its own unit."""
    for table in _waiting_tables():  # whoever has one wait holds it before the lock, and so do we
        await tx.rows(_waiting(table, path))
    await tx.rows(select(func.pg_advisory_xact_lock(LOADING)))
    calendars: dict[str, Calendar] = {}
    for table in _waiting_tables():
        waits: Waits = table.info[WAITS]
        alike: dict[tuple[tuple[str, Any], ...], list[UUID]] = {}
        for row in await tx.rows(_waiting(table, path)):
            at = row["unit_path"]
            calendars[at] = calendars.get(at) or await calendar_at(tx, at)
            counted = waits.counted(calendars[at], row)
            if any(row[name] != value for name, value in counted.items()):
                alike.setdefault(tuple(counted.items()), []).append(row["id"])
        more = {"version": table.c.version + 1} if "version" in table.c else {}
        for known, rows in alike.items():
            await tx.rows(change(table).where(table.c.id.in_(rows)).values(**dict(known), **more))


def _waiting_tables() -> Iterator[Table]:
    return (each for each in METADATA.sorted_tables if WAITS in each.info)


def _waiting(table: Table, path: str) -> Select[Any]:
    """What waits at a path, below or above: a matter that followed a compound may lie above what moved."""
    lies, top = table.c.unit_path, literal(path, BYTEWISE)
    waits = or_(*(table.c[name].is_not(None) for name in table.info[WAITS].after))
    there = waits, or_(at_or_beneath(lies, top), at_or_above(lies, top))
    return select(table).where(*there).order_by(table.c.id).with_for_update()


def _checked(year: int, given: dict[str, Sequence[date] | None]) -> dict[str, list[date]]:
    amiss = Amiss()
    days = {name: _of_one_year(amiss, name, year, listed) for name, listed in given.items()}
    for day in days["days_worked"]:
        if day.isoweekday() < SATURDAY:
            zh, en = f"{day} 不是周末，本来就是工作日。", f"{day} is no weekend day: it is worked anyhow."
            amiss.tell(ProblemCode.INVALID, "days_worked", zh, en)
    for day in {*days["days_worked"]}.intersection(days["days_off"]):
        zh, en = f"{day} 既列为休息又列为上班。", f"{day} is both off and worked."
        amiss.tell(ProblemCode.INVALID, "days_worked", zh, en)
    amiss.check()
    return days


def _of_one_year(amiss: Amiss, field: str, year: int, listed: Iterable[date] | None) -> list[date]:
    days = sorted(listed or ())
    if listed is None:
        amiss.tell(
            ProblemCode.INVALID, field, "不能为空，没有请给空列表。", "This must not be null: an empty list is none."
        )
    if len(days) > MOST:
        amiss.tell(ProblemCode.INVALID, field, f"最多 {MOST} 天。", f"{MOST} days at most.")
    elif other := next((day for day in days if day.year != year), None):
        amiss.tell(ProblemCode.INVALID, field, f"{other} 不在 {year} 年。", f"{other} does not lie in {year}.")
    elif len({*days}) < len(days):
        amiss.tell(ProblemCode.INVALID, field, "有重复的日期。", "A day is named twice.")
    return days
