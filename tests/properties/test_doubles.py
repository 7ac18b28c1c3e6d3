"""A compound that was entered before, under this name or another."""

from typing import Any

import pytest

from services.properties.doubles import alike
from services.properties.tables import compounds
from tests.captains.town import COMMUNITY, GRID, Town
from tests.golden.world import path_of
from tests.properties.test_compounds import unit
from tests.writes.api import Api
from tests.writes.street import ADMIN, Street, day

SIMILAR = "compound { id } similar { kind id name sameName sameAddress }"


@pytest.mark.parametrize(
    ("name", "address", "told"),
    [
        ("和平花园", None, (True, False)),
        ("和 平 家园小区", "北门街 1 号", (True, False)),
        ("和平（小区）", None, (True, False)),
        ("和平", "", (True, False)),
        ("建设花园", "中山街１２号。", (False, True)),
        ("和平小区", "中山街12号", (True, True)),
        ("和平二期", "中山街12号院", None),
        ("小区", None, None),
        ("和平里", None, None),
    ],
)
async def test_what_looks_the_same(town: Town, name: str, address: str | None, told: Any) -> None:
    """Of the community and all its grids, but for what is closed; one without an address has no other's."""
    await town.compound("和平小区")
    await town.connection.execute("UPDATE compound SET address = '中山街 12 号'")
    await town.add(compounds, unit_path=path_of(COMMUNITY), name="小区之家")
    await town.add(compounds, unit_path=path_of(GRID), name=name, closed_on=await town.today())
    for code in (COMMUNITY, GRID):
        found = await alike(town.tx, await unit(town, code), {"name": name, "address": address})
        assert [(each["same_name"], each["same_address"]) for each in found] == ([told] if told else [])


async def test_a_clerk_is_told_of_a_double(api: Api, on: Street) -> None:
    """Tried, recorded, and asked again with the same key; what is alike elsewhere is not told."""
    given: dict[str, Any] = {"unitId": on.unit, "name": "演示花园", "idempotencyKey": "once"}
    line = {"kind": "Compound", "id": on.compound, "name": "演示小区", "sameName": True, "sameAddress": False}
    tried = await api.do(ADMIN, "createCompound", "similar { id }", **given, dryRun=True)
    assert tried["similar"] == [{"id": on.compound}]
    payload = await api.do(ADMIN, "createCompound", SIMILAR, **given)
    assert payload["similar"] == [line]
    assert await api.do(ADMIN, "createCompound", SIMILAR, **given) == payload
    neighbour = await api.connection.fetchval("SELECT 'ou_' || id FROM org_unit WHERE code = '350521100002'")
    elsewhere = {"unitId": neighbour, "name": "演示花园"}
    assert (await api.do(("county_admin", "350521"), "createCompound", SIMILAR, **elsewhere))["similar"] == []
    for of in (on.compound, payload["compound"]["id"]):
        await api.do(ADMIN, "closeCompound", "", id=of, version=1, on=day(0))
    again = {**given, "idempotencyKey": "again"}
    assert (await api.do(ADMIN, "createCompound", SIMILAR, **again))["similar"] == []
