"""Where a seat lies as seen from a key of a row: `policies.scope` says it for one row, this for a statement."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Select, and_, any_, func

from schema.kit.expressions import Pairs, Row
from schema.pipeline.plan.entrances import Entrance, Lies
from services.organization.paths import at_or_beneath
from services.storage.tables import BYTEWISE

Meets = Callable[[ColumnElement[Any], ColumnElement[Any]], ColumnElement[bool]]


def enters(entrance: Entrance, seat: Row, row: Row) -> ColumnElement[bool]:
    """Whether the seat has one of the roles, and one of the keys the row has by this way meets it."""
    meets, keys, at = MEETS[entrance.lies], entrance.keys(row), seat[entrance.column]
    if isinstance(keys, Select):
        (key,) = keys.selected_columns
        return and_(seat.role.in_(entrance.roles), keys.where(meets(at, key)).exists())
    return and_(seat.role.in_(entrance.roles), meets(at, keys))


def joined(entrance: Entrance, seat: Row, row: Row) -> ColumnElement[bool]:
    """The same of many seats and rows at once: keys that lie far from their rows are joined to both.

    So the statement has to begin with neither; a row may come of it more than once.
    """
    if not isinstance(entrance.keys, Pairs):
        return enters(entrance, seat, row)
    of, key = entrance.keys.select().subquery().c
    meets = MEETS[entrance.lies](seat[entrance.column], key)
    return and_(seat.role.in_(entrance.roles), of == entrance.keys.of(row), meets)


def _over(at: ColumnElement[Any], key: ColumnElement[Any]) -> ColumnElement[bool]:
    # Said twice, so that the index of either side can serve: that of seats from one row, of rows from one seat.
    return and_(at == any_(func.path_line(key, type_=ARRAY(BYTEWISE))), at_or_beneath(key, at))


MEETS: dict[Lies, Meets] = {
    Lies.THERE: lambda at, key: at == key,
    Lies.AT_OR_ABOVE: _over,
    Lies.ABOVE: lambda at, key: and_(_over(at, key), at != key),
    Lies.AT_OR_BELOW: lambda at, key: _over(key, at),
}
