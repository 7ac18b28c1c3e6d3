"""Walks through a connection page by page, while units are added to the tree."""

from collections.abc import Sequence
from random import Random
from typing import Any

from graphql import parse
from hypothesis import strategies as st

from schema.pipeline.catalogue import Catalogue
from schema.pipeline.kit import Edge, EdgeKind
from tests.oracle.arena import Arena
from tests.oracle.execution import Oracle
from tests.oracle.operations import Pool
from tests.oracle.worlds import UNIT, World, free_code, insert, unit_row

PAGE = "{ nodes { ... on Node { id } } pageInfo { hasNextPage endCursor } }"
EVERYTHING = 10_000


@st.composite
def walks(draw: Any, catalogue: Catalogue, pool: Pool) -> str:
    """A query of one connection, any there is, in any order; `$first` and `$after` say which page of it."""
    roots = [(None, name, field.declared) for name, field in catalogue.roots.items()]
    inner = [(kind, name, field.declared) for kind in catalogue.kinds.values() for name, field in kind.fields.items()]
    paged = [place for place in [*roots, *inner] if isinstance(place[2], Edge) and place[2].kind is EdgeKind.PAGE]
    owner, name, edge = draw(st.sampled_from([*paged, (None, "search", None)]))
    if edge is None:
        text = draw(st.sampled_from(pool.of("text")))
        return _query(f"walked: search(text: {_quoted(text)}, first: $first, after: $after) {PAGE}")
    orders = catalogue.kinds[edge.target].entity.orders
    order = draw(
        st.sampled_from(["", *(f"{{field: {by}, direction: {to}}}" for by in orders for to in ("ASC", "DESC"))])
    )
    walked = f"walked: {name}({order and 'orderBy: '}{order} first: $first, after: $after) {PAGE}"
    if owner is None:
        return _query(walked)
    ids = [text for text in pool.of("id") if text.startswith(f"{owner.entity.tag}_")]
    return _query(f"node(id: {_quoted(draw(st.sampled_from(ids)))}) {{ ... on {owner.name} {{ {walked} }} }}")


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
        self.rows += [node["id"] for node in page["nodes"]]
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
        return [node["id"] for node in _found(result.data)["nodes"]]

    def comes(self, row: str, in_order: Sequence[str]) -> bool:
        """Whether a row that was added came after what had been met by then."""
        met = self._added.get(row)
        return row in self._added and met is not None and in_order.index(row) > in_order.index(met)


def _found(answer: Any) -> Any:
    """The connection, wherever in the answer; an empty one where its owner is out of sight."""
    owner = answer if "walked" in answer else answer.get("node") or {}
    return owner.get("walked") or {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
