"""Databases that go from one test to the next.

A copy of a template is lent to a test; what that changed is undone afterwards, in the tables it changed, and the copy
is lent again. Making one and getting to know it took half of what a test of commands takes. A copy of which anything
else was changed (a table itself, a function, a setting), or that somebody is connected to still, is never lent again.
"""

import io
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import asyncpg

from tests.parked import CONNECT, NOT_RESET, PARKED, Parked

TIMES = 150  # a copy is lent: what is undone leaves dead rows behind
# A change of these is a change of the database itself, not of what it holds.
CATALOGS = (
    *("pg_attrdef", "pg_attribute", "pg_cast", "pg_class", "pg_collation", "pg_constraint", "pg_default_acl"),
    *("pg_enum", "pg_event_trigger", "pg_extension", "pg_index", "pg_inherits", "pg_namespace", "pg_policy", "pg_proc"),
    *("pg_publication", "pg_rewrite", "pg_sequence", "pg_statistic_ext", "pg_trigger", "pg_type"),
)
SETTINGS = "pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())"
TABLES = """
SELECT format('%I.%I', nspname, relname) AS named, nspname, relname, ARRAY(
  SELECT attname::text FROM pg_attribute
  WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
) AS columns
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind = 'r' AND nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'
ORDER BY 1
"""
SEQUENCES = "SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences ORDER BY 1"
OURS = "SET session_replication_role = replica; SET jit = off; SET plan_cache_mode = force_generic_plan"
CONNECTED = "SELECT pg_stat_get_db_numbackends(oid) FROM pg_database WHERE datname = current_database()"
NOW = "SELECT pg_current_xact_id()::xid::text"  # whatever is written after this transaction is by a younger one


@dataclass(frozen=True)
class Table:
    """A table of a template and its rows, as they are copied out and in."""

    named: str
    name: str
    of: dict[str, Any]  # what else copying it takes
    rows: bytes  # none where there are none


@dataclass(frozen=True)
class Held:
    """What a template holds; `counts` are of its tables, then of its catalogs, in the order of `asking`."""

    tables: list[Table]
    counts: list[int]
    sequences: dict[str, tuple[int, bool]]

    @property
    def asking(self) -> str:
        """How many rows each has and for how many transactions the youngest was there; of $1 for how many that is."""
        asked = [*(table.named for table in self.tables), *CATALOGS, SETTINGS]
        each = [f"SELECT {at}, count(*), coalesce(min(age(xmin)), 2147483647) FROM {of}" for at, of in enumerate(asked)]
        return " UNION ALL ".join([*each, f"SELECT {len(asked)}, 0, age($1::text::xid)"])


async def held(session: asyncpg.Connection) -> Held:
    """What the database of this session holds now."""
    tables = []
    for named, schema, name, columns in await session.fetch(TABLES):
        rows, of = io.BytesIO(), {"schema_name": schema, "columns": columns, "format": "binary"}
        if await session.fetchval(f"SELECT EXISTS (SELECT FROM {named})"):
            await session.copy_from_table(name, output=rows, **of)
        tables.append(Table(named, name, of, rows.getvalue()))
    sequences = {name: await _sequence(session, name) for (name,) in await session.fetch(SEQUENCES)}
    found = Held(tables, [], sequences)
    rows_of = await session.fetch(found.asking, await session.fetchval(NOW))
    found.counts.extend(count for _, count, _ in sorted(map(tuple, rows_of))[:-1])
    return found


async def _sequence(session: asyncpg.Connection, name: str) -> tuple[int, bool]:
    ((last, called),) = await session.fetch(f"SELECT last_value, is_called FROM {name}")
    return last, called


class Lent:
    """A copy of a template, which is lent to one test after the other."""

    def __init__(self, template: str, name: str, url: str) -> None:
        self.template, self.name, self.url = template, name, url
        self._times = 0

    async def open(self, known: Held | None) -> Held:
        """Look at it; what it holds, where that is not known of another copy."""
        self._session: Any = await CONNECT(self.url)
        await self._session.execute(OURS)
        self._held = known or await held(self._session)
        self._since = await self._session.fetchval(NOW)
        self._parked = PARKED[self.name] = Parked()
        return self._held

    async def undone(self) -> bool:
        """Whether it is again as it was copied."""
        self._times += 1
        with suppress(*NOT_RESET):  # a table is gone, say, or the session
            return self._times < TIMES and await self._undone()
        return False

    async def _undone(self) -> bool:
        if await self._session.fetchval(CONNECTED) != 1 + len(self._parked):
            return False
        asked = sorted(map(tuple, await self._session.fetch(self._held.asking, self._since)))
        since = asked.pop()[2]
        changed = [at for at, count, age in asked if age < since or count != self._held.counts[at]]
        if any(at >= len(self._held.tables) for at in changed):
            return False
        await self._restore([self._held.tables[at] for at in changed])
        return True

    async def _restore(self, tables: list[Table]) -> None:
        async with self._session.transaction():
            self._since = await self._session.fetchval(NOW)
            await self._session.execute("; ".join(["SELECT", *(f"DELETE FROM {table.named}" for table in tables)]))
            for table in tables:
                if table.rows:
                    await self._session.copy_to_table(table.name, source=io.BytesIO(table.rows), **table.of)
            for name, value in self._held.sequences.items():
                if await _sequence(self._session, name) != value:
                    await self._session.execute("SELECT setval($1::text::regclass, $2, $3)", name, *value)

    async def close(self) -> None:
        """Disconnect."""
        await PARKED.pop(self.name).close()
        await self._session.close()
