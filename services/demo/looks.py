"""The demo's weekly looks 每周一看 (S6): 23 centres seen, scored by three people, and what departments bring to them.

惠安's figures: 46 projects were matched and 39 resources delivered; the culture bureau's own visits brought another 43.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from services.access.tables import AccountKind, accounts
from services.centres.look_tables import items, looks, scores, sheets
from services.centres.looks import rounded, weighed
from services.centres.offer_tables import OfferKind, OfferStatus, offers
from services.demo.days import Days
from services.demo.rows import Rows
from services.terms import CHINA

SEEN = 23
SCORERS = 3
WEDNESDAY = 3
SHEET = (("阵地建设", 30), ("服务供给", 40), ("党建引领", 20), ("特色亮点", 10))
PROJECTS, RESOURCES, OWN = 46, 39, 43
BUREAU = "县文旅局"
DEPARTMENTS = ("县民政局", "县卫健局", "县住建局", "县教育局", "县人社局")
BROUGHT: Mapping[OfferKind, tuple[str, ...]] = {
    OfferKind.PROJECT: ("改造长者食堂", "加装扶手和坡道", "更新健身器材", "增设充电棚"),
    OfferKind.RESOURCE: ("义诊", "技能培训", "法律咨询", "托育指导"),
    OfferKind.OWN_VISIT: ("篮球赛", "图书一批", "南音演出"),
}
PENDING = 3  # every so many projects wait still to be delivered


@dataclass
class Looks:
    """Publishes a county's sheet; then records looks at numbered centres, and what was brought to them."""

    rows: Rows
    days: Days
    county: str
    sheet: UUID = field(init=False)
    scorers: list[UUID] = field(init=False)

    def __post_init__(self) -> None:
        self.sheet = self.rows.add(sheets, unit_path=self.county, name="每周一看评分表", weekday=WEDNESDAY)
        of = {"sheet_id": self.sheet, "unit_path": self.county}
        for number, (name, most) in enumerate(SHEET, 1):
            self.rows.add(items, **of, number=number, name=name, most=most, weight=most)
        since = datetime.combine(self.days.ago(60), time(), CHINA)
        person = {"kind": AccountKind.PERSON, "unit_path": self.county, "created_at": since}
        self.scorers = [
            self.rows.add(accounts, **person, name=f"演示评分员{number:02}") for number in range(1, SCORERS + 1)
        ]

    def of(self, number: int, centre: UUID, path: str) -> None:
        """The `number`th centre: seen on the last two Wednesdays if it is among the first; every fourth on a Friday."""
        if number >= SEEN:
            return
        last = self.days.today - timedelta(days=self.days.today.isoweekday() % 7 + 7 - WEDNESDAY)
        at = {"centre_id": centre, "unit_path": path}
        self._look(number, at, last - timedelta(days=7), 0)
        self._look(number, at, last + timedelta(days=2 * (number % 4 == 0)), number % 3)
        for kind, many in ((OfferKind.PROJECT, PROJECTS), (OfferKind.RESOURCE, RESOURCES), (OfferKind.OWN_VISIT, OWN)):
            for each in range(number, many, SEEN):
                self._offer(each, at, kind, last)

    def _look(self, number: int, at: Mapping[str, Any], held_on: date, better: int) -> None:
        sheet = [{"most": most, "weight": most} for _, most in SHEET]
        given = [
            [max(most - 1 - (number * 5 + who * 3 + place) % 8 + better, 1) for place, (_, most) in enumerate(SHEET)]
            for who in range(SCORERS)
        ]
        given = [[min(points, most) for points, (_, most) in zip(each, SHEET, strict=True)] for each in given]
        each_one = [weighed(sheet, points) for points in given]
        said = {"sheet_id": self.sheet, "held_on": held_on, "remark": "服务人气旺" if number % 5 == 0 else None}
        look = self.rows.add(looks, **at, **said, score=rounded(sum(each_one, Fraction()) / SCORERS))
        for scorer, points, score in zip(self.scorers, given, each_one, strict=True):
            of = {"look_id": look, "unit_path": at["unit_path"], "scorer_id": scorer}
            self.rows.add(scores, **of, points=points, score=rounded(score))

    def _offer(self, number: int, at: Mapping[str, Any], kind: OfferKind, seen: date) -> None:
        waits = kind is OfferKind.PROJECT and number % PENDING == 0
        brought = BROUGHT[kind]
        self.rows.add(
            offers,
            **at,
            department=BUREAU if kind is OfferKind.OWN_VISIT else DEPARTMENTS[number % len(DEPARTMENTS)],
            kind=kind,
            name=brought[number % len(brought)],
            status=OfferStatus.MATCHED if waits else OfferStatus.DELIVERED,
            matched_on=seen - timedelta(days=7),
            delivered_on=None if waits else seen,
        )
