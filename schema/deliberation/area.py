"""What matters add to units and compounds, and to the indicators."""

from schema.deliberation import matters, moves
from schema.deliberation.matters import Matter
from schema.deliberation.moves import MatterMove
from schema.deliberation.way import MatterWay
from schema.kit.entities import Area, connection, edge_to, listing
from schema.kit.expressions import RowFunction
from schema.kit.numbers import Holding, Tally, count, ratio
from schema.organization.under import under
from services.deliberation.tables import RULES, carried_out, is_late, proposed, settled, suggested
from services.organization.paths import at_or_beneath


def _counted(
    description: str,
    holding: Holding | None = None,
    where: RowFunction | None = None,
    total: RowFunction | None = None,
) -> Tally:
    """A number of the matters of a unit and all below it."""
    made: Tally = count(
        Matter,
        lambda unit, row: at_or_beneath(row.unit_path, unit.path),
        description,
        holding=holding,
        where=where,
        total=total,
    )
    return made


AREA = Area(
    entities=(Matter, MatterMove, MatterWay),
    edges={
        "OrgUnit": {
            "matters": edge_to(
                Matter,
                connection(
                    lambda unit, row: at_or_beneath(row.unit_path, unit.path),
                    "本单元及所有下级的议题 / The matters of this unit and all below it.",
                ),
            ),
        },
        "Compound": {
            "matters": edge_to(
                Matter,
                connection(
                    lambda compound, row: row.compound_id == compound.id,
                    "关于本小区的议题 / The matters that are about it.",
                ),
            ),
        },
        "Matter": {
            "moves": edge_to(
                MatterMove,
                connection(
                    lambda matter, move: move.matter_id == matter.id,
                    "历次流转，自第一步起 / The steps it took, from the first.",
                ),
            ),
        },
        "Indicators": {
            "matters_proposed": _counted(
                "议题，含已了结的 / Matters that were proposed, those at an end too.", proposed
            ),
            "matter_suggestions": _counted("其中来自建议的 / Of them, suggestions.", suggested),
            "matters_carried_out": _counted(
                "已践议的议题：已进入议评或已办结 / Matters carried out: being assessed, or settled.", carried_out
            ),
            "matters_late": _counted("所在环节逾期的议题 / Matters whose step is late.", where=is_late),
            "matter_people_asked": _counted(
                "已办结议题议评的受访人次 / People asked what they think of matters that are settled.",
                settled,
                total=lambda row: row.asked,
            ),
            "matter_people_satisfied": _counted(
                "其中满意的人次 / Of them, those who are satisfied.", settled, total=lambda row: row.satisfied
            ),
            "matter_satisfaction": ratio(
                "matter_people_satisfied",
                "matter_people_asked",
                "议题满意率 / Which part of those asked is satisfied.",
            ),
        },
    },
    roots={
        "matters": listing(Matter, "可见的全部议题 / Every matter you may see.", under=under()),
        "matter_moves": listing(MatterMove, "可见的全部流转 / Every move of a matter you may see.", under=under()),
        "matter_way": listing(MatterWay, "议题流转的规则：每一步 / The way of matters: each step they can take."),
    },
    commands={**matters.COMMANDS, **moves.COMMANDS},
    rules=RULES,
)
