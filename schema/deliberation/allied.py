"""What alliances add to units and party organizations, and to the indicators."""

from policies.scope import Way
from schema.deliberation import agreements, alliances, joint
from schema.deliberation.agreements import AllianceAgreement
from schema.deliberation.alliances import Alliance, AllianceTerm
from schema.deliberation.joint import AllianceMeeting
from schema.kit.entities import connection, edge_to, listing
from schema.organization.counted import counted, of_unit
from schema.organization.under import under
from services.deliberation.alliance_tables import RULES as RULES
from services.deliberation.alliance_tables import begun, holder, is_late, kept, met
from services.terms import holds_on

ENTITIES = (Alliance, AllianceTerm, AllianceMeeting, AllianceAgreement)
OF_UNITS = {"alliances": of_unit(Alliance, "本单元及所有下级的党建联盟 / The alliances of this unit and all below it.")}
OWN = {
    "Alliance": {
        "terms": edge_to(
            AllianceTerm,
            connection(
                lambda alliance, term: term.alliance_id == alliance.id,
                "成员单位，含已退出的 / The units in it, with those that left.",
                alike=(Way.BUILDING, Way.CAPTAIN, Way.MEMBER),
            ),
        ),
        "meetings": edge_to(
            AllianceMeeting,
            connection(
                lambda alliance, row: row.alliance_id == alliance.id,
                "联席会议 / Its joint meetings.",
                alike=(Way.BUILDING, Way.CAPTAIN, Way.MEMBER),
            ),
        ),
    },
    "AllianceMeeting": {
        "agreements": edge_to(
            AllianceAgreement,
            connection(
                lambda meeting, row: row.meeting_id == meeting.id,
                "议定事项 / What it agreed.",
                alike=(Way.BUILDING, Way.CAPTAIN, Way.MEMBER),
            ),
        ),
    },
    "PartyOrganization": {
        "alliance_terms": edge_to(
            AllianceTerm,
            connection(
                lambda organization, term: term.organization_id == organization.id,
                "加入的党建联盟，含已退出的 / The alliances it is in, or was.",
            ),
        ),
    },
}
INDICATORS = {
    "alliances": counted("党建联盟 / Alliances.", begun, of=Alliance),
    "allied_units": counted(
        "党建联盟的单位，在多个联盟的计一次 / Units in alliances, each of them once.",
        holds_on,
        of=AllianceTerm,
        distinct=holder,
    ),
    "alliance_meetings": counted("联席会议 / Joint meetings that were held.", met, of=AllianceMeeting),
    "alliance_agreements_kept": counted(
        "已办结的议定事项 / What joint meetings agreed and was done.", kept, of=AllianceAgreement
    ),
    "alliance_agreements_late": counted(
        "逾期的议定事项 / What they agreed and is late.", where=is_late, of=AllianceAgreement
    ),
}
ROOTS = {
    "alliances": listing(Alliance, "可见的全部党建联盟 / Every alliance you may see.", under=under()),
    "alliance_terms": listing(AllianceTerm, "可见的全部成员单位 / Every term in one you may see.", under=under()),
    "alliance_meetings": listing(
        AllianceMeeting, "可见的全部联席会议 / Every joint meeting you may see.", under=under()
    ),
    "alliance_agreements": listing(
        AllianceAgreement, "可见的全部议定事项 / Every agreement of one you may see.", under=under()
    ),
}
COMMANDS = {**alliances.COMMANDS, **joint.COMMANDS, **agreements.COMMANDS}
