"""The demo's departments 部门, and what communities whistled for, most of them in 永春 (S24): in every state there is.

One is late and with the county. Limits are counted by the calendar, as a command would; days are counted back from
today far enough that what is told here holds on any day of the year.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from services.access.tables import AccountKind, accounts
from services.calendar.working import Calendar
from services.deliberation.limits import begun
from services.deliberation.whistle_tables import WhistleAction, WhistleStatus, steps, whistles
from services.deliberation.whistles import ANSWER, SOLVE
from services.demo.days import Days
from services.demo.rows import Rows
from services.demo.territory import Community
from services.demo.years import unannounced
from services.departments.tables import departments
from services.terms import CHINA

NAMES = ("住建局", "城管局", "卫健局", "民政局", "市场监管局", "公安局", "生态环境局", "消防救援大队")
TITLES = (
    *("外墙瓷砖脱落", "夜市占道经营", "家庭医生签约排队过长", "独居老人助餐点停办", "小餐饮油烟扰民"),
    *("电动车乱停堵住路口", "河沟水质发臭", "消防通道被占用"),
)
ANSWERED, SOLVED, CONFIRMED = WhistleAction.ANSWERED, WhistleAction.SOLVED, WhistleAction.CONFIRMED
RETURNED, REOPENED = WhistleAction.RETURNED, WhistleAction.REOPENED
SAID = {
    ANSWERED: "已到场查看，列入本周计划",
    SOLVED: "已处理完毕",
    RETURNED: "不属本部门职责",
    REOPENED: "问题再次出现",
    CONFIRMED: None,
}
# How many days ago it was blown, and after how many days which step followed. The first is nobody's yet, and late.
Course = tuple[int, Sequence[tuple[WhistleAction, int]]]
COURSES: Sequence[Course] = (
    (45, ()),
    (0, ()),
    (2, ((ANSWERED, 1),)),
    (40, ((ANSWERED, 1), (SOLVED, 9), (CONFIRMED, 12))),
    (60, ((ANSWERED, 2), (SOLVED, 14), (CONFIRMED, 15))),
    (30, ((ANSWERED, 1), (SOLVED, 10))),
    (15, ((RETURNED, 1),)),
    (70, ((ANSWERED, 20), (SOLVED, 25), (CONFIRMED, 30))),
    (50, ((ANSWERED, 1), (SOLVED, 8), (CONFIRMED, 10), (REOPENED, 50))),
    (90, ((ANSWERED, 1), (SOLVED, 12), (CONFIRMED, 13))),
)
BLOWN = 40


@dataclass
class Whistles:
    """Puts departments into the register of a county, and whistles for them into its communities."""

    rows: Rows
    days: Days
    county: str
    calendar: Calendar = field(init=False)
    clerk: UUID = field(init=False)

    def __post_init__(self) -> None:
        self.calendar = Calendar(unannounced(self.days.today))
        since = datetime.combine(self.days.ago(400), time(), CHINA)
        person = {"kind": AccountKind.PERSON, "unit_path": self.county, "created_at": since}
        self.clerk = self.rows.add(accounts, **person, name="演示吹哨员")

    def blown(self, communities: Sequence[Community], count: int = BLOWN) -> None:
        """One after another by the communities, for one department after another."""
        made = [self.rows.add(departments, unit_path=self.county, name=name) for name in NAMES]
        for number in range(count):
            path = communities[number % len(communities)].place.path
            nth = number % len(NAMES)
            self._whistle(COURSES[number % len(COURSES)], path, made[nth], TITLES[nth])

    def _whistle(self, course: Course, path: str, department: UUID, title: str) -> None:
        ago, taken = course
        blown_on = self.days.ago(ago)
        came = [(action, blown_on + timedelta(days=days)) for action, days in taken]
        values: dict[str, Any] = {
            "unit_path": path,
            "department_id": department,
            "title": title,
            "blown_on": blown_on,
            **self._limits(blown_on),
        }
        of = self.rows.add(whistles, **(values | self._standing(came)))
        for number, (action, day) in enumerate([(WhistleAction.BLOWN, blown_on), *came], 1):
            self.rows.add(
                steps,
                whistle_id=of,
                unit_path=path,
                number=number,
                action=action,
                department_id=department,
                taken_on=day,
                recorded_at=datetime.combine(day, time(10), CHINA),
                account_id=self.clerk,
                text=SAID.get(action),
                due_on=values[DUE[action]] if action in DUE else None,
            )

    def _standing(self, came: Sequence[tuple[WhistleAction, date]]) -> dict[str, Any]:
        """Where these steps led."""
        stands: dict[str, Any] = {"status": WhistleStatus.BLOWN}
        for action, day in came:
            stands["status"] = WhistleStatus(action.value)
            if action in (ANSWERED, RETURNED):
                stands.setdefault("answered_on", day)
            elif action is SOLVED:
                stands["solved_on"] = day
            elif action is CONFIRMED:
                stands["confirmed_on"] = day
            else:
                stands = {"status": WhistleStatus.REOPENED, **self._limits(day)}
        return stands

    def _limits(self, day: date) -> dict[str, Any]:
        return begun(self.calendar, day, {"answer_days": ANSWER, "solve_days": SOLVE})


DUE = {ANSWERED: "answer_due_on", RETURNED: "answer_due_on", SOLVED: "solve_due_on"}
