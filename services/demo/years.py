"""Years of the demo that nobody has announced the working days of yet: its counties load them, with no holidays."""

from collections.abc import Mapping
from datetime import date

from services.calendar.tables import calendar_years
from services.calendar.working import Calendar, NotAnnouncedError, Year
from services.demo.rows import Rows


def unannounced(today: date) -> Mapping[int, Year]:
    """Of the last year, this one and the next, those whose days are not known."""
    return {
        year: Year(frozenset(), frozenset())
        for year in (today.year - 1, today.year, today.year + 1)
        if not _known(year)
    }


def loaded(rows: Rows, path: str, today: date) -> None:
    """The same, loaded by a county."""
    for year in unannounced(today):
        rows.add(calendar_years, unit_path=path, year=year, days_off=[], days_worked=[])


def _known(year: int) -> bool:
    try:
        Calendar().works(date(year, 12, 31))
    except NotAnnouncedError:
        return False
    return True
