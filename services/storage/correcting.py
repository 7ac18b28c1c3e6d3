"""Correcting terms: what was entered wrongly is put right, the terms beside it with it, and why is kept.

Long because what a correction does to the terms beside it is told with what it refuses for their sake.

A correction may do what no other command may: move a first day, put off an end, name another holder, strike a term
out. Where one term followed another without a gap, their common boundary moves: none comes to overlap, and no gap comes
to be, but behind a term that was ended for a reason of its own. What still overlaps is the exclusion constraints' to
refuse.

A term that is not its caller's to correct (`Transaction.beyond`) is changed by no correction of the one beside it, and
no day tried tells where it begins or ends: towards it nothing is made longer, however far it is, and what is made
shorter leaves a gap.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypedDict
from uuid import UUID

import asyncpg
from sqlalchemy import Column, ForeignKey, Index, Table, Text, Uuid, delete, func, select

from services.errors import ProblemCode, Refused, Rule, conflict, rejected
from services.names import proper
from services.storage.tables import BYTEWISE, METADATA, identified
from services.storage.transaction import Record, Transaction
from services.storage.unseen import left_unseen
from services.terms import forwards, reasonable

DAY = timedelta(days=1)

# Why something was corrected, by the entry of the audit trail that tells what was; its row may be gone.
corrections = Table(
    "correction",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey("org_unit.path", onupdate="CASCADE"), nullable=False),
    Column("entry_id", ForeignKey("audit_entry.id"), unique=True),
    Column("row_id", Uuid, nullable=False),
    Column("reason", Text, nullable=False),
    Index("correction_unit_idx", "unit_path"),
    Index("correction_row_idx", "row_id"),
)

OUTLASTS = Rule(
    "until",
    "任期不能超过其所在对象停用之日或任职者离开之日。",
    "A term cannot outlast what it is in, nor run on after its holder left.",
    ProblemCode.CLOSED,
)


class Days(TypedDict, total=False):
    """The days a correction may set; an end of None is none."""

    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Succession:
    """Terms of one table that follow one another: those alike in these columns. Without columns none does.

    Those that are alike in the columns of `apart` do not, yet none holds on a day of another.
    """

    table: Table
    alike: tuple[str, ...]
    apart: tuple[str, ...] = ()

    async def beside(self, tx: Transaction, row: Record, column: str, day: date | None) -> Record | None:
        """Another term of the row's succession that begins (`since`) or ends (`until`) on this day, locked."""
        if day is None or not self.alike:
            return None
        term = self.table.c
        alike = (term[name] == row[name] for name in self.alike)
        found = select(self.table).where(*alike, term[column] == day, term.id != row["id"])
        return await tx.row(found.with_for_update(key_share=True))

    async def others(self, tx: Transaction, row: Record) -> Sequence[Record]:
        """The days of all other terms of the row's succession, or none of which holds beside it; the earliest first."""
        term, columns = self.table.c, self.alike or self.apart
        alike = (term[name] == row[name] for name in columns)
        found = select(term.id, term.since, term.until).where(*alike, term.id != row["id"])
        return await tx.rows(found.order_by(term.since)) if columns else ()

    async def next(self, tx: Transaction, row: Record) -> Record | None:
        """The term of the row's succession that begins next after it, locked."""
        term = self.table.c
        alike = (term[name] == row[name] for name in self.alike)
        found = select(self.table).where(*alike, term.since > row["since"]).order_by(term.since).limit(1)
        return await tx.row(found.with_for_update(key_share=True))


Report = list[dict[str, Any]]
"""A line for each term that changed, see `schema.kit.corrections.TermChange`."""
Move = tuple[Record, dict[str, Any]]


async def correct(
    tx: Transaction, field: str, of: Succession, row: Record, reason: str, changes: Mapping[str, Any]
) -> Report:
    """Set what is wrong of a term, and move the boundaries it shares; what changed, this term first.

    Rejected, for the field the row was named by, where nothing changes; for `since` and `until`, where nothing would be
    left of the term beside it. Refused, for these, where it would come nearer to one that is not the caller's.
    """
    said = proper("reason", reason)
    wanted = {name: value for name, value in changes.items() if value != row[name]}
    if not wanted:
        zh, en = "没有要更正的内容：所填与现状相同。", "Nothing is corrected: all of it is as it was."
        raise rejected(ProblemCode.INCOMPLETE, field, zh, en)
    since, until = _days(wanted, row)
    if until is None and row.get("end_reason") is not None:
        wanted["end_reason"] = None
    if "until" in wanted and "moved_id" in row:
        wanted |= {"moved_id": None, "before_move": None}
    others = await of.others(tx, row)
    beyond = await tx.beyond(of.table.name, [each["id"] for each in others])
    _no_nearer(row, since, until, others, beyond)
    moved = [*await _before(tx, of, row, since, beyond), *await _after(tx, of, row, until, beyond)]
    await note(tx, row, said)
    moved = [(row, wanted), *moved]
    await _none_left(tx, row, moved)
    apart = {*beyond, *(each["id"] for each, _ in moved)}
    other = _in_the_way(since, until, [each for each in others if each["id"] not in apart])
    try:
        await _move(tx, of.table, moved)
    except asyncpg.ExclusionViolationError:
        if other is None:
            raise
        raise _overlaps(row, wanted, other) from None
    return [told(of.table, each, {**each, **values}) for each, values in moved]


async def another_beside(tx: Transaction, of: Succession, id: UUID, column: str, field: str) -> None:
    """Rejected, for the field that names whose a corrected term is, where the one before or after it is theirs, too."""
    row = await tx.row(select(of.table).where(of.table.c.id == id))
    assert row is not None
    ended = row["until"] and row["until"] + DAY
    for bound, day in (("until", row["since"] - DAY), ("since", ended)):
        beside = await of.beside(tx, row, bound, day)
        if beside is not None and beside[column] == row[column]:
            raise _refusal(ProblemCode.INVALID, field, beside, THEIRS)


async def strike_out(tx: Transaction, field: str, of: Succession, row: Record, reason: str) -> Report:
    """Remove a term that never was; what it cut is given back. What changed, this term first.

    Refused, for the field the row was named by, where the one before or after it is not the caller's to correct: who
    came from there, or went there, is for whoever may correct both.
    """
    others = await of.others(tx, row)
    beside = [each["id"] for each in (_last_before(others, row), _first_after(others, row)) if each is not None]
    if await tx.beyond(of.table.name, beside):
        raise conflict(*BESIDE, field)
    await note(tx, row, proper("reason", reason))
    return await take_back(tx, of, row)


async def take_back(tx: Transaction, of: Succession, row: Record) -> Report:
    """Remove a term, and give the one it cut the end that one had; what changed, this term first.

    Where another term has begun by then, the one that was cut lasts until the day before, and the other has cut it.
    Where that one cannot last any longer, because its holder has left or what it is in was closed, it stays as it is.
    """
    cut = await _cut(tx, of.table, row)
    await tx.rows(delete(of.table).where(of.table.c.id == row["id"]))
    changed = [told(of.table, row, None)]
    if cut is not None:
        with suppress(asyncpg.CheckViolationError):
            async with tx.connection.transaction():
                changed.append(await _give_back(tx, of, cut, row["cut_until"]))
    return changed


async def _give_back(tx: Transaction, of: Succession, cut: Record, until: date | None) -> dict[str, Any]:
    following = await of.next(tx, cut)
    if following is not None and (until is None or until >= following["since"]):
        await tx.update(of.table, following["id"], cut_id=cut["id"], cut_until=until)
        until = following["since"] - DAY
    await prolong(tx, of.table, cut, {"until": until})
    return told(of.table, cut, {**cut, "until": until})


async def _move(tx: Transaction, table: Table, moved: Sequence[Move]) -> None:
    """Write the corrected term, the first of these, and those beside it."""
    row, _ = moved[0]
    # Whoever makes room goes first: no constraint is violated on the way.
    for each, values in sorted(moved, key=lambda move: _room(row, *move)):
        try:
            await prolong(tx, table, each, values)
        except asyncpg.CheckViolationError:
            if each is row:
                raise
            sent = "since" if "until" in values else "until"
            raise _refusal(ProblemCode.CLOSED, sent, each, NO_LONGER) from None


def _in_the_way(since: date, until: date | None, others: Sequence[Record]) -> Record | None:
    """The first of these terms that holds on one of these days."""
    overlapping = (
        each for each in others if each["since"] <= (until or date.max) and since <= (each["until"] or date.max)
    )
    return next(overlapping, None)


def _overlaps(row: Record, wanted: Mapping[str, Any], other: Record) -> Refused:
    """The refusal of days another term holds: CONFLICT, for the one that was sent and comes to lie beyond it."""
    later = other["since"] > row["since"]
    field = "until" if "until" in wanted and (later or "since" not in wanted) else "since"
    return conflict(*_said(other, OVERLAPS), field)


async def _none_left(tx: Transaction, row: Record, moved: Sequence[Move]) -> None:
    """Refused where a term would last longer whose holder has left or was closed, and is not the caller's to see.

    Whatever the days: else those that are refused would tell which was the holder's last.
    """
    for each, values in moved:
        later = (values.get("until", each["until"]) or date.max) > (each["until"] or date.max)
        if later and await left_unseen(tx, _holder({**each, **values})):
            raise conflict(*LEFT, "until" if each is row else "since")


# --- the terms beside -------------------------------------------------------------------------------------------------


def _no_nearer(
    row: Record, since: date, until: date | None, others: Sequence[Record], beyond: Collection[UUID]
) -> None:
    """Refused where a row would come nearer to the term before or after it, and that is not the caller's to correct.

    Whatever lies between: else the days that are refused would tell where that one ends, or begins.
    """
    before, after = _last_before(others, row), _first_after(others, row)
    if since < row["since"] and before is not None and before["id"] in beyond:
        raise conflict(*NEARER, "since")
    if (until or date.max) > (row["until"] or date.max) and after is not None and after["id"] in beyond:
        raise conflict(*NEARER, "until")


def _last_before(others: Sequence[Record], row: Record) -> Record | None:
    return next((each for each in reversed(others) if each["since"] < row["since"]), None)


def _first_after(others: Sequence[Record], row: Record) -> Record | None:
    return next((each for each in others if each["since"] > row["since"]), None)


async def _before(
    tx: Transaction, of: Succession, row: Record, since: date, beyond: Collection[UUID]
) -> Iterable[Move]:
    """The last day of the term that ended the day before, where the first day moves.

    What was ended for a reason of its own, and was not cut by the row, is not prolonged: a gap comes to be. Nor is what
    is not the caller's.
    """
    beside = await of.beside(tx, row, "until", row["since"] - DAY) if since != row["since"] else None
    if beside is None or beside["id"] in beyond:
        return ()
    if since > row["since"] and beside.get("end_reason") and row.get("cut_id") != beside["id"]:
        return ()
    if since <= beside["since"]:
        raise _refusal(ProblemCode.INVALID, "since", beside, NOTHING_LEFT)
    return ((beside, {"until": since - DAY}),)


async def _after(
    tx: Transaction, of: Succession, row: Record, until: date | None, beyond: Collection[UUID]
) -> Iterable[Move]:
    """The first day of the term that began the day after, where the last day moves."""
    ended = row["until"] and row["until"] + DAY
    beside = await of.beside(tx, row, "since", ended) if until != row["until"] else None
    if beside is None or beside["id"] in beyond:
        return ()
    if until is None or (beside["until"] is not None and until >= beside["until"]):
        raise _refusal(ProblemCode.INVALID, "until", beside, NOTHING_LEFT)
    planned = beside.get("cut_until")
    # Where it lasts longer now than before it was cut, nothing of it is cut any more.
    whole = beside.get("cut_id") == row["id"] and planned is not None and until >= planned
    return ((beside, {"since": until + DAY, **({"cut_id": None, "cut_until": None} if whole else {})}),)


NOTHING_LEFT = (
    "相邻任期（{}）将不复存在，请先更正或删除该任期。",
    "Nothing would be left of the term beside it ({}): correct that one first, or strike it out.",
)
THEIRS = (
    "相邻任期（{}）已是其所有；若本任期不存在，请用删除（strikeOut…）。",
    "The term beside it ({}) is theirs already: strike this one out (strikeOut…) if it never was.",
)
NO_LONGER = (
    "相邻任期（{}）不能随之延长：其所在对象或企业已停用，或任职者已离开。",
    "The term beside it ({}) cannot last longer: what it is in is closed, or whose it is closed or left.",
)


OVERLAPS = (
    "与已有任期（{}）重叠，请先更正或删除该任期。",
    "It would overlap another term ({}): correct that one first, or strike it out.",
)
# Of a term that is not the caller's neither its days nor how far it is: the same is said of every day.
NEARER = (
    "这一侧另有任期不归您更正，本任期不能向该侧延长，请由县级办理。",
    "On this side there is another term, which is not yours to correct: ask the county to make this one longer.",
)
LEFT = (
    "任职者已离开或已停用，且不归您查看：任期不能延长，请由县级办理。",
    "Whose term it is has left or was closed, and is not yours to see: ask the county to make it longer.",
)
BESIDE = (
    "此前或此后的任期不归您更正，请由县级办理。",
    "The term before or after it is not yours to correct: ask the county.",
)


def _refusal(code: ProblemCode, field: str, beside: Record, text: tuple[str, str]) -> Exception:
    return rejected(code, field, *_said(beside, text))


def _said(beside: Record, text: tuple[str, str]) -> tuple[str, str]:
    """A text in both languages, with the days of the term in the way."""
    since, until = beside["since"], beside["until"] or "…"
    return text[0].format(f"{since} 至 {until}"), text[1].format(f"{since} to {until}")


def _room(row: Record, each: Record, values: Mapping[str, Any]) -> int:
    """-1 for a term beside that gets shorter, 0 for the corrected one, 1 for one that gets longer."""
    if each is row:
        return 0
    longer = values["until"] > each["until"] if "until" in values else values["since"] < each["since"]
    return 1 if longer else -1


async def _cut(tx: Transaction, table: Table, row: Record) -> Record | None:
    """The term a row cut, locked, where it still ends for that."""
    if row.get("cut_id") is None:
        return None
    cut = select(table).where(table.c.id == row["cut_id"], table.c.until == row["since"] - DAY)
    return await tx.row(cut.with_for_update(key_share=True))


# --- what they share --------------------------------------------------------------------------------------------------


def _days(wanted: Mapping[str, Any], row: Record) -> tuple[date, date | None]:
    """The days a term is to have; Rejected where it cannot."""
    since: date | None = wanted.get("since", row["since"])
    until: date | None = wanted.get("until", row["until"])
    if since is None:
        raise rejected(ProblemCode.INVALID, "since", "不能为空。", "This must not be empty.")
    reasonable("since", since)  # an end may lie as far ahead as it likes, see `validation.valid`
    forwards(since, until, "until" if "until" in wanted else "since")
    return since, until


async def prolong(tx: Transaction, table: Table, row: Record, values: Mapping[str, Any]) -> None:
    """Change a term as only corrections and mergers may: the database lets it be prolonged once (migration 0024)."""
    await tx.rows(select(func.set_config("jinlin.correcting", str(row["id"]), True)))
    await tx.update(table, row["id"], **values)
    await tx.rows(select(func.set_config("jinlin.correcting", "", True)))


async def note(tx: Transaction, row: Record, reason: str) -> None:
    """Keep why a row is corrected or struck out, with the entry of the audit trail that tells what it was."""
    entry = await tx.value(select(func.current_setting("jinlin.audit_entry", True)))
    known = {"unit_path": row["unit_path"], "row_id": row["id"], "reason": reason}
    await tx.insert(corrections, **known, entry_id=UUID(entry) if entry else None)


def told(table: Table, was: Record, becomes: Record | None) -> dict[str, Any]:
    """The line of a term that changed, or was removed."""

    def day(row: Record | None, name: str) -> str | None:
        return row[name].isoformat() if row is not None and row[name] is not None else None

    return {
        "kind": table.name,
        "id": was["id"],
        "struck_out": becomes is None,
        "holder_before": _holder(was),
        "holder": _holder(becomes),
        **{f"{name}_before": day(was, name) for name in ("since", "until")},
        **{name: day(becomes, name) for name in ("since", "until")},
    }


def _holder(row: Record | None) -> tuple[str, UUID] | None:
    """The table and the id of whose a term is: a member's, a company's or a branch's."""
    whose = (("member_id", "member"), ("company_id", "property_company"), ("organization_id", "party_organization"))
    return next(((table, row[name]) for name, table in whose if row is not None and row.get(name)), None)
