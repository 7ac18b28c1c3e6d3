"""What lay in a unit that has gone is read where what was its own lies now, and tells what that unit was called."""

from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

import asyncpg
import pytest

from services.audit.trail import verify
from services.storage.database import connect
from services.storage.migrating import MIGRATIONS
from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY, COUNTY_ADMIN, NEIGHBOUR, OTHER, TOWN, Street, day, made, unit_id

AUDITOR, ABOVE, ELSEWHERE = ("auditor", TOWN), ("auditor", COUNTY), "350521101"
TOLD = "command place formerUnit unit { name } targetOrgUnit { name } changes(first: 40) { totalCount nodes { type } }"
HISTORY = f"""query($id: ID!) {{ node(id: $id) {{
    ... on Compound {{ history(first: 40) {{ totalCount nodes {{ {TOLD} }} }} }} }} }}"""
BELOW = f"""query($id: ID!) {{ node(id: $id) {{
    ... on OrgUnit {{ auditEntries(first: 40) {{ totalCount nodes {{ {TOLD} }} }} }} }} }}"""
UNIT_HISTORY = f"""query($id: ID!) {{ node(id: $id) {{
    ... on OrgUnit {{ history(first: 40) {{ totalCount nodes {{ {TOLD} }} }} }} }} }}"""
TARGETS = f"""query($id: [ID!]) {{ auditEntries(first: 40, filter: {{targetOrgUnit: {{some: {{id: $id}}}}}}) {{
    totalCount nodes {{ {TOLD} }} }} }}"""
ENTRIES = f"{{ auditEntries(first: 40) {{ totalCount nodes {{ {TOLD} }} }} }}"
FORMER = "SELECT id, name, heir_id FROM former_unit ORDER BY id"
UNDONE = "DROP TRIGGER former ON org_unit; DROP FUNCTION keep_former_unit; DROP TABLE former_unit"


def statements() -> tuple[str, ...]:
    """What the migration does."""
    (path,) = (MIGRATIONS / "versions").glob("*_former_units.py")
    spec = spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: tuple[str, ...] = module.STATEMENTS
    return found


async def page(api: Api, who: tuple[str, str], document: str, **given: Any) -> list[dict[str, Any]]:
    """The entries someone is shown, which are as many as they are told there are."""
    found = await api.data(who, document, **given)
    (told,) = found["node"].values() if "node" in found else found.values()
    assert told["totalCount"] == len(told["nodes"])
    nodes: list[dict[str, Any]] = told["nodes"]
    return nodes


def commands(nodes: list[dict[str, Any]]) -> list[str]:
    return [each["command"] for each in nodes]


async def new_community(api: Api, town: str = TOWN) -> str:
    """A community in which nothing lies, by its id."""
    given: Any = {"parentId": await unit_id(api, town), "name": "新社区", "code": f"{town}901", "level": "COMMUNITY"}
    return await made(api, COUNTY_ADMIN, "createUnit", "orgUnit", **given)


async def merge(api: Api, into: str, *others: str) -> None:
    """Merge units, by their ids, each as it is now."""
    version = "SELECT version FROM org_unit WHERE id = $1"
    held = {each: await api.connection.fetchval(version, each[3:]) for each in (into, *others)}
    of = [{"id": each, "version": held[each]} for each in others]
    await api.do(COUNTY_ADMIN, "mergeUnits", "", id=into, version=held[into], others=of)


async def test_a_merger_takes_nothing_from_the_town(api: Api, on: Street) -> None:
    """Neither from the list of all, nor from what a row went through, nor from the survivor's."""
    other = await unit_id(api, OTHER)
    await api.do(COUNTY_ADMIN, "renameUnit", "", id=on.unit, version=1, name="旧社区")
    before, of = await page(api, AUDITOR, ENTRIES), await page(api, AUDITOR, HISTORY, id=on.compound)
    await merge(api, other, on.unit)
    for who in (AUDITOR, ABOVE):
        after = await page(api, who, HISTORY, id=on.compound)
        assert commands(after) == [*commands(of), "mergeUnits"], who
        (survivor,) = {each["unit"]["name"] for each in after}
        assert {each["formerUnit"] for each in after} == {"旧社区", None}
        assert {each["place"][-1] for each in after} == {survivor}
        assert [each["changes"] for each in after[:-1]] == [each["changes"] for each in of]
        (renamed,) = [each for each in await page(api, who, ENTRIES) if each["command"] == "renameUnit"]
        assert renamed["targetOrgUnit"] == renamed["unit"] == {"name": survivor}
    assert sorted(commands(await page(api, AUDITOR, ENTRIES))) == sorted([*commands(before), "mergeUnits"])
    assert sorted(commands(await page(api, AUDITOR, BELOW, id=other))) == sorted([*commands(before), "mergeUnits"])
    assert await verify(api.connection) == []


@pytest.mark.parametrize("dissolved", [True, False])
async def test_an_heir_s_history_has_what_was_done_to_what_it_is_the_heir_of(
    api: Api, on: Street, *, dissolved: bool
) -> None:
    """Whatever entries lead to it: of what was made in a unit, as of what changed the unit."""
    other = await unit_id(api, OTHER)
    given: Any = {"unitId": other, "kind": "CARE", "name": "关爱"}
    await made(api, NEIGHBOUR, "createHelpTeam", "helpTeam", **given)
    await api.do(COUNTY_ADMIN, "renameUnit", "", id=other, version=1, name="旧社区")
    heir = on.unit
    if dissolved:
        parts = [{"name": "城东社区", "code": f"{TOWN}903"}, {"name": "城西社区", "code": f"{TOWN}904"}]
        await api.do(COUNTY_ADMIN, "splitUnit", "", id=other, version=2, dissolved=True, into=parts)
        heir = await unit_id(api, parts[0]["code"])
    else:
        await merge(api, on.unit, other)
    for who in (AUDITOR, ABOVE, COUNTY_ADMIN):
        history = commands(await page(api, who, UNIT_HISTORY, id=heir))
        assert {"createHelpTeam", "renameUnit"} < {*history}
        targets = commands(await page(api, who, TARGETS, id=[heir]))
        assert [each for each in targets if each not in history] == []
        assert sorted(history) == sorted(targets)


async def test_nobody_follows_more_by_it(api: Api, on: Street) -> None:
    """Administrators below the county follow what lies in units there are."""
    other = await unit_id(api, OTHER)
    before = commands(await page(api, NEIGHBOUR, ENTRIES))
    await merge(api, other, on.unit)
    assert commands(await page(api, NEIGHBOUR, ENTRIES)) == [*before, "mergeUnits"]


async def test_who_has_what_was_theirs_reads_it_and_who_had_it_no_longer(api: Api, on: Street) -> None:
    """Where a community goes to another town, as where it moves there."""
    there = await new_community(api, ELSEWHERE)
    recorded = {*commands(await page(api, AUDITOR, ENTRIES))}
    assert "createCompound" in recorded
    await merge(api, there, on.unit)
    assert {*commands(await page(api, AUDITOR, ENTRIES))} & recorded == set()
    assert {*commands(await page(api, ("auditor", ELSEWHERE), ENTRIES))} >= {*recorded, "mergeUnits"}
    told = await page(api, ("auditor", ELSEWHERE), HISTORY, id=on.compound)
    assert {(each["unit"]["name"], each["formerUnit"]) for each in told} == {
        ("新社区", "北关社区居委会"),
        ("新社区", None),
    }


async def test_a_unit_that_is_dissolved_is_read_with_its_successor(api: Api, on: Street) -> None:
    """That it was split as well, which lay in it."""
    id_ = await unit_id(api, OTHER)
    name = await api.connection.fetchval("SELECT name FROM org_unit WHERE code = $1", OTHER)
    await api.do(COUNTY_ADMIN, "renameUnit", "", id=id_, version=1, name=f"{name}甲")
    parts = [{"name": "城东社区", "code": f"{TOWN}903"}, {"name": "城西社区", "code": f"{TOWN}904"}]
    await api.do(COUNTY_ADMIN, "splitUnit", "", id=id_, version=2, dissolved=True, into=parts)
    for who in (AUDITOR, ABOVE):
        told = [each for each in await page(api, who, ENTRIES) if each["formerUnit"]]
        assert sorted(commands(told)) == ["renameUnit", "splitUnit"]
        assert {each["formerUnit"] for each in told} == {f"{name}甲"}
        assert [each["targetOrgUnit"] for each in told] == [each["unit"] for each in told] == [{"name": "城东社区"}] * 2
    first, second = [await unit_id(api, part["code"]) for part in parts]
    assert "splitUnit" in commands(await page(api, AUDITOR, BELOW, id=first))
    assert await page(api, AUDITOR, BELOW, id=second) == []
    assert on.unit


async def test_heirs_go_on(api: Api, on: Street) -> None:
    """Where the survivor is merged as well; a unit that is removed goes to the one above, and a root to nobody."""
    other = await unit_id(api, OTHER)
    third = await new_community(api)
    await merge(api, other, on.unit)
    await merge(api, third, other)
    (first, *_) = await page(api, AUDITOR, HISTORY, id=on.compound)
    assert (first["formerUnit"], first["unit"]) == ("北关社区居委会", {"name": "新社区"})
    given: Any = {"parentId": third, "name": "网格", "code": f"{TOWN}90101", "level": "GRID"}
    grid = await made(api, COUNTY_ADMIN, "createUnit", "orgUnit", **given)
    await api.do(COUNTY_ADMIN, "renameUnit", "", id=grid, version=1, name="旧网格")
    await api.connection.execute("DELETE FROM org_unit WHERE id = $1", grid[3:])
    (renamed,) = [each for each in await page(api, AUDITOR, ENTRIES) if each["command"] == "renameUnit"]
    assert (renamed["formerUnit"], renamed["unit"]) == ("旧网格", {"name": "新社区"})
    made_root = "INSERT INTO org_unit (id, level, code, name, folded, pinyin, grams)"
    await api.connection.execute(f"{made_root} VALUES (gen_random_uuid(), 'CITY', '99', '根', '', '', '{{}}')")
    kept = await api.connection.fetch(FORMER)
    await api.connection.execute("DELETE FROM org_unit WHERE code = '99'")
    assert await api.connection.fetch(FORMER) == kept
    assert len(kept) == 3


async def test_what_nobody_knows_stays_with_the_county(api: Api, on: Street) -> None:
    """Of units that went before it was kept, where the trail does not tell to whom."""
    await merge(api, await unit_id(api, OTHER), on.unit)
    await api.connection.execute("DELETE FROM former_unit")
    assert "createCompound" not in commands(await page(api, AUDITOR, ENTRIES))
    (made_it, *_) = await page(api, ABOVE, HISTORY, id=on.compound)
    assert [made_it[name] for name in ("command", "place", "formerUnit", "unit")] == [
        "createCompound",
        None,
        None,
        None,
    ]


async def test_where_an_entry_lay_is_told_to_whom_its_unit_is(api: Api, on: Street) -> None:
    """Not to who follows it for a row of their own that it changed: where a member served is not theirs to know."""
    given: Any = {"unitId": await unit_id(api, OTHER), "name": "欧阳珏", "standing": "IN_SERVICE"}
    member = await made(api, NEIGHBOUR, "registerMember", "member", **given)
    asked: Any = {"unitId": on.unit, "kind": "CARE", "text": "找欧阳珏", "beneficiary": "某户", "askedOn": day(-1)}
    await made(api, ADMIN, "recordHelpRequest", "helpRequest", **asked)
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=member)

    async def told(who: tuple[str, str]) -> tuple[bool, str | None]:
        (entry,) = [each for each in await page(api, who, ENTRIES) if each["command"] == "deletePerson"]
        assert (entry["place"] is None) is (entry["unit"] is None)
        return entry["place"] is not None, entry["formerUnit"]

    readers = (NEIGHBOUR, ("town_admin", TOWN), AUDITOR, ABOVE, COUNTY_ADMIN)
    assert [await told(who) for who in (ADMIN, *readers)] == [(False, None), *[(True, None)] * 5]
    name = await api.connection.fetchval("SELECT name FROM org_unit WHERE code = $1", OTHER)
    third = await new_community(api)
    await merge(api, third, given["unitId"])
    assert [await told(who) for who in (ADMIN, AUDITOR, ABOVE)] == [(False, None), *[(True, name)] * 2]


async def test_the_trail_tells_what_became_of_units_that_went_before(api: Api, on: Street) -> None:
    """Of those merged, merged again and dissolved as it is kept since; not of one that was removed otherwise."""
    other = await unit_id(api, OTHER)
    third = await new_community(api)
    parts = [{"name": "城东社区", "code": f"{TOWN}903"}, {"name": "城西社区", "code": f"{TOWN}904"}]
    await api.do(COUNTY_ADMIN, "splitUnit", "", id=third, version=1, dissolved=True, into=parts)
    first, second = [await unit_id(api, part["code"]) for part in parts]
    await merge(api, other, on.unit, first)
    kept = await api.connection.fetch(FORMER)
    assert {(row["name"], str(row["heir_id"])) for row in kept} == {
        (name, other[3:]) for name in ("北关社区居委会", "新社区", "城东社区")
    }
    await api.connection.execute("DELETE FROM org_unit WHERE id = $1", second[3:])
    assert await api.connection.fetch(FORMER) != kept
    await api.connection.execute(UNDONE)
    for statement in statements():
        await api.connection.execute(statement)
    assert await api.connection.fetch(FORMER) == kept


async def test_the_service_cannot_write_it(api: Api, on: Street) -> None:
    """It is written as units are removed, and by nothing else."""
    await merge(api, await unit_id(api, OTHER), on.unit)
    service = await connect(api.service_url)
    forged = (
        "INSERT INTO former_unit (id, name, heir_id) SELECT gen_random_uuid(), name, id FROM org_unit",
        "UPDATE former_unit SET name = 'x'",
        "DELETE FROM former_unit",
    )
    try:
        for statement in forged:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await service.execute(statement)
    finally:
        await service.close()
