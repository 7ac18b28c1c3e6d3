"""Connections: rows in a total order, and the part of them that follows a cursor."""

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cmp_to_key
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, DateTime, Enum, Integer, Text, Uuid
from sqlalchemy.types import TypeEngine

from schema.pipeline.plan import cursors
from tests.oracle.expressions import ranked
from tests.oracle.functions import text_of
from tests.oracle.sight import Thing

Keyed = tuple[Thing, Sequence[Any]]  # a row and its values of the sort keys


@dataclass(frozen=True, slots=True)
class Order:
    """The types of the sort keys and the one direction of them all; rows without a value come last either way."""

    types: Sequence[TypeEngine[Any]]
    descending: bool = False

    def compare(self, left: Sequence[Any], right: Sequence[Any]) -> int:
        """Negative, zero or positive, as for a comparison function."""
        for type_, one, other in zip(self.types, left, right, strict=True):
            if one == other:
                continue
            if one is None or other is None:
                return 1 if one is None else -1
            rank = ranked(type_)
            return 1 if (rank(one) > rank(other)) is not self.descending else -1
        return 0

    def sorted(self, rows: Sequence[Keyed]) -> list[Keyed]:
        """The rows in this order."""
        key = cmp_to_key(self.compare)
        return sorted(rows, key=lambda row: key(row[1]))

    def arranged(self, values: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Values of the sort keys alone, in this order."""
        return sorted(values, key=cmp_to_key(self.compare))

    def mark(self, values: Sequence[str | None]) -> list[Any]:
        """Sort values from the text a cursor holds them as."""
        return [
            None if value is None else _parsed(value, type_) for value, type_ in zip(values, self.types, strict=True)
        ]


def _parsed(text: str, type_: TypeEngine[Any]) -> Any:
    if isinstance(type_, Uuid):
        return UUID(text)
    if isinstance(type_, Integer):
        return int(text)
    if isinstance(type_, Date):
        return date.fromisoformat(text)
    if isinstance(type_, DateTime):
        return datetime.fromisoformat(text)
    if isinstance(type_, Boolean):
        return text == "true"
    if isinstance(type_, Enum | Text):
        return text
    raise NotImplementedError(f"{type(type_).__name__} in a cursor")


@dataclass(frozen=True, slots=True)
class Page:
    """What a connection answers: `rows` are all that match, in order, `shown` those of the page."""

    name: str
    rows: Sequence[Keyed]
    shown: Sequence[Keyed]
    more: bool
    resumed: bool
    signing: bytes

    def cursor(self, row: Keyed) -> str:
        """Where a row stands, as `schema.pipeline.plan.cursors` reads it."""
        payload = json.dumps([text_of(value) for value in row[1]], ensure_ascii=False).encode()
        return base64.urlsafe_b64encode(cursors.tag(self.signing, payload) + payload).decode().rstrip("=")

    def part(self, name: str) -> Any:
        """A field of the connection, by its name."""
        parts: dict[str, Callable[[], Any]] = {
            "nodes": lambda: [thing for thing, _ in self.shown],
            "edges": lambda: [{"cursor": self.cursor(row), "node": row[0]} for row in self.shown],
            "pageInfo": self._info,
            "totalCount": lambda: len(self.rows),
        }
        return parts[name]()

    def _info(self) -> dict[str, Any]:
        ends = [self.cursor(row) for row in self.shown]
        return {
            "hasNextPage": self.more,
            "hasPreviousPage": self.resumed,
            "startCursor": ends[0] if ends else None,
            "endCursor": ends[-1] if ends else None,
        }


def page(name: str, rows: Sequence[Keyed], order: Order, first: int | None, after: str | None, signing: bytes) -> Page:
    """The page of these rows that the arguments ask for; Refused for a cursor that is not this connection's."""
    in_order = order.sorted(rows)
    left = in_order
    if after is not None:
        mark = order.mark(cursors.read(after, signing, len(order.types)))
        left = [row for row in in_order if order.compare(row[1], mark) > 0]
    count = 20 if first is None else first
    return Page(name, in_order, left[:count], len(left) > count, after is not None, signing)
