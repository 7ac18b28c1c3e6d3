"""What matters, meetings, whistles and what else is deliberated add to what they are of, and to the indicators."""

from policies.scope import Way
from schema.deliberation import agenda, allied, daily, disputes, matters, meetings, minutes, moves, results, whistled
from schema.deliberation.agenda import MeetingAttendance, MeetingItem
from schema.deliberation.disputes import Dispute
from schema.deliberation.matters import Matter
from schema.deliberation.meetings import Meeting, MeetingPlace
from schema.deliberation.minutes import MeetingMinutes
from schema.deliberation.moves import MatterMove
from schema.deliberation.results import MatterResult
from schema.deliberation.way import MatterWay
from schema.kit.entities import Area, connection, edge_to, listing
from schema.kit.numbers import ratio
from schema.kit.states import without
from schema.organization.counted import counted, of_unit
from schema.organization.under import under
from services.deliberation import meeting_tables
from services.deliberation.dispute_tables import RULES as DISPUTE_RULES
from services.deliberation.gathered import agreed, held, with_all
from services.deliberation.tables import RULES, carried_out, is_late, proposed, settled, suggested
from services.deliberation.tables import matters as matter_table

AREA = Area(
    entities=(
        *(Matter, MatterMove, MatterWay, MatterResult, Dispute),
        *(MeetingPlace, Meeting, MeetingItem, MeetingAttendance, MeetingMinutes),
        *whistled.ENTITIES,
        *allied.ENTITIES,
        *daily.ENTITIES,
    ),
    edges={
        "OrgUnit": {
            "matters": of_unit(Matter, "本单元及所有下级的议题 / The matters of this unit and all below it."),
            "meetings": of_unit(Meeting, "本单元及所有下级的会议 / The meetings of this unit and all below it."),
            "meeting_places": of_unit(
                MeetingPlace, "本单元及所有下级的会议场所 / The places for meetings of this unit and all below it."
            ),
            "disputes": disputes.OF_UNIT,
            **whistled.OF_UNITS,
            **allied.OF_UNITS,
            **daily.OF_UNITS,
        },
        "DeliberationDay": daily.OF_DAYS,
        "Compound": {
            "matters": edge_to(
                Matter,
                connection(
                    lambda compound, row: row.compound_id == compound.id,
                    "关于本小区的议题 / The matters that are about it.",
                    alike=(Way.COMPANY,),
                ),
            ),
        },
        "Matter": {
            **whistled.OF_MATTERS,
            "moves": edge_to(
                MatterMove,
                connection(
                    lambda matter, move: move.matter_id == matter.id,
                    "历次流转，自第一步起 / The steps it took, from the first.",
                    alike=(Way.ABOVE, Way.COMPANY, Way.BUILDING, Way.CAPTAIN, Way.MEMBER),
                ),
            ),
            "items": edge_to(
                MeetingItem,
                connection(
                    lambda matter, item: item.matter_id == matter.id,
                    "历次会议的议定 / What meetings decided on it.",
                    alike=(Way.COMPANY, Way.BUILDING, Way.CAPTAIN),
                    elsewhere=True,
                ),
            ),
            "results": edge_to(
                MatterResult,
                connection(
                    lambda matter, result: result.matter_id == matter.id,
                    "成效 / What came of it.",
                    alike=(Way.ABOVE, Way.COMPANY, Way.BUILDING, Way.CAPTAIN, Way.MEMBER),
                ),
            ),
        },
        **whistled.OWN,
        **allied.OWN,
        "Meeting": {
            "items": edge_to(
                MeetingItem,
                connection(
                    lambda meeting, item: item.meeting_id == meeting.id,
                    "议程 / What is on its agenda.",
                    alike=(Way.ABOVE, Way.MEMBER),
                ),
            ),
            "attendances": edge_to(
                MeetingAttendance,
                connection(
                    lambda meeting, came: came.meeting_id == meeting.id,
                    "参会情况 / Who came.",
                    alike=(Way.ABOVE, Way.COMPANY, Way.BUILDING, Way.CAPTAIN, Way.MEMBER),
                ),
            ),
            "minutes": edge_to(
                MeetingMinutes,
                connection(
                    lambda meeting, version: version.meeting_id == meeting.id,
                    "会议纪要各版，自第一版起，最后一版为准 / Every version of its minutes; the last one counts.",
                    alike=(Way.ABOVE, Way.MEMBER),
                ),
            ),
        },
        "Indicators": {
            "matters_proposed": counted(
                "议题，含已了结的 / Matters that were proposed, those at an end too.", proposed, of=Matter
            ),
            "matter_suggestions": counted("其中来自建议的 / Of them, suggestions.", suggested, of=Matter),
            "matters_carried_out": counted(
                "已践议的议题：已进入议评或已办结 / Matters carried out: being assessed, or settled.",
                carried_out,
                of=Matter,
            ),
            "matters_late": counted("所在环节逾期的议题 / Matters whose step is late.", where=is_late, of=Matter),
            "matter_people_asked": counted(
                "已办结议题议评的受访人次 / People asked what they think of matters that are settled.",
                settled,
                total=lambda row: row.asked,
                of=Matter,
            ),
            "matter_people_satisfied": counted(
                "其中满意的人次 / Of them, those who are satisfied.",
                settled,
                total=lambda row: row.satisfied,
                of=Matter,
            ),
            "matter_satisfaction": ratio(
                "matter_people_satisfied",
                "matter_people_asked",
                "议题满意率 / Which part of those asked is satisfied.",
            ),
            "matters_agreed": counted(
                "最近一次会议同意的议题 / Matters on which the last meeting that decided agreed.", agreed, of=Matter
            ),
            "matter_results": counted(
                "成效条数，见 matterResults 的合计 / Results of matters; what they come to, totals of these tell.",
                results.counted,
                of=MatterResult,
            ),
            "meetings_held": counted("已召开的会议 / Meetings that were held.", held, of=Meeting),
            "meetings_of_three": counted(
                "其中三方到齐的 / Of them, those to which all three parties came.", with_all, of=Meeting
            ),
            **disputes.INDICATORS,
            **whistled.INDICATORS,
            **allied.INDICATORS,
            **daily.INDICATORS,
        },
    },
    roots={
        "matters": listing(Matter, "可见的全部议题 / Every matter you may see.", under=under()),
        "matter_moves": listing(MatterMove, "可见的全部流转 / Every move of a matter you may see.", under=under()),
        "matter_results": listing(MatterResult, "可见的全部成效 / Every result you may see.", under=under()),
        "meetings": listing(Meeting, "可见的全部会议 / Every meeting you may see.", under=under()),
        "meeting_places": listing(MeetingPlace, "可见的会议场所 / The places you may see.", under=under()),
        "meeting_items": listing(MeetingItem, "可见的全部议程项 / Every item you may see.", under=under()),
        "meeting_attendances": listing(
            MeetingAttendance, "可见的全部参会情况 / All attendance you may see.", under=under()
        ),
        **disputes.ROOTS,
        **whistled.ROOTS,
        **allied.ROOTS,
        "matter_way": listing(MatterWay, "议题流转的规则：每一步 / The way of matters: each step they can take."),
        **daily.ROOTS,
    },
    commands={
        **matters.COMMANDS,
        **moves.COMMANDS,
        **meetings.COMMANDS,
        **agenda.COMMANDS,
        **minutes.COMMANDS,
        **results.COMMANDS,
        **disputes.COMMANDS,
        **whistled.COMMANDS,
        **allied.COMMANDS,
        **daily.COMMANDS,
    },
    states={**whistled.STATES, "strike_out_compound": without(matter_table, "compound_id")},
    rules={**RULES, **meeting_tables.RULES, **DISPUTE_RULES, **whistled.RULES, **allied.RULES, **daily.RULES},
)
