"""What is held on one person, wherever it is: the member's row, terms, accounts, and what the trail says about them.

Secrets are not among it (hashes of passwords, digests of credentials): they would tell the person nothing. What is of
units is what whoever asks may read. An export is on record like any command, and as a read of contact data too where
somebody else asked for it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, Select, Uuid, and_, false, func, literal, or_, select, true

from services.access.tables import accounts, credentials, grants, identities, seat_name
from services.audit.contact_reads import noted
from services.audit.details import details
from services.audit.events import Event
from services.audit.held import LISTS, WITHHELD, Readable
from services.audit.tables import changes, entries, event
from services.duties.tables import profiles
from services.errors import bad_input
from services.members.tables import members
from services.organization.paths import at_or_beneath, place
from services.organization.tables import party_organizations, units
from services.properties.tables import name_in
from services.storage.tables import BYTEWISE
from services.storage.transaction import Outcome, Record, Transaction
from services.terms import moment


@dataclass(frozen=True, slots=True)
class Sight:
    """What whoever asks may read of what is held, and by which account they ask.

    All of it goes to the person, whatever else they may; to others as far as they read it elsewhere. `whole` is for
    whom nothing is left out.
    """

    readable: Readable
    account: UUID | None = None
    whole: bool = False


EVERYTHING = Sight(lambda *_: true(), whole=True)


def accounts_of(member: UUID) -> Select[Any]:
    """The accounts that are a person's.

    An account is a person's if it says so, or if it is nobody's and they are the only member at whose seat it ever held
    a grant, whatever the role.
    """
    held, own = grants.c, accounts.c
    seated = select(held.account_id).where(held.member_id == member)
    elsewhere = select(held.id).where(held.account_id == own.id, held.member_id != member).exists()
    theirs = and_(own.member_id.is_(None), own.id.in_(seated), ~elsewhere)
    return select(accounts).where(or_(own.member_id == member, theirs))


# --- exporting --------------------------------------------------------------------------------------------------------


async def export(tx: Transaction, *, member: Record, sight: Sight) -> Outcome:
    """Everything held on a member, as JSON that is given out once and kept nowhere."""
    opened = func.current_setting("jinlin.audit_entry").cast(Uuid())
    await tx.rows(_shown(member["id"]).where(entries.c.id == opened))
    return Outcome(member["id"], secret=await held_on(tx, member["id"], sight))


async def export_for(connection: asyncpg.Connection, member: UUID) -> str:
    """The same for whoever has the database; BAD_USER_INPUT where there is no such member."""
    async with connection.transaction():
        tx = Transaction(connection)
        of = await tx.value(select(units.c.id).join(members, members.c.unit_path == units.c.path).where(_is(member)))
        if of is None:
            raise bad_input("没有这名党员。", "There is no such member.")
        made = await event(connection, Event.EXPORT, unit_id=of, target_id=member)
        await tx.rows(_shown(member).where(entries.c.id == made))
        return await held_on(tx, member, EVERYTHING)


def named(member: str) -> UUID:
    """A member's id as clients write it, mb_…; BAD_USER_INPUT for what is none."""
    try:
        return UUID(member.removeprefix("mb_"))
    except ValueError:
        raise bad_input("党员的全局标识形如 mb_…。", "A member's global id looks like mb_….") from None


async def held_on(tx: Transaction, member: UUID, sight: Sight) -> str:
    """The JSON."""
    person = await tx.row(_person().where(_is(member)))
    asking = await tx.row(accounts_of(member).where(accounts.c.id == sight.account))
    if asking is not None:
        sight = replace(EVERYTHING, readable=_all_but_above(asking["unit_path"], sight.readable))
    shown = accounts_of(member).where(sight.readable("Account", accounts.c))
    own = await tx.rows(shown.order_by(accounts.c.created_at, accounts.c.id))
    told = {
        "withheld": [] if sight.whole else WITHHELD,
        "member": person,
        "profile": await tx.row(_profile(member)),
        **{name: await tx.rows(each.seen(member, sight.readable)) for name, each in LISTS.items()},
        "accounts": [await _account(tx, account, sight.readable) for account in own],
        "auditEntries": await _trail(tx, member, [account["id"] for account in own], sight.readable),
    }
    return json.dumps(told, ensure_ascii=False, indent=2, default=_said)


def _said(value: Any) -> str:
    return moment(value) if isinstance(value, datetime) else str(value)


def _all_but_above(home: str | None, readable: Readable) -> Readable:
    """All there is, but of accounts what is readable, and those at home where another is or below it.

    Not those above: whoever makes a person an account in a community would learn by it of one they have in the county.
    """

    def seen(entity: str, row: Any) -> ColumnElement[bool]:
        if entity != "Account":
            return true()
        beneath = false() if home is None else at_or_beneath(row.unit_path, literal(home, BYTEWISE))
        return or_(readable(entity, row), beneath)

    return seen


def _shown(member: UUID) -> Select[Any]:
    return select(noted(entries.c.id, entries.c.account_id, literal(member)))


def _is(member: UUID) -> ColumnElement[bool]:
    return members.c.id == member


# --- its parts --------------------------------------------------------------------------------------------------------


def _person() -> Select[Any]:
    own = members.c
    kept = (own.id, own.name, own.standing, own.employer, own.phone, own.address)
    days = (own.left_on, own.erased_on, own.restricted_on)
    around = (
        place(own.unit_path).label("serves_at"),
        place(own.home_path).label("lives_at"),
        name_in(party_organizations, own.organization_id).label("party_organization"),
    )
    return select(*kept, *days, *around)


def _profile(member: UUID) -> Select[Any]:
    said = profiles.c
    return select(said.occupation, said.skills, said.wishes).where(said.member_id == member)


async def _account(tx: Transaction, account: Record, readable: Readable) -> Mapping[str, Any]:
    """An account with what it was granted, what stands or stood for it, and who it is elsewhere."""
    granted, key, known = grants.c, credentials.c, identities.c
    seats = select(
        *(granted.role, seat_name(granted).label("seat"), granted.since, granted.until, granted.reason),
        *(granted.revoked_at, granted.revoked_for),
    ).where(granted.account_id == account["id"], readable("Grant", granted))
    keys = select(key.kind, key.created_at, key.expires_at, key.revoked_at, key.last_used_at)
    return {
        **{name: account[name] for name in ("name", "login", "password_reset_for", "created_at", "closed_at")},
        "grants": await tx.rows(seats.order_by(granted.since, granted.id)),
        "credentials": await tx.rows(keys.where(key.account_id == account["id"]).order_by(key.created_at, key.id)),
        "identities": await tx.rows(
            select(known.issuer, known.subject, known.groups)
            .where(known.account_id == account["id"])
            .order_by(known.issuer)
        ),
    }


async def _trail(tx: Transaction, member: UUID, own: list[UUID], readable: Readable) -> list[Record]:
    """The readable entries that are about the member or these accounts of theirs, or changed them."""
    entry, change = entries.c, changes.c
    about = [member, *own]
    changed = select(change.id).where(change.entry_id == entry.id, change.row_id.in_(about)).correlate(entries)
    told = (entry.at, entry.command, name_in(accounts, entry.account_id).label("by"), entry.request_id)
    found = select(*told, details(entry).label("detail")).where(
        or_(entry.target_id.in_(about), changed.exists()), readable("AuditEntry", entry)
    )
    rows = await tx.rows(found.order_by(entry.at.desc(), entry.id))
    return [{**row, "detail": row["detail"] and json.loads(row["detail"])} for row in rows]
