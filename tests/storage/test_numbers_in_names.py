"""Numbers within names sort as numbers."""

import asyncpg
import pytest

from services.names import search_keys

SORTED = 'SELECT name FROM unnest($1::text[]) AS name ORDER BY numbers_padded({}) COLLATE "C"'


@pytest.mark.parametrize(
    "names",
    [
        ["1号楼", "2号楼", "10号楼", "11号楼", "100号楼"],
        ["一号楼", "二号楼", "九号楼", "十号楼", "十一号楼", "二十号楼", "二十三号楼", "三十号楼", "一〇三号楼"],
        ["1号楼", "二号楼", "03号楼", "十号楼"],
        ["a座1单元", "a座2单元", "a座10单元", "b座1单元"],
        ["12345678901号", "12345678902号"],
    ],
)
async def test_buildings(connection: asyncpg.Connection, names: list[str]) -> None:
    """By Arabic and Chinese numerals alike, wherever they stand."""
    found = await connection.fetch(SORTED.format("numerals_read(name)"), names[::-1])
    assert [row["name"] for row in found] == names


async def test_what_is_read(connection: asyncpg.Connection) -> None:
    """Numbers of more than ten digits stay as they are, and zeros before one count for nothing."""
    padded = "SELECT numbers_padded($1::text)"
    assert await connection.fetchval(padded, "heping2qu hp2q") == "heping0000000002qu hp0000000002q"
    assert await connection.fetchval(padded, "0002") == await connection.fetchval(padded, "2")
    assert await connection.fetchval(padded, "123456789012") == "123456789012"
    read = [
        await connection.fetchval("SELECT numerals_read($1::text)", text) for text in ("十", "二十", "九十九", "甲")
    ]
    assert read == ["10", "20", "99", "甲"]


async def test_ordinals(connection: asyncpg.Connection) -> None:
    """What follows 第 in a name is a number in its reading; numerals elsewhere, and hundreds, are syllables."""
    names = ["第一社区", "第2社区", "第二社区党委", "第九社区", "第十社区", "第十一社区", "第二十社区", "第二十三社区"]
    sort = "numbers_padded(ordinals_read(pinyin, folded))"
    query = f'SELECT folded FROM unnest($1::text[], $2::text[]) AS t (folded, pinyin) ORDER BY {sort} COLLATE "C"'
    keys = [search_keys(name) for name in names[::-1]]
    found = await connection.fetch(query, [key.folded for key in keys], [key.pinyin for key in keys])
    assert [row["folded"] for row in found] == names
    for name in ("三友小区", "第一百社区", "第社区", "十里村"):
        key = search_keys(name)
        assert await connection.fetchval("SELECT ordinals_read($1, $2)", key.pinyin, key.folded) == key.pinyin
