"""The demo's deliberation days 议事日 of this year and the last (S23), and 45 analysis meetings of those that were."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from services.calendar.working import Calendar
from services.deliberation.day_tables import analyses, days
from services.demo.days import DAY, Days
from services.demo.rows import Rows
from services.demo.territory import Community
from services.demo.years import unannounced

COMMUNITIES, MEETINGS = 15, 3  # of each: 45 analysis meetings
AFTER = 2 * DAY  # they meet two days later
MOVED = 7  # of every so many days, one was moved


@dataclass
class DeliberationDays:
    """Puts deliberation days into communities, with an analysis meeting of each of the last few."""

    rows: Rows
    days: Days
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

    def _day(self, path: str, number: int, year: int, month: int) -> tuple[UUID, date]:
        first = self.calendar.first_of(self.days.today.year + year, month)
        moved: dict[str, Any] = {"held_on": first}
        if (number + month) % MOVED == 0:
            moved = {"held_on": first + DAY, "reason": "议事厅当日有其他活动"}
        over = moved["held_on"] <= self.days.today
        came = {"came": 20 + (number * 7 + month * 5) % 40} if over else {}
        counted = {"year": first.year, "month": month, "first_working_day": first}
        return self.rows.add(days, unit_path=path, **counted, **moved, **came), moved["held_on"]

    def _analysis(self, path: str, number: int, day: UUID, on: date) -> None:
        looked_at = 4 + number % 5
        taken_up = looked_at * 2 // 3
        came_to = {"looked_at": looked_at, "taken_up": taken_up, "dropped": 1}
        self.rows.add(analyses, day_id=day, unit_path=path, day_on=on, held_on=on + AFTER, **came_to)
