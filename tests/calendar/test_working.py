"""Working days as they were announced, as a county loaded them, and beyond what anybody announced."""

from datetime import date, timedelta

import pytest

from services.calendar.working import Calendar, NotAnnouncedError, Waiting, Year, home_day

NATION = Calendar()


@pytest.mark.parametrize(
    ("month", "first"),
    [
        ((2012, 4), date(2012, 4, 1)),  # a Sunday, worked for a day off in Qingming
        ((2018, 10), date(2018, 10, 8)),
        ((2026, 11), date(2026, 11, 2)),
    ],
)
def test_the_first_working_day_of_a_month(month: tuple[int, int], first: date) -> None:
    assert NATION.first_of(*month) == first


def test_days_before_and_after() -> None:
    """Over holidays, and over the weekends that are worked for them."""
    assert NATION.after(date(2018, 9, 28), 3) == date(2018, 10, 8)  # 29 and 30 September were worked
    assert NATION.before(date(2026, 10, 12), 5) == date(2026, 9, 29)
    assert NATION.before(NATION.after(date(2026, 11, 2), 7), 7) == date(2026, 11, 2)
    assert NATION.between(date(2018, 9, 28), date(2018, 10, 8)) == 4
    assert NATION.between(date(2018, 10, 8), date(2018, 9, 28)) == 0
    with pytest.raises(ValueError, match="number 1"):
        NATION.after(date(2026, 11, 2), 0)


@pytest.mark.parametrize("ask", [lambda year: NATION.first_of(year, 1), lambda year: NATION.works(date(year, 5, 5))])
@pytest.mark.parametrize("year", [1999, 2100])
def test_what_nobody_announced(ask: object, year: int) -> None:
    assert callable(ask)
    with pytest.raises(NotAnnouncedError) as told:
        ask(year)
    assert told.value.year == year


def test_a_deadline_does_not_pass_into_a_year_nobody_announced() -> None:
    last = date(2099, 12, 31)
    until = Calendar({2099: Year(frozenset(), frozenset())})
    assert until.after(last - timedelta(days=7), 5) == last
    with pytest.raises(NotAnnouncedError):
        until.after(last, 1)


def test_a_deadline_is_counted_as_far_as_years_are_announced() -> None:
    """And counted on from there, to where it would have been at once."""
    until, year = Calendar({2099: Year(frozenset(), frozenset())}), Year(frozenset(), frozenset())
    assert until.due(date(2099, 12, 24), 5) == date(2099, 12, 31)
    assert until.due(date(2099, 12, 24), 7) == Waiting(date(2099, 12, 31), 2)
    assert until.due(date(2100, 1, 5), 3) == Waiting(date(2100, 1, 5), 3)
    assert until.due(date(2096, 5, 5), 3) == Waiting(date(2096, 5, 5), 3)
    known = Calendar({2099: year, 2100: year})
    assert known.due(date(2099, 12, 31), 2) == known.after(date(2099, 12, 24), 7) == date(2100, 1, 4)


def test_a_countys_own_year_goes_before_the_announced() -> None:
    day, saturday = date(2026, 11, 3), date(2026, 11, 7)
    own = Calendar({2026: Year(frozenset({day}), frozenset({saturday}))})
    assert (NATION.works(day), NATION.works(saturday)) == (True, False)
    assert (own.works(day), own.works(saturday)) == (False, True)
    assert own.works(date(2026, 10, 1))  # all of the year is the county's to say
    assert own.works(date(2025, 10, 1)) == NATION.works(date(2025, 10, 1)) == False  # noqa: E712


@pytest.mark.parametrize(
    ("month", "day"), [((2026, 11), 29), ((2026, 12), 27), ((2026, 2), 22), ((2027, 1), 31), ((2025, 8), 31)]
)
def test_home_day(month: tuple[int, int], day: int) -> None:
    assert home_day(*month) == date(*month, day)
