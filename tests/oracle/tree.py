"""Units as they are drawn: at levels below one another, by codes that continue others or look like them."""

from collections.abc import Sequence
from random import Random
from uuid import UUID

from services.organization.tables import OrgLevel, units
from services.storage.tables import named
from tests.oracle.columns import Row, called
from tests.oracle.rows import path_of

LEVELS = list(OrgLevel)
SUFFIXES = ("1", "2", "11", "12", "21", "211", "001", "002", "100", "00")


def unit_row(random: Random, parent: Row | None, code: str) -> Row:
    """A unit below another, at any lower level."""
    above = LEVELS.index(parent["level"]) if parent else -1
    level = LEVELS[min(above + random.choice((1, 1, 1, 2)), len(LEVELS) - 1)]
    name = called(random)
    made = {
        "id": uuid_of(random),
        "level": level,
        "code": code,
        **named(units, name),
        "parent_path": parent and path_of(parent),
    }
    return {**made, "path": path_of(made)}


def free_code(random: Random, parent: Row | None, units: Sequence[Row]) -> str:
    """A code none of the units has: one beside it with a digit more, the parent's with more digits, or unlike both."""
    taken = {row["code"] for row in units}
    beside = [row["code"] for row in units if parent and row["parent_path"] == path_of(parent)]
    if beside and random.random() < 0.3:
        code: str = random.choice(beside) + random.choice("019")
    else:
        head = parent["code"] if parent and random.random() < 0.85 else random.choice(("35", "3505", "44"))
        code = head + random.choice(SUFFIXES)
    while code in taken:
        code += random.choice("0123456789")
    return code


def uuid_of(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)
