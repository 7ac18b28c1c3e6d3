"""Which version a database's tables are of, told without loading what migrates them."""

from pathlib import Path

import asyncpg

# Revisions are numbers of four digits, and each migration's file begins with its own.
NEWEST = max(path.stem[:4] for path in (Path(__file__).parents[1] / "migrations" / "versions").glob("[0-9]*.py"))


async def version(connection: asyncpg.Connection) -> str | None:
    """The newest revision there is of in the database, like "0022"; None where there are no tables."""
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return None
    found: str | None = await connection.fetchval("SELECT max(version_num) FROM alembic_version")
    return found
