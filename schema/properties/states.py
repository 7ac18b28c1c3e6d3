"""What compounds, phases and companies leave to be done with them, see `schema.kit.states`."""

from typing import Any

from sqlalchemy import ColumnElement, Table, and_, or_, select

from schema.kit.states import still_open
from services.properties.tables import buildings, contracts, coverages, owners_committees, sharings
from services.storage.tables import aliased
from services.terms import today

ENDING = (contracts, coverages, owners_committees, sharings)  # what closing a compound ends


def to_close(compound: Any) -> ColumnElement[bool]:
    """An open compound in which nothing begins after today: that would have to be over before it begins."""
    return and_(still_open(compound), *(~_begins(table, compound).exists() for table in ENDING))


def managing_nothing(company: Any) -> ColumnElement[bool]:
    """An open company whose contracts all end by today."""
    of = aliased(contracts)
    lasting = or_(of.c.until.is_(None), of.c.until > today())
    found = select(of.c.id).where(of.c.company_id == company.id, lasting).correlate_except(of)
    return and_(still_open(company), ~found.exists())


def empty(phase: Any) -> ColumnElement[bool]:
    """A phase without an open building: closed ones are let go of it."""
    of = aliased(buildings)
    standing = select(of.c.id).where(of.c.phase_id == phase.id, of.c.closed_on.is_(None))
    return ~standing.correlate_except(of).exists()


def _begins(table: Table, compound: Any) -> Any:
    of = aliased(table)
    return select(of.c.id).where(of.c.compound_id == compound.id, of.c.since > today()).correlate_except(of)
