"""A member leaves: their grid ends with that day, and whatever else of theirs would last longer keeps them.

Tables of such terms say so themselves (`KEEPS`), whichever area's they are. The database refuses it as well, each at a
time and after all else; asked here, all that is in the way is told at once.

Of terms whoever asks may not read, as in a town the member came from, nothing is told that tries would find: where
something they do read is in the way, that is all that is told; else what lasts today, by its kind; else, where one that
is over might be, every day before today is refused alike.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Table, Text, literal, select, union_all

from services.errors import ProblemCode, rejected
from services.members.grid_tables import grid_terms
from services.storage.tables import KEEPS, METADATA
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss

OF = "table_name"
ELSEWHERE = (
    "该党员另有您无权查看的任期，离开日期只能为今天；更早的请由县级办理。",
    "The member has terms that are not yours to see: let them leave today, or ask the county for an earlier day.",
)


async def leave(tx: Transaction, member: Record, last: date, field: str) -> None:
    """End what ends as a member, locked, leaves; Rejected, for a field, with everything that would outlast it."""
    terms = await _terms(tx, member["id"])
    unseen = await _unseen(tx, terms)
    seen = [each for each in terms if each["id"] not in unseen]
    hidden = [each for each in terms if each["id"] in unseen]
    today = await tx.today()
    _refuse(field, (each for each in seen if last < _earliest(each)))
    _refuse(field, (each for each in hidden if _lasts(each, today)))
    earliest = max(map(_earliest, seen), default=date.min)
    if last < (member["left_on"] or today) and any(_over(each) > earliest for each in hidden):
        raise rejected(ProblemCode.CLOSED, field, *ELSEWHERE)
    lasting = [each for each in terms if _in_grid(each) and _over(each) > last]
    await tx.update_all(grid_terms, [{"id": each["id"], "until": last} for each in lasting])


def _refuse(field: str, terms: Iterable[Record]) -> None:
    """Rejected, for a field, where there are terms, for each table that they are of."""
    kept = {term[OF] for term in terms}
    amiss = Amiss()
    for table in (table for table in _keeping() if table.name in kept):
        with amiss.within():
            raise table.info[KEEPS].refusal(field)
    amiss.check()


def _earliest(term: Record) -> date:
    """The earliest day on which a member may leave for all of a term: its last, or the first in a grid, which ends."""
    day: date = term["since"] if _in_grid(term) else _over(term)
    return day


def _over(term: Record) -> date:
    return term["until"] or date.max


def _lasts(term: Record, today: date) -> bool:
    return not _in_grid(term) and _over(term) > today


def _in_grid(term: Record) -> bool:
    return bool(term[OF] == grid_terms.name)


def _keeping() -> list[Table]:
    return [table for table in METADATA.sorted_tables if KEEPS in table.info]


async def _terms(tx: Transaction, member: UUID) -> list[Record]:
    """All terms of a member that could keep them, with the table each is of."""
    of = ((table, literal(table.name, Text()).label(OF)) for table in _keeping())
    return await tx.rows(
        union_all(*(select(name, t.c.id, t.c.since, t.c.until).where(t.c.member_id == member) for t, name in of))
    )


async def _unseen(tx: Transaction, terms: Sequence[Record]) -> Collection[UUID]:
    """Those of them that whoever asks may not read."""
    return {
        row
        for table in _keeping()
        for row in await tx.unseen(table.name, [t["id"] for t in terms if t[OF] == table.name])
    }
