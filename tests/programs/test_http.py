"""What programs are held to, over HTTP and WebSocket, in two running services over one database."""

import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from policies.tokens import Seat, issue
from schema.pipeline.http.endpoint import LEGACY
from services.access.credentials import NO_TERMS, Terms
from services.errors import Code
from services.programs.operations import digest
from services.storage.database import connected
from tests.conftest import GOLDEN, Database, Server, Service, run, start_service, stop_service
from tests.http.asking import Asking, refusal
from tests.http.sockets import opened, receive, send
from tests.programs.test_budget import SMALL

NAMES = "{ orgUnits { nodes { name } } }"
OTHER = "{ orgUnits { totalCount } }"


class Town:
    """Services over one database, and tokens for partners in its town."""

    def __init__(self, url: str, services: int = 2) -> None:
        self.url = url
        self.services = [start_service(url) for _ in range(services)]

    async def token(self, terms: Terms = NO_TERMS) -> str:
        """A partner's token."""
        async with connected(self.url) as connection:
            return await issue(connection, Seat("合作单位", "partner", "350521100"), 1, terms)

    async def store(self, text: str) -> None:
        """Store a document at the town."""
        async with connected(self.url) as connection:
            await connection.execute(
                "INSERT INTO stored_operation (id, unit_path, name, folded, text, sha256, cost)"
                " SELECT gen_random_uuid(), path, '查询', '查询', $1, $2, 1 FROM org_unit WHERE code = '350521100'"
                " ON CONFLICT DO NOTHING",
                *(text, digest(text)),
            )


@pytest.fixture(scope="module")
def town(postgres: Server) -> Iterator[Town]:
    """The golden world, served twice; each test has tokens of its own."""
    made = Town(postgres.at(run(postgres.copy(GOLDEN))))
    yield made
    for service in made.services:
        stop_service(service)


async def test_a_stored_document_by_post_get_and_websocket(town: Town) -> None:
    await town.store(NAMES)
    service = town.services[0]
    asking = Asking(service.url, await town.token(Terms(documents=frozenset({digest(NAMES)}))))
    id_ = f"sha256:{digest(NAMES)}"
    by_text = asking.data(NAMES)
    assert asking.send(json={"documentId": id_}).json() == {"data": by_text}
    assert asking.send("GET", params={"documentId": id_}).json() == {"data": by_text}
    assert await over_websocket(service, asking, documentId=id_) == {"data": by_text}
    assert await over_websocket(service, asking, documentId=id_, query=None) == {"data": by_text}
    assert asking.refused(Code.FORBIDDEN, OTHER) == asking.refused(Code.FORBIDDEN, "no GraphQL")
    unknown = refusal(asking.send(json={"documentId": f"sha256:{'0' * 64}"}), Code.PERSISTED_QUERY_NOT_FOUND, 200)
    assert unknown == "PersistedQueryNotFound"
    refused = await over_websocket(service, asking, query=OTHER)
    assert [error["extensions"]["code"] for error in refused] == ["FORBIDDEN"]


def hashed(sha: object, version: object = 1) -> dict[str, Any]:
    """What Apollo's and urql's clients send."""
    return {"extensions": {"persistedQuery": {"version": version, "sha256Hash": sha}}}


async def test_a_stored_document_by_its_digest_alone(town: Town) -> None:
    """By POST, GET and WebSocket; beside its text, too, for whoever was told that it is not known."""
    await town.store(NAMES)
    service = town.services[0]
    bound = Asking(service.url, await town.token(Terms(documents=frozenset({digest(NAMES)}))))
    free = Asking(service.url, await town.token())
    known, answered = hashed(digest(NAMES)), {"data": free.data(NAMES)}
    for asking in (bound, free):
        assert asking.send(json=known).json() == answered
        assert asking.send(json={"query": "", **known}).json() == answered
        assert asking.send(json={"query": NAMES, **known}).json() == answered
        by_address = {"extensions": json.dumps(known["extensions"])}
        assert asking.send("GET", params=by_address).json() == answered
        assert await over_websocket(service, asking, **known) == answered
        for sha in (digest(OTHER), "0" * 64):
            answer = asking.send(json=hashed(sha), accept=LEGACY)
            assert refusal(answer, Code.PERSISTED_QUERY_NOT_FOUND, 200) == "PersistedQueryNotFound"
            (refused,) = await over_websocket(service, asking, **hashed(sha))
            assert refused["extensions"] == {"code": "PERSISTED_QUERY_NOT_FOUND"}
    other = {"query": OTHER, **hashed(digest(OTHER))}
    assert list(free.send(json=other).json()) == ["data"]
    refusal(bound.send(json=other), Code.FORBIDDEN)


@pytest.mark.parametrize("query", [NAMES + " ", NAMES.replace(" ", "\n"), OTHER])
async def test_a_text_that_does_not_fit_its_digest_is_not_run(town: Town, query: str) -> None:
    await town.store(NAMES)
    service = town.services[0]
    for token in (await town.token(Terms(documents=frozenset({digest(NAMES)}))), await town.token()):
        asking = Asking(service.url, token)
        refusal(asking.send(json={"query": query, **hashed(digest(NAMES))}), Code.BAD_REQUEST)
        (refused,) = await over_websocket(service, asking, query=query, **hashed(digest(NAMES)))
        assert refused["extensions"] == {"code": "BAD_REQUEST"}


@pytest.mark.parametrize(
    "extension", [hashed("0" * 63), hashed(1), hashed("A" * 64), hashed("0" * 64, 2), hashed("0" * 64, None)]
)
async def test_what_is_no_digest_of_a_document(town: Town, extension: dict[str, Any]) -> None:
    service = town.services[0]
    asking = Asking(service.url, service.token("town_admin", "350521100"))
    refusal(asking.send(json=extension), Code.BAD_REQUEST)
    refusal(asking.send(json={"extensions": {"persistedQuery": "0" * 64}}), Code.BAD_REQUEST)
    refusal(asking.send(json={"documentId": f"sha256:{'0' * 64}", **hashed("1" * 64)}), Code.BAD_REQUEST)


async def test_where_documents_are_not_named(golden: Database) -> None:
    """Clients that try go on with texts; what a token is bound to holds as before."""
    service = start_service(golden.url, JINLIN_STORED_OPERATIONS="off")
    asking = Asking(service.url, service.token("town_admin", "350521100"))
    for body in (hashed("0" * 64), {"documentId": f"sha256:{'0' * 64}"}):
        told = refusal(asking.send(json=body), Code.PERSISTED_QUERY_NOT_SUPPORTED, 200)
        assert told == "PersistedQueryNotSupported"
    assert list(asking.send(json={"query": NAMES, **hashed(digest(NAMES))}).json()) == ["data"]
    stop_service(service)


@pytest.mark.parametrize("id_", [1, "", "x", "0" * 64, f"sha256:{'0' * 63}", f"sha256:{'A' * 64}", f"md5:{'0' * 64}"])
async def test_what_is_no_document_identifier(town: Town, id_: object) -> None:
    service = town.services[0]
    asking = Asking(service.url, service.token("town_admin", "350521100"))
    refusal(asking.send(json={"documentId": id_}), Code.BAD_REQUEST)
    refusal(asking.send(json={"documentId": f"sha256:{'0' * 64}", "query": NAMES}), Code.BAD_REQUEST)


async def over_websocket(service: Service, asking: Asking, **payload: object) -> Any:
    """The payload of the answer to one operation."""
    async with opened(service, additional_headers={"Authorization": f"Bearer {asking.token}"}) as socket:
        await send(socket, type="connection_init")
        assert (await receive(socket))["type"] == "connection_ack"
        await send(socket, id="1", type="subscribe", payload=payload)
        return (await receive(socket))["payload"]


async def test_a_budget_holds_across_services(town: Town) -> None:
    """Thirty rows are five times six, whichever service is asked; then it is 429, with when to come again."""
    token = await town.token(Terms(budget=30))
    asking = [Asking(service.url, token) for service in town.services]
    answers = [asking[number % 2].post(SMALL) for number in range(12)]
    limited = [answer for answer in answers if answer.status_code != 200]
    assert 5 <= len(answers) - len(limited) <= 10  # a minute may end in between
    for answer in limited:
        refusal(answer, Code.RATE_LIMITED)
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        assert spent(answer.json()["errors"][0], 30)["remaining"] < 6


def spent(told: Any, limit: int) -> Any:
    """What an answer, or a refusal, says its operation was charged."""
    cost = told["extensions"]["cost"]
    assert cost.keys() - {"needed"} == {"charged", "remaining", "limit", "resetAt"}
    assert cost.get("needed") == (None if cost["charged"] else 6)
    assert cost["limit"] == limit
    assert datetime.fromisoformat(cost["resetAt"]).utcoffset() == timedelta(hours=8)
    return cost


async def test_what_is_left_of_a_budget_is_told_with_every_answer(town: Town) -> None:
    """By POST, GET and WebSocket, as of queries so of subscriptions; what no statement was made for was charged too."""
    service = town.services[0]
    asking = Asking(service.url, await town.token(Terms(budget=600)))
    told = [asking.post(SMALL).json(), asking.get(SMALL).json(), asking.post("{ __typename }").json()]
    told += [await over_websocket(service, asking, query=query) for query in (SMALL, f"subscription {SMALL}")]
    costs = [spent(each, 600) for each in told]
    assert [cost["charged"] for cost in costs] == [6, 6, 1, 6, 6]
    if len({cost["resetAt"] for cost in costs}) == 1:  # a minute may end in between
        assert [cost["remaining"] for cost in costs] == [594, 588, 587, 581, 575]
    small = Asking(service.url, await town.token(Terms(budget=6)))
    refused = [await over_websocket(service, small, query=SMALL) for _ in range(3)][-1]
    (error,) = refused if isinstance(refused, list) else [refused]
    assert spent(error, 6)["remaining"] == 0


async def test_a_subscription_beyond_a_budget_rests(town: Town) -> None:
    """It is told why, and until when, by a ping; nothing on the socket ends."""
    async with opened(town.services[0]) as socket:
        token = await town.token(Terms(budget=6))
        await send(socket, type="connection_init", payload={"Authorization": f"Bearer {token}"})
        assert (await receive(socket))["type"] == "connection_ack"
        for number in range(4):  # a minute may end in between
            await send(socket, id=f"{number}", type="subscribe", payload={"query": f"subscription {SMALL}"})
        told = [await receive(socket) for _ in range(4)]
        assert {each["type"] for each in told} == {"next", "ping"}
        said = next(each["payload"] for each in told if each["type"] == "ping")
        assert said.keys() == {"id", "message", "retryAfter", "code", "cost"}
        assert said["code"] == Code.RATE_LIMITED.name
        assert 1 <= said["retryAfter"] <= 60
        assert spent({"extensions": said}, 6)["remaining"] == 0
        await send(socket, type="ping")
        assert (await receive(socket))["type"] in ("pong", "next")


async def test_when_a_token_was_last_used_is_written_at_the_latest_when_the_service_stops(golden: Database) -> None:
    """And only for tokens that were answered."""
    town = Town(golden.url, services=1)
    used, unused = await town.token(), await town.token()
    Asking(town.services[0].url, used).data(NAMES)
    stop_service(town.services[0])
    deadline = time.monotonic() + 20
    async with connected(town.url) as connection:
        written: list[str] = []
        while not written and time.monotonic() < deadline:
            rows = await connection.fetch("SELECT id FROM credential WHERE last_used_at IS NOT NULL")
            written = [row["id"] for row in rows]
    assert written == [used.split("_")[1]]
    assert unused.split("_")[1] not in written
