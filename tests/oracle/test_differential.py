"""Every generated operation over every generated world gets, from one statement, what graphql-core answers."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from random import Random
from typing import Any

import pytest
from graphql import parse, validate
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from policies.actor import SEATS
from policies.programs import askable
from schema.kit.entities import Edge, EdgeKind
from services.names import fold
from services.organization.tables import OrgLevel
from tests.conftest import Server
from tests.depth import TIMES, deep, in_turn
from tests.oracle.arena import Arena, arena_on, difference
from tests.oracle.columns import Row
from tests.oracle.execution import Oracle
from tests.oracle.met import Met
from tests.oracle.pools import pool
from tests.oracle.rows import path_of
from tests.oracle.sweeps import Sweep, contained, coordinates, sweeps
from tests.oracle.values import Drawn, Pool, Thrown, Values
from tests.oracle.walks import Walk, walks
from tests.oracle.worlds import NOT_INHERITED, PARTY, UNIT, World, made, places, worlds
from tests.oracle.writing import Operation, operations

# How many worlds, by server. Each is asked OPERATIONS times, each again with other variables and with cursors.
WORLDS = {"18": deep(2, 36), "15": deep(1)}
OPERATIONS = 8
WALKS = {"18": deep(4, 72), "15": deep(2, 24)}
SWEPT, ROWS = deep(1), min(3, deep(2))
MOST = 30 if TIMES > 1 else 4  # worlds, where the first ones leave something empty

# By what `it` is drawn from.
DOCUMENTS = {
    "id": "query($it: ID!) { node(id: $it) { __typename id } orgUnit(by: {id: $it}) { code name } }",
    "code": "query($it: String!) { orgUnit(by: {code: $it}) { code place } }",
    "codePrefix": "query($it: String!) { orgUnits(filter: {codePrefix: $it}) { nodes { code } totalCount } }",
    "text": "query($it: String!) { search(text: $it) { nodes { ... on Node { id } } totalCount } }",
    "": "query($it: String!) { partyOrganizations(filter: {nameContains: $it}) { nodes { name } } }",
}

TREE = """{ orgUnits(first: 100) { nodes {
    code place parent { code } ancestors { code } children(first: 100) { nodes { code } }
    descendants(first: 100) { nodes { code } } partyOrganizations(first: 100) { totalCount }
} } }"""
NAMED = "query($it: String!) { orgUnits(filter: {nameContains: $it}, first: 100) { nodes { code } } }"

pytestmark = pytest.mark.timeout(900)  # a failure is reduced to its smallest form first, which takes a while


@pytest.fixture(scope="module")
def arena(postgres: Server) -> Iterator[Arena]:
    yield from arena_on(postgres)


def explore(examples: int, case: Callable[[st.DataObject], None]) -> None:
    """Run a case on so many examples, the same ones every time; where there is time, reduce what fails."""
    bounded = settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        phases=(Phase.generate,) if os.environ.get("CI") else (Phase.generate, Phase.shrink),
    )
    bounded(given(st.data())(case))()


def test_answers_are_the_reference_executions(arena: Arena, request: pytest.FixtureRequest) -> None:
    asked = [0, 0]

    def case(data: st.DataObject) -> None:
        world = data.draw(worlds())
        if data.draw(st.integers(1, 3)) == 3:
            world.see_everything()
        if data.draw(st.integers(1, 4)) == 4:
            world.hold_to(data.draw(st.none() | st.lists(st.sampled_from(sorted(askable())))), 2 + world.seed % 3)
        oracle = arena.load(world)
        texts = pool(oracle, world.seed)
        for _ in range(OPERATIONS):
            operation = data.draw(operations(arena.schema, texts))
            asked[0] += 1
            if validate(arena.schema, parse(operation.text)):
                continue
            asked[1] += 1
            oracle.pages.clear()
            agree(arena, world, oracle, operation, operation.variables)
            cursors = {name: oracle.resumable(place) for name, place in operation.resumable.items()}
            chosen = {name: data.draw(st.sampled_from(held))() for name, held in cursors.items() if held}
            for again in (operation.others, {**operation.variables, **chosen}):
                if again not in ({}, operation.variables):
                    agree(arena, world, oracle, operation, again)

    explore(WORLDS[version(request)], case)
    assert asked[1] > 0.9 * asked[0], "the generator makes too many documents that are not valid"


@pytest.mark.drawn
def test_every_field_argument_filter_and_order_is_the_reference_executions(
    arena: Arena, request: pytest.FixtureRequest
) -> None:
    """By sweeps, over worlds crowded enough that every field holds something and every filter parts rows, in one.

    The oldest server is asked each of them, of one row by one seat: what differs there is how a statement is run. It is
    asked so by make proof; make test asks it the goldens' statements and what is drawn.
    """
    if version(request) == "15" and TIMES <= 1:
        pytest.skip("make proof tries it")
    asked, newest = in_turn(sweeps(arena.schema)), version(request) == "18"
    within = {operation.text: contained(arena.schema, operation.text) for operation in asked}
    fields = frozenset().union(*within.values()) & coordinates(arena.schema)
    met = Met(fields - {"Query.node", *TEN})
    touched: defaultdict[str, set[object]] = defaultdict(set)  # by an operation's text: the conditions in it
    for seed in range(
        1, MOST + 1
    ):  # more, for less and less, where the first ones leave something empty or on one side
        first = seed <= SWEPT
        if not first and not (newest and met.lacking()):
            break
        others = narrower(seed, asked) if newest and first else ()
        texts: Pool | None = None
        for world, chosen in ((crowded(seed, "county_admin", "unit"), asked), *others):
            oracle = arena.load(world)
            texts = texts or pool(oracle, seed)  # what other roles ask is made of the same rows
            values = Values(Thrown(Random(seed)), texts)
            for operation in chosen:
                if not first and not (within[operation.text] | touched[operation.text]) & met.lacking():
                    continue
                for variables in islice(rows_for(arena, oracle, operation, values), None if newest else 1):
                    if not first:
                        oracle.answer(operation.text, variables)  # by itself, which is quicker
                    if first or met.adds(oracle):
                        agree(arena, world, oracle, Operation(operation.text, {}, {}, {}), variables)
                    touched[operation.text].update(oracle.sight.parted)
                    met.note(oracle)
    assert not newest or TIMES <= 1 or met.lacking() == set()  # a third of the sweeps meets what it meets


TEN = {"Indicators.membersWithTen", "IndicatorsChange.membersWithTen"}  # nobody has ten households there


def crowded(seed: int, role: str, kind: str) -> World:
    """A world of few units with many rows, most of them below the first unit; the caller has one seat.

    In every other one whoever administers the county holds there as well what is nobody's to inherit.
    """
    world = made(seed, 12, 24, 0)
    world.grant(role, kind, places(world.rows, kind)[0])
    for other in NOT_INHERITED if role == "county_admin" and seed % 2 else ():
        world.grant(other, kind, places(world.rows, kind)[0])
    if role in ("partner", "auditor"):
        world.hold_to(None, 3)
    return world


def narrower(seed: int, asked: Sequence[Sweep]) -> Iterator[tuple[World, Sequence[Sweep]]]:
    """The same as other roles, with a few of the sweeps: by all roles together each is asked."""
    seats = [(role, kind) for role, kinds in SEATS.items() for kind in kinds if role != "county_admin"]
    fields = [sweep for sweep in asked if sweep.about is not None]
    Random(seed).shuffle(fields)
    for number, (role, kind) in enumerate(seats):
        yield crowded(seed, role, kind), fields[number :: len(seats)]


def rows_for(
    arena: Arena, oracle: Oracle, operation: Sweep, values: Values, *, anew: bool = False
) -> Iterator[dict[str, Any]]:
    """Variables of a sweep: some rows the caller sees, one that may be any, none where it needs none.

    The other values are the same for each, so that they are asked by one statement, or drawn anew.
    """
    ids: list[str | None] = [None] * (ROWS if operation.wanted else 1)
    if operation.about is not None:
        kind = arena.declared.catalogue.kinds[operation.about]
        seen, every = oracle.sight.seen(kind), oracle.sight.every(kind)
        # An entry of the trail leads to a row of one of many kinds: as many rows as there are kinds.
        edges = [of.declared for of in kind.fields.values() if isinstance(of.declared, Edge)]
        most = max(ROWS, sum(edge.kind is EdgeKind.ONE for edge in edges))
        rows = [row for rows, count in ((seen, most), (every, 1)) if rows for row in values.chance.some(rows, [count])]
        ids = [f"{kind.entity.tag}_{row['id']}" for row in rows]
    drawn: dict[str, Any] = {}
    for id_ in ids:
        if anew or not drawn:
            drawn = {name: values.present(of, argument) for name, (of, argument) in operation.wanted.items()}
        yield drawn if id_ is None else {**drawn, "id": id_}


def test_one_document_answers_every_value_that_is_sent_with_it(arena: Arena, request: pytest.FixtureRequest) -> None:
    def case(data: st.DataObject) -> None:
        world = data.draw(worlds())
        oracle = arena.load(world)
        texts = pool(oracle, world.seed)
        for name, text in DOCUMENTS.items():
            operation = Operation(text, {}, {}, {})
            for value in sorted(
                texts.of(name, "ID" if name == "id" else "String"), key=len
            ):  # what is no id at all comes first
                agree(arena, world, oracle, operation, {"it": value})

    explore(max(1, WORLDS[version(request)] // 2), case)


def test_following_cursors_gives_every_row_once_also_when_rows_come_in_between(
    arena: Arena, request: pytest.FixtureRequest
) -> None:
    def case(data: st.DataObject) -> None:
        world = data.draw(worlds(smallest=8, largest=40))
        world.see_everything()
        oracle = arena.load(world)
        walk = Walk(arena, world, walks(Drawn(data.draw), arena.declared.catalogue, pool(oracle, world.seed)))
        before = walk.whole(oracle)
        random = Random(world.seed + 1)
        while walk.page(data.draw(st.integers(1, 7))):
            for _ in range(data.draw(st.integers(0, 2))):
                walk.insert(random)
        after = walk.whole(arena.oracle(world))
        assert [row for row in walk.rows if row in set(before)] == before
        assert walk.rows == [row for row in after if row in set(before) or walk.comes(row, after)]

    explore(WALKS[version(request)], case)


def test_edges_and_filters_say_what_they_are_called(arena: Arena, request: pytest.FixtureRequest) -> None:
    """The oracle takes the declarations at their word; this holds them to their meaning, by name."""

    def case(data: st.DataObject) -> None:
        world = data.draw(worlds())
        world.see_everything()
        texts = pool(arena.load(world), world.seed)
        for node in arena.asked(world, TREE)["orgUnits"]["nodes"]:
            assert node == expected(world, node["code"])
        for text in data.draw(st.lists(st.sampled_from(texts.of("")), max_size=8)):
            named = arena.asked(world, NAMED, {"it": text})["orgUnits"]["nodes"]
            assert named == [{"code": row["code"]} for row in by_path(world) if fold(text) in fold(row["name"])]

    explore(WORLDS[version(request)], case)


def by_path(world: World) -> list[Row]:
    return sorted(world.rows[UNIT], key=path_of)


def expected(world: World, code: str) -> dict[str, Any]:
    """A node of TREE, from nothing but who is whose parent."""
    units = {path_of(row): row for row in by_path(world)}
    line = {path: line_of(row, units) for path, row in units.items()}
    ((path, unit),) = [(path, row) for path, row in units.items() if row["code"] == code]
    below = [row for at, row in units.items() if unit in line[at][:-1]]
    named = [row for row in line[path] if row is unit or row["level"] not in (OrgLevel.PROVINCE, OrgLevel.CITY)]
    parties = [row for row in world.rows.get(PARTY, []) if unit in line[row["unit_path"]] and row["closed_on"] is None]
    return {
        "code": code,
        "place": [row["name"] for row in named],
        "parent": {"code": line[path][-2]["code"]} if len(line[path]) > 1 else None,
        "ancestors": [{"code": row["code"]} for row in line[path][:-1]],
        "children": {"nodes": [{"code": row["code"]} for row in below if row["parent_path"] == path]},
        "descendants": {"nodes": [{"code": row["code"]} for row in below]},
        "partyOrganizations": {"totalCount": len(parties)},
    }


def line_of(unit: Row, units: dict[str, Row]) -> list[Row]:
    above = units.get(unit["parent_path"])
    return [*line_of(above, units), unit] if above else [unit]


def agree(arena: Arena, world: World, oracle: Oracle, operation: Operation, variables: Any) -> None:
    try:
        answers = arena.both(world, oracle, operation.text, variables)
        differs = difference(answers.service, answers.oracle)
        assert differs is None
        assert answers.statements == 1
        assert answers.recorded == answers.shown
        assert answers.unreachable == set()
    except Exception as failure:
        failure.add_note(f"{world!r}\n{operation.text}\n{variables}")
        raise


def version(request: pytest.FixtureRequest) -> str:
    """The server's version, as the fixture `postgres` was asked for it."""
    return str(request.node.callspec.params["postgres"])
