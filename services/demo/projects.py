"""永春's projects in the demo (S27): 528 for the public, all ahead of schedule 超时序, and neighbour projects."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.demo.days import Days
from services.demo.deliberation import Titled
from services.demo.posts import Body
from services.demo.rows import Rows
from services.demo.territory import Community
from services.projects.tables import (
    ContributionKind,
    ProjectKind,
    ProjectStatus,
    contributions,
    payments,
    phases,
    projects,
)

PUBLIC, NEIGHBOUR = 528, 81
FOR_ALL = (
    ("修缮村道", "修补破损路面"),
    ("加装路灯", "主干道加装路灯"),
    ("改造长者食堂", "改造厨房与就餐区"),
    ("整治河道", "清淤并加固护岸"),
    ("建设停车位", "利用闲置地块划设车位"),
    ("更新健身器材", "更换老旧健身器材"),
)
# Which projects what residents suggested led to.
LED_BY = {"加装路灯": "增设路灯", "改造长者食堂": "改造老年食堂", "建设停车位": "规范停车秩序"}
FOR_NEIGHBOURS = (("楼道微改造", "粉刷楼道、加装扶手"), ("共享菜园", "整理空地种菜"), ("邻里书屋", "设置图书角"))
DEPARTMENTS = ("县住建局", "县民政局", "县水利局", "县文体旅局", "县教育局")
# The phases: what they are called, their weights, the days before today they are due, and reached where they are.
DONE = (("前期准备", 30, 70, 75), ("施工", 50, 20, 31), ("验收移交", 20, -20, 12))
RUNNING = (("前期准备", 30, 40, 52), ("施工", 50, -120, 5), ("验收移交", 20, -200, None))


@dataclass(frozen=True, slots=True)
class Projects:
    """Proposes projects and carries them out, a third of them to the end, and none of them late."""

    rows: Rows
    days: Days
    carried: Mapping[Titled, UUID] = field(default_factory=dict)
    """What was carried out, by where and what was suggested: it led to a project there."""
    themes: Mapping[Titled, UUID] = field(default_factory=dict)
    """What rotating chairs planned, by where and what: neighbour projects of that name are part of it."""

    def of(self, number: int, community: Community) -> None:
        """The `number`th project for the public, in this community."""
        name, purpose = FOR_ALL[number % len(FOR_ALL)]
        by = DEPARTMENTS[number % len(DEPARTMENTS)] if number % 2 else f"{community.place.title}居民代表会议"
        what = {
            "kind": ProjectKind.PUBLIC,
            "name": name,
            "purpose": purpose,
            "proposed_by": by,
            "post_id": None,
            "matter_id": self.carried.get((community.place.path, LED_BY.get(name, ""))),
            "theme_id": None,
        }
        budget = Decimal(20_000 + number % 17 * 1_500) + Decimal("0.50") * (number % 2)
        project = self._made(number, community.place.path, budget, what)
        if number % 4 == 0:
            self._brought(number, project, community.place.path)

    def neighbours(self, number: int, body: Body, post: UUID) -> None:
        """The `number`th neighbour project, which someone in this post proposed."""
        name, purpose = FOR_NEIGHBOURS[number % len(FOR_NEIGHBOURS)]
        what = {
            "kind": ProjectKind.NEIGHBOUR,
            "name": name,
            "purpose": purpose,
            "proposed_by": None,
            "post_id": post,
            "matter_id": None,
            "theme_id": self.themes.get((str(body["unit_path"]), name)),
        }
        self._made(number, str(body["unit_path"]), Decimal(2_000 + number % 7 * 300), what)

    def _made(self, number: int, path: str, budget: Decimal, what: dict[str, Any]) -> UUID:
        steps = DONE if number % 3 == 0 else RUNNING
        started, done = self.days.ago(100), self.days.ago(DONE[-1][3] or 0) if steps is DONE else None
        status = ProjectStatus.UNDERWAY if done is None else ProjectStatus.DONE
        run = {"status": status, "started_on": started, "done_on": done, "due_on": self.days.ago(steps[-1][2])}
        planned = {"proposed_on": self.days.ago(120), "planned_on": started, "budget": budget}
        project = self.rows.add(projects, unit_path=path, **what, **planned, **run)
        for name, weight, due, reached in steps:
            ends = {"due_on": self.days.ago(due), "done_on": None if reached is None else self.days.ago(reached)}
            self.rows.add(phases, project_id=project, unit_path=path, name=name, weight=weight, **ends)
        self._paid(project, path, budget * Decimal("0.3"), "材料", self.days.ago(60))
        if done is not None:
            self._paid(project, path, budget * Decimal("0.6"), "施工", done)
        return project

    def _paid(self, project: UUID, path: str, amount: Decimal, purpose: str, day: date) -> None:
        sum_ = amount.quantize(Decimal("0.01"))
        said = {"amount": sum_, "purpose": purpose, "paid_on": day, "recorded_on": day}
        self.rows.add(payments, project_id=project, unit_path=path, **said)

    def _brought(self, number: int, project: UUID, path: str) -> None:
        money = number % 8 == 0
        kind = ContributionKind.MONEY if money else ContributionKind.IN_KIND
        what = {
            "kind": kind,
            "text": "配套资金" if money else "设计与施工指导",
            "amount": Decimal(5_000) if money else None,
        }
        days = {"promised_on": self.days.ago(90), "delivered_on": self.days.ago(45) if number % 3 else None}
        department = DEPARTMENTS[number % len(DEPARTMENTS)]
        self.rows.add(contributions, project_id=project, unit_path=path, department=department, **what, **days)
