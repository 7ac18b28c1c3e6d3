"""What `search` found, of all kinds, as one relation: kind (its number), id, and what it is ordered by."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    Text,
    Uuid,
    cast,
    literal_column,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.types import TypeEngine

from schema.pipeline.plan.plan import Ranked
from schema.pipeline.plan.searching import SORT
from schema.pipeline.sql.rows import RowSource

TYPES: dict[str, TypeEngine[Any]] = {"rank": Integer(), "weight": Integer(), "kind": Integer(), "key": Text()}


def found(arms: tuple[Ranked, ...], rows: RowSource) -> Select[Any] | CompoundSelect[Any]:
    """Rows of (id, rank, weight, kind, key), unordered; none at all when no kind is asked for."""
    selects = [_arm(arm, number, rows) for number, arm in enumerate(arms)]
    if not selects:
        nothing: list[ColumnElement[Any]] = [cast(null(), TYPES[name]).label(name) for name in SORT]
        return select(cast(null(), Uuid()).label("id"), *nothing).where(literal_column("false"))
    return union_all(*selects) if len(selects) > 1 else selects[0]


def _arm(arm: Ranked, number: int, rows: RowSource) -> Select[Any]:
    entity = arm.rows.kind.entity
    table = rows.table(arm.rows)
    assert entity.search is not None
    keys: dict[str, ColumnElement[Any]] = {
        "rank": arm.rank(table.c, rows.given(arm.slots)),
        "weight": entity.search.weight(table.c),
        "kind": literal_column(str(number)),
        "key": cast(entity.unique(table.c), Text()),
    }
    columns = (type_coerce(keys[name], TYPES[name]).label(name) for name in SORT)
    clauses = rows.where(arm.rows, table, None)
    return select(table.c.id.label("id"), *columns).select_from(table).where(*clauses).correlate_except(table)
