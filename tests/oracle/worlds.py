"""Random worlds: a forest of units, rows of every other table across it, two accounts and what is granted to them.

Made to be nasty: towns directly under a city, codes that begin another's code, codes unlike their parent's, former
codes that are some other unit's present one, equal names, names with wildcards, wide, rare and Latin characters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import asyncpg
from hypothesis import strategies as st

from policies.actor import SEATS, make_token
from policies.decide import Seat
from policies.scope import Oneself, Term
from services.access import accounts, credentials, grants, programs, secrets
from services.names import search_keys
from services.organization import OrgLevel, former_codes, party_organizations, units
from services.tables import METADATA
from tests.oracle.dispatch import Record
from tests.oracle.rows import BEGAN, Draw, Row, called, is_view, made_by_the_database, path_of
from tests.oracle.tables import ZONE

LEVELS = list(OrgLevel)
SUFFIXES = ("1", "2", "11", "12", "21", "211", "001", "002", "100", "00")
# Where a grant is seated, by the column that says so.
SEATED = {"unit": "unit_path", "company": "company_id", "building": "building_id", "member": "member_id"}
LATER = BEGAN + timedelta(days=90_000)
# Of what there are many kinds, more rows: each kind shall meet the others.
MANY = {"post": 3}


@dataclass
class World:
    """Rows of every table, as they are copied into it, and the token of the one who asks: the first account."""

    seed: int
    rows: dict[str, list[Row]] = field(default_factory=dict)
    token: str = ""

    def add(self, table: str, **row: Any) -> Row:
        """A new row."""
        self.rows.setdefault(table, []).append(row)
        return row

    @property
    def caller(self) -> UUID:
        """The account of the one who asks."""
        account: UUID = self.rows[ACCOUNT][0]["id"]
        return account

    def see_everything(self) -> None:
        """Seat the caller at every root of the forest."""
        self.see_below([row for row in self.rows[UNIT] if row["parent_path"] is None])

    def see_below(self, units: Sequence[Row], role: str = "county_admin") -> None:
        """Seat the caller at these units."""
        for row in units:
            self.grant(role, "unit", path_of(row))

    def grant(self, role: str, kind: str, at: Any) -> None:
        """Grant the caller a role at a seat of this kind."""
        place = {**dict.fromkeys(SEATED.values()), SEATED[kind]: at}
        id_ = uuid5(NAMESPACE_OID, f"{role} {at}")
        self.add(GRANT, id=id_, account_id=self.caller, role=role, **place, since=BEGAN, until=LATER)

    def __repr__(self) -> str:
        units = ", ".join(f"{row['parent_path'] or ''}{row['code']} {row['name']}" for row in self.rows[UNIT])
        return f"World(seed={self.seed}, seats={seats_of(self.rows, self.caller)}, units=[{units}])"


UNIT, FORMER, PARTY = units.name, former_codes.name, party_organizations.name
ACCOUNT, GRANT, CREDENTIAL = accounts.name, grants.name, credentials.name
MADE_HERE = (UNIT, FORMER, ACCOUNT, GRANT, CREDENTIAL, programs.name, secrets.name)
OTHERS = [table for table in METADATA.sorted_tables if table.name not in MADE_HERE and not is_view(table)]


def worlds(smallest: int = 5, largest: int = 60) -> st.SearchStrategy[World]:
    """Worlds by their size and a seed."""
    return st.builds(
        made,
        st.integers(0, 2**32),
        st.integers(smallest, largest),
        st.integers(0, 14),
        st.sampled_from([1, 2, 1, 3, 1, 0]),
    )


def made(seed: int, size: int, others: int, granted: int) -> World:
    """The world of a seed: so many units, at most so many rows of any other table."""
    random, world = Random(seed), World(seed)
    for _ in range(size):
        _unit(world, random)
    for _ in range(size // 4):
        _former_code(world, random)
    for name in ("问的人 %", "别人"):
        world.add(ACCOUNT, id=_uuid(random), name=name)
    draw = Draw(random, datetime.now(ZONE).date(), world.rows)
    for table in OTHERS:
        draw.add(table, random.randint(others // 2, others) * MANY.get(table.name, 1))
    _granted(world, random, granted)
    return world


def unit_row(random: Random, parent: Row | None, code: str) -> Row:
    """A unit below another, at any lower level."""
    above = LEVELS.index(parent["level"]) if parent else -1
    level = LEVELS[min(above + random.choice((1, 1, 1, 2)), len(LEVELS) - 1)]
    name = called(random)
    pinyin, grams = search_keys(name)
    made = {
        "id": _uuid(random),
        "level": level,
        "code": code,
        "name": name,
        "parent_path": parent and path_of(parent),
        "pinyin": pinyin,
        "grams": grams,
    }
    return {**made, "path": path_of(made)}


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


def _granted(world: World, random: Random, granted: int) -> None:
    caller, other = world.rows[ACCOUNT]
    for number in range(granted):
        _grant(world, random, caller["id"], BEGAN, (LATER, None)[number % 2])
    if random.random() < 0.3:
        _grant(world, random, caller["id"], BEGAN, BEGAN + timedelta(days=1))
        _grant(world, random, caller["id"], LATER, None)
    _grant(world, random, other["id"], BEGAN, None)
    token_id, world.token, digest = make_token()
    until = datetime.now(UTC) + timedelta(days=2)
    world.add(CREDENTIAL, id=token_id, account_id=caller["id"], secret_sha256=digest, expires_at=until)


def _grant(world: World, random: Random, account: UUID, since: datetime, until: datetime | None) -> None:
    """A grant anywhere, also of a role that cannot be seated there, or that there is not."""
    seats = {kind: rows for kind in SEATED if (rows := places(world.rows, kind))}
    kind = random.choice(["unit", *seats])
    at = random.choice(seats[kind][: random.choice((1, 3, 10, 100))])
    fitting = [role for role, terms in SEATS.items() if kind in terms]
    role = random.choice([*fitting * 3, *SEATS, "janitor"])
    place = {**dict.fromkeys(SEATED.values()), SEATED[kind]: at}
    world.add(GRANT, id=_uuid(random), account_id=account, role=role, **place, since=since, until=until)


def seats_of(rows: Mapping[str, Sequence[Record]], account: UUID) -> tuple[Seat, ...]:
    """The seats an account's grants give it now."""
    now = datetime.now(UTC)
    held: list[Seat] = [("everyone", Oneself(account))]
    for grant in rows.get(GRANT, ()):
        begun, over = grant["since"] <= now, grant["until"] is not None and grant["until"] <= now
        if grant["account_id"] == account and begun and not over and grant.get("revoked_at") is None:
            (kind,) = (kind for kind, column in SEATED.items() if grant[column] is not None)
            term = SEATS.get(grant["role"], {}).get(kind)
            held += [(grant["role"], seated(term, grant[SEATED[kind]]))] if term is not None else []
    return tuple(held)


def places(rows: Mapping[str, Sequence[Row]], kind: str) -> list[Any]:
    """Where a grant of this kind of seat can be: the keys its column may refer to."""
    (key,) = grants.c[SEATED[kind]].foreign_keys
    return [row[key.column.name] for row in rows.get(key.column.table.name, ())]


def seated(term: type[Term], at: Any) -> Term:
    """The term at a place."""
    made: Any = term
    seat: Term = made(at)
    return seat


def _uuid(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)


async def load(connection: asyncpg.Connection, world: World) -> None:
    """The database holds this world and nothing else; the key that signs cursors stays."""
    tables = [table for table in METADATA.sorted_tables if not is_view(table)]
    # Row by row: TRUNCATE would make a new file for each of a hundred indexes.
    emptied = [f'DELETE FROM "{table.name}"' for table in reversed(tables) if table is not secrets]
    async with connection.transaction():
        await connection.execute("; ".join(emptied))
        for table in tables:
            if rows := world.rows.get(table.name):
                await insert(connection, table.name, rows)


async def insert(connection: asyncpg.Connection, table: str, rows: Sequence[Row]) -> None:
    """Add rows to a table; all name the same columns. What the database computes is left to it."""
    known = METADATA.tables[table].columns
    columns = [name for name in rows[0] if name in known and not made_by_the_database(known[name])]
    records = [tuple(row[column] for column in columns) for row in rows]
    await connection.copy_records_to_table(table, records=records, columns=columns)
