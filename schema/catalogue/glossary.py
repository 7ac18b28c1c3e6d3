"""What the areas call what the database records: made of their declarations, so that it cannot say anything else."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

from sqlalchemy import ARRAY, Column, Table
from sqlalchemy.sql.elements import BinaryExpression, Cast, ColumnClause
from sqlalchemy.sql.operators import eq

from schema.catalogue.offers import Offer
from schema.kit.entities import Area, Edge, EdgeKind, Either, Entity, Value
from schema.kit.glossary import LIST, PATH, Called, Glossary, InWords, Recorded, short
from services.described import Described
from services.storage.tables import VIEW, aliased

if TYPE_CHECKING:
    from schema.catalogue.kinds import Field, Kind


def glossary(kinds: "Mapping[str, Kind]", offers: Mapping[str, Offer], areas: Iterable[Area] = ()) -> Glossary:
    """The words of these kinds and commands, and of tables beside them that the areas call something."""
    of: dict[str, list[Kind]] = {}
    for kind in kinds.values():
        if VIEW not in kind.entity.table.info:
            of.setdefault(kind.entity.table.name, []).append(kind)
    commands = {name: short(offer.description) for name, offer in offers.items()}
    beside = {table: recorded for area in areas for table, recorded in area.recorded.items()}
    return Glossary(commands, {table: _recorded(several, kinds) for table, several in of.items()} | beside)


def worded(kinds: "Mapping[str, Kind]", words: Glossary) -> "dict[str, Kind]":
    """The kinds, those of their fields made that are told in these words."""
    return {
        name: replace(
            kind,
            entity=_sifted(kind.entity, words),
            fields={key: _worded(field, words) for key, field in kind.fields.items()},
        )
        for name, kind in kinds.items()
    }


def _worded(field: "Field", words: Glossary) -> "Field":
    return replace(field, declared=field.declared.made(words)) if isinstance(field.declared, InWords) else field


def _sifted(entity: Entity, words: Glossary) -> Entity:
    return replace(entity, sifted=entity.sifted.made(words)) if isinstance(entity.sifted, InWords) else entity


def _recorded(several: "Iterable[Kind]", kinds: "Mapping[str, Kind]") -> Recorded:
    """Of the types over one table, the one with global ids gives its name; every one tells of columns."""
    ordered = sorted(several, key=lambda kind: kind.entity.tag is None)
    columns: dict[str, Called] = {}
    for kind in ordered:
        for name, field in kind.fields.items():
            for column, called in _called(name, field, kind.entity.table, kinds):
                columns.setdefault(column, called)
    return Recorded(ordered[0].name, ordered[0].entity.tag, columns)


def _called(name: str, field: "Field", table: Table, kinds: "Mapping[str, Kind]") -> Iterator[tuple[str, Called]]:
    """The columns a field is of: its own value's, or those by which its edges lead to one row."""
    of = field.declared
    if isinstance(of, Value):
        value = table.c.get(field.python_name) if of.of is None else of.of(table.c)
        column = value.clause if isinstance(value, Cast) else value
        if isinstance(column, Column) and column.table is table:
            kind = LIST if isinstance(column.type, ARRAY) else None
            yield column.name, Called(name, short(of.description), kind, _values(field.annotation))
    elif isinstance(of, Edge | Either):
        for edge in of.edges if isinstance(of, Either) else (of,):
            target = kinds[edge.target or ""].entity
            if (named := _naming(edge, table, target.table)) is not None:
                yield named[0], Called(name, short(of.description), PATH if named[1] == "path" else target.tag)


def _values(annotation: Any) -> Mapping[str, str]:
    """What the values of an enumeration mean; nothing of another type, or of a list."""
    of = next((part for part in (annotation, *get_args(annotation)) if isinstance(part, type)), object)
    return {value.name: short(value.text) for value in of} if issubclass(of, Described) else {}


def _naming(edge: Edge, table: Table, to: Table) -> tuple[str, str] | None:
    """The column of a row that names the one an edge leads to, and by which of that one's; None for other joins."""
    if edge.kind is not EdgeKind.ONE or edge.on is None or edge.sort is not None:
        return None
    own, other = aliased(table), aliased(to)
    on = edge.on(own.c, other.c)
    if not isinstance(on, BinaryExpression) or on.operator is not eq:
        return None
    sides = {side.table: side.name for side in (on.left, on.right) if isinstance(side, ColumnClause)}
    if {own, other} != {*sides} or sides[own] == "id" or sides[other] not in ("id", "path"):
        return None
    return sides[own], sides[other]
