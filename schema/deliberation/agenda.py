"""What meetings are about and who came: items, of which each decides on a matter, and the attendance of parties."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func

from policies.scope import Way
from schema.deliberation.matters import Matter
from schema.deliberation.meetings import MEETING, WHY, Meeting, in_states
from schema.kit.commands import command, given, reference, target, version
from schema.kit.entities import column, entity, one
from schema.kit.expressions import Row
from schema.kit.numbers import grouped, measure
from schema.kit.scalars import SafeInt
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.kit.words import among
from schema.organization.units import OrgUnit
from services.deliberation import meetings as commands
from services.deliberation.gathered import captains_concerned, concerned, houses_concerned
from services.deliberation.meeting_tables import (
    PEOPLE,
    MeetingDecision,
    MeetingParty,
    MeetingState,
    attendances,
    items,
)
from services.deliberation.tables import buildings_of, captains_in, compound_of, reached
from services.organization.paths import place
from services.properties.tables import managers
from services.storage.transaction import Record

ITEM = "议程项 / The item."
DECISION = "议定结果 / What became of it."
PARTY = "参会方 / Who it was."
CAME = f"参会人数，0 – {PEOPLE} / How many came."
DECIDED = (
    "议定内容，最多五百个字符，一行，不写个人姓名、电话"
    " / What was decided, in one line of at most 500 characters that name no person and no number."
)
FOR = f"同意票数，未表决时三项均不填，0 – {PEOPLE} / Votes for it; none of the three where nothing was voted on."
AGAINST = f"反对票数，0 – {PEOPLE} / Votes against it."
ABSTAINED = f"弃权票数，0 – {PEOPLE} / How many abstained."


def split(row: Row) -> ColumnElement[bool]:
    """Whether there were votes for it as well as against it."""
    return func.coalesce(and_(row.votes_for > 0, row.votes_against > 0), False)


class MeetingItemFilter:
    """筛选议程项，各项须同时满足 / Which items: every condition given must hold."""

    decision: list[MeetingDecision] = among(items.c.decision, "议定结果 / Decided as one of these.")


class MeetingItemTotals:
    """议程项合计 / What items come to."""

    count: int = measure(HOW_MANY)
    matters: int = measure("议题数 / Of how many matters.", distinct=lambda row: row.matter_id)
    agreed: int = measure("同意 / Agreed.", where=lambda row: row.decision == MeetingDecision.AGREED)
    deferred: int = measure("缓议 / Put off.", where=lambda row: row.decision == MeetingDecision.DEFERRED)
    refused: int = measure("不同意 / Refused.", where=lambda row: row.decision == MeetingDecision.REFUSED)
    undecided: int = measure("未议定 / Not decided yet.", where=lambda row: row.decision.is_(None))
    split: int = measure("表决有分歧的 / With votes for as well as against.", where=split)


@entity(
    items,
    policy="meeting",
    tag="mi",
    ways={
        Way.WITHIN: lambda row: row.unit_path,
        Way.ABOVE: lambda row: row.unit_path,
        Way.SECTOR: lambda row: row.unit_path,
        Way.COMPANY: lambda row: managers(compound_of(row)),
        Way.BUILDING: lambda row: buildings_of(compound_of(row)),
        Way.CAPTAIN: lambda row: captains_in(compound_of(row)),
        Way.MEMBER: reached,
    },
    sort=lambda row: (row.meeting_id, row.matter_id),
    ties=lambda row: (row.meeting_id, row.matter_id),
    filter=MeetingItemFilter,
    orders={"PLACE": lambda row: (row.unit_path,)},
    totals=MeetingItemTotals,
)
class MeetingItem:
    """议程项：一次会议上的一个议题 / One matter on the agenda of one meeting, and what was decided on it."""

    matter_title: str = column(
        "议题名称；议题迁出会议所在单元后，保留迁出时的名称，改名后迁回的亦同 / What the matter is called; once it lies"
        " elsewhere, as it was when it left, also where it comes back by another title.",
        brings="Matter",
    )
    decision: MeetingDecision | None = column("议定结果，未议定为空 / What became of it; null while undecided.")
    decided: str | None = column("议定内容 / What was decided; null while nothing is.")
    votes_for: int | None = column("同意票数，未表决为空 / Votes for it; null where nothing was voted on.")
    votes_against: int | None = column("反对票数，未表决为空 / Votes against it; null likewise.")
    abstained: int | None = column("弃权票数，未表决为空 / How many abstained; null likewise.")
    split: bool = column("表决是否有分歧：既有同意又有反对 / Whether there were votes for as well as against.", split)
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)
    meeting: "Meeting | None" = one(lambda row, meeting: meeting.id == row.meeting_id, MEETING)
    matter: "Matter | None" = one(lambda row, matter: matter.id == row.matter_id, "议题 / The matter.")


class MeetingPartyCount:
    """一方的参会情况 / How one party took part."""

    party: MeetingParty = column(PARTY)
    count: int = measure("会议数 / At how many meetings.", where=lambda row: row.people > 0)
    people: SafeInt = measure("参会人次 / How many people in all.", total=lambda row: row.people)


class MeetingAttendanceTotals:
    """参会合计 / What attendance comes to."""

    count: int = measure(HOW_MANY)
    people: SafeInt = measure("参会人次 / How many people in all.", total=lambda row: row.people)
    by_party: list[MeetingPartyCount] = grouped(MeetingPartyCount, "按参会方 / By party.")


@entity(
    attendances,
    policy="meeting",
    tag="ma",
    ways={
        Way.WITHIN: lambda row: row.unit_path,
        Way.ABOVE: lambda row: row.unit_path,
        Way.SECTOR: lambda row: row.unit_path,
        Way.COMPANY: lambda row: concerned(row.meeting_id),
        Way.BUILDING: lambda row: houses_concerned(row.meeting_id),
        Way.CAPTAIN: lambda row: captains_concerned(row.meeting_id),
        Way.MEMBER: reached,
    },
    sort=lambda row: (row.meeting_id, row.party),
    ties=lambda row: (row.meeting_id, row.party),
    totals=MeetingAttendanceTotals,
)
class MeetingAttendance:
    """一方的参会人数，不记姓名 / How many of one party came; no names."""

    party: MeetingParty = column(PARTY)
    people: int = column("参会人数 / How many came.")
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)
    meeting: "Meeting | None" = one(lambda row, meeting: meeting.id == row.meeting_id, MEETING)


# --- commands ---------------------------------------------------------------------------------------------------------


class AddMeetingItemInput:
    """将议题列入会议 / Put a matter on the agenda of a meeting that is not closed."""

    meeting: Record = target("Meeting", MEETING)
    version: int = version()
    matter: Record = reference("Matter", "议题，已进入商议 / The matter: one that is consulted on, or further.")


class DecideMeetingItemInput:
    """记录议定结果 / Record what became of an item."""

    item: Record = target("MeetingItem", ITEM)
    version: int = version()
    decision: MeetingDecision = given(DECISION)
    decided: str = given(DECIDED)
    votes_for: int | None = given(FOR)
    votes_against: int | None = given(AGAINST)
    abstained: int | None = given(ABSTAINED)


class CorrectMeetingDecisionInput:
    """更正议定结果，票数一并填写 / Put a decision right, with all its votes."""

    item: Record = target("MeetingItem", ITEM)
    version: int = version()
    decision: MeetingDecision = given(DECISION)
    decided: str = given(DECIDED)
    votes_for: int | None = given(FOR)
    votes_against: int | None = given(AGAINST)
    abstained: int | None = given(ABSTAINED)
    reason: str = given(WHY)


class PartyAttendance:
    """一方的参会人数 / How many of one party came."""

    party: MeetingParty = given(PARTY)
    people: int = given(CAME)


class RecordMeetingAttendanceInput:
    """记录参会情况，取代先前所记 / Record who came, in place of what was recorded before."""

    meeting: Record = target("Meeting", MEETING)
    version: int = version()
    parties: list[PartyAttendance] = given("各方，每方一次 / The parties, each of them once.")


def undecided(row: Row) -> ColumnElement[bool]:
    """What nothing was decided on."""
    decision: ColumnElement[Any] = row.decision
    return decision.is_(None)


def decided(row: Row) -> ColumnElement[bool]:
    """What something was."""
    decision: ColumnElement[Any] = row.decision
    return decision.is_not(None)


COMMANDS = {
    "add_meeting_item": command(
        commands.put_on,
        AddMeetingItemInput,
        "meeting:convene",
        returns="Meeting",
        when=in_states(MeetingState.PLANNED, MeetingState.HELD),
    ),
    "decide_meeting_item": command(
        commands.decide, DecideMeetingItemInput, "meeting:record", returns="MeetingItem", when=undecided
    ),
    "correct_meeting_decision": command(
        commands.correct, CorrectMeetingDecisionInput, "meeting:correct", returns="MeetingItem", when=decided
    ),
    "record_meeting_attendance": command(
        commands.attended,
        RecordMeetingAttendanceInput,
        "meeting:record",
        returns="Meeting",
        when=in_states(MeetingState.HELD),
    ),
}
