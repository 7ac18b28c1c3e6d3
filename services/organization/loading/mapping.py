"""The file that says which unit is which where codes and names do not: old,new.

`old` is the code a unit has in the tree, or had; `new` is its code in the divisions file. Without `old` the row is a
new unit, whatever it looks like. What is said here goes before everything else.
"""

from dataclasses import dataclass, field
from typing import BinaryIO

from services.organization.loading.divisions import Divisions, checked_code, records

HEADER = ["old", "new"]
NAME = "mapping"  # how its problems are told from those of the divisions file


@dataclass(slots=True)
class Told:
    """What the file says: the old code by the new one, None for what is new; and the line of each new one."""

    olds: dict[str, str | None] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


def read_mapping(source: BinaryIO, divisions: Divisions) -> Told:
    """Read the whole file; what is wrong is noted with the divisions' own problems. Blocks: call it in a thread."""
    told = Told()
    first: dict[tuple[str, str], int] = {}
    for line, (raw_old, raw_new) in records(source, HEADER, divisions, NAME):
        new = checked_code(line, "new", raw_new, divisions, NAME)
        old = checked_code(line, "old", raw_old, divisions, NAME) if raw_old else None
        repeated = False
        for column, code in (("old", old), ("new", new)):
            if code is not None and first.setdefault((column, code), line) != line:
                earlier, repeated = first[column, code], True
                zh, en = f"{code} 与第 {earlier} 行重复", f"{code} repeats line {earlier}"
                divisions.report(line, column, zh, en, NAME)
        if new is not None and not repeated and (old is not None or not raw_old):
            told.olds[new], told.lines[new] = old, line
    return told
