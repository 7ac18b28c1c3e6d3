"""Minutes 会议纪要 of meetings, which only grow in number, and the commands that write them."""

from datetime import datetime

from policies.scope import Way
from schema.access.accounts import Account
from schema.deliberation.meetings import MEETING, WHY, Meeting, in_states
from schema.deliberation.moves import by
from schema.kit.commands import command, given, target, version
from schema.kit.entities import column, entity, one
from schema.kit.texts import PLACE, UNIT
from schema.organization.units import OrgUnit
from services.deliberation import minutes as commands
from services.deliberation.gathered import has_minutes
from services.deliberation.meeting_tables import MeetingState, minutes
from services.deliberation.tables import reached
from services.organization.paths import place
from services.storage.transaction import Record

TEXT = (
    "会议纪要，可分行，最多四千个字符，不写个人姓名、电话"
    " / The minutes: lines of at most 4000 characters in all that name no person and no number."
)


@entity(
    minutes,
    policy="meeting_minutes",
    tag="mn",
    ways={
        Way.WITHIN: lambda row: row.unit_path,
        Way.ABOVE: lambda row: row.unit_path,
        Way.MEMBER: reached,
    },
    sort=lambda row: (row.meeting_id, row.number),
    ties=lambda row: (row.meeting_id, row.number),
)
class MeetingMinutes:
    """会议纪要的一版：更正另成一版，旧版仍可查阅 / One version of the minutes; those before it stay to be read."""

    number: int = column("第几版，自 1 起，最后一版为准 / Which version, counted from 1; the last one counts.")
    text: str = column("内容 / What it says.")
    recorded_at: datetime = column("登记时间 / When it was recorded.")
    reason: str | None = column("更正原因，第一版为空 / Why it was corrected; null for the first.")
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)
    meeting: "Meeting | None" = one(lambda row, meeting: meeting.id == row.meeting_id, MEETING)
    account: "Account | None" = one(
        lambda row, account: account.id == row.account_id,
        "登记的账号，不归您管理的为空 / Whose account recorded it; null where that is not yours to see.",
    )


# --- commands ---------------------------------------------------------------------------------------------------------


class RecordMeetingMinutesInput:
    """记录会议纪要 / Write the minutes."""

    meeting: Record = target("Meeting", MEETING)
    version: int = version()
    text: str = given(TEXT)


class CorrectMeetingMinutesInput:
    """更正会议纪要，另成一版，会议结束后亦可 / Write them anew, also once the meeting is closed."""

    meeting: Record = target("Meeting", MEETING)
    version: int = version()
    text: str = given(TEXT)
    reason: str = given(WHY)


COMMANDS = {
    "record_meeting_minutes": command(
        commands.record,
        RecordMeetingMinutesInput,
        "meeting:record",
        returns="Meeting",
        may=by,
        when=in_states(MeetingState.HELD),
    ),
    "correct_meeting_minutes": command(
        commands.correct,
        CorrectMeetingMinutesInput,
        "meeting:amend",
        returns="Meeting",
        may=by,
        when=in_states(MeetingState.HELD, MeetingState.CLOSED),
    ).only(has_minutes),
}
