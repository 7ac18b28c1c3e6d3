"""Partner units share resources for a term; centres use them, and say when and for how many."""

from datetime import date, datetime
from typing import TypedDict, Unpack
from uuid import UUID

from sqlalchemy import delete

from services.centres import bookings
from services.centres.centres import there
from services.centres.resource_tables import ResourceKind, resources, uses
from services.errors import ProblemCode, rejected
from services.names import proper
from services.storage import correcting
from services.storage.closing import only_open, past
from services.storage.doubles import is_there
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid


class Said(TypedDict, total=False):
    """What an update may change; a longer term is an offer of its own."""

    provider: str | None
    kind: ResourceKind | None
    name: str | None


async def offer(tx: Transaction, *, unit: Record, since: date, until: date | None = None, **said: Unpack[Said]) -> UUID:
    """Put what a partner unit shares on the ledger of a unit; its id."""
    values = valid(resources, {**said, "since": since, "until": until})
    alike = ("provider", "kind", "name", "since", "until")
    here = resources.c.unit_path == unit["path"], resources.c.withdrawn_on.is_(None)
    if await is_there(tx, resources, values, alike, *here):
        zh, en = "该单位自该日起已共享同一资源。", "The partner unit shares this from that day already."
        raise rejected(ProblemCode.TAKEN, "name", zh, en)
    return await tx.insert(resources, unit_path=unit["path"], **values)


async def update(tx: Transaction, *, resource: Record, **changes: Unpack[Said]) -> UUID:
    """Change what is given; its id. Rejected once it is withdrawn."""
    _stands(resource)
    return await tx.update(resources, resource["id"], **valid(resources, changes))


async def withdraw(tx: Transaction, *, resource: Record) -> UUID:
    """Share it no more, from today; its id. When it was used stays."""
    _stands(resource)
    return await tx.update(resources, resource["id"], withdrawn_on=await tx.today())


async def record_use(
    tx: Transaction,
    *,
    centre: Record,
    resource: Record,
    used_on: date,
    people: int,
    begins_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> UUID:
    """Record that a centre used what is shared in its unit or above, on a day of its term; the use's id.

    A place was used at a time, and by nobody else then: which is the database's to say, by `resource_use_excl`.
    """
    only_open(centre=centre)
    values = valid(uses, {"people": people})
    await past(tx, "used_on", used_on)
    there(centre, "used_on", used_on, await tx.today())
    _shared_then(centre, resource, used_on)
    times = _times(resource, used_on, await bookings.moment(tx), begins_at=begins_at, ends_at=ends_at)
    if not times:
        await _not_said_twice(tx, centre, resource, used_on, people)
    place = {"centre_id": centre["id"], "unit_path": centre["unit_path"], "resource_id": resource["id"]}
    return await tx.insert(uses, **place, used_on=used_on, **times, **values)


async def strike_out_use(tx: Transaction, *, use: Record, reason: str) -> UUID:
    """Remove a use that never was; the centre's id."""
    await correcting.note(tx, use, proper("reason", reason))
    await tx.rows(delete(uses).where(uses.c.id == use["id"]))
    centre: UUID = use["centre_id"]
    return centre


def _stands(resource: Record) -> None:
    if resource["withdrawn_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "resource", "该资源已撤回。", "The resource is withdrawn.")


def _shared_then(centre: Record, resource: Record, day: date) -> None:
    """Rejected for another unit's resource, and for a day on which it was not shared."""
    if not centre["unit_path"].startswith(resource["unit_path"]):
        zh, en = "该资源不在此中心所在单元共享。", "The resource is not shared in the unit the centre lies in."
        raise rejected(ProblemCode.OUT_OF_REACH, "resource", zh, en)
    withdrawn = resource["withdrawn_on"] is not None and resource["withdrawn_on"] <= day
    if withdrawn or not resource["since"] <= day <= (resource["until"] or date.max):
        zh, en = "该资源当日不在共享期内。", "The resource was not shared on that day."
        raise rejected(ProblemCode.OUT_OF_REACH, "used_on", zh, en)


def _times(resource: Record, used_on: date, now: datetime, **given: datetime | None) -> dict[str, datetime]:
    """When a place was used, by quarters of an hour of that day, which are over; of anything else nothing is said."""
    amiss, said = Amiss(), {field: value for field, value in given.items() if value is not None}
    if resource["kind"] != ResourceKind.VENUE:
        for field in said:
            zh, en = "只有场地填写时间。", "Only of a place it is said at what time."
            amiss.tell(ProblemCode.INVALID, field, zh, en)
        amiss.check()
        return {}
    for field in given.keys() - said.keys():
        zh, en = "场地须填写起止时间。", "Of a place, say from when until when."
        amiss.tell(ProblemCode.INCOMPLETE, field, zh, en)
    amiss.check()
    times = bookings.of_one_day(amiss, said)
    if times["begins_at"].date() != used_on:
        zh, en = "须在使用日期当日。", "It must begin on the day it was used."
        amiss.tell(ProblemCode.INVALID, "begins_at", zh, en)
    if times["ends_at"] > now:
        amiss.tell(ProblemCode.INVALID, "ends_at", "尚未结束。", "It is not over.")
    amiss.check()
    return times


async def _not_said_twice(tx: Transaction, centre: Record, resource: Record, used_on: date, people: int) -> None:
    use = {"centre_id": centre["id"], "resource_id": resource["id"], "used_on": used_on, "people": people}
    if await is_there(tx, uses, use, use):
        zh, en = "该中心当日的同样使用已登记。", "This use, of that day and for as many, is recorded already."
        raise rejected(ProblemCode.TAKEN, "used_on", zh, en)
