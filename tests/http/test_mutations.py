"""Commands over HTTP and WebSocket: what the transport adds to them."""

import asyncio
from typing import Any

import pytest

from services.errors import Code
from services.storage.database import connected
from tests.conftest import Database, Service
from tests.http.asking import MEDIA, Asking, refusal
from tests.http.conftest import Start
from tests.http.sockets import ask, receive, signed_in

UNIT = '{ orgUnit(by: {code: "350521100001"}) { id } }'
CREATE = """mutation($input: CreateCompoundInput!) { made: createCompound(input: $input) {
    compound { name place } userErrors { code field message messageZh messageEn } __typename
} }"""


@pytest.fixture
def dry(town: Asking) -> dict[str, Any]:
    """An input that could be, and leaves nothing."""
    return {"unitId": town.data(UNIT)["orgUnit"]["id"], "name": "试小区", "dryRun": True}


def test_a_command_by_post(town: Asking, dry: dict[str, Any]) -> None:
    made = town.data(CREATE, {"input": dry})["made"]
    assert made == {
        "compound": {"name": "试小区", "place": ["惠安县", "螺城镇", "北关社区居委会"]},
        "userErrors": [],
        "__typename": "CreateCompoundPayload",
    }


def test_no_command_by_get(town: Asking, dry: dict[str, Any]) -> None:
    response = town.get(CREATE, {"input": dry})
    refusal(response, Code.BAD_REQUEST, 405)
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize(("language", "message"), [("en", "messageEn"), ("zh", "messageZh")])
def test_a_problem_is_told_in_the_reader_s_language(
    town: Asking, dry: dict[str, Any], language: str, message: str
) -> None:
    made = town.within(language).data(CREATE, {"input": {**dry, "name": "  "}})["made"]
    (problem,) = made["userErrors"]
    assert made["compound"] is None
    assert (problem["code"], problem["field"]) == ("INVALID", ["input", "name"])
    assert problem["message"] == problem[message]
    assert problem["messageZh"] != problem["messageEn"]


@pytest.mark.parametrize("accept", MEDIA)
def test_a_field_that_was_refused_is_null_and_the_status_is_200(town: Asking, dry: dict[str, Any], accept: str) -> None:
    response = town.post(CREATE, {"input": {**dry, "unitId": "ou_1"}}, accept=accept)
    assert response.status_code == 200
    assert response.json() == {
        "errors": [
            {
                "message": "There is no such object, or you may not see it.",
                "path": ["made"],
                "extensions": {"code": "NOT_FOUND", "argument": "input.unitId"},
            }
        ],
        "data": {"made": None},
    }


@pytest.mark.parametrize("header", ["Idempotency-Key", "X-Request-Id"])
@pytest.mark.parametrize("value", ["", "x" * 65, "a\tb"])
def test_a_header_that_names_nothing(town: Asking, dry: dict[str, Any], header: str, value: str) -> None:
    response = town.send(json={"query": CREATE, "variables": {"input": dry}}, headers={header: value})
    refusal(response, Code.BAD_REQUEST)


async def test_a_command_by_websocket(service: Service, dry: dict[str, Any]) -> None:
    async with signed_in(service) as socket:
        await ask(socket, "1", CREATE, variables={"input": dry})
        done = await receive(socket)
        assert done["type"] == "next"
        assert done["payload"]["data"]["made"]["compound"]["name"] == "试小区"
        assert await receive(socket) == {"id": "1", "type": "complete"}
        await ask(socket, "2", CREATE, variables={"input": {**dry, "unitId": "ou_1"}})
        refused = (await receive(socket))["payload"]
        assert refused["data"] == {"made": None}
        assert refused["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_a_retry_over_another_worker_applies_once(golden: Database, start: Start) -> None:
    """Two processes, four requests at once with one key in the header: one compound."""
    workers = [await asyncio.to_thread(start, golden.url) for _ in range(2)]
    token = await asyncio.to_thread(workers[0].token, "town_admin", "350521100")
    unit = Asking(workers[0].url, token).data(UNIT)["orgUnit"]["id"]
    given = {"query": CREATE, "variables": {"input": {"unitId": unit, "name": "新小区"}}}
    asked = [
        asyncio.to_thread(Asking(worker.url, token).send, json=given, headers={"Idempotency-Key": "k"})
        for worker in workers * 2
    ]
    answers = [response.json() for response in await asyncio.gather(*asked)]
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["data"]["made"]["compound"]["name"] == "新小区"
    async with connected(golden.url) as connection:
        assert await connection.fetchval("SELECT count(*) FROM compound") == 1
        assert await connection.fetchval("SELECT count(*) FROM audit_entry") == 1
