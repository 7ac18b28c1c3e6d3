"""JSON out of rows. `row_to_json` over a derived table keeps the columns in order, however many there are."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Text, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.sql.selectable import NamedFromClause


def whole(table: NamedFromClause[Any]) -> ColumnElement[Any]:
    """A row of a derived table as one JSON object."""
    return func.row_to_json(table.table_valued(), type_=JSON())


def object_of(found: Select[Any], name: str) -> ColumnElement[Any]:
    """The only row of `found` as a JSON object, or null where there is none."""
    made = found.subquery(name)
    return select(whole(made)).correlate_except(made).scalar_subquery()


def array_of(found: Select[Any], name: str) -> ColumnElement[Any]:
    """Every row of `found`, in its order, as a JSON array of objects."""
    made = found.subquery(name)
    return select(listed(whole(made))).correlate_except(made).scalar_subquery()


def listed(json: ColumnElement[Any], *, where: ColumnElement[bool] | None = None) -> ColumnElement[Any]:
    """The aggregate of JSON values in one array; empty, not null, when there are none."""
    gathered: ColumnElement[Any] = func.json_agg(json)
    if where is not None:
        gathered = func.json_agg(json).filter(where)
    return func.coalesce(gathered, literal_column("'[]'::json"), type_=JSON())


def name(text: str) -> ColumnElement[str]:
    """A name of the schema as a constant; GraphQL names are letters, digits and underscores."""
    if not text.isidentifier():
        raise ValueError(f"{text!r} is not a name")
    return literal_column(f"'{text}'", Text())
