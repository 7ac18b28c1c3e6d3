"""Terms: what holds from one day until another, both included; without an end as long as nobody ends it.

Days are those of Asia/Shanghai, the time zone of every session of the service. That two terms never overlap is kept
by exclusion constraints, `EXCLUDE USING gist (building_id WITH =, daterange(since, until, '[]') WITH &&)`.
"""

from datetime import date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Column, ColumnElement, Date, ForeignKey, and_, func, or_

from services.errors import ProblemCode, Rule, rejected

# In a column's `info`: the column beside it that names the row it tells of (services/storage/references.py).
TELLS_OF = "tells_of"
YEARS = range(1900, 2200)  # of any date: what lies outside was mistyped, and 9999-12-31 is infinity to the driver
EARLIEST = date(1949, 10, 1)
AHEAD = timedelta(days=731)  # two years
BACK = timedelta(days=92)  # a quarter: whoever hands over, ends or closes records what has just happened, no history
CHINA = timezone(timedelta(hours=8))  # Asia/Shanghai has had no summer time since 1991


# What commands say of such a term, and the constraints `…_term_check`, alike.
BACKWARDS = Rule("until", "不能在开始之前结束。", "It cannot end before it begins.", ProblemCode.INVALID)


def forwards(since: date, until: date | None, field: str = "until") -> None:
    """Reject, for the field, a last day that lies before the first."""
    if until is not None and until < since:
        raise BACKWARDS.refusal(field)


def term() -> tuple[Column[Any], Column[Any]]:
    """The columns `since` and `until`."""
    return Column("since", Date, nullable=False), Column("until", Date)


def cutting(table: str) -> tuple[Column[Any], ...]:
    """The columns of a term that cuts another to begin: which one, and the end that one had before."""
    cut: Column[Any] = Column("cut_id", ForeignKey(f"{table}.id", ondelete="SET NULL"))
    return cut, Column("cut_until", Date, info={TELLS_OF: "cut_id"})


def moving() -> tuple[Column[Any], ...]:
    """The columns of a term that ends as its member goes elsewhere: by which term in a grid, and the end before."""
    return Column("moved_id", ForeignKey("grid_term.id", ondelete="SET NULL")), Column("before_move", Date)


def closing() -> tuple[Column[Any], ...]:
    """The columns of what ends where something is closed: whether it did, and the end it had before."""
    return Column("cut_by_closing", Boolean, nullable=False, server_default="false"), Column("before_closing", Date)


def in_order() -> CheckConstraint:
    """No term ends before it begins."""
    return CheckConstraint("until >= since", name="term")


def today() -> ColumnElement[Any]:
    """The day it is where the sessions are."""
    return func.current_date(type_=Date())


def on(day: ColumnElement[Any] | None) -> ColumnElement[Any]:
    """The day, today where none is given."""
    return today() if day is None else day


def holds(row: Any, day: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a term holds on this day."""
    return and_(row.since <= day, or_(row.until.is_(None), row.until >= day))


def holds_today(row: Any) -> ColumnElement[bool]:
    """Whether a term holds today."""
    return holds(row, today())


def not_over(row: Any) -> ColumnElement[bool]:
    """Whether a term holds today, or has yet to begin."""
    return or_(row.until.is_(None), row.until >= today())


def holds_on(row: Any, day: ColumnElement[Any] | None = None) -> ColumnElement[bool]:
    """Whether a term holds on a day, today where none is given."""
    return holds(row, on(day))


def lasts(last: ColumnElement[Any], day: ColumnElement[Any] | None = None) -> ColumnElement[bool]:
    """Whether what is over on its last day, if it has one, is not over yet. Only days that have come are recorded."""
    return last.is_(None) if day is None else or_(last.is_(None), last > day)


def moment(at: datetime) -> str:
    """A moment as it is told beside the database: by the clock of Asia/Shanghai, as in all the database tells itself.

    The driver's are UTC's.
    """
    return at.astimezone(CHINA).isoformat()


def minute(at: datetime) -> str:
    """The same for messages, which tell no seconds."""
    return at.astimezone(CHINA).isoformat(" ", "minutes")


def reasonable(field: str, day: date) -> date:
    """The day, if a term could begin or end on it; Rejected, for this field, otherwise.

    From 1949-10-01 until two years ahead: what lies outside was mistyped.
    """
    latest = datetime.now(CHINA).date() + AHEAD
    if not EARLIEST <= day <= latest:
        raise rejected(
            ProblemCode.INVALID,
            field,
            f"日期须在 {EARLIEST} 至 {latest} 之间。",
            f"The date must lie between {EARLIEST} and {latest}.",
        )
    return day


def only_running(field: str, until: date | None) -> None:
    """Rejected, for a field, where a term is over by now."""
    if until is not None and until < datetime.now(CHINA).date():
        zh, en = f"任期已于 {until} 结束，不再变更。", f"The term ended on {until}; what is over stays as it was."
        raise rejected(ProblemCode.CLOSED, field, zh, en)


def ending(field: str, since: date, until: date | None, on: date) -> None:
    """Reject a last day that a running term cannot have: before it begins, or later than it ends already."""
    reasonable(field, on)
    only_running(field, until)
    if on < since:
        zh, en = f"自 {since} 开始，不能在此之前结束。", f"It begins on {since} and cannot end before."
        raise rejected(ProblemCode.INVALID, field, zh, en)
    if until is not None and on > until:
        zh, en = f"已定于 {until} 结束，不能延后。", f"It ends on {until} already, and cannot later."
        raise rejected(ProblemCode.INVALID, field, zh, en)
