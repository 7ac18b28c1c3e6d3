"""Building captains 党员楼长: members' terms, one captain a building at a time.

The database holds that (migration 0006), and that a term with an end is never prolonged. Commands get their rows
locked; what they say about a day is about the day given, not about today.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    Table,
    Text,
    select,
)

from services.errors import ProblemCode, Rule
from services.members.tables import kept, members
from services.properties.tables import buildings, compounds, contracts, managers
from services.storage.correcting import OUTLASTS, Succession
from services.storage.tables import KEEPS, METADATA, aliased, identified, part_of, versioned
from services.terms import BACKWARDS, cutting, holds_today, in_order, term

IN_OFFICE = kept(
    "该党员此日之后仍任楼长，请先交接或卸任。",
    "The member is captain of a building after this day: hand it over first.",
)

# Excluded by constraint: two captains of one building at once.
captain_terms = Table(
    "captain_term",
    METADATA,
    identified(),
    *part_of(buildings, "building_id"),
    Column("member_id", ForeignKey(members.c.id), nullable=False),
    *term(),
    *cutting("captain_term"),
    Column("end_reason", Text),
    versioned(),
    in_order(),
    Index("captain_term_building_idx", "building_id", "since"),
    Index("captain_term_member_idx", "member_id", "since"),
    Index("captain_term_unit_idx", "unit_path", "id"),
    Index("captain_term_cut_idx", "cut_id"),
    info={KEEPS: IN_OFFICE},
)

TERMS = Succession(captain_terms, ("building_id",))

RULES: Mapping[str, Rule] = {
    "member_captain_term_check": IN_OFFICE,
    "captain_term_building_id_unit_path_fkey": Rule(
        "building",
        "该楼栋有楼长任期记录，请先撤销或删除。",
        "Captains' terms are on record for the building: take them back or strike them out first.",
        ProblemCode.CLOSED,
    ),
    "captain_term_building_check": OUTLASTS,
    "captain_term_member_check": OUTLASTS,
    "member_standing_check": Rule(
        "standing",
        "该党员正任楼长，须为在职或离退休。",
        "The member is captain of a building: in service or retired.",
        ProblemCode.INVALID,
    ),
    "captain_term_excl": Rule(
        "building",
        "该楼栋在这段时间已有楼长，或已定下后续楼长。",
        "The building has a captain at that time already, or one to follow.",
    ),
    "captain_term_prolonged_check": Rule(
        "building",
        "该楼长任期刚刚由他人结束，请重新查看后再操作。",
        "Someone has ended this term in the meantime; look again before you go on.",
    ),
    "captain_term_term_check": replace(BACKWARDS, field="on"),
}


# --- keys of the line, and what a term is shown with ------------------------------------------------------------------


def captains_of(building: Any) -> Select[Any]:
    """The member who is captain of a building today, by the building's id."""
    held = aliased(captain_terms)
    return select(held.c.member_id).where(held.c.building_id == building, holds_today(held.c)).correlate_except(held)


def held() -> Select[Any]:
    """Each member who is, was or will be captain, with the building's path."""
    each = aliased(captain_terms)
    return select(each.c.member_id, each.c.unit_path)


def held_today() -> Select[Any]:
    """Each captain of today, with the building's path."""
    each = aliased(captain_terms)
    return select(each.c.member_id, each.c.unit_path).where(holds_today(each.c))


def held_for_companies() -> Select[Any]:
    """Each captain of today with the company that manages the building's compound today."""
    each, of, contract = aliased(captain_terms), aliased(buildings), aliased(contracts)
    found = select(each.c.member_id, contract.c.company_id).join_from(each, of, of.c.id == each.c.building_id)
    found = found.join(contract, contract.c.compound_id == of.c.compound_id)
    return found.where(holds_today(each.c), holds_today(contract.c))


def managers_of(building: Any) -> Select[Any]:
    """The company that manages a building's compound today, by the building's id."""
    of = aliased(buildings)
    compound = select(of.c.compound_id).where(of.c.id == building).correlate_except(of)
    return managers(compound.scalar_subquery())


def building_name(building: Any) -> ColumnElement[Any]:
    """A building's name, by its id."""
    of = aliased(buildings)
    return select(of.c.name).where(of.c.id == building).correlate_except(of).scalar_subquery()


def compound_name(building: Any) -> ColumnElement[Any]:
    """The name of the compound a building stands in, by the building's id."""
    of, around = aliased(buildings), aliased(compounds)
    found = select(around.c.name).where(of.c.id == building, around.c.id == of.c.compound_id)
    return found.correlate_except(of, around).scalar_subquery()
