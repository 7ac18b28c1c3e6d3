"""A client of the service that says exactly what it sends, and what every refusal must look like."""

import json
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx

from schema.pipeline.http.endpoint import LEGACY, MODERN, OF_THE_DOCUMENT
from services.errors import Code

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # loading authorities takes longer than a request
MEDIA = (MODERN, LEGACY)
PLAIN = '{ orgUnit(by: {code: "350521100"}) { name } }'

# What belongs to the machine, the driver or the database, and what hints at names nobody asked about.
INTERNAL = re.compile(
    r"Traceback|File \"|\.py\b|site-packages|asyncpg|sqlalchemy|orjson|UTF8|repertoire|int32|codec|set_int_max"
    r"|\bSELECT\b|\bFROM\b|\bWHERE\b|relation \"|org_unit|credential|/tmp|/home|/usr|Did you mean|recursion"
)


@dataclass(frozen=True)
class Asking:
    """Requests to one service by one caller."""

    url: str
    token: str | None = None
    language: str = "en"

    def send(
        self, method: str = "POST", *, accept: str | None = None, headers: Mapping[str, str] | None = None, **given: Any
    ) -> httpx.Response:
        """One request to /graphql over a connection of its own."""
        all_headers = {"Accept-Language": self.language, **(headers or {})}
        if accept is not None:
            all_headers["Accept"] = accept
        if self.token is not None:
            all_headers.setdefault("Authorization", f"Bearer {self.token}")
        with httpx.Client(trust_env=False, verify=NO_TLS, timeout=30) as client:
            return client.request(method, f"{self.url}/graphql", headers=all_headers, **given)

    def post(
        self, query: str, variables: Mapping[str, Any] | None = None, *, accept: str = MODERN, **parts: Any
    ) -> httpx.Response:
        """An operation by POST; `parts` are further members of the body."""
        return self.send(accept=accept, json={"query": query, "variables": variables, **parts})

    def get(
        self, query: str, variables: Mapping[str, Any] | None = None, *, accept: str = MODERN, **parts: str
    ) -> httpx.Response:
        """An operation by GET."""
        given = {"query": query, **parts} | ({"variables": json.dumps(variables)} if variables else {})
        return self.send("GET", accept=accept, params=given)

    def data(self, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        """The data of an operation that must succeed."""
        response = self.post(query, variables)
        assert response.status_code == 200, response.text
        assert list(response.json()) == ["data"]
        return response.json()["data"]

    def refused(self, code: Code, query: str, variables: Mapping[str, Any] | None = None, **parts: str) -> str:
        """That an operation is refused with `code`, by both methods and in both media types alike; the message."""
        messages = set()
        for accept in MEDIA:
            status = 200 if accept == LEGACY and code in OF_THE_DOCUMENT else code.status
            for response in (
                self.post(query, variables, accept=accept, **parts),
                self.get(query, variables, accept=accept, **parts),
            ):
                assert response.headers["content-type"] == f"{accept}; charset=utf-8"
                messages.add(refusal(response, code, status))
        assert len(messages) == 1
        return messages.pop()

    def within(self, language: str) -> "Asking":
        """The same caller, reading another language."""
        return replace(self, language=language)


def refusal(response: httpx.Response, code: Code, status: int | None = None) -> str:
    """That a response is a refusal with this code and status, in the one shape, saying nothing internal; its text."""
    assert response.status_code == (status or code.status), response.text
    assert response.headers["cache-control"] == "no-store"
    body = response.json()
    assert list(body) == ["errors"]
    errors(body["errors"], code)
    assert not INTERNAL.search(response.text), response.text
    return str(body["errors"][0]["message"])


def errors(found: list[dict[str, Any]], code: Code) -> None:
    """That errors have the one shape and this code."""
    assert found
    for error in found:
        assert error.keys() <= {"message", "locations", "path", "extensions"}
        assert error["extensions"].keys() <= {"code", "argument", "cost"}
        assert error["extensions"]["code"] == code.name, error
        assert error["message"]
