"""The yearly file: what was recoded, renamed or moved is found again; what could be a double is never added unasked."""

import asyncio
import csv
import gzip
import io

import asyncpg
import pytest
from sqlalchemy import select

from services.organization.commands import recode
from services.organization.loading.comparison import Change
from services.organization.loading.divisions import DivisionsError, Problem
from services.organization.loading.loading import Loaded, load
from services.organization.loading.pairing import By
from services.organization.tables import units
from services.storage.database import connected
from services.storage.transaction import Transaction
from tests.conftest import Database
from tests.organization.loading.test_divisions import QUANZHOU, file

COUNTY, NEW = "350521", "350506"
TOWNS = [
    "350000000000,福建省,province,",
    "350500000000,泉州市,city,350000000000",
    "350521000000,惠安县,county,350500000000",
    "350521100000,螺城镇,town,350521000000",
    "350521100001,中新社区,village,350521100000",
    "350521100002,霞园社区,village,350521100000",
    "350521101000,螺阳镇,town,350521000000",
    "350521101001,尾透村,village,350521101000",
    "350521101002,村下村,village,350521101000",
]


async def put(connection: asyncpg.Connection, rows: list[str], told: list[str] | None = None, **more: bool) -> Loaded:
    """Load rows, with a mapping of these lines."""
    mapping = None if told is None else io.BytesIO("\n".join(["old,new", *told, ""]).encode())
    return await load(connection, file(*rows), None, lambda _done, _total: None, mapping=mapping, **more)


async def refused(connection: asyncpg.Connection, rows: list[str], told: list[str] | None = None) -> list[Problem]:
    """What a file is refused for; nothing was written."""
    before = await codes(connection)
    with pytest.raises(DivisionsError) as error:
        await put(connection, rows, told)
    assert await codes(connection) == before
    return error.value.problems


async def codes(connection: asyncpg.Connection) -> dict[str, tuple[str, str]]:
    """Id -> path and name."""
    found = await connection.fetch("SELECT id, path, name FROM org_unit")
    return {str(row["id"]): (row["path"], row["name"]) for row in found}


async def path(connection: asyncpg.Connection, name: str) -> str:
    """Where the unit of a name is."""
    found: str = await connection.fetchval("SELECT path FROM org_unit WHERE name = $1", name)
    return found


async def grid(connection: asyncpg.Connection, community: str) -> None:
    """A grid in a community."""
    await connection.execute(
        "INSERT INTO org_unit (id, level, code, name, parent_path, folded, pinyin, grams)"
        " SELECT gen_random_uuid(), 'GRID', code || '001', name || '一网格', path, '', '', '{}'"
        " FROM org_unit WHERE code = $1",
        community,
    )


def changed(rows: list[str], *pairs: tuple[str, str]) -> list[str]:
    """Rows with some of their words replaced."""
    for before, after in pairs:
        rows = [row.replace(before, after) for row in rows]
    return rows


def huian(code: str = COUNTY) -> list[str]:
    """The county of the example file, under this code."""
    with gzip.open(QUANZHOU, "rt", encoding="utf-8") as plain:
        found = [row for row in csv.DictReader(plain) if row["code"].startswith(COUNTY)]
    rows = [",".join(row.values()).replace(COUNTY, code) for row in found]
    return [*TOWNS[:2], *rows]


# --- the case ---------------------------------------------------------------------------------------------------------


async def test_a_county_recoded_by_command_is_what_the_yearly_file_says(connection: asyncpg.Connection) -> None:
    """Nothing is new, everything is as it was."""
    rows = huian()
    await put(connection, rows)
    tx = Transaction(connection)
    unit = await tx.row(select(units).where(units.c.code == COUNTY))
    assert unit is not None
    await recode(tx, unit=unit, code=NEW)
    assert await put(connection, huian(NEW)) == Loaded(inserted=0, renamed=0, moved=0, unchanged=len(rows))
    problems = await refused(connection, rows)
    assert "was given up and leads to 350506" in problems[0].reason.en


async def test_the_file_alone_pairs_a_county_that_was_recoded(connection: asyncpg.Connection) -> None:
    """By place and name; ids stay, old codes lead on, grids follow."""
    rows = huian()
    await put(connection, rows)
    await grid(connection, "350521100001")
    before = await codes(connection)
    loaded = await put(connection, huian(NEW))
    assert loaded == Loaded(inserted=0, renamed=0, moved=0, unchanged=2, recoded=len(rows) - 2)
    assert {row.by for row in loaded.changes.those(Change.RECODED)} == {By.PLACE}
    assert await codes(connection) == {id_: (where.replace(COUNTY, NEW), name) for id_, (where, name) in before.items()}
    assert await connection.fetchval("SELECT count(*) FROM org_unit_former_code") == len(rows) - 1
    again = await put(connection, huian(NEW))
    assert again == Loaded(inserted=0, renamed=0, moved=0, unchanged=len(rows))


async def test_a_county_renamed_on_the_day_needs_the_mapping(connection: asyncpg.Connection) -> None:
    """Its units are the same ones, which is told with the line to write; with it, all the others are found."""
    rows = huian()
    await put(connection, rows)
    new = changed(huian(NEW), ("惠安县", "惠安区"))
    problems = await refused(connection, new)
    assert [(each.line, each.column) for each in problems if "map 350521,350506," in each.reason.en] == [(4, "code")]
    loaded = await put(connection, new, ["350521,350506"])
    assert (loaded.inserted, loaded.renamed, loaded.recoded) == (0, 1, len(rows) - 2)
    assert (await path(connection, "惠安区")).endswith("/350506/")


async def test_a_dry_run_says_it_and_does_nothing(connection: asyncpg.Connection) -> None:
    """The same numbers and rows as when it is done."""
    await put(connection, TOWNS)
    before = await codes(connection)
    new = changed(TOWNS, ("350521101", "350521109"), ("中新社区", "新社区"))
    shown = await put(connection, new, dry_run=True)
    assert await codes(connection) == before
    assert shown == Loaded(inserted=0, renamed=1, moved=0, unchanged=5, recoded=3)
    assert await put(connection, new) == shown


# --- towns and communities --------------------------------------------------------------------------------------------


async def test_a_town_merged_into_another(connection: asyncpg.Connection) -> None:
    """Its communities got codes of the other town: refused with the lines of the mapping, which then does it."""
    await put(connection, TOWNS)
    await grid(connection, "350521101001")
    merged = [*TOWNS[:6], "350521100003,尾透村,village,350521100000", "350521100004,村下村,village,350521100000"]
    problems = await refused(connection, merged)
    assert [each.line for each in problems] == [8, 9]
    told = ["350521101001,350521100003", "350521101002,350521100004"]
    assert [told[0] in problems[0].reason.en, told[1] in problems[1].reason.en] == [True, True]
    loaded = await put(connection, merged, told)
    assert loaded == Loaded(inserted=0, renamed=0, moved=2, unchanged=6, recoded=2, gone=1)
    assert await path(connection, "尾透村一网格") == "35/3505/350521/350521100/350521100003/350521100003001/"
    assert [unit.name for unit in loaded.changes.gone] == ["螺阳镇"]


async def test_a_community_that_keeps_its_code_in_another_town(connection: asyncpg.Connection) -> None:
    """By code alone, as ever."""
    await put(connection, TOWNS)
    moved = [*TOWNS[:7], "350521101001,尾透村,village,350521100000", TOWNS[8]]
    assert (await put(connection, moved)).moved == 1
    assert await path(connection, "尾透村") == "35/3505/350521/350521100/350521101001/"


async def test_a_town_goes_below_a_new_county_that_has_more(connection: asyncpg.Connection) -> None:
    """A new unit above, one that is there between, and a new one below: each hangs where the file says."""
    await put(connection, TOWNS)
    new = [
        *TOWNS[:6],
        "350525000000,螺阳区,county,350500000000",
        "350525101000,螺阳镇,town,350525000000",
        "350525101001,尾透村,village,350525101000",
        "350525101002,村下村,village,350525101000",
        "350525101003,新建村,village,350525101000",
    ]
    loaded = await put(connection, new, ["350521101,350525101"])
    assert loaded == Loaded(inserted=2, renamed=0, moved=1, unchanged=6, recoded=3)
    assert await path(connection, "新建村") == "35/3505/350525/350525101/350525101003/"
    assert await path(connection, "尾透村") == "35/3505/350525/350525101/350525101001/"


async def test_a_community_goes_below_a_new_town_of_a_recoded_county(connection: asyncpg.Connection) -> None:
    """The new town's path is not final before the county's is; the community comes from before it."""
    before = ["350520000000,前县,county,350500000000", "350520100000,前镇,town,350520000000"]
    await put(connection, [*TOWNS, *before, "350520100001,前村,village,350520100000"])
    new = [
        *changed(TOWNS, (COUNTY, NEW)),
        *before,
        "350506102000,新镇,town,350506000000",
        "350506102001,前村,village,350506102000",
    ]
    loaded = await put(connection, new, ["350520100001,350506102001"])
    assert (loaded.inserted, loaded.moved, loaded.recoded) == (1, 1, 8)
    assert await path(connection, "前村") == "35/3505/350506/350506102/350506102001/"


async def test_renamed_and_recoded_below_a_recoded_town(connection: asyncpg.Connection) -> None:
    """Its code goes on as before and its name does not: too much like one to be new, too little to be sure."""
    await put(connection, TOWNS)
    new = changed(TOWNS, ("350521101", "350521109"), ("尾透村", "尾厝社区"))
    problems = await refused(connection, new)
    assert [(each.line, "350521101001,350521109001" in each.reason.en) for each in problems] == [(9, True)]
    loaded = await put(connection, new, ["350521101001,350521109001"])
    assert (loaded.inserted, loaded.renamed, loaded.recoded, loaded.gone) == (0, 1, 3, 0)


async def test_two_of_a_name(connection: asyncpg.Connection) -> None:
    """Which is which is not guessed, unless their codes go on as they did; the mapping may say."""
    twins = [*TOWNS, "350521101003,尾透村,village,350521101000"]
    await put(connection, twins)
    unclear = changed(twins, ("350521101001", "350521101007"), ("350521101003", "350521101009"))
    problems = await refused(connection, unclear)
    assert [(each.line, "one of 350521101001、350521101003" in each.reason.en) for each in problems] == [
        (9, True),
        (11, True),
    ]
    loaded = await put(connection, unclear, ["350521101003,350521101007"])
    assert loaded.recoded == 2
    with_codes = changed(unclear, ("350521101", "350521109"))
    assert (await put(connection, with_codes)).recoded == 4


# --- doubles ----------------------------------------------------------------------------------------------------------


async def test_one_beside_another_of_its_name(connection: asyncpg.Connection) -> None:
    """Refused, also written otherwise, unless it is said to be new."""
    await put(connection, TOWNS)
    twice = [*TOWNS, "350521101003,尾 透村,village,350521101000"]
    assert [each.line for each in await refused(connection, twice)] == [11]
    assert (await put(connection, twice, [",350521101003"])).inserted == 1
    more = [*twice, "350521101004,尾透村,village,350521101000"]
    assert (await put(connection, more, doubles=True)).inserted == 1


async def test_a_file_that_writes_all_names_otherwise(connection: asyncpg.Connection) -> None:
    """As many new as are gone: they are the same ones, whatever they are called."""
    villages = [f"350521100{n:03},某村{n}村委会,village,350521100000" for n in range(10, 40)]
    await put(connection, [*TOWNS[:4], *villages])
    others = [f"350521100{n + 500},某庄{n},village,350521100000" for n in range(10, 40)]
    problems = await refused(connection, [*TOWNS[:4], *others])
    assert [(each.line, "30 new, and 30" in each.reason.en) for each in problems] == [(None, True)]
    assert (await put(connection, [*TOWNS[:4], *others], doubles=True)).inserted == 30


async def test_a_county_beside_others_is_no_double(connection: asyncpg.Connection) -> None:
    """Its towns may be called as the neighbours' are."""
    await put(connection, TOWNS)
    beside = changed([*TOWNS[2:5], *TOWNS[6:7]], (COUNTY, "350524"), ("惠安县", "安溪县"), ("螺阳镇", "城厢镇"))
    assert (await put(connection, beside)).inserted == 4


COUNTED_ANEW = [*TOWNS[:4], "350521100001,霞园社区,village,350521100000", *TOWNS[6:]]


async def test_codes_counted_anew_rename_nobody(connection: asyncpg.Connection) -> None:
    """One was closed and its neighbour has its code, or two have each other's names: which it was must be said."""
    await put(connection, TOWNS)
    found = await refused(connection, COUNTED_ANEW)
    assert [(each.line, each.column) for each in found] == [(6, "name")]
    assert "350521100002,350521100001" in found[0].reason.zh
    assert "350521100001,350521100001" in found[0].reason.en
    swapped = changed(TOWNS, ("中新", "甲"), ("霞园", "中新"), ("甲", "霞园"))
    assert [each.line for each in await refused(connection, swapped)] == [6, 7]


async def test_what_it_was_can_be_said(connection: asyncpg.Connection) -> None:
    """Renamed, each keeps its code and has the other's name; a code handed on waits for what becomes of its unit."""
    await put(connection, TOWNS)
    (told,) = await refused(connection, COUNTED_ANEW, ["350521100002,350521100001"])
    assert "mergeUnits" in told.reason.en
    assert (await put(connection, COUNTED_ANEW, ["350521100001,350521100001"])).renamed == 1
    assert await connection.fetchval("SELECT name FROM org_unit WHERE code = '350521100001'") == "霞园社区"


async def test_two_that_have_each_others_names_by_now(connection: asyncpg.Connection) -> None:
    """To say it of one is enough."""
    await put(connection, TOWNS)
    swapped = changed(TOWNS, ("中新", "甲"), ("霞园", "中新"), ("甲", "霞园"))
    assert (await put(connection, swapped, ["350521100002,350521100002"])).renamed == 2


async def test_a_name_that_is_free_elsewhere(connection: asyncpg.Connection) -> None:
    """The name of a unit in another town is nobody's here."""
    await put(connection, TOWNS)
    assert (await put(connection, changed(TOWNS, ("中新社区", "尾透村")))).renamed == 1


# --- the mapping ------------------------------------------------------------------------------------------------------


async def test_two_that_change_places(connection: asyncpg.Connection) -> None:
    """Each gets the other's code, with its grids; no code is a former one."""
    await put(connection, TOWNS)
    for community in ("350521100001", "350521100002"):
        await grid(connection, community)
    swapped = changed(TOWNS, ("中新", "甲"), ("霞园", "中新"), ("甲", "霞园"))
    loaded = await put(connection, swapped, ["350521100001,350521100002", "350521100002,350521100001"])
    assert loaded == Loaded(inserted=0, renamed=0, moved=0, unchanged=7, recoded=2)
    assert (await path(connection, "中新社区")).endswith("/350521100002/")
    assert (await path(connection, "中新社区一网格")).endswith("/350521100002/350521100002001/")
    assert (await path(connection, "霞园社区一网格")).endswith("/350521100001/350521100001001/")
    assert await connection.fetchval("SELECT count(*) FROM org_unit_former_code") == 0


async def test_a_code_is_handed_on(connection: asyncpg.Connection) -> None:
    """One takes the code of another, which takes a new one, and a new unit the first one's."""
    await put(connection, TOWNS)
    rows = [
        *TOWNS[:4],
        "350521100001,新建社区,village,350521100000",
        "350521100002,中新社区,village,350521100000",
        "350521100003,霞园社区,village,350521100000",
        *TOWNS[6:],
    ]
    told = ["350521100001,350521100002", "350521100002,350521100003"]
    loaded = await put(connection, rows, told)
    assert (loaded.inserted, loaded.renamed, loaded.recoded) == (1, 0, 2)
    names = [(await path(connection, name))[-4:-1] for name in ("新建社区", "中新社区", "霞园社区")]
    assert names == ["001", "002", "003"]


WRONG = {
    "unknown old": (["350521109,350521100"], 2, "old", "the tree has no"),
    "unknown new": (["350521100,350521109"], 2, "new", "not among the rows"),
    "old twice": (["350521100,350521100", "350521100,350521101"], 3, "old", "repeats line 2"),
    "new twice": (["350521100,350521100", "350521101,350521100"], 3, "new", "repeats line 2"),
    "another unit": (["350521100,350521101"], 2, "new", "mergeUnits"),
    "no code": (["惠安,350521"], 2, "old", "not a code"),
    "nothing": ([","], 2, "new", "not a code"),
    "another level": (["350521100002,350521101", "350521101,350521100002"], 8, "level", "is a COMMUNITY"),
    "columns": (["350521"], 2, None, "2 columns"),
}


@pytest.mark.parametrize(("told", "line", "column", "reason"), WRONG.values(), ids=WRONG.keys())
async def test_a_mapping_that_cannot_be(
    connection: asyncpg.Connection, told: list[str], line: int, column: str | None, reason: str
) -> None:
    """Every problem with the file and the line it is in."""
    await put(connection, TOWNS)
    found = [each for each in await refused(connection, TOWNS, told) if (each.line, each.column) == (line, column)]
    assert [reason in each.reason.en for each in found] == [True]
    assert [each.place().startswith("mapping line") for each in found] == [column != "level"]


@pytest.mark.parametrize(
    ("content", "line"),
    [(b"", 1), (b"new,old\n", 1), ("old,new\n惠安,350521\n".encode("gbk"), 2), (b'old,new\n"3505', 2)],
)
async def test_a_mapping_that_is_no_such_file(connection: asyncpg.Connection, content: bytes, line: int) -> None:
    """Another header, another encoding, broken CSV."""
    with pytest.raises(DivisionsError) as error:
        await load(connection, file(*TOWNS), None, lambda _done, _total: None, mapping=io.BytesIO(content))
    assert [(each.source, each.line) for each in error.value.problems] == [("mapping", line)]
    assert await codes(connection) == {}


async def test_old_may_be_a_code_given_up(connection: asyncpg.Connection) -> None:
    """It leads to its unit in the mapping as well, also back to that code."""
    await put(connection, TOWNS)
    moved = changed(TOWNS, ("350521101", "350521109"))
    await put(connection, moved)
    assert (await put(connection, moved, ["350521101,350521109"])).unchanged == len(TOWNS)
    told = [f"350521109{rest},350521101{rest}" for rest in ("", "001", "002")]
    assert (await put(connection, TOWNS, told)).recoded == 3


# --- beside others ----------------------------------------------------------------------------------------------------


async def test_two_imports_at_once(database: Database, connection: asyncpg.Connection) -> None:
    """The second waits and finds everything as the file has it."""
    await put(connection, TOWNS)
    new = changed(TOWNS, ("350521101", "350521109"))
    async with connected(database.url) as other:
        both = await asyncio.gather(put(connection, new), put(other, new))
    assert sorted(each.recoded for each in both) == [0, 3]
    assert len(await codes(connection)) == len(TOWNS)


async def test_a_grid_s_code_that_is_another_s(connection: asyncpg.Connection) -> None:
    """Told by the line of the row it would follow."""
    await put(connection, TOWNS)
    await grid(connection, "350521100001")
    await connection.execute(
        "UPDATE org_unit SET code = '350521100009001' WHERE code = '350521100001001';"
        "INSERT INTO org_unit (id, level, code, name, parent_path, folded, pinyin, grams)"
        " SELECT gen_random_uuid(), 'GRID', '350521100001001', '二网格', path, '', '', '{}'"
        " FROM org_unit WHERE code = '350521100001'"
    )
    problems = await refused(connection, changed(TOWNS, ("350521100001", "350521100009")))
    assert [(each.line, "350521100009001" in each.reason.en) for each in problems] == [(6, True)]
