"""The demo's deliberation days 议事日 of this year and the last (S23), 45 analysis meetings of those that were, and
what was reported of each period that is over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from services.calendar.working import Calendar
from services.deliberation.day_tables import analyses, days
from services.deliberation.report_tables import MONTHS, DeliberationReportKind, reports
from services.demo.days import DAY, Days
from services.demo.deliberation import Deliberation
from services.demo.rows import Rows
from services.demo.territory import Community
from services.demo.years import unannounced
from services.properties.tables import Grade

COMMUNITIES, MEETINGS = 15, 3  # of each: 45 analysis meetings
AFTER = 2 * DAY  # they meet two days later
SAID = {
    DeliberationReportKind.QUARTER: "本季议题办理情况已在公开栏公示",
    DeliberationReportKind.HALF_YEAR: "已就未办结议题逐件答复居民问询",
    DeliberationReportKind.YEAR: "议事日按期举行，议题办理较为及时",
}
MOVED = 7  # of every so many days, one was moved


@dataclass
class DeliberationDays:
    """Puts deliberation days into communities, with an analysis meeting of each of the last few."""

    rows: Rows
    days: Days
    matters: Deliberation
    calendar: Calendar = field(init=False)

    def __post_init__(self) -> None:
        self.calendar = Calendar(unannounced(self.days.today))

    def held(self, communities: Sequence[Community]) -> None:
        """Those of the first communities."""
        for number, community in enumerate(communities[:COMMUNITIES]):
            path = community.place.path
            held = [self._day(path, number, year, month) for year in (-1, 0) for month in range(1, 13)]
            past = [(day, on) for day, on in held if on + AFTER <= self.days.today]
            for nth, (day, on) in enumerate(past[-MEETINGS:]):
                self._analysis(path, number + nth, day, on)

    def reported(self, communities: Sequence[Community]) -> None:
        """What the first communities published of each period of this year and the last that is over."""
        for number, community in enumerate(communities[:COMMUNITIES]):
            for kind, months in MONTHS.items():
                for nth in range(1, 2 * 12 // months + 1):
                    self._report(community.place.path, number + nth, kind, nth)

    def _report(self, path: str, number: int, kind: DeliberationReportKind, nth: int) -> None:
        """The `nth` of a kind, counted from the beginning of last year."""
        year, which = divmod(nth - 1, 12 // MONTHS[kind])
        first_after = self.days.month(1 - self.days.today.month + nth * MONTHS[kind] - 12)
        if first_after > self.days.today:
            return
        period = {"kind": kind, "year": self.days.today.year - 1 + year, "number": which + 1}
        grade = (Grade.A, Grade.B)[number % 4 == 0] if kind is DeliberationReportKind.YEAR else None
        first = self.days.month(1 - self.days.today.month + (nth - 1) * MONTHS[kind] - 12)
        told = {"published_on": min(self.days.today, first_after + 9 * DAY), "text": SAID[kind], "grade": grade}
        counted = self.matters.counted(path, first, first_after - DAY)
        self.rows.add(reports, unit_path=path, **period, **told, **counted)

    def _day(self, path: str, number: int, year: int, month: int) -> tuple[UUID, date]:
        first = self.calendar.first_of(self.days.today.year + year, month)
        moved: dict[str, Any] = {"held_on": first}
        if (number + month) % MOVED == 0:
            moved = {"held_on": first + DAY, "reason": "议事厅当日有其他活动"}
        over = moved["held_on"] <= self.days.today
        came = {"came": 20 + (number * 7 + month * 5) % 40} if over else {}
        if over:  # and recorded that day
            came |= {"proposed": self.matters.counted(path, first.replace(day=1), moved["held_on"])["proposed"]}
        counted = {"year": first.year, "month": month, "first_working_day": first}
        return self.rows.add(days, unit_path=path, **counted, **moved, **came), moved["held_on"]

    def _analysis(self, path: str, number: int, day: UUID, on: date) -> None:
        looked_at = 4 + number % 5
        taken_up = looked_at * 2 // 3
        came_to = {"looked_at": looked_at, "taken_up": taken_up, "dropped": 1}
        self.rows.add(analyses, day_id=day, unit_path=path, day_on=on, held_on=on + AFTER, **came_to)
