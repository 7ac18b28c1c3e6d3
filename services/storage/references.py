"""What a column names: the rows of which tables, or a unit by its path; from its keys, or as it declares.

The trail repeats columns to whoever follows it, and tells nobody of what they do not read: so what names a row must be
known for every column there is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table

from services.terms import TELLS_OF

# In a column's `info`: what it names where no key says so, the tables' names or `PATH`.
NAMES = "names"
# What is named: a unit by its path; rows by a list of their ids, which nobody is led along.
PATH, SEVERAL = "path", "several"


@dataclass(frozen=True, slots=True)
class Reference:
    """What a column names, and in which column of its row the name stands."""

    names: frozenset[str]
    by: str


def references(table: Table) -> Mapping[str, Reference]:
    """Of the columns that name something else than their row, or tell of it: what, by their names."""
    found = {column.name: _reference(column) for column in table.c if column.name != "id"}
    return {name: reference for name, reference in found.items() if reference.names}


def _reference(column: Column[Any]) -> Reference:
    by = column.info.get(TELLS_OF, column.name)
    return Reference(_named(column.table.c[by]), by)


def _named(column: Column[Any]) -> frozenset[str]:
    """What a column names; one that is of another's key by way of a third table, what that one's does."""
    if NAMES in column.info:
        return frozenset(column.info[NAMES])
    found = [key.column for key in column.foreign_keys]
    if any(each.name == "id" for each in found):
        return frozenset(each.table.name for each in found if each.name == "id")
    if any(each.name == "path" for each in found):
        return frozenset({PATH})
    return frozenset().union(*(_named(each) for each in found if each.table is not column.table))
