"""Deleting a person's data. What must stay for the history of others stays under a name that is nobody's.

Terms, grants and entries of the audit trail are kept: they say that somebody held an office, and that things were done.
Name, search keys, contact data, employer, home and organization go, and what they said they can and wish to do; so do
the accounts' names, logins, passwords and identities elsewhere, and what was said about the person in reasons, theirs
and others' (services/audit/mentions.py), and in reports of commands. The audit trail never held any of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, func, or_, select, update

from services.access.accounts import shut
from services.access.revoking import Ending, end
from services.access.tables import accounts, grants, identities
from services.appointments.tables import posts
from services.audit.held import corrections_of
from services.audit.mentions import lines, unreport, unsay
from services.audit.persons import accounts_of
from services.audit.tables import idempotency_keys
from services.captains.tables import captain_terms
from services.duties.tables import duty_terms, profiles
from services.errors import ProblemCode, Rejected, rejected
from services.households.tables import contacts
from services.members.grid_tables import grid_terms
from services.members.leaving import leave
from services.members.restricting import refuse_restricted
from services.members.tables import NOBODY, members
from services.points.pledge_tables import pledges
from services.points.tables import claims
from services.storage.correcting import corrections
from services.storage.tables import counted, named
from services.storage.transaction import Outcome, Record, Transaction
from services.storage.validation import Amiss

WHY = "个人数据已删除 / personal data deleted"


async def granted_to(tx: Transaction, member: UUID) -> tuple[list[Record], list[Record]]:
    """A person's own accounts, locked, and the grants in force that end with them: the accounts', and at their seat."""
    own = await tx.rows(accounts_of(member).order_by(accounts.c.id).with_for_update(key_share=True))
    held = grants.c
    theirs = or_(held.account_id.in_([account["id"] for account in own]), held.member_id == member)
    lasting = (held.revoked_at.is_(None), func.coalesce(held.until > func.now(), True))
    return own, await tx.rows(select(grants).where(theirs, *lasting).order_by(held.id))


async def delete_person(
    tx: Transaction,
    *,
    member: Record,
    own: Iterable[Record],
    ending: Ending,
    keep: Sequence[Record] | None = None,
    cascade: bool | None = None,
) -> Outcome:
    """Delete what is personal of a member whom nothing keeps from leaving, and of their accounts, which are closed.

    Their grants end, and those at their seat; see `end` for what rests on those. Rejected where it was done before, and
    with all that is in the way at once: what is restricted, terms after today, grants that nobody decided on.
    """
    if member["erased_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "member", "此人的个人数据已删除。", "This person's data was deleted.")
    report = await _unhindered(tx, member, ending, keep, cascade)
    accounts_of_theirs = list(own)
    for account in accounts_of_theirs:
        await _forget(tx, account)
    ids = [account["id"] for account in accounts_of_theirs]
    changed = [
        line for table, name, where in _theirs(member["id"], ids) for line in await _unsay(tx, table, name, where)
    ]
    logins = [account["login"] for account in accounts_of_theirs if account["login"]]
    await tx.rows(delete(profiles).where(profiles.c.member_id == member["id"]))
    row = await _blank(tx, member)
    changed += await unsay(tx, member, logins)
    await unreport(tx, member["id"], ids)
    return Outcome(row, report, unsaid=True, tally=changed)


async def _unhindered(
    tx: Transaction, member: Record, ending: Ending, keep: Sequence[Record] | None, cascade: bool | None
) -> Sequence[Record]:
    """Let them leave, and end the grants, see `leave` and `end`; Rejected with whatever is in the way of either."""
    amiss = Amiss()
    with amiss.within():
        refuse_restricted(member)  # what is restricted may be kept for the person's own claim
    with amiss.within():
        await leave(tx, member, member["left_on"] or await tx.today(), "member")
    try:
        report = await end(tx, ending, WHY, keep, cascade)
    except Rejected as undecided:
        raise Rejected([*amiss.found, *undecided.problems], undecided.report) from None
    amiss.check()
    return report


async def _blank(tx: Transaction, member: Record) -> UUID:
    today = await tx.today()
    gone = dict.fromkeys(("employer", "phone", "address", "home_path", "organization_id"))
    kept = {"left_on": member["left_on"] or today, "erased_on": today}
    return await tx.update(members, member["id"], **named(members, NOBODY), **gone, **kept)


async def _forget(tx: Transaction, account: Record) -> None:
    """Close an account, if it is not, and leave nothing of whose it was but that it was the member's."""
    if account["closed_at"] is None:
        await shut(tx, account["id"])
    await tx.rows(delete(identities).where(identities.c.account_id == account["id"]))
    await tx.rows(delete(idempotency_keys).where(idempotency_keys.c.account_id == account["id"]))
    gone = dict.fromkeys(("login", "password", "password_reset_for"))
    await tx.update(accounts, account["id"], **named(accounts, NOBODY), password_temporary=False, **gone)


def _theirs(member: UUID, own: Sequence[UUID]) -> Iterator[tuple[Table, str, Any]]:
    """What was said of the person themselves, and they said: texts, and whose rows they are of."""
    granted = or_(grants.c.account_id.in_(own), grants.c.member_id == member)
    yield from ((grants, said, granted) for said in ("reason", "revoked_for"))
    for terms in (captain_terms, posts, grid_terms, contacts, duty_terms):
        yield terms, "end_reason", terms.c.member_id == member
    for table, said in ((claims, "text"), (claims, "answer"), (pledges, "text"), (pledges, "done")):
        yield table, said, table.c.member_id == member
    yield corrections, "reason", corrections.c.id.in_(corrections_of(member))


async def _unsay(tx: Transaction, table: Table, name: str, theirs: Any) -> list[Record]:
    """The texts go whole, whoever they name, but for what this command says itself; a line for each that went."""
    gone = update(table).where(theirs, table.c[name].not_in((NOBODY, WHY))).values({name: NOBODY, **counted(table)})
    return lines(table, name, await tx.rows(gone.returning(table.c.id)))
