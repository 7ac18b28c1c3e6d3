"""What the areas declare, as functions of Python rows; each row function is interpreted once and kept."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, FromClause, bindparam
from sqlalchemy.types import TypeEngine

from policies.scope import Way
from schema.catalogue.kinds import Catalogue, Kind, lookups
from schema.kit.entities import Bind, Condition, Edge
from schema.kit.expressions import Join, RowFunction, Sorts
from tests.oracle.dispatch import Evaluate, Frame, Record, compiled
from tests.oracle.expressions import ranked
from tests.oracle.selects import joined, keys

T = TypeVar("T")
Predicate = Callable[..., ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class Key:
    """One expression rows are ordered by."""

    value: Evaluate
    type: TypeEngine[Any]

    def rank(self, value: Any) -> Any:
        """What its values compare by."""
        return ranked(self.type)(value)


class Declarations:
    """Row functions, joins and conditions of one catalogue, interpreted.

    A row stands for `here` of its kind, the row an edge leads to for `there`: a kind may lead to itself.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._kept: dict[Hashable, Any] = {}
        self._here = {name: kind.entity.table.alias() for name, kind in catalogue.kinds.items()}
        self._there = {name: kind.entity.table.alias() for name, kind in catalogue.kinds.items()}

    def here(self, kind: Kind) -> FromClause:
        """The table a row of the kind stands for."""
        return self._here[kind.name]

    def there(self, kind: Kind) -> FromClause:
        """The table the row an edge leads to stands for."""
        return self._there[kind.name]

    def of(self, function: RowFunction, kind: Kind) -> Evaluate:
        """A row function over `here`."""
        return self._keep((function, kind.name), lambda: compiled(function(self.here(kind).c)))

    def ways(self, kind: Kind) -> Mapping[Way, Sequence[Callable[[Frame], list[Any]]]]:
        """By way, what gives the keys a row of `here` has."""

        def made() -> Mapping[Way, Sequence[Callable[[Frame], list[Any]]]]:
            row = self.here(kind).c
            declared = {way: of if isinstance(of, tuple) else (of,) for way, of in kind.entity.ways.items()}
            return {way: [keys(function(row)) for function in functions] for way, functions in declared.items()}

        return self._keep((kind.name, "ways"), made)

    def join(self, on: Join, kind: Kind, target: Kind) -> Callable[[Frame], Iterator[Record]]:
        """The rows `there` of one kind that a join leads to from `here` of another."""
        there = self.there(target)
        made = lambda: joined(there, on(self.here(kind).c, there.c))  # noqa: E731
        return self._keep((on, kind.name, target.name), made)

    def test(self, predicate: Predicate, binds: Mapping[str, Bind], kind: Kind) -> Evaluate:
        """A predicate, or a rank, over `here` and the parameters of a condition."""

        def made() -> Evaluate:
            return compiled(predicate(self.here(kind).c, _parameters(binds)))

        return self._keep((predicate, kind.name), made)

    def preferred(self, condition: Condition, kind: Kind) -> Sequence[Key]:
        """What decides between several rows a lookup finds."""
        prefer = condition.prefer
        if prefer is None:
            return ()
        made = lambda: _keys(prefer(self.here(kind).c, _parameters(condition.binds)))  # noqa: E731
        return self._keep((prefer, kind.name), made)

    def sort(self, sorts: Sorts, kind: Kind) -> Sequence[Key]:
        """The order of a list."""
        return self._keep((sorts, kind.name), lambda: _keys(sorts(self.here(kind).c)))

    def total(self, asked: Sequence[tuple[str, bool]], kind: Kind) -> tuple[Sequence[Key], Sequence[bool]]:
        """The order of a page, with which keys go downwards: as asked, by ties, and by what is unique last."""

        def made() -> tuple[Sequence[Key], Sequence[bool]]:
            row, entity = self.here(kind).c, kind.entity
            told = [(key, down) for name, down in asked for key in entity.orders[name](row)]
            told = told or [(key, False) for key in entity.sort(row)]
            told += [(key, False) for key in (*entity.ties(row), entity.unique(row))]
            return _keys([key for key, _ in told]), [down for _, down in told]

        return self._keep((tuple(asked), kind.name, "total"), made)

    def identity(self, kind: Kind) -> Sequence[Key]:
        """What a cursor holds of a row."""
        return self._keep((kind.name, "identity"), lambda: _keys(kind.entity.identity.of(self.here(kind).c)))

    def lookups(self, edge: Edge, kind: Kind) -> Mapping[str, Condition]:
        """The conditions by which a lookup may name its row."""
        return self._keep((edge.by, kind.name, "lookups"), lambda: lookups(edge, kind))

    def _keep(self, key: Hashable, make: Callable[[], T]) -> T:
        if key not in self._kept:
            self._kept[key] = make()
        kept: T = self._kept[key]
        return kept


def _keys(columns: Sequence[ColumnElement[Any]]) -> Sequence[Key]:
    return [Key(compiled(column), column.type) for column in columns]


def _parameters(binds: Mapping[str, Bind]) -> Mapping[str, ColumnElement[Any]]:
    return {name: bindparam(name, None, type_=bind.type) for name, bind in binds.items()}
