"""What follows of a whistle from its limits, what was done by then, and today: late, and whose concern it is or was.

No job runs at midnight. What was done late leaves it readable that it was escalated, and since when.
"""

from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Text, and_, case, cast, func, literal, or_, select

from services.calendar.tables import year_after
from services.deliberation.whistle_tables import AWAITED, RUNNING, Escalation, WhistleStatus, steps, whistles
from services.storage.tables import aliased
from services.terms import on, today


def stands(row: Any, *states: WhistleStatus) -> ColumnElement[bool]:
    """Whether a whistle stands at one of these."""
    return or_(*(row.status == state for state in states))


def due_on(whistle: Any) -> ColumnElement[Any]:
    """By when the department is to act next; null where it need not, and where that waits for a year."""
    return case(
        (stands(whistle, *AWAITED), whistle.answer_due_on),
        (stands(whistle, *RUNNING), whistle.solve_due_on),
    )


def awaited(due: Any, after: Any) -> ColumnElement[Any]:
    """The year that a limit waits for, by its two columns; null for none, also where only the county's day waits."""
    return year_after(case((due.is_(None), after)))


def is_late(whistle: Any) -> ColumnElement[bool]:
    """Whether a limit passed before today with what it is for still to be done; not one that waits for a year."""
    answer = and_(stands(whistle, *AWAITED), whistle.answer_due_on < today())
    late = or_(answer, and_(stands(whistle, *RUNNING), whistle.solve_due_on < today()))
    return func.coalesce(late, False)


def town_on(whistle: Any, day: ColumnElement[Any] | None = None) -> ColumnElement[Any]:
    """Since when it is, or was, the town's concern, as it was known on a day; null where it never was."""
    return _reached(whistle, whistle.was_town_on, whistle.answer_town_on, whistle.solve_town_on, on(day))


def county_on(whistle: Any, day: ColumnElement[Any] | None = None) -> ColumnElement[Any]:
    """The same of the county."""
    return _reached(whistle, whistle.was_county_on, whistle.answer_county_on, whistle.solve_county_on, on(day))


def _reached(whistle: Any, was: Any, answer: Any, solve: Any, day: ColumnElement[Any]) -> ColumnElement[Any]:
    """The first of these days that came before what it waited for was done: on the day itself is too late."""
    answered = func.least(whistle.answered_on, day, type_=Date())  # nulls are passed over
    solved = func.least(whistle.solved_on, whistle.confirmed_on, day, type_=Date())
    came = (case((until >= since, since)) for since, until in ((was, day), (answer, answered), (solve, solved)))
    return func.least(*came, type_=Date())


def escalated_on(whistle: Any) -> ColumnElement[Any]:
    """Since when it has been with the highest it was escalated to."""
    return func.coalesce(county_on(whistle), town_on(whistle))


def escalated_to(whistle: Any) -> ColumnElement[Any]:
    """The highest it was escalated to; null where it never was."""
    reached = ((county_on(whistle), Escalation.COUNTY), (town_on(whistle), Escalation.TOWN))
    return case(*((since.is_not(None), literal(to.value, Text())) for since, to in reached))


def level(whistle: Any) -> ColumnElement[Any]:
    """How far it was escalated: 0 not at all, 1 to the town, 2 to the county."""
    return cast(func.num_nonnulls(town_on(whistle), county_on(whistle), type_=Integer()), Integer)


# --- when they count --------------------------------------------------------------------------------------------------


def blown(whistle: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether a whistle was blown by a day."""
    was: ColumnElement[bool] = whistle.blown_on <= on(day)
    return was


def answered_in_time(whistle: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether it was answered by a day, within its limit; by whose it is now, and since it was last reopened.

    What waits for a year is due after the day it is counted to.
    """
    until = func.coalesce(whistle.answer_due_on, whistle.answer_after)
    return and_(whistle.answered_on <= on(day), whistle.answered_on <= until)


def solved(whistle: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether it was solved by a day, and was not reopened since."""
    was: ColumnElement[bool] = whistle.solved_on <= on(day)
    return was


def escalated(whistle: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether it had been escalated by a day, whatever was done afterwards."""
    return town_on(whistle, day).is_not(None)


def escalated_of_its_department(whistle: Any) -> ColumnElement[bool]:
    """Whether it was while it was the department's whose it is today, by that one's own limits: now, or before.

    Before it was another's in the meantime, that is, and came back.
    """
    was = case((~whistle.of_former, whistle.was_town_on))
    own = _reached(whistle, was, whistle.answer_town_on, whistle.solve_town_on, today())
    return or_(own.is_not(None), _taken_late(whistle.id, whistle.department_id))


def escalated_of_the_steps(step: Any) -> ColumnElement[bool]:
    """Whether the whistle of a step was while it was the department's whose it was from that step on.

    By that one's own limits, be it that one's today or taken from it since.
    """
    of = aliased(whistles)
    still = select(of.c.id).where(of.c.id == step.whistle_id, of.c.department_id == step.department_id)
    kept = still.where(escalated_of_its_department(of.c)).correlate_except(of).exists()
    return or_(kept, _taken_late(step.whistle_id, step.department_id))


def _taken_late(whistle: Any, department: Any) -> ColumnElement[bool]:
    """Whether a whistle, by its id, was ever taken from a department by whose limits it was the town's."""
    taken, before = aliased(steps), aliased(steps)
    found = select(taken.c.id).where(
        taken.c.whistle_id == whistle,
        taken.c.former_town_on.is_not(None),
        before.c.whistle_id == taken.c.whistle_id,
        before.c.number == taken.c.number - 1,
        before.c.department_id == department,
    )
    return found.correlate_except(taken, before).exists()
