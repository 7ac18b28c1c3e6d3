"""Scopes: which rows of an entity someone may act on. Values only; no database, no Casbin.

A grant's seat is a `Term`. An entity declares the columns by which it answers to each kind of term, and a term no
column answers to admits no row. `schema/pipeline/sql/rows.py` turns a scope into the predicate of a statement,
`admits` is the same rule for one row in Python; a property test holds the two together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, order=True)
class Within:
    """The unit at `path` and everything below it."""

    path: str


@dataclass(frozen=True, slots=True, order=True)
class At:
    """What belongs to the unit at `path` itself, and nothing below it."""

    path: str


@dataclass(frozen=True, slots=True, order=True)
class Oneself:
    """What belongs to the account itself."""

    account: UUID


Term = Within | At | Oneself


@dataclass(frozen=True, slots=True)
class Everything:
    """Every row. No role has it; it is for entities that are public by declaration."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No row: what an absent grant, an unknown role or an unnamed action comes to."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The rows at least one of the terms admits; never empty, sorted, without terms another one covers."""

    terms: tuple[Term, ...]


Scope = Everything | Nothing | AnyOf
Shape = tuple[str, ...]

EVERYTHING = Everything()
NOTHING = Nothing()


def union(terms: Iterable[Term]) -> Scope:
    """The scope of all `terms` together; `NOTHING` when there are none."""
    kept: list[Term] = []
    for term in sorted(set(terms), key=lambda term: (type(term).__name__, term)):
        if not any(covers(other, term) for other in kept):
            kept.append(term)
    kept = [term for term in kept if not any(covers(other, term) for other in kept if other is not term)]
    return AnyOf(tuple(kept)) if kept else NOTHING


def covers(wide: Term, narrow: Term) -> bool:
    """Whether every row `narrow` admits is admitted by `wide`, by the terms alone."""
    return isinstance(wide, Within) and isinstance(narrow, Within | At) and narrow.path.startswith(wide.path)


def shape(scope: Scope) -> Shape:
    """What of a scope decides the form of a statement: the kinds of its terms. The rest is bound."""
    if isinstance(scope, AnyOf):
        return tuple(type(term).__name__ for term in scope.terms)
    return (type(scope).__name__,)


def bounds(path: str) -> tuple[str, str]:
    """The index range that holds `path` and all below it: from it, up to but without the second.

    A path ends with a slash and zero is the character after the slash, so no path below it sorts past the second.
    """
    return path, path[:-1] + "0"


def admits(term: Term, row: Mapping[str, object]) -> bool:
    """Whether one row answers to `term`. `row` holds what the entity declared: `path`, `account`; absent is no."""
    match term:
        case Within(path):
            held = row.get("path")
            return isinstance(held, str) and held.startswith(path)
        case At(path):
            return row.get("path") == path
        case Oneself(account):
            return row.get("account") == account
