"""What a fund comes to, who reads it, and when what is entered counts."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, cast, extract, func, literal_column, or_, select

from services.captains.tables import captain_terms
from services.members.tables import members
from services.organization.paths import at_or_beneath
from services.organization.tables import OrgLevel, units
from services.projects.amounts import YUAN
from services.projects.fund_tables import OUT, FundAwardStatus, FundEntryKind, awards, entries, funds
from services.properties.tables import buildings
from services.storage.tables import aliased
from services.terms import holds_today, lasts, on


def effect(entry: Any) -> ColumnElement[Any]:
    """What an entry adds to its fund."""
    return case((entry.kind.in_(OUT), -entry.amount), else_=entry.amount)


def balance(fund: Any) -> ColumnElement[Any]:
    """What is in a fund, by its id, with what is set aside."""
    of = aliased(entries)
    return _sum(select(func.sum(effect(of.c))).where(of.c.fund_id == fund).correlate_except(of))


def come_to(fund: Any, kinds: tuple[FundEntryKind, ...]) -> ColumnElement[Any]:
    """What a fund's entries of some kinds come to, by its id."""
    of = aliased(entries)
    found = select(func.sum(of.c.amount)).where(of.c.fund_id == fund, of.c.kind.in_(kinds))
    return _sum(found.correlate_except(of))


def reserved(fund: Any) -> ColumnElement[Any]:
    """What is set aside in a fund for what is proposed, by its id."""
    of = aliased(awards)
    found = select(func.sum(of.c.amount)).where(of.c.fund_id == fund, of.c.status == FundAwardStatus.PROPOSED)
    return _sum(found.correlate_except(of))


def _sum(found: Select[Any]) -> ColumnElement[Any]:
    return cast(func.coalesce(found.scalar_subquery(), literal_column("0")), YUAN)


def is_empty(fund: Any) -> ColumnElement[bool]:
    """Whether nothing is left in a fund, and nothing proposed: it can be closed."""
    return and_(balance(fund.id) == 0, reserved(fund.id) == 0)


def correctable(entry: Any) -> ColumnElement[bool]:
    """An entry of an open fund that takes none back, was not taken back, and is not spent or set aside."""
    fund, further = aliased(funds), aliased(entries)
    there = select(fund.c.id).where(fund.c.id == entry.fund_id, fund.c.closed_on.is_(None))
    taken = select(further.c.id).where(further.c.corrects_id == entry.id)
    return and_(
        entry.corrects_id.is_(None),
        there.correlate_except(fund).exists(),
        ~taken.correlate_except(further).exists(),
        or_(entry.kind.in_(OUT), entry.amount <= balance(entry.fund_id) - reserved(entry.fund_id)),
    )


# --- who reads them, and when they count ------------------------------------------------------------------------------


def neighbours(row: Any) -> Select[Any]:
    """The members who serve in the community it lies in, or in its unit where that is no part of one."""
    member, community = aliased(members), aliased(units)
    shared = (
        select(1)
        .select_from(community)
        .where(
            community.c.level == OrgLevel.COMMUNITY,
            at_or_beneath(row.unit_path, community.c.path),
            at_or_beneath(member.c.unit_path, community.c.path),
        )
    )
    near = or_(at_or_beneath(member.c.unit_path, row.unit_path), shared.correlate_except(community).exists())
    return select(member.c.id).where(near).correlate_except(member)


def captains_there(row: Any) -> Select[Any]:
    """The members who are captains today of buildings in its unit."""
    held = aliased(captain_terms)
    found = select(held.c.member_id).where(at_or_beneath(held.c.unit_path, row.unit_path), holds_today(held.c))
    return found.correlate_except(held)


def buildings_there(row: Any) -> Select[Any]:
    """The buildings in its unit."""
    building = aliased(buildings)
    found = select(building.c.id).where(at_or_beneath(building.c.unit_path, row.unit_path))
    return found.correlate_except(building)


def begun(fund: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether there was a fund on a day."""
    return and_(fund.begun_on <= on(day), lasts(fund.closed_on, day))


def in_its_year(entry: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether an entry is of the year of a day, until then."""
    return and_(entry.booked_on <= on(day), extract("year", entry.booked_on) == extract("year", on(day)))


def fund_name(fund: Any) -> ColumnElement[Any]:
    """A fund's name, by its id."""
    of = aliased(funds)
    return select(of.c.name).where(of.c.id == fund).correlate_except(of).scalar_subquery()
