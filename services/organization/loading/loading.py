"""Divisions written into the territory: new units by one COPY, the others by one UPDATE, all in one transaction.

PostgreSQL's share (constraints and two GIN indexes) is the larger one, so readings are computed in a thread one chunk
ahead of what PostgreSQL is working on. One COPY for all new units, because the foreign key of a unit to its parent is
then checked once, at its end.

Long because one transaction is told in it, from the file to the report.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import BinaryIO, LiteralString
from uuid import UUID

import asyncpg

from services.names import Keys, search_keys
from services.organization.leading import leading
from services.organization.loading.comparison import Change, Changed, Changes, choose, compare
from services.organization.loading.divisions import LEVELS, Division, Divisions, read, short_code
from services.organization.loading.mapping import Told, read_mapping
from services.organization.loading.pairing import Tree
from services.organization.loading.placing import New, Placing, concerned, place
from services.organization.recoding import Standing, held, lay, standing, topmost, write

Progress = Callable[[int, int], None]
Row = tuple[object, ...]

CHUNK = 4096
COLUMNS = ("id", "level", "code", "name", "parent_path", *Keys._fields)

# Meant for this transaction alone. With the default limit of 4 MB the GIN indexes merge their pending entries some
# hundred times, each time touching most of the index; bench/loading.py shows what that costs.
_SETTINGS = """
set local gin_pending_list_limit = '256MB'; set local work_mem = '256MB'; set local maintenance_work_mem = '256MB';
"""
# Readers go on; nobody else changes the tree between what is compared here and what is written. It also keeps out
# autovacuum: half-way through a COPY that counts no rows in many pages, and the planner then takes a wrong index for
# the foreign key's check, once per row.
LOCK = "lock table org_unit in share row exclusive mode"
_NAMED = """
select id, code, name, level::text, path, parent_path from org_unit where code = any ($1::text[])
"""
# What no file has, grids and outlets, is not missing in one. The second is for what hangs nowhere yet.
_VANISHED = """
select unit.id, unit.code, unit.name, unit.level::text, unit.path, unit.parent_path
from unnest($2::text[]) as top (path)
join org_unit as unit on unit.path >= top.path and unit.path < left(top.path, -1) || '0'
where unit.level <= 'COMMUNITY'
    and not exists (select from unnest($1::text[]) as file (code) where file.code = unit.code)
"""
_VANISHED_ANYWHERE = """
select unit.id, unit.code, unit.name, unit.level::text, unit.path, unit.parent_path from org_unit as unit
where unit.level <= 'COMMUNITY'
    and not exists (select from unnest($1::text[]) as file (code) where file.code = unit.code)
"""
_RETIRED = """
select former.code as given_up, unit.id, unit.code, unit.name, unit.level::text, unit.path, unit.parent_path
from org_unit_former_code as former join org_unit as unit on unit.id = former.unit_id
where former.code = any ($1::text[]) and not exists (select from org_unit where code = former.code)
order by former.code, unit.code
"""
_RENAME = """
update org_unit set name = $2, folded = $3, pinyin = $4, grams = $5, version = version + 1 where id = $1
"""
_MERGE = """
select gin_clean_pending_list(indexrelid) from pg_index
join pg_class on pg_class.oid = indexrelid join pg_am on pg_am.oid = relam
where indrelid = $1::text::regclass and amname = 'gin' and pg_has_role(relowner, 'usage')
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many units were new, got another name or code, went below another parent, or stayed as they were.

    A unit of which several are true counts in each. `gone` are those the file does not have although it has the unit
    above; they stay. `changes` says it row by row.
    """

    inserted: int
    renamed: int
    moved: int
    unchanged: int
    recoded: int = 0
    gone: int = 0
    changes: Changes = field(default=Changes((), (), {}), compare=False, repr=False)


class _Undone(Exception):
    """Ends the transaction of a dry run."""


async def load(
    connection: asyncpg.Connection,
    source: BinaryIO,
    at: str | None,
    progress: Progress,
    *,
    mapping: BinaryIO | None = None,
    doubles: bool = False,
    dry_run: bool = False,
) -> Loaded:
    """Load a divisions file below `at`; all of it or, on any error or cancellation, nothing.

    at: the code of the root of what is loaded, where the file has not got it also one given up. A code in the file:
        that row and everything below it; it hangs below its parent if the tree has that, otherwise it becomes a root. A
        code in the tree only: the file's top rows are that unit's children. None: the whole file, whose top rows have
        no parent or one in the tree.
    progress: called with (units done, units in all) as it goes.
    mapping: a file that says which unit is which, see `services.organization.loading.mapping`.
    doubles: add also what looks like units that are there under other codes.
    dry_run: do everything, tell, and undo it.

    A unit that exists keeps its id; it gets the file's name and code and hangs below the file's parent. Which row is
    which unit, `services.organization.loading.pairing` says. Units that the file does not name stay. Raises
    DivisionsError when anything is wrong with either file.
    """
    divisions = await asyncio.to_thread(read, source)
    told = Told() if mapping is None else await asyncio.to_thread(read_mapping, mapping, divisions)
    with suppress(_Undone):
        async with connection.transaction():
            await connection.execute(_SETTINGS + LOCK)
            changes = await _compared(connection, divisions, told, at, doubles=doubles)
            await _write(connection, divisions, changes, progress)
            if dry_run:
                await connection.execute("set constraints all immediate")
                raise _Undone
    kinds = [len(changes.those(change)) for change in (Change.NEW, Change.RENAMED, Change.MOVED, Change.RECODED)]
    new, renamed, moved, recoded = kinds
    unchanged = sum(not row.changes for row in changes.rows)
    return Loaded(new, renamed, moved, unchanged, recoded, len(changes.gone), changes)


async def _compared(
    connection: asyncpg.Connection, divisions: Divisions, told: Told, at: str | None, *, doubles: bool
) -> Changes:
    if not await connection.fetchval("select exists (select from org_unit)"):
        return await asyncio.to_thread(_new, divisions, told, at)
    named = {row.parent for row in divisions.rows if row.parent} | divisions.lines.keys()
    olds = [old for old in told.olds.values() if old]
    root = at and short_code(at)
    if root and root not in divisions.lines and (given := await leading(connection, root)):
        at = root = given.code
    asked = [*named, *told.olds, *olds, *([root] if root else [])]
    units = {row["code"]: Standing(*row) for row in await connection.fetch(_NAMED, asked)}
    chosen = await asyncio.to_thread(choose, divisions, at, units)
    tops = await asyncio.to_thread(_where, chosen, units, olds)
    if tops is None:
        rows = await connection.fetch(_VANISHED_ANYWHERE, [*named])
    else:
        rows = await connection.fetch(_VANISHED, [*named], tops)
    retired = await connection.fetch(_RETIRED, [*divisions.lines, *olds])
    owners = {code: Standing(*unit) for code, *unit in retired}
    tree = Tree(units, [Standing(*row) for row in rows], owners)
    return await asyncio.to_thread(compare, divisions, chosen, tree, told, doubles=doubles)


def _new(divisions: Divisions, told: Told, at: str | None) -> Changes:
    """What a file changes where nothing is yet."""
    return compare(divisions, choose(divisions, at, {}), Tree({}), told, doubles=False)


def _where(chosen: Sequence[Division], units: dict[str, Standing], olds: Sequence[str]) -> list[str] | None:
    """The paths below which the units of these rows are, if they are there; None where that may be anywhere."""
    inside = {row.code for row in chosen}
    paths = {units[code].path for code in (*inside, *olds) if code in units}
    for row in chosen:
        if row.code not in units and row.parent not in inside:
            if row.parent not in units:
                return None
            paths.add(units[row.parent].path)
    return topmost(paths)


async def _write(connection: asyncpg.Connection, divisions: Divisions, changes: Changes, progress: Progress) -> None:
    tops = topmost(concerned(changes))
    placing = await asyncio.to_thread(place, changes, await standing(connection, *tops) if tops else [])
    done = len(changes.rows) - len(placing.inserted)
    progress(done, len(changes.rows))
    await write(connection, placing.aside)
    await _check_followers(connection, divisions, placing)
    if placing.inserted:
        records = _records(placing.inserted, lambda count: progress(done + count, len(changes.rows)))
        await _copy(connection, records)
    renamed = changes.those(Change.RENAMED)
    if renamed:
        await connection.executemany(_RENAME, await asyncio.to_thread(_renames, renamed))
    if placing.final:
        await lay(connection, placing.final)
    if placing.inserted or placing.final or renamed:
        await settle(connection, "org_unit")


async def _check_followers(connection: asyncpg.Connection, divisions: Divisions, placing: Placing) -> None:
    """Report codes that grids and outlets would get and that are, or lead to, other units."""
    if not placing.followers:
        return
    taken = dict(await held(connection, placing.followers))
    for unit, code in placing.followers.items():
        if code in taken:
            zh, en = f"其下的 {code} 是、或仍指向 {taken[code]}", f"{code} below it is, or leads to, {taken[code]}"
            divisions.report(placing.lines[unit], "code", zh, en)
    divisions.refuse_if_unsound()


async def _copy(connection: asyncpg.Connection, records: AsyncIterator[Row]) -> None:
    """COPY that ends when the connection does: asyncpg's would wait for ever for room in a buffer nobody empties."""
    copying = asyncio.ensure_future(connection.copy_records_to_table("org_unit", records=records, columns=COLUMNS))

    def stop(_: object) -> None:
        copying.cancel()

    connection.add_termination_listener(stop)
    try:
        await copying
    except (asyncio.CancelledError, AttributeError) as error:  # asyncpg writes to the transport it has no more
        if connection.is_closed():
            raise asyncpg.ConnectionDoesNotExistError("the connection was lost during COPY") from error
        raise
    finally:
        connection.remove_termination_listener(stop)


async def settle(connection: asyncpg.Connection, table: LiteralString) -> None:
    """Merge the pending entries of the table's GIN indexes and renew its statistics, after many rows were written.

    Until then every search would read the whole list of pending entries, and the planner know nothing of the rows.
    """
    await connection.fetch(_MERGE, table)
    await connection.execute(f"analyze {table}")


async def _records(units: list[New], progress: Callable[[int], None]) -> AsyncIterator[Row]:
    """Rows for COPY; the next chunk is computed while the consumer sends this one."""
    starts = range(0, len(units), CHUNK)
    chunks = (units[start : start + CHUNK] for start in starts)
    ahead = asyncio.ensure_future(asyncio.to_thread(_rows, next(chunks)))
    try:
        for start in starts:
            rows = await ahead
            if chunk := next(chunks, None):
                ahead = asyncio.ensure_future(asyncio.to_thread(_rows, chunk))
            for row in rows:
                yield row
            progress(start + len(rows))
    finally:
        ahead.cancel()


def _rows(units: list[New]) -> list[Row]:
    random = os.urandom(16 * len(units))
    return [
        (
            unit.id or UUID(bytes=random[16 * number : 16 * number + 16], version=4),
            LEVELS[len(unit.division.code)].value,
            unit.division.code,
            unit.division.name,
            unit.parent_path,
            *search_keys(unit.division.name),
        )
        for number, unit in enumerate(units)
    ]


def _renames(rows: Sequence[Changed]) -> list[Row]:
    return [(row.unit.id, row.row.name, *search_keys(row.row.name)) for row in rows if row.unit is not None]
