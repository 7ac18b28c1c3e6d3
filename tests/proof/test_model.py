"""The model imports nothing, knows every kind, and says what `enforce` and the service's predicates say."""

import ast
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest

from policies import decide
from policies.actor import SEATS, actor_of
from policies.scope import Oneself
from services.access.credentials import Credential, Granted, Terms
from tests.days import today
from tests.depth import TIMES, in_turn
from tests.oracle import tables as rows_of
from tests.oracle.worlds import UNIT, World, made, places, seated
from tests.policies.test_scope import rights, selected
from tests.proof import knobs, model, ways
from tests.proof.model import Seat
from tests.proof.stage import CALLERS, KNOWN, Stage, called
from tests.proof.ways import Tables

pytestmark = pytest.mark.timeout(300)

FIRST = 8  # the world begun with: some seats in it have the compound of a walk, and not its centre, or the other way
SEATINGS = 5  # companies, buildings and members of a world, of those it has up to fourteen


@pytest.mark.parametrize("module", [model, ways], ids=["model", "ways"])
def test_the_model_is_short_and_imports_nothing_of_the_product(module: ModuleType) -> None:
    text = Path(module.__file__ or "").read_text()
    assert len(text.splitlines()) <= 400
    imported = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    named = {name for node in imported for name in _modules(node)}
    assert named <= {*sys.stdlib_module_names, "tests.proof.ways"}


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0
        return [node.module if node.module == ways.__name__ else (node.module or "").partition(".")[0]]
    return [name.name.partition(".")[0] for name in node.names]


def test_the_model_reads_the_rules_as_casbin_does() -> None:
    known = {(role, *pair) for role in decide.roles() for pair in decide.permissions(role)}
    entities, actions = {pair[1] for pair in known}, {pair[2] for pair in known}
    said = {
        (role, entity, action)
        for role in decide.roles()
        for entity in entities
        for action in actions
        if model.rule_allows(role, entity, action)
    }
    assert said == known


def test_the_model_seats_roles_where_the_product_does() -> None:
    assert {(role, kind) for role, kinds in SEATS.items() for kind in kinds} == {*model.SEATED}


def test_the_model_says_how_rows_of_every_kind_answer_to_seats(stage: Stage) -> None:
    """Who adds an entity says so in tests/proof/ways.py: in its own words, not in the product's."""
    stage.load(made(1, 12, 14, 1))
    rows = stage.rows()
    tables = {called(kind) for kind in stage.scoped() if rows[kind.entity.table.name]}
    rows |= {"viewer": rows["account"], "grant_above": rows["role_grant"], "contact": rows["member"]}
    unknown = [name for name in tables if not ways.keys_of(rows, name, rows[name][0], today())]
    assert unknown == []


def test_the_model_says_what_the_service_s_predicates_say(stage: Stage) -> None:
    """For every role at every kind of seat, and every right on rows of every kind; by SQL, and by `enforce`."""
    scoped = {kind.name for kind in stage.scoped()}
    asked = in_turn((each for each in rights(stage.declared.catalogue) if each[0].name in scoped), 3)
    allowed: set[tuple[str, str, str]] = set()
    for seed in range(FIRST, FIRST + knobs.WORLDS):
        world = made(seed, 14, 14, 0)
        end_some(world)
        sight = stage.load(world).sight
        rows = stage.rows()
        keys = {
            (kind.name, index): each
            for kind in stage.kinds()
            for index, each in enumerate(KNOWN.keys(rows, called(kind), today()))
        }
        met, known = set[tuple[str, str]](), dict[object, set[int]]()
        for role, place, at in seatings(world, Random(seed)):
            ours: Any = [(role, (model.SEATED[role, place], at))]
            theirs = ((role, seated(SEATS[role][place], at)),)
            casbin = TIMES > 1 or (role, place) not in met  # of each role at each kind of seat, once
            met.add((role, place))
            for kind, entity, action in asked:
                table = rows[kind.entity.table.name]
                said = set[int]()
                if model.rule_allows(role, entity, action):
                    said = {n for n in range(len(table)) if model.may(ours, action, entity, keys[kind.name, n])}
                scope = (kind.name, decide.scope(theirs, entity, action), action)
                if scope not in known:
                    found = selected(stage, kind, theirs, entity, action)
                    names = [c.name for c in kind.entity.table.primary_key or kind.entity.table.columns[:2]]
                    known[scope] = {n for n, row in enumerate(table) if tuple(row[name] for name in names) in found}
                assert said == known[scope], (role, place, kind.name, entity, action)
                for n, row in enumerate(sight.every(kind)[:casbin]):
                    address = sight.address(kind, row)
                    assert decide.enforce(theirs, entity, action, address) is (n in said), (role, entity, action)
                allowed |= {(kind.name, entity, action)} if said else set()
    # Nobody but the account itself may.
    assert sorted({(kind.name, *right) for kind, *right in asked if kind.name != "Viewer"} - allowed) == []


TURNS = ("ROTATING_CHAIR", "PART_TIME_MEMBER")  # a chair lasts whole months, and what it rests on as long


def end_some(world: World) -> None:
    """Of the terms that hold today every third ended yesterday, and every third ends today."""
    for table in ("management_contract", "branch_coverage", "captain_term", "post"):
        held = [row for row in world.rows[table] if ways.holds(row, today()) and row.get("kind") not in TURNS]
        for number, row in enumerate(held):
            last = today() - timedelta(days=number % 3)
            if number % 3 < 2 and row["since"] <= last:
                row["until"] = last


def seatings(world: World, random: Random) -> Iterator[tuple[str, str, Any]]:
    """Every role at every kind of seat: at one unit, or at a few of the companies, buildings and members.

    First whoever administers a whole tree: what only administrators above communities may shall not rest on chance.
    """
    yield "county_admin", "unit", places(world.rows, "unit")[0]
    for role, place in CALLERS:
        found = places(world.rows, place)
        if place == "department":  # one that was whistled for: nothing else answers to it
            asked = {row["department_id"] for row in world.rows.get("whistle", ())}
            found = [each for each in found if each in asked] or found
        if place == "unit":
            yield role, place, found[random.choice((0, 0, 1, 2, 3, len(found) - 1)) % len(found)]
        else:
            yield from ((role, place, at) for at in random.sample(found, min(SEATINGS, len(found))))


MOMENT = datetime(2026, 6, 1, tzinfo=rows_of.ZONE)


@pytest.mark.parametrize("entities", [None, {"unit"}, {"unit", "compound", "captain"}, set()])
def test_a_program_s_terms_only_take_away(stage: Stage, entities: set[str] | None) -> None:
    """What a program may ask is what its grant allows and its terms name: never what either says alone."""
    world = made(3, 12, 14, 0)
    stage.load(world)
    rows = stage.rows()
    (top, *_) = [unit["path"] for unit in rows[UNIT]]
    account = world.caller
    terms = Terms(entities=None if entities is None else frozenset(entities))
    granted = Granted(account, "partner", "unit", top)
    actor = actor_of(Credential("c", "TOKEN", b"", account, 0, MOMENT, (granted,), terms))
    seats: list[tuple[str, Seat]] = [("partner", ("territory", top)), ("everyone", ("oneself", account))]
    program = {"entities": entities}
    for kind, ours in of_every_kind(stage, rows, seats, program):
        scope = actor.scope(kind.entity.policy, "read")
        terms_ = getattr(scope, "terms", ())
        theirs = tuple(("everyone" if isinstance(term, Oneself) else "partner", term) for term in terms_)
        found = selected(stage, kind, theirs, kind.entity.policy, "read") if theirs else set()
        assert len(found) == len(ours), kind.name


def of_every_kind(
    stage: Stage, rows: Tables, seats: Any, program: Mapping[str, Any]
) -> Iterator[tuple[Any, list[Any]]]:
    for kind in stage.scoped():
        counted = model.bound(seats, kind.entity.policy, dict(program))
        yield kind, model.visible(rows, called(kind), kind.entity.policy, counted, today())
