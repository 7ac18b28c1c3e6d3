"""Connections: rows in a total order, and the part of them that follows a cursor."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cmp_to_key, partial
from typing import Any

from sqlalchemy.types import TypeEngine

from schema.kit.expressions import Types
from schema.pipeline.plan import cursors
from services.errors import bad_input
from tests.oracle.expressions import ranked
from tests.oracle.sight import Thing

Keyed = tuple[Thing, Sequence[Any]]  # a row and its values of the sort keys


@dataclass(frozen=True, slots=True)
class Order:
    """The types of the sort keys, and which go downwards; rows without a value come last either way."""

    types: Sequence[TypeEngine[Any]]
    downwards: Sequence[bool] = ()

    def compare(self, left: Sequence[Any], right: Sequence[Any]) -> int:
        """Negative, zero or positive, as for a comparison function."""
        downwards = self.downwards or [False] * len(self.types)
        for type_, one, other, down in zip(self.types, left, right, downwards, strict=True):
            if one == other:
                continue
            if one is None or other is None:
                return 1 if one is None else -1
            rank = ranked(type_)
            return 1 if (rank(one) > rank(other)) is not down else -1
        return 0

    def sorted(self, rows: Sequence[Keyed]) -> list[Keyed]:
        """The rows in this order."""
        key = cmp_to_key(self.compare)
        return sorted(rows, key=lambda row: key(row[1]))

    def arranged(self, values: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Values of the sort keys alone, in this order."""
        return sorted(values, key=cmp_to_key(self.compare))


@dataclass(frozen=True, slots=True)
class Known:
    """How a connection knows its rows: by what a cursor holds, of these types, among all that the caller sees.

    `totals` is what rows come to.
    """

    of: Callable[[Thing], tuple[Any, ...]]
    types: Types
    seen: Callable[[], Iterable[Keyed]]
    totals: Callable[[Sequence[Thing]], Any] = len


@dataclass(frozen=True, slots=True)
class Page:
    """What a connection answers: `rows` are all that match, in order, `shown` those of the page.

    Of what lies on the other side of a cursor it is only known that there is the row of that.
    """

    name: str
    rows: Sequence[Keyed]
    shown: Sequence[Keyed]
    before: bool
    follows: bool
    signing: bytes
    known: Known

    def cursor(self, row: Keyed) -> str:
        """Which row it is, as `schema.pipeline.plan.cursors` reads it."""
        return cursors.made(self.signing, self.known.of(row[0]), self.known.types)

    def part(self, name: str) -> Any:
        """A field of the connection, by its name; cursors are functions: they cost more than all else."""
        parts: dict[str, Callable[[], Any]] = {
            "nodes": lambda: [thing for thing, _ in self.shown],
            "edges": lambda: [{"cursor": partial(self.cursor, row), "node": row[0]} for row in self.shown],
            "pageInfo": self._info,
            "totalCount": lambda: len(self.rows),
            "totals": lambda: self.known.totals([thing for thing, _ in self.rows]),
        }
        return parts[name]()

    def _info(self) -> dict[str, Any]:
        return {
            "hasNextPage": self.follows,
            "hasPreviousPage": self.before,
            "startCursor": partial(self.cursor, self.shown[0]) if self.shown else None,
            "endCursor": partial(self.cursor, self.shown[-1]) if self.shown else None,
        }


def page(
    name: str, rows: Sequence[Keyed], order: Order, known: Known, given: Mapping[str, Any], signing: bytes
) -> Page:
    """The page of these rows that the arguments ask for; Refused for a cursor that is not this connection's.

    The row of a cursor need not be among them, nor pass what they did: it is one the caller sees.
    """
    in_order = order.sorted(rows)
    asked = {key: given[key] for key in ("first", "after", "last", "before") if given.get(key) is not None}
    if {"first", "after"} & {*asked} and {"last", "before"} & {*asked}:
        raise bad_input("混用", "Both ways at once.")
    back = not asked.keys().isdisjoint(("last", "before"))
    left, cursor = in_order, asked.get("before" if back else "after")
    if cursor is not None:
        identity = tuple(cursors.read(cursor, signing, known.types))
        mark = next((keys for thing, keys in known.seen() if known.of(thing) == identity), None)
        if mark is None:
            raise cursors.invalid()
        left = [row for row in in_order if (order.compare(row[1], mark) * (-1 if back else 1)) > 0]
    count = asked.get("last" if back else "first", 20)
    more, shown = len(left) > count, left[-count:] if back else left[:count]
    before, follows = (more, cursor is not None) if back else (cursor is not None, more)
    return Page(name, in_order, shown, before, follows, signing, known)
