"""Demos of certain days, each filled in once for all that look at it."""

from collections.abc import Callable
from datetime import date

import pytest

from services.demo.filling import fill
from services.demo.territory import Digits
from services.storage.database import connected
from tests.conftest import MIGRATED, Server, Service, run
from tests.http.asking import Asking

HUIAN, ANXI, YONGCHUN = "350521", "350524", "350525"
County = Callable[[str], Asking]
Filled = Callable[[date], str]
NEW_YEARS_EVE, LEAP_DAY = date(2026, 12, 31), date(2028, 2, 29)
DIGITS = {NEW_YEARS_EVE: Digits(), LEAP_DAY: Digits(grid=5, outlet=2)}


async def filled_anew(postgres: Server, today: date) -> str:
    """The URL of a demo as it is filled in on a day; its codes of grids and outlets have that day's lengths."""
    url = postgres.at(await postgres.copy(MIGRATED))
    async with connected(url) as connection:
        await fill(connection, DIGITS[today], today=today)
    return url


@pytest.fixture(scope="session")
def filled(postgres: Server) -> Filled:
    """The same, which nobody changes."""
    made: dict[date, str] = {}

    def of(today: date) -> str:
        if today not in made:
            made[today] = run(filled_anew(postgres, today))
        return made[today]

    return of


@pytest.fixture
def county(service: Service) -> County:
    """The administrator of a county."""
    return lambda code: Asking(service.url, service.token("county_admin", code))
