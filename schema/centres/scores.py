"""Scores 评分 that people give at a look, one set each, and the commands about them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from policies.scope import Way
from schema.centres.looks import LOOK, REMARK, CentreLook
from schema.kit.commands import Caller, belongs_to, command, given, target, version
from schema.kit.entities import column, entity, one
from schema.kit.numbers import measure
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.organization.units import OrgUnit
from services.centres import looks as commands
from services.centres.look_tables import looks, scorer_name, scores, sheets
from services.errors import ProblemCode, rejected
from services.organization.paths import place
from services.storage.tables import aliased
from services.storage.transaction import Record

GIVEN = "各项得分，每项都要给 / The points of every item."
SCORE = "评分 / What was given."


class LookScoreTotals:
    """评分合计 / What scores come to."""

    count: int = measure(HOW_MANY)
    looks: int = measure("走看次数 / At how many looks.", distinct=lambda score: score.look_id)
    scorers: int = measure("评分人数 / By how many people.", distinct=lambda score: score.scorer_id)


@entity(
    scores,
    policy="look_score",
    tag="ls",
    ways={Way.WITHIN: lambda score: score.unit_path},
    sort=lambda score: (score.unit_path,),
    ties=lambda score: (score.unit_path, score.score),
    orders={"PLACE": lambda score: (score.unit_path,), "SCORE": lambda score: (score.score,)},
    totals=LookScoreTotals,
)
class LookScore:
    """评分：一人对一次走看的评分，每人一份 / What one person gives at a look; once for each person."""

    points: list[int] = column("各项得分，按评分表的顺序 / The points of each item, in the order of the sheet.")
    score: float = column("得分，百分制，按权重合计 / What they come to by their weights, of a hundred, to two digits.")
    remark: str | None = column("点评 / Remarks.")
    scorer_name: str = column("评分人 / Who gave it.", lambda score: scorer_name(score.scorer_id), brings="Account")
    place: list[str] = column(PLACE, lambda score: place(score.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda score, unit: unit.path == score.unit_path, UNIT)
    look: "CentreLook | None" = one(lambda score, look: look.id == score.look_id, LOOK)


# --- commands ---------------------------------------------------------------------------------------------------------


class ItemPoints:
    """一个项目的得分 / The points of one item."""

    item: str = given("评分项目，按评分表的名称 / The item, as the sheet calls it.")
    points: int = given("得分，自 0 至该项满分 / Its points, from 0 to the most it is given.")


class ScoreLookInput:
    """为一次走看评分，每人一份 / Score a look, once for each person."""

    look: Record = belongs_to("CentreLook", LOOK)
    points: list[ItemPoints] = given(GIVEN)
    remark: str | None = given(REMARK)


class CorrectLookScoreInput:
    """更正本人的评分 / Correct one's own."""

    score: Record = target("LookScore", SCORE)
    version: int = version()
    points: list[ItemPoints] = given(GIVEN)
    remark: str | None = given(REMARK)


async def by(caller: Caller, target: Record, _: Mapping[str, Any]) -> Mapping[str, Any]:
    """Who scores; rejected where they may not read the sheet, as of a centre that came from elsewhere since."""
    sheet, look = aliased(sheets), aliased(looks)
    reached = caller.within("ScoringSheet", ("scoring_sheet", "read"), sheet.c)
    of_look = select(sheet.c.id).join_from(sheet, look, look.c.sheet_id == sheet.c.id)
    if await caller.tx.row(of_look.where(look.c.id == target.get("look_id", target["id"]), reached)) is None:
        zh, en = "这次走看所用的评分表不在您的查阅范围内。", "The sheet of this look is not yours to read."
        raise rejected(ProblemCode.OUT_OF_REACH, "score" if "look_id" in target else "look", zh, en)
    return {"by": caller.actor.account_id}


COMMANDS = {
    "score_look": command(commands.score, ScoreLookInput, "look_score:give", returns="LookScore", may=by),
    "correct_look_score": command(
        commands.correct,
        CorrectLookScoreInput,
        "look_score:give",
        returns="LookScore",
        may=by,
        own=lambda score: score.scorer_id,
    ),
}
