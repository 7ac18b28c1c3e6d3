"""What the machinery around the service asks: whether it lives (`/health`), and whether it can answer (`/ready`)."""

import asyncio

import asyncpg
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.access.credentials import credential
from services.access.standing import Poll
from services.errors import RETRY_AFTER
from services.storage.database import LOST

PATIENCE = 2.0  # seconds
UNABLE: tuple[type[BaseException], ...] = (*LOST, asyncpg.PostgresError)
NO_STORE = {"Cache-Control": "no-store"}


async def health(_: Request) -> Response:
    """The process answers. Nothing is asked of the database: restarting this would not bring that back."""
    return JSONResponse({"status": "ok"}, headers=NO_STORE)


class Ready:
    """Whether requests can be answered: the database is asked what it is asked first by each of them.

    Whoever asks meanwhile gets the same answer, so that strangers cost the database one statement at a time.
    """

    def __init__(self, poll: Poll) -> None:
        self._poll = poll
        self._look: asyncio.Task[bool] | None = None

    async def __call__(self, _: Request) -> Response:
        """200, or 503 with Retry-After."""
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(self._answers())
        if await asyncio.shield(self._look):
            return JSONResponse({"status": "ok"}, headers=NO_STORE)
        return JSONResponse({"status": "unavailable"}, 503, NO_STORE | dict(RETRY_AFTER))

    async def _answers(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                await credential(self._poll, "")
        except UNABLE:
            self._poll.drop()
            return False
        return True
