"""Answers packed with gzip: for whoever takes it, and never where a secret is beside what others may write."""

import asyncio
import gzip
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from tests.conftest import Database, Service
from tests.http.asking import NO_TLS, PLAIN, Asking
from tests.http.conftest import Start
from tests.http.sockets import opened

LONG = '{ orgUnit(by: {code: "350521100"}) { children(first: 30) { nodes { id name code } } } }'
CONTACT = "{ members(first: 30) { nodes { id contact { phone } } } }"


def asked(
    asking: Asking, accepted: str | None, query: str = LONG, method: str = "POST", **given: Any
) -> httpx.Response:
    """The answer, and on the wire only what was asked for: httpx would say that it takes more."""
    headers = {"Accept-Encoding": "" if accepted is None else accepted}
    parts: dict[str, Any] = {"json": {"query": query, **given}} if method == "POST" else {"params": {"query": query}}
    return asking.send(method, headers=headers, **parts)


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(
    ("accepted", "packs"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("gzip, deflate, br", True),
        ("br;q=1, gzip;q=0.1", True),
        ("*", True),
        ("identity;q=0, gzip", True),
        ("identity;q=0.5, gzip;q=0.5", True),
        (None, False),
        ("br", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip ; Q=0.0 ;, *", False),
        ("*;q=0", False),
        ("identity, gzip;q=0.5", False),
        ("gzipped", False),
        ('x;a="gzip"', False),
    ],
)
def test_who_takes_it(county: Asking, accepted: str | None, packs: bool, method: str) -> None:
    answer = asked(county, accepted, method=method)
    plain = asked(county, "identity")
    assert answer.headers.get("content-encoding") == ("gzip" if packs else None)
    assert answer.json() == plain.json()
    varies = {each.strip() for each in answer.headers["vary"].split(",")}
    assert varies == {"Accept", "Accept-Language", "Accept-Encoding"}
    assert (int(answer.headers["content-length"]) < len(answer.content) / 2) is packs


def test_what_is_small(county: Asking) -> None:
    assert "content-encoding" not in asked(county, "gzip", PLAIN).headers


def test_what_is_refused(county: Asking) -> None:
    long = "{ " + " ".join(f"nothing{number}" for number in range(40)) + " }"
    refused = asked(county, "gzip", long)
    assert len(refused.content) > 1024
    assert "content-encoding" not in refused.headers


def test_contact_data(county: Asking) -> None:
    answer = asked(county, "gzip", CONTACT)
    assert len(answer.content) > 1024
    assert any((each["contact"] or {}).get("phone") for each in answer.json()["data"]["members"]["nodes"])
    assert "content-encoding" not in answer.headers


def test_what_is_shown_once(own_demo: Database, start: Start) -> None:
    """An answer long enough, by what its caller wrote, with a secret in it."""
    service = start(own_demo.url)
    asking = Asking(service.url, service.token("county_admin", "350521"))
    unit = asking.data(PLAIN.replace("name", "id"))["orgUnit"]["id"]
    many = " ".join(
        f'a{number}: issueToken(input: {{unitId: $unit, name: "{number}{"x" * 80}", '
        'agency: "a", entities: ["unit"], days: 1})'
        " { token accessToken { id createdAt program { name } } userErrors { message } }"
        for number in range(12)
    )
    answer = asked(asking, "gzip", f"mutation($unit: ID!) {{ {many} }}", variables={"unit": unit})
    assert len(answer.content) > 1024, answer.text
    assert answer.json()["data"]["a0"]["token"].startswith("jl_")
    assert "content-encoding" not in answer.headers


def test_files_of_the_page(service: Service) -> None:
    page = httpx.get(f"{service.url}/graphql", headers={"Accept": "text/html"}, trust_env=False, verify=NO_TLS).text
    script = urljoin(f"{service.url}/graphql", page.partition('src="')[2].partition('"')[0])
    for accepted, packs in (("gzip", True), ("gzip;q=0", False)):
        answer = httpx.get(script, headers={"Accept-Encoding": accepted}, trust_env=False, verify=NO_TLS)
        assert (answer.headers.get("content-encoding") == "gzip") is packs
        assert "Accept-Encoding" in answer.headers["vary"]


async def test_a_socket_packs_nothing(service: Service) -> None:
    async with opened(service, compression="deflate") as socket:
        assert socket.response is not None
        assert "sec-websocket-extensions" not in socket.response.headers


async def test_packed_to_the_end(county: Asking) -> None:
    """What is on the wire is one whole member of gzip, as long as is said."""
    reader, writer = await asyncio.open_connection(*county.url.removeprefix("http://").split(":"))
    query = httpx.QueryParams({"query": LONG})
    writer.write(
        f"GET /graphql?{query} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {county.token}\r\n"
        "Accept-Encoding: gzip\r\nConnection: close\r\n\r\n".encode()
    )
    head, _, body = (await asyncio.wait_for(reader.read(), 20)).partition(b"\r\n\r\n")
    writer.close()
    assert f"content-length: {len(body)}".encode() in head
    assert gzip.decompress(body).decode() == asked(county, "identity").text
