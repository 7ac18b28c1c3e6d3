"""Working days: weekdays but for public holidays, and the weekend days worked in their place.

What the State Council announced, year by year since 2004, is `chinesecalendar`'s to know. A year it does not know yet
has no working days here until somebody loads it (`services/calendar/commands.py`): to take its weekdays would be wrong
by a month of days, and unnoticed. Nothing here asks the database.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import chinese_calendar

DAY = timedelta(days=1)
SUNDAY = 7


class NotAnnouncedError(LookupError):
    """Nobody has said yet which days of this year are worked."""

    def __init__(self, year: int) -> None:
        super().__init__(f"the working days of {year} are not announced yet")
        self.year = year


@dataclass(frozen=True, slots=True)
class Year:
    """One year as a county loaded it: the days that are off beside weekends, and the weekend days that are worked."""

    off: frozenset[date]
    worked: frozenset[date]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A deadline as far as it can be counted: so many working days after a day whose morrow nobody announced."""

    after: date
    left: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days as they are counted at one place. Of a year nobody announced, what asks for a day raises
    NotAnnouncedError; `due` says how far it came.
    """

    own: Mapping[int, Year] = field(default_factory=dict)
    """Years that were loaded there; they go before what was announced for all."""

    def works(self, day: date) -> bool:
        """Whether it is a working day."""
        year = self.own.get(day.year)
        if year is None:
            return _announced(day)
        return day in year.worked or (day.isoweekday() < 6 and day not in year.off)

    def after(self, day: date, count: int) -> date:
        """The `count`th working day after this one; `count` is at least 1."""
        return self._nth(_from(day + DAY, DAY), count)

    def due(self, day: date, count: int) -> date | Waiting:
        """The same, or as far as it is known; what waits is counted on from its own day and number."""
        for left in range(count, 0, -1):
            reached = day
            try:
                day = self.after(reached, 1)
            except NotAnnouncedError as error:
                return Waiting(max(reached, date(error.year - 1, 12, 31)), left)
        return day

    def before(self, day: date, count: int) -> date:
        """The `count`th working day before this one; `count` is at least 1."""
        return self._nth(_from(day - DAY, -DAY), count)

    def first_of(self, year: int, month: int) -> date:
        """The first working day of a month."""
        return self._nth(_from(date(year, month, 1), DAY), 1)

    def between(self, first: date, last: date) -> int:
        """How many working days there are from `first` to `last`, both included; 0 where `last` comes before it."""
        return sum(self.works(first + DAY * number) for number in range((last - first).days + 1))

    def _nth(self, days: Iterator[date], count: int) -> date:
        if count < 1:
            raise ValueError("the first working day is number 1")
        found = (day for day in days if self.works(day))
        for _ in range(count - 1):
            next(found)
        return next(found)


def home_day(year: int, month: int) -> date:
    """回家日: the last Sunday of a month, worked or not."""
    last = (date(year + month // 12, month % 12 + 1, 1)) - DAY
    return last - DAY * (last.isoweekday() % SUNDAY)


def _from(day: date, step: timedelta) -> Iterator[date]:
    while True:
        yield day
        day += step


def _announced(day: date) -> bool:
    try:
        works: bool = chinese_calendar.is_workday(day)
    except NotImplementedError:
        raise NotAnnouncedError(day.year) from None
    return works
