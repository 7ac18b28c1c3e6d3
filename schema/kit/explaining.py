"""The words for access explained: who may do something to a row, through which grant, seat, way and rule.

The area that declares a kind over `services.access.seats.seats` gives it fields with `explained`, and the roots
`accesses`; one over grants, which tells what an account lacks, the root `misses`.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

import strawberry

from policies.scope import Way


class AccessWay(Enum):
    """该行如何归于席位 / By which way a row answers to a seat."""

    locals().update({way.name: strawberry.enum_value(way.name, description=way.value) for way in Way})


# What a grant can lack for a right on a row, for readers of a miss.
MISSING = {
    "TIME": "授权尚未生效、已届满或已撤销 / The grant has not begun, has ended or was revoked.",
    "SEAT": "该对象今天不归于席位，共享、合同、派驻等已终止的亦同"
    " / The object does not answer to the seat today, also where a sharing, contract or dispatch is over.",
    "RIGHT": "角色没有此权限 / The role does not have the right.",
    "ACCOUNT": "其余皆备，但账号已停用，或是受限的程序 / All else holds; it is closed, or a program bound to less.",
}


class Missing(Enum):
    """授权所缺 / What a grant lacks."""

    locals().update({name: strawberry.enum_value(name, description=MISSING[name]) for name in MISSING})


class Part(Enum):
    """What of an explanation depends on the right that is asked about."""

    RULE = "the line of roles.csv that allows it"
    INHERITS = "the roles from the one granted down to the one of that line"
    WAYS = "the ways by which the row answers to the seat"
    RULES = "the line that allows it to the role, or else all that allow it to others"
    MISSING = "what the grant lacks"


@dataclass(frozen=True, slots=True)
class Explained:
    """A field of a seat that only an explanation knows; `of` is what it explains, once a question is planned."""

    part: Part
    description: str
    of: object = None


@dataclass(frozen=True, slots=True)
class Accesses:
    """A root: the seats through which something may be done to a row, as rows of `target`.

    Page by page of all accounts, or of one account as a list; none where the asker may not ask about that row. With
    `most` those of one account that come nearest, at most so many, where none of its seats does.
    """

    target: str
    description: str
    paged: bool
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Permitted:
    """A field of the asker: whether they may do something to the row of an id."""

    description: str


def explained(part: Part, description: str) -> Any:
    """A part of an explanation: see `Part`."""
    return Explained(part, description)


def permitted(description: str) -> Any:
    """Whether the asker has a right on a row: `can(action: Action!, at: ID!): Boolean!`."""
    return Permitted(description)


def accesses(target: type, description: str, *, paged: bool) -> Accesses:
    """Root: the seats that reach a row, of everyone (`paged`) or of one account."""
    return Accesses(target.__name__, description, paged)


def misses(target: type, description: str, *, most: int) -> Accesses:
    """Root: the grants of one account that come nearest to reaching a row, the nearest first."""
    return Accesses(target.__name__, description, paged=False, most=most)
