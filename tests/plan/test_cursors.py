"""Cursors: what the statement signs is what Python reads, and nothing else is a cursor."""

import asyncpg
import pytest
from sqlalchemy import LargeBinary, Text, bindparam, select

from schema.pipeline.plan import cursors
from schema.pipeline.sql.cursors import signed
from schema.pipeline.sql.statement import DIALECT
from services.errors import Refused

KEY = cursors.key(b"secret", "Query.orgUnits", {"first": 5, "filter": {"level": ["TOWN"]}})


async def made(connection: asyncpg.Connection, *values: str | None) -> str:
    """The cursor PostgreSQL makes of these sort values."""
    keys = [bindparam(f"v{number}", None, type_=Text()) for number in range(len(values))]
    compiled = select(signed(keys, bindparam("key", None, type_=LargeBinary()))).compile(dialect=DIALECT)
    given = {f"v{number}": value for number, value in enumerate(values)} | {"key": KEY}
    cursor: str = await connection.fetchval(str(compiled), *(given[name] for name in compiled.positiontup or ()))
    return cursor


@pytest.mark.parametrize(
    "values",
    [("35/3505/",), (None, "x"), ('"quoted"\\', "35/"), ("和平𠮷", ""), ("long" * 100, "35/3505/350521/")],
    ids=["path", "null", "quotes", "beyond the BMP", "longer than a line of base64"],
)
async def test_what_is_signed_is_read(connection: asyncpg.Connection, values: tuple[str | None, ...]) -> None:
    """Both halves agree, whatever the values; a cursor has no line breaks and no padding."""
    cursor = await made(connection, *values)
    assert cursors.read(cursor, KEY, len(values)) == list(values)
    assert not set(cursor) & set("\n=+/")


async def test_an_edited_cursor_is_refused(connection: asyncpg.Connection) -> None:
    """Changing, dropping or adding any one character makes it invalid."""
    cursor = await made(connection, "35/3505/350521/")
    edited = [cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :] for at in range(len(cursor))]
    edited += [cursor[:at] + cursor[at + 1 :] for at in range(len(cursor))] + [cursor + "A", "", "!", "\u548c", "=" * 9]
    for text in edited:
        with pytest.raises(Refused, match="BAD_USER_INPUT"):
            cursors.read(text, KEY, 1)


@pytest.mark.parametrize(
    ("coordinate", "arguments"),
    [
        ("OrgUnit.children", {"filter": {"level": ["TOWN"]}}),
        ("Query.orgUnits", {}),
        ("Query.orgUnits", {"filter": {"level": ["CITY"]}}),
        ("Query.orgUnits", {"filter": {"level": ["TOWN"]}, "orderBy": {"field": "NAME"}}),
    ],
)
async def test_a_cursor_belongs_to_its_field(
    connection: asyncpg.Connection, coordinate: str, arguments: dict[str, object]
) -> None:
    """Another field, filter or order has another key; another page size has not."""
    cursor = await made(connection, "35/")
    with pytest.raises(Refused, match="BAD_USER_INPUT"):
        cursors.read(cursor, cursors.key(b"secret", coordinate, arguments), 1)
    same = cursors.key(b"secret", "Query.orgUnits", {"first": 50, "after": "x", "filter": {"level": ["TOWN"]}})
    assert cursors.read(cursor, same, 1) == ["35/"]
    with pytest.raises(Refused, match="BAD_USER_INPUT"):
        cursors.read(cursor, KEY, 2)
