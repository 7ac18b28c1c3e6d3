"""Who may do what to a row, asked of the service, is what Casbin's matcher says of every account, one by one.

For every kind and every right there is on it, over random worlds with many accounts.
"""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, TypeVar

import pytest

from schema.catalogue.kinds import Kind
from tests.conftest import Server
from tests.depth import deep, only_much
from tests.explain.people import peopled, seats_for
from tests.oracle.accesses import ACTIONS, action, rights, usable
from tests.oracle.arena import Arena, arena_on
from tests.oracle.decisions import enforced
from tests.oracle.dispatch import Record
from tests.oracle.execution import Oracle
from tests.oracle.sight import Sight, Thing
from tests.oracle.worlds import ACCOUNT, World

T = TypeVar("T")
WORLDS, MOST, ROWS = deep(1), 12, 2
PAGE = "first: 100) { totalCount nodes { accountName by } pageInfo { hasNextPage } }"

pytestmark = [pytest.mark.timeout(900), only_much]


@pytest.fixture(scope="module")
def arena(postgres: Server) -> Iterator[Arena]:
    yield from arena_on(postgres)


def test_everyone_who_may_is_listed_and_nobody_else(arena: Arena) -> None:
    listed: dict[str, int] = {}
    for seed in range(MOST):
        if seed >= WORLDS and all(listed.values()):
            break
        world = peopled(seed)
        oracle = arena.load(world)
        for kind, row in rows_of(oracle, Random(seed)):
            if seed >= WORLDS and all(listed.get(action(each)) for each in rights(arena.declared.catalogue, kind)):
                continue
            for right, names in who_may(arena, world, kind, row).items():
                assert names == may(oracle.sight, kind, row, right), (seed, kind.name, row, right)
                listed[action(right)] = listed.get(action(right), 0) + len(names) - 1
    assert [each for each in listed if not listed[each]] == []  # by others than the caller


def test_an_account_is_explained_exactly_where_it_is_listed(arena: Arena) -> None:
    """By every account on a few rows: none but the seats by which it may, with the rule each of them comes from."""
    for seed in range(WORLDS):
        world, random = peopled(seed), Random(seed)
        oracle = arena.load(world)
        for kind, row in random.sample(list(rows_of(oracle, random)), 6):
            for right in few(random, [*rights(arena.declared.catalogue, kind)], 3):
                asked = {"id": f"{kind.entity.tag}_{row['id']}", "action": action(right)}
                names = may(oracle.sight, kind, row, right)
                for account in oracle.sight.tables[ACCOUNT]:
                    found = arena.asked(world, EXPLAIN, {**asked, "account": f"ac_{account['id']}"})["explainAccess"]
                    assert bool(found) is (account["name"] in names)
                    assert all(each["accountName"] == account["name"] for each in found)
                    assert all(ACTIONS[action(right)] == tuple(each["rule"].split(", ")[2:]) for each in found)
                    assert all(each["inherits"][0] == each["role"] for each in found)


def few(random: Random, choices: Sequence[T], most: int) -> list[T]:
    """Some of these, each once."""
    return random.sample(choices, min(most, len(choices)))


EXPLAIN = """query($id: ID!, $account: ID!, $action: Action) {
    explainAccess(node: $id, account: $account, action: $action) { accountName role rule inherits by } }"""


def test_everyone_is_told_their_own_rights_and_may_explain_themselves(arena: Arena) -> None:
    """`viewerCan` of every row somebody sees, and `can`, as `enforce` and its state have it; hidden rows none."""
    for seed in range(deep(1)):
        world, random = peopled(seed), Random(seed)
        oracle = arena.load(world)
        for account in random.sample([row for row in oracle.sight.tables[ACCOUNT] if not row["closed_at"]], 4):
            told_of(arena, world, oracle.sight, account, random)


def told_of(arena: Arena, world: World, sight: Sight, account: Record, random: Random) -> None:
    token = arena.token(account["id"])
    for kind in nodes(sight):
        rows = sight.every(kind)
        for row in random.sample(list(rows), min(ROWS, len(rows))):
            id_, own = f"{kind.entity.tag}_{row['id']}", f"ac_{account['id']}"
            right = random.choice([*rights(sight.declared.catalogue, kind)])
            may_all = sorted(
                action(each)
                for each in rights(sight.declared.catalogue, kind)
                if may_one(sight, account, kind, row, each)
            )
            reads = action((kind.entity.policy, "read")) in may_all
            able = [each for each in may_all if usable(sight, Thing(kind, row), ACTIONS[each], account["id"])]
            found = arena.asked_by(token, ABLE, {"id": id_, "own": own, "action": action(right)})
            assert found["node"] == ({"viewerCan": able} if reads else None)
            assert found["viewer"]["can"] is (reads and action(right) in able)
            assert bool(found["explainAccess"]) is (reads and action(right) in may_all)


ABLE = """query($id: ID!, $own: ID!, $action: Action!) {
    node(id: $id) { viewerCan } viewer { can(at: $id, action: $action) }
    explainAccess(node: $id, account: $own, action: $action) { by } }"""


def rows_of(oracle: Oracle, random: Random) -> Iterator[tuple[Kind, Record]]:
    """A few rows of every kind that can be asked about."""
    for kind in nodes(oracle.sight):
        rows = [row for row in oracle.sight.seen(kind) if oracle.sight.allows(kind, row, "access", "explain")]
        yield from ((kind, row) for row in random.sample(rows, min(ROWS, len(rows))))


def nodes(sight: Sight) -> list[Kind]:
    return [kind for kind in sight.declared.catalogue.kinds.values() if kind.entity.tag is not None]


def who_may(arena: Arena, world: World, kind: Kind, row: Record) -> dict[Any, set[str]]:
    """By right, the names of the accounts the service lists."""
    asked = list(rights(arena.declared.catalogue, kind))
    fields = " ".join(f"a{n}: whoCanSee(node: $id, action: {action(right)}, {PAGE}" for n, right in enumerate(asked))
    found = arena.asked(world, f"query($id: ID!) {{ {fields} }}", {"id": f"{kind.entity.tag}_{row['id']}"})
    for page in found.values():
        assert not page["pageInfo"]["hasNextPage"]
        assert page["totalCount"] == len(page["nodes"])
        assert all(node["by"] for node in page["nodes"])
    return {right: {node["accountName"] for node in found[f"a{n}"]["nodes"]} for n, right in enumerate(asked)}


def may(sight: Sight, kind: Kind, row: Record, right: tuple[str, str]) -> set[str]:
    """The names of the accounts whose own seats have a right on a row."""
    address = sight.address(rights(sight.declared.catalogue, kind)[right], row)
    accounts = sight.tables[ACCOUNT]
    return {each["name"] for each in accounts if enforced(seats_for(sight, each, *right), *right, address)}


def may_one(sight: Sight, account: Record, kind: Kind, row: Record, right: tuple[str, str]) -> bool:
    """Whether an account's own seats have a right on a row."""
    address = sight.address(rights(sight.declared.catalogue, kind)[right], row)
    return enforced(seats_for(sight, account, *right), *right, address)
