"""What becomes of shared compounds as communities merge: one's own is shared no more, and by whom two shared, once."""

from datetime import timedelta
from typing import Any

import pytest

from tests.captains.town import COMMUNITY, GRID, Town
from tests.days import today
from tests.properties.shared import FAR, compound, far, shared, town
from tests.properties.test_phases import told
from tests.writes.api import Api
from tests.writes.street import COUNTY_ADMIN, OTHER, day, unit_id

__all__ = ["compound", "town"]  # fixtures

MERGED = """moved { kind fate id name count } orgUnit { code }"""
TERMS = "SELECT since, until, version FROM compound_sharing ORDER BY since"


async def merged(api: Api, survivor: str, *others: str) -> list[tuple[str, Any, Any]]:
    """Merge; what is told of single sharings: fate, id and name."""
    given = [{"id": await unit_id(api, other), "version": 1} for other in others]
    made = await api.do(COUNTY_ADMIN, "mergeUnits", MERGED, id=await unit_id(api, survivor), others=given)
    sharings = [line for line in made["moved"] if line["kind"] == "CompoundSharing" and line["id"]]
    return [(line["fate"], line["id"], line["name"]) for line in sharings]


async def terms(town: Town) -> list[tuple[str, str | None]]:
    found = await town.connection.fetch(TERMS)
    return [(row["since"].isoformat(), row["until"] and row["until"].isoformat()) for row in found]


@pytest.mark.parametrize("survivor", [COMMUNITY, OTHER])
async def test_a_compound_s_own_community_shares_it_no_more(api: Api, town: Town, compound: str, survivor: str) -> None:
    """The sharing ends the day before the two become one, one to come is struck out; neither can be put back."""
    past = await shared(api, compound, since=day(-9), until=day(-7))
    running, coming = (
        await shared(api, compound, since=day(-5), until=day(1)),
        await shared(api, compound, since=day(2)),
    )
    (other,) = {COMMUNITY, OTHER} - {survivor}
    told_of = await merged(api, survivor, other)
    assert told_of == [("ENDED", running["id"], "和平小区"), ("LOST", coming["id"], "和平小区")]
    assert await terms(town) == [(day(-9), day(-7)), (day(-5), day(-1))]
    why: dict[str, Any] = {"id": past["id"], "reason": "记错"}
    version = await town.connection.fetchval(
        "SELECT version FROM compound_sharing WHERE until = $1", today() - timedelta(days=7)
    )
    for until in (None, day(0)):
        refused = await told(api, COUNTY_ADMIN, "correctSharing", **why, version=version, until=until)
        assert refused == [("INVALID", "until")]
    await api.do(COUNTY_ADMIN, "correctSharing", "", **why, version=version, until=day(-8))


@pytest.mark.parametrize(
    ("one", "other", "left"),
    [
        pytest.param((-9, None), (-3, 4), [(-9, None)], id="within"),
        pytest.param((-9, -2), (-3, 4), [(-9, 4)], id="overlapping"),
        pytest.param((-3, 4), (5, None), [(-3, None)], id="meeting"),
        pytest.param((-9, -5), (-3, None), [(-9, -5), (-3, None)], id="apart"),
    ],
)
async def test_who_shared_one_compound_shares_it_once_when_merged(
    api: Api, town: Town, compound: str, one: Any, other: Any, left: Any
) -> None:
    """Terms that meet or overlap become one, of the survivor; the other is told as lost. Those apart stay two."""

    def iso(term: tuple[int, int | None]) -> tuple[str, str | None]:
        return day(term[0]), None if term[1] is None else day(term[1])

    far_id, made = await far(api), []
    for unit, (since, until) in ((far_id, iso(one)), (await unit_id(api, OTHER), iso(other))):
        of = {"compoundId": compound, "unitId": unit, "since": since, "until": until}
        made.append((await api.do(COUNTY_ADMIN, "shareCompound", "compoundSharing { id }", **of))["compoundSharing"])
    told_of = await merged(api, OTHER, FAR)
    assert await terms(town) == [iso(term) for term in left]
    lost = ("LOST", made[0]["id"], "和平小区" if one[1] is None or one[1] >= 0 else None)
    assert told_of == ([] if len(left) > 1 else [("JOINED", made[1]["id"], "和平小区"), lost])


async def test_a_compound_that_moves_in_is_shared_no_more(api: Api, town: Town) -> None:
    """With its grid, into the community that shared it."""
    row = await town.compound("和平小区", GRID)
    sharing = await shared(api, f"cp_{row['id']}", since=day(-5))
    move = {"id": await unit_id(api, GRID), "version": 1, "parentId": await unit_id(api, OTHER)}
    moved = (await api.do(COUNTY_ADMIN, "moveUnit", "moved { fate id }", **move))["moved"]
    assert {"fate": "ENDED", "id": sharing["id"]} in moved
    assert await terms(town) == [(day(-5), day(-1))]
