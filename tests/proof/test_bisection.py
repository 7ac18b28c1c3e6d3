"""A program that tries to find out what it may not read, piece by piece, by everything that could tell one guess from
another. It finds what its caller may read, which shows that it works; of what is hidden it learns nothing at all."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

import pytest
from graphql import GraphQLField, GraphQLInputObjectType, get_named_type

from schema.catalogue.kinds import Kind
from services.organization.tables import units
from services.storage.tables import named
from tests.depth import deep, in_turn, only_much
from tests.oracle.worlds import UNIT, World, made
from tests.proof.asking import Question, inside
from tests.proof.stage import Caller, Stage, joined

pytestmark = pytest.mark.timeout(300)

DIGITS = "0123456789"
Answer = Callable[[Question], str]
Questions = Callable[[str], Iterator[Question]]


def recovered(ask: Answer, questions: Questions, alphabet: str, length: int, known: str = "") -> str:
    """What the program finds: at each place the one character that makes any answer unlike those to all the others."""
    for _ in range(length):
        answers: list[list[str]] = [[] for _ in alphabet]
        for number, character in enumerate(alphabet):
            guess = known + character
            answers[number] = [ask(question).replace(guess, "…") for question in questions(guess)]
        unlike = [
            character
            for number, character in enumerate(alphabet)
            if any(said.count(said[number]) == 1 and len(set(said)) > 1 for said in zip(*answers, strict=True))
        ]
        if len(unlike) != 1:
            return known
        known += unlike[0]
    return known


# --- everything a guess could be put into -----------------------------------------------------------------------------


def by_queries(stage: Stage, turn: int = 0, parts: int = 1) -> Questions:
    """A guess in every argument that takes a text or a number: filters of every list and edge, lookups, search, with
    rows, counts and cursors of what comes back. What many types have, as their history, each turn asks of another.
    Of so many parts of them all one is asked."""
    asked = in_turn((*_roots(stage), *_edges(stage, turn)), parts)

    def questions(guess: str) -> Iterator[Question]:
        for text in asked:
            yield Question(text, {"guess": guess})
        if len(guess) > 1:
            yield Question("query($guess: String!) { search(text: $guess) { totalCount edges { cursor } } }",
                           {"guess": guess})  # fmt: skip

    return questions


def _roots(stage: Stage) -> Iterator[str]:
    query = stage.schema.query_type
    assert query is not None
    for name, field in query.fields.items():
        for given in _texts(field.args):
            body = "totalCount pageInfo { hasNextPage } edges { cursor }" if "first" in field.args else "__typename"
            yield f"query($guess: String) {{ {name}({given}) {{ {body} }} }}"


def _edges(stage: Stage, turn: int) -> Iterator[str]:
    """By edges of one name to one type, from one of the types that have it."""
    edges: dict[tuple[str, str], list[tuple[str, GraphQLField]]] = {}
    for kind in stage.nodes():
        if root := _listing(stage, kind):
            of: Any = stage.schema.type_map[kind.name]
            for name, field in of.fields.items():
                edges.setdefault((name, str(field.type)), []).append((root, field))
    for (name, _), owners in edges.items():
        root, field = owners[turn % len(owners)]
        body = "totalCount" if "first" in field.args else "__typename"
        for given in _texts(field.args):
            yield f"query($guess: String) {{ {root} {{ nodes {{ {name}({given}) {{ {body} }} }} }} }}"


def _texts(arguments: Mapping[str, Any]) -> Iterator[str]:
    """Arguments, and fields of filters, that are texts."""
    for name, argument in arguments.items():
        of = get_named_type(argument.type)
        if of.name == "String" and str(argument.type) == "String":
            yield f"{name}: $guess"
        if isinstance(of, GraphQLInputObjectType) and not of.is_one_of:
            for key, part in of.fields.items():
                if get_named_type(part.type).name == "String" and not str(part.type).startswith("["):
                    yield f"{name}: {{{key}: $guess}}"


def _listing(stage: Stage, kind: Kind) -> str | None:
    roots = stage.declared.catalogue.roots.items()
    found = [name for name, field in roots if getattr(field.declared, "target", None) == kind.name]
    return next((name for name in found if name.endswith("s")), None)


def by_relations(stage: Stage) -> Iterator[Question]:
    """All there is to see without a guess: every order with its cursors, every relation asked about, every number."""
    query = stage.schema.query_type
    assert query is not None
    for name, field in query.fields.items():
        order: Any = get_named_type(field.args["orderBy"].type) if "orderBy" in field.args else None
        for by in get_named_type(order.fields["field"].type).values if order else ():
            for to in ("ASC", "DESC"):
                given = f"orderBy: {{field: {by}, direction: {to}}}, first: 2"
                page = "totalCount edges { cursor } pageInfo { endCursor hasNextPage }"
                yield Question(f"{{ {name}({given}) {{ {page} }} }}", {})
        filters: Any = get_named_type(field.args["filter"].type) if "filter" in field.args else None
        for key, part in filters.fields.items() if filters else ():
            if get_named_type(part.type).name == "Boolean":
                for value in ("true", "false"):
                    yield Question(f"{{ {name}(filter: {{{key}: {value}}}) {{ totalCount nodes {{ id }} }} }}", {})
    leaves = (name for name, field in stage.by_name("Indicators").fields.items() if not hasattr(field.declared, "of"))
    yield Question(f"{{ orgUnits {{ nodes {{ indicators {{ {' '.join(leaves)} }} }} }} }}", {})


# --- what it is tried on ----------------------------------------------------------------------------------------------


def town(stage: Stage, phone: str, name: str) -> tuple[Caller, Caller]:
    """A world with a member of this phone in someone's town and a unit of this name beside it; who reads members there
    without contact data, and who administers all of it."""
    world = deepcopy(_made())
    top = world.rows[UNIT][0]
    here, beside = [row for row in world.rows[UNIT] if row["parent_path"] == f"{top['code']}/"][:2]
    beside |= named(units, name)
    (member, *_) = world.rows["member"]
    member |= {"unit_path": f"{top['code']}/{here['code']}/", "phone": phone, "left_on": None, "restricted_on": None}
    for row in (*world.rows["grid_term"], *world.rows["member_profile"]):
        if row["member_id"] == member["id"]:
            row["unit_path"] = member["unit_path"]
    return _seated(stage, world, "auditor", here["path"]), _seated(stage, world, "county_admin", top["path"])


@cache
def _made() -> World:
    """Made once: its tokens end so long after that moment, and cursors tell when."""
    return made(7, 12, 8, 0)


def _seated(stage: Stage, world: World, role: str, path: str) -> Caller:
    caller = joined(world, role)
    caller.grant(role, "unit", path)
    return caller


def test_the_program_finds_what_its_caller_may_read(stage: Stage) -> None:
    _, admin = town(stage, "13812345678", "zq407193")
    stage.load(admin)
    left = deep(1, 4)
    asked = by_queries(stage)
    found = recovered(lambda q: inside(stage, admin, q).text, asked, DIGITS, left, "zq407193"[:-left])
    assert found == "zq407193"


@only_much
def test_the_program_does_not_find_the_name_of_a_hidden_unit(stage: Stage) -> None:
    outsider, _ = town(stage, "13812345678", "zq407193")
    stage.load(outsider)
    for turn, known in enumerate(("zq4071", "zq", "zq40")[: deep(2, 3)], 1):
        asked = by_queries(stage, turn)
        found = recovered(lambda question: inside(stage, outsider, question).text, asked, DIGITS, 1, known)
        assert found == known


def test_the_program_does_not_find_a_hidden_phone(stage: Stage) -> None:
    """Neither to those who see the member without contact data, nor, for there is no such filter, to anyone."""
    for turn, caller in enumerate(town(stage, "13812345678", "zq407193"), 3):
        stage.load(caller)
        asked = by_queries(stage, turn, 3)
        for known in ("138", "138123")[: deep(1, 2)]:
            assert recovered(lambda q: inside(stage, caller, q).text, asked, DIGITS, 1, known) == known  # noqa: B023


@only_much
def test_no_order_relation_or_number_depends_on_it(stage: Stage) -> None:
    """Ten phones and ten names, in the same places: every order, cursor, relation and number is the same for all."""
    told = set()
    for number in (0, 9, 3)[: deep(2, 3)]:
        outsider, _ = town(stage, f"138{number}2345678", f"{number}zq407193")
        stage.load(outsider)
        told.add("\n".join(inside(stage, outsider, question).text for question in by_relations(stage)))
    assert len(told) == 1


def test_unique_names_and_trials_do_not_tell_it(stage: Stage) -> None:
    """A dry run that would give something the hidden name goes as with any other name."""
    _, admin = town(stage, "13812345678", "zq407193")
    top = stage_path(admin)
    here = _seated(stage, admin, "town_admin", top)
    stage.load(here)
    told = set()
    for name in ("zq407193", "zq407194", "zq500000"):
        renaming = "mutation($input: RenameUnitInput!) { renameUnit(input: $input) { userErrors { code field } } }"
        unit = next(row for row in here.rows[UNIT] if row["path"] == top)
        given = {"id": f"ou_{unit['id']}", "version": unit.get("version", 1), "name": name, "dryRun": True}
        told.add(inside(stage, here, Question(renaming, {"input": given})).text)
    assert len(told) == 1


def stage_path(admin: Caller) -> str:
    """The path of the unit beside which the hidden one lies."""
    top = admin.rows[UNIT][0]
    path: str = next(row for row in admin.rows[UNIT] if row["parent_path"] == f"{top['code']}/")["path"]
    return path
