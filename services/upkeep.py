"""What a worker does by itself now and then."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import asyncpg

from services.errors import Refused

Job = Callable[[], Awaitable[None]]
LOG = logging.getLogger("jinlin")


@asynccontextmanager
async def kept_up(seconds: float, *jobs: Job) -> AsyncIterator[None]:
    """Run the jobs every so many seconds, and once more at the end. One that fails is tried again the next time."""
    task = asyncio.create_task(_forever(seconds, jobs))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await _run(jobs)


async def _forever(seconds: float, jobs: tuple[Job, ...]) -> None:
    while True:
        await asyncio.sleep(seconds)
        await _run(jobs)


async def _run(jobs: tuple[Job, ...]) -> None:
    for job in jobs:
        try:
            await job()
        except Refused:
            pass  # the database is away
        except asyncpg.PostgresError as error:  # or it lets nobody do this now, and no traceback says more
            LOG.exception("upkeep failed: %s: %s", type(error).__name__, " ".join(str(error).split()), exc_info=False)
        except Exception:
            LOG.exception("upkeep failed")
