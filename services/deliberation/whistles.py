"""Whistles are blown, answered, solved, returned, transferred, confirmed and reopened: each a step, and on record.

Every step is of today: a late answer is not made early by its date. Limits are counted by the calendar of the unit when
they begin, with the days from which on a late one is the town's and the county's concern, and stay so; what reaches
into a year that nobody announced is counted on once it is loaded. Every command about a whistle holds its row, so that
of two answers at once the second is told.

Long because each step is a command, read beside what it checks and the limits it begins.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from services.access.persons import same
from services.calendar.commands import as_known, calendar_at
from services.deliberation.limits import AFTER, begun, counted_on, due_of
from services.deliberation.way import Step
from services.deliberation.whistle_tables import FROM, OVER, WhistleAction, WhistleStatus, steps, whistles
from services.errors import ProblemCode, rejected
from services.names import proper
from services.organization.tables import OrgLevel
from services.storage.closing import only_open
from services.storage.doubles import is_there
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid

ANSWER, SOLVE = 3, 15  # working days, where the input says nothing
WHISTLING = (WhistleAction.BLOWN, WhistleAction.TRANSFERRED, WhistleAction.REOPENED)  # what the unit says
# What is expected before a step, as FROM of the tables has it.
EXPECTED = {
    WhistleAction.ANSWERED: ("部门在待报到时报到", "The department reports while it has yet to"),
    WhistleAction.SOLVED: ("部门须先报到，再报解决", "The department reports first, and says then that it is solved"),
    WhistleAction.RETURNED: ("部门在报解决之前可退回", "The department returns it before it says that it is solved"),
    WhistleAction.TRANSFERRED: (
        "部门报解决之前可转派；已解决或已确认的，请先重开",
        "It goes to another department before it is said to be solved; reopen first what is solved or confirmed",
    ),
    WhistleAction.CONFIRMED: (
        "须由部门先报解决或退回，社区再确认",
        "The department says first that it is solved, or returns it; then who blew it confirms",
    ),
    WhistleAction.REOPENED: (
        "部门报解决之后，或社区确认之后，可重开；此前可转派",
        "It is reopened once the department said that it is solved, or once it is confirmed; before, it is transferred",
    ),
}
LONGEST = {"title": 100, "detail": 500, "text": 200}  # characters


async def blow(
    tx: Transaction,
    *,
    unit: Record,
    department: Record,
    title: str,
    by: UUID,
    detail: str | None = None,
    matter: Record | None = None,
    answer_days: int | None = None,
    solve_days: int | None = None,
) -> UUID:
    """Whistle for a department of the county, today; the whistle's id.

    Rejected for a unit that does not whistle, another county's department or one that is there no more, a matter of
    elsewhere or one nobody works at, limits that are none, and what it whistled for today already.
    """
    amiss, made, day = Amiss(), dict[str, Any](), await tx.today()
    with amiss.within():
        _whistles(unit)
    with amiss.within():
        _answers(unit["path"], department)
    with amiss.within():
        _about(unit, matter)
    for name, text in (("title", title), ("detail", detail)):
        with amiss.within():
            made[name] = _said(name, text, owed=name == "title")
    with amiss.within():
        made |= await _limits(tx, unit["path"], day, _allowed(answer_days, solve_days))
    amiss.check()
    of = {"unit_path": unit["path"], "department_id": department["id"], "matter_id": matter["id"] if matter else None}
    made["blown_on"] = day
    await _not_twice(tx, {**of, **made})
    whistle = await tx.insert(whistles, **of, **made)
    await _record(tx, {**of, "id": whistle}, WhistleAction.BLOWN, by, day)
    return whistle


async def _not_twice(tx: Transaction, made: Record) -> None:
    """Rejected where the unit whistled for this that day already, for the same department and matter or none.

    However far that one is: what is over is reopened.
    """
    if await is_there(tx, whistles, made, ("unit_path", "department_id", "matter_id", "title", "blown_on")):
        zh = "当日已就同一事由向该部门吹哨；确为另一件的，请在事由中说明区别。"
        en = "You whistled for this by this title today already; if it is about another thing, let its title say so."
        raise rejected(ProblemCode.TAKEN, "title", zh, en)


# --- what the department does -----------------------------------------------------------------------------------------


async def answer(tx: Transaction, *, whistle: Record, by: UUID, text: str | None = None) -> UUID:
    """Report 报到: the department deals with it; its id. Rejected where it was answered before."""
    whistle = await _leaving(tx, whistle, WhistleAction.ANSWERED)
    await _of_another(tx, whistle, by)
    said, day = _said("text", text), await tx.today()
    await _record(tx, whistle, WhistleAction.ANSWERED, by, day, said, due_of(whistle, "answer"))
    return await tx.update(whistles, whistle["id"], status=WhistleStatus.ANSWERED, answered_on=day)


async def solve(tx: Transaction, *, whistle: Record, by: UUID, text: str) -> UUID:
    """Say what was done to solve it; its id. Rejected where the department has not reported."""
    whistle = await _leaving(tx, whistle, WhistleAction.SOLVED)
    await _of_another(tx, whistle, by)
    said, day = _said("text", text, owed=True), await tx.today()
    await _record(tx, whistle, WhistleAction.SOLVED, by, day, said, due_of(whistle, "solve"))
    return await tx.update(whistles, whistle["id"], status=WhistleStatus.SOLVED, solved_on=day)


async def send_back(tx: Transaction, *, whistle: Record, by: UUID, reason: str) -> UUID:
    """Return it as not theirs, for a reason; its id.

    That keeps the limit to report, or is held to the one to solve where they reported before; the latter runs on.
    """
    whistle = await _leaving(tx, whistle, WhistleAction.RETURNED)
    await _of_another(tx, whistle, by)
    said, day = _said("reason", reason, owed=True), await tx.today()
    await _record(tx, whistle, WhistleAction.RETURNED, by, day, said, _owed(whistle))
    answered = whistle["answered_on"] or day
    return await tx.update(whistles, whistle["id"], status=WhistleStatus.RETURNED, answered_on=answered)


async def _of_another(tx: Transaction, whistle: Record, by: UUID) -> None:
    """Rejected for whoever whistled, by whichever account: who whistles does not answer."""
    said = steps.c.whistle_id == whistle["id"], steps.c.action.in_(WHISTLING)
    for row in await tx.rows(select(steps.c.account_id).distinct().where(*said)):
        if await same(tx, by, row["account_id"]):
            zh, en = "吹哨的人不能代部门办理。", "Who whistles does not answer for the department."
            raise rejected(ProblemCode.INVALID, "whistle", zh, en)


# --- what the unit does -----------------------------------------------------------------------------------------------


async def transfer(tx: Transaction, *, whistle: Record, department: Record, by: UUID, reason: str) -> UUID:
    """Whistle for another department instead; its id.

    Both limits begin anew for that one, which is late by its own alone. By how many days the former one was late, and
    since when it was the town's by its limits, stays with this step, and what was escalated with the whistle.
    """
    whistle = await _leaving(tx, whistle, WhistleAction.TRANSFERRED)
    amiss, day, limits = Amiss(), await tx.today(), dict[str, Any]()
    said: str | None = None
    with amiss.within():
        _answers(whistle["unit_path"], department)
        if department["id"] == whistle["department_id"]:
            zh, en = "已由该部门办理。", "It is this department's already."
            raise rejected(ProblemCode.INVALID, "department", zh, en)
    with amiss.within():
        said = _said("reason", reason, owed=True)
    with amiss.within():
        limits = await _limits(tx, whistle["unit_path"], day, whistle)
    amiss.check()
    of = {**whistle, "department_id": department["id"]}
    kept, former = _escalated(whistle, day), _of_its_department(whistle, day)
    await _record(tx, of, WhistleAction.TRANSFERRED, by, day, said, _owed(whistle), former)
    kept |= {"answered_on": None, "status": WhistleStatus.BLOWN, "of_former": kept["was_town_on"] is not None}
    return await tx.update(whistles, whistle["id"], department_id=department["id"], **limits, **kept)


async def confirm(tx: Transaction, *, whistle: Record, by: UUID, text: str | None = None) -> UUID:
    """Confirm that it is over, be it solved or returned for good; its id."""
    await _leaving(tx, whistle, WhistleAction.CONFIRMED)
    said, day = _said("text", text), await tx.today()
    await _record(tx, whistle, WhistleAction.CONFIRMED, by, day, said)
    return await tx.update(whistles, whistle["id"], status=WhistleStatus.CONFIRMED, confirmed_on=day)


async def reopen(tx: Transaction, *, whistle: Record, by: UUID, reason: str) -> UUID:
    """Whistle once more for what is not solved; its id. Both limits begin anew; what was escalated stays.

    Rejected where the department is there no more: that takes a whistle of its own.
    """
    whistle = await _leaving(tx, whistle, WhistleAction.REOPENED)
    said, day = _said("reason", reason, owed=True), await tx.today()
    limits = await _limits(tx, whistle["unit_path"], day, whistle)
    await _record(tx, whistle, WhistleAction.REOPENED, by, day, said)
    kept, own = _escalated(whistle, day), _escalated({**whistle, "was_town_on": None, "was_county_on": None}, day)
    kept["of_former"] = whistle["of_former"] and own["was_town_on"] is None
    anew = {**kept, **dict.fromkeys(("answered_on", "solved_on", "confirmed_on"))}
    return await tx.update(whistles, whistle["id"], status=WhistleStatus.REOPENED, **limits, **anew)


# --- limits -----------------------------------------------------------------------------------------------------------


async def _limits(tx: Transaction, path: str, day: date, of: Any) -> dict[str, Any]:
    """Both limits that begin on a day, by the working days of a unit, with the days that follow a missed one."""
    days = {name: of[name] for name in ("answer_days", "solve_days")}
    return await as_known(tx, path, AFTER, lambda calendar: begun(calendar, day, days))


def _allowed(answer_days: int | None, solve_days: int | None) -> dict[str, Any]:
    given = {"answer_days": ANSWER if answer_days is None else answer_days}
    given["solve_days"] = max(SOLVE, given["answer_days"]) if solve_days is None else solve_days
    days = valid(whistles, given)
    if days["solve_days"] < days["answer_days"]:
        zh, en = "解决期限不能短于报到期限。", "No less than the limit to report."
        raise rejected(ProblemCode.INVALID, "solve_days", zh, en)
    return days


def _owed(whistle: Record) -> dict[str, Any]:
    """By when the department had to act next, as columns of a step; none for one that returned it."""
    if whistle["status"] == WhistleStatus.RETURNED:
        return {}
    return due_of(whistle, "solve" if whistle["answered_on"] else "answer")


def _escalated(whistle: Record, today: date) -> dict[str, Any]:
    """Since when it was the town's concern, and the county's, by the limits it has; as `town_on` of the tables says."""
    answered = whistle["answered_on"] or today
    solved = whistle["solved_on"] or whistle["confirmed_on"] or today
    kept: dict[str, date | None] = {}
    for whose in ("town_on", "county_on"):
        came = (whistle[f"answer_{whose}"], answered), (whistle[f"solve_{whose}"], solved)
        reached = [since for since, until in came if since and until >= since]
        was = whistle[f"was_{whose}"]
        kept[f"was_{whose}"] = min([*reached, was] if was else reached, default=None)
    return kept


def _of_its_department(whistle: Record, today: date) -> date | None:
    """Since when it was the town's by the limits of its department, as `escalated_of_its_department` asks."""
    before = {"was_town_on": None, "was_county_on": None} if whistle["of_former"] else {}
    since: date | None = _escalated({**whistle, **before}, today)["was_town_on"]
    return since


# --- what is checked --------------------------------------------------------------------------------------------------


async def _record(
    tx: Transaction,
    whistle: Record,
    action: WhistleAction,
    by: UUID,
    day: date,
    text: str | None = None,
    due: Mapping[str, Any] | None = None,
    former_town_on: date | None = None,
) -> None:
    last = await tx.value(select(func.max(steps.c.number)).where(steps.c.whistle_id == whistle["id"]))
    await tx.insert(
        steps,
        whistle_id=whistle["id"],
        unit_path=whistle["unit_path"],
        number=(last or 0) + 1,
        action=action,
        department_id=whistle["department_id"],
        taken_on=day,
        account_id=by,
        text=text,
        former_town_on=former_town_on,
        **(due or {}),
    )


async def _leaving(tx: Transaction, whistle: Record, action: WhistleAction) -> Record:
    """A whistle, locked, with what is known of its limits by now, when a year may be announced for all.

    Rejected where the step does not lead on from where it stands.
    """
    _from(whistle, action)
    if not any(whistle[name] for name in AFTER):
        return whistle
    known = counted_on(await calendar_at(tx, whistle["unit_path"]), whistle)
    await tx.rows(update(whistles).where(whistles.c.id == whistle["id"]).values(**known))
    return {**whistle, **known}


def _from(whistle: Record, action: WhistleAction) -> None:
    state = WhistleStatus(whistle["status"])
    if state not in FROM[action]:
        (expected_zh, expected_en), (state_zh, state_en) = EXPECTED[action], state.text.split(" / ")
        zh = f"{expected_zh}。此哨现为“{state_zh}”。"
        en = f"{expected_en}. Where it stands now: {state_en}"
        raise rejected(ProblemCode.CLOSED if state is OVER else ProblemCode.INVALID, "whistle", zh, en)


def _whistles(unit: Record) -> None:
    if unit["level"] not in (OrgLevel.COMMUNITY, OrgLevel.TOWN):
        zh, en = "由社区（村）或乡镇、街道吹哨。", "Communities whistle, and towns."
        raise rejected(ProblemCode.INVALID, "unit", zh, en)


def _answers(path: str, department: Record) -> None:
    only_open(department=department)
    if not path.startswith(department["unit_path"]):
        zh, en = "该部门不属本县。", "The department is another county's."
        raise rejected(ProblemCode.OUT_OF_REACH, "department", zh, en)


def _about(unit: Record, matter: Record | None) -> None:
    if matter is None:
        return
    if not matter["unit_path"].startswith(unit["path"]):
        zh, en = "该议题不在此单元。", "The matter is not of this unit, nor of one below it."
        raise rejected(ProblemCode.OUT_OF_REACH, "matter", zh, en)
    if matter["step"] not in (Step.CONSULTING, Step.ACTING):
        zh, en = "仅限处于商议或践议的议题。", "Of what is being consulted on, or carried out."
        raise rejected(ProblemCode.INVALID, "matter", zh, en)


def _said(name: str, text: str | None, *, owed: bool = False) -> str | None:
    return proper(name, text, LONGEST.get(name, 100)) if owed or text is not None else None
