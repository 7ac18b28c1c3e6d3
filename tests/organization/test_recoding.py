"""A code that changes takes the codes below along: in the tree, by the API, in a few statements, beside others."""

import asyncio
from typing import Any

import pytest

from policies.tokens import Seat, located
from services.errors import ProblemCode, Refused, Rejected
from services.organization.commands import recode
from services.storage.transaction import Outcome
from tests.captains.town import COMMUNITY, COUNTY, GRID
from tests.golden.world import ACCOUNT, path_of
from tests.organization.land import OTHER_COUNTY, OTHER_TOWN, TOWN, Land
from tests.writes.api import Api
from tests.writes.conftest import api, template
from tests.writes.test_statements import Counting, counting

__all__ = ["api", "counting", "template"]

CITY_ADMIN, COUNTY_ADMIN = ("county_admin", "3505"), ("county_admin", "350521")
NEW = "350506"
RECODED = "orgUnit { code } recoded { kind id name oldCode newCode }"


async def done(land: Land, code: str, new: str, **more: Any) -> Outcome:
    """Recode as the write path does."""
    async with land.connection.transaction():
        outcome = await recode(land.tx, unit=await land.unit(code), code=new, **more)
        await land.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return outcome


def codes(outcome: Outcome) -> dict[str, str]:
    """What a report says of each code."""
    return {line["old_code"]: line["new_code"] for line in outcome.report}


async def test_a_county_takes_every_code_below_along(land: Land) -> None:
    """Everything in it follows, old codes lead on, ids stay, no path keeps a trace of the old ones."""
    await land.settle()
    before = await land.below(path_of(COUNTY))
    units = {row["code"]: row["id"] for row in await land.connection.fetch("SELECT code, id FROM org_unit")}
    outcome = await done(land, COUNTY, NEW)
    below = {code for code in units if code.startswith(COUNTY)}
    assert codes(outcome) == {code: code.replace(COUNTY, NEW, 1) for code in below}
    assert outcome.id == units[COUNTY]
    after = {row["code"]: row["id"] for row in await land.connection.fetch("SELECT code, id FROM org_unit")}
    assert after == {code.replace(COUNTY, NEW, 1) if code in below else code: id_ for code, id_ in units.items()}
    assert await land.below(f"{path_of('3505')}{NEW}/") == before
    assert [code for code in below if await land.stale(code)] == []
    assert await land.leads_to(COMMUNITY) == await land.leads_to(COMMUNITY.replace(COUNTY, NEW)) == ["北关社区居委会"]
    versions = await land.connection.fetch("SELECT version FROM org_unit WHERE starts_with(code, $1)", NEW)
    assert {row["version"] for row in versions} == {2}


async def test_a_seat_is_found_by_a_code_given_up(land: Land) -> None:
    """As whoever issues a token from the command line may still have it."""
    await done(land, COUNTY, NEW)
    kind, path = await located(land.connection, Seat("测试", "community_admin", COMMUNITY))
    assert (kind, path) == ("unit", f"{path_of('3505')}{NEW}/{NEW}100/{NEW}100001/")
    with pytest.raises(Refused, match="There is no 350598"):
        await located(land.connection, Seat("测试", "county_admin", "350598"))
    await land.connection.execute(
        "INSERT INTO org_unit_former_code SELECT code, $2 FROM org_unit_former_code WHERE code = $1",
        COUNTY,
        await land.connection.fetchval("SELECT id FROM org_unit WHERE code = $1", OTHER_COUNTY),
    )
    with pytest.raises(Refused, match=f"{COUNTY} leads to several units by now: {NEW}, {OTHER_COUNTY}"):
        await located(land.connection, Seat("测试", "county_admin", COUNTY))
    assert (await located(land.connection, Seat("测试", "county_admin", NEW)))[1] == f"{path_of('3505')}{NEW}/"


async def test_everything_in_it_is_written_once(land: Land) -> None:
    """Not once for each of the codes above it that change."""
    compound = await land.settle(at=COMMUNITY)
    await land.connection.execute(
        "CREATE TEMP TABLE touched (id uuid);"
        "CREATE FUNCTION pg_temp.touch() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO touched VALUES (NEW.id); RETURN NULL; END $$;"
        "CREATE TRIGGER touch AFTER UPDATE ON compound FOR EACH ROW EXECUTE FUNCTION pg_temp.touch();"
        "CREATE TRIGGER touch AFTER UPDATE ON org_unit FOR EACH ROW EXECUTE FUNCTION pg_temp.touch();"
    )
    outcome = await done(land, COUNTY, NEW)
    touched = [row["id"] for row in await land.connection.fetch("SELECT id FROM touched")]
    assert sorted(touched) == sorted([compound["id"], *(line["id"] for line in outcome.report)])


async def test_there_and_back(land: Land) -> None:
    """Its own codes are a unit's to take back."""
    await done(land, COUNTY, NEW)
    await done(land, NEW, COUNTY)
    assert (await land.unit(GRID))["path"] == path_of(GRID)
    former = await land.connection.fetch("SELECT code FROM org_unit_former_code WHERE starts_with(code, '3505')")
    assert {row["code"][:6] for row in former} == {NEW, OTHER_COUNTY, "350599"}


async def test_a_code_that_begins_otherwise_stays_and_is_told(land: Land) -> None:
    """A town that came from elsewhere with its code; its own communities begin with that."""
    await land.connection.execute("UPDATE org_unit SET code = '350524900' WHERE code = $1", OTHER_TOWN)
    outcome = await done(land, COUNTY, NEW)
    assert codes(outcome)["350524900"] == "350524900"
    assert (await land.unit("350524900"))["path"] == f"{path_of('3505')}{NEW}/350524900/"
    assert (await land.unit("350524900"))["parent_path"] == f"{path_of('3505')}{NEW}/"


async def test_only_this_one(land: Land) -> None:
    """`below: false` leaves the codes below."""
    outcome = await done(land, TOWN, "350521190", below=False)
    assert codes(outcome) == {TOWN: "350521190"}
    assert (await land.unit(COMMUNITY))["path"] == f"{path_of(COUNTY)}350521190/{COMMUNITY}/"


@pytest.mark.parametrize("former", [False, True])
async def test_codes_in_the_way_are_named(land: Land, *, former: bool) -> None:
    """In use anywhere, or leading to another unit; nothing is changed."""
    town = f"{OTHER_COUNTY}100"
    if former:
        unit = (await land.unit(town))["id"]
        statement = "INSERT INTO org_unit_former_code (code, unit_id) VALUES ('350506100001', $1)"
        await land.connection.execute(statement, unit)
    else:
        await land.connection.execute("UPDATE org_unit SET code = '350506100001' WHERE code = $1", town)
    with pytest.raises(Rejected) as rejected:
        await done(land, COUNTY, NEW)
    (problem,) = rejected.value.problems
    assert (problem.code, problem.field) == (ProblemCode.TAKEN, "code")
    assert "350506100001 凤城镇" in problem.text.en
    assert (await land.unit(GRID))["path"] == path_of(GRID)


async def test_a_code_in_use(land: Land) -> None:
    """Also one that is to be nobody's by then."""
    with pytest.raises(Rejected) as rejected:
        await done(land, TOWN, OTHER_TOWN)
    assert [(each.code, each.field) for each in rejected.value.problems] == [(ProblemCode.TAKEN, "code")]


async def test_codes_that_would_be_too_long(land: Land) -> None:
    """A grid's code may be longer than it was, one below it not without end."""
    await land.add_unit(f"{GRID}{'1' * 25}", "网点", GRID)
    with pytest.raises(Rejected) as rejected:
        await done(land, GRID, f"{GRID}9")
    assert [(each.code, each.field) for each in rejected.value.problems] == [(ProblemCode.INVALID, "code")]


async def test_what_is_put_below_meanwhile(land: Land) -> None:
    """It would keep the old beginning: the command ends, and is tried again."""
    unit = await land.unit(COUNTY)
    async with land.another() as rival:
        putting = rival.connection.transaction()
        await putting.start()
        await Land(rival.connection, rival.url).add_unit("350521100003", "城南社区", TOWN)
        recoding = asyncio.ensure_future(done(land, COUNTY, NEW))
        await rival.until_waiting(land)
        await putting.commit()
        with pytest.raises(Refused, match="CONFLICT"):
            await recoding
    assert await land.unit(COUNTY) == unit


# --- the API ----------------------------------------------------------------------------------------------------------


async def county(api: Api) -> Any:
    """The county by its first code."""
    query = '{ orgUnit(by: {code: "350521"}) { id version code } }'
    return (await api.data(CITY_ADMIN, query))["orgUnit"]


async def test_a_dry_run_lists_all(api: Api) -> None:
    """Row by row, what the command then does."""
    unit = await county(api)
    given = {"id": unit["id"], "version": unit["version"], "code": NEW}
    shown = await api.do(CITY_ADMIN, "recodeUnit", RECODED, **given, dryRun=True)
    assert await county(api) == unit
    number = await api.connection.fetchval("SELECT count(*) FROM org_unit WHERE starts_with(code, '350521')")
    assert len(shown["recoded"]) == number
    assert shown["recoded"][0] == {
        "kind": "OrgUnit",
        "id": unit["id"],
        "name": "惠安县",
        "oldCode": "350521",
        "newCode": NEW,
    }
    assert await api.do(CITY_ADMIN, "recodeUnit", RECODED, **given) == shown
    assert (await county(api))["code"] == NEW
    changed = await api.connection.fetchval("SELECT count(*) FROM audit_change WHERE table_name = 'org_unit'")
    assert changed == number


async def test_who_may(api: Api) -> None:
    """Who is seated above; a grant here and another there do not add up."""
    town = '{ orgUnit(by: {code: "350521100"}) { id version } }'
    unit = (await api.data(CITY_ADMIN, town))["orgUnit"]
    given = {"id": unit["id"], "version": unit["version"], "code": "350521190"}
    assert await api.attempt(("town_admin", "350521100"), "recodeUnit", **given) == "FORBIDDEN"
    assert await api.attempt(("county_admin", "350524"), "recodeUnit", **given) == "NOT_FOUND"
    done = await api.do(COUNTY_ADMIN, "recodeUnit", RECODED, **given)
    assert {line["newCode"][:9] for line in done["recoded"]} == {"350521190"}


async def test_a_sign_in_outlives_the_code(api: Api) -> None:
    """Logins begin with the code the county had, and go on as they are."""
    await api.connection.execute("UPDATE account SET login = '350521-lin.xiao' WHERE id = $1", ACCOUNT)
    unit = await county(api)
    await api.do(CITY_ADMIN, "recodeUnit", "", id=unit["id"], version=unit["version"], code=NEW)
    assert await api.connection.fetchval("SELECT login FROM account WHERE id = $1", ACCOUNT) == "350521-lin.xiao"


async def test_the_number_of_statements_does_not_grow(api: Api, counting: Counting) -> None:
    """A town with nothing below it, one with much, a county; the first of all finds the service as it starts."""
    sent = []
    for code, new in (
        ("350524100", "350524190"),
        ("350524190", "350524191"),
        ("350521100", "350521190"),
        ("350521", NEW),
    ):
        query = f'{{ orgUnit(by: {{code: "{code}"}}) {{ id version }} }}'
        unit = (await api.data(CITY_ADMIN, query))["orgUnit"]
        counting.sent.clear()
        await api.do(CITY_ADMIN, "recodeUnit", RECODED, id=unit["id"], version=unit["version"], code=new)
        sent.append(len(counting.sent))
    assert len(set(sent[1:])) == 1
