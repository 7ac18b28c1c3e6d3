"""Divisions written into the territory: new units by one COPY, the others by updates, all in one transaction.

PostgreSQL's share (constraints and two GIN indexes) is the larger one, so readings are computed in a thread one chunk
ahead of what PostgreSQL is working on. One COPY for all new units, because the foreign key of a unit to its parent is
then checked once, at its end.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import BinaryIO, LiteralString
from uuid import UUID

import asyncpg

from services.names import Keys, search_keys
from services.organization.loading.comparison import Changes, New, Unit, compare
from services.organization.loading.divisions import LEVELS, Division, Divisions, read, short_code

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
_TREE = "select code, name, level::text, path, parent_path from org_unit where code = any($1::text[])"
_RENAME = "update org_unit set name = $2, folded = $3, pinyin = $4, grams = $5 where code = $1"
_MOVE = "update org_unit set parent_path = (select path from org_unit where code = $2) where code = $1"
_MERGE = """
select gin_clean_pending_list(indexrelid) from pg_index
join pg_class on pg_class.oid = indexrelid join pg_am on pg_am.oid = relam
where indrelid = $1::text::regclass and amname = 'gin' and pg_has_role(relowner, 'usage')
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many units were new, got another name, went below another parent, or stayed as they were.

    A unit that was both renamed and moved counts in both.
    """

    inserted: int
    renamed: int
    moved: int
    unchanged: int


_RETIRED = """
    SELECT former.code, unit.code AS present, unit.name
    FROM org_unit_former_code AS former JOIN org_unit AS unit ON unit.id = former.unit_id
    WHERE former.code = ANY ($1) AND NOT EXISTS (SELECT FROM org_unit WHERE code = former.code)
    ORDER BY former.code
"""


async def load(connection: asyncpg.Connection, source: BinaryIO, at: str | None, progress: Progress) -> Loaded:
    """Load a divisions file below `at`; all of it or, on any error or cancellation, nothing.

    at: the code of the root of what is loaded. A code in the file: that row and everything below it; it hangs below
        its parent if the tree has that, otherwise it becomes a root. A code in the tree only: the file's top rows are
        that unit's children. None: the whole file, whose top rows have no parent or one in the tree.
    progress: called with (units done, units in all) as it goes.

    A unit that exists keeps its id; it gets the file's name and hangs below the file's parent. Units that the file
    does not name stay. Raises DivisionsError when anything is wrong with the file.
    """
    divisions = await asyncio.to_thread(read, source)
    async with connection.transaction():
        await connection.execute(_SETTINGS + LOCK)
        tree = await _tree(connection, divisions, at)
        await _report_retired(connection, divisions)
        changes = await asyncio.to_thread(compare, divisions, at, tree)
        await _write(connection, changes, progress)
    return Loaded(len(changes.inserted), len(changes.renamed), len(changes.moved), changes.unchanged)


async def _tree(connection: asyncpg.Connection, divisions: Divisions, at: str | None) -> dict[str, Unit]:
    codes = {row.parent for row in divisions.rows if row.parent} | divisions.lines.keys()
    root = at and short_code(at)
    units = await connection.fetch(_TREE, [*codes, root] if root else [*codes])
    return {unit["code"]: Unit(*unit) for unit in units}


async def _report_retired(connection: asyncpg.Connection, divisions: Divisions) -> None:
    """A code that was given up leads to a unit already: a file that still has it would make a second one."""
    for row in await connection.fetch(_RETIRED, [*divisions.lines]):
        zh = f"代码 {row['code']} 已停用，现指向 {row['present']} {row['name']}，请从文件中删去该行"
        en = f"the code {row['code']} was given up and leads to {row['present']} {row['name']}; take the row out"
        divisions.report(divisions.lines[row["code"]], "code", zh, en)


async def _write(connection: asyncpg.Connection, changes: Changes, progress: Progress) -> None:
    done = changes.total - len(changes.inserted)
    progress(done, changes.total)
    if changes.inserted:
        records = _records(changes.inserted, lambda count: progress(done + count, changes.total))
        await _copy(connection, records)
    if changes.renamed:
        await connection.executemany(_RENAME, await asyncio.to_thread(_renames, changes.renamed))
    if changes.moved:
        await connection.executemany(_MOVE, [(row.code, row.parent) for row in changes.moved])
    if changes.inserted or changes.renamed:
        await settle(connection, "org_unit")


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
            UUID(bytes=random[16 * number : 16 * number + 16], version=4),
            LEVELS[len(unit.division.code)].value,
            unit.division.code,
            unit.division.name,
            unit.parent_path,
            *search_keys(unit.division.name),
        )
        for number, unit in enumerate(units)
    ]


def _renames(divisions: list[Division]) -> list[Row]:
    return [(row.code, row.name, *search_keys(row.name)) for row in divisions]
