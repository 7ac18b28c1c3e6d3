"""What sweeps met over all the worlds they were asked of: fields that held something, conditions that parted rows."""

from collections.abc import Iterable

from tests.oracle.execution import Oracle

Condition = tuple[str, str]  # the kind and the condition's name

# `can` is true for few of all actions and rows; tests/explain asks for those. What counts from its day on counts today
# whatever there is, for no day to come is recorded.
ELSEWHERE = {"Viewer.can"}
ONE_WAY = "today"

# What is near, suits somebody, or goes on with a dispute, is too rare in these worlds to part rows by more than one
# thing: tests/centres, tests/duties and tests/households do.
SCARCE = frozenset(
    {
        ("Walk", "中心提供其中任一功能 / The centre offers one of these functions."),
        ("DutySuggestion", "岗位类别 / Of duties of this category."),
        ("HomeVisit", "是否为同一起纠纷的后续走访 / Whether it follows up an earlier visit of the same case."),
    }
)


class Met:
    """What was met, and what never was; `fields` are those there are."""

    def __init__(self, fields: Iterable[str]) -> None:
        self._never = {*fields}
        self._empty: set[str] = set()
        self._ways: dict[Condition, set[bool]] = {}

    def lacking(self) -> set[object]:
        """The fields nothing asked for, those that never held anything, and the conditions that never parted rows."""
        one_way: set[object] = {each for each, ways in self._ways.items() if len(ways) == 1 and each[1] != ONE_WAY}
        return self._never | self._empty | one_way - SCARCE

    def adds(self, oracle: Oracle) -> bool:
        """Whether what the reference execution has come to since `note` was lacking."""
        filled = {at for at, ever in oracle.met.items() if ever}
        fields = bool(filled & (self._empty | self._never))
        return fields or any(ways - self._ways.get(at, ways) for at, ways in oracle.sight.parted.items())

    def note(self, oracle: Oracle) -> None:
        """Take down what the reference execution has come to; it begins anew."""
        for at, ever in oracle.met.items():
            if ever:
                self._empty.discard(at)
            elif at in self._never and at not in ELSEWHERE:
                self._empty.add(at)
            self._never.discard(at)
        for condition, ways in oracle.sight.parted.items():
            self._ways.setdefault(condition, set()).update(ways)
        oracle.met.clear()
        oracle.sight.parted.clear()
