"""What the counties' published reports say, as rows of the demo: on the day it is loaded, whichever that is, and after.

The figures are those of the domain; `$1` is the day they are counted for.
"""

import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import date, timedelta
from itertools import product

import asyncpg
import pytest
from stdnum.cn import uscc

from services.names import search_keys
from services.storage.database import connected
from tests.demo.conftest import LEAP_DAY, NEW_YEARS_EVE, Filled

pytestmark = pytest.mark.xdist_group("demo")
HUIAN, ANXI, YONGCHUN = "3505/350521/", "3505/350524/", "3505/350525/"
LATER = timedelta(days=300)
HOLDS = "since <= $1 and coalesce(until >= $1, true)"

COMPOUNDS = f"select count(*) from compound where starts_with(unit_path, '{HUIAN}') and closed_on is null"
COVERED = f"""
select count(distinct compound_id), count(distinct organization_id) from branch_coverage
where starts_with(unit_path, '{HUIAN}') and {HOLDS}
"""
CAPTAINS = f"""
select count(*), count(distinct building_id), count(distinct member_id) from captain_term
where starts_with(unit_path, '{ANXI}') and {HOLDS}
"""
VACANT = f"""
select count(*) from building where starts_with(unit_path, '{ANXI}') and closed_on is null
and not exists (select from captain_term where building_id = building.id and {HOLDS})
"""
INSTRUCTORS = f"""
select count(distinct member_id), count(distinct company_id) from post
where kind = 'INSTRUCTOR' and starts_with(unit_path, '{ANXI}') and {HOLDS}
"""
LEADERS = f"""
with held as (select * from post where starts_with(unit_path, '{ANXI}') and {HOLDS})
select count(distinct leads.member_id) from held leads join held post using (member_id)
join party_organization body on body.id = post.organization_id
where leads.kind = 'COMPANY_LEADER' and post.kind = 'SECRETARY' and body.tier = 'COMPOUND'
"""
PART_TIME = f"""
select count(distinct member_id), count(distinct body_id) from post
join party_organization body on body.id = post.organization_id
where post.kind = 'PART_TIME_MEMBER' and starts_with(post.unit_path, '{YONGCHUN}') and {HOLDS}
"""
CHAIRS = f"select count(*), count(distinct body_id) from post where kind = 'ROTATING_CHAIR' and {HOLDS}"
WINDOW = f"select count(*), count(distinct category) from service_item where unit_path = '{HUIAN}' and at_window"
ONLINE = f"select count(*) from service_item where unit_path = '{HUIAN}' and online"
OPERATIONS = f"select count(distinct operation) from service_item where unit_path = '{HUIAN}'"
PACKAGES = f"""
select sum(beneficiaries) from service_item
where function = 'ELDERLY_CARE' and operation = 'PURCHASED' and unit_path = '{HUIAN}'
"""
IN_GRIDS = f"""
select kind::text, count(*), count(distinct member_id) from grid_term
where starts_with(unit_path, '%s') and {HOLDS} group by 1
"""
# All of the year the demo is loaded in; each kind in its own unit.
FOUR_VISITS = f"""
select count(*) filter (where kind = 'HARDSHIP'), count(*) filter (where kind = 'SICK'),
    count(distinct household_id) filter (where kind = 'UNUSUAL'),
    count(distinct coalesce(case_id, id)) filter (where kind = 'DISPUTE'), count(distinct extract(year from visited_on))
from home_visit where starts_with(unit_path, '{YONGCHUN}')
"""
LINKED = f"""
select count(*) filter (where not exists (select from household_contact where household_id = household.id and {HOLDS}))
from household where starts_with(unit_path, '{YONGCHUN}')
"""
TEN = f"""
select count(*), min(many), max(many) from (
    select count(*) many from household_contact
    where starts_with(unit_path, '{YONGCHUN}') and {HOLDS} group by member_id) of_members
"""
FIGURES: Mapping[str, tuple[object, ...]] = {
    COMPOUNDS: (84,),
    COVERED: (78, 39),
    CAPTAINS: (693, 693, 693),
    VACANT: (7,),
    INSTRUCTORS: (17, 12),
    LEADERS: (10,),
    f"{PART_TIME} and tier = 'VILLAGE' and body.kind = 'COMMITTEE'": (95, 24),
    f"{PART_TIME} and tier = 'GRID' and body.kind = 'BRANCH'": (213, 67),
    CHAIRS: (24, 24),
    WINDOW: (130, 15),
    ONLINE: (3746,),
    OPERATIONS: (3,),
    PACKAGES: (15_000,),
    IN_GRIDS % YONGCHUN: ("REPORTED", 4833, 4833),
    IN_GRIDS % HUIAN: ("ASSIGNED", 2709, 2709),
    FOUR_VISITS: (200, 145, 87, 56, 1),
    LINKED: (0,),
    TEN: (213, 10, 10),
}


@pytest.mark.parametrize("loaded", [NEW_YEARS_EVE, LEAP_DAY], ids=str)
async def test_figures(filled: Filled, loaded: date) -> None:
    async with connected(filled(loaded)) as connection:
        for day, (query, expected) in product((loaded, loaded + LATER), FIGURES.items()):
            assert await row(connection, query, *([day] if "$1" in query else [])) == expected, (query, day)


async def row(connection: asyncpg.Connection, query: str, *values: object) -> tuple[object, ...]:
    """The only row of a query."""
    found = await connection.fetchrow(query, *values)
    assert found is not None
    return tuple(found)


@pytest.fixture
async def demo(demo_url: str) -> AsyncIterator[asyncpg.Connection]:
    async with connected(demo_url) as opened:
        yield opened


async def test_every_function_and_adjustment(demo: asyncpg.Connection) -> None:
    """“1+6+X” in 惠安; its first town adds, leaves out and notes, and its communities take up what is optional."""
    functions = "select count(distinct function) from catalog_entry where unit_path = $1"
    assert await demo.fetchval(functions, HUIAN) == 8
    town, community = f"{HUIAN}350521100/", f"{HUIAN}350521100/350521100001/"
    names = "select name from catalog_entry where unit_path = $1 and offered"
    county, below, here = [{row[0] for row in await demo.fetch(names, path)} for path in (HUIAN, town, community)]
    assert (county - below, below - county) == ({"普惠托育点"}, {"古城便民驿站"})
    assert (below - here, here - below) == (set(), {"暑期托管班", "共享工具间", "邻里微心愿"})
    note = "select note from catalog_entry where name = '长者食堂' and unit_path = any($1) order by unit_path"
    assert [row[0] for row in await demo.fetch(note, [HUIAN, town, community])] == [
        None,
        "周一至周五供应午餐。",
        "午餐、晚餐均供应。",
    ]


async def test_history_of_captains(demo: asyncpg.Connection) -> None:
    """Some buildings had another captain on 1 May of last year; some have none today and had one; all may serve."""
    changed = await demo.fetchval(
        "select count(*) from captain_term was join captain_term now using (building_id) where now.until is null and "
        "was.member_id <> now.member_id and make_date(extract(year from current_date)::int - 1, 5, 1) "
        "between was.since and was.until and now.since <= current_date"
    )
    assert changed > 50
    left = "select count(*) from captain_term where not exists (select from captain_term other where "
    assert await demo.fetchval(left + "other.building_id = captain_term.building_id and other.until is null)") > 3
    standings = "select distinct standing::text from captain_term join member on member.id = member_id order by 1"
    assert [row[0] for row in await demo.fetch(standings)] == ["IN_SERVICE", "RETIRED"]
    gone = "select count(*) from captain_term join member on member.id = member_id where left_on"
    assert await demo.fetchval(f"{gone} is not null") > 0
    assert await demo.fetchval(f"{gone} < coalesce(until, 'infinity')") == 0


async def test_companies(demo: asyncpg.Connection) -> None:
    """Valid codes; three years' assessments with every class; in 安溪 a branch each, below the industry's committee."""
    companies = await demo.fetch("select * from property_company")
    assert all(uscc.is_valid(company["credit_code"]) for company in companies)
    assert len({company["credit_code"] for company in companies}) == len(companies)
    years = await demo.fetch("select company_id, array_agg(year order by year) from company_assessment group by 1")
    last = (await demo.fetchval("select current_date")).year - 1
    assert {tuple(row[1]) for row in years} == {(last - 2, last - 1, last)}
    classes = "select distinct supervision::text from company_assessment where starts_with(unit_path, $1) order by 1"
    assert [row[0] for row in await demo.fetch(classes, ANXI)] == ["CLOSE", "LIGHT", "REGULAR"]
    own = [company for company in companies if company["unit_path"] == ANXI and company["closed_on"] is None]
    branches = await demo.fetch(
        "select above.tier::text, above.unit_path, exists (select from post where organization_id = own.id "
        "and kind = 'SECRETARY' and until is null) from party_organization own join party_organization above "
        "on above.id = own.parent_id where own.id = any($1) and own.tier = 'COMPANY'",
        [company["organization_id"] for company in own],
    )
    assert [tuple(branch) for branch in branches] == [("SECTOR", ANXI, True)] * 12
    changes = "select count(*) from management_contract was join management_contract now using (compound_id) where "
    where = (
        "was.company_id <> now.company_id and was.until + 1 = now.since and now.until is null and now.unit_path ~ $1"
    )
    assert await demo.fetchval(changes + where, ANXI) > 0


async def test_cross_appointments(demo: asyncpg.Connection) -> None:
    """Both ways in 惠安 and in 安溪: to owners' committees, to companies, to community organizations."""
    for path in (HUIAN, ANXI):
        found = "select count(committee_id) > 0, count(company_id) > 0, count(organization_id) > 0 from post "
        query = found + "where kind = 'CROSS_APPOINTMENT' and starts_with(unit_path, $1)"
        assert await row(demo, query, path) == (True, True, True)


async def test_nobody_could_be_anyone(demo: asyncpg.Connection) -> None:
    """Names of members and companies are numbers; telephone numbers begin with what no one's begins with."""
    members = await demo.fetch("select name, phone, folded, pinyin, grams from member")
    for member in members[::1000]:
        assert tuple(member.values())[2:] == search_keys(member["name"], person=True)
    assert all(re.fullmatch(r"演示党员\d{4}", member["name"]) for member in members)
    assert Counter(member["name"] for member in members).most_common(1)[0][1] == 1
    assert all(re.fullmatch(r"100\d{8}", member["phone"]) for member in members)
    companies = await demo.fetch("select name from property_company")
    assert all(re.fullmatch(r"演示物业\d\d公司", company["name"]) for company in companies)
    compounds = await demo.fetch("select name from compound")
    assert all("演示" in compound["name"] for compound in compounds)


async def test_what_is_over_counts_for_nothing(demo: asyncpg.Connection) -> None:
    """A closed compound, company, branch; withdrawn items: there to be left out."""
    for table, column in (
        ("compound", "closed_on"),
        ("building", "closed_on"),
        ("property_company", "closed_on"),
        ("party_organization", "closed_on"),
        ("service_item", "withdrawn_on"),
    ):
        assert await demo.fetchval(f"select count(*) from {table} where {column} <= current_date") > 0
    running = "select count(*) from management_contract join property_company company on company.id = company_id where "
    assert await demo.fetchval(running + "closed_on is not null and coalesce(until > closed_on, true)") == 0
