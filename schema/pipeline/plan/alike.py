"""By which ways all that a join leads to answers as the row it starts from does: read off the declared expressions.

A committee is led to by its compound's id and answers to whom `managers` names of that very id, as the compound does; a
contract answers to the company that holds it. So of a compound one sees by a way, one sees every committee, and not
every contract. No row is asked: two keys are the same where they read the same once every column that the join, or a
foreign key along it, makes equal to one above has that one's name. What lies in a place answers alike also where the
join says that it lies below. What hangs on more than that an edge says of itself (`Edge.alike`).
"""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, ForeignKeyConstraint
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList
from sqlalchemy.sql.operators import and_, eq
from sqlalchemy.sql.visitors import replacement_traverse

from policies.scope import Way
from schema.catalogue.kinds import Kind
from schema.kit.expressions import Join, Row
from services.organization.paths import at_or_beneath
from services.storage.tables import aliased

PLACES = (Way.WITHIN, Way.REGISTERED)  # the ways by which a row lies in a place, and is seen from there
PLACED = (Way.WITHIN, Way.WITHIN)  # that what belongs to a row lies where that lies, or below, by whichever of these

Alike = frozenset[tuple[Way, Way]]  # a way of the row above, and one by which what belongs to it answers alike

_KNOWN: dict[tuple[Join, str, str], Alike] = {}  # a join is read once, however often it is planned


def alike(of: Kind, target: Kind, on: Join) -> Alike:
    """The ways by which all that a join leads to answers whenever the row it starts from does."""
    key = (on, of.name, target.name)
    if key not in _KNOWN:
        _KNOWN[key] = frozenset(_Join(of, target, on).ways())
    return _KNOWN[key]


class _Join:
    """A join from rows of one kind to those of another, each under a name of its own."""

    def __init__(self, of: Kind, target: Kind, on: Join) -> None:
        self._of, self._target = of, target
        self._above: Row = aliased(of.entity.table, "above").c
        self._row: Row = aliased(target.entity.table, "row").c
        self._parts = [*_parts(on(self._above, self._row))]
        self._same = dict(self._equal())
        self._same |= dict(self._carried_along())

    def ways(self) -> Iterator[tuple[Way, Way]]:
        """Those that read alike."""
        above, below = self._keyed(self._of, self._above), self._keyed(self._target, self._row)
        yield from ((way, other) for way, keys in above.items() for other, said in below.items() if keys <= said)
        if self._beneath():
            yield PLACED

    def _equal(self) -> Iterator[tuple[Any, Any]]:
        """Columns of what it leads to, each with the one above that it says is equal."""
        above, row = {*self._above}, {*self._row}
        for part in self._parts:
            if isinstance(part, BinaryExpression) and part.operator is eq:
                for one, other in ((part.left, part.right), (part.right, part.left)):
                    if one in row and other in above:
                        yield one, other

    def _carried_along(self) -> Iterator[tuple[Any, Any]]:
        """And those that a foreign key to the row above holds equal as well."""
        keys = (each for each in self._target.entity.table.constraints if isinstance(each, ForeignKeyConstraint))
        for key in keys:
            if key.referred_table is self._of.entity.table:
                pairs = [(self._row[each.parent.key], self._above[each.column.key]) for each in key.elements]
                if any(self._same.get(one) is other for one, other in pairs):
                    yield from pairs

    def _beneath(self) -> bool:
        """Whether it says that what it leads to lies at or below the place of the row it starts from."""
        said = {*map(self._said, self._parts)}
        seats = [path for way in (*PLACES, Way.AT) for path in self._columns(self._of, self._above, way)]
        places = [path for way in PLACES for path in self._columns(self._target, self._row, way)]
        by_path = any({*map(self._said, _parts(at_or_beneath(path, top)))} <= said for path in places for top in seats)
        return by_path or bool({*map(self._said, places)} & {*map(self._said, seats)})

    def _keyed(self, kind: Kind, row: Row) -> dict[Way, set[str]]:
        return {way: {*map(self._said, self._keys(kind, row, way))} for way in kind.entity.ways}

    def _columns(self, kind: Kind, row: Row, way: Way) -> list[ColumnElement[Any]]:
        return [key for key in self._keys(kind, row, way) if isinstance(key, ColumnElement)]

    def _keys(self, kind: Kind, row: Row, way: Way) -> list[Any]:
        declared = kind.entity.ways.get(way, ())
        return [keys(row) for keys in (declared if isinstance(declared, tuple) else (declared,))]

    def _said(self, expression: Any) -> str:
        """An expression as it reads, and the values in it."""
        named: Callable[..., Any] = lambda each, **_: self._same.get(each)  # noqa: E731
        renamed = replacement_traverse(expression, {}, named)
        made = renamed.compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
        return f"{made} {[*made.params.values()]}"


def _parts(on: Any) -> Iterator[Any]:
    """What must hold, each by itself."""
    if isinstance(on, BooleanClauseList) and on.operator is and_:
        for each in on.clauses:
            yield from _parts(each)
    else:
        yield on
