"""What whistles add to units, matters and departments, and to the indicators."""

from policies.scope import Way
from schema.deliberation import whistles, whistling
from schema.deliberation.whistles import Whistle
from schema.deliberation.whistling import WhistleStep
from schema.kit.entities import connection, edge_to, listing
from schema.organization.counted import counted, of_unit
from schema.organization.under import under
from services.deliberation import lateness
from services.deliberation.whistle_tables import RULES as RULES
from services.deliberation.whistle_tables import without_whistles

ENTITIES = (Whistle, WhistleStep)
OF_UNITS = {"whistles": of_unit(Whistle, "本单元及所有下级吹的哨 / The whistles of this unit and all below it.")}
OF_MATTERS = {
    "whistles": edge_to(
        Whistle,
        connection(lambda matter, row: row.matter_id == matter.id, "为此吹的哨 / The whistles that are about it."),
    ),
}
OWN = {
    "Department": {
        "whistles": edge_to(
            Whistle,
            connection(
                lambda department, row: row.department_id == department.id,
                "今天归其办理的哨，含已了结的 / The whistles that are for it, those that are over too.",
                alike=(Way.DEPARTMENT,),
            ),
        ),
    },
    "Whistle": {
        "steps": edge_to(
            WhistleStep,
            connection(
                lambda whistle, step: step.whistle_id == whistle.id,
                "历次记录，自吹哨起 / What was done about it, from its being blown.",
                alike=(Way.DEPARTMENT,),
            ),
        ),
    },
}
INDICATORS = {
    "whistles": counted(
        "吹哨，含已了结的 / Whistles that were blown, those that are over too.", lateness.blown, of=Whistle
    ),
    "whistles_answered_in_time": counted(
        "按时报到的 / Of them, those that were reported on in time.", lateness.answered_in_time, of=Whistle
    ),
    "whistles_solved": counted("已解决的 / Those that are solved.", lateness.solved, of=Whistle),
    "whistles_late": counted("逾期的 / Those that are late.", where=lateness.is_late, of=Whistle),
    "whistles_escalated": counted(
        "曾逾期上报的 / Those that were escalated, dealt with since or not.", lateness.escalated, of=Whistle
    ),
}
ROOTS = {
    "whistles": listing(Whistle, "可见的全部哨 / Every whistle you may see.", under=under()),
    "whistle_steps": listing(WhistleStep, "可见的全部吹哨记录 / Every step of a whistle you may see.", under=under()),
}
COMMANDS = {**whistles.COMMANDS, **whistling.COMMANDS}
STATES = {"close_department": without_whistles}
