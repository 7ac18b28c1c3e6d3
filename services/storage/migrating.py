"""Bringing a database to the newest schema. Only who does this loads Alembic, and SQLAlchemy's engine with it.

`python -m services.storage.migrating` does it to the database of DATABASE_URL; the embedded one is migrated so.
"""

import asyncio
import os
import sys
from functools import partial
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script.revision import ResolutionError
from alembic.util.exc import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from services.storage.database import LOST, MigrationError, connect
from services.storage.version import NEWER

ENDED: tuple[type[BaseException], ...] = (MigrationError, asyncpg.PostgresError, *LOST)
MIGRATIONS = Path(__file__).parents[1] / "migrations"


async def migrate(url: str, to: str = "head") -> None:
    """Bring the database at `url` to the newest schema, or a former one; does nothing when it is there already."""
    # SQLAlchemy would read the URL by rules of its own, and pass `sslmode` on as an argument asyncpg has not.
    opening = partial(connect, url)
    engine = create_async_engine("postgresql+asyncpg://", async_creator=opening, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade, to)
    except DBAPIError as error:  # SQLAlchemy's word for what asyncpg said, which is what others listen for
        raise (error.orig and error.orig.__cause__) or error from None
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, to)
    except CommandError as error:
        if isinstance(error.__cause__, ResolutionError):  # of what the database has, or of `to`
            raise MigrationError(NEWER) from error
        said = " ".join(str(error).split())
        raise MigrationError(f"数据库无法迁移 / the database cannot be migrated: {said}") from error


if __name__ == "__main__":
    try:
        asyncio.run(migrate(os.environ["DATABASE_URL"]))
    except KeyboardInterrupt:  # of the service as well, which says so
        sys.exit(130)
    except ENDED as error:
        sys.exit(str(error) or type(error).__name__)
