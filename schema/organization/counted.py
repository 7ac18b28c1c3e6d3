"""Numbers and lists of what belongs to a unit and to all below it, for areas of which most is so."""

from typing import Any

from schema.kit.entities import connection, edge_to
from schema.kit.expressions import RowFunction
from schema.kit.numbers import Holding, Tally, count
from services.organization.paths import at_or_beneath


def counted(
    description: str,
    holding: Holding | None = None,
    where: RowFunction | None = None,
    total: RowFunction | None = None,
    *,
    of: type,
    distinct: RowFunction | None = None,
) -> Tally:
    """A number of the rows of an entity that lie in a unit or below it."""
    made: Tally = count(
        of,
        lambda unit, row: at_or_beneath(row.unit_path, unit.path),
        description,
        holding=holding,
        where=where,
        total=total,
        distinct=distinct,
    )
    return made


def of_unit(target: type, description: str) -> Any:
    """Those of a unit and all below it, page by page."""
    return edge_to(target, connection(lambda unit, row: at_or_beneath(row.unit_path, unit.path), description))
