"""The floor: the least Python that can send the service's answers. No GraphQL, no authentication, no error handling.

What is asked is told by the whole body, which is a key of the statements the service compiled beforehand.
"""

import os
import pickle
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
from starlette.types import ASGIApp, Receive, Scope, Send

from bench.pool import open_pool

if TYPE_CHECKING:
    from bench.statements import Statements  # and not the whole service with it


def application() -> ASGIApp:
    """The ASGI application over DATABASE_URL and the statements in BENCH_STATEMENTS."""
    statements: Statements = pickle.loads(Path(os.environ["BENCH_STATEMENTS"]).read_bytes())
    pool: asyncpg.Pool

    async def lifespan(receive: Receive, send: Send) -> None:
        nonlocal pool
        await receive()
        pool = await open_pool()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await pool.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def floor(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await lifespan(receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        sql, values = statements[body]
        async with pool.acquire() as connection:
            row = await connection.fetchrow(sql, *values)
        assert row is not None
        answer = b'{"data":' + row["body"] + b"}"
        length = str(len(answer)).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    return floor
