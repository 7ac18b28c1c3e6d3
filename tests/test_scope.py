"""A scope admits exactly the rows `enforce` admits: in SQL over real rows, and in Python.

For every role, with seats of every kind, and every (entity, action) the rules name.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from graphql import VariableValues
from hypothesis import strategies as st
from sqlalchemy import literal, select

from policies import decide
from policies.actor import Actor
from policies.decide import Seat
from policies.scope import NOTHING, AnyOf, At, Oneself, Scope, Term, Within, admits
from schema.pipeline.binding import Binder
from schema.pipeline.catalogue import Kind
from schema.pipeline.plan import Call
from schema.pipeline.sql.rows import RowSource
from schema.pipeline.sql.statement import DIALECT
from tests.conftest import Server
from tests.oracle.arena import Arena, arena_on
from tests.oracle.sight import Sight
from tests.oracle.worlds import ACCOUNT, UNIT, World, path_of, worlds
from tests.test_differential import explore, version

WORLDS = {"18": 60, "15": 15}
PAIRS = sorted({pair for role in decide.roles() for pair in decide.permissions(role)})
ME, OTHER = UUID(int=1), UUID(int=2)

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def arena(postgres: Server) -> Iterator[Arena]:
    yield from arena_on(postgres)


# --- the property -----------------------------------------------------------------------------------------------------


def test_every_role_and_action_admits_in_sql_what_enforce_admits(arena: Arena, request: pytest.FixtureRequest) -> None:
    def case(data: st.DataObject) -> None:
        world = data.draw(worlds(smallest=3, largest=25))
        sight = arena.load(world).sight
        seats = tuple(data.draw(st.lists(held(world), max_size=3)))
        for entity, action in PAIRS:
            for kind in kinds(sight, entity):
                found = admitted(sight, kind, seats, entity, action)
                assert selected(arena, kind, seats, entity, action) == found, (entity, action, seats)

    explore(WORLDS[version(request)], case)


def test_entities_without_tables_yet_admit_in_python_what_enforce_admits(
    arena: Arena, request: pytest.FixtureRequest
) -> None:
    def case(data: st.DataObject) -> None:
        world = data.draw(worlds(smallest=3, largest=15))
        seats = tuple(data.draw(st.lists(held(world), max_size=3)))
        for row in [{"path": path_of(unit), "account": ME} for unit in world.rows[UNIT]] + [{}]:
            for entity, action in PAIRS:
                asked = decide.enforce(seats, entity, action, row)
                assert admits_any(decide.scope(seats, entity, action), row) is asked

    explore(WORLDS[version(request)] // 3, case)


def held(world: World) -> st.SearchStrategy[Seat]:
    """Any role there is, and one there is not, at any kind of term, at what exists and at what does not."""
    paths = [path_of(unit) for unit in world.rows[UNIT]]
    near = [paths[0].rstrip("/") + "1/", paths[-1] + "9/", paths[0][1:]]
    at = st.sampled_from([*paths, *near])
    accounts = st.sampled_from([row["id"] for row in world.rows[ACCOUNT]] + [ME])
    term = st.one_of(st.builds(Within, at), st.builds(At, at), st.builds(Oneself, accounts))
    return st.tuples(st.sampled_from([*decide.roles(), "janitor"]), term)


def kinds(sight: Sight, policy: str) -> list[Kind]:
    return [kind for kind in sight.declared.catalogue.kinds.values() if kind.entity.policy == policy]


def admitted(sight: Sight, kind: Kind, seats: tuple[Seat, ...], entity: str, action: str) -> set[UUID]:
    """By Casbin's matcher, row by row; the scope's own rule for a row must say the same."""
    scope = decide.scope(seats, entity, action)
    found = set()
    for row in sight.every(kind):
        address = sight.address(kind, row)
        allowed = decide.enforce(seats, entity, action, address)
        assert admits_any(scope, address) is allowed, (entity, action, seats, address)
        found |= {row["id"]} if allowed else set()
    return found


def admits_any(scope: Scope, address: Any) -> bool:
    return isinstance(scope, AnyOf) and any(admits(term, address) for term in scope.terms)


def selected(arena: Arena, kind: Kind, seats: tuple[Seat, ...], entity: str, action: str) -> set[UUID]:
    """By the predicate the service puts into its statements, in PostgreSQL."""
    scope = decide.scope(seats, entity, action)
    # The binder asks for the reading scope; it gets the one of the action.
    actor = Actor("token", ME, 0, datetime.now(UTC), seats, {(entity, "read"): scope})
    call = Call(actor, VariableValues({}, {}), b"")
    binder = Binder(arena.declared.catalogue, call)
    terms = binder.scope(kind)
    assert terms is not None
    rows = RowSource(lambda slot: literal(binder.slots[slot].read(call), binder.slots[slot].type))
    table = kind.entity.table.alias()
    compiled = select(table.c.id).where(rows.in_scope(terms, table.c)).compile(dialect=DIALECT)
    values = [compiled.params[name] for name in compiled.positiontup or ()]
    return {row["id"] for row in arena.run(arena.connection.fetch(str(compiled), *values))}


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
    assert decide.enforce([seat], "unit", "read", {"path": row}) is seen
    assert admits_any(decide.scope([seat], "unit", "read"), {"path": row}) is seen
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


@pytest.mark.parametrize(("entity", "action"), PAIRS)
def test_no_grant_admits_nothing(entity: str, action: str) -> None:
    assert decide.scope([], entity, action) == NOTHING
    assert not decide.enforce([], entity, action, {"path": TOWN, "account": ME})


def test_an_account_sees_itself_and_no_other() -> None:
    seats = [("everyone", Oneself(ME))]
    assert decide.enforce(seats, "account", "read", {"account": ME})
    assert not decide.enforce(seats, "account", "read", {"account": OTHER})
    assert not decide.enforce(seats, "account", "read", {"path": TOWN})


def within_sql(arena: Arena, seats: list[Seat], path: str) -> bool:
    """Whether the service's predicate holds for the unit at `path`."""
    (kind,) = [kind for kind in arena.declared.catalogue.kinds.values() if kind.entity.policy == "unit"]
    unit = arena.run(planted(arena, path))
    return unit in selected(arena, kind, tuple(seats), "unit", "read")


async def planted(arena: Arena, path: str) -> UUID:
    """The unit at the end of `path`, the last of those on it, which are all there are."""
    await arena.connection.execute("TRUNCATE org_unit CASCADE")
    above = None
    for number, code in enumerate(path.rstrip("/").split("/")):
        await arena.connection.execute(
            "INSERT INTO org_unit (id, level, code, name, parent_path, pinyin, grams)"
            " VALUES ($1, 'GRID', $2, '单元', $3, '', '{}')",
            *(UUID(int=number), code, above),
        )
        above = f"{above or ''}{code}/"
    return UUID(int=number)
