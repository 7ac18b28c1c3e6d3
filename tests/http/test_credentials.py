"""Who asks: tokens that are missing, wrong, doubled, expired or revoked; always 401 in the same words."""

import asyncio

import asyncpg
import httpx
import pytest

from policies.tokens import Seat, issue
from schema.pipeline.http.endpoint import MODERN
from services.errors import Code
from services.storage.database import connected
from tests.conftest import Service
from tests.http.asking import MEDIA, NO_TLS, PLAIN, Asking, refusal

WORDS = "Sign in first: the access token is missing, or it is invalid, expired or revoked."


def refused(asking: Asking, headers: dict[str, str] | None = None) -> None:
    """That nobody is let in, with either method and in either media type."""
    for accept in MEDIA:
        for answer in (
            asking.send(json={"query": PLAIN}, headers=headers, accept=accept),
            asking.send("GET", params={"query": PLAIN}, headers=headers, accept=accept),
        ):
            assert refusal(answer, Code.UNAUTHENTICATED) == WORDS
            assert answer.headers["www-authenticate"] == "Bearer"


def test_no_token(town: Asking) -> None:
    refused(Asking(town.url))


@pytest.mark.parametrize("header", [b"", b"Bearer", b"Bearer ", b"Bearer\t", b" "])
async def test_an_empty_credential(service: Service, header: bytes) -> None:
    """Sent byte by byte, because clients refuse to send these."""
    reader, writer = await asyncio.open_connection(*service.url.removeprefix("http://").split(":"))
    writer.write(b"GET /graphql?query={__typename} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ")
    writer.write(header + b"\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 401 ")


def test_no_token_and_nothing_right(town: Asking) -> None:
    """Who does not sign in learns nothing of what else is wrong."""
    nobody = Asking(town.url)
    for query in ("", "{", "{ nothing }", "{ __schema { types { name } } }"):
        assert refusal(nobody.post(query), Code.UNAUTHENTICATED) == WORDS
    refusal(nobody.send(content=b"\xff", accept=MODERN), Code.UNAUTHENTICATED)


@pytest.mark.parametrize("scheme", ["Basic", "Digest", "Token", "Bearer:", "BearerX", "jl"])
def test_another_scheme(town: Asking, scheme: str) -> None:
    refused(town, {"Authorization": f"{scheme} {town.token}"})


@pytest.mark.parametrize("token", ["x", "null", "undefined", "jl___", "jl_a_b_00000000", "x" * 10_000, "____"])
def test_what_is_no_token(town: Asking, token: str) -> None:
    refused(town, {"Authorization": f"Bearer {token}"})


def test_a_token_that_is_no_ascii(town: Asking) -> None:
    header = f"Bearer {town.token}é中".encode()
    answer = httpx.get(
        f"{town.url}/graphql?query={{__typename}}",
        headers=[(b"Authorization", header), (b"Accept", MODERN.encode()), (b"Accept-Language", b"en")],
        trust_env=False,
        verify=NO_TLS,
    )
    assert refusal(answer, Code.UNAUTHENTICATED) == WORDS


def test_one_character_changed(town: Asking) -> None:
    assert town.token is not None
    for at in range(len(town.token)):
        other = "A" if town.token[at] != "A" else "B"
        changed = town.token[:at] + other + town.token[at + 1 :]
        answer = town.send(json={"query": PLAIN}, headers={"Authorization": f"Bearer {changed}"}, accept=MODERN)
        assert refusal(answer, Code.UNAUTHENTICATED) == WORDS


def test_the_schemes_name_in_any_case(town: Asking) -> None:
    for scheme in ("bearer", "BEARER", "Bearer "):
        assert town.send(json={"query": PLAIN}, headers={"Authorization": f"{scheme} {town.token}"}).status_code == 200


def test_two_credentials(town: Asking, county: Asking) -> None:
    for second in (county.token, town.token, "x"):
        headers = [("Authorization", f"Bearer {town.token}"), ("Authorization", f"Bearer {second}"), ("Accept", MODERN)]
        answer = httpx.post(
            f"{town.url}/graphql", json={"query": PLAIN}, headers=headers, trust_env=False, verify=NO_TLS
        )
        refusal(answer, Code.BAD_REQUEST)


REVOKE = "UPDATE credential SET revoked_at = now() WHERE id = $1"
EXPIRE = "UPDATE credential SET expires_at = now() WHERE id = $1"
DELETE = "DELETE FROM credential WHERE id = $1"
FORGET = "DELETE FROM account WHERE id = (SELECT account_id FROM credential WHERE id = $1)"


async def test_a_token_that_ended(lockable: Service) -> None:
    """However it ended, it ended for the very next request, although it has just been used."""
    async with connected(lockable.database_url) as connection:
        for change in (REVOKE, EXPIRE, DELETE, FORGET):
            asking = Asking(lockable.url, await issue(connection, Seat("ends", "town_admin", "350521101"), days=1))
            assert asking.data("{ orgUnits { totalCount } }")["orgUnits"]["totalCount"] > 0
            await end(connection, change, asking)
            refused(asking)


async def end(connection: asyncpg.Connection, change: str, asking: Asking) -> None:
    """Change the row of a caller's token."""
    assert asking.token is not None
    await connection.execute(change, asking.token.split("_")[1])
