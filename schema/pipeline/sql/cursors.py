"""Cursors made by the statement, and pages that begin after one. `plan/cursors.py` is their other half."""

from collections.abc import Sequence
from functools import reduce
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text, Uuid, and_, cast, false, func, literal_column, or_, tuple_
from sqlalchemy.dialects.postgresql import BIT

from schema.pipeline.plan.cursors import TAG, size
from schema.pipeline.plan.plan import Turn

# Base64 comes with line breaks and padding: the last two are dropped, the first two made safe for addresses.
FROM: ColumnElement[str] = literal_column("E'+/\\n='")
TO: ColumnElement[str] = literal_column("'-_'")


def signed(identity: Sequence[ColumnElement[Any]], key: ColumnElement[bytes]) -> ColumnElement[str]:
    """The cursor of the row with this identity."""
    first, *others = (_bytes(part) for part in identity)
    plain = reduce(lambda some, more: some.op("||")(more), others, first)
    long = sum(size(part.type) for part in identity)
    proof = func.substr(func.sha256(key.op("||")(func.sha256(key.op("||")(plain)))), 1, literal_column(str(TAG)))
    veil = func.substr(func.sha256(proof.op("||")(key)), 1, literal_column(str(long)))
    veiled = func.substr(func.bit_send(_bits(plain, long).op("#")(_bits(veil, long))), literal_column("5"))
    return func.translate(func.encode(proof.op("||")(veiled), literal_column("'base64'")), FROM, TO, type_=Text())


def _bytes(part: ColumnElement[Any]) -> ColumnElement[bytes]:
    if isinstance(part.type, Uuid):
        return func.uuid_send(part)
    return func.int8send(part) if isinstance(part.type, BigInteger) else func.int4send(part)


def _bits(made: ColumnElement[bytes], long: int) -> ColumnElement[Any]:
    # Only bit strings can be combined; they are sent as four bytes of length, then the bits.
    return cast(literal_column("'x'", Text()).concat(func.encode(made, literal_column("'hex'"))), BIT(8 * long))


def ordered(
    keys: Sequence[ColumnElement[Any]], turns: Sequence[Turn], *, backwards: bool = False
) -> list[ColumnElement[Any]]:
    """ORDER BY, each key in its turn, rows without a value last either way; the whole of it turned `backwards`."""
    clauses: list[ColumnElement[Any]] = []
    for key, turn in zip(keys, turns, strict=True):
        if turn.nullable:
            clauses.append(key.is_(None).desc() if backwards else key.is_(None))
        clauses.append(key.desc() if turn.downwards is not backwards else key)
    return clauses


def beyond(
    keys: Sequence[ColumnElement[Any]],
    values: Sequence[ColumnElement[Any]],
    turns: Sequence[Turn],
    *,
    backwards: bool = False,
) -> ColumnElement[bool]:
    """Whether a row comes after the one with these sort values; before it, where the order is turned `backwards`."""
    ways = {turn.downwards is not backwards for turn in turns}
    if len(ways) == 1 and not any(turn.nullable for turn in turns):
        row, mark = tuple_(*keys), tuple_(*values)  # which an index is searched by as a whole
        return row < mark if ways.pop() else row > mark
    return _stepwise(keys, values, turns, backwards=backwards)


def _stepwise(
    keys: Sequence[ColumnElement[Any]],
    values: Sequence[ColumnElement[Any]],
    turns: Sequence[Turn],
    *,
    backwards: bool,
) -> ColumnElement[bool]:
    further: ColumnElement[bool] = false()
    for key, value, turn in reversed(list(zip(keys, values, turns, strict=True))):
        past = key < value if turn.downwards is not backwards else key > value
        if turn.nullable:
            without, with_value = (value, key) if backwards else (key, value)
            past = or_(past, and_(with_value.is_not(None), without.is_(None)))
        same = key.is_not_distinct_from(value) if turn.nullable else key == value
        further = or_(past, and_(same, further))
    return further
