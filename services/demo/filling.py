"""The demo put into an empty database; what only serves a filled one need not load what it is made of."""

import asyncio
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from uuid import UUID

import asyncpg

from services.demo import NotEmptyError, is_empty
from services.demo.anxi import anxi
from services.demo.county import County
from services.demo.days import Days
from services.demo.huian import huian
from services.demo.people import People
from services.demo.rows import Rows
from services.demo.territory import Digits, Place, committees, everyday, settled
from services.demo.years import loaded
from services.demo.yongchun import yongchun
from services.organization.loading.loading import load

FILE = Path(__file__).parents[2] / "data" / "quanzhou.csv.gz"
ROOT = "3505"
COUNTIES = {"350521": huian, "350524": anxi, "350525": yongchun}

_PLACES = """
select level::text, code, name, path from org_unit where split_part(path, '/', 2) = any($1) order by path
"""
_TODAY = "select (now() at time zone 'Asia/Shanghai')::date"


async def fill(connection: asyncpg.Connection, digits: Digits | None = None, today: date | None = None) -> None:
    """Put the demo into an empty database, in one transaction. Raises NotEmptyError when it is not empty.

    today: the day that days are counted from, by default the one it is in Quanzhou.
    """
    async with connection.transaction():
        await connection.execute("lock table org_unit in share row exclusive mode")
        if not await is_empty(connection):
            raise NotEmptyError
        with FILE.open("rb") as source:
            await load(connection, source, ROOT, lambda _done, _total: None)
        places: dict[str, list[Place]] = {"COUNTY": [], "TOWN": [], "COMMUNITY": []}
        for row in await connection.fetch(_PLACES, [*COUNTIES]):
            places[row["level"]].append(Place(row["code"], row["path"], everyday(row["name"])))
        today = today or await connection.fetchval(_TODAY)
        rows = await asyncio.to_thread(_rows, places, today, digits or Digits())
        await rows.copy(connection)


def _rows(places: Mapping[str, list[Place]], today: date, digits: Digits) -> Rows:
    """Everything below the communities, and what is made up of their counties."""
    rows = Rows()
    people = People(rows)
    above = _committees(rows, places)
    communities = [settled(rows, place, digits, above[place.above]) for place in places["COMMUNITY"]]
    for code, tell in COUNTIES.items():
        path = f"{ROOT}/{code}/"
        own = [community for community in communities if community.place.path.startswith(path)]
        urban_first = sorted(own, key=lambda community: not community.place.title.endswith("社区"))
        loaded(rows, path, today)
        tell(County(rows, Days(today), people, path, tuple(urban_first)))
    return rows


def _committees(rows: Rows, places: Mapping[str, list[Place]]) -> Mapping[str, UUID]:
    """The committees of the counties and of their towns; those of the towns, by the towns' paths."""
    made: dict[str, UUID] = {}
    for county in places["COUNTY"]:
        towns = [town for town in places["TOWN"] if town.above == county.path]
        made.update(committees(rows, county, towns))
    return made
