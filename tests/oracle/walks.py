"""Walks through a connection page by page, while units are added to the tree."""

from collections.abc import Mapping, Sequence
from itertools import permutations
from random import Random
from typing import Any

from graphql import parse

from schema.catalogue.kinds import Catalogue, Field, Kind
from schema.kit.entities import Edge, EdgeKind
from tests.oracle.arena import Arena
from tests.oracle.execution import Oracle
from tests.oracle.loading import insert
from tests.oracle.tree import free_code, unit_row
from tests.oracle.values import Chance, Pool
from tests.oracle.worlds import UNIT, World

PAGE = "{{ {rows} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }}"
ON, BACK = "first: $many, after: $from", "last: $many, before: $from"
NODES = PAGE.format(rows="rows: nodes { ... on Node { row: id } }")
OTHERS = PAGE.format(rows="rows: edges { row: cursor }")  # what has no id is known by where it stands
EVERYTHING = 10_000
NOTHING = {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None}


def walks(chance: Chance, catalogue: Catalogue, pool: Pool) -> str:
    """A query of one connection, any there is, in any order, either way; `$many` and `$from` say which page."""
    places = _places(catalogue)
    owner, name, edge = places[chance.one([*places])]
    if edge is None:
        return _query(f"walked: search(text: {_quoted(chance.one(pool.of('text')))}, {chance.one([ON, BACK])}) {NODES}")
    target = catalogue.kinds[edge.target or ""].entity
    orders = [f"{{field: {by}, direction: {to}}}" for by in target.orders for to in ("ASC", "DESC")]
    both = [f"[{{field: {one}, direction: DESC}}, {{field: {by}}}]" for one, by in permutations(target.orders, 2)]
    order = chance.one(["", *orders, *both])
    rows = OTHERS if target.tag is None else NODES
    walked = f"walked: {name}({order and 'orderBy: '}{order} {chance.one([ON, BACK])}) {rows}"
    if owner is None:
        return _query(walked)
    row = _quoted(chance.one(pool.of(owner.name)))
    return _query(f"node(id: {row}) {{ ... on {owner.name} {{ {walked} }} }}")


def _places(catalogue: Catalogue) -> dict[str, tuple[Kind | None, str, Edge | None]]:
    """Every connection, by its coordinate: whose it is, what it is called, and the edge, which `search` has not."""
    found: dict[str, tuple[Kind | None, str, Edge | None]] = {"Query.search": (None, "search", None)}
    owners: list[tuple[Kind | None, Mapping[str, Field]]] = [(None, catalogue.roots)]
    owners += [(kind, kind.fields) for kind in catalogue.kinds.values() if kind.entity.tag is not None]
    for owner, fields in owners:
        for name, field in fields.items():
            edge = field.declared
            if isinstance(edge, Edge) and edge.kind is EdgeKind.PAGE:
                found[f"{owner.name if owner else 'Query'}.{name}"] = (owner, name, edge)
    return found


def _query(body: str) -> str:
    return f"query($many: Int, $from: String) {{ {body} }}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Walk:
    """One walk: the ids met so far, and of each unit added which row had been met last."""

    def __init__(self, arena: Arena, world: World, query: str) -> None:
        self.rows: list[str] = []
        self._arena, self._world, self._query = arena, world, query
        self._back = BACK in query
        self._from: str | None = None
        self._added: dict[str, str | None] = {}
        self._units = list(world.rows[UNIT])

    def page(self, many: int) -> bool:
        """The next page, or the one before; whether there is another that way."""
        answer = self._arena.asked(self._world, self._query, {"many": many, "from": self._from})
        page, info = _found(answer), _found(answer)["pageInfo"]
        rows = [row["row"] for row in page["rows"]]
        self.rows = rows + self.rows if self._back else self.rows + rows
        self._from = info["startCursor" if self._back else "endCursor"]
        return bool(info["hasPreviousPage" if self._back else "hasNextPage"])

    def insert(self, random: Random) -> None:
        """Add a unit anywhere in the tree."""
        parent = random.choice(self._units)
        row = unit_row(random, parent, free_code(random, parent, self._units))
        self._units.append(row)
        self._added[f"ou_{row['id']}"] = self.rows[0 if self._back else -1] if self.rows else None
        self._arena.run(insert(self._arena.connection, UNIT, [row]))

    def whole(self, oracle: Oracle) -> list[str]:
        """Every row of the connection, in order, as the oracle has it."""
        result = oracle.execute(parse(self._query), {"many": EVERYTHING})
        assert not result.errors
        return [row["row"] for row in _found(result.data)["rows"]]

    def comes(self, row: str, in_order: Sequence[str]) -> bool:
        """Whether a row that was added lies beyond what had been met by then."""
        met = self._added.get(row)
        return met is not None and (in_order.index(row) < in_order.index(met)) is self._back


def _found(answer: Any) -> Any:
    """The connection, wherever in the answer; an empty one where its owner is out of sight."""
    owner = answer if "walked" in answer else answer.get("node") or {}
    return owner.get("walked") or {"rows": [], "pageInfo": NOTHING}
