"""Points 积分 are claimed by the member or the community for them, reviewed by another person, and corrected.

A reviewer is told from whoever claimed, and from whose claim it is, by person and not by account: accounts are one
person's that name the same member, or ever held a grant at that member's seat.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select

from services.access.persons import persons, same
from services.errors import Code, ProblemCode, Refused, rejected
from services.members.serving import served_on
from services.names import proper
from services.points.tables import MOST, ClaimStatus, claims, entries, rules
from services.storage import correcting
from services.storage.closing import lately
from services.storage.transaction import Record, Transaction
from services.storage.validation import valid

LONGEST = 200  # characters of what was done


async def claim(
    tx: Transaction, *, member: Record, rule: Record, on: date, text: str, by: UUID, times: int | None = None
) -> UUID:
    """Claim points by a rule for what a member, locked, did on a day, once or so many times; the claim's id.

    It is of where the member served on that day. Rejected for a day to come or more than a quarter ago, for who has
    left, by a rule that did not reach them or was withdrawn by that day, and once it was claimed by in that quarter as
    often as it may be. What was refused does not count for that.
    """
    present(member)
    done = await lately(tx, "on", on)
    there = await served_on(tx, member, done)
    if not there.startswith(rule["unit_path"]):
        zh, en = "该规则不适用于此党员当日服务的单元。", "The rule does not hold where the member served on that day."
        raise rejected(ProblemCode.OUT_OF_REACH, "rule", zh, en)
    if rule["withdrawn_on"] is not None and done >= rule["withdrawn_on"]:
        raise rejected(ProblemCode.CLOSED, "rule", "该规则当日已撤回。", "The rule was withdrawn by that day.")
    values = _times(rule, times)
    await _not_too_often(tx, member, rule, done, values["times"])
    said = proper("text", text, LONGEST)
    of = {"member_id": member["id"], "rule_id": rule["id"], "unit_path": there, "done_on": done}
    await _not_twice(tx, member, rule, done, said)
    return await tx.insert(claims, **of, **values, text=said, claimed_on=await tx.today(), claimed_by=by)


async def grant(tx: Transaction, *, claim: Record, by: UUID) -> UUID:
    """Grant a claim, and enter its points; its id. Rejected once reviewed; FORBIDDEN for whom `apart` refuses."""
    await _reviewable(tx, claim, by)
    points = await tx.value(select(rules.c.points).where(rules.c.id == claim["rule_id"]))
    now = await tx.today()
    of = {name: claim[name] for name in ("member_id", "rule_id", "unit_path")}
    points *= claim["times"]
    await tx.insert(entries, claim_id=claim["id"], **of, points=points, earned_on=claim["done_on"], recorded_on=now)
    return await tx.update(claims, claim["id"], status=ClaimStatus.GRANTED, reviewed_on=now, reviewed_by=by)


async def refuse(tx: Transaction, *, claim: Record, answer: str, by: UUID) -> UUID:
    """Refuse a claim, and say why; its id. As `grant`."""
    await _reviewable(tx, claim, by)
    said = {"answer": proper("answer", answer, LONGEST), "reviewed_on": await tx.today(), "reviewed_by": by}
    return await tx.update(claims, claim["id"], status=ClaimStatus.REFUSED, **said)


async def correct(tx: Transaction, *, entry: Record, points: int, reason: str, by: UUID) -> UUID:
    """Put an entry, locked, right by a further one with more points or fewer, in the same quarter; that one's id.

    Rejected for a correction itself, for nothing, and where less than nothing would be left of the entry. FORBIDDEN for
    whose entry it is.
    """
    if entry["corrects_id"] is not None:
        zh, en = "这是一笔更正，请更正原来的一笔。", "This is a correction: correct the entry it is of."
        raise rejected(ProblemCode.CLOSED, "entry", zh, en)
    values = valid(entries, {"points": points})
    if points == 0:
        raise rejected(ProblemCode.INCOMPLETE, "points", "没有要更正的分数。", "Nothing is corrected by this.")
    await apart(tx, by, entry["member_id"])
    corrected = select(func.coalesce(func.sum(entries.c.points), 0)).where(entries.c.corrects_id == entry["id"])
    if entry["points"] + await tx.value(corrected) + points < 0:
        zh, en = "更正后分数不能小于零。", "An entry cannot come to less than nothing."
        raise rejected(ProblemCode.CLOSED, "points", zh, en)
    await correcting.note(tx, entry, proper("reason", reason))
    of = {name: entry[name] for name in ("claim_id", "member_id", "rule_id", "unit_path", "earned_on")}
    return await tx.insert(entries, **of, **values, corrects_id=entry["id"], recorded_on=await tx.today())


# --- persons ----------------------------------------------------------------------------------------------------------


async def apart(tx: Transaction, by: UUID, member: UUID, claimed_by: UUID | None = None) -> None:
    """FORBIDDEN for an account of the member, and for one of whoever claimed: nobody reviews what is their own."""
    if member in await persons(tx, by) or (claimed_by and await same(tx, by, claimed_by)):
        zh, en = (
            "不能审核本人的或本人提交的申报。",
            "Nobody reviews what is their own, or what they claimed themselves.",
        )
        raise Refused(Code.FORBIDDEN, zh, en, argument=("input",))


def present(member: Record) -> None:
    """Rejected for a member who has left."""
    if member["left_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "member", "该党员已离开。", "The member has left.")


# --- what is checked --------------------------------------------------------------------------------------------------


async def _reviewable(tx: Transaction, claim: Record, by: UUID) -> None:
    if claim["status"] != ClaimStatus.CLAIMED:
        raise rejected(ProblemCode.CLOSED, "claim", "该申报已审核。", "The claim was reviewed already.")
    await apart(tx, by, claim["member_id"], claim["claimed_by"])


def _times(rule: Record, times: int | None) -> dict[str, int]:
    """How often, as a column. Rejected where that makes more points than an entry has."""
    made: dict[str, int] = valid(claims, {"times": 1 if times is None else times})
    if rule["points"] * made["times"] > MOST:
        zh, en = f"一次申报最多 {MOST} 分，请分次申报。", f"A claim is for {MOST} points at most: make several."
        raise rejected(ProblemCode.INVALID, "times", zh, en)
    return made


async def _not_too_often(tx: Transaction, member: Record, rule: Record, day: date, times: int) -> None:
    """The member's row is locked: of two claims at once, the second one counts the first."""
    most, held = rule["most_per_quarter"], claims.c
    if most is None:
        return
    theirs = (held.member_id == member["id"], held.rule_id == rule["id"], held.status != ClaimStatus.REFUSED)
    often = select(func.coalesce(func.sum(held.times), 0)).where(*theirs, _in_quarter(held.done_on, day))
    if await tx.value(often) + times > most:
        zh, en = f"该规则每季度最多申报 {most} 次。", f"This can be claimed {most} times a quarter at most."
        raise rejected(ProblemCode.CLOSED, "rule", zh, en)


async def _not_twice(tx: Transaction, member: Record, rule: Record, day: date, text: str) -> None:
    """Rejected for what was claimed in these words for that day already, and not refused; what was done besides is
    said in others.
    """
    held = claims.c
    same = (held.member_id == member["id"], held.rule_id == rule["id"], held.done_on == day, held.text == text)
    if await tx.row(select(held.id).where(*same, held.status != ClaimStatus.REFUSED).limit(1)) is not None:
        zh, en = "当日已以此说明申报过该规则。", "This was claimed for that day already, in these words."
        raise rejected(ProblemCode.TAKEN, "text", zh, en)


def _in_quarter(column: ColumnElement[Any], day: date) -> ColumnElement[bool]:
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    following = (first + timedelta(days=95)).replace(day=1)
    return column.between(literal(first), literal(following - timedelta(days=1)))
