"""A scope the other way round: which seats have a right on a row, found from the row.

`binding` asks, for a caller's seats, how rows answer to them; here the seats are those of all accounts, rows of
`services.access.seats.seats`. Both read the same declarations: roles.csv through `decide`, `SEATS`, and an entity's
ways.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from policies import decide
from policies.actor import SEATS
from policies.scope import FROM_ABOVE, At, Oneself, Sector, Term, Way, Within, answering
from schema.kit.expressions import Keys, Ways
from services.access.seat_kinds import BY_NAME

Seated = tuple[str, type[Term], tuple[str, ...]]  # a column of seats, the term that comes of it, roles seated there


class Lies(Enum):
    """Where the seat lies as seen from a key of the row."""

    THERE = "at the key"
    AT_OR_ABOVE = "at the key or above it"
    ABOVE = "above the key"
    AT_OR_BELOW = "at the key or below it"


@dataclass(frozen=True, slots=True)
class Entrance:
    """One way in: seats of these roles, by one column of theirs, at which the row's keys of one way say so."""

    way: Way
    keys: Keys
    column: str
    roles: tuple[str, ...]
    lies: Lies


def entrances(ways: Ways, right: tuple[str, str]) -> tuple[Entrance, ...]:
    """Everything by which a seat may have a right on rows that answer by these ways."""
    holders = [role for role in decide.roles() if right in decide.permissions(role)]
    own = [("oneself", Oneself, ("everyone",))] if "everyone" in holders else []
    return tuple(_by(ways, right[1], [*_seated(holders), *own]))


def doors(ways: Ways, action: str) -> tuple[Entrance, ...]:
    """The same of seats of every role, whether or not it has the right: by what a row answers to a grant at all."""
    return tuple(_by(ways, action, _seated(SEATS)))


def _by(ways: Ways, action: str, seated: Iterable[Seated]) -> Iterator[Entrance]:
    """Terms of several kinds that the same keys answer at the same place share an entrance."""
    found: dict[tuple[Way, Keys, str, Lies], list[str]] = {}
    for column, term, roles in seated:
        for way in answering(term, action):
            declared = ways.get(way, ())
            for keys in declared if isinstance(declared, tuple) else (declared,):
                found.setdefault((way, keys, column, _lies(term, way, action)), []).extend(roles)
    for (way, keys, column, lies), holders in found.items():
        yield Entrance(way, keys, column, tuple(sorted(holders)), lies)


def _seated(roles: Iterable[str]) -> Iterator[Seated]:
    """Kinds of seats with those of the roles that can sit there: the seat's column, the term that comes of it."""
    found: dict[tuple[str, type[Term]], list[str]] = {}
    for role in sorted(roles):
        for kind, term in SEATS.get(role, {}).items():
            found.setdefault((BY_NAME[kind].column, term), []).append(role)
    for (column, term), seated in found.items():
        yield column, term, tuple(seated)


def _lies(term: type[Term], way: Way, action: str) -> Lies:
    if way is Way.ABOVE:
        return Lies.AT_OR_BELOW
    if issubclass(term, Within | Sector):
        return Lies.ABOVE if action in FROM_ABOVE else Lies.AT_OR_ABOVE
    assert term is not At or way is Way.AT
    return Lies.THERE
