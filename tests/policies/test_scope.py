"""A scope admits exactly the rows `enforce` admits: in SQL over real rows, and in Python.

For every role, with seats of every kind, and every right: those the rules name of an entity, and those the commands ask
for on the rows they name and result in.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import cycle
from random import Random
from typing import Any
from uuid import UUID

import pytest
from graphql import VariableValues
from hypothesis import strategies as st
from sqlalchemy import literal, select

from policies import decide
from policies.actor import Actor, Held
from policies.decide import Seat
from policies.scope import (
    ANSWERED,
    FROM_ABOVE,
    NOTHING,
    Address,
    AnyOf,
    At,
    Inspects,
    Oneself,
    Scope,
    Sector,
    Term,
    Way,
    Within,
    admits,
    answering,
    line,
)
from schema.catalogue.kinds import Catalogue, Kind
from schema.catalogue.offers import InputShape
from schema.kit.commands import Named
from schema.pipeline.plan.binding import Binder
from schema.pipeline.plan.call import Call
from schema.pipeline.sql.rows import RowSource
from schema.pipeline.sql.statement import DIALECT
from tests.conftest import Server
from tests.depth import TIMES, deep, in_turn
from tests.oracle.arena import Arena, arena_on
from tests.oracle.decisions import enforced
from tests.oracle.declarations import Declarations
from tests.oracle.dispatch import Record
from tests.oracle.rows import path_of
from tests.oracle.sight import Sight
from tests.oracle.test_differential import explore, version
from tests.oracle.worlds import ACCOUNT, SEATED, UNIT, World, made, places, seated, worlds

WORLDS, MOST, SEATINGS, AGAIN = {"18": deep(2), "15": deep(1)}, 40, 5, 6
CASBIN = 10  # the matcher itself is asked of a row in every so many comparisons
PAIRS = decide.rights()
ACTING = {"CompoundSharing"}  # whoever may change one reads it by another way as well: each of the two has it
ME, OTHER = UUID(int=1), UUID(int=2)

Key = tuple[object, ...]  # what tells rows of a table apart
Entrance = tuple[str, str, int]  # a kind, one of its ways, which of the keys declared for it

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def arena(postgres: Server) -> Iterator[Arena]:
    yield from arena_on(postgres)


# --- the property -----------------------------------------------------------------------------------------------------


def test_every_role_and_right_admits_in_sql_what_enforce_admits(arena: Arena, request: pytest.FixtureRequest) -> None:
    if version(request) == "15" and TIMES <= 1:
        pytest.skip("make proof tries it")
    every_right = rights(arena.declared.catalogue)
    kinds = in_turn(sorted({kind.name for kind, _, _ in every_right}), 3)
    asked = [right for right in every_right if right[0].name in kinds]
    of_kind = {kind.name: [right for right in asked if right[0] is kind] for kind, _, _ in asked}
    alone: set[Entrance] = set()
    every = [each for each in sorted(entrances(arena.declared)) if each[0] in of_kind]
    turns = cycle(Random(0).sample(every, len(every)))
    for seed in range(WORLDS[version(request)]):
        alone |= seated_in(arena, seed, [([next(turns) for _ in range(3)], asked) for _ in range(SEATINGS)])
    if version(request) == "18":
        for seed in range(WORLDS["18"], MOST):  # what takes some luck to admit a row alone
            left = [each for each in every if each not in alone]
            again = AGAIN if len(left) < AGAIN else 1  # of the last few several seats in each world
            alone |= seated_in(arena, seed, [([each], of_kind[each[0]]) for each in left for _ in range(again)])
        assert sorted({*every} - alone) == []


def seated_in(
    arena: Arena, seed: int, seatings: Sequence[tuple[Sequence[Entrance], Sequence[tuple[Kind, str, str]]]]
) -> set[Entrance]:
    """Compare these rights of those seated so in the world of a seed; what alone admitted rows."""
    if not seatings:
        return set()
    random, world = Random(seed), made(seed, 14, 16, 0)
    sight = arena.load(world).sight
    alone: set[Entrance] = set()
    for by, asked in seatings:
        alone |= compared(arena, sight, tuple(seat(sight, world, random, each) for each in by), asked, random)
    return alone


def compared(
    arena: Arena, sight: Sight, seats: tuple[Seat, ...], asked: Sequence[tuple[Kind, str, str]], random: Random
) -> set[Entrance]:
    """Compare every right; what alone admitted rows."""
    known: dict[object, set[Key]] = {}
    alone: set[Entrance] = set()
    for kind, entity, action in asked:
        by = tuple(answering(term, action) for term in ANSWERED)
        key = (kind.name, decide.scope(seats, entity, action), by, action in FROM_ABOVE)
        if key not in known:  # other rights of the same scope are the same statement
            known[key] = selected(arena, kind, seats, entity, action)
        rows = admitted(sight, kind, seats, entity, action, random)
        assert known[key] == {key_of(kind, row) for row in rows}, (kind.name, entity, action, seats)
        if action == "read" or kind.name in ACTING:
            alone.update(entrance for row in rows for entrance in decisive(sight, kind, seats, entity, action, row))
    return alone


def seat(sight: Sight, world: World, random: Random, by: Entrance) -> Seat:
    """A role at a term by which some row answers; now and then any role at any term."""
    name, way_name, number = by
    kind, way = sight.declared.catalogue.kinds[name], Way[way_name]
    met = [key for row in sight.every(kind) for key in sight.keys(kind, row)[way][number]]
    if not met or random.random() < 0.1:
        term = random.choice([*ANSWERED])
        return random.choice([*decide.roles(), "janitor"]), seated(term, random.choice(places_of(world)[term]))
    key = random.choice(met)
    term = random.choice([term for term, ways in ANSWERED.items() if way in ways])
    if way is Way.ABOVE:
        key = random.choice([path for path in paths(world) if path.startswith(str(key))])
    elif isinstance(key, str) and random.random() < 0.3:
        key = random.choice(line(key))
    role = random.choice([role for role in decide.roles() if (kind.entity.policy, "read") in decide.permissions(role)])
    return role, seated(term, key)


def test_rows_of_any_kind_are_admitted_in_python_as_enforce_admits_them() -> None:
    """Also ways and keys no entity has by now."""

    def case(data: st.DataObject) -> None:
        world = data.draw(worlds(smallest=3, largest=15))
        seats = tuple(data.draw(st.lists(held(world), max_size=3)))
        keys = st.lists(st.sampled_from([*paths(world), *everywhere(world), ME]), max_size=2)
        row = data.draw(st.dictionaries(st.sampled_from(Way), keys))
        for entity, action in PAIRS:
            asked = decide.enforce(seats, entity, action, row)
            assert admits_any(decide.scope(seats, entity, action), row, action) is asked
            assert enforced(seats, entity, action, row) is asked

    explore(deep(8, 120), case)


def rights(catalogue: Catalogue) -> list[tuple[Kind, str, str]]:
    """Every right somebody asks for on rows of a kind."""
    kinds = catalogue.kinds
    named = {(kind.name, *pair) for kind in kinds.values() for pair in PAIRS if pair[0] == kind.entity.policy}
    for offer in catalogue.offers.values():
        command = offer.command
        named.add((command.returns, command.policy, command.action))
        for word in words(offer.input):
            asked = f"{command.policy}:{command.action}" if word.action is None else word.action
            policy, _, action = asked.rpartition(":")
            named.update((entity, policy or kinds[entity].entity.policy, action) for entity in word.entities)
    return [(kinds[name], entity, action) for name, entity, action in sorted(named)]


def words(shape: InputShape) -> Iterator[Named]:
    """The rows an input names, at any depth."""
    for field in shape.fields.values():
        if isinstance(field.word, Named):
            yield field.word
        if field.shape is not None:
            yield from words(field.shape)


def paths(world: World) -> list[str]:
    """Where there are units, and near where there are."""
    found = [path_of(unit) for unit in world.rows[UNIT]]
    return [*found, found[0].rstrip("/") + "1/", found[-1] + "9/", found[0][1:]]


def everywhere(world: World) -> list[UUID]:
    """What else one can be seated at."""
    return [place for kind in SEATED if kind != "unit" for place in places(world.rows, kind)]


def places_of(world: World) -> dict[type[Term], Sequence[Any]]:
    """Where each kind of term can be, and near where it can."""
    accounts = [row["id"] for row in world.rows[ACCOUNT]]
    at: dict[type[Term], Sequence[Any]] = {term: [*everywhere(world), ME] for term in ANSWERED}
    units = paths(world)
    return at | {Within: units, Inspects: units, At: units, Sector: units, Oneself: [*accounts, ME]}


def held(world: World) -> st.SearchStrategy[Seat]:
    """Any role there is, and one there is not, at any kind of term, at what exists and at what does not."""
    at = places_of(world)
    terms = st.sampled_from([*at]).flatmap(lambda term: st.sampled_from(at[term]).map(lambda key: seated(term, key)))
    return st.tuples(st.sampled_from([*decide.roles(), "janitor"]), terms)


def admitted(
    sight: Sight, kind: Kind, seats: tuple[Seat, ...], entity: str, action: str, random: Random
) -> list[Record]:
    """By Casbin's matcher, row by row; the scope's own rule for a row must say the same.

    Casbin itself is asked of a row now and then, the others by what it said before: see `decisions`.
    """
    scope = decide.scope(seats, entity, action)
    found = []
    rows = sight.every(kind)
    if scope == NOTHING and TIMES <= 1:  # then a row's keys count for nothing: any of them will do
        rows = random.sample(rows, min(1, len(rows)))
    sample = random.randrange(len(rows) * CASBIN) if rows else None
    for number, row in enumerate(rows):
        address = sight.address(kind, row)
        allowed = enforced(seats, entity, action, address)
        assert admits_any(scope, address, action) is allowed, (entity, action, seats, address)
        if number == sample:
            assert decide.enforce(seats, entity, action, address) is allowed
        found += [row] if allowed else []
    return found


def entrances(declared: Declarations) -> set[Entrance]:
    """Everything by which rows of a kind answer to a seat that some role which may read them can have."""
    return {
        (kind.name, way.name, number)
        for kind in declared.catalogue.kinds.values()
        for way, functions in declared.ways(kind).items()
        for number in range(len(functions))
    }


def decisive(
    sight: Sight, kind: Kind, seats: tuple[Seat, ...], entity: str, action: str, row: Record
) -> Iterator[Entrance]:
    """Those by which alone a row was admitted."""
    ways = sight.keys(kind, row)
    for way, each in ways.items():
        for number in range(len(each)):
            others = {**ways, way: [*each[:number], *each[number + 1 :]]}
            left = {other: [key for keys in held for key in keys] for other, held in others.items()}
            if each[number] and not enforced(seats, entity, action, left):
                yield kind.name, way.name, number


def key_of(kind: Kind, row: Any) -> Key:
    return tuple(row[column.name] for column in kind.entity.table.primary_key or kind.entity.table.columns[:2])


def admits_any(scope: Scope, address: Address, action: str) -> bool:
    return isinstance(scope, AnyOf) and any(admits(term, address, action) for term in scope.terms)


def selected(arena: Arena, kind: Kind, seats: tuple[Seat, ...], entity: str, action: str) -> set[Key]:
    """By the predicate the service puts into its statements, in PostgreSQL."""
    held = tuple(Held(ME, role, term) for role, term in seats)
    actor = Actor("token", ME, 0, datetime.now(UTC), held)
    call = Call(actor, VariableValues({}, {}), b"")
    binder = Binder(arena.declared.catalogue, call)
    terms = binder.scope(kind, entity, action)
    assert terms is not None
    rows = RowSource(lambda slot: literal(binder.slots[slot].read(call), binder.slots[slot].type))
    table = kind.entity.table.alias()
    compiled = select(*table.c).where(rows.in_scope(terms, table.c)).compile(dialect=DIALECT)
    values = [compiled.params[name] for name in compiled.positiontup or ()]
    return {key_of(kind, row) for row in arena.run(arena.connection.fetch(str(compiled), *values))}


# --- small worlds, by name --------------------------------------------------------------------------------------------

COUNTY, TOWN, COMMUNITY, GRID = "35/3505/350521/", "35/3505/350521/350521100/", "35/3505/350521/350521100/11/", "99/"


@pytest.mark.parametrize(
    ("seat", "row", "seen"),
    [
        pytest.param(("town_admin", Within(TOWN)), TOWN, True, id="its own unit"),
        pytest.param(("town_admin", Within(TOWN)), COMMUNITY, True, id="what lies below"),
        pytest.param(("town_admin", Within(TOWN)), COUNTY, False, id="not what lies above"),
        pytest.param(("county_admin", Within("3505/350521/")), "3505/350521/", True, id="a county under its city"),
        pytest.param(("county_admin", Within("3505/350521/")), "3505/3505211/", False, id="a longer code beside it"),
        pytest.param(("county_admin", Within("3505/350521/")), "3505/3505210/", False, id="that and a zero beside it"),
        pytest.param(("county_admin", Within("3505/350521/")), "3505/35052/", False, id="a shorter code beside it"),
        pytest.param(("county_admin", Within("3505/350521/")), "3505/350522/", False, id="the next code"),
        pytest.param(("county_admin", Within("3505/350521/")), "13505/350521/", False, id="the same end elsewhere"),
        pytest.param(("member", At(GRID)), GRID, True, id="a member's grid"),
        pytest.param(("member", At(GRID)), GRID + "11/", False, id="not below a member's grid"),
        pytest.param(("everyone", Oneself(ME)), TOWN, False, id="oneself is no territory"),
        pytest.param(("captain", Within(TOWN)), TOWN, False, id="a role without the permission"),
        pytest.param(("janitor", Within(TOWN)), TOWN, False, id="a role there is not"),
    ],
)
def test_reading_units(arena: Arena, seat: Seat, row: str, seen: bool) -> None:
    assert decide.enforce([seat], "unit", "read", {Way.WITHIN: [row], Way.AT: [row]}) is seen
    assert admits_any(decide.scope([seat], "unit", "read"), {Way.WITHIN: [row], Way.AT: [row]}, "read") is seen
    assert within_sql(arena, [seat], row) is seen


@pytest.mark.parametrize(
    "terms", [(Within(TOWN), At(TOWN)), (At(TOWN), Within(COUNTY)), (Within(TOWN), Within(COUNTY))]
)
def test_what_a_wider_seat_covers_is_left_out_and_still_seen(arena: Arena, terms: tuple[Term, ...]) -> None:
    seats = [("auditor", term) for term in terms]
    scope = decide.scope(seats, "unit", "read")
    assert isinstance(scope, AnyOf)
    assert len(scope.terms) == 1
    assert within_sql(arena, seats, TOWN)


def test_what_is_published_above_a_seat_is_read_and_no_more() -> None:
    seats = [("community_admin", Within(COMMUNITY))]
    item: Address = {Way.WITHIN: [COUNTY], Way.ABOVE: [COUNTY]}
    assert decide.enforce(seats, "service_item", "read", item)
    assert not decide.enforce(seats, "service_item", "update", item)
    assert decide.enforce(seats, "service_item", "update", {Way.WITHIN: [COMMUNITY], Way.ABOVE: [COMMUNITY]})


def test_what_works_in_a_seat_and_belongs_elsewhere_is_read_and_no_more() -> None:
    seats = [("county_admin", Within(COUNTY))]
    company: Address = {Way.WITHIN: ["35/3505/350524/"], Way.PRESENT: [COMMUNITY]}
    assert decide.enforce(seats, "property_company", "read", company)
    assert not decide.enforce(seats, "property_company", "update", company)


def test_the_line_reads_and_names_a_company_that_works_in_its_county() -> None:
    seats = [("property_committee", Sector(COUNTY))]
    company: Address = {Way.SECTOR: ["35/3505/350524/"], Way.PRESENT: [COMMUNITY]}
    assert decide.enforce(seats, "property_company", "read", company)
    assert decide.enforce(seats, "property_company", "refer", company)
    assert not decide.enforce(seats, "property_company", "update", company)


def test_who_answers_for_what_works_in_a_seat_is_read_and_not_named() -> None:
    member: Address = {Way.REGISTERED: ["35/3505/350524/"], Way.SERVES: [COMMUNITY]}
    for role, term in (("county_admin", Within(COUNTY)), ("property_committee", Sector(COUNTY))):
        assert decide.enforce([(role, term)], "member", "read", member)
        assert not decide.enforce([(role, term)], "member", "refer", member)


def test_of_people_an_auditor_sees_whom_something_there_names() -> None:
    seats = [("auditor", Inspects(COUNTY))]
    assert not decide.enforce(seats, "member", "read", {Way.REGISTERED: [COMMUNITY]})
    assert decide.enforce(seats, "member", "read", {Way.REGISTERED: [COMMUNITY], Way.NAMED: [TOWN]})
    assert not decide.enforce([("county_admin", Within(COUNTY))], "member", "read", {Way.NAMED: [TOWN]})


def test_a_seat_in_just_one_unit_admits_what_is_about_it_and_not_what_lies_in_it() -> None:
    seats = [("member", At(GRID))]
    assert decide.enforce(seats, "unit", "read", {Way.WITHIN: [GRID], Way.AT: [GRID]})
    assert not decide.enforce(seats, "member", "read", {Way.WITHIN: [GRID]})
    assert not decide.enforce(seats, "member.contact", "read", {Way.WITHIN: [GRID]})


@pytest.mark.parametrize(("entity", "action"), PAIRS)
def test_no_grant_admits_nothing(entity: str, action: str) -> None:
    assert decide.scope([], entity, action) == NOTHING
    assert not decide.enforce([], entity, action, {Way.WITHIN: [TOWN], Way.ACCOUNT: [ME]})


def test_an_account_sees_itself_and_no_other() -> None:
    seats = [("everyone", Oneself(ME))]
    assert decide.enforce(seats, "account", "read", {Way.ACCOUNT: [ME]})
    assert not decide.enforce(seats, "account", "read", {Way.ACCOUNT: [OTHER]})
    assert not decide.enforce(seats, "account", "read", {Way.WITHIN: [TOWN]})


def within_sql(arena: Arena, seats: list[Seat], path: str) -> bool:
    """Whether the service's predicate holds for the unit at `path`."""
    kind = arena.declared.catalogue.kinds["OrgUnit"]
    unit = arena.run(planted(arena, path))
    return (unit,) in selected(arena, kind, tuple(seats), "unit", "read")


async def planted(arena: Arena, path: str) -> UUID:
    """The unit at the end of `path`, the last of those on it, which are all there are."""
    await arena.connection.execute("SET jinlin.retaining = 'on'; TRUNCATE org_unit CASCADE")
    above = None
    for number, code in enumerate(path.rstrip("/").split("/")):
        await arena.connection.execute(
            "INSERT INTO org_unit (id, level, code, name, parent_path, folded, pinyin, grams)"
            " VALUES ($1, 'GRID', $2, '单元', $3, '', '', '{}')",
            *(UUID(int=number), code, above),
        )
        above = f"{above or ''}{code}/"
    return UUID(int=number)
