"""How loading a divisions file compares with a bare COPY of what it writes.

The COPY takes the same rows, readings and grams included, already encoded in PostgreSQL's binary format, into the same
empty table with the same constraints and indexes. Loading has to read, check and compare the file, compute the search
keys, encode the rows and leave the indexes merged and the table analyzed.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import BinaryIO

import asyncpg

from services.organization.loading.loading import COLUMNS, LOCK, load

ROUNDS = 2
# The audit trail goes with it, which only retention may touch.
_EMPTY = "set local jinlin.retaining = 'on'; truncate org_unit cascade"


async def measure(url: str, file: Path) -> dict[str, float]:
    """Run both in turn, twice, into the empty migrated database at `url`, which is empty again afterwards.

    Returns the better time of each in seconds and the ratio of their speeds, below 1 where loading is slower:
    {"load": 27.1, "copy": 24.0, "ratio": 0.89}. Raises ValueError when the database is not empty.
    """
    connection = await asyncpg.connect(url)
    try:
        if await connection.fetchval("select exists (select from org_unit)"):
            raise ValueError("the database to measure in must be empty")
        times: dict[str, list[float]] = {"load": [], "copy": []}
        with tempfile.TemporaryFile() as rows:
            for _ in range(ROUNDS):
                times["load"].append(await _load(connection, file, rows))
                times["copy"].append(await _copy(connection, rows))
        best = {name: min(taken) for name, taken in times.items()}
        return {**best, "ratio": best["copy"] / best["load"]}
    finally:
        await connection.close()


async def _load(connection: asyncpg.Connection, file: Path, rows: BinaryIO) -> float:
    """Seconds taken; leaves the table empty and its rows, parents before children, in `rows`."""
    with file.open("rb") as source:
        began = time.perf_counter()
        await load(connection, source, None, lambda _done, _total: None)
        taken = time.perf_counter() - began
    rows.seek(0)
    rows.truncate()
    query = f"select {', '.join(COLUMNS)} from org_unit order by path"
    await connection.copy_from_query(query, output=rows, format="binary")
    await connection.execute(_EMPTY)
    return taken


async def _copy(connection: asyncpg.Connection, rows: BinaryIO) -> float:
    """Seconds taken; under the lock that loading takes too.

    Without it, autovacuum may look at the table half-way, find 0 of its many pages' rows visible, and mislead the
    planner about the foreign key's check: a scan of a whole index for each row, a quarter of an hour was not enough.
    """
    rows.seek(0)
    began = time.perf_counter()
    async with connection.transaction():
        await connection.execute(LOCK)
        await connection.copy_to_table("org_unit", source=rows, columns=COLUMNS, format="binary")
    taken = time.perf_counter() - began
    await connection.execute(_EMPTY)
    return taken


if __name__ == "__main__":
    print(asyncio.run(measure(sys.argv[1], Path(sys.argv[2]))))
