"""A compound that lies across two communities, with all that is told of one."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.captains.tables import captain_terms
from services.properties.tables import coverages
from tests.captains.town import Town, entered
from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY_ADMIN, OTHER, TOWN, day, made, unit_id

TOWN_ADMIN, FAR_TOWN, FAR = ("town_admin", TOWN), ("town_admin", "350521101"), "350521101001"
SHARING = """compoundSharing { id since until version compoundName place sharerPlace unit { code } sharer { code }
    compound { name sharedWith { nodes { sharer { code } } } sharings { totalCount } } }"""


@pytest.fixture
async def town(api: Api) -> AsyncIterator[Town]:
    """The town the API is over."""
    async with entered(api.url) as found:
        yield found


@pytest.fixture
async def compound(api: Api, town: Town) -> str:
    """和平小区 of 北关社区, with all that is told of a compound; its global id."""
    row = await town.compound("和平小区")
    since = await town.today() - timedelta(days=30)
    await town.contract(row, await town.company("安居物业"), since)
    branch = await town.organization("小区党支部")
    place = {"compound_id": row["id"], "unit_path": row["unit_path"]}
    over = {"organization_id": branch["id"], "organization_path": branch["unit_path"]}
    await town.add(coverages, **place, **over, since=since)
    await town.committee(row, since)
    id_ = f"cp_{row['id']}"
    phase = (await api.do(ADMIN, "createPhase", "compoundPhase { id }", compoundId=id_, name="一期"))["compoundPhase"]
    given = {"compoundId": id_, "name": "1号楼", "phaseId": phase["id"]}
    await api.do(ADMIN, "createBuilding", "", **given)
    building = await town.connection.fetchrow("SELECT * FROM building")
    assert building is not None
    captain = {"building_id": building["id"], "unit_path": building["unit_path"]}
    await town.add(captain_terms, **captain, member_id=(await town.member("林一"))["id"], since=since)
    return id_


async def shared(api: Api, compound: str, who: tuple[str, str] = TOWN_ADMIN, **term: Any) -> Any:
    given = {"compoundId": compound, "unitId": await unit_id(api, OTHER), "since": day(0), **term}
    return (await api.do(who, "shareCompound", SHARING, **given))["compoundSharing"]


async def far(api: Api) -> str:
    """A community of another town, its global id."""
    parent = await unit_id(api, FAR_TOWN[1])
    return await made(
        api, COUNTY_ADMIN, "createUnit", "orgUnit", parentId=parent, code=FAR, name="城东社区", level="COMMUNITY"
    )
