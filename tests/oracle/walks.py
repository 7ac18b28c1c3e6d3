"""Walks through a connection page by page, while units are added to the tree."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from graphql import parse

from schema.catalogue.kinds import Catalogue, Field, Kind
from schema.kit.entities import Edge, EdgeKind
from tests.oracle.arena import Arena
from tests.oracle.execution import Oracle
from tests.oracle.values import Chance, Pool
from tests.oracle.worlds import UNIT, World, free_code, insert, unit_row

PAGE = "{{ {rows} pageInfo {{ hasNextPage endCursor }} }}"
NODES = PAGE.format(rows="rows: nodes { ... on Node { row: id } }")
OTHERS = PAGE.format(rows="rows: edges { row: cursor }")  # what has no id is known by where it stands
EVERYTHING = 10_000


def walks(chance: Chance, catalogue: Catalogue, pool: Pool) -> str:
    """A query of one connection, any there is, in any order; `$first` and `$after` say which page of it."""
    places = _places(catalogue)
    owner, name, edge = places[chance.one([*places])]
    if edge is None:
        return _query(
            f"walked: search(text: {_quoted(chance.one(pool.of('text')))}, first: $first, after: $after) {NODES}"
        )
    target = catalogue.kinds[edge.target or ""].entity
    order = chance.one(["", *(f"{{field: {by}, direction: {to}}}" for by in target.orders for to in ("ASC", "DESC"))])
    rows = OTHERS if target.tag is None else NODES
    walked = f"walked: {name}({order and 'orderBy: '}{order} first: $first, after: $after) {rows}"
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
    return f"query($first: Int, $after: String) {{ {body} }}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Walk:
    """One walk: the ids met so far, and of each unit added which row had been met last."""

    def __init__(self, arena: Arena, world: World, query: str) -> None:
        self.rows: list[str] = []
        self._arena, self._world, self._query = arena, world, query
        self._after: str | None = None
        self._added: dict[str, str | None] = {}
        self._units = list(world.rows[UNIT])

    def page(self, first: int) -> bool:
        """The next page; whether another follows."""
        answer = self._arena.asked(self._world, self._query, {"first": first, "after": self._after})
        page = _found(answer)
        self.rows += [row["row"] for row in page["rows"]]
        self._after = page["pageInfo"]["endCursor"]
        return bool(page["pageInfo"]["hasNextPage"])

    def insert(self, random: Random) -> None:
        """Add a unit anywhere in the tree."""
        parent = random.choice(self._units)
        row = unit_row(random, parent, free_code(random, parent, self._units))
        self._units.append(row)
        self._added[f"ou_{row['id']}"] = self.rows[-1] if self.rows else None
        self._arena.run(insert(self._arena.connection, UNIT, [row]))

    def whole(self, oracle: Oracle) -> list[str]:
        """Every row of the connection, in order, as the oracle has it."""
        result = oracle.execute(parse(self._query), {"first": EVERYTHING})
        assert not result.errors
        return [row["row"] for row in _found(result.data)["rows"]]

    def comes(self, row: str, in_order: Sequence[str]) -> bool:
        """Whether a row that was added came after what had been met by then."""
        met = self._added.get(row)
        return row in self._added and met is not None and in_order.index(row) > in_order.index(met)


def _found(answer: Any) -> Any:
    """The connection, wherever in the answer; an empty one where its owner is out of sight."""
    owner = answer if "walked" in answer else answer.get("node") or {}
    return owner.get("walked") or {"rows": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
