"""Filling and ending posts: one command for each way someone is appointed, because each asks for something else.

Overlaps are left to the exclusion constraints of the table; see `services.appointments.tables.RULES`.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.appointments.tables import PostKind, posts, succession
from services.errors import ProblemCode, rejected
from services.organization.tables import party_organizations, units
from services.storage import closing
from services.storage.closing import cancel, only_open
from services.storage.correcting import OUTLASTS
from services.storage.transaction import Record, Transaction
from services.terms import forwards, reasonable


async def appoint_secretary(tx: Transaction, *, party_organization: Record, member: Record, since: date) -> UUID:
    """书记 of a party organization, until ended."""
    return await _appoint(tx, PostKind.SECRETARY, _organization(party_organization), member, since)


async def appoint_company_secretary(tx: Transaction, *, company: Record, member: Record, since: date) -> UUID:
    """书记 of a company's own branch; rejected INCOMPLETE where it has none."""
    only_open(company=company)
    # Shared, so that nobody closes the branch meanwhile; the company, which names it, is locked already.
    own = select(party_organizations).where(party_organizations.c.id == company["organization_id"])
    branch = await tx.row(own.with_for_update(read=True))
    if branch is None:
        zh, en = "该企业还没有党支部，请先设立或关联。", "The company has no branch yet: set one up, or link one."
        raise rejected(ProblemCode.INCOMPLETE, "company", zh, en)
    only_open(company=branch)
    return await _appoint(tx, PostKind.SECRETARY, _body("organization_id", branch), member, since)


async def appoint_instructor(tx: Transaction, *, company: Record, member: Record, since: date, until: date) -> UUID:
    """党建指导员 dispatched to a company for a term, in service or retired; the database refuses mere residents."""
    return await _appoint(tx, PostKind.INSTRUCTOR, _company(company), member, since, until)


async def appoint_company_leader(tx: Transaction, *, company: Record, member: Record, since: date) -> UUID:
    """企业负责人: an owner or manager of a company, until ended."""
    return await _appoint(tx, PostKind.COMPANY_LEADER, _company(company), member, since)


async def appoint_part_time_member(
    tx: Transaction, *, party_organization: Record, member: Record, since: date, until: date | None = None
) -> UUID:
    """兼职委员 of a party organization, who is in service; the database refuses others."""
    body = _organization(party_organization)
    return await _appoint(tx, PostKind.PART_TIME_MEMBER, body, member, since, until)


async def appoint_rotating_chair(
    tx: Transaction, *, party_organization: Record, member: Record, since: date, months: int
) -> UUID:
    """轮值家长 of a party organization, for one to three months.

    The database refuses whoever is not part-time member of it on each day of the term.
    """
    reasonable("since", since)
    if not 1 <= months <= 3:
        zh, en = "轮值家长任期为一至三个月。", "A rotating chair serves one to three months."
        raise rejected(ProblemCode.INVALID, "months", zh, en)
    until = after_months(since, months) - timedelta(days=1)
    body = _organization(party_organization)
    return await _appoint(tx, PostKind.ROTATING_CHAIR, body, member, since, until)


async def cross_appoint_to_organization(
    tx: Transaction, *, party_organization: Record, member: Record, since: date, until: date | None = None
) -> UUID:
    """交叉任职 in a party organization."""
    body = _organization(party_organization)
    return await _appoint(tx, PostKind.CROSS_APPOINTMENT, body, member, since, until)


async def cross_appoint_to_company(
    tx: Transaction, *, company: Record, member: Record, since: date, until: date | None = None
) -> UUID:
    """交叉任职 in a property company."""
    return await _appoint(tx, PostKind.CROSS_APPOINTMENT, _company(company), member, since, until)


async def cross_appoint_to_committee(
    tx: Transaction, *, committee: Record, member: Record, since: date, until: date | None = None
) -> UUID:
    """交叉任职 in an owners' committee, within its term and no longer."""
    first, last = committee["since"], committee["until"]
    if last is not None and since > last:
        zh, en = f"该业委会任期已于 {last} 结束。", f"The committee's term ends on {last}."
        raise rejected(ProblemCode.CLOSED, "committee", zh, en)
    if since < first:
        zh, en = f"该业委会任期自 {first} 开始。", f"The committee's term begins on {first}."
        raise rejected(ProblemCode.INVALID, "since", zh, en)
    if last is not None and until is not None and until > last:
        raise OUTLASTS.refusal("until")
    body = _body("committee_id", committee)
    return await _appoint(tx, PostKind.CROSS_APPOINTMENT, body, member, since, until or last)


async def cancel_post(tx: Transaction, *, post: Record) -> UUID:
    """Take back a post that begins today or later; the id of the unit it lay in."""
    await cancel(tx, "post", succession(post), post)
    unit: UUID = await tx.value(select(units.c.id).where(units.c.path == post["unit_path"]))
    return unit


async def end(tx: Transaction, *, post: Record, on: date, reason: str) -> UUID:
    """Make `on` the last day of a post; its id. An end may be brought forward, never put off."""
    return await closing.end(tx, posts, post, on, reason, correction="correctPost")


def after_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day where it is shorter: as PostgreSQL adds months."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# --- what they share --------------------------------------------------------------------------------------------------


async def _appoint(
    tx: Transaction, kind: PostKind, body: Mapping[str, Any], member: Record, since: date, until: date | None = None
) -> UUID:
    reasonable("since", since)
    forwards(since, until)
    if member["left_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "member", "该党员已离开。", "The member has left.")
    return await tx.insert(posts, kind=kind, **body, member_id=member["id"], since=since, until=until)


def _organization(organization: Record) -> Mapping[str, Any]:
    only_open(party_organization=organization)
    return _body("organization_id", organization)


def _company(company: Record) -> Mapping[str, Any]:
    only_open(company=company)
    return _body("company_id", company)


def _body(key: str, row: Record) -> Mapping[str, Any]:
    return {key: row["id"], "unit_path": row["unit_path"]}
