"""A share is of exact numbers: of round ones there is none, which could be more than all."""

from services.members.grid_tables import GridTermKind, ReportChannel, grid_terms
from services.settings import SMALLEST_CELL
from tests.captains.town import COUNTY, FIRST, GRID, Town
from tests.golden.world import path_of
from tests.writes.api import Api

RATE = """query($code: String!) { orgUnit(by: {code: $code}) { indicators {
    membersReported membersInService reportingRate } } }"""


async def test_a_rate_is_told_of_exact_numbers_alone(api: Api, town: Town) -> None:
    """An auditor reads one of the members, by an office, and counts the others; of the terms they read none."""
    many = 2 * SMALLEST_CELL
    term = {"unit_path": path_of(GRID), "since": FIRST}
    term |= {"kind": GridTermKind.REPORTED, "channel": ReportChannel.ONLINE}
    people = [await town.member(f"党员{number}") for number in range(many)]
    for each in people:
        await town.add(grid_terms, member_id=each["id"], **term)
    await town.part_time(await town.organization("北关党支部"), people[0], FIRST)

    async def rate(who: str) -> list[float | None]:
        found = (await api.data((who, COUNTY), RATE, code=GRID if who == "county_admin" else COUNTY))["orgUnit"]
        return list(found["indicators"].values())

    assert await rate("county_admin") == [many, many, 1.0]
    assert await rate("auditor") == [many, many, None]
