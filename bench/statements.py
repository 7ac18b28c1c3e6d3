"""The statement the service itself runs for a request, with its parameters: what the floor is given to run."""

import json
import pickle
from pathlib import Path
from typing import Any

import asyncpg

from bench.workloads import WORKLOADS
from policies.actor import Authenticator
from schema import build_schema
from schema.pipeline.run.asked import Asked
from schema.pipeline.run.read import Reading
from services.settings import Limits
from services.storage.database import Reader

Statements = dict[bytes, tuple[str, tuple[object, ...]]]  # by request body: SQL text, parameters


class Recorder(Reader):
    """A reader that remembers what it was last asked to run."""

    last: tuple[str, tuple[object, ...]]

    async def fetchrow(self, sql: str, *values: object, anew: bool = False) -> asyncpg.Record | None:
        """Run one statement and remember it."""
        self.last = sql, values
        return await super().fetchrow(sql, *values, anew=anew)


async def record(url: str, token: str, file: Path) -> None:
    """Answer every workload once through the product's own pipeline and write the statements it ran to `file`."""
    limits = Limits()
    recorder = Recorder(url, limits)
    catalogue, schema = build_schema()
    reading = Reading(catalogue, schema, recorder, Authenticator(recorder), limits)
    statements: Statements = {}
    for workload in WORKLOADS:
        body = workload.body()
        given: dict[str, Any] = json.loads(body)
        await reading.answer(Asked(given["query"], None, given["variables"]), token)
        statements[body] = recorder.last
    await recorder.close()
    file.write_bytes(pickle.dumps(statements))
