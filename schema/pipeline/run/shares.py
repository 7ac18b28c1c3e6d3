"""How much of one credential is at work at once: what it reads, and what it changes, each by a share of its own.

What is at work counts until its answer is taken, so whoever asks on and takes nothing waits for themselves. They wait
as long as one answer may take to be made and taken, and are then told to come again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from services.errors import Code, Refused
from services.settings import Limits


class Shares:
    """Those of one process; each lives as long as anything of it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._patience = (limits.statement_ms + limits.taking_ms) / 1000  # seconds
        self._known: WeakValueDictionary[tuple[str, bool], asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, credential_id: str, *, writing: bool = False) -> AsyncIterator[None]:
        """Have a part of it; RATE_LIMITED where none becomes free in time. Who came first has it first."""
        key = (credential_id, writing)
        share = self._known.get(key)
        if share is None:
            share = self._known[key] = asyncio.Semaphore(1 if writing else self._limits.share)
        if share.locked():  # without anyone to wait for, a timeout is not worth its while
            await self._wait(share)
        else:
            await share.acquire()
        try:
            yield
        finally:
            share.release()

    async def _wait(self, share: asyncio.Semaphore) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await share.acquire()
        except TimeoutError:
            raise Refused(
                Code.RATE_LIMITED,
                "同一登录或令牌的请求过多，前面的结果尚未取走；请先取走，再重试。",
                "Too much of this sign-in or token is at work, and what came before is not taken yet; take it first.",
                headers=(("Retry-After", "1"),),
            ) from None
