"""The words for numbers: how many rows, one number divided by another, rows counted in groups.

They count what the caller may see. An area adds them to a type as fields, like edges; the totals of a connection are a
class of `measure`s, and `grouped` ones, over all its rows. What counts is an Int, what adds up a SafeInt. Each says how
many rows it reads for one row it is asked of, where these are more than hundreds: what they do not make, they cost all
the same.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement

from policies.scope import Way
from schema.kit.expressions import Join, Row, RowFunction

HUNDREDS = 200
Holding = Callable[[Row, ColumnElement[Any] | None], ColumnElement[bool]]
"""Whether a row counts on a day, today where that is None."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows of `target` the join leads to, of those the caller may see.

    `having` names edges of the target that must lead somewhere (True) or nowhere (False), `where` is a predicate over
    its row, `holding` one over its row and a day: without it the number keeps no history, and is today's. `distinct`
    counts the values of an expression instead of rows, `total` adds them up. `among` is the tally of the same type all
    these are some of, by its Python name: who only counts them is told neither where what is left of that is too few,
    for it would say of nearly everyone there that they are among these. Where it is `first_untold` they are not told
    that there is none either, for the first would be told by that; this and `having` are of units, and of what answers
    by where it lies. Null where the caller may see no such row anywhere:
    nothing is not none. `alike` as of an edge.
    """

    target: str
    on: Join
    description: str
    having: Mapping[str, bool] = field(default_factory=dict)
    where: RowFunction | None = None
    distinct: RowFunction | None = None
    total: RowFunction | None = None
    reads: int = HUNDREDS
    holding: Holding | None = None
    among: str = ""
    first_untold: bool = False
    alike: frozenset[Way] = frozenset()


@dataclass(frozen=True, slots=True)
class Ratio:
    """One tally of the same type divided by another, to four decimals; null where there is nothing to divide by.

    Null as well where either is a round number: such a part may be more than its whole, and tells of no share.
    `unit` is how many of what the part counts make one of what is told: 100 of hundredths.
    """

    part: str
    whole: str
    description: str
    unit: int = 1


@dataclass(frozen=True, slots=True)
class Measure:
    """What a breakdown counts in each group: rows, the distinct values of an expression, or their total.

    A total of what are rows of others says which it `brings`, as a column does that is their name.
    """

    description: str
    where: RowFunction | None = None
    distinct: RowFunction | None = None
    total: RowFunction | None = None
    brings: str = ""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The rows of `target` the join leads to, of those the caller may see, counted in groups.

    `of` is a class of `column`s, the keys of a group, which also order the groups, and of `measure`s. Null, like a
    tally, where the caller may see no such row anywhere.
    """

    of: type
    target: str
    on: Join
    description: str
    where: RowFunction | None = None
    reads: int = HUNDREDS
    holding: Holding | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """By how much each number of the type that keeps history has changed since a day; `of` is the type's name."""

    description: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Grouped:
    """Within totals: the same rows in groups, by a class like a breakdown's."""

    of: type
    description: str


def count(
    target: str | type,
    on: Join,
    description: str,
    *,
    having: Mapping[str, bool] | None = None,
    where: RowFunction | None = None,
    distinct: RowFunction | None = None,
    total: RowFunction | None = None,
    reads: int = HUNDREDS,
    holding: Holding | None = None,
    among: str = "",
    first_untold: bool = False,
    alike: Collection[Way] = (),
) -> Any:
    """How many rows of `target` the join leads to: see `Tally`."""
    how = (where, distinct, total, reads, holding, among, first_untold)
    return Tally(_name(target), on, description, having or {}, *how, frozenset(alike))


def ratio(part: str, whole: str, description: str, *, unit: int = 1) -> Any:
    """A tally of the same type, by its Python name, divided by another: see `Ratio`."""
    return Ratio(part, whole, description, unit)


def measure(
    description: str,
    *,
    where: RowFunction | None = None,
    distinct: RowFunction | None = None,
    total: RowFunction | None = None,
    brings: str = "",
) -> Any:
    """A number of each group of a breakdown: see `Measure`."""
    return Measure(description, where, distinct, total, brings)


def change(description: str) -> Any:
    """What has changed since a day: see `Change`."""
    return Change(description)


def grouped(of: type, description: str) -> Any:
    """The rows of totals in groups: see `Grouped`."""
    return Grouped(of, description)


def breakdown(
    of: type,
    target: str | type,
    on: Join,
    description: str,
    *,
    where: RowFunction | None = None,
    reads: int = HUNDREDS,
    holding: Holding | None = None,
) -> Any:
    """Rows of `target` counted in groups: see `Breakdown`."""
    return Breakdown(of, _name(target), on, description, where, reads, holding)


def _name(target: str | type) -> str:
    return target if isinstance(target, str) else target.__name__
