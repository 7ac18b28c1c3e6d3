"""Where entries of the trail lie, and what only those are told of them who read it all: through what it was asked."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, union_all

from policies.scope import Way
from schema.kit.entities import Afterwards, column, entity
from schema.kit.expressions import Ways, one_of
from services.audit.details import details
from services.audit.tables import entries
from services.organization.paths import at_or_beneath
from services.organization.tables import former_units, units
from services.storage.tables import aliased

Ids = Callable[[Any], ColumnElement[Any]]


def heir_of(unit: Any) -> Select[Any]:
    """The unit that has what was a former unit's, by that one's id."""
    gone = aliased(former_units)
    return select(gone.c.heir_id).where(gone.c.id == unit).correlate_except(gone)


def once_called(unit: Any) -> Select[Any]:
    """What a former unit was called last, by its id."""
    gone = aliased(former_units)
    return select(gone.c.name).where(gone.c.id == unit).correlate_except(gone)


def now_in(unit: Any) -> ColumnElement[Any]:
    """The id of the unit in which what lay in a unit lies now: that unit, or its heir."""
    return func.coalesce(heir_of(unit).scalar_subquery(), unit)


def lies_in(lay: Any, unit: Any) -> ColumnElement[bool]:
    """Whether what lay in a unit, by that one's id, lies in another now. Said twice: the index of either serves."""
    gone = aliased(former_units)
    former = select(gone.c.id).where(gone.c.heir_id == unit.id).correlate_except(gone)
    return and_(unit.id == now_in(lay), or_(lay == unit.id, one_of(lay, former)))


def path_of(unit: Any) -> Select[Any]:
    """The path a unit has now, by its id."""
    of = aliased(units)
    return select(of.c.path).where(of.c.id == unit).correlate_except(of)


def path_of_heir(unit: Any) -> Select[Any]:
    """The path of the unit that has what was a former unit's, by that one's id."""
    of, gone = aliased(units), aliased(former_units)
    found = select(of.c.path).where(of.c.id == gone.c.heir_id, gone.c.id == unit)
    return found.correlate_except(of, gone)


def path_once_gone(unit: Any, chain: Any) -> Select[Any]:
    """The path of the county in whose chain an entry is, where its unit has gone and nobody knows to whom."""
    of, there = aliased(units), aliased(units)
    present = select(there.c.id).where(there.c.id == unit).correlate_except(there).exists()
    known = heir_of(unit).exists()
    return select(of.c.path).where(of.c.id == chain, unit.is_not(None), ~present, ~known).correlate_except(of)


def lying(unit: Ids, chain: Ids) -> Ways:
    """By where an entry lies. Three keys and not one of them all, so that each is looked for by an index of its own."""
    return {
        Way.WITHIN: (
            lambda row: path_of(unit(row)),
            lambda row: path_of_heir(unit(row)),
            lambda row: path_once_gone(unit(row), chain(row)),
        )
    }


def within(unit: Any, entry: Any) -> ColumnElement[bool]:
    """Whether an entry lies in a unit or below it, where that is known."""
    of, heir, gone = aliased(units), aliased(units), aliased(former_units)
    present = select(of.c.id).where(at_or_beneath(of.c.path, unit.path)).correlate_except(of)
    former = select(gone.c.id).where(gone.c.heir_id == heir.c.id, at_or_beneath(heir.c.path, unit.path))
    found: ColumnElement[bool] = entry.unit_id.in_(union_all(present, former.correlate_except(heir, gone)))
    return found


WAYS = lying(lambda entry: entry.unit_id, lambda entry: entry.chain)
OPERATION = "GraphQL 操作名 / The name of the GraphQL operation."
DETAIL = (
    "事件的细节（JSON），如登录的地址；操作的细节见 changes / Details of an event as JSON, such as the address of a"
    " sign-in; null for a command, whose `changes` tell."
)


@entity(entries, policy="audit.request", ways=WAYS, sort=lambda entry: (entry.at,))
class AuditRequest:
    """审计记录的请求，供可查看全部审计记录者 / What is told of an entry's request to those who read the whole trail."""

    operation: str | None = column(OPERATION)
    detail: str | None = column(DETAIL, details)


def told_by(*edges: str) -> Afterwards:
    """What is told of an entry to whom one of these edges leads, and to nobody else who is shown it."""
    return Afterwards(lambda entry: false(), edges)
