"""The demo's rotating chairs at work: what they plan and hold, and how town and community evaluate them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.chairs.tables import EvaluationSide, ThemeStatus, evaluations, themes
from services.demo.days import Days
from services.demo.posts import Body, Turn
from services.demo.rows import Rows
from services.properties.tables import Grade

TITLES = ("邻里节", "楼道微改造", "睦邻课堂", "爱心义诊", "小区议事会")
DONE, DROPPED = "如期开展，居民参与", "场地未落实"
REMARKS = (None, "主题贴近居民需求")
YEARS = (-2, -1)  # from this one: those that are over


@dataclass(frozen=True, slots=True)
class Chairs:
    """Keeps what chairs of organizations do, and what is thought of it."""

    rows: Rows
    days: Days

    def planned(self, number: int, body: Body, turns: Sequence[Turn]) -> dict[str, UUID]:
        """One theme in each turn of the `number`th organization: held where it is over, but for a few.

        Those that were not dropped, by their titles.
        """
        made: dict[str, UUID] = {}
        for turn, (post, since, until) in enumerate(turns):
            what: dict[str, Any] = {"status": ThemeStatus.PLANNED, "outcome": None, "held_on": None}
            day = since + timedelta(days=9)
            if until < self.days.today:
                what = {"status": ThemeStatus.HELD, "outcome": DONE, "held_on": day}
                if (number + turn) % 5 == 4:
                    what = {"status": ThemeStatus.DROPPED, "outcome": DROPPED, "held_on": None}
            title = TITLES[(number + turn) % len(TITLES)]
            theme = self.rows.add(themes, post_id=post, **body, title=title, planned_on=day, **what)
            if what["status"] is not ThemeStatus.DROPPED:
                made[title] = theme
        return made

    def evaluated(self, number: int, body: Body) -> None:
        """By both, in the years before this one; seldom alike."""
        for year in YEARS:
            for side in EvaluationSide:
                grade = (Grade.A, Grade.B, Grade.B, Grade.C)[(number + (side == EvaluationSide.TOWN) - year) % 4]
                told = {"grade": grade, "remark": REMARKS[number % 2]}
                self.rows.add(evaluations, **body, year=self.days.year(year).year, side=side, **told)
