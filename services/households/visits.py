"""The four visits 四必访 are recorded, corrected and struck out.

No reason is kept of what was struck out: it would be read where the visit was not.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import Table, delete, select

from services.errors import ProblemCode, rejected
from services.households.contacts import kept, near, present
from services.households.tables import VisitKind, contacts, households, visits
from services.members.serving import served_about
from services.members.tables import members
from services.names import proper
from services.storage.closing import lately, only_open
from services.storage.transaction import Record, Transaction
from services.terms import reasonable

LONGEST = 500  # characters of what came of it, and of what comes next
OF_CONTACT = ((members, "member_id"), (households, "household_id"))
TEXTS = ("outcome", "next_step")


class Said(TypedDict, total=False):
    """What an update may change."""

    visited_on: date | None
    outcome: str | None
    next_step: str | None
    next_on: date | None


async def record(
    tx: Transaction,
    *,
    member: Record,
    household: Record,
    kind: VisitKind,
    case: Record | None = None,
    **said: Unpack[Said],
) -> UUID:
    """Record a visit of a member to a household; its id.

    Rejected for a household that is closed, or of another grid than the member served or kept contact in on that day;
    for a day to come or more than a quarter ago; for a case of another household, or of what is no dispute; for texts
    that cannot be shown.
    """
    present(member)
    only_open(household=household)
    made = await _made(tx, said)
    await _within_reach(tx, member, household, made["visited_on"])
    return await _insert(tx, member, household, kind, case, made)


async def record_earlier(
    tx: Transaction, *, contact: Record, kind: VisitKind, case: Record | None = None, **said: Unpack[Said]
) -> UUID:
    """Record a visit by whom a contact was with, to its household, on a day of it; the visit's id. Rejected as that.

    Whoever has gone to serve elsewhere names neither the household any longer, nor is named by its community.
    """
    member, household = [await _of(tx, table, contact[name]) for table, name in OF_CONTACT]
    if member["left_on"] is not None or household["closed_on"] is not None:
        zh, en = "该党员已离开，或该户已停用。", "The member has left, or the household is closed."
        raise rejected(ProblemCode.CLOSED, "contact", zh, en)
    made = await _made(tx, said)
    if not kept(contact, made["visited_on"]):
        zh, en = "该党员当日不联系此户。", "The member did not keep contact with the household on that day."
        raise rejected(ProblemCode.OUT_OF_REACH, "visited_on", zh, en)
    return await _insert(tx, member, household, kind, case, made)


async def record_in_term(
    tx: Transaction,
    *,
    grid_term: Record,
    household: Record,
    kind: VisitKind,
    case: Record | None = None,
    **said: Unpack[Said],
) -> UUID:
    """Record a visit by whom a term in a grid is of, to a household there, on a day of it; its id. Rejected as that.

    So whoever has gone to another community is named where they came to a household nobody had linked them to.
    """
    only_open(household=household)
    member = await _of(tx, members, grid_term["member_id"])
    if member["left_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "grid_term", "该党员已离开。", "The member has left.")
    made = await _made(tx, said)
    if grid_term["unit_path"] not in await served_about(tx, member, made["visited_on"]):
        zh, en = "该党员当日不在此网格服务。", "The member did not serve in the grid on that day."
        raise rejected(ProblemCode.OUT_OF_REACH, "visited_on", zh, en)
    if not near(grid_term["unit_path"], household["unit_path"]):
        raise rejected(ProblemCode.OUT_OF_REACH, "household", "该户不在此网格。", "The household lies in another grid.")
    return await _insert(tx, member, household, kind, case, made)


async def _of(tx: Transaction, table: Table, id: UUID) -> Record:
    """A row a contact is of, locked against change; there is one, by its foreign keys."""
    (found,) = await tx.rows(select(table).where(table.c.id == id).with_for_update(key_share=True))
    return found


async def _made(tx: Transaction, said: Said) -> dict[str, Any]:
    made = await _valid(tx, {**said, "visited_on": said.get("visited_on"), "outcome": said.get("outcome")})
    _something_next(made)
    return made


async def _insert(
    tx: Transaction, member: Record, household: Record, kind: VisitKind, case: Record | None, made: Mapping[str, Any]
) -> UUID:
    place = {"household_id": household["id"], "unit_path": household["unit_path"], "member_id": member["id"]}
    of = _case(household, kind, case)
    return await tx.insert(visits, **place, kind=kind, case_id=of, **made, recorded_on=await tx.today())


async def update(tx: Transaction, *, visit: Record, **changes: Unpack[Said]) -> UUID:
    """Change what is given of a visit; its id. Rejected as `record` is, and for null where there must be something."""
    if changes.get("visited_on") == visit["visited_on"]:
        del changes["visited_on"]
    made = await _valid(tx, changes)
    _something_next({**visit, **made})
    if "visited_on" in made:
        there = {"id": visit["household_id"], "unit_path": visit["unit_path"]}
        await _within_reach(tx, await _of(tx, members, visit["member_id"]), there, made["visited_on"], "visited_on")
    return await tx.update(visits, visit["id"], **made)


async def strike_out(tx: Transaction, *, visit: Record) -> UUID:
    """Remove a visit that never was; the visiting member's id."""
    await tx.rows(delete(visits).where(visits.c.id == visit["id"]))
    member: UUID = visit["member_id"]
    return member


async def _within_reach(
    tx: Transaction, member: Record, household: Record, day: date, field: str = "household"
) -> None:
    """Rejected, for a field, where the member neither served near the household on a day nor kept contact with it."""
    if any(near(there, household["unit_path"]) for there in await served_about(tx, member, day)):
        return
    theirs = (contacts.c.member_id == member["id"], contacts.c.household_id == household["id"])
    if not any(kept(contact, day) for contact in await tx.rows(select(contacts).where(*theirs))):
        zh = "该户不在此党员当日服务的网格，当日也不由其联系。"
        en = "The household lies in another grid than the member served in that day, nor did they keep contact with it."
        raise rejected(ProblemCode.OUT_OF_REACH, field, zh, en)


def _case(household: Record, kind: VisitKind, case: Record | None) -> UUID | None:
    """The first visit of the case a visit follows up."""
    if case is None:
        return None
    if not kind == case["kind"] == VisitKind.DISPUTE:
        zh, en = "只有邻里纠纷的走访按起跟进。", "Only disputes have cases that are followed up."
        raise rejected(ProblemCode.INVALID, "case", zh, en)
    if case["household_id"] != household["id"]:
        zh, en = "该起纠纷属于另一户。", "The case is another household's."
        raise rejected(ProblemCode.OUT_OF_REACH, "case", zh, en)
    first: UUID = case["case_id"] or case["id"]
    return first


def _something_next(visit: Mapping[str, Any]) -> None:
    if visit.get("next_on") is not None and visit.get("next_step") is None:
        zh, en = "有跟进日期的，须填写跟进事项。", "Say what comes next on that day."
        raise rejected(ProblemCode.INCOMPLETE, "next_step", zh, en)


async def _valid(tx: Transaction, given: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(given)
    if "visited_on" in made:
        if made["visited_on"] is None:
            raise rejected(ProblemCode.INVALID, "visited_on", "不能为空。", "This must not be empty.")
        await lately(tx, "visited_on", made["visited_on"])
    if made.get("next_on") is not None:
        reasonable("next_on", made["next_on"])
    for name in TEXTS:
        if name in made and not (made[name] is None and name == "next_step"):
            made[name] = proper(name, made[name], LONGEST)
    return made
