"""Whole numbers, checked when the service starts: what PostgreSQL may give for a field is what its GraphQL type holds.

The response is made in PostgreSQL and no serializer looks at it: a column's type keeps its field within bounds, a cast
whatever is computed. What SQLAlchemy believes of a computed type is not asked: it takes a count for an integer.
"""

from typing import Any, get_args

from sqlalchemy import ARRAY, BigInteger, Cast, Column, ColumnElement, Integer, Table
from sqlalchemy.dialects.postgresql import DOMAIN

from schema.kit.entities import Value
from schema.kit.numbers import Measure
from schema.kit.scalars import SafeInt
from services.storage.tables import SAFE_INT


def check_integer(at: str, name: str, declared: object, annotation: Any, table: Table) -> None:
    """Raises ValueError for an Int or a SafeInt over a row of `table` that could be given more than it holds, and for a
    field of a column that the table does not have.
    """
    if isinstance(declared, Value):
        _check(at, {annotation, *get_args(annotation)}, _value(at, name, declared, table))
    elif isinstance(declared, Measure) and annotation is not (int if declared.total is None else SafeInt):
        raise ValueError(f"{at} must be an int, or a SafeInt where it adds up")


def _value(at: str, name: str, declared: Value, table: Table) -> ColumnElement[Any]:
    try:
        return table.c[name] if declared.of is None else declared.of(table.c)
    except (KeyError, AttributeError) as error:
        if isinstance(error, AttributeError) and not isinstance(error.__cause__, KeyError):
            raise  # not SQLAlchemy's way to say that there is no such column
        raise ValueError(
            f"{at} is of the column {error.args[0]}, which the table {table.name} does not have"
        ) from error


def _check(at: str, annotations: set[Any], value: ColumnElement[Any]) -> None:
    if int in annotations and not (isinstance(value, Column | Cast) and _is_integer(value, list[int] in annotations)):
        raise ValueError(
            f"{at} is an Int of {value.type!r}: only an Integer column, or a cast to Integer, is within it"
        )
    if SafeInt in annotations and not (isinstance(value, Cast) and _is_safe(value)):
        raise ValueError(f"{at} is a SafeInt of {value.type!r}: only a cast to SAFE_INT is within it")


def _is_integer(value: ColumnElement[Any], listed: bool) -> bool:
    type_ = value.type.item_type if listed and isinstance(value.type, ARRAY) else value.type
    return isinstance(type_, Integer) and not isinstance(type_, BigInteger)


def _is_safe(value: ColumnElement[Any]) -> bool:
    return isinstance(value.type, DOMAIN) and value.type.name == SAFE_INT.name
