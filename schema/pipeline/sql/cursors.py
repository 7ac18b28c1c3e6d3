"""Cursors made by the statement, and pages that begin after one. `pipeline/cursors.py` is their other half."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, false, func, literal_column, or_, tuple_

from schema.pipeline.plan.cursors import TAG

UTF8: ColumnElement[str] = literal_column("'UTF8'")
# Base64 comes with line breaks and padding: the last two are dropped, the first two made safe for addresses.
FROM: ColumnElement[str] = literal_column("E'+/\\n='")
TO: ColumnElement[str] = literal_column("'-_'")


def signed(keys: Sequence[ColumnElement[Any]], key: ColumnElement[bytes]) -> ColumnElement[str]:
    """The cursor of a row with these sort values."""
    payload = func.convert_to(cast(func.json_build_array(*(cast(value, Text()) for value in keys)), Text()), UTF8)
    inner = func.sha256(key.op("||")(payload))
    proof = func.substr(func.sha256(key.op("||")(inner)), 1, literal_column(str(TAG)))
    return func.translate(func.encode(proof.op("||")(payload), literal_column("'base64'")), FROM, TO, type_=Text())


def ordered(keys: Sequence[ColumnElement[Any]], *, descending: bool) -> list[ColumnElement[Any]]:
    """ORDER BY in one direction, rows without a value last either way."""
    clauses: list[ColumnElement[Any]] = []
    for key in keys:
        if _nullable(key):
            clauses.append(key.is_(None))
        clauses.append(key.desc() if descending else key)
    return clauses


def after(
    keys: Sequence[ColumnElement[Any]], values: Sequence[ColumnElement[Any]], *, descending: bool
) -> ColumnElement[bool]:
    """Whether a row comes after the one with these sort values, given as text."""
    typed = [cast(value, key.type) for key, value in zip(keys, values, strict=True)]
    if not any(_nullable(key) for key in keys):
        row, mark = tuple_(*keys), tuple_(*typed)
        return row < mark if descending else row > mark
    return _stepwise(keys, typed, descending=descending)


def _stepwise(
    keys: Sequence[ColumnElement[Any]], values: Sequence[ColumnElement[Any]], *, descending: bool
) -> ColumnElement[bool]:
    later: ColumnElement[bool] = false()
    for key, value in reversed(list(zip(keys, values, strict=True))):
        beyond = key < value if descending else key > value
        if _nullable(key):
            beyond = or_(beyond, and_(value.is_not(None), key.is_(None)))
        later = or_(beyond, and_(key.is_not_distinct_from(value), later))
    return later


def _nullable(key: ColumnElement[Any]) -> bool:
    return bool(getattr(key, "nullable", False)) and not getattr(key, "primary_key", False)
