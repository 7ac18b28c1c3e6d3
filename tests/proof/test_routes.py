"""Whatever a role may see is reached by every route, and nothing else is: list, count, pages, node, search, edges.

What leads where is learned by asking as someone who sees everything; as anyone else the answer must be that one
without the rows the model does not show them, in the same order. So nothing is shown too much, nothing is missing, and
no route knows of the rest. Roots, edges and kinds are those of the catalogue.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import count
from random import Random
from typing import Any

import pytest

from schema.catalogue.kinds import Field, Kind
from schema.kit.entities import Edge, EdgeKind, Value
from services.names import fold
from tests.depth import TIMES, deep, in_turn
from tests.oracle.worlds import World
from tests.proof import knobs
from tests.proof.stage import Stage, peopled, seats_of, seen

pytestmark = pytest.mark.timeout(300)

Ids = set[str]
ALL = 100
SHOWN, HIDDEN = deep(4, 100), deep(3, 24)  # rows of each kind that are asked for by their ids, for each caller
EACH = 3 if TIMES <= 1 else 1  # in make test one in so many callers asks all edges of a kind, and pages of each size
NODE = "query($id: ID!) {{ node(id: $id) {{ id ... on {kind} {{ {body} }} }} }}"
SEARCH = "query($text: String!) { search(text: $text, first: 100) { nodes { ... on Node { id } } totalCount } }"


def test_every_route_shows_what_the_model_shows(stage: Stage) -> None:
    for seed in range(5, 5 + knobs.ROUTES):
        callers, everything = peopled(seed)
        stage.load(everything)
        rows = stage.rows()
        whole = Everything(stage, everything)
        every = {kind.name: [id_of(kind, row) for row in rows[kind.entity.table.name]] for kind in stage.nodes()}
        for who, world in callers.items():
            seats = seats_of(rows, world)
            may = {kind.name: {id_of(kind, row) for row in seen(rows, kind, seats)} for kind in stage.nodes()}
            try:
                lists(stage, world, may, whole)
                nodes(stage, world, may, few(every, may, Random(f"{seed} {who}")), whole)
                search(stage, world, may, whole)
            except Exception as failure:
                failure.add_note(f"{who} {world!r}")
                raise


class Everything:
    """What someone who sees all of a world is answered: roots, edges and fields of every row, searches."""

    def __init__(self, stage: Stage, world: World) -> None:
        rows = stage.rows()
        self.roots = {name: walked(stage, world, root_of(stage, name, edge), ALL) for name, edge in listings(stage)}
        self.turns: dict[str, Iterator[int]] = defaultdict(count)
        bodies = {kind.name: fields_of(stage, kind) for kind in stage.nodes()}
        self.node = cache(lambda kind, id_: node(stage, world, stage.by_name(kind), id_, bodies[kind]))
        searched = [row["name"] for kind in stage.kinds() if kind.entity.search for row in rows[kind.entity.table.name]]
        texts = sorted({text for name in searched if len(text := fold(name).strip()) > 1})
        self.found = {text: found(stage, world, text) for text in Random(world.seed).sample(texts, min(12, len(texts)))}


def lists(stage: Stage, world: World, may: Mapping[str, Ids], whole: Everything) -> None:
    """Roots, all at once or page by page of any size: the same rows, once each, as many as are counted."""
    random = Random(world.seed)
    for name, edge in in_turn(listings(stage), 2):
        kind = edge.target or ""
        expected = [row for row in whole.roots[name] if row in may[kind]]
        if not any(condition.absent is not None for condition in edge.arguments.values()):
            assert set(expected) == may[kind], name
        sizes = (ALL, random.choice((1, 2, 3, 5, 7)))
        for first in sizes if EACH == 1 else sizes[next(whole.turns[name]) % EACH == 0 :][:1]:
            assert walked(stage, world, root_of(stage, name, edge), first) == expected, (name, first)


def few(every: Mapping[str, list[str]], may: Mapping[str, Ids], random: Random) -> dict[str, list[str]]:
    """Of each kind some of the rows that are shown and some of those that are not."""
    found: dict[str, list[str]] = {}
    for kind, rows in every.items():
        both = [row for row in rows if row in may[kind]], [row for row in rows if row not in may[kind]]
        most = zip(both, (SHOWN, HIDDEN), strict=True)
        found[kind] = [row for of, many in most for row in random.sample(of, min(many, len(of)))]
    return found


def nodes(
    stage: Stage, world: World, may: Mapping[str, Ids], asked_for: Mapping[str, list[str]], whole: Everything
) -> None:
    """Rows by their ids, with all their edges or without; null for what is not shown."""
    for kind in in_turn(stage.nodes(), 3):
        body = fields_of(stage, kind) if may[kind.name] and next(whole.turns[kind.name]) % EACH == 0 else "id"
        for row in asked_for[kind.name]:
            answer = node(stage, world, kind, row, body)
            if row not in may[kind.name]:
                assert answer is None, (kind.name, row)
            else:
                assert answer is not None, (kind.name, row)
                oneself = whole.node(kind.name, row) is None  # an account and its grants are shown to nobody else
                for key, told in {} if oneself else answer.items():
                    same(stage, kind, key, told, whole.node(kind.name, row)[key], may)


def node(stage: Stage, world: World, kind: Kind, id_: str, body: str) -> Any:
    """A row by its id, and some of its fields."""
    return stage.asked(world, NODE.format(kind=kind.name, body=body), {"id": id_})["node"]


def same(stage: Stage, kind: Kind, key: str, told: Any, whole: Any, may: Mapping[str, Ids]) -> None:
    """What one field says is what it says to someone who sees everything, but for what is not shown."""
    field = kind.fields.get(key.partition("_")[0])
    if field is None or not isinstance(field.declared, Edge):
        value = field.declared if field is not None else None
        # A name of what a term was about; what is masked of a member, which while restricted that one alone is told.
        passes = isinstance(value, Value) and value.afterwards is not None
        assert told == whole or (passes and None in (told, whole)), (kind.name, key)
        return
    edge, target = field.declared, stage.declared.catalogue.kinds[field.declared.target or ""]
    assert target.entity.tag is not None
    if edge.kind is EdgeKind.PAGE:
        wanted = [row["id"] for row in whole["nodes"] if row["id"] in may[target.name]]
        assert [row["id"] for row in told["nodes"]] == wanted, (kind.name, key)
        assert told["totalCount"] == len(wanted), (kind.name, key)
    elif edge.kind is EdgeKind.MANY:
        assert [row["id"] for row in told] == [row["id"] for row in whole if row["id"] in may[target.name]]
    elif whole is not None and whole["id"] in may[target.name]:
        assert told == whole, (kind.name, key)
    elif told is not None:  # of several the edge could meet, one that is theirs to see
        assert edge.sort is not None, (kind.name, key)
        assert told["id"] in may[target.name], (kind.name, key)


def search(stage: Stage, world: World, may: Mapping[str, Ids], whole: Everything) -> None:
    """What is found, ranked as ever, without the rest."""
    shown = {row for rows in may.values() for row in rows}
    for text, rows in whole.found.items():
        assert found(stage, world, text) == [row for row in rows if row in shown], text


# --- questions --------------------------------------------------------------------------------------------------------


def listings(stage: Stage) -> Iterator[tuple[str, Edge]]:
    """The roots that list all rows of a kind."""
    for name, field in stage.declared.catalogue.roots.items():
        edge = field.declared
        if isinstance(edge, Edge) and edge.kind is EdgeKind.PAGE and stage.by_name(edge.target).entity.tag is not None:
            yield name, edge


def root_of(stage: Stage, name: str, edge: Edge) -> str:
    """The root with what is closed: null is everything, where a filter leaves something out by default."""
    wide = [f"{each}: null" for each, of in stage.by_name(edge.target).filter.items() if of.absent is not None]
    filter_ = f", filter: {{{' '.join(wide)}}}" if wide else ""
    head = "query($first: Int, $after: String)"
    page = "nodes { id } edges { node { id } } totalCount pageInfo { hasNextPage hasPreviousPage endCursor }"
    return f"{head} {{ page: {name}(first: $first, after: $after{filter_}) {{ {page} }} }}"


def walked(stage: Stage, world: World, query: str, first: int) -> list[str]:
    """The ids of a connection, following cursors; every page as long as it can be, the count the same on each."""
    ids: list[str] = []
    after, total = None, None
    while True:
        page = json.loads(stage.answer(world, query, {"first": first, "after": after}))["page"]
        rows = [row["id"] for row in page["nodes"]]
        assert rows == [row["node"]["id"] for row in page["edges"]]
        assert rows or after is None  # no page is announced that is empty
        ids += rows
        total = page["totalCount"] if total is None else total
        assert page["totalCount"] == total
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        if not page["pageInfo"]["hasNextPage"]:
            break
        assert len(rows) == first
        after = page["pageInfo"]["endCursor"]
    assert len(ids) == len(set(ids)) == total
    return ids


def found(stage: Stage, world: World, text: str) -> list[str]:
    page = stage.asked(world, SEARCH, {"text": text})["search"]
    assert page["totalCount"] == len(page["nodes"])
    return [row["id"] for row in page["nodes"]]


def fields_of(stage: Stage, kind: Kind) -> str:
    """Every value of a row, and every edge of it to rows that have ids, its arguments left out."""
    return " ".join(text for name, field in kind.fields.items() if (text := asked(stage, name, field)))


def asked(stage: Stage, name: str, field: Field) -> str | None:
    edge = field.declared
    if not isinstance(edge, Edge):
        return name if type(edge).__name__ == "Value" else None
    if edge.by is not None or stage.by_name(edge.target).entity.tag is None:
        return None
    return f"{name}(first: {ALL}) {{ nodes {{ id }} totalCount }}" if edge.kind is EdgeKind.PAGE else f"{name} {{ id }}"


def id_of(kind: Kind, row: Mapping[str, Any]) -> str:
    return f"{kind.entity.tag}_{row['id']}"
