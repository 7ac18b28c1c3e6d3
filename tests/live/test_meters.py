"""What is counted is counted for two workers together: a program's budget, and failures to sign in."""

import asyncio
from collections import Counter

import httpx
import pytest

from policies.tokens import Seat, issue
from services.access.credentials import Terms
from services.access.lockout import PLACE
from services.programs.budget import BLOCKS
from services.storage.database import connected
from tests.conftest import Service
from tests.http.asking import MEDIA
from tests.live.load import on_every_worker
from tests.programs.test_budget import SMALL
from tests.signin.browser import new_address, person
from tests.signin.test_lockout import failed_before

pytestmark = [pytest.mark.xdist_group("under load"), pytest.mark.timeout(600)]
BUDGET, COST = 600, 6


async def test_a_budget(two: Service) -> None:
    """Spent on all of them at once until each has refused, which says so: never more than it is, little is lost."""
    async with connected(two.database_url) as connection:
        bearer = await issue(connection, Seat("合作单位", "partner", "350521100"), 1, Terms(budget=BUDGET))
        account = await connection.fetchval("SELECT account_id FROM credential WHERE id = $1", bearer.split("_")[1])
        headers = {"Authorization": f"Bearer {bearer}", "Accept": MEDIA[0]}
        async with on_every_worker(two, 2, headers=headers) as clients:
            spent = await asyncio.gather(*(spend(two, each) for on_one in clients.values() for each in on_one))
        minutes = await connection.fetch("SELECT spent FROM budget_use WHERE account_id = $1", account)
    assert all(row["spent"] <= BUDGET for row in minutes)
    assert BUDGET - len(clients) * BUDGET // BLOCKS <= sum(spent) * COST <= BUDGET * len(minutes)


async def spend(service: Service, client: httpx.AsyncClient) -> int:
    """How often one client is answered until it is refused."""
    answered = 0
    while (response := await client.post(f"{service.url}/graphql", json={"query": SMALL})).status_code == 200:
        answered += 1
    assert response.status_code == 429, response.text
    cost = response.json()["errors"][0]["extensions"]["cost"]
    assert (cost["charged"], cost["limit"]) == (0, BUDGET)
    assert cost["remaining"] < COST  # of both workers, or it would not have been refused
    return answered


async def test_failures_to_sign_in(two: Service) -> None:
    """Guesses from one place, on all of them at once: the first is heard, the others find a pause of minutes."""
    login, address = await person(two, "two-workers"), new_address()
    await failed_before(two, PLACE, login, address)
    guess = {"login": login, "password": "a wrong password"}
    async with on_every_worker(two, 4, address=address, headers={"Origin": two.url}) as clients:
        tries = (each.post(f"{two.url}/session", json=guess) for on_one in clients.values() for each in on_one)
        answers = Counter(answer.status_code for answer in await asyncio.gather(*tries))
    assert answers == {401: 1, 429: 4 * len(clients) - 1}
