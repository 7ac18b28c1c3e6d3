"""Minutes of meetings: a correction is a further version with its author and reason, the ones before stay readable."""

from uuid import UUID

from sqlalchemy import func, select

from services.deliberation.meeting_tables import MeetingState, meetings, minutes
from services.errors import ProblemCode, rejected
from services.names import proper
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss

LONGEST = 4_000  # characters of all lines
HELD = (MeetingState.HELD, MeetingState.CLOSED)


async def record(tx: Transaction, *, meeting: Record, text: str, by: UUID) -> UUID:
    """Write the minutes of a meeting that was held; its id. A second time is for a correction."""
    if await _latest(tx, meeting):
        zh, en = "已有会议纪要，请更正。", "There are minutes already: correct these."
        raise rejected(ProblemCode.CLOSED, "meeting", zh, en)
    return await _write(tx, meeting, 1, by, _lines(text), None)


async def correct(tx: Transaction, *, meeting: Record, text: str, reason: str, by: UUID) -> UUID:
    """Write them anew, for a reason, closed or not; the meeting's id."""
    latest = await _latest(tx, meeting)
    if not latest:
        raise rejected(ProblemCode.INCOMPLETE, "meeting", "尚无会议纪要。", "There are no minutes yet.")
    amiss, lines, said = Amiss(), "", ""
    with amiss.within():
        lines = _lines(text)
    with amiss.within():
        said = proper("reason", reason)
    amiss.check()
    return await _write(tx, meeting, latest + 1, by, lines, said)


async def _latest(tx: Transaction, meeting: Record) -> int:
    """The number of the version that counts, 0 for none; Rejected for a meeting that was not held."""
    if meeting["state"] not in HELD:
        raise rejected(ProblemCode.CLOSED, "meeting", "会议未召开。", "The meeting was not held.")
    newest = select(func.coalesce(func.max(minutes.c.number), 0)).where(minutes.c.meeting_id == meeting["id"])
    number: int = await tx.value(newest)
    return number


async def _write(tx: Transaction, meeting: Record, number: int, by: UUID, text: str, reason: str | None) -> UUID:
    of = {"meeting_id": meeting["id"], "unit_path": meeting["unit_path"]}
    await tx.insert(minutes, **of, number=number, text=text, account_id=by, reason=reason)
    return await tx.update(meetings, meeting["id"])


def _lines(text: str) -> str:
    """Its lines, each of characters to be seen, without those that are empty."""
    lines = [proper("text", line, LONGEST) for line in text.splitlines() if line.strip()]
    whole = "\n".join(lines)
    if not whole:
        raise rejected(ProblemCode.INVALID, "text", "不能为空。", "This must not be empty.")
    if len(whole) > LONGEST:
        zh, en = f"最多 {LONGEST} 个字符。", f"At most {LONGEST} characters."
        raise rejected(ProblemCode.INVALID, "text", zh, en)
    return whole
