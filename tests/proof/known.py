"""By which keys rows answer to seats, worked out by the model once for as long as what that was read from is the same.

A caller is shown what the model says of every row of every kind, and so is the next one: nearly all of it is keys, and
those are the same for everybody. Which tables they were read from is noted while they are, so that a world of which one
table is another list has to be worked out anew only where that counts.
"""

from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, TypeVar

from tests.proof import model, ways
from tests.proof.model import Seat
from tests.proof.ways import Keys, Row, Tables

T = TypeVar("T")
Read = dict[str, list[Row] | None]  # the tables something was worked out from, as they were


class Noting(dict[str, list[Row]]):
    """Tables that note which of them are read."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        self.read: Read = {}

    def __getitem__(self, name: str) -> list[Row]:
        self.read[name] = found = super().__getitem__(name)
        return found

    def get(self, name: str, default: Any = None) -> Any:
        """As a dict has it."""
        self.read[name] = found = super().get(name)
        return default if found is None else found


Worked = dict[tuple[Hashable, ...], tuple[Read, list[T]]]


class Known:
    """What was worked out of one world at a time, and of those that differ from it in a few tables."""

    def __init__(self) -> None:
        self._keys: Worked[Keys] = {}
        self._seen: Worked[Row] = {}

    def keys(self, tables: Tables, called: str, today: date) -> list[Keys]:
        """Of all rows of what the model calls so, in their order."""

        def work(noting: Noting) -> list[Keys]:
            return [ways.keys_of(noting, called, row, today) for row in model.rows_of(noting, called)]

        return _once(self._keys, (called, today), tables, work)

    def seen(self, tables: Tables, called: str, entity: str, seats: list[tuple[str, Seat]], today: date) -> list[Row]:
        """What the model shows somebody of it."""

        def work(noting: Noting) -> list[Row]:
            keys = iter(self.keys(noting, called, today))
            noting.read |= self._keys[called, today][0]
            return model.visible(noting, called, entity, seats, today, lambda *_: next(keys))

        return _once(self._seen, (called, entity, *seats, today), tables, work)


def _once(known: Worked[T], key: tuple[Hashable, ...], tables: Tables, work: Callable[[Noting], list[T]]) -> list[T]:
    before = known.get(key)
    if before is None or any(tables.get(name) is not rows for name, rows in before[0].items()):
        noting = Noting(tables)
        found = work(noting)
        known[key] = before = (noting.read, found)
    return before[1]
