"""Cursors: what the statement makes is what Python reads, nothing else is a cursor, and none tells anything."""

import base64
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import BigInteger, Integer, LargeBinary, Uuid, bindparam, select

from schema.kit.expressions import Types
from schema.pipeline.plan import cursors
from schema.pipeline.sql.cursors import signed
from schema.pipeline.sql.statement import DIALECT
from services.errors import Refused

KEY = cursors.key(b"secret", "Query.orgUnits", {"first": 5, "filter": {"level": ["TOWN"]}})
ID = UUID("d6231239-3a50-4e68-b204-709eabc15704")
ONE: Types = [Uuid()]
IDENTITIES: list[tuple[Types, list[UUID | int]]] = [
    (ONE, [ID]),
    ([Uuid(), Uuid()], [ID, UUID(int=0)]),
    ([Integer(), Uuid()], [5, UUID(int=2**128 - 1)]),
    ([BigInteger()], [2**40 + 7]),
]


async def made(connection: asyncpg.Connection, types: Types, identity: list[UUID | int], key: bytes = KEY) -> str:
    """The cursor PostgreSQL makes of this identity."""
    parts = [bindparam(f"v{number}", None, type_=type_) for number, type_ in enumerate(types)]
    compiled = select(signed(parts, bindparam("key", None, type_=LargeBinary()))).compile(dialect=DIALECT)
    given = {f"v{number}": value for number, value in enumerate(identity)} | {"key": key}
    cursor: str = await connection.fetchval(str(compiled), *(given[name] for name in compiled.positiontup or ()))
    return cursor


@pytest.mark.parametrize(("types", "identity"), IDENTITIES, ids=["id", "two ids", "kind and id", "number"])
async def test_what_is_made_is_read(connection: asyncpg.Connection, types: Types, identity: list[UUID | int]) -> None:
    """Both halves agree; a cursor has no line breaks and no padding."""
    cursor = await made(connection, types, identity)
    assert cursor == cursors.made(KEY, identity, types)
    assert cursors.read(cursor, KEY, types) == identity
    assert not set(cursor) & set("\n=+/")


async def test_a_cursor_decodes_to_nothing(connection: asyncpg.Connection) -> None:
    """Not even to the id, which may be one the caller is not shown; nor does it tell how two rows differ."""
    cursor = [await made(connection, [BigInteger()], [number]) for number in (700, 701)]
    first, second = (base64.urlsafe_b64decode(each + "==") for each in cursor)
    raw = base64.urlsafe_b64decode(await made(connection, ONE, [ID]) + "==")
    assert len(raw) == cursors.TAG + 16
    assert not any(ID.bytes[at : at + 4] in raw for at in range(13))
    assert sum(one == other for one, other in zip(first, second, strict=True)) < len(first) // 2
    other = await made(connection, ONE, [ID], cursors.key(b"another secret", "Query.orgUnits", {}))
    assert base64.urlsafe_b64decode(other + "==")[cursors.TAG :] != raw[cursors.TAG :]


async def test_an_edited_cursor_is_refused(connection: asyncpg.Connection) -> None:
    """Changing, dropping or adding any one character makes it invalid, also the bits base64 has to spare."""
    cursor = await made(connection, ONE, [ID])
    edited = [cursor[:at] + other + cursor[at + 1 :] for at in range(len(cursor)) for other in "AB_-"]
    edited += [cursor[:at] + cursor[at + 1 :] for at in range(len(cursor))] + [cursor[:at] for at in range(43)]
    edited += [cursor + "A", cursor + "=", "!", "\u548c", "=" * 9, "A" * 43, "A" * 22]
    for text in set(edited) - {cursor}:
        with pytest.raises(Refused, match="BAD_USER_INPUT"):
            cursors.read(text, KEY, ONE)


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
    cursor = await made(connection, ONE, [ID])
    for key in (cursors.key(b"secret", coordinate, arguments), cursors.key(b"another", "Query.orgUnits", {})):
        with pytest.raises(Refused, match="BAD_USER_INPUT"):
            cursors.read(cursor, key, ONE)
    same = cursors.key(b"secret", "Query.orgUnits", {"first": 50, "after": "x", "filter": {"level": ["TOWN"]}})
    assert cursors.read(cursor, same, ONE) == [ID]
    for types in ([Uuid(), Uuid()], [Integer()], [BigInteger(), BigInteger()]):
        if sum(map(cursors.size, types)) != 16:
            with pytest.raises(Refused, match="BAD_USER_INPUT"):
                cursors.read(cursor, KEY, types)
