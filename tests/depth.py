"""How much is tried of what could be drawn without end: `make quick` a little, `make test` enough, `make proof` much.

What must be met (every field, every side of a filter) is met by proof: its tests go on until it is. The depth says how
often beyond that.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar
from zlib import crc32

import pytest

T = TypeVar("T")
WHOLE = "TESTS_WHOLE"
PARTS = 16
TIMES = {"quick": 0.25, "usual": 1.0, "much": 6.0}[os.environ.get("TESTS_DEPTH", "usual")]


# What `make proof` alone tries: minutes of worlds and questions, of what other tests ask in fewer.
only_much = pytest.mark.skipif(TIMES <= 1, reason="make proof tries it")


def deep(usual: int, much: int | None = None) -> int:
    """So many at the depth of this run; one at least. `much` where that is not six times as many."""
    return much if much and TIMES > 1 else max(1, round(usual * TIMES))


def in_turn(items: Iterable[T], parts: int = PARTS) -> list[T]:
    """A sixteenth of them, or another part, by what the schema is; each in make proof, and where faults are tried.

    A tree always tries the same, and one that offers something else another part.
    """
    schema = (Path(__file__).parents[1] / "schema.graphql").read_bytes()
    return shared_out(items, crc32(schema), parts)


def shared_out(items: Iterable[T], turn: int, parts: int) -> list[T]:
    """A part of them, another in each turn of as many as there are parts; all of them where `in_turn` gives all."""
    listed = [*items]
    return listed if TIMES > 1 or WHOLE in os.environ else listed[turn % parts :: parts]
