"""The demo's disputes 矛盾纠纷 (S27): for each 1,000 of last year up to the day 687 of this year, 31.3 % fewer.

Fewer where a county has fewer. What came in after that day last year is on record as well, and counts in neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.deliberation.dispute_tables import DisputeKind, DisputeOutcome, DisputeSource, disputes
from services.demo.days import Days
from services.demo.rows import Rows
from services.demo.territory import Community

LAST_YEAR, THIS_YEAR, LATER = 1_000, 687, 90
KINDS = (
    *(DisputeKind.NEIGHBOURS, DisputeKind.PARKING, DisputeKind.PROPERTY, DisputeKind.NOISE),
    *(DisputeKind.NEIGHBOURS, DisputeKind.FAMILY, DisputeKind.OTHER),
)
SOURCES = (
    *(DisputeSource.GRID, DisputeSource.WINDOW, DisputeSource.GRID, DisputeSource.VISIT, DisputeSource.HOTLINE),
    *(DisputeSource.GRID, DisputeSource.WINDOW, DisputeSource.VISIT, DisputeSource.COURT),
)
# What became of them, one after another; most are settled where they came in.
OUTCOMES = (
    *(DisputeOutcome.AGREED, DisputeOutcome.AGREED, DisputeOutcome.WITHDRAWN, DisputeOutcome.AGREED),
    *(DisputeOutcome.AGREED, DisputeOutcome.TO_TOWN, DisputeOutcome.AGREED, DisputeOutcome.AGREED),
    *(DisputeOutcome.AGREED, DisputeOutcome.TO_COURT, DisputeOutcome.AGREED),
)
LONGEST = 16  # days until something became of one


@dataclass(frozen=True, slots=True)
class Disputes:
    """Records the disputes of this year and the last one in the communities of a county."""

    rows: Rows
    days: Days

    def among(self, communities: Sequence[Community], *, of: int = 1) -> None:
        """One after another in each community; one of every so many."""
        before = self._year_ago()
        for (first, last), count in (
            ((self.days.year(-1), before), LAST_YEAR),
            ((before + timedelta(days=1), self.days.year(0) - timedelta(days=1)), LATER),
            ((self.days.year(0), self.days.today), THIS_YEAR),
        ):
            lasting = (last - first).days + 1  # none where the year was over on that day
            for number in range(0, count if lasting else 0, of):
                path = communities[number % len(communities)].place.path
                self._dispute(number, path, first + timedelta(days=number % lasting))

    def _dispute(self, number: int, path: str, received_on: date) -> None:
        ended_on = received_on + timedelta(days=number % LONGEST)
        what = {"kind": KINDS[number % len(KINDS)], "source": SOURCES[number % len(SOURCES)]}
        ended = {"outcome": OUTCOMES[number % len(OUTCOMES)], "ended_on": ended_on}
        if ended_on > self.days.today:
            ended = {}
        self.rows.add(disputes, unit_path=path, received_on=received_on, **what, **ended)

    def _year_ago(self) -> date:
        """The same day of the year before; the day before it where that year has none."""
        today = self.days.today
        return today.replace(year=today.year - 1, day=28 if (today.month, today.day) == (2, 29) else today.day)
