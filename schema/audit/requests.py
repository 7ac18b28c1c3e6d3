"""Where entries of the trail lie, and what only those are told of them who read it all: through what it was asked."""

from typing import Any

from sqlalchemy import Select, false, select

from policies.scope import Way
from schema.kit.entities import Afterwards, column, entity
from services.audit.details import details
from services.audit.tables import entries
from services.organization.tables import units
from services.storage.tables import aliased


def path_of(unit: Any) -> Select[Any]:
    """The path a unit has now, by its id."""
    of = aliased(units)
    return select(of.c.path).where(of.c.id == unit).correlate_except(of)


def path_once_gone(unit: Any, chain: Any) -> Select[Any]:
    """The path of the county in whose chain an entry is, where its unit has gone with a merger since."""
    of, gone = aliased(units), aliased(units)
    present = select(gone.c.id).where(gone.c.id == unit).correlate_except(gone).exists()
    return select(of.c.path).where(of.c.id == chain, unit.is_not(None), ~present).correlate_except(of)


WAYS = {Way.WITHIN: (lambda entry: path_of(entry.unit_id), lambda entry: path_once_gone(entry.unit_id, entry.chain))}
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
