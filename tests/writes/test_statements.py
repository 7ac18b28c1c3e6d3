"""How many statements a command takes: a fixed number, whatever is selected and however much there is."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from services.storage.database import Writer
from tests.conftest import as_service
from tests.writes.api import LIMITS, Api
from tests.writes.street import ADMIN, Street, day

SMALL = "captainAssignment { since }"
LARGE = """captainAssignment { memberName building { name compound { name unit { indicators { compounds captains } }
    buildings { nodes { name captain { memberName } captains { totalCount nodes { memberName } } } } } } }"""

# BEGIN; hold; target; member; entry and its mark; constraints; right; payload; COMMIT
AROUND = 10
ASSIGN, HAND_OVER = 1, 4  # what the commands run themselves, and which of what they tell may be told
OF_TYPES = re.compile(r"pg_catalog|'jit'")  # what asyncpg asks of a type, once a connection


class Counting(Writer):
    """A writer that counts what it sends."""

    def __init__(self, url: str) -> None:
        super().__init__(as_service(url), LIMITS)
        self.sent: list[str] = []

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """The same, with every statement noted."""
        async with super().transaction() as connection:
            # BEGIN was sent before anyone could listen, and COMMIT is sent after.
            self.sent += ["BEGIN", "COMMIT"]
            connection.add_query_logger(self._note)
            try:
                yield connection
            finally:
                connection.remove_query_logger(self._note)

    def _note(self, query: Any) -> None:
        if not OF_TYPES.search(query.query):
            self.sent.append(query.query)


@pytest.fixture
async def counting(api: Api) -> Counting:
    """Counts what the API sends from now on."""
    made = Counting(api.url)
    api.write_through(made)
    return made


async def test_a_command_takes_a_fixed_number_of_statements(api: Api, on: Street, counting: Counting) -> None:
    """The payload is one statement however deep it goes; a key adds three, a replay leaves the command out."""
    counts = [
        await sent(api, counting, on, 0, SMALL),
        await sent(api, counting, on, 1, LARGE),
    ]
    term = await api.connection.fetchval("SELECT 'ca_' || id FROM captain_term ORDER BY id LIMIT 1")
    given: dict[str, Any] = {"id": term, "version": 1, "memberId": on.members[1], "on": day(1)}
    counts.append(await sent_by(api, counting, "handOverCaptain", LARGE, **given))
    assert counts == [AROUND + ASSIGN, AROUND + ASSIGN, AROUND + HAND_OVER]
    given = {"compoundId": on.compound, "name": "3号楼"}
    plain = await sent_by(api, counting, "createBuilding", **given)
    keyed = await sent_by(api, counting, "createBuilding", **{**given, "name": "4号楼", "idempotencyKey": "k"})
    again = await sent_by(api, counting, "createBuilding", **{**given, "name": "4号楼", "idempotencyKey": "k"})
    assert (keyed, again) == (plain + 3, 7)  # BEGIN, hold, the lock and what is under it, right, payload, COMMIT


async def sent(api: Api, counting: Counting, on: Street, building: int, select: str) -> int:
    """How many statements it took to give a building a captain."""
    given = {"buildingId": on.buildings[building], "memberId": on.members[0], "since": day(0)}
    return await sent_by(api, counting, "assignCaptain", select, **given)


async def sent_by(api: Api, counting: Counting, command: str, select: str = "", **given: Any) -> int:
    """How many statements a command took."""
    counting.sent.clear()
    await api.do(ADMIN, command, select, **given)
    return len(counting.sent)
