"""Meetings as expressions: whom they concern, whether all three parties came, and what they made of a matter."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from services.captains.tables import captain_terms
from services.deliberation.meeting_tables import (
    THREE,
    MeetingDecision,
    MeetingState,
    attendances,
    items,
    meetings,
    minutes,
)
from services.deliberation.tables import matters
from services.properties.tables import buildings, compounds, contracts
from services.storage.tables import aliased
from services.terms import holds_today, on

# --- who sees them ----------------------------------------------------------------------------------------------------


def buildings_in(path: Any) -> Select[Any]:
    """The buildings that stand in a unit or below."""
    building = aliased(buildings)
    found = select(building.c.id).where(func.starts_with(building.c.unit_path, path))
    return found.correlate_except(building)


def captains_around(path: Any) -> Select[Any]:
    """The members who are captains of one of these today."""
    term = aliased(captain_terms)
    found = select(term.c.member_id).where(term.c.building_id.in_(buildings_in(path)), holds_today(term.c))
    return found.correlate_except(term)


def managing_in(path: Any) -> Select[Any]:
    """The companies that manage a compound there today."""
    contract, compound = aliased(contracts), aliased(compounds)
    found = select(contract.c.company_id).join_from(contract, compound, compound.c.id == contract.c.compound_id)
    there = found.where(func.starts_with(compound.c.unit_path, path), holds_today(contract.c))
    return there.correlate_except(contract, compound)


def concerned(meeting: Any) -> Select[Any]:
    """The companies that manage a compound today which a matter of a meeting, by its id, is about."""
    contract, matter, item = aliased(contracts), aliased(matters), aliased(items)
    found = (
        select(contract.c.company_id)
        .join_from(contract, matter, matter.c.compound_id == contract.c.compound_id)
        .join(item, item.c.matter_id == matter.c.id)
        .where(item.c.meeting_id == meeting, holds_today(contract.c))
    )
    return found.correlate_except(contract, matter, item)


def houses_concerned(meeting: Any) -> Select[Any]:
    """The buildings of the compounds that matters of a meeting, by its id, are about."""
    building, matter, item = aliased(buildings), aliased(matters), aliased(items)
    found = (
        select(building.c.id)
        .join_from(building, matter, matter.c.compound_id == building.c.compound_id)
        .join(item, item.c.matter_id == matter.c.id)
        .where(item.c.meeting_id == meeting)
    )
    return found.correlate_except(building, matter, item)


def captains_concerned(meeting: Any) -> Select[Any]:
    """The members who are captains of one of these today."""
    term = aliased(captain_terms)
    found = select(term.c.member_id).where(term.c.building_id.in_(houses_concerned(meeting)), holds_today(term.c))
    return found.correlate_except(term)


# --- when they count --------------------------------------------------------------------------------------------------


def held(meeting: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether a meeting was held by a day."""
    was: ColumnElement[bool] = meeting.held_on <= on(day)
    return was


def came(meeting: Any) -> ColumnElement[Any]:
    """How many of the three parties came to a meeting, by its id."""
    who = aliased(attendances)
    found = select(func.count()).where(who.c.meeting_id == meeting, who.c.people > 0, who.c.party.in_(THREE))
    return found.correlate_except(who).scalar_subquery()


def with_all(meeting: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether it was, and all three parties came."""
    return and_(held(meeting, day), came(meeting.id) == len(THREE))


def has_minutes(meeting: Any) -> ColumnElement[bool]:
    """Whether there are minutes of a meeting."""
    of = aliased(minutes)
    return select(of.c.id).where(of.c.meeting_id == meeting.id).correlate_except(of).exists()


def is_whole(meeting: Any) -> ColumnElement[bool]:
    """Whether all is there of it that its closing wants, but for a reason: minutes, and items that are all decided."""
    item, still = aliased(items), aliased(items)
    about = select(item.c.id).where(item.c.meeting_id == meeting.id)
    undecided = select(still.c.id).where(still.c.meeting_id == meeting.id, still.c.decision.is_(None))
    return and_(
        has_minutes(meeting), about.correlate_except(item).exists(), ~undecided.correlate_except(still).exists()
    )


def _decided(matter: Any, *which: MeetingDecision) -> tuple[Any, Any, Select[Any]]:
    """The decisions of closed meetings about a matter, by its id."""
    item, meeting = aliased(items), aliased(meetings)
    found = select(meeting.c.held_on).join_from(item, meeting, meeting.c.id == item.c.meeting_id)
    of = found.where(item.c.matter_id == matter, meeting.c.state == MeetingState.CLOSED)
    if which:
        of = of.where(item.c.decision.in_(which))
    return item, meeting, of.correlate_except(item, meeting)


def _last(matter: Any, day: ColumnElement[Any] | None, *which: MeetingDecision, here: bool) -> ColumnElement[Any]:
    """The last day, up to one, of such decisions; null where there is none. Those of where the matter is, if `here`."""
    item, meeting, of = _decided(matter.id, *which)
    of = of.where(of_its_unit(item.c, matter.unit_path)) if here else of
    latest = of.with_only_columns(func.max(meeting.c.held_on)).where(meeting.c.held_on <= on(day))
    return latest.correlate_except(item, meeting).scalar_subquery()


def agreed(matter: Any, day: ColumnElement[Any] | None, *, here: bool = False) -> ColumnElement[bool]:
    """Whether the meetings of the last day about a matter agreed, each of them; of its present unit's, if `here`."""
    yes = _last(matter, day, MeetingDecision.AGREED, here=here)
    no = _last(matter, day, MeetingDecision.DEFERRED, MeetingDecision.REFUSED, here=here)
    return and_(yes.is_not(None), or_(no.is_(None), no < yes))


# A unit does not wait for meetings of another, where the matter was before, nor is it bound by them: it sees neither.


def unsettled(matter: Any) -> ColumnElement[bool]:
    """Whether a meeting of its unit, or of one above, about a matter is planned or not closed yet."""
    item, meeting = aliased(items), aliased(meetings)
    found = select(item.c.id).join_from(item, meeting, meeting.c.id == item.c.meeting_id)
    still = found.where(item.c.matter_id == matter.id, meeting.c.state.in_((MeetingState.PLANNED, MeetingState.HELD)))
    return still.where(of_its_unit(item.c, matter.unit_path)).correlate_except(item, meeting).exists()


def denied(matter: Any) -> ColumnElement[bool]:
    """Whether such meetings decided on a matter, and did not agree the last time."""
    any_day = None
    return and_(_last(matter, any_day, here=True).is_not(None), ~agreed(matter, any_day, here=True))


def was_decided(matter: Any) -> ColumnElement[bool]:
    """Whether such a meeting decided on a matter by the title it has: not by one from before it left and came back."""
    of = aliased(items)
    found = select(of.c.id).where(of.c.matter_id == matter.id, of.c.decision.is_not(None))
    so_called = of.c.matter_title == matter.title
    return found.where(so_called, of_its_unit(of.c, matter.unit_path)).correlate_except(of).exists()


def of_its_unit(item: Any, path: Any) -> ColumnElement[bool]:
    """Whether an item is of a meeting of the unit of this path, where the matter lies, or of one above."""
    return func.starts_with(path, item.unit_path)
