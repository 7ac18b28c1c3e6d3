"""The demo: the same structure every time, tiers that fit together, only into an empty database.

What the counties' reports say of it is in test_demo_figures.py, by SQL, and in test_figures.py, asked of the service.
"""

import gzip
from collections import Counter
from collections.abc import AsyncIterator

import asyncpg
import pytest

from services.declared import METADATA
from services.demo import NotEmptyError, is_empty
from services.demo.filling import COUNTIES, FILE, fill
from services.demo.territory import everyday
from services.names import search_keys
from services.storage.database import connected
from services.storage.tables import VIEW
from tests.conftest import Database, Server
from tests.demo.conftest import LEAP_DAY, NEW_YEARS_EVE, Filled, filled_anew

pytestmark = pytest.mark.xdist_group("demo")
# The same on every machine; whoever changes the demo on purpose changes them here.
UNITS = {"CITY": 1, "COUNTY": 12, "TOWN": 174, "COMMUNITY": 2572, "GRID": 3076, "OUTLET": 6195}
TIERS = {"COUNTY": 3, "TOWN": 66, "VILLAGE": 1028, "GRID": 3076, "HOUSEHOLD": 6195}
LINE = {"COMPOUND": 83, "COMPANY": 21, "SECTOR": 1}
HUIAN_GRIDS = 910


FILLED = (
    *("org_unit", "party_organization", "member", "property_company", "compound", "building", "management_contract"),
    *("owners_committee", "branch_coverage", "company_assessment", "captain_term", "post", "service_item"),
    *("service_adjustment", "instructor_visit", "resident_report", "chair_theme", "chair_evaluation"),
    *("compound_phase", "compound_sharing", "grid_term", "household", "household_contact", "home_visit"),
    *("duty_item", "duty_need", "duty_term", "member_profile"),
    *("help_team", "help_team_member", "help_request"),
    *("facility", "centre", "operation_term", "compound_position"),
    *("residents_team", "activity", "activity_sign_up", "activity_attendance"),
    *("point_rule", "point_claim", "point_entry"),
    *("project", "project_phase", "project_payment", "project_contribution"),
    *("fund", "fund_award", "fund_entry", "dispute"),
)


async def counts(connection: asyncpg.Connection, query: str) -> dict[str, int]:
    return {row[0]: row[1] for row in await connection.fetch(query)}


async def structure(connection: asyncpg.Connection) -> dict[str, Counter[tuple[object, ...]]]:
    """Everything, with the names of rows in place of their ids, also in lists, in whatever order it lies."""
    tables = [table for table in METADATA.sorted_tables if VIEW not in table.info]
    rows = {table.name: await connection.fetch(f"select * from {table.name}") for table in tables}
    names = {
        row["id"]: f"{name} {row.get('unit_path')} {row.get('name')}"
        for name, found in rows.items()
        for row in found
        if "id" in row
    }

    def named(value: object) -> object:
        if isinstance(value, list):
            return tuple(sorted(map(str, map(named, value))))
        return names.get(value, value)

    return {
        name: Counter(tuple(map(named, row)) for row in found)
        for name, found in rows.items()
        if name != "service_secret"
    }


@pytest.fixture
async def loaded(demo_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the demo, to look at it."""
    async with connected(demo_url) as connection:
        yield connection


async def test_counts(loaded: asyncpg.Connection, database: Database) -> None:
    async with connected(database.url) as connection:
        assert await is_empty(connection)
    assert not await is_empty(loaded)
    assert await counts(loaded, "select level::text, count(*) from org_unit group by 1") == UNITS
    assert await counts(loaded, "select tier::text, count(*) from party_organization group by 1") == TIERS | LINE
    with gzip.open(FILE, "rt", encoding="utf-8") as file:
        assert sum(1 for _ in file) - 1 == sum(UNITS[level] for level in ("CITY", "COUNTY", "TOWN", "COMMUNITY"))
    grids = "select count(*) from org_unit where level = 'GRID' and starts_with(path, '3505/350521/')"
    assert await loaded.fetchval(grids) == HUIAN_GRIDS


async def test_grids_and_outlets(loaded: asyncpg.Connection) -> None:
    """Numbered from 1 below each parent: two to four grids, one to three outlets, only in the three counties."""
    below: dict[str, list[tuple[str, str]]] = {}
    query = "select parent_path, code, name, level::text from org_unit where level in ('GRID', 'OUTLET') order by path"
    for parent_path, code, name, level in await loaded.fetch(query):
        assert parent_path.split("/")[1] in COUNTIES
        below.setdefault(f"{level} {parent_path}", []).append((code, name))
    sizes: dict[str, Counter[int]] = {"GRID": Counter(), "OUTLET": Counter()}
    for key, children in below.items():
        level, parent_path = key.split()
        noun = {"GRID": "网格", "OUTLET": "网点"}[level]
        above = parent_path.split("/")[-2]
        expected = [(f"{above}{n:03}", f"第{'零一二三四'[n]}{noun}") for n in range(1, len(children) + 1)]
        assert children == expected
        sizes[level][len(children)] += 1
    assert set(sizes["GRID"]) == {2, 3, 4}
    assert set(sizes["OUTLET"]) == {1, 2, 3}
    assert sizes["GRID"].total() == TIERS["VILLAGE"]
    assert sizes["OUTLET"].total() == UNITS["GRID"]


async def test_tiers_fit_together(loaded: asyncpg.Connection) -> None:
    """Each is in a unit of its level, below that of the unit above, from county to household."""
    wrong = await loaded.fetchval(
        "select count(*) from party_organization own join org_unit unit on unit.path = own.unit_path "
        "left join party_organization above on above.id = own.parent_id "
        "where (own.tier::text, unit.level::text, above.tier::text, above.unit_path) is distinct from "
        "(own.tier::text, case own.tier when 'VILLAGE' then 'COMMUNITY' when 'HOUSEHOLD' then 'OUTLET' "
        "else own.tier::text end, case own.tier when 'TOWN' then 'COUNTY' when 'VILLAGE' then 'TOWN' "
        "when 'GRID' then 'VILLAGE' when 'HOUSEHOLD' then 'GRID' end, "
        "case when own.tier <> 'COUNTY' then unit.parent_path end) "
        "and own.tier in ('COUNTY', 'TOWN', 'VILLAGE', 'GRID', 'HOUSEHOLD')"
    )
    assert wrong == 0


async def test_kinds_and_names(loaded: asyncpg.Connection) -> None:
    query = "select own.*, above.kind as above from party_organization own left join party_organization above "
    rows = await loaded.fetch(query + "on above.id = own.parent_id order by own.unit_path")
    tiers = [row for row in rows if row["tier"] in TIERS]
    assert {(row["tier"], row["above"], row["kind"]) for row in rows if row["tier"] in {"COMPANY", "SECTOR"}} == {
        ("SECTOR", None, "COMMITTEE"),
        ("COMPANY", "COMMITTEE", "BRANCH"),
        ("COMPANY", None, "BRANCH"),
    }
    assert {row["kind"] for row in rows if row["tier"] == "COMPOUND"} == {"BRANCH", "JOINT_BRANCH", "CONCURRENT_BRANCH"}
    assert {(row["above"], row["kind"]) for row in tiers} == {
        (None, "COMMITTEE"),
        ("COMMITTEE", "COMMITTEE"),
        ("COMMITTEE", "GENERAL_BRANCH"),
        ("COMMITTEE", "BRANCH"),
        ("GENERAL_BRANCH", "BRANCH"),
        ("BRANCH", "GROUP"),
        ("BRANCH", "HOUSEHOLD"),
        ("GROUP", "HOUSEHOLD"),
    }
    endings = {
        "COMMITTEE": "党委",
        "GENERAL_BRANCH": "党总支",
        "BRANCH": "党支部",
        "GROUP": "党小组",
        "HOUSEHOLD": "党员中心户",
        "JOINT_BRANCH": "联合党支部",
        "CONCURRENT_BRANCH": "兼合式党支部",
    }
    assert all(row["name"].endswith(endings[row["kind"]]) for row in rows)
    assert not [row["name"] for row in rows if "委会" in row["name"]]
    assert "锦丰村第一网格第一网点党员中心户" in {row["name"] for row in rows}
    fields = {(row["tier"], row["field"]) for row in rows if row["field"]}
    assert fields == {
        *(("VILLAGE", "RURAL"), ("VILLAGE", "COMMUNITY"), ("COMPOUND", "COMPOUND"), ("COMPANY", "ENTERPRISE")),
        *(("GRID", "GRID"), ("GRID", "STREET"), ("GRID", "BUILDING"), ("SECTOR", "ENTERPRISE")),
    }
    for row in rows[:200]:
        assert (row["folded"], row["pinyin"], row["grams"]) == search_keys(row["name"])


@pytest.mark.parametrize(
    ("official", "usual"),
    [
        ("锦丰村委会", "锦丰村"),
        ("花石社区居委会", "花石社区"),
        ("城关居委会", "城关社区"),
        ("竹园林场生活区", "竹园林场生活区"),
    ],
)
def test_everyday_names(official: str, usual: str) -> None:
    assert everyday(official) == usual


async def test_the_same_every_time(filled: Filled, postgres: Server) -> None:
    """In another database: of what was once on record nothing is emptied. And searching finds it at once."""
    async with connected(filled(NEW_YEARS_EVE)) as connection:
        first, ids = await structure(connection), await connection.fetchval("select array_agg(id) from org_unit")
    assert not [name for name in FILLED if not first[name]]
    async with connected(await filled_anew(postgres, NEW_YEARS_EVE)) as other:
        await nothing_is_left_in_the_lists(other)
        second = await structure(other)
        assert not {*ids} & {*await other.fetchval("select array_agg(id) from org_unit")}
    for name, rows in first.items():
        assert second[name] == rows, name


async def nothing_is_left_in_the_lists(connection: asyncpg.Connection) -> None:
    """Which every search would have to read."""
    cleaned = "select gin_clean_pending_list(indexrelid) from pg_index join pg_class on pg_class.oid = indexrelid "
    rows = await connection.fetch(cleaned + "where indrelid = any($1::text[]::regclass[]) and relam = 2742", [*FILLED])
    assert len(rows) == 12
    assert {row[0] for row in rows} == {0}


async def test_code_lengths_are_a_local_matter(filled: Filled) -> None:
    lengths = "select level::text || length(code), count(*) from org_unit where level in ('GRID', 'OUTLET') group by 1"
    async with connected(filled(LEAP_DAY)) as connection:
        assert await counts(connection, lengths) == {"GRID17": UNITS["GRID"], "OUTLET19": UNITS["OUTLET"]}


async def test_only_into_an_empty_database(connection: asyncpg.Connection) -> None:
    await connection.execute(
        "insert into org_unit (id, level, code, name, folded, pinyin, grams) "
        "values (gen_random_uuid(), 'PROVINCE', '36', '江西省', '', '', '{}')"
    )
    with pytest.raises(NotEmptyError):
        await fill(connection)
    assert await connection.fetchval("select count(*) from org_unit") == 1
