"""Whose rows a number of distinct values counts: those that the column it counts by leads to, by its foreign keys."""

from collections.abc import Iterator

from sqlalchemy import Column, Table

from schema.catalogue.kinds import Catalogue, Group, Kind
from schema.kit.expressions import RowFunction
from schema.kit.numbers import Breakdown, Grouped


def groups_of(catalogue: Catalogue, kind: Kind) -> Iterator[Group]:
    """The types that tell of rows of a kind together: its totals, their groups, and those of breakdowns."""
    if kind.entity.totals is not None:
        totals = catalogue.groups[kind.entity.totals.__name__]
        yield totals
        grouped = (field.declared for field in totals.fields.values())
        yield from (catalogue.groups[each.of.__name__] for each in grouped if isinstance(each, Grouped))
    for other in catalogue.kinds.values():
        for field in other.fields.values():
            if isinstance(field.declared, Breakdown) and field.declared.target == kind.name:
                yield catalogue.groups[field.declared.of.__name__]


def named_by(table: Table, distinct: RowFunction | None) -> frozenset[Table]:
    """The tables whose rows the values of a column name; none for what is no column, or names nothing."""
    value = None if distinct is None else distinct(table.c)
    return frozenset(_named(value)) if isinstance(value, Column) else frozenset()


def _named(column: Column[object]) -> Iterator[Table]:
    for key in column.foreign_keys:
        if key.column.primary_key:
            yield key.column.table
        elif key.column.table is not column.table:  # one of several, as the row they lead to has it
            yield from _named(key.column)
