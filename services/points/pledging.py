"""Pledges are made, kept and assessed by another person; members are appraised once a year."""

from uuid import UUID

from services.errors import ProblemCode, rejected
from services.names import proper
from services.points.claiming import apart, present
from services.points.pledge_tables import AppraisalGrade, PledgeStatus, appraisals, pledges
from services.storage import correcting
from services.storage.transaction import Record, Transaction
from services.storage.validation import valid

LONGEST = 300  # characters of what was pledged, and of what was done


async def make(tx: Transaction, *, member: Record, year: int, text: str) -> UUID:
    """Make a pledge for a year that has come; its id. Rejected for who has left."""
    present(member)
    values = await _year(tx, year)
    of = {"member_id": member["id"], "unit_path": member["unit_path"]}
    return await tx.insert(pledges, **of, **values, text=proper("text", text, LONGEST))


async def keep(tx: Transaction, *, pledge: Record, done: str) -> UUID:
    """Say what was done about a pledge; its id. Rejected once assessed."""
    _open(pledge)
    return await tx.update(pledges, pledge["id"], done=proper("done", done, LONGEST))


async def assess(tx: Transaction, *, pledge: Record, kept: bool, by: UUID) -> UUID:
    """Say whether a pledge was kept; its id. Rejected once assessed; FORBIDDEN for whose pledge it is."""
    _open(pledge)
    await apart(tx, by, pledge["member_id"])
    status = PledgeStatus.KEPT if kept else PledgeStatus.NOT_KEPT
    return await tx.update(pledges, pledge["id"], status=status, assessed_on=await tx.today())


async def appraise(tx: Transaction, *, member: Record, year: int, grade: AppraisalGrade, by: UUID) -> UUID:
    """Record a member's appraisal of a year that has come, once; its id. FORBIDDEN for whose it is."""
    await apart(tx, by, member["id"])
    values = await _year(tx, year)
    return await tx.insert(appraisals, member_id=member["id"], unit_path=member["unit_path"], **values, grade=grade)


async def correct(tx: Transaction, *, appraisal: Record, grade: AppraisalGrade, reason: str, by: UUID) -> UUID:
    """Put the grade of an appraisal right, and keep why; its id."""
    await apart(tx, by, appraisal["member_id"])
    await correcting.note(tx, appraisal, proper("reason", reason))
    return await tx.update(appraisals, appraisal["id"], grade=grade)


def _open(pledge: Record) -> None:
    if pledge["status"] != PledgeStatus.MADE:
        raise rejected(ProblemCode.CLOSED, "pledge", "该承诺已评定。", "The pledge was assessed already.")


async def _year(tx: Transaction, year: int) -> dict[str, int]:
    if year > (await tx.today()).year:
        raise rejected(ProblemCode.INVALID, "year", "年度不能晚于今年。", "The year must not lie ahead.")
    return valid(pledges, {"year": year})
