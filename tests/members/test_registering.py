"""Members in the database: registered, updated, their contact data; nobody leaves who is in office."""

from datetime import date
from typing import Any

import pytest

from services.appointments.tables import PostKind, posts
from services.captains.tables import captain_terms
from services.members import commands
from services.members.tables import Standing, members
from services.organization.tables import party_organizations, units
from services.storage.transaction import Record
from tests.captains.town import COMMUNITY, GRID, Town, days
from tests.golden.world import id_of, path_of
from tests.properties.saying import done, told

MAY = date(2026, 5, 1)


async def unit(town: Town, code: str) -> Record:
    """A unit of the world."""
    return await town.row(units, id_of(code))


async def registered(town: Town, **more: Any) -> Record:
    """A member registered by the command."""
    given = {"unit": await unit(town, GRID), "name": "林一", "standing": Standing.IN_SERVICE, **more}
    return await town.row(members, await done(town, commands.register(town.tx, **given)))


async def test_registered_with_everything(town: Town) -> None:
    """Texts are stripped, the name can be found, home and organization are kept by their keys."""
    branch = await town.row(party_organizations, id_of("北关社区党委"))
    made = await registered(
        town,
        name=" 林一　",
        employer="县卫健局",
        home=await unit(town, COMMUNITY),
        party_organization=branch,
        phone=" 138-0000-0000 ",
        address="中山街1号",
    )
    assert (made["name"], made["pinyin"], made["phone"]) == ("林一", "linyi ly", "138-0000-0000")
    assert (made["unit_path"], made["home_path"]) == (path_of(GRID), path_of(COMMUNITY))
    assert (made["organization_id"], made["standing"], made["version"]) == (branch["id"], "IN_SERVICE", 1)


async def test_updated(town: Town) -> None:
    """What is given changes, what is null is cleared, what is left out stays; the version counts up."""
    made = await registered(town, employer="县卫健局", home=await unit(town, COMMUNITY), phone="0595-87380000")
    moved = await unit(town, COMMUNITY)
    await done(
        town, commands.update(town.tx, member=made, unit=moved, name="林二", standing=Standing.RETIRED, home=None)
    )
    after = await town.row(members, made["id"])
    assert (after["name"], after["pinyin"], after["standing"]) == ("林二", "liner le", "RETIRED")
    assert (after["unit_path"], after["home_path"]) == (path_of(COMMUNITY), None)
    assert (after["employer"], after["phone"], after["version"]) == ("县卫健局", "0595-87380000", 2)
    await done(town, commands.contact(town.tx, member=after, phone=None, address="中山街1号"))
    final = await town.row(members, made["id"])
    assert (final["phone"], final["address"], final["version"]) == (None, "中山街1号", 3)


async def test_an_update_without_changes(town: Town) -> None:
    """It is accepted, and counts."""
    made = await registered(town)
    await done(town, commands.update(town.tx, member=made))
    assert (await town.row(members, made["id"]))["version"] == 2


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"name": None}, [("INVALID", "name")]),
        ({"name": "　"}, [("INVALID", "name")]),
        ({"name": "林" * 101}, [("INVALID", "name")]),
        ({"name": "林\n一"}, [("INVALID", "name")]),
        ({"name": "\ud800"}, [("INVALID", "name")]),
        ({"name": "林\u202e一"}, [("INVALID", "name")]),
        ({"name": "", "employer": "", "standing": None}, [("INVALID", f) for f in ("name", "employer", "standing")]),
        ({"unit": None}, [("INVALID", "unit")]),
        ({"left_on": date(1900, 1, 1)}, [("INVALID", "left_on")]),
        ({"employer": None, "home": None, "party_organization": None, "left_on": None}, []),
    ],
)
async def test_what_an_update_refuses(town: Town, changes: Any, problems: list[tuple[str, str]]) -> None:
    """Every problem at once, by the field of the input."""
    made = await registered(town)
    assert await told(town, commands.update(town.tx, member=made, **changes)) == problems


@pytest.mark.parametrize("phone", ["12345", "1380000000a", "-13800000000", "138" * 8, "", "１３８００００００００"])
async def test_what_is_no_phone_number(town: Town, phone: str) -> None:
    """Six to twenty digits, with spaces and hyphens between them."""
    made = await registered(town)
    assert await told(town, commands.contact(town.tx, member=made, phone=phone)) == [("INVALID", "phone")]


async def test_a_closed_organization_takes_no_member(town: Town) -> None:
    """Neither at registration nor later."""
    branch = await town.organization("原党支部")
    await town.tx.update(party_organizations, branch["id"], closed_on=MAY)
    made, closed = await registered(town), await town.row(party_organizations, branch["id"])
    update = commands.update(town.tx, member=made, party_organization=closed)
    assert await told(town, update) == [("CLOSED", "party_organization")]


async def test_nobody_leaves_who_is_in_office(town: Town) -> None:
    """While a captain's term or a post runs on after the day; the last day of it will do."""
    made = await registered(town)
    building = await town.building(await town.compound("和平小区"), "1号楼")
    term = await town.add(
        captain_terms, building_id=building["id"], unit_path=building["unit_path"], member_id=made["id"], since=MAY
    )
    last = MAY + days(30)
    assert await told(town, commands.update(town.tx, member=made, left_on=last)) == [("CLOSED", "left_on")]
    await town.tx.update(captain_terms, term["id"], until=last)
    branch = await town.row(party_organizations, id_of("北关社区党委"))
    post = await town.add(
        posts,
        kind=PostKind.SECRETARY,
        organization_id=branch["id"],
        unit_path=branch["unit_path"],
        member_id=made["id"],
        since=MAY,
    )
    assert await told(town, commands.update(town.tx, member=made, left_on=last)) == [("CLOSED", "left_on")]
    await town.tx.update(posts, post["id"], until=last)
    both = [("CLOSED", "left_on")] * 2
    assert await told(town, commands.update(town.tx, member=made, left_on=last - days(1))) == both
    assert await told(town, commands.update(town.tx, member=made, left_on=last)) == []


async def test_nobody_leaves_tomorrow(town: Town) -> None:
    """Only what has come is recorded."""
    made, today = await registered(town), await town.today()
    assert await told(town, commands.update(town.tx, member=made, left_on=today + days(1))) == [("INVALID", "left_on")]
    assert await told(town, commands.update(town.tx, member=made, left_on=today)) == []
