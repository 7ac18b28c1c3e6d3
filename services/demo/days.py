"""Days of the demo, counted from the day it is loaded, so that what holds today holds whenever that is."""

from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """Days before and after the day of loading."""

    today: date

    def year(self, offset: int, day: int = 0) -> date:
        """The `day`th day, counted from 0 and at most 364, of the year so many years from this one."""
        return date(self.today.year + offset, 1, 1) + day * DAY

    def after_may_day(self, number: int) -> date:
        """A day of last year's later half: someone else may have been there on 1 May."""
        return date(self.today.year - 1, 6, 1) + number % 200 * DAY

    def july(self) -> date:
        """1 July of last year."""
        return date(self.today.year - 1, 7, 1)

    def ago(self, days: int) -> date:
        """So many days before the day of loading; after it, if fewer than none."""
        return self.today - days * DAY

    def month(self, offset: int) -> date:
        """The first day of the month so many months from this one."""
        months = self.today.year * 12 + self.today.month - 1 + offset
        return date(months // 12, months % 12 + 1, 1)
