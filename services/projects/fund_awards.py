"""Awards 奖学 and aid 困难帮扶 are proposed, which sets the money aside, and paid once another person approves.

Whoever proposed is told from whoever approves by person, not by account: accounts are one person's that name the same
member, or ever held a grant at that member's seat.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.access.persons import same
from services.errors import Code, ProblemCode, Refused, rejected
from services.names import proper
from services.projects.amounts import FEN
from services.projects.fund_reading import balance, reserved
from services.projects.fund_tables import OUT, FundAwardStatus, FundEntryKind, awards, entries, funds
from services.projects.funds import of, some
from services.storage import correcting
from services.storage.closing import only_open
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid


async def propose(
    tx: Transaction, *, fund: Record, kind: FundEntryKind, amount: Decimal, persons: int, purpose: str, by: UUID
) -> UUID:
    """Propose to pay so much out of a fund, locked, to so many persons; the award's id. What is not there is rejected.

    Each gets a fen at least; see `amounts.divided`.
    """
    only_open(fund=fund)
    amiss, made = Amiss(), dict[str, Any]()
    if kind not in OUT:
        amiss.tell(ProblemCode.INVALID, "kind", "须为奖学或困难帮扶。", "This must be a scholarship or aid.")
    with amiss.within():
        made |= {"kind": kind, "amount": some(amount)}
    with amiss.within():
        made |= valid(awards, {"persons": persons, "purpose": purpose})
    amiss.check()
    if amount * FEN < persons:
        zh, en = "每人至少一分钱。", "Each of them gets 0.01 at least."
        raise rejected(ProblemCode.INVALID, "amount", zh, en)
    if amount > (left := await _left(tx, fund["id"])):
        zh, en = f"可用余额为 {left} 元。", f"There is {left} yuan to spend."
        raise rejected(ProblemCode.OUT_OF_REACH, "amount", zh, en)
    return await tx.insert(awards, **of(fund), **made, proposed_on=await tx.today(), proposed_by=by)


async def approve(tx: Transaction, *, award: Record, by: UUID) -> UUID:
    """Approve an award and enter it as paid today; its id. FORBIDDEN for whoever proposed it, by whichever account."""
    _waiting(award)
    await _apart(tx, by, award["proposed_by"])
    await _locked(tx, award)
    now = await tx.today()
    reviewed = {"status": FundAwardStatus.PAID, "reviewed_on": now, "reviewed_by": by}
    await tx.update(awards, award["id"], **reviewed)  # what was set aside is free first, and spent then
    said = {name: award[name] for name in ("kind", "amount", "persons", "purpose")}
    who = {"entered_by": award["proposed_by"], "approved_by": by}
    await tx.insert(entries, **of(award), **said, **who, award_id=award["id"], booked_on=now)
    return UUID(str(award["id"]))


async def refuse(tx: Transaction, *, award: Record, answer: str, by: UUID) -> UUID:
    """Refuse an award, or take back what one proposed, and say why: the money is free again; its id."""
    _waiting(award)
    said = {"answer": proper("answer", answer), "reviewed_on": await tx.today(), "reviewed_by": by}
    return await tx.update(awards, award["id"], status=FundAwardStatus.REFUSED, **said)


async def correct(tx: Transaction, *, entry: Record, reason: str, by: UUID) -> UUID:
    """Take an entry, locked, back by another one of today, once; that one's id. What is right is entered anew.

    An award it paid says from then on that it was taken back.

    Rejected for a correction itself, for a donation that is spent or set aside, and of a fund that is closed.
    """
    if entry["corrects_id"] is not None:
        zh, en = "这是一笔更正，不能再更正。", "This is a correction, which is not put right itself."
        raise rejected(ProblemCode.CLOSED, "entry", zh, en)
    only_open(entry=await _locked(tx, entry))
    corrected = select(entries.c.id).where(entries.c.corrects_id == entry["id"])
    if await tx.row(corrected) is not None:
        raise rejected(ProblemCode.CLOSED, "entry", "该笔已更正。", "The entry was put right already.")
    if entry["kind"] not in {each.value for each in OUT} and entry["amount"] > await _left(tx, entry["fund_id"]):
        zh, en = "该笔捐赠已支出或已预留。", "This donation is spent, or set aside."
        raise rejected(ProblemCode.OUT_OF_REACH, "entry", zh, en)
    await correcting.note(tx, entry, proper("reason", reason))
    said = {name: entry[name] for name in ("kind", "donor", "purpose")}
    taken = {"amount": -entry["amount"], "persons": entry["persons"] and -entry["persons"]}
    made = {**of(entry), **said, **taken, "corrects_id": entry["id"], "booked_on": await tx.today()}
    if entry["award_id"] is not None:
        await tx.update(awards, entry["award_id"], status=FundAwardStatus.TAKEN_BACK)
    return await tx.insert(entries, **made, entered_by=by)


async def _left(tx: Transaction, fund: UUID) -> Decimal:
    """What can be spent of a fund, locked: what is in it and not set aside."""
    left: Decimal = await tx.value(select(balance(fund) - reserved(fund)))
    return left.quantize(Decimal("0.01"))


async def _locked(tx: Transaction, row: Record) -> Record:
    """The fund of a row, locked."""
    fund = await tx.row(select(funds).where(funds.c.id == row["fund_id"]).with_for_update(key_share=True))
    assert fund is not None  # by foreign key
    return fund


def _waiting(award: Record) -> None:
    if award["status"] != FundAwardStatus.PROPOSED:
        raise rejected(ProblemCode.CLOSED, "award", "已支付、已收回或未通过。", "It was paid or refused already.")


# --- persons ----------------------------------------------------------------------------------------------------------


async def _apart(tx: Transaction, by: UUID, proposed_by: UUID | None) -> None:
    """FORBIDDEN for an account of whoever proposed."""
    if proposed_by and await same(tx, by, proposed_by):
        zh, en = "不能审批本人提出的支出。", "Nobody approves what they proposed themselves."
        raise Refused(Code.FORBIDDEN, zh, en, argument=("input",))
