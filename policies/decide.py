"""The one door to Casbin: which scope an actor has for an action on an entity, and whether one row is in it.

Casbin answers role -> permission, from `model.conf` and `roles.csv`, read once, when first asked for: nothing that
server.py begins by importing asks, so that what is amiss with the file is told as all else is. A scope is then the
union of the seats at which a role with the permission was granted; the rows are left to SQL. `enforce` asks Casbin's
own matcher about a single row; it is what the tests hold every scope against.
"""

import logging
from collections import deque
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path

import casbin
from casbin.persist.adapter import Adapter

from policies.lines import Rule, read
from policies.scope import NOTHING, Address, Scope, Term, admits, union
from services.access import vouching
from services.errors import bad_input

HERE = Path(__file__).parent

Seat = tuple[str, Term]  # a role and where it was granted


RULES = HERE / "roles.csv"
ANSWERING = ("need_survey", "answer")  # for whoever has a code: all that programs may do beside looking
READ, COUNT = "read", "count"  # to count rows of which one need not be shown any; whoever may read may count
FOLLOW = "follow"  # to be shown the changes on the trail of rows one may read where they lay, and their entries


@cache
def rules() -> tuple[Rule, ...]:
    """The service's own; BAD_USER_INPUT for a file that cannot be read, a line that is no rule, or none at all."""
    found = read(RULES)
    if not found:  # where nobody may anything, the file was lost
        raise bad_input(f"{RULES} 中没有规则。", f"There are no rules in {RULES}.")
    return tuple(found)


@cache
def _enforcer() -> casbin.Enforcer:
    return _asked(rules())


@cache
def _enforcer_of(entity: str) -> casbin.Enforcer:
    """With the rules about one entity: Casbin tries its matcher on every rule it has, and no other one matches."""
    return _asked([rule for rule in rules() if rule.kind != "p" or rule.words[1] == entity])


def _asked(rules: Collection[Rule]) -> casbin.Enforcer:
    enforcer = _enforcing(rules)
    # Casbin writes every denied request in full, with whom and what, at WARNING.
    logging.getLogger("casbin").setLevel(logging.ERROR)
    enforcer.add_function("reaches", admits)
    return enforcer


class _Read(Adapter):  # type: ignore[misc]  # Casbin has no types
    """Gives Casbin rules that were read already: its own reading knows brackets, and passes over what it does not."""

    def __init__(self, rules: Collection[Rule]) -> None:
        self._rules = rules

    def load_policy(self, model: casbin.Model) -> None:
        for rule in self._rules:
            model.model[rule.kind][rule.kind].policy.append([*rule.words])


def _enforcing(rules: Collection[Rule]) -> casbin.Enforcer:
    return casbin.Enforcer(str(HERE / "model.conf"), _Read(rules), enable_log=False)


@cache
def permissions(role: str) -> frozenset[tuple[str, str]]:
    """Every (entity, action) `role` is allowed, inherited ones included; empty for a role no rule names."""
    allowed = {(entity, action) for _, entity, action in _enforcer().get_implicit_permissions_for_user(role)}
    return frozenset(allowed | {(entity, COUNT) for entity, action in allowed if action == READ})


@cache
def roles() -> tuple[str, ...]:
    """Every role the rules name, sorted; `everyone` is the one each actor holds at itself."""
    named = {rule[0] for rule in _enforcer().get_policy()}
    return tuple(sorted(named | {role for rule in _enforcer().get_grouping_policy() for role in rule[:2]}))


@cache
def roles_with(entity: str, action: str) -> tuple[str, ...]:
    """Every role that is allowed this, by a rule of its own or one it inherits."""
    return tuple(role for role in roles() if (entity, action) in permissions(role))


@cache
def rights() -> tuple[tuple[str, str], ...]:
    """Every (entity, action) some rule names, sorted."""
    return tuple(sorted({(rule[1], rule[2]) for rule in _enforcer().get_policy()}))


def rights_of(rules: Collection[Rule]) -> dict[str, frozenset[tuple[str, str]]]:
    """Every (entity, action) of every role other rules name, inherited ones included."""
    read = _enforcing(rules)
    named = {rule[0] for rule in read.get_policy()} | {role for rule in read.get_grouping_policy() for role in rule}
    held = {role: read.get_implicit_permissions_for_user(role) for role in sorted(named)}
    return {role: frozenset((entity, action) for _, entity, action in rules) for role, rules in held.items()}


@cache
def rights_on_rows() -> tuple[tuple[str, str], ...]:
    """Those of them that one has on a row: not counting, which is about many, nor following, which hangs on others."""
    return tuple(right for right in rights() if right[1] not in (COUNT, FOLLOW))


@cache
def inheritance(role: str, entity: str, action: str) -> tuple[str, ...]:
    """The roles from `role` down to the nearest one a rule allows this, each inheriting from the next; else empty."""
    chains: deque[tuple[str, ...]] = deque([(role,)])
    heirs = _enforcer().get_grouping_policy()
    while chains:
        chain = chains.popleft()
        if _enforcer().has_policy(chain[-1], entity, action):
            return chain
        chains.extend((*chain, below) for heir, below in heirs if heir == chain[-1] and below not in chain)
    return ()


def scope(seats: Iterable[Seat], entity: str, action: str) -> Scope:
    """The rows of `entity` on which someone with these seats may do `action`; `NOTHING` unless a rule allows it."""
    terms = [term for role, term in seats if (entity, action) in permissions(role)]
    return union(terms) if terms else NOTHING


def enforce(seats: Iterable[Seat], entity: str, action: str, row: Address) -> bool:
    """Whether Casbin allows `action` on this one row of `entity`, asked for each seat in turn."""
    return any(_enforcer_of(entity).enforce(role, term, entity, action, row) for role, term in seats)


vouching.POLICIES.roles_with = roles_with
