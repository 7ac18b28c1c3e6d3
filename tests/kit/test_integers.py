"""Whole numbers of the schema: what could be given more than its type holds does not start, and PostgreSQL agrees."""

from collections.abc import Iterator
from typing import Any, get_args

import asyncpg
import pytest
from graphql import GraphQLScalarType
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Numeric,
    Select,
    Table,
    Text,
    Uuid,
    cast,
    func,
    select,
)
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from schema import AREAS
from schema.catalogue.kinds import link
from schema.kit.entities import Area, Value, column, entity
from schema.kit.expressions import RowFunction
from schema.kit.numbers import Breakdown, breakdown, count, measure
from schema.kit.scalars import SafeInt
from services.storage.tables import GREATEST_SAFE, SAFE_INT
from tests.built import CATALOGUE, SCHEMA

DIALECT = PGDialect_asyncpg()  # type: ignore[no-untyped-call]
COUNTERS = Table(
    "counter",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("unit_path", Text(collation="C")),
    Column("small", Integer),
    Column("value", BigInteger),
    Column("exact", Numeric),
)


def area(annotation: Any, of: RowFunction | None = None) -> Area:
    """An entity with one field, `value`, of this annotation over this expression; its own column where None."""
    said = {"__doc__": "A counter.", "__annotations__": {"value": annotation}, "value": column("What it shows.", of)}
    made: type = entity(COUNTERS, policy="unit", tag="counter", sort=lambda row: (row.id,))(type("Counter", (), said))
    return Area(entities=(made,))


def grouped(annotation: Any, **of: Any) -> Area:
    """A breakdown with one measure of this annotation."""
    said = {"__doc__": "Counters.", "__annotations__": {"number": annotation}, "number": measure("A number.", **of)}
    made = breakdown(type("Counters", (), said), "OrgUnit", lambda unit, other: unit.path == other.path, "Counters.")
    return Area(edges={"OrgUnit": {"counters": made}})


def _counted(_: Any) -> ColumnElement[Any]:
    return select(func.count()).scalar_subquery()


BEYOND: dict[str, tuple[Any, RowFunction | None]] = {
    "a bigint column": (int, None),
    "one that may be null": (int | None, None),
    "in a list": (list[int], None),
    "bigint under another name": (int, lambda row: row.value),
    "numeric": (int, lambda row: row.exact),
    "a cast to bigint": (int, lambda row: cast(row.small, BigInteger())),
    # SQLAlchemy takes these for integers, PostgreSQL does not.
    "a sum": (int, lambda row: func.sum(row.small)),
    "a count": (int, lambda row: func.count(row.id)),
    "a count in a select": (int, _counted),
    "a length": (int, lambda row: func.length(row.unit_path)),
    "bigint as it is for a SafeInt": (SafeInt, None),
    "a cast to bigint for a SafeInt": (SafeInt, lambda row: cast(row.exact, BigInteger())),
}


@pytest.mark.parametrize("beyond", BEYOND.values(), ids=BEYOND)
def test_what_may_be_beyond_its_type_does_not_start(beyond: tuple[Any, RowFunction | None]) -> None:
    with pytest.raises(ValueError, match=r"^Counter\.value is (an Int|a SafeInt) of "):
        link((*AREAS, area(*beyond)))


def test_what_is_within_its_type_starts() -> None:
    link((*AREAS, area(int | None, lambda row: row.small)))
    link((*AREAS, area(int, lambda row: cast(func.count(row.id), Integer()))))
    link((*AREAS, area(SafeInt | None, lambda row: cast(row.value, SAFE_INT))))
    link((*AREAS, area(str, lambda row: row.unit_path)))


def test_what_adds_up_is_no_int() -> None:
    """In a group, where an annotation says so; a tally of an area has none, its type is made of what it does."""
    with pytest.raises(ValueError, match=r"^Counters\.number must be"):
        link((*AREAS, grouped(int, total=lambda unit: unit.version)))
    with pytest.raises(ValueError, match=r"^Counters\.number must be"):
        link((*AREAS, grouped(SafeInt)))
    link((*AREAS, grouped(SafeInt, total=lambda unit: unit.version)))
    assert str(_type("OperationCount", "beneficiaries")) == "SafeInt"
    assert str(_type("OperationCount", "items")) == "Int"


def test_a_tally_that_adds_up_is_no_int() -> None:
    from schema.catalogue.types import Types

    added = count("OrgUnit", lambda one, other: one.path == other.path, "Versions.", total=lambda unit: unit.version)
    made = Types(link((*AREAS, Area(edges={"Indicators": {"versions": added}})))).schema()
    assert "versions: SafeInt\n" in made.as_str()


def _type(name: str, field: str) -> Any:
    of: Any = SCHEMA.type_map[name]
    return of.fields[field].type


def integers() -> Iterator[tuple[str, Select[Any]]]:
    """Every field that is an Int over its own row, as a select of it."""
    for kind in CATALOGUE.kinds.values():
        for name, field in kind.fields.items():
            declared, table = field.declared, kind.entity.table
            if isinstance(declared, Value) and int in (field.annotation, *get_args(field.annotation)):
                yield f"{kind.name}.{name}", select(_over(field.python_name, declared, table))
            if isinstance(declared, Breakdown):
                group, of = CATALOGUE.groups[declared.of.__name__], CATALOGUE.kinds[declared.target].entity.table
                for key, part in group.fields.items():
                    if isinstance(part.declared, Value) and part.annotation is int:
                        yield f"{group.name}.{key}", select(_over(part.python_name, part.declared, of))


def _over(name: str, declared: Value, table: Table) -> ColumnElement[Any]:
    return table.c[name] if declared.of is None else declared.of(table.c)


async def test_every_int_is_an_integer_of_postgresql(connection: asyncpg.Connection) -> None:
    """Whatever the code declares, of tables and views: it is the database that keeps it within 32 bits."""
    found = dict(integers())
    assert {"Compound.households", "OrgUnit.version", "Program.budgetPerMinute"} <= found.keys()
    for at, statement in found.items():
        prepared = await connection.prepare(
            str(statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True}))
        )
        (attribute,) = prepared.get_attributes()
        assert attribute.type.name in ("int4", "int4[]"), at


async def test_the_type_of_sums_holds_what_javascript_does(connection: asyncpg.Connection) -> None:
    """Exactly that, whatever is cast to it; it goes into JSON as a number."""
    for number in (GREATEST_SAFE, -GREATEST_SAFE, 0, None):
        assert await connection.fetchval("SELECT $1::numeric::safe_int", number) == number
    assert await connection.fetchval(f"SELECT to_json({GREATEST_SAFE}::safe_int)::text") == str(GREATEST_SAFE)
    for number in (GREATEST_SAFE + 1, -GREATEST_SAFE - 1):
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.fetchval("SELECT $1::numeric::safe_int", number)
    with pytest.raises(asyncpg.NumericValueOutOfRangeError):
        await connection.fetchval("SELECT 1e19::numeric::safe_int")


def test_the_scalar_says_the_same() -> None:
    """What it serializes it parses, nothing else; where it is specified is said."""
    scalar = SCHEMA.type_map["SafeInt"]
    assert isinstance(scalar, GraphQLScalarType)
    assert scalar.specified_by_url == "https://www.ecma-international.org/ecma-262/#sec-number.issafeinteger"
    for number in (4_000_000_000, GREATEST_SAFE, -GREATEST_SAFE, 0):
        assert scalar.serialize(number) == scalar.parse_value(number) == number
    for other in (GREATEST_SAFE + 1, -GREATEST_SAFE - 1, True, 1.5, "4000000000", None, [1]):
        for take in (scalar.serialize, scalar.parse_value):
            with pytest.raises(ValueError, match="whole number"):
                take(other)
