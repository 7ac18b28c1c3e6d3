"""Where a person is named in what is kept of others: free text, and reports of commands for whoever sends them again.

Free text is searched by words (services/audit/words.py), in the whole county where the person served; a name that
somebody else there bears too only in the unit where the person served and below it; not where it is a part of a name
that somebody else there bears. Of a report's lines, the id of a row tells. Each change is counted in a version, so that
a form opened before brings no name back.
"""

import asyncio
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Column, ColumnElement, Table, Text, any_, column, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB

from services.access.tables import grants
from services.audit.free_text import FREE_TEXT, NAMED, UNDER
from services.audit.tables import idempotency_keys, unread
from services.audit.words import Name, Words, perhaps_in, words_of
from services.members.tables import NOBODY, members
from services.organization.paths import at_or_beneath, on_the_way
from services.organization.tables import OrgLevel, units
from services.storage.tables import BYTEWISE, METADATA, counted
from services.storage.transaction import Record, Transaction

# How many different names that contain a deleted person's are told apart from it; of one that is in more, as 王 may be,
# texts elsewhere in the county are left alone.
SPARED = 50
AT_ONCE = 500  # texts that are written by one statement


async def unsay(tx: Transaction, member: Record, logins: Collection[str]) -> list[Record]:
    """Put nobody's name for theirs, their phone, address and logins, in what is said of others.

    What was changed, a line for each text; and names of things that name them and stay.
    """
    county = await _county(tx, member["unit_path"])
    found = await _namesakes(tx, member, county)
    name = Name(member["name"])
    shared = len(found) > SPARED or any(name.is_same(Name(other)) for other in found)
    there = [(words_of(member, logins, longer=found[:SPARED]), member["unit_path"])] if shared else []
    changed: list[Record] = []
    for words, top in (*there, (words_of(member, logins, by_name=not shared, longer=found[:SPARED]), county)):
        if words is not None:
            changed += [*await _replace(tx, words, top), *await _staying(tx, words, top)]
    return changed


def lines(table: Table, name: str, rows: Iterable[Record], *, stays: bool = False) -> list[Record]:
    """Of a text of each of these rows, for the tally of a command."""
    return [{"kind": table.name, "id": row["id"], "field": name, "stays": stays} for row in rows]


async def _namesakes(tx: Transaction, member: Record, county: str) -> list[str]:
    """The name as others of the county bear it, and names it is in: those of the unit first, and one too many."""
    others = select(members.c.name).where(members.c.id != member["id"], _in(members.c.unit_path, county))
    nearest = func.bool_or(_in(members.c.unit_path, member["unit_path"])).desc()
    found = others.where(perhaps_in(member["name"], members.c.name)).group_by(members.c.name)
    names = (row["name"] for row in await tx.rows(found.order_by(nearest, members.c.name)))
    return [*islice((other for other in names if Name(member["name"]).is_in(Name(other))), SPARED + 1)]


async def _county(tx: Transaction, path: str) -> str:
    """The path of the county a unit lies in; its own above."""
    above = select(units.c.path).where(on_the_way(units.c.code, literal(path, BYTEWISE)))
    found: str | None = await tx.value(above.where(units.c.level == OrgLevel.COUNTY))
    return found or path


async def _replace(tx: Transaction, words: Words, top: str) -> list[Record]:
    # Minutes and a fund's ledger are not rewritten but for this.
    await tx.rows(select(func.set_config("jinlin.unsaying", "on", True)))
    changed: list[Record] = []
    for table, name, path in FREE_TEXT:
        wholes = [UNDER[table]] if table in UNDER else []
        said = select(table.c.id, table.c[name], *wholes).where(words.perhaps(table.c[name]), _in(path, top))
        held = await tx.rows(said.order_by(table.c.id).with_for_update(key_share=True, of=table))
        rows = await asyncio.to_thread(_unsaid, words, name, held)  # of thousands, while others are answered
        for at in range(0, len(rows), AT_ONCE):
            await tx.update_all(table, [{"id": row["id"], name: row[name]} for row in rows[at : at + AT_ONCE]])
        for whole in wholes:
            await _count(tx, whole, [row[whole.name] for row in rows])
        changed += lines(table, name, rows)
    await tx.rows(select(func.set_config("jinlin.unsaying", "", True)))
    return changed


def _unsaid(words: Words, name: str, rows: Iterable[Record]) -> list[Record]:
    """Those of the rows whose text names them, with what is left of it."""
    return [{**row, name: left} for row in rows if (left := words.without(row[name])) is not None]


async def _staying(tx: Transaction, words: Words, top: str) -> list[Record]:
    found: list[Record] = []
    for said, path in NAMED:
        told = func.array_to_string(said, "\n") if isinstance(said.type, ARRAY) else said
        perhaps = select(said.table.c.id, told.label("said")).where(words.perhaps(told), _in(path, top))
        named = await asyncio.to_thread(_unsaid, words, "said", await tx.rows(perhaps))
        found += lines(said.table, said.name, named, stays=True)
    return found


async def _count(tx: Transaction, part_of: Column[Any], rows: Sequence[UUID]) -> None:
    """Count a change of their parts in the versions of these rows."""
    (whole,) = (key.column for key in part_of.foreign_keys)
    await tx.rows(
        update(whole.table).where(whole == any_(literal(rows, ARRAY(whole.type)))).values(counted(whole.table))
    )


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
