"""The one MetaData every area's tables hang on, with names for constraints so that migrations can refer to them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnClause,
    ColumnElement,
    Computed,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    TableClause,
    Text,
    Uuid,
    column,
)
from sqlalchemy import table as named_columns
from sqlalchemy.dialects.postgresql import ARRAY, DOMAIN
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.selectable import NamedFromClause

from services import names

METADATA = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)

# Byte order everywhere a code or a path is compared: a prefix is then an index range under every server's locale.
BYTEWISE = Text(collation="C")

# What a sum is cast to before it goes out: what JavaScript holds exactly (migration 0022). Beyond, PostgreSQL refuses.
GREATEST_SAFE = 2**53 - 1
SAFE_INT = DOMAIN("safe_int", BigInteger(), create_type=False)

VIEW = "view"  # in a table's `info`: it is a view
# In a table's `info`: its rows hold for their unit and everything below it. A split gives every part a copy of them,
# and where units merge only one of those with the same key stays.
INHERITED = "inherited"
# In a table's `info`: its rows are terms between two units. The columns of what they are about, which lies in the one,
# and of the other's path: see `services.organization.between`.
BETWEEN = "between"
# In a table's `info`: its rows are terms of a member in a unit that end as the member goes to serve elsewhere; see
# `services.members.moving`.
SERVED = "served"
# In a table's `info`: its rows are terms of a member that must not outlast their leaving; the `Rule` that says so. See
# `services.members.leaving`.
KEEPS = "keeps"
# In a table's `info`: what of its rows must not reach further than it did. Of the paths of units that become one, the
# statements that end those: see `services.organization.merging`.
BOUNDED = "bounded"
# In a table's `info`: which of its rows do not belong where they are once units lie elsewhere, as what is on the agenda
# of a meeting to come in the unit it was of before. By the path of what moved, their ids and names; and the
# column that names what they are part of, whose version counts it: see `services.organization.between`.
ASTRAY = "astray"
# In a table's `info`: what follows once units lie elsewhere, as counting what waits for a year that is loaded there. By
# a transaction and the path of what moved; see `services.organization.between`.
ARRIVED = "arrived"
# In a table's `info`: its rows are numbers of their unit, which add up where units become one (`Summed`); see
# `services.organization.adding`.
SUMMED = "summed"
# In a table's `info`: which of its rows, by their columns, are of the member rather than of a unit, and go along then.
FOLLOWS = "follows"
# In a table's `info`: what its rows are called, in both languages, which keep the compound they are about on record.
KEEPING = "keeping"
PERSONS = "persons"  # in a table's `info`: its rows are persons, whose surnames are read as such, too
# In a table's `info`: what the service's own role may do with its rows, where that is not everything.
PRIVILEGES = "privileges"
# In a column's `info`: the least and the greatest number a command may write into it, where not any from 0 on.
RANGE = "range"
GREATEST = 2**31 - 1  # of GraphQL's Int and PostgreSQL's integer alike


@dataclass(frozen=True, slots=True)
class Summed:
    """Which columns say what is counted, which is the number, and whether that of a row was asked at a path.

    `within` is the column of the rows a number is part of, by their ids.
    """

    by: tuple[str, ...]
    number: str
    asked: Callable[[Any, str], Any]
    path: str = "unit_path"
    within: str | None = None


def aliased(table: Table, name: str | None = None) -> NamedFromClause[ReadOnlyColumnCollection[str, ColumnClause[Any]]]:
    """A table once more in a statement, under a name of its own: its columns, without their keys and constraints.

    SQLAlchemy's own alias copies these for each column, which took a third of the time statements are made in.
    """
    return _columns_of(table).alias(name)


@cache
def _columns_of(table: Table) -> TableClause:
    return named_columns(table.name, *(column(each.key, each.type) for each in table.c))


def identified() -> Column[Any]:
    """The primary key: a UUID made by the application, because sequences tell how many others there are."""
    return Column("id", Uuid, primary_key=True)


def versioned() -> Column[int]:
    """Counts the changes people make to a row; an update names the version it was decided on."""
    return Column("version", Integer, nullable=False, server_default="1")


def counted(table: Table) -> dict[str, ColumnElement[int]]:
    """Of a change that is not decided on a version: counted all the same, where the table's rows have one."""
    return {"version": table.c.version + 1} if "version" in table.c else {}


def part_of(whole: Table, name: str) -> tuple[Column[UUID], Column[str], ForeignKeyConstraint]:
    """The row something is part of, by the name of that column; and where it lies, which follows the whole."""
    lies = ForeignKeyConstraint([name, "unit_path"], [whole.c.id, whole.c.unit_path], onupdate="CASCADE")
    return Column(name, Uuid, nullable=False), Column("unit_path", BYTEWISE, nullable=False), lies


def folded() -> Column[str]:
    """A name as it is compared, by `services.names.fold`: what must have a name of its own is unique by this."""
    return Column("folded", BYTEWISE, nullable=False)


def sorting(of: str) -> Column[str]:
    """What names sort by: PostgreSQL keeps it of another key, with numbers padded, so that 2 comes before 10."""
    return Column("sorting", BYTEWISE, Computed(of, persisted=True), nullable=False)


def numbered() -> tuple[Column[str], Column[str]]:
    """A name that is mostly a number, as a building's: as it is compared, and in order, Chinese numerals as well."""
    return folded(), sorting("numbers_padded(numerals_read(folded))")


def search_keys() -> tuple[Column[str], Column[str], Column[list[str]], Column[str]]:
    """The columns of a row that `search` finds; `services.names.search_keys` computes them.

    `pinyin` is the whole reading, a space, the initials ("hepingshequ hpsq"); `grams` the pairs of neighbouring
    characters of the name and of the initials.
    """
    return (
        folded(),
        Column("pinyin", BYTEWISE, nullable=False),
        Column("grams", ARRAY(BYTEWISE), nullable=False),
        sorting("numbers_padded(ordinals_read(pinyin, folded))"),
    )


def named(table: Table, name: str) -> dict[str, Any]:
    """A name as columns of `table`, with everything it is compared and found by there."""
    if "pinyin" in table.c:
        return {"name": name, **names.search_keys(name, person=PERSONS in table.info)._asdict()}
    return {"name": name, "folded": names.fold(name)} if "folded" in table.c else {"name": name}
