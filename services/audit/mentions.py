"""Where a person is named in what is kept of others: free text, and reports of commands for whoever sends them again.

Free text is searched by words, in the whole county where the person served; a name that somebody else there bears too,
or has in theirs, only in the unit where the person served and below it. Of a report's lines, the id of a row tells.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Text, any_, column, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.access.tables import grants, seat_path
from services.activities.tables import activities, teams
from services.appointments.tables import posts
from services.audit.tables import idempotency_keys, unread
from services.captains.tables import captain_terms
from services.centres.look_tables import looks, scores
from services.centres.offer_tables import offers
from services.centres.resource_tables import resources
from services.centres.schedule_tables import milestones
from services.centres.tables import operation_terms
from services.centres.venue_tables import bookings
from services.chairs.tables import evaluations, themes
from services.deliberation.alliance_tables import agreements, joint_meetings
from services.deliberation.day_tables import days
from services.deliberation.meeting_tables import items, meetings, minutes, results
from services.deliberation.report_tables import reports as deliberated
from services.deliberation.tables import matters, moves
from services.deliberation.whistle_tables import steps, whistles
from services.duties.helping import requests
from services.duties.tables import duty_terms
from services.households.tables import contacts
from services.households.tables import visits as home_visits
from services.members.grid_tables import grid_terms
from services.members.tables import NOBODY, members
from services.organization.paths import at_or_beneath, on_the_way
from services.organization.tables import OrgLevel, units
from services.points.pledge_tables import pledges
from services.points.tables import claims
from services.programs.tables import tokens
from services.projects.fund_tables import awards
from services.projects.fund_tables import entries as fund_entries
from services.projects.tables import contributions, payments, projects
from services.storage.correcting import corrections
from services.storage.tables import BYTEWISE, METADATA
from services.storage.transaction import Record, Transaction
from services.visits.tables import reports, visits

# Every column of free text that may name somebody, and the path of where its row lies. Texts that a unit publishes are
# not among them: what a catalog says to everybody is for its publisher to change.
FREE_TEXT: tuple[tuple[Table, str, ColumnElement[Any]], ...] = (
    (captain_terms, "end_reason", captain_terms.c.unit_path),
    (posts, "end_reason", posts.c.unit_path),
    (grid_terms, "end_reason", grid_terms.c.unit_path),
    (duty_terms, "end_reason", duty_terms.c.unit_path),
    (corrections, "reason", corrections.c.unit_path),
    (grants, "reason", seat_path(grants.c)),
    (grants, "revoked_for", seat_path(grants.c)),
    (tokens, "revoked_for", tokens.c.unit_path),
    (visits, "done", visits.c.unit_path),
    (visits, "next_step", visits.c.unit_path),
    (reports, "text", reports.c.unit_path),
    (reports, "spot", reports.c.unit_path),
    (reports, "outcome", reports.c.unit_path),
    (themes, "title", themes.c.unit_path),
    (themes, "outcome", themes.c.unit_path),
    (evaluations, "remark", evaluations.c.unit_path),
    (contacts, "end_reason", contacts.c.unit_path),
    (home_visits, "outcome", home_visits.c.unit_path),
    (home_visits, "next_step", home_visits.c.unit_path),
    (operation_terms, "end_reason", operation_terms.c.unit_path),
    (milestones, "reason", milestones.c.unit_path),
    (looks, "remark", looks.c.unit_path),
    (scores, "remark", scores.c.unit_path),
    (offers, "drop_reason", offers.c.unit_path),
    (projects, "purpose", projects.c.unit_path),
    (projects, "proposed_by", projects.c.unit_path),
    (projects, "drop_reason", projects.c.unit_path),
    (payments, "purpose", payments.c.unit_path),
    (contributions, "text", contributions.c.unit_path),
    (awards, "purpose", awards.c.unit_path),
    (awards, "answer", awards.c.unit_path),
    (fund_entries, "purpose", fund_entries.c.unit_path),
    (fund_entries, "donor", fund_entries.c.unit_path),
    (resources, "provider", resources.c.unit_path),
    (bookings, "borrower", bookings.c.unit_path),
    (bookings, "purpose", bookings.c.unit_path),
    (bookings, "cancel_reason", bookings.c.unit_path),
    (requests, "text", requests.c.unit_path),
    (requests, "beneficiary", requests.c.unit_path),
    (requests, "outcome", requests.c.unit_path),
    (activities, "title", activities.c.unit_path),
    (activities, "venue", activities.c.unit_path),
    (activities, "cancel_reason", activities.c.unit_path),
    (teams, "kind", teams.c.unit_path),
    (claims, "text", claims.c.unit_path),
    (claims, "answer", claims.c.unit_path),
    (pledges, "text", pledges.c.unit_path),
    (pledges, "done", pledges.c.unit_path),
    (matters, "title", matters.c.unit_path),
    (matters, "detail", matters.c.unit_path),
    (moves, "reason", moves.c.unit_path),
    (meetings, "title", meetings.c.unit_path),
    (meetings, "cancel_reason", meetings.c.unit_path),
    (meetings, "missing_reason", meetings.c.unit_path),
    (items, "matter_title", items.c.unit_path),
    (items, "decided", items.c.unit_path),
    (minutes, "text", minutes.c.unit_path),
    (minutes, "reason", minutes.c.unit_path),
    (results, "what", results.c.unit_path),
    (whistles, "title", whistles.c.unit_path),
    (whistles, "detail", whistles.c.unit_path),
    (steps, "text", steps.c.unit_path),
    (days, "reason", days.c.unit_path),
    (deliberated, "text", deliberated.c.unit_path),
    (deliberated, "reason", deliberated.c.unit_path),
    (joint_meetings, "about", joint_meetings.c.unit_path),
    (agreements, "agreed", agreements.c.unit_path),
    (agreements, "done_by", agreements.c.unit_path),
    (agreements, "drop_reason", agreements.c.unit_path),
)


async def unsay(tx: Transaction, member: Record, logins: Collection[str]) -> None:
    """Put nobody's name for theirs, their phone, address and logins, in what is said of others."""
    county = await _county(tx, member["unit_path"])
    namesake = select(members.c.id).where(
        func.strpos(members.c.name, member["name"]) > 0, members.c.id != member["id"], _in(members.c.unit_path, county)
    )
    shared = await tx.row(namesake.limit(1)) is not None
    # The longest first: an address may begin with a name.
    for word in sorted(filter(None, (member["phone"], member["address"], *logins)), key=len, reverse=True):
        await _replace(tx, word, county)
    await _replace(tx, member["name"], member["unit_path"] if shared else county)


async def _county(tx: Transaction, path: str) -> str:
    """The path of the county a unit lies in; its own above."""
    above = select(units.c.path).where(on_the_way(units.c.code, literal(path, BYTEWISE)))
    found: str | None = await tx.value(above.where(units.c.level == OrgLevel.COUNTY))
    return found or path


async def _replace(tx: Transaction, word: str, top: str) -> None:
    # Minutes and a fund's ledger are not rewritten but for this.
    await tx.rows(select(func.set_config("jinlin.unsaying", "on", True)))
    for table, name, path in FREE_TEXT:
        said = table.c[name]
        naming = update(table).where(func.strpos(said, word) > 0, _in(path, top))
        await tx.rows(naming.values({name: func.replace(said, word, NOBODY)}))
    await tx.rows(select(func.set_config("jinlin.unsaying", "", True)))


def _in(path: ColumnElement[Any], top: str) -> ColumnElement[bool]:
    return at_or_beneath(path, literal(top, BYTEWISE))


# --- reports ----------------------------------------------------------------------------------------------------------


async def unreport(tx: Transaction, member: UUID, own: Collection[UUID]) -> None:
    """Name nobody in the lines about a member, these accounts of theirs, or grants they held or were the seat of.

    Commands that led to one of these rows, or to any that is about the member, or had a row of their list become one,
    are not known any more by what was asked: a digest of a phone number can be guessed. Nor are their keys, which
    clients may make of a name. Whoever sends one again is told that its key was used.
    """
    held = grants.c
    granted = await tx.rows(select(grants).where(or_(held.account_id.in_(own), held.member_id == member)))
    named: dict[str, list[str]] = {str(each): ["name"] for each in (member, *own)}
    for row in granted:
        whose = ("account_name", row["account_id"] in own), ("seat_name", row["member_id"] == member)
        named[str(row["id"])] = [word for word, theirs in whose if theirs]
    await _rename(tx, named)
    key = idempotency_keys.c
    found = (select(table.c.id).where(table.c.member_id == member) for table in _of_members())
    about = or_(key.result_id.in_(list(map(UUID, named))), *(key.result_id.in_(rows) for rows in found))
    await tx.rows(update(idempotency_keys).where(about, key.fingerprint != b"").values(_forgotten()))


def _of_members() -> Iterator[Table]:
    """The tables whose rows are each about a member."""
    for table in METADATA.tables.values():
        if "id" in table.c and "member_id" in table.c and table.c.member_id.references(members.c.id):
            yield table


async def _rename(tx: Transaction, named: Mapping[str, Collection[str]]) -> None:
    """Put nobody's name for these words of the lines about these rows."""
    key = idempotency_keys.c
    line = func.jsonb_array_elements(key.report).table_valued(column("value", JSONB), name="line").render_derived()
    row = func.split_part(line.c.value["id"].astext, "_", 2)  # a global id is a kind's tag and a UUID
    about = select(1).select_from(line).where(row == any_(literal(list(named), ARRAY(Text()))))
    for kept in await tx.rows(select(idempotency_keys).where(about.exists()).with_for_update()):
        report = [_renamed(told, named) for told in json.loads(kept["report"])]
        this = key.account_id == kept["account_id"], key.key == kept["key"]
        await tx.rows(update(idempotency_keys).where(*this).values(report=report, **_left(report, named)))


def _left(report: Iterable[Mapping[str, Any]], named: Mapping[str, Collection[str]]) -> dict[str, Any]:
    """What a command was asked for is not known any more where somebody was registered by a row of its list."""
    return _forgotten() if any("row" in line and _row_of(line) in named for line in report) else {}


def _forgotten() -> dict[str, Any]:
    """A key under which something was asked, and nothing of what."""
    return {"fingerprint": b"", "key": unread(idempotency_keys.c.key)}


def _row_of(line: Mapping[str, Any]) -> str:
    return str(line["id"]).partition("_")[2]


def _renamed(line: Mapping[str, Any], named: Mapping[str, Collection[str]]) -> Mapping[str, Any]:
    return {**line, **{word: NOBODY for word in named.get(_row_of(line), ()) if word in line}}
