"""Random worlds: a forest of units, party organizations across it, two accounts and what is granted to them.

Made to be nasty: towns directly under a city, codes that begin another's code, codes unlike their parent's, former
codes that are some other unit's present one, equal names, names with wildcards, wide, rare and Latin characters.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import asyncpg
from hypothesis import strategies as st

from policies.actor import SEATS, make_token
from policies.decide import Seat
from policies.scope import Oneself, Within
from services.access import accounts, grants, tokens
from services.names import search_keys
from services.organization import OrgLevel, PartyKind, PartyTier, former_codes, party_organizations, units
from services.tables import METADATA

Row = dict[str, Any]

LEVELS = list(OrgLevel)
PIECES = (
    *(
        "和平",
        "新村",
        "第一",
        "社区",
        "长坑",
        "村",
        "北关",
        "和",
        "网格",
        "党支部",
        "𠮷田",
        "㐂",
        "〇",
        "ＡＢ１",
        "ｆ８",
    ),
    *("Bei", "guan", "é", "%", "_", "\\", "\\%", "100%", "a_b", "'", '"', " ", "　", "（東）", "½", "ﬁ", "🏠"),
)
SUFFIXES = ("1", "2", "11", "12", "21", "211", "001", "002", "100", "00")
ROLES = (*SEATS, "captain", "janitor")  # with one that no seat can be in, and one there is not
BEGAN = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)


@dataclass
class World:
    """Rows of every table, as they are copied into it, and the token of the one who asks."""

    seed: int
    rows: dict[str, list[Row]] = field(default_factory=dict)
    token: str = ""
    seats: tuple[Seat, ...] = ()

    def add(self, table: str, **row: Any) -> Row:
        """A new row."""
        self.rows.setdefault(table, []).append(row)
        return row

    def see_everything(self) -> None:
        """Seat the caller at every root of the forest."""
        for row in self.rows[UNIT]:
            if row["parent_path"] is None:
                grant = {
                    "id": uuid5(NAMESPACE_OID, path_of(row)),
                    "account_id": self.rows[ACCOUNT][0]["id"],
                    "role": "county_admin",
                }
                self.add(GRANT, **grant, unit_path=path_of(row), since=BEGAN, until=None)
                self.seats += (("county_admin", Within(path_of(row))),)

    def __repr__(self) -> str:
        units = ", ".join(f"{row['parent_path'] or ''}{row['code']} {row['name']}" for row in self.rows[UNIT])
        return f"World(seed={self.seed}, seats={self.seats}, units=[{units}])"


UNIT, FORMER, PARTY = units.name, former_codes.name, party_organizations.name
ACCOUNT, GRANT, TOKEN = accounts.name, grants.name, tokens.name


def worlds(smallest: int = 5, largest: int = 60) -> st.SearchStrategy[World]:
    """Worlds by their size and a seed."""
    return st.builds(
        made,
        st.integers(0, 2**32),
        st.integers(smallest, largest),
        st.integers(0, 30),
        st.sampled_from([1, 2, 1, 3, 1, 0]),
    )


def made(seed: int, size: int, organizations: int, granted: int) -> World:
    """The world of a seed."""
    random, world = Random(seed), World(seed)
    for _ in range(size):
        _unit(world, random)
    for _ in range(size // 4):
        _former_code(world, random)
    for _ in range(organizations):
        _organization(world, random)
    _accounts(world, random, granted)
    return world


def name(random: Random) -> str:
    """One to three pieces; often one that others have."""
    return "".join(random.choice(PIECES) for _ in range(random.choice((1, 1, 2, 3)))).strip() or "无名"


def unit_row(random: Random, parent: Row | None, code: str) -> Row:
    """A unit below another, at any lower level."""
    above = LEVELS.index(parent["level"]) if parent else -1
    level = LEVELS[min(above + random.choice((1, 1, 1, 2)), len(LEVELS) - 1)]
    called = name(random)
    pinyin, grams = search_keys(called)
    return {
        "id": _uuid(random),
        "level": level,
        "code": code,
        "name": called,
        "parent_path": parent and path_of(parent),
        "pinyin": pinyin,
        "grams": grams,
    }


def path_of(unit: Row) -> str:
    """The path PostgreSQL will compute."""
    return f"{unit['parent_path'] or ''}{unit['code']}/"


def _unit(world: World, random: Random) -> None:
    known = world.rows.get(UNIT, [])
    parents = [row for row in known if row["level"] is not OrgLevel.OUTLET]
    recent = parents[-8:] if random.random() < 0.8 else parents[:3]
    parent = random.choice(recent) if recent and random.random() > 0.03 else None
    world.add(UNIT, **unit_row(random, parent, free_code(random, parent, known)))


def free_code(random: Random, parent: Row | None, units: Sequence[Row]) -> str:
    """A code none of the units has: one beside it with a digit more, the parent's with more digits, or unlike both."""
    taken = {row["code"] for row in units}
    beside = [row["code"] for row in units if parent and row["parent_path"] == path_of(parent)]
    if beside and random.random() < 0.3:
        code: str = random.choice(beside) + random.choice("019")
    else:
        head = parent["code"] if parent and random.random() < 0.85 else random.choice(("35", "3505", "44"))
        code = head + random.choice(SUFFIXES)
    while code in taken:
        code += random.choice("0123456789")
    return code


def _former_code(world: World, random: Random) -> None:
    unit, other = random.choice(world.rows[UNIT]), random.choice(world.rows[UNIT])
    code = other["code"] if random.random() < 0.5 else other["code"][:1] + random.choice(("9", "99", "98"))
    if not any(row["code"] == code and row["unit_id"] == unit["id"] for row in world.rows.get(FORMER, [])):
        world.add(FORMER, code=code, unit_id=unit["id"])


def _organization(world: World, random: Random) -> None:
    unit, known = random.choice(world.rows[UNIT]), world.rows.get(PARTY, [])
    parent = random.choice(known) if known and random.random() < 0.7 else None
    called = name(random)
    pinyin, grams = search_keys(called)
    world.add(
        PARTY,
        id=_uuid(random),
        unit_path=path_of(unit),
        parent_id=parent and parent["id"],
        tier=random.choice(list(PartyTier)),
        kind=random.choice(list(PartyKind)),
        name=called,
        pinyin=pinyin,
        grams=grams,
    )


def _accounts(world: World, random: Random, granted: int) -> None:
    caller = world.add(ACCOUNT, id=_uuid(random), name="问的人 %")
    other = world.add(ACCOUNT, id=_uuid(random), name="别人")
    held: list[Seat] = []
    for _ in range(granted):
        row = _grant(world, random, caller["id"], BEGAN, random.choice((None, BEGAN + timedelta(days=90_000))))
        if row["role"] in SEATS:
            held.append((row["role"], SEATS[row["role"]][1](row["unit_path"])))
    if random.random() < 0.3:
        _grant(world, random, caller["id"], BEGAN, BEGAN + timedelta(days=1))
        _grant(world, random, caller["id"], BEGAN + timedelta(days=80_000), None)
    _grant(world, random, other["id"], BEGAN, None)
    token_id, world.token, digest = make_token()
    until = datetime.now(UTC) + timedelta(days=2)
    world.add(TOKEN, id=token_id, account_id=caller["id"], secret_sha256=digest, expires_at=until)
    world.seats = (*held, ("everyone", Oneself(caller["id"])))


def _grant(world: World, random: Random, account: UUID, since: datetime, until: datetime | None) -> Row:
    seat = random.choice(world.rows[UNIT][: random.choice((1, 3, 10, 100))])
    role = random.choice(ROLES[:4] * 2 + ROLES)
    row = {"id": _uuid(random), "account_id": account, "role": role, "unit_path": path_of(seat)}
    return world.add(GRANT, **row, since=since, until=until)


def _uuid(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)


async def load(connection: asyncpg.Connection, world: World) -> None:
    """The database holds this world and nothing else; the key that signs cursors stays."""
    emptied = [table.name for table in METADATA.sorted_tables if table.name != "service_secret"]
    async with connection.transaction():
        await connection.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in emptied))
        for name, rows in _copied(world):
            await insert(connection, name, rows)


async def insert(connection: asyncpg.Connection, table: str, rows: Sequence[Row]) -> None:
    """Add rows to a table; all name the same columns."""
    columns = list(rows[0])
    records = [tuple(row[column] for column in columns) for row in rows]
    await connection.copy_records_to_table(table, records=records, columns=columns)


def _copied(world: World) -> Sequence[tuple[str, list[Row]]]:
    return [(table.name, world.rows[table.name]) for table in METADATA.sorted_tables if world.rows.get(table.name)]
