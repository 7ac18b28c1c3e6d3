"""The demo's needs survey 需求问卷 (S7): one that was counted, with what may be told of it, and one that is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from services.catalog.tables import ServiceFunction
from services.centres.survey_figures import Cell, added_up, told, wholes
from services.centres.survey_tables import boxes, choices, counts, responses, surveys
from services.demo.county import County
from services.organization.tables import OrgLevel
from services.settings import SMALLEST_CELL

F = ServiceFunction
ASKED = 24  # communities
QUESTIONS = ("最需要增加哪项服务", "希望在哪里办事")
CHOICES = (
    (0, "老年助餐", F.FOOD),
    (0, "日间照料", F.ELDERLY_CARE),
    (0, "放学托管", F.CHILD_CARE),
    (0, "文体活动", F.LIVING),
    (0, "都不需要", None),
    (1, "社区窗口", F.AFFAIRS),
    (1, "网上办理", F.AFFAIRS),
)
GROUPS = ["60岁以上", "60岁以下"]
ANSWERED = {"老年助餐": "长者食堂", "日间照料": "日间照料中心"}  # a need, and the county's service


@dataclass(frozen=True, slots=True)
class Needs:
    """Puts surveys into a county, with what may be told of the one that was counted."""

    county: County
    operated: Mapping[str, UUID]

    def surveyed(self) -> None:
        """Last autumn's is counted, this one's is open."""
        days, rows = self.county.days, self.county.rows
        said = {"counted_on": days.ago(60), "cell": SMALLEST_CELL}
        survey, asked = self._published("邻里服务需求问卷（上期）", 100, 70, **said)
        numbers = added_up(self._chosen(asked), self.county.path)
        shown = told(numbers, {each: QUESTIONS[CHOICES[place][0]] for place, each in enumerate(asked)}, SMALLEST_CELL)
        ids: dict[Cell, UUID] = {}  # those above come first
        for at, people in sorted(shown.items()):
            whole = [ids[each] for each in wholes(at, self.county.path) if each in ids]
            ids[at] = self._told(survey, at, CHOICES[asked.index(at.choice)][2], people, whole)
        for path in sorted({at.unit for at in numbers}):
            rows.add(boxes, survey_id=survey, unit_path=path)
        for place, (_, name, _) in enumerate(CHOICES):
            if name in ANSWERED:
                of = {"choice_id": asked[place], "item_id": self.operated[ANSWERED[name]]}
                rows.add(responses, **of, unit_path=self.county.path)
        self._published("邻里服务需求问卷（本期）", 10, -50)

    def _published(self, name: str, opened: int, closes: int, **said: object) -> tuple[UUID, list[UUID]]:
        """A survey and its choices, open between these days ago."""
        rows, days = self.county.rows, self.county.days
        term = {"opens_on": days.ago(opened), "closes_on": days.ago(closes), "crossing": GROUPS}
        survey = rows.add(surveys, unit_path=self.county.path, name=name, **term, **said)
        of = {"survey_id": survey, "unit_path": self.county.path}
        return survey, [
            rows.add(choices, **of, number=number, question=QUESTIONS[which], name=text, function=function)
            for number, (which, text, function) in enumerate(CHOICES, 1)
        ]

    def _chosen(self, asked: list[UUID]) -> dict[Cell, int]:
        """What each community chose, made up: some much, some hardly any."""
        return {
            Cell(community.place.path, choice, part): (number * 7 + place * 11 + part * 5) % 37
            for number, community in enumerate(self.county.communities[:ASKED])
            for place, choice in enumerate(asked)
            for part in (1, 2)
        }

    def _told(
        self, survey: UUID, at: Cell, function: ServiceFunction | None, people: int, counted_in: list[UUID]
    ) -> UUID:
        top = at.unit == self.county.path
        towns = {self.county.town(community) for community in self.county.communities[:ASKED]}
        level = OrgLevel.COUNTY if top else OrgLevel.TOWN if at.unit in towns else OrgLevel.COMMUNITY
        of = {"survey_id": survey, "choice_id": at.choice, "unit_path": at.unit, "level": level}
        part = GROUPS[at.part - 1] if at.part else None
        said = {"function": function, "part": part, "people": people, "counted_in": counted_in}
        return self.county.rows.add(counts, **of, **said)
