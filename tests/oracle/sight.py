"""What one caller sees of the rows: scopes by asking `enforce` about every row, edges and filters row by row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from policies import decide
from policies.decide import Seat
from schema.pipeline.catalogue import Kind, camel
from schema.pipeline.kit import Condition, Edge
from tests.oracle.declarations import Declarations, Key
from tests.oracle.expressions import Frame, Record
from tests.oracle.tables import Tables


@dataclass(frozen=True, slots=True)
class Thing:
    """A row with its kind."""

    kind: Kind
    row: Record


@dataclass(frozen=True)
class Sight:
    """The rows as someone with these seats sees them."""

    declared: Declarations
    tables: Tables
    seats: tuple[Seat, ...]
    now: datetime
    _seen: dict[str, list[Record]] = field(default_factory=dict)
    _led: dict[tuple[int, str, int], list[Record]] = field(default_factory=dict)

    def address(self, kind: Kind, row: Record) -> Mapping[str, object]:
        """What a row answers to seats by."""
        ways = {"path": kind.entity.within, "account": kind.entity.oneself}
        return {name: self._of(way, kind, row) for name, way in ways.items() if way is not None}

    def every(self, kind: Kind) -> Sequence[Record]:
        """All rows of the kind, whoever may see them."""
        return self.tables[kind.entity.table.name]

    def seen(self, kind: Kind) -> Sequence[Record]:
        """The rows of the kind the caller may read."""
        if kind.name not in self._seen:
            self._seen[kind.name] = [
                row
                for row in self.every(kind)
                if decide.enforce(self.seats, kind.entity.policy, "read", self.address(kind, row))
            ]
        return self._seen[kind.name]

    def value(self, thing: Thing, function: Any) -> Any:
        """A row function's value."""
        return self._of(function, thing.kind, thing.row)

    def led_to(self, edge: Edge, above: Thing | None) -> Sequence[Record]:
        """The rows an edge leads to, of those the caller sees."""
        target = self.declared.catalogue.kinds[edge.target or ""]
        if above is None or edge.on is None:
            return self.seen(target)
        key = (id(edge), above.kind.name, id(above.row))
        if key not in self._led:
            joins = self.declared.join(edge.on, above.kind, target)
            here, there = self.declared.here(above.kind), self.declared.there(target)
            self._led[key] = [
                row for row in self.seen(target) if joins(self._frame({here: above.row, there: row})) is True
            ]
        return self._led[key]

    def passing(self, kind: Kind, rows: Iterable[Record], condition: Condition, value: Any) -> list[Record]:
        """The rows that fulfil a condition with this value."""
        if condition.edge is not None:
            edge = kind.fields[camel(condition.edge)].declared
            assert isinstance(edge, Edge)
            return [row for row in rows if bool(self.led_to(edge, Thing(kind, row))) is value]
        assert condition.predicate is not None
        test = self.declared.test(condition.predicate, condition.binds, kind)
        given = parameters(condition, value)
        return [row for row in rows if test(self._frame({self.declared.here(kind): row}, given)) is True]

    def keyed(self, kind: Kind, keys: Sequence[Key], row: Record, given: Mapping[str, Any] | None = None) -> list[Any]:
        """A row's values of some sort keys."""
        frame = self._frame({self.declared.here(kind): row}, given)
        return [key.value(frame) for key in keys]

    def ranked(self, function: Any, condition: Condition, thing: Thing, given: Mapping[str, Any]) -> Any:
        """An expression over a row and a condition's parameters."""
        made = self.declared.test(function, condition.binds, thing.kind)
        return made(self._frame({self.declared.here(thing.kind): thing.row}, given))

    def _of(self, function: Any, kind: Kind, row: Record) -> Any:
        return self.declared.of(function, kind)(self._frame({self.declared.here(kind): row}))

    def _frame(self, rows: Mapping[Any, Record], given: Mapping[str, Any] | None = None) -> Frame:
        return Frame(rows, given or {}, self.tables, self.now)


def parameters(condition: Condition, value: Any) -> dict[str, Any]:
    """The parameters a condition makes of an argument; Refused for a value that cannot be."""
    return {name: bind.convert(value) for name, bind in condition.binds.items()}
