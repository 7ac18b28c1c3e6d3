"""Who may do what, as parts of a plan: the caller's rights on a row, and the seats of others that have one on it."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, case, cast, literal, null, or_
from sqlalchemy.dialects.postgresql import array

from policies import decide
from schema.catalogue.kinds import Catalogue, Field, Kind, by_id
from schema.kit.actions import EXPLAIN, Right, action_name
from schema.kit.entities import Bind, Condition, Value
from schema.kit.explaining import Accesses, Explained, Part
from schema.kit.expressions import Row
from schema.kit.ids import local_id, tag_of
from schema.pipeline.plan.binding import Binder, Spot
from schema.pipeline.plan.entrances import doors, entrances
from schema.pipeline.plan.plan import Abilities, Holds, Lacks, Matched, Scope, States
from schema.pipeline.plan.rights import commands, rights, states
from schema.pipeline.plan.rows import Admitted, Meets, Missed, Reached, Rows, ScopeTerm, Test

Chains = Mapping[str, tuple[str, ...]]  # by role, the roles a right comes to it through

ACCOUNT = "ac"  # how global ids of accounts begin


# --- the caller's own -------------------------------------------------------------------------------------------------


def abilities(catalogue: Catalogue, binder: Binder, kind: Kind, key: str) -> Abilities:
    """The rights the caller has on a row of a kind, in its state; rights of one scope and state share a predicate."""
    groups: dict[tuple[object, States, Scope], tuple[Any, list[str]]] = {}
    bound = states(catalogue, kind)
    for right, of in rights(catalogue, kind).items():
        scope = binder.scope(of, *right)
        if scope != ():
            own = _own(catalogue, binder, kind, right)
            group = groups.setdefault((binder.likeness(of, right), bound.get(right, ()), own), (scope, []))
            group[1].append(action_name(right))
    found = ((scope, when, own, tuple(names)) for (_, when, own), (scope, names) in groups.items())
    return Abilities(key, tuple(found))


def _own(catalogue: Catalogue, binder: Binder, kind: Kind, right: Right) -> Scope:
    """The caller's own rows, where no command takes another's; None where some does."""
    mine = [each.own for each in commands(catalogue, kind) if (each.policy, each.action) == right]
    if not mine or None in mine:
        return None
    account = binder.slot(Uuid(), lambda call: call.actor.account_id)
    return tuple(ScopeTerm(Meets.EQUAL, each, (account,)) for each in mine if each is not None)


def holds(catalogue: Catalogue, binder: Binder, spot: Spot) -> Holds:
    """Whether the caller has a right on the row of an id they see, and its state leaves them any use of it."""
    kind, right = _kind_of(catalogue, spot.given["at"]), spot.given["action"].value
    of = rights(catalogue, kind).get(right) if kind is not None else None
    if kind is None or of is None:
        return Holds(spot.key, None)
    named = binder.test(by_id(kind), spot, ("at",))
    when = states(catalogue, kind).get(right)
    able = (Test(lambda row, _: or_(*(state(row) for state in when)), {}),) if when else ()
    admitted = Admitted(binder.scope(of, *right)), Admitted(_own(catalogue, binder, kind, right))
    return Holds(spot.key, Rows(kind, None, binder.scope(kind), (named, *admitted, *able)))


# --- everybody's ------------------------------------------------------------------------------------------------------


def explanation(catalogue: Catalogue, binder: Binder, asked: Accesses, spot: Spot) -> Rows:
    """The seats that have a right on the row of an id, of all accounts or of the one named; reading, unless said."""
    target, right = catalogue.kinds[asked.target], _right(catalogue, spot)
    reached = _reached(catalogue, binder, right, spot)
    if reached is None:
        return Rows(_telling(target, right, None), None, ())
    return Rows(_telling(target, right, reached), None, None, (reached,))


def misses(catalogue: Catalogue, binder: Binder, asked: Accesses, spot: Spot) -> tuple[Kind, Missed | None]:
    """The kind of the grants of an account that do not reach the row of an id, and which of them are told."""
    target, right = catalogue.kinds[asked.target], _right(catalogue, spot)
    reached = _reached(catalogue, binder, right, spot)
    if reached is None:
        return _telling(target, right, None), None
    roles = decide.roles_with(*right)
    missed = Missed(reached, doors(reached.kind.entity.ways, right[1]), roles, binder.scope(target, *EXPLAIN))
    return _telling(target, right, missed), missed


def _right(catalogue: Catalogue, spot: Spot) -> Right:
    """The right that is asked about; reading, unless said."""
    action, kind = spot.given.get("action"), _kind_of(catalogue, spot.given["node"])
    right: Right = action.value if action is not None else (kind.entity.policy if kind is not None else "", "read")
    return right


def _reached(catalogue: Catalogue, binder: Binder, right: Right, spot: Spot) -> Reached | None:
    """The seats that have the right on the row, of all accounts or of the one named; None where nobody can have it."""
    kind = _kind_of(catalogue, spot.given["node"])
    of = rights(catalogue, kind).get(right) if kind is not None else None
    if kind is None or of is None:
        return None
    row = binder.test(by_id(kind), spot, ("node",)).slots["id"]
    account = None
    if "account" in spot.given:
        named = binder.test(NAMED, spot, ("account",)).slots["id"]
        account = named, binder.slot(Uuid(), lambda call: call.actor.account_id)
    scopes = binder.scope(kind), binder.scope(kind, *EXPLAIN)
    return Reached(of, right, entrances(of.entity.ways, right), row, *scopes, account)


# The seats of the account of an id.
NAMED = Condition(
    "",
    lambda seat, given: seat.account_id == given["id"],
    {"id": Bind(Uuid(), lambda text: local_id(text, ACCOUNT))},
)


def _kind_of(catalogue: Catalogue, id: str) -> Kind | None:
    tag = tag_of(id)
    return catalogue.by_tag(tag) if tag else None


def of_one(key: str, told: Explained) -> Matched | Lacks:
    """What is told of one seat or grant, once a question is planned."""
    if isinstance(told.of, Missed):
        return Lacks(key, told.of)
    assert isinstance(told.of, Reached)
    return Matched(key, told.of)


def _telling(target: Kind, right: Right, of: Reached | Missed | None) -> Kind:
    """The kind of the seats, now that it is known which right is asked about; None where nobody can have it."""
    return replace(target, fields={name: _told(field, right, of) for name, field in target.fields.items()})


def _told(field: Field, right: Right, of: Reached | Missed | None) -> Field:
    if not isinstance(field.declared, Explained):
        return field
    if of is None:
        return replace(field, declared=Value(field.declared.description, lambda _: null()))
    reached = of.reached if isinstance(of, Missed) else of
    roles = {role for entrance in reached.entrances for role in entrance.roles}
    chains = {role: decide.inheritance(role, *right) for role in sorted(roles)}
    match field.declared.part:
        case Part.WAYS | Part.MISSING:
            return replace(field, declared=replace(field.declared, of=of))
        case Part.RULE:
            return replace(field, declared=Value(field.declared.description, partial(_rule, right, chains)))
        case Part.RULES:
            return replace(field, declared=Value(field.declared.description, partial(_rules, right)))
        case Part.INHERITS:
            return replace(field, declared=Value(field.declared.description, partial(_inherits, chains)))


def _rule(right: Right, chains: Chains, seat: Row) -> ColumnElement[Any]:
    lines = {role: literal(_line(chain[-1], right)) for role, chain in chains.items()}
    return case(lines, value=seat.role) if lines else null()


def _rules(right: Right, grant: Row) -> ColumnElement[Any]:
    """The line that allows a right to the role of a grant, or else each that allows it to another than oneself."""
    chains = {role: decide.inheritance(role, *right) for role in decide.roles() if role != "everyone"}
    own = {role: array([literal(_line(chain[-1], right))]) for role, chain in chains.items() if chain}
    every = [literal(_line(role, right)) for role, chain in chains.items() if chain == (role,)]
    others = cast(array(every, type_=Text()), ARRAY(Text()))
    return case(own, value=grant.role, else_=others) if own else others


def _line(role: str, right: Right) -> str:
    return ", ".join(("p", role, *right))


def _inherits(chains: Chains, seat: Row) -> ColumnElement[Any]:
    arrays = {role: array([literal(each) for each in chain]) for role, chain in chains.items()}
    return case(arrays, value=seat.role) if arrays else null()
