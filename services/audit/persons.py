"""What is held on one person, wherever it is: the member's row, terms, accounts, and what the trail says about them.

Secrets are not among it (hashes of passwords, digests of credentials): they would tell the person nothing. Accounts are
those that whoever asks may read. An export is on record like any command, and as a read of contact data too where
somebody else asked for it.

Long because it has one short statement for each thing that is held on a person.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, Select, Table, Text, Uuid, and_, func, literal, or_, select, true

from services.access.tables import accounts, credentials, grants, identities, seat_name
from services.activities.tables import activities, attendances, sign_ups, teams
from services.appointments.tables import body_name, posts
from services.audit.contact_reads import noted
from services.audit.details import details
from services.audit.events import Event
from services.audit.tables import changes, contact_reads, entries, event
from services.captains.tables import building_name, captain_terms, compound_name
from services.chairs.tables import themes
from services.deliberation.tables import matters
from services.duties.helping import requests, team_name, team_terms
from services.duties.tables import duty_terms, of_item, profiles
from services.errors import bad_input
from services.households.tables import contacts
from services.households.tables import visits as home_visits
from services.members.grid_tables import grid_terms
from services.members.tables import members
from services.organization.paths import at_or_beneath, place
from services.organization.tables import party_organizations, units
from services.points.pledge_tables import appraisals, pledges
from services.points.tables import claims, rule_name
from services.points.tables import entries as points
from services.projects.tables import projects
from services.properties.tables import companies, name_in
from services.storage.correcting import corrections
from services.storage.tables import BYTEWISE, aliased
from services.storage.transaction import Outcome, Record, Transaction
from services.terms import moment
from services.visits.tables import visits

Readable = Callable[[Any], ColumnElement[bool]]
"""Which rows of a table, by their columns, whoever asks may read."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What whoever asks may read of what is held, and by which account they ask.

    All of what is named here goes to the person, whatever else they may; to others as far as they read it elsewhere,
    what the person suggested as `audit, read` and `matter, read` have it. `whole` is for whom nothing is left out.
    """

    accounts: Readable
    grants: Readable
    entries: Readable
    corrections: Readable
    home_visits: Readable
    help_requests: Readable
    matters: Readable
    account: UUID | None = None
    whole: bool = False


# The lists that hold no more than whoever asks may read; named whatever there is, for who counts is told round numbers.
WITHHELD = ["homeVisits", "helpRequests", "suggestions"]


def _all(_: Any) -> ColumnElement[bool]:
    return true()


EVERYTHING = Sight(_all, _all, _all, _all, _all, _all, _all, whole=True)


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


def corrections_of(member: UUID) -> Select[Any]:
    """The ids of the corrections of what was a person's captaincy, post or duty then, and of what they entered as such.

    Whose it was, the trail tells: a correction of days names nobody, and the term may be gone, or another's, by now.
    """
    said, change, held = corrections.c, changes.c, posts.c
    entered = change.before["post_id"].astext.in_(select(held.id.cast(Text())).where(held.member_id == member))
    theirs = or_(_holder(said, change) == str(member), change.after[HOLDER].astext == str(member), entered)
    once = select(change.id).where(change.entry_id == said.entry_id, change.row_id == said.row_id)
    own = said.row_id == member  # why their data were restricted
    return select(said.id).where(or_(own, once.where(theirs).correlate(corrections).exists()))


HOLDER = "member_id"


def _holder(said: Any, change: Any) -> ColumnElement[Any]:
    """Whose the corrected row was before a change of it: by that change, the last before, the next one, or the row."""
    other = aliased(changes)
    told = select(other.c.after[HOLDER].astext).where(other.c.row_id == said.row_id, other.c.id < change.id)
    last = told.where(other.c.after.has_key(HOLDER)).order_by(other.c.id.desc()).limit(1)
    kept = select(other.c.before[HOLDER].astext).where(other.c.row_id == said.row_id, other.c.id > change.id)
    after = kept.where(other.c.before.has_key(HOLDER)).order_by(other.c.id).limit(1)
    now = [
        select(of.c.member_id.cast(Text())).where(of.c.id == said.row_id)
        for of in (captain_terms, posts, grid_terms, duty_terms, team_terms, points)
    ]
    others = (each.correlate_except(other).scalar_subquery() for each in (last, after))
    rows = (each.correlate(corrections).scalar_subquery() for each in now)
    return func.coalesce(change.before[HOLDER].astext, *others, *rows)


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
        sight = replace(EVERYTHING, accounts=_also_beneath(asking["unit_path"], sight.accounts))
    shown = accounts_of(member).where(sight.accounts(accounts.c))
    own = await tx.rows(shown.order_by(accounts.c.created_at, accounts.c.id))
    told = {
        "withheld": [] if sight.whole else WITHHELD,
        "member": person,
        "captaincies": await tx.rows(_captaincies().where(captain_terms.c.member_id == member)),
        "grids": await tx.rows(_grids().where(grid_terms.c.member_id == member)),
        "posts": await tx.rows(_posts().where(posts.c.member_id == member)),
        "duties": await tx.rows(_duties().where(duty_terms.c.member_id == member)),
        "helpTeams": await tx.rows(_in_teams().where(team_terms.c.member_id == member)),
        "helpRequests": await tx.rows(_helped().where(requests.c.member_id == member, sight.help_requests(requests.c))),
        "profile": await tx.row(_profile(member)),
        "visits": await tx.rows(_visits().where(posts.c.member_id == member)),
        "themes": await tx.rows(_themes().where(posts.c.member_id == member)),
        "projects": await tx.rows(_projects().where(posts.c.member_id == member)),
        "suggestions": await tx.rows(_suggestions(member).where(sight.matters(matters.c), sight.entries(entries.c))),
        "householdContacts": await tx.rows(_contacts().where(contacts.c.member_id == member)),
        "homeVisits": await tx.rows(
            _home_visits().where(home_visits.c.member_id == member, sight.home_visits(home_visits.c))
        ),
        "signUps": await tx.rows(_at_activities(sign_ups, sign_ups.c.status).where(sign_ups.c.member_id == member)),
        "attendances": await tx.rows(_at_activities(attendances).where(attendances.c.member_id == member)),
        "residentsTeams": await tx.rows(_teams().where(teams.c.member_id == member)),
        "pointClaims": await tx.rows(_claims().where(claims.c.member_id == member)),
        "points": await tx.rows(_points().where(points.c.member_id == member)),
        "pledges": await tx.rows(select(*PLEDGED).where(pledges.c.member_id == member).order_by(pledges.c.year)),
        "appraisals": await tx.rows(select(*APPRAISED).where(appraisals.c.member_id == member)),
        "corrections": await tx.rows(_corrections(member).where(sight.corrections(corrections.c))),
        "accounts": [await _account(tx, account, sight.grants) for account in own],
        "contactReads": await tx.rows(_reads().where(contact_reads.c.member_id == member)),
        "auditEntries": await _trail(tx, member, [account["id"] for account in own], sight),
    }
    return json.dumps(told, ensure_ascii=False, indent=2, default=_said)


def _said(value: Any) -> str:
    return moment(value) if isinstance(value, datetime) else str(value)


def _also_beneath(home: str | None, readable: Readable) -> Readable:
    """What is readable, and the accounts at home where another is or below it.

    Not those above: whoever makes a person an account in a community would learn by it of one they have in the county.
    """
    if home is None:
        return readable
    return lambda account: or_(readable(account), at_or_beneath(account.unit_path, literal(home, BYTEWISE)))


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


def _captaincies() -> Select[Any]:
    held = captain_terms.c
    where = (building_name(held.building_id).label("building"), compound_name(held.building_id).label("compound"))
    return select(*where, held.since, held.until, held.end_reason).order_by(held.since, held.id)


def _grids() -> Select[Any]:
    """The grids somebody reported or was assigned to."""
    held = grid_terms.c
    told = (place(held.unit_path).label("grid"), held.kind, held.channel, held.since, held.until, held.end_reason)
    return select(*told).order_by(held.since, held.id)


def _posts() -> Select[Any]:
    held = posts.c
    return select(held.kind, body_name(held).label("body"), held.since, held.until, held.end_reason).order_by(
        held.since, held.id
    )


def _duties() -> Select[Any]:
    held = duty_terms.c
    of = (of_item(held.item_id, "name").label("duty"), of_item(held.item_id, "category").label("category"))
    return select(*of, held.since, held.until, held.end_reason).order_by(held.since, held.id)


def _in_teams() -> Select[Any]:
    held = team_terms.c
    told = (team_name(held.team_id).label("team"), held.since, held.until)
    return select(*told).order_by(held.since, held.id)


def _helped() -> Select[Any]:
    """That somebody helped, when and how long; what it was and for whom is the other's."""
    done = requests.c
    return select(done.kind, done.asked_on, done.closed_on, done.minutes).order_by(done.asked_on, done.id)


def _profile(member: UUID) -> Select[Any]:
    said = profiles.c
    return select(said.occupation, said.skills, said.wishes).where(said.member_id == member)


def _visits() -> Select[Any]:
    """That somebody was at a company as its instructor; what they did there is the company's and its readers'."""
    made = visits.c
    told = (name_in(companies, made.company_id).label("company"), made.visited_on)
    return select(*told).join(posts, posts.c.id == made.post_id).order_by(made.visited_on, made.id)


def _themes() -> Select[Any]:
    """What somebody planned in the chair of an organization."""
    made = themes.c
    told = (name_in(party_organizations, made.organization_id).label("party_organization"), made.title)
    days = (made.planned_on, made.held_on, made.status)
    return select(*told, *days).join(posts, posts.c.id == made.post_id).order_by(made.planned_on, made.id)


def _projects() -> Select[Any]:
    """The projects somebody proposed in a post; what became of them is their unit's."""
    made = projects.c
    told = (place(made.unit_path).label("place"), made.name, made.purpose, made.proposed_on)
    return select(*told).join(posts, posts.c.id == made.post_id).order_by(made.proposed_on, made.id)


def _suggestions(member: UUID) -> Select[Any]:
    """What somebody suggested, as it reads now. The matter does not tell whose it was: the entry does that made it."""
    made, change, entry = matters.c, changes.c, entries.c
    told = (place(made.unit_path).label("place"), made.title, made.detail, made.proposed_on)
    suggested = (entry.command == "suggestMatter", entry.target_id == member, change.before.is_(None))
    found = select(*told).join(changes, change.row_id == made.id).join(entries, entry.id == change.entry_id)
    return found.where(*suggested).order_by(made.proposed_on, made.id)


def _contacts() -> Select[Any]:
    """That somebody kept contact with a household, and where that lies; which one it is, is the household's."""
    held = contacts.c
    told = (place(held.unit_path).label("place"), held.since, held.until, held.end_reason)
    return select(*told).order_by(held.since, held.id)


def _home_visits() -> Select[Any]:
    """That somebody came to a household, when and for which of the four visits; what came of it is that one's."""
    made = home_visits.c
    told = (place(made.unit_path).label("place"), made.kind, made.visited_on)
    return select(*told).order_by(made.visited_on, made.id)


def _at_activities(table: Table, *more: Any) -> Select[Any]:
    """What somebody signed up for or came to, and when they did."""
    of, it = table.c, activities.c
    told = (place(of.unit_path).label("place"), it.title, it.begins_at, of.at, *more)
    return select(*told).join(activities, it.id == of.activity_id).order_by(of.at, of.id)


def _teams() -> Select[Any]:
    """The residents' teams somebody is asked about."""
    of = teams.c
    return select(place(of.unit_path).label("place"), of.name, of.kind, of.closed_on).order_by(of.unit_path, of.id)


PLEDGED = (pledges.c.year, pledges.c.text, pledges.c.done, pledges.c.status)
APPRAISED = (appraisals.c.year, appraisals.c.grade)


def _claims() -> Select[Any]:
    """What somebody claimed points for, and what was said to that."""
    made = claims.c
    told = (rule_name(made.rule_id).label("rule"), made.done_on, made.times, made.text, made.status, made.answer)
    return select(*told).order_by(made.done_on, made.id)


def _points() -> Select[Any]:
    """The points somebody earned, and what was put right of them."""
    made = points.c
    told = (rule_name(made.rule_id).label("rule"), made.points, made.earned_on, made.recorded_on)
    return select(*told).order_by(made.earned_on, made.recorded_on, made.id)


def _corrections(member: UUID) -> Select[Any]:
    """Why their terms, and what they entered, were corrected or struck out."""
    said, entry = corrections.c, entries.c
    told = select(entry.at, entry.command, said.reason).select_from(corrections).outerjoin(entries)
    return told.where(said.id.in_(corrections_of(member))).order_by(entry.at, said.id)


async def _account(tx: Transaction, account: Record, readable: Readable) -> Mapping[str, Any]:
    """An account with what it was granted, what stands or stood for it, and who it is elsewhere."""
    granted, key, known = grants.c, credentials.c, identities.c
    seats = select(
        *(granted.role, seat_name(granted).label("seat"), granted.since, granted.until, granted.reason),
        *(granted.revoked_at, granted.revoked_for),
    ).where(granted.account_id == account["id"], readable(granted))
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


def _reads() -> Select[Any]:
    entry = entries.c
    found = select(entry.at, name_in(accounts, entry.account_id).label("by"), entry.operation, entry.request_id)
    joined = found.join(contact_reads, contact_reads.c.entry_id == entry.id)
    return joined.order_by(entry.at.desc(), entry.id)


async def _trail(tx: Transaction, member: UUID, own: list[UUID], sight: Sight) -> list[Record]:
    """The readable entries that are about the member or these accounts of theirs, or changed them."""
    entry, change = entries.c, changes.c
    about = [member, *own]
    changed = select(change.id).where(change.entry_id == entry.id, change.row_id.in_(about)).correlate(entries)
    told = (entry.at, entry.command, name_in(accounts, entry.account_id).label("by"), entry.request_id)
    found = select(*told, details(entry).label("detail")).where(
        or_(entry.target_id.in_(about), changed.exists()), sight.entries(entry)
    )
    rows = await tx.rows(found.order_by(entry.at.desc(), entry.id))
    return [{**row, "detail": row["detail"] and json.loads(row["detail"])} for row in rows]
