"""How much is tried of what could be drawn without end: `make quick` a little, `make test` enough, `make proof` much.

What must be met (every field, every command, every side of a filter) is met at each depth: those tests go on until it
is. The depth says how often beyond that.
"""

import os

TIMES = {"quick": 0.25, "usual": 1.0, "much": 6.0}[os.environ.get("TESTS_DEPTH", "usual")]


def deep(usual: int, much: int | None = None) -> int:
    """So many at the depth of this run; one at least. `much` where that is not six times as many."""
    return much if much and TIMES > 1 else max(1, round(usual * TIMES))
