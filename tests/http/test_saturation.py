"""More than the service can do at once, statements that take too long, and what nobody foresaw."""

import asyncio

import httpx
import pytest

from schema.pipeline.http.endpoint import LEGACY, MODERN
from services.errors import Code
from services.storage.database import connected
from tests.conftest import Database
from tests.http.activity import become_waiting, units_locked
from tests.http.asking import PLAIN, Asking, refusal
from tests.http.conftest import Start

TOWN = {"data": {"orgUnit": {"name": "螺城镇"}}}


async def test_too_many_requests_at_once(own_demo: Database, start: Start) -> None:
    """One more than may be is put off at once; those at work are answered."""
    service = start(own_demo.url, JINLIN_IN_FLIGHT="4")
    askings = [Asking(service.url, service.token("town_admin", f"35052110{number}")) for number in range(3)]
    asking = askings[0]
    async with units_locked(own_demo.url) as observer:
        at_work = [asyncio.create_task(asyncio.to_thread(each.post, PLAIN)) for each in askings[:2] for _ in range(2)]
        await become_waiting(observer, 4)
        for each in askings:
            for accept in (MODERN, LEGACY):
                put_off = await asyncio.to_thread(each.post, PLAIN, accept=accept)
                refusal(put_off, Code.UNAVAILABLE)
                assert put_off.headers["retry-after"] == "2"
    answers = [answer.json() for answer in await asyncio.gather(*at_work)]
    assert answers == [TOWN] * 2 + [{"data": {"orgUnit": None}}] * 2
    assert asking.post(PLAIN).json() == TOWN


async def test_a_statement_that_takes_too_long(own_demo: Database, start: Start) -> None:
    service = start(own_demo.url, JINLIN_STATEMENT_MS="300")
    asking = Asking(service.url, service.token("town_admin", "350521100"))
    async with units_locked(own_demo.url):
        for accept in (MODERN, LEGACY):
            for _ in range(3):
                refusal(await asyncio.to_thread(asking.post, PLAIN, accept=accept), Code.TIMEOUT)
    assert asking.post(PLAIN).json() == TOWN


async def test_no_connection_becomes_free(own_demo: Database, start: Start) -> None:
    """Who waits too long for one is put off, like everyone during an outage."""
    service = start(own_demo.url, JINLIN_STATEMENT_MS="1000", JINLIN_CONNECTIONS="1")
    asking = Asking(service.url, service.token("town_admin", "350521100"))
    async with units_locked(own_demo.url):
        answers = await asyncio.gather(*(asyncio.to_thread(asking.post, PLAIN) for _ in range(6)))
    assert {answer.json()["errors"][0]["extensions"]["code"] for answer in answers} <= {"TIMEOUT", "UNAVAILABLE"}
    assert asking.post(PLAIN).json() == TOWN


SECRETS = ("quelltext", "variablenwert", "operationsname", "tokentext")


def refused_requests(asking: Asking) -> list[httpx.Response]:
    """One of each kind of refusal, with a word in each part that is the caller's."""
    query, variable, name, token = SECRETS
    wrong = Asking(asking.url, f"{token}{asking.token}")
    return [
        wrong.post(f"{{ {query} }}", {"a": variable}),
        asking.post(f"{{ {query}"),
        asking.post(f"{{ {query} }}", operationName=name),
        asking.post(f"query ($a: {query}) {{ __typename }}", {"a": variable}),
        asking.post("query ($a: Int) { orgUnits(first: $a) { totalCount } }", {"a": variable}),
        asking.post("query ($a: String!) { search(text: $a) { totalCount } }", {"a": f"{variable}\0"}),
        asking.post("query ($a: String) { orgUnits(after: $a) { totalCount } }", {"a": variable}),
        asking.post("{ __typename }", operationName=name),
        asking.post("{ " + f"{query}: __typename " * 200 + "}"),
        asking.send(content=f'{{"query": "{query}'.encode(), headers={"Content-Type": "application/json"}),
        asking.send(content=query.encode(), headers={"Content-Type": variable}),
        asking.send("GET", params={"query": f"mutation {{ {query} }}"}),
        asking.send("DELETE", params={"query": query}),
        asking.send(json={"query": query}, accept=f"{variable}/x"),
    ]


def test_a_log_holds_nothing_of_a_refused_request(
    demo_url: str, start: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    service = start(demo_url)
    asking = Asking(service.url, service.token("town_admin", "350521100"))
    for answer in refused_requests(asking):
        assert answer.status_code >= 400 or "errors" in answer.json()
    service.process.terminate()
    service.process.wait(15)
    logged = "".join(capfd.readouterr())
    assert asking.token is not None
    for secret in (*SECRETS, asking.token, asking.token.split("_")[2]):
        assert secret not in logged


async def test_what_nobody_foresaw(own_demo: Database, start: Start, capfd: pytest.CaptureFixture[str]) -> None:
    """The caller learns that it is recorded; the log has the reason, and of the request nothing but that."""
    service = start(own_demo.url)
    asking = Asking(service.url, service.token("town_admin", "350521100"))
    async with connected(own_demo.url) as connection:
        await connection.execute("ALTER TABLE party_organization RENAME TO gone")
    query = '{ partyOrganizations(filter: {nameContains: "quelltext"}) { totalCount } }'
    for accept in (MODERN, LEGACY):
        answer = await asyncio.to_thread(asking.post, query, accept=accept)
        assert refusal(answer, Code.INTERNAL_SERVER_ERROR) == "An internal error; it has been recorded."
    assert asking.post(PLAIN).json() == TOWN
    service.process.terminate()
    await asyncio.to_thread(service.process.wait, 15)
    logged = "".join(capfd.readouterr())
    assert "UndefinedTableError" in logged
    assert asking.token is not None
    assert asking.token not in logged
    assert "quelltext" not in logged
