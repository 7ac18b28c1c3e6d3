"""Centres lend out venues: offered, changed, withdrawn. What is booked stays booked, whatever is changed."""

import re
from collections.abc import Sequence
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import select
from sqlalchemy import update as changing

from services.centres.venue_tables import CLOCK, Weekday, venues
from services.errors import ProblemCode, rejected
from services.storage.closing import only_open
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid

MIDNIGHT = "24:00"


class Said(TypedDict, total=False):
    """What is said of a venue."""

    name: str | None
    capacity: int | None
    opens_at: str | None
    closes_at: str | None
    days: Sequence[Weekday] | None


async def offer(tx: Transaction, *, centre: Record, **said: Unpack[Said]) -> UUID:
    """Lend out a venue of a centre, every day where none are given; its id."""
    only_open(centre=centre)
    made = _columns({"days": list(Weekday), **said})
    return await tx.insert(venues, centre_id=centre["id"], unit_path=centre["unit_path"], **made)


async def update(tx: Transaction, *, venue: Record, **changes: Unpack[Said]) -> UUID:
    """Change what is given; its id. The constraint `venue_booked_check` where a booking to come would not fit."""
    only_offered(venue)
    return await tx.update(venues, venue["id"], **_columns(changes))


async def withdraw(tx: Transaction, *, venue: Record) -> UUID:
    """Lend it out no more, from today; its id. The constraint `venue_booked_check` where a booking is to come."""
    only_offered(venue)
    return await tx.update(venues, venue["id"], withdrawn_on=await tx.today())


async def withdraw_all(tx: Transaction, centre: UUID) -> None:
    """The same of every venue of a centre."""
    offered = (venues.c.centre_id == centre, venues.c.withdrawn_on.is_(None))
    for row in await tx.rows(select(venues).where(*offered).order_by(venues.c.id).with_for_update()):
        await tx.update(venues, row["id"], withdrawn_on=await tx.today(), cut_by_closing=True)


async def lend_again(tx: Transaction, centre: UUID) -> None:
    """Lend out again what was withdrawn as its centre closed."""
    cut = (venues.c.centre_id == centre, venues.c.cut_by_closing)
    again = {"withdrawn_on": None, "cut_by_closing": False, "version": venues.c.version + 1}
    await tx.rows(changing(venues).where(*cut).values(again))


def only_offered(venue: Record) -> None:
    """Rejected, for the field `venue`, once it is withdrawn."""
    if venue["withdrawn_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "venue", "该场地已撤回。", "The venue is withdrawn.")


def _columns(said: Said) -> dict[str, Any]:
    """What is said as columns; Rejected with all that is amiss."""
    amiss, made = Amiss(), dict[str, Any](said)
    with amiss.within():
        made = valid(venues, made)
    for field, last in (("opens_at", None), ("closes_at", MIDNIGHT)):
        value = made.get(field)
        if value is not None and value != last and not re.fullmatch(CLOCK, value):
            zh, en = "须为整刻钟，如 08:00。", "This must be a quarter of an hour, as 08:00."
            amiss.tell(ProblemCode.INVALID, field, zh, en)
    if made.get("days") is not None:  # each once, as they are listed
        made["days"] = [each for each in Weekday if each in made["days"]]
        if not made["days"]:
            amiss.tell(ProblemCode.INCOMPLETE, "days", "至少选一天。", "Choose one day at least.")
    amiss.check()
    return made
