"""Moves of matters along their way, which are only added to, and the commands by which they are made."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from policies.scope import Way
from schema.access.accounts import Account
from schema.deliberation.matters import ASKED, MATTER, SATISFIED, Matter, in_step
from schema.kit.commands import Caller, Command, command, given, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one
from schema.kit.expressions import Row
from schema.kit.numbers import measure
from schema.kit.ranges import DateRange, days
from schema.kit.texts import HOW_MANY, PLACE, UNIT
from schema.kit.words import among
from schema.organization.units import OrgUnit
from services.calendar.tables import waits_for
from services.deliberation import matters as commands
from services.deliberation.gathered import denied, unsettled
from services.deliberation.tables import buildings_of, captains_in, compound_of, days_late, has_moved, moves, reached
from services.deliberation.way import Step, leaving
from services.organization.paths import place
from services.properties.tables import managers
from services.storage.transaction import Record

ON = (
    "日期：不早于上一环节，不晚于今天，最多可追溯 92 天"
    " / The day: not before the last step, not to come, and 92 days back at most."
)
WHY = "原因，最多一百个字符，不写个人姓名、电话 / Why, in at most 100 characters that name no person and no number."


class MatterMoveFilter:
    """筛选流转记录，各项须同时满足 / Which moves: every condition given must hold."""

    moved_on: DateRange = days("moved_on", "流转日期 / Made on one of these days.")
    from_step: list[Step] = among(moves.c.from_step, "自这些环节 / From one of these steps.")
    to_step: list[Step] = among(moves.c.to_step, "至这些环节 / To one of these steps.")


class MatterMoveTotals:
    """流转合计 / What moves come to."""

    count: int = measure(HOW_MANY)
    matters: int = measure("议题数 / Of how many matters.", distinct=lambda row: row.matter_id)


@entity(
    moves,
    policy="matter",
    tag="mm",
    ways={
        Way.WITHIN: lambda row: row.unit_path,
        Way.ABOVE: lambda row: row.unit_path,
        Way.SECTOR: lambda row: row.unit_path,
        Way.COMPANY: lambda row: managers(compound_of(row)),
        Way.BUILDING: lambda row: buildings_of(compound_of(row)),
        Way.CAPTAIN: lambda row: captains_in(compound_of(row)),
        Way.MEMBER: reached,
    },
    sort=lambda row: (row.matter_id, row.number),
    ties=lambda row: (row.matter_id, row.number),
    filter=MatterMoveFilter,
    orders={"PLACE": lambda row: (row.unit_path,), "MOVED_ON": lambda row: (row.moved_on,)},
    totals=MatterMoveTotals,
)
class MatterMove:
    """流转：议题走的一步，只增不改 / A step a matter took; it stays on record."""

    number: int = column("第几步，自 1 起 / Which of the matter's moves it is, counted from 1.")
    from_step: Step = column("自哪一环节 / From which step.")
    to_step: Step = column("至哪一环节 / To which step.")
    moved_on: date = column("流转日期 / The day of it.")
    recorded_at: datetime = column("登记时间 / When it was recorded.")
    reason: str | None = column("原因，无须说明的为空 / Why; null where no reason is owed.")
    due_on: date | None = column(
        "所离环节的期限，了结后重开的、尚无法计算的为空 / By when the step it left was to be over; null for none, and"
        " where it cannot be counted yet."
    )
    due_unannounced: int | None = column(
        "期限落在工作日安排尚未公布的年度时为该年度，登记后补算期限；其他为空 / The year nobody announced the working"
        " days of yet that its deadline lies in, which is counted once that is loaded; null for none.",
        waits_for,
    )
    days_late: int = column(
        "逾期天数，含周末，未逾期为 0 / How many days after that it was, weekends included; 0 for none.",
        lambda row: days_late(row.due_on, row.moved_on),
    )
    asked: int | None = column("议评受访人数，非办结为空 / How many were asked; null unless it settled the matter.")
    satisfied: int | None = column("其中满意人数 / How many of them are satisfied; null likewise.")
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)
    matter: "Matter | None" = one(lambda row, matter: matter.id == row.matter_id, MATTER)
    account: "Account | None" = one(
        lambda row, account: account.id == row.account_id,
        "登记的账号，不归您管理的为空 / Whose account recorded it; null where that is not yours to see.",
    )


# --- commands ---------------------------------------------------------------------------------------------------------


class ConsultMatterInput:
    """转入商议 / Take a matter to consultation."""

    matter: Record = target("Matter", MATTER)
    version: int = version()
    on: date = given(ON)


class ActOnMatterInput:
    """转入践议 / Begin to carry a matter out."""

    matter: Record = target("Matter", MATTER)
    version: int = version()
    on: date = given(ON)


class AssessMatterInput:
    """践议完成，转入议评 / Begin the assessment of what was carried out."""

    matter: Record = target("Matter", MATTER)
    version: int = version()
    on: date = given(ON)


class SettleMatterInput:
    """议评后办结 / Settle a matter with what its assessment came to."""

    matter: Record = target("Matter", MATTER)
    version: int = version()
    on: date = given(ON)
    asked: int = given(f"{ASKED} 1 – 1000000.")
    satisfied: int = given(f"{SATISFIED} 0 – 1000000.")


class ReturnMatterInput:
    """退回：商议退回提议，议评不满意退回践议 / Take a matter back: to its proposal, or to be carried out once more."""

    matter: Record = target("Matter", MATTER)
    version: int = version()
    on: date = given(ON)
    reason: str = given(WHY)


class DropMatterInput:
    """不予办理，限提议与商议环节 / Do not take a matter up; while it is proposed or consulted on."""

    matter: Record = target("Matter", MATTER)
    version: int = version()
    on: date = given(ON)
    reason: str = given(WHY)


class ReopenMatterInput:
    """重开：已办结的重新践议，不予办理的重新提议 / Take up again what was settled or dropped."""

    matter: Record = target("Matter", MATTER)
    version: int = version()
    on: date = given(ON)
    reason: str = given(WHY)


class CorrectMatterMoveInput:
    """更正最近一次流转的日期，期限随之重算 / Put the day of a matter's last move right, and its deadline."""

    matter: Record = target("Matter", MATTER)
    version: int = version()
    on: date = given("正确的日期：不早于上一环节，不晚于今天 / The right day: not before the last step, not to come.")
    reason: str = given(REASON)


async def by(caller: Caller, _: Record, __: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whose account records it."""
    return {"by": caller.actor.account_id}


def moved(row: Row) -> ColumnElement[bool]:
    """What has moved, be it back to where it began."""
    return or_(row.step != Step.PROPOSED, has_moved(row.id))


def free_to_act(row: Row) -> ColumnElement[bool]:
    """What no meeting is open about, the last of which agreed, where there was one."""
    return and_(~unsettled(row), ~denied(row))


def _moving(run: Callable[..., Awaitable[Any]], input: type, action: str) -> Command:
    """A command that moves a matter on, from the steps this action leads on from."""
    made = command(run, input, f"matter:{action}", returns="Matter", may=by, when=in_step(*leaving(action)))
    return made.only(free_to_act) if action == "act" else made


COMMANDS = {
    "consult_matter": _moving(commands.consult, ConsultMatterInput, "consult"),
    "act_on_matter": _moving(commands.act, ActOnMatterInput, "act"),
    "assess_matter": _moving(commands.assess, AssessMatterInput, "assess"),
    "settle_matter": _moving(commands.settle, SettleMatterInput, "settle"),
    "return_matter": _moving(commands.send_back, ReturnMatterInput, "return"),
    "drop_matter": _moving(commands.drop, DropMatterInput, "drop"),
    "reopen_matter": _moving(commands.reopen, ReopenMatterInput, "reopen"),
    "correct_matter_move": command(
        commands.correct, CorrectMatterMoveInput, "matter:correct", returns="Matter", when=moved
    ),
}
