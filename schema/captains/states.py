"""What captains' terms leave to be done with a building, a compound and one another, see `schema.kit.states`."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from schema.kit.states import not_over, still_open
from services.captains.tables import captain_terms
from services.properties.tables import buildings
from services.storage.tables import aliased
from services.terms import today


def last(term: Any) -> ColumnElement[bool]:
    """A term that is not over, and after which nobody else's begins: what follows it has no end."""
    other = aliased(captain_terms)
    later = (other.c.building_id == term.building_id, other.c.since > term.since)
    return and_(not_over(term), ~select(other.c.id).where(*later).correlate_except(other).exists())


def to_fill(building: Any) -> ColumnElement[bool]:
    """An open building whose captains' terms all have an end: a new one begins after them, and has none."""
    term = aliased(captain_terms)
    endless = select(term.c.id).where(term.c.building_id == building.id, term.c.until.is_(None))
    return and_(still_open(building), ~endless.correlate_except(term).exists())


def vacant(building: Any) -> ColumnElement[bool]:
    """A building whose captains' terms all end by today: with one that runs on it cannot be closed."""
    return ~_running(building.id).exists()


def without_captains(compound: Any) -> ColumnElement[bool]:
    """A compound of such buildings."""
    of = aliased(buildings)
    held = select(of.c.id).where(of.c.compound_id == compound.id, _running(of.c.id).exists())
    return ~held.correlate_except(of).exists()


def never_held(building: Any) -> ColumnElement[bool]:
    """A building that never had a captain, nor has one to come."""
    term = aliased(captain_terms)
    return ~select(term.c.id).where(term.c.building_id == building.id).correlate_except(term).exists()


def _running(building: Any) -> Select[Any]:
    term = aliased(captain_terms)
    lasting = or_(term.c.until.is_(None), term.c.until > today())
    return select(term.c.id).where(term.c.building_id == building, lasting).correlate_except(term)
