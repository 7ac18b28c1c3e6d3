"""Loading divisions files: what is written, what `at` means, every kind of bad file, and all or nothing."""

import asyncio
import csv
import gzip
import io
from collections import Counter
from collections.abc import AsyncIterator
from itertools import product

import asyncpg
import pytest

from services.errors import Rejected
from services.names import proper, search_keys
from services.organization.loading.divisions import SHOWN, WORDS, DivisionsError, Problem, read
from services.organization.loading.loading import Loaded, load
from services.storage.database import connected
from tests.conftest import MIGRATED, PROJECT, Server

QUANZHOU = PROJECT / "data" / "quanzhou.csv.gz"
HEADER = "code,name,level,parent_code"
SMALL = [
    "350000000000,福建省,province,",
    "350500000000,泉州市,city,350000000000",
    "350521000000,惠安县,county,350500000000",
    "350521100000,螺城镇,town,350521000000",
    "350521100001,中新社区居委会,village,350521100000",
    "350524000000,安溪县,county,350500000000",
]


@pytest.fixture(scope="module")
def shared(postgres: Server) -> str:
    """A database without rows, for files that are refused."""
    return postgres.at(asyncio.run(postgres.copy(MIGRATED)))


@pytest.fixture
async def empty(shared: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to it; it stays empty."""
    async with connected(shared) as opened:
        yield opened
        assert await tree(opened) == {}


def file(*rows: str, header: str = HEADER) -> io.BytesIO:
    return io.BytesIO("\n".join([header, *rows, ""]).encode())


async def put(connection: asyncpg.Connection, source: io.BytesIO, at: str | None = None) -> Loaded:
    return await load(connection, source, at, lambda _done, _total: None)


async def tree(connection: asyncpg.Connection) -> dict[str, str]:
    """Path -> name."""
    return {row["path"]: row["name"] for row in await connection.fetch("select path, name from org_unit")}


async def problems(connection: asyncpg.Connection, source: io.BytesIO, at: str | None = None) -> list[Problem]:
    """What is wrong with a file that must be refused; nothing of it may have been written."""
    before = await tree(connection)
    with pytest.raises(DivisionsError) as refused:
        await put(connection, source, at)
    assert await tree(connection) == before
    return refused.value.problems


# What is written


async def test_quanzhou_has_what_the_file_says(connection: asyncpg.Connection) -> None:
    with gzip.open(QUANZHOU, "rt", encoding="utf-8") as plain:
        rows = list(csv.DictReader(plain))
    steps: list[tuple[int, int]] = []
    with QUANZHOU.open("rb") as source:
        loaded = await load(connection, source, "3505", lambda done, total: steps.append((done, total)))
    assert loaded == Loaded(inserted=len(rows), renamed=0, moved=0, unchanged=0)
    assert (steps[0], steps[-1]) == ((0, len(rows)), (len(rows), len(rows)))
    written = await connection.fetch("select * from org_unit order by rpad(code, 12, '0')")
    assert Counter(row["level"] for row in written) == Counter(WORDS[row["level"]] for row in rows)
    assert [row["name"] for row in written] == [row["name"] for row in rows]
    assert [row["code"].ljust(12, "0") for row in written] == [row["code"] for row in rows]
    parents = {row["code"]: row["parent_path"] for row in written}
    assert parents.pop("3505") is None
    assert all(path.endswith(f"{code[: len(path.split('/')[-2])]}/") for code, path in parents.items())
    for row in written:
        assert (row["folded"], row["pinyin"], row["grams"]) == search_keys(row["name"])


async def test_ids_are_random_version_4(connection: asyncpg.Connection) -> None:
    await put(connection, file(*SMALL))
    ids = [row["id"] for row in await connection.fetch("select id from org_unit")]
    assert {(each.version, each.variant) for each in ids} == {(4, "specified in RFC 4122")}
    assert len({each.bytes[:8] for each in ids}) == len(SMALL)


async def test_a_town_straight_below_its_city(connection: asyncpg.Connection) -> None:
    rows = ["440000000000,广东省,province,", "441900000000,东莞市,city,440000000000"]
    rows += ["441900003000,东城街道,town,441900000000", "441900003001,岗贝社区居委会,village,441900003000"]
    await put(connection, file(*rows))
    assert "44/4419/441900003/441900003001/" in await tree(connection)
    assert await connection.fetchval("select level::text from org_unit where code = '441900003'") == "TOWN"


@pytest.mark.parametrize("rows", [SMALL[::-1], [*SMALL[3:], *SMALL[:3]]])
async def test_rows_in_any_order(connection: asyncpg.Connection, rows: list[str]) -> None:
    await put(connection, file(*rows))
    assert (await tree(connection))["35/3505/350521/350521100/350521100001/"] == "中新社区居委会"
    assert len(await tree(connection)) == len(SMALL)


async def test_short_codes_mean_the_same(connection: asyncpg.Connection) -> None:
    short = [
        "35,福建省,province,",
        "3505,泉州市,city,35",
        "350521,惠安县,county,350500",
        "350521100,螺城镇,town,350521",
    ]
    await put(connection, file(*short))
    assert (await put(connection, file(*SMALL[:4]))).unchanged == 4


async def test_plain_and_gzip(connection: asyncpg.Connection) -> None:
    """With any mark before it and any line's end, packed or not: what was read before, and no problem."""
    await put(connection, file(*SMALL))
    for packed, mark, ending in product((False, True), (b"", b"\xef\xbb\xbf"), (b"\n", b"\r\n")):
        content = mark + file(*SMALL).getvalue().replace(b"\n", ending)
        loaded = await put(connection, io.BytesIO(gzip.compress(content) if packed else content))
        assert loaded == Loaded(inserted=0, renamed=0, moved=0, unchanged=len(SMALL)), (packed, mark, ending)


async def test_names_outside_the_basic_plane_and_private_use(connection: asyncpg.Connection) -> None:
    await put(connection, file("350000000000,𡌶\ue08b（１）,province,"))
    assert await tree(connection) == {"35/": "𡌶\ue08b（１）"}


# Over an existing tree


async def test_again_changes_nothing(connection: asyncpg.Connection) -> None:
    await put(connection, file(*SMALL))
    before = await connection.fetch("select * from org_unit order by path")
    assert await put(connection, file(*SMALL)) == Loaded(inserted=0, renamed=0, moved=0, unchanged=len(SMALL))
    assert await connection.fetch("select * from org_unit order by path") == before


async def test_renames_and_keeps_the_id(connection: asyncpg.Connection) -> None:
    await put(connection, file(*SMALL))
    query = "select id, name, folded, pinyin, grams from org_unit where code = '350521'"
    before = await connection.fetchrow(query)
    renamed = [row.replace("惠安县", "惠安市") for row in SMALL]
    assert await put(connection, file(*renamed)) == Loaded(inserted=0, renamed=1, moved=0, unchanged=len(SMALL) - 1)
    after = await connection.fetchrow(query)
    assert before is not None
    assert after is not None
    assert (after["id"], after["name"]) == (before["id"], "惠安市")
    assert (after["folded"], after["pinyin"], after["grams"]) == search_keys("惠安市")


async def test_a_root_goes_below_its_province_with_everything_in_it(connection: asyncpg.Connection) -> None:
    await put(connection, file(*SMALL[1:]), "3505")
    grid = "350521100001001"
    add = (
        "insert into org_unit (id, level, code, name, parent_path, folded, pinyin, grams) "
        "values (gen_random_uuid(), 'GRID', $1, '第一网格', '3505/350521/350521100/350521100001/', '', '', '{}')"
    )
    await connection.execute(add, grid)
    ids = {row["code"]: row["id"] for row in await connection.fetch("select code, id from org_unit")}
    new = ["350503000000,丰泽区,county,350500000000", "350521100002,新街社区,village,350521100000"]
    loaded = await put(connection, file(*SMALL, *new))
    assert loaded == Loaded(inserted=3, renamed=0, moved=1, unchanged=4)
    assert all(path.startswith("35/") for path in await tree(connection))
    assert {"35/3505/350503/", "35/3505/350521/350521100/350521100002/"} <= (await tree(connection)).keys()
    assert f"35/3505/350521/350521100/350521100001/{grid}/" in await tree(connection)
    kept = {row["code"]: row["id"] for row in await connection.fetch("select code, id from org_unit")}
    assert ids.items() <= kept.items()


async def test_moves_within_moves_and_renames(connection: asyncpg.Connection) -> None:
    await put(connection, file(*SMALL))
    moved = ["340000000000,安徽省,province,", *SMALL[:1], SMALL[1].replace("350000000000", "340000000000"), SMALL[2]]
    moved += [SMALL[3].replace("350521000000", "350524000000").replace("螺城镇", "新城镇"), *SMALL[4:]]
    loaded = await put(connection, file(*moved))
    assert loaded == Loaded(inserted=1, renamed=1, moved=2, unchanged=4)
    assert (await tree(connection))["34/3505/350524/350521100/"] == "新城镇"
    assert "34/3505/350524/350521100/350521100001/" in await tree(connection)


async def test_units_that_the_file_does_not_name_stay(connection: asyncpg.Connection) -> None:
    await put(connection, file(*SMALL))
    await put(connection, file(*SMALL[:3]))
    assert len(await tree(connection)) == len(SMALL)


# What `at` means


@pytest.mark.parametrize("at", ["350521", "350521000000"])
async def test_at_in_the_file_loads_that_row_and_all_below(connection: asyncpg.Connection, at: str) -> None:
    await put(connection, file(*SMALL), at)
    assert set(await tree(connection)) == {"350521/", "350521/350521100/", "350521/350521100/350521100001/"}


async def test_at_leaves_out_its_siblings_even_if_their_parent_is_nowhere(connection: asyncpg.Connection) -> None:
    await put(connection, file(*SMALL[2:]), "350521")
    assert "350524/" not in await tree(connection)


async def test_at_in_the_file_below_its_parent_in_the_tree(connection: asyncpg.Connection) -> None:
    await put(connection, file(*SMALL[:2]))
    await put(connection, file(*SMALL[2:]), "350521")
    assert "35/3505/350521/350521100/350521100001/" in await tree(connection)
    assert "35/3505/350524/" not in await tree(connection)


async def test_at_in_the_tree_takes_the_top_rows_as_children(connection: asyncpg.Connection) -> None:
    await put(connection, file(*SMALL[:2]))
    await put(connection, file(*SMALL[2:]), "3505")
    assert {"35/3505/350521/", "35/3505/350524/"} <= (await tree(connection)).keys()


async def test_at_in_the_tree_refuses_rows_elsewhere(connection: asyncpg.Connection) -> None:
    await put(connection, file(*SMALL[:2], SMALL[5]))
    rows = [*SMALL[2:5], "350524100000,凤城镇,town,350524000000", "360000000000,江西省,province,"]
    found = await problems(connection, file(*rows), "3505")
    assert [(each.line, each.column) for each in found] == [(5, "parent_code"), (6, "parent_code")]


@pytest.mark.parametrize("at", ["36", "350521999999", "", "三五", "3505; drop table org_unit", "350521100001001"])
async def test_at_unknown(empty: asyncpg.Connection, at: str) -> None:
    found = await problems(empty, file(*SMALL), at)
    assert [(each.line, repr(at) in each.reason.en) for each in found] == [(None, True)]


async def test_without_at_tops_may_hang_in_the_tree(connection: asyncpg.Connection) -> None:
    await put(connection, file(*SMALL[:2]))
    await put(connection, file(*SMALL[2:], "360000000000,江西省,province,"))
    assert {"35/3505/350524/", "36/"} <= (await tree(connection)).keys()


@pytest.mark.parametrize(("at", "rows"), [("350521", 321), ("350521100", 15)])
async def test_a_part_of_a_file_that_begins_further_up(connection: asyncpg.Connection, at: str, rows: int) -> None:
    """Whose first row hangs nowhere: what lies above the part is none of its business, into nothing or the whole."""
    loaded = await put(connection, io.BytesIO(QUANZHOU.read_bytes()), at)
    assert loaded.inserted == rows
    assert await connection.fetchval("SELECT code FROM org_unit WHERE parent_path IS NULL") == at
    await connection.execute("DELETE FROM org_unit")
    await put(connection, io.BytesIO(QUANZHOU.read_bytes()), "3505")
    assert (await put(connection, io.BytesIO(QUANZHOU.read_bytes()), at)).unchanged == rows


async def test_a_whole_file_that_hangs_nowhere_says_from_where_it_could_be_loaded(empty: asyncpg.Connection) -> None:
    found = await problems(empty, io.BytesIO(QUANZHOU.read_bytes()))
    assert "--at 3505" in found[0].reason.en


async def test_a_stray_parent_is_reported_although_only_a_part_is_loaded(empty: asyncpg.Connection) -> None:
    found = await problems(empty, file(*SMALL, "350521101001,某村,village,350521101000"), "350521")
    assert [(each.line, each.column) for each in found] == [(8, "parent_code")]


# Bad files

BAD_ROWS = {
    "unknown parent": ("350521101001,某村,village,350521101000", "parent_code", "unknown parent"),
    "parent is no code": ("350521101000,某镇,town,abc", "parent_code", "is not a code"),
    "parent of the same level": ("350522000000,某县,county,350521000000", "parent_code", "higher level"),
    "parent of a lower level": ("350522000000,某县,county,350521100000", "parent_code", "higher level"),
    "its own parent": ("350522000000,某县,county,350522000000", "parent_code", "higher level"),
    "duplicate": ("350521000000,惠安县,county,350500000000", "code", "repeats line 4"),
    "duplicate in short": ("350521,惠安县,county,350500000000", "code", "repeats line 4"),
    "unknown level": ("350522000000,某县,district,350500000000", "level", "unknown level"),
    "level in capitals": ("350522000000,某县,County,350500000000", "level", "unknown level"),
    "no level": ("350522000000,某县,,350500000000", "level", "unknown level"),
    "code of another level": ("350521101000,某镇,village,350521000000", "level", "not the code of a village"),
    "level of another code": ("350521100009,某镇,town,350521000000", "level", "not the code of a town"),
    "code with letters": ("35052210000x,某县,county,350500000000", "code", "is not a code"),
    "full-width code": ("３５０５２２,某县,county,350500000000", "code", "is not a code"),
    "code with a space": ("350522 ,某县,county,350500000000", "code", "is not a code"),
    "code of 5 digits": ("35052,某县,county,350500000000", "code", "is not a code"),
    "no code": (",某县,county,350500000000", "code", "is not a code"),
    "code of zeros": ("000000000000,某省,province,", "code", "is not a code"),
    "empty name": ("350522000000,,county,350500000000", "name", "empty"),
    "blank name": ("350522000000,  ,county,350500000000", "name", "empty"),
    "long name": (f"350522000000,{'长' * 101},county,350500000000", "name", "At most 100"),
    "NUL in the name": ("350522000000,某\0县,county,350500000000", "name", "characters to be seen"),
    "line break in the name": ('350522000000,"某\n县",county,350500000000', "name", "characters to be seen"),
    "too few columns": ("350522000000,某县,county", None, "3 found"),
    "too many columns": ("350522000000,某县,county,350500000000,x", None, "5 found"),
}


@pytest.mark.parametrize(("row", "column", "reason"), BAD_ROWS.values(), ids=BAD_ROWS.keys())
async def test_bad_row(empty: asyncpg.Connection, row: str, column: str | None, reason: str) -> None:
    found = await problems(empty, file(*SMALL, row))
    assert [(each.line, each.column) for each in found] == [(8, column)]
    assert reason in found[0].reason.en
    assert not found[0].reason.zh.isascii()


async def test_every_name_that_no_command_would_take_is_told_with_its_line(empty: asyncpg.Connection) -> None:
    """Commands and files go through one door."""
    names = ["和平\u200b社区", "和平\ufe0f社区", "\u3164", "和\u202e平", "和\u2028平", "和平社区"]
    rows = [f"35052110010{number},{name},village,350521100000" for number, name in enumerate(names)]
    found = await problems(empty, file(*SMALL, *rows))
    assert [(each.line, each.column) for each in found] == [(line, "name") for line in range(8, 13)]
    with pytest.raises(Rejected) as refused:
        proper("name", names[0])
    assert {each.reason for each in found} == {refused.value.problems[0].text}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("350522000000,永春县,county,350500000000", "name"),
        ("350522000000,a,县,350500000000", "level"),
        ("县,a,county,350500000000", "code"),
    ],
)
async def test_another_encoding(empty: asyncpg.Connection, row: str, column: str) -> None:
    found = await problems(empty, io.BytesIO(file(*SMALL).getvalue() + row.encode("gbk")))
    assert [(each.line, each.column) for each in found] == [(8, column)]
    assert "UTF-8" in found[0].reason.en


BAD_FILES = {
    "empty": (b"", 1),
    "no header": ("\n".join(SMALL).encode(), 1),
    "other header": (b"code,name\n35,a\n", 1),
    "UTF-16": (file(*SMALL).getvalue().decode().encode("utf-16"), 1),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 1),
    "no rows": (HEADER.encode(), None),
    "open quote": (file(*SMALL, '350522000000,"某县,county,350500000000').getvalue(), 8),
    "truncated gzip": (gzip.compress(file(*SMALL).getvalue())[:-20], None),
    "only the magic": (b"\x1f\x8b", 1),
    "gzip of something else": (gzip.compress(b"\0\1\2\3"), 1),
    "damaged gzip": (gzip.compress(file(*SMALL).getvalue())[:30] + b"\xff" * 60, None),
}


@pytest.mark.parametrize(("content", "line"), BAD_FILES.values(), ids=BAD_FILES.keys())
async def test_bad_file(empty: asyncpg.Connection, content: bytes, line: int | None) -> None:
    found = await problems(empty, io.BytesIO(content))
    assert found[-1].column is None
    assert line is None or [each.line for each in found] == [line]


async def test_truncated_gzip_says_so(empty: asyncpg.Connection) -> None:
    content = QUANZHOU.read_bytes()
    found = await problems(empty, io.BytesIO(content[: len(content) // 2]), "3505")
    assert "damaged gzip" in found[0].reason.en


def test_a_line_break_inside_quotes_keeps_the_count() -> None:
    divisions = read(file('350000000000,"福\n建",province,', "", "x,b,city,35"))
    assert [(each.line, each.column) for each in divisions.problems] == [(2, "name"), (5, "code")]


async def test_many_problems_are_counted(empty: asyncpg.Connection) -> None:
    rows = [f"3505{number},某县,county,350500000000" for number in range(100, 150)]
    with pytest.raises(DivisionsError) as refused:
        await put(empty, file(*SMALL, *rows))
    assert [each.line for each in refused.value.problems] == list(range(8, 8 + SHOWN))
    assert refused.value.more == len(rows) - SHOWN
    assert "line 8, code" in str(refused.value)


async def test_a_bad_row_does_not_make_its_children_bad(empty: asyncpg.Connection) -> None:
    rows = [SMALL[0], SMALL[1].replace("泉州市", ""), *SMALL[2:]]
    assert [each.line for each in await problems(empty, file(*rows))] == [3]


async def test_every_kind_of_problem_in_one_report_by_line(empty: asyncpg.Connection) -> None:
    rows = ["350521101001,某村,village,350521101000", "350522000000,,county,350500000000"]
    assert [each.line for each in await problems(empty, file(*SMALL, *rows))] == [8, 9]


async def test_a_level_that_the_tree_contradicts(connection: asyncpg.Connection) -> None:
    await put(connection, file(*SMALL))
    await connection.execute("update org_unit set level = 'GRID' where code = '350521100001'")
    assert [(each.line, each.column) for each in await problems(connection, file(*SMALL))] == [(6, "level")]
