"""`python -m services.demo`: the demo for the empty database of DATABASE_URL.

The service has it filled so, in a process that ends: it takes 50 MiB, and what Python has taken it seldom gives back.
"""

import asyncio
import os
import sys

import asyncpg

from services.demo import filling
from services.storage.database import LOST, connected

ENDED: tuple[type[BaseException], ...] = (*LOST, asyncpg.PostgresError)


async def fill(url: str) -> None:
    """Fill it; NotEmptyError where it has units."""
    async with connected(url) as connection:
        await filling.fill(connection)


if __name__ == "__main__":
    try:
        asyncio.run(fill(os.environ["DATABASE_URL"]))
    except KeyboardInterrupt:  # of the service as well, which says so
        sys.exit(130)
    except ENDED as error:  # the service was killed, and its database with it
        sys.exit(f"演示数据未装入 / the demo was not loaded: {error}")
