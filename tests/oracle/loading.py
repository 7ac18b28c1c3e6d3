"""Loading a random world into a database, in the place of what is there."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import asyncpg

from services.access.tables import secrets
from services.audit.tables import entries
from services.declared import METADATA
from tests.oracle.columns import Row
from tests.oracle.rows import is_view, made_by_the_database
from tests.oracle.worlds import World

OPENED = f"ALTER TABLE {entries.name} {{}} TRIGGER audit_entry_open"
# Ledgers are emptied, minutes too, and what is drawn of a fund is no more than what is drawn of it.
LEDGERS = (
    "ALTER TABLE point_entry {} TRIGGER refuse_rewriting",
    "ALTER TABLE project_payment {} TRIGGER refuse_repaying",
    "ALTER TABLE fund_entry {0} TRIGGER refuse_rewriting, {0} TRIGGER fund_covered, {0} TRIGGER taken_back",
    "ALTER TABLE fund_award {0} TRIGGER fund_covered, {0} TRIGGER taken_back",
    "ALTER TABLE meeting_minutes {} TRIGGER keep_minutes",
)
GUARDS = (OPENED, *LEDGERS)


async def load(connection: asyncpg.Connection, world: World) -> None:
    """The database holds this world and nothing else; the key that signs cursors stays."""
    tables = [table for table in METADATA.sorted_tables if not is_view(table)]
    # Row by row: TRUNCATE would make a new file for each of a hundred indexes.
    emptied = [f'DELETE FROM "{table.name}"' for table in reversed(tables) if table is not secrets]
    # Units may have gone since an entry was made: no trigger shall say anew in which chain it is.
    first = ["SET LOCAL jinlin.retaining = 'on'", *(guard.format("DISABLE") for guard in GUARDS)]
    async with connection.transaction():
        await connection.execute("; ".join([*first, *emptied]))
        for table in tables:
            if rows := world.rows.get(table.name):
                await insert(connection, table.name, [{**row, **AFTERWARDS.get(table.name, {})} for row in rows])
        await connection.executemany(
            RESTRICTED, [(row["id"], row["restricted_on"]) for row in world.rows.get("member", ())]
        )
        guarded = (guard.format("ENABLE") for guard in GUARDS)
        await connection.execute("; ".join(["SET CONSTRAINTS ALL IMMEDIATE", *guarded]))


# What was spent the database adds up. Whoever is restricted held what they hold before: until all of that is there,
# they are not.
AFTERWARDS: Mapping[str, Row] = {"member": {"restricted_on": None}, "project": {"spent": 0}}
RESTRICTED = "UPDATE member SET restricted_on = $2 WHERE id = $1 AND $2::date IS NOT NULL"


def _columns(row: Row) -> tuple[str, ...]:
    return tuple(row)


async def insert(connection: asyncpg.Connection, table: str, rows: Sequence[Row]) -> None:
    """Add rows to a table, together those that name the same columns. What the database computes is left to it."""
    known = METADATA.tables[table].columns
    for names, alike in groupby(rows, key=_columns):
        columns = [name for name in names if name in known and not made_by_the_database(known[name])]
        records = [tuple(row[column] for column in columns) for row in alike]
        await connection.copy_records_to_table(table, records=records, columns=columns)
