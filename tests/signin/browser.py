"""A browser as the service sees one: cookies it keeps, an origin it states, an address of its own."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

import asyncpg
import httpx

from policies.people import register
from policies.tokens import Seat
from services.storage.database import connected
from tests.conftest import Service
from tests.http.asking import NO_TLS, PLAIN

PASSWORD = "correct horse battery"
NUMBERS = count(1)
Said = dict[str, str] | list[tuple[str, str]]


def new_address() -> str:
    """An address of the loopback network that nobody has used."""
    number = next(NUMBERS)
    return f"127.1.{number // 250}.{number % 250 + 1}"


@dataclass
class Browser:
    """One browser at one address. `origin` is what its pages are of; None is a program that states none."""

    service: Service
    origin: str | None = "own"
    address: str = field(default_factory=new_address)
    cookies: dict[str, str] = field(default_factory=dict)
    language: str = "en"

    def send(self, method: str, path: str, *, headers: Said | None = None, **given: Any) -> httpx.Response:
        """One request; cookies that come back are kept."""
        all_headers = httpx.Headers(headers)
        all_headers.setdefault("Accept-Language", self.language)
        if self.origin is not None:
            all_headers.setdefault("Origin", self.service.url if self.origin == "own" else self.origin)
        if self.cookies:
            all_headers.setdefault("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        transport = httpx.HTTPTransport(local_address=self.address, verify=NO_TLS)
        with httpx.Client(trust_env=False, transport=transport, timeout=30) as client:
            response = client.request(method, f"{self.service.url}{path}", headers=all_headers, **given)
            for cookie in client.cookies.jar:
                self.cookies[cookie.name] = cookie.value or ""
        for line in response.headers.get_list("set-cookie"):
            if "max-age=0" in line.lower():
                self.cookies.pop(line.partition("=")[0], None)
        return response

    def sign_in(self, login: str, password: str = PASSWORD, **given: Any) -> httpx.Response:
        """POST /session."""
        return self.send("POST", "/session", json={"login": login, "password": password}, **given)

    def ask(self, query: str = PLAIN, **given: Any) -> httpx.Response:
        """A query by POST, in the media type that carries its errors' status."""
        headers = {"Accept": "application/graphql-response+json", **given.pop("headers", {})}
        return self.send("POST", "/graphql", json={"query": query}, headers=headers, **given)

    def signed_in(self) -> bool:
        """What GET /session says."""
        response = self.send("GET", "/session")
        assert response.status_code == 200, response.text
        found: bool = response.json()["signedIn"]
        return found


async def person(service: Service, login: str, password: str = PASSWORD, role: str = "town_admin") -> str:
    """Someone who may sign in, as administrator of 螺城镇 unless told otherwise; their login, of the county."""
    async with connected(service.database_url) as connection:
        at = {"town_admin": "350521100", "county_admin": "350521"}[role]
        return await register(connection, Seat(f"test {login}", role, at), login, password)


def coded(login: str) -> str:
    """A login of this county, where everybody here is."""
    return login if login.startswith("350521-") else f"350521-{login}"


async def value(service: Service, query: str, *of: object) -> Any:
    """One value of the database."""
    async with connected(service.database_url) as connection:
        return await connection.fetchval(query, *of)


async def sessions_of(service: Service, login: str) -> list[asyncpg.Record]:
    """The sessions of an account, the oldest first."""
    async with connected(service.database_url) as connection:
        found: list[asyncpg.Record] = await connection.fetch(
            "SELECT c.* FROM credential c JOIN account a ON a.id = c.account_id"
            " WHERE a.login = $1 AND c.kind = 'SESSION' ORDER BY c.created_at",
            coded(login),
        )
        return found
