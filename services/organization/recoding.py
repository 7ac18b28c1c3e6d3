"""Codes changed, one or thousands at once: which units are concerned, and everything written in a fixed few statements.

Every row gets its new code and the new path of the unit above in one UPDATE. By the time PostgreSQL looks after the
foreign keys all paths are final, so what lies in a unit is moved once, and not once for every code above it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import asyncpg

from services.organization.codes import LONGEST

_BENEATH = """
select unit.id, unit.code, unit.name, unit.level::text, unit.path, unit.parent_path
from unnest($1::text[]) as top (path)
join org_unit as unit on unit.path >= top.path and unit.path < left(top.path, -1) || '0' order by unit.path
"""
_HELD = """
select new.code, unit.name from unnest($1::uuid[], $2::text[]) as new (id, code)
join org_unit as unit on unit.code = new.code and unit.id <> new.id
union all
select new.code, unit.name from unnest($1::uuid[], $2::text[]) as new (id, code)
join org_unit_former_code as former on former.code = new.code and former.unit_id <> new.id
join org_unit as unit on unit.id = former.unit_id
order by 1, 2
"""
_LAY = """
update org_unit set code = new.code, parent_path = new.parent_path, version = version + 1
from unnest($1::uuid[], $2::text[], $3::text[]) as new (id, code, parent_path) where org_unit.id = new.id
"""
# A code that its unit has, or that was told to be another's by now, is no former one.
_PRESENT = """
delete from org_unit_former_code as former using org_unit as unit
where unit.id = any ($1::uuid[]) and former.unit_id = unit.id and former.code = unit.code
"""
_KEEP = """
insert into org_unit_former_code (code, unit_id)
select old.code, old.id from unnest($1::uuid[], $2::text[]) as old (id, code)
where not exists (select from org_unit where org_unit.code = old.code) on conflict do nothing
"""


class Standing(NamedTuple):
    """A unit as it stands in the tree."""

    id: UUID
    code: str
    name: str
    level: str
    path: str
    parent_path: str | None


@dataclass(slots=True)
class Laid:
    """Where a unit will be: its code, and the unit above or, where that stays as it is, its path."""

    id: UUID
    was: tuple[str, str | None]  # code and path above
    code: str
    above: "Laid | str | None"

    @property
    def path(self) -> str:
        """Its path to be."""
        return f"{self.parent_path or ''}{self.code}/"

    @property
    def parent_path(self) -> str | None:
        """The path to be of the unit above."""
        return self.above.path if isinstance(self.above, Laid) else self.above

    @property
    def changes(self) -> bool:
        """Whether anything of it is to be written."""
        return self.was != (self.code, self.parent_path)


def continued(code: str, before: str, after: str) -> str:
    """A code below a unit that is recoded: its beginning changes with the unit's; one that begins otherwise stays."""
    return after + code[len(before) :] if code.startswith(before) else code


def laid(units: Iterable[Standing], codes: Mapping[UUID, str]) -> list[Laid]:
    """Units, each after the one above it, with new codes for some of them."""
    made: dict[str | None, Laid] = {}
    for unit in units:
        above = made.get(unit.parent_path, unit.parent_path)
        made[unit.path] = Laid(unit.id, (unit.code, unit.parent_path), codes.get(unit.id, unit.code), above)
    return list(made.values())


def too_long(codes: Iterable[str]) -> list[str]:
    """Codes with more digits than a code has."""
    return [code for code in codes if len(code) > LONGEST]


def topmost(paths: Iterable[str]) -> list[str]:
    """Those of some paths that lie below no other of them."""
    tops: list[str] = []
    for path in sorted(paths):
        if not tops or not path.startswith(tops[-1]):
            tops.append(path)
    return tops


async def standing(connection: asyncpg.Connection, *tops: str) -> list[Standing]:
    """The units at some paths, none below another, and all below them, each after the one above it."""
    return [Standing(*row) for row in await connection.fetch(_BENEATH, tops)]


async def late(connection: asyncpg.Connection, path: str, units: Iterable[Standing]) -> bool:
    """Whether there are others than these by now at this path and below: what was being put there when it moved."""
    return {unit.id for unit in await standing(connection, path)} != {unit.id for unit in units}


async def held(connection: asyncpg.Connection, codes: Mapping[UUID, str]) -> list[tuple[str, str]]:
    """Which of these codes are, or lead to, other units than those they are meant for, and to which."""
    return [(row["code"], row["name"]) for row in await connection.fetch(_HELD, [*codes], [*codes.values()])]


async def lay(connection: asyncpg.Connection, units: Sequence[Laid]) -> None:
    """Write what changes; a code that is given up keeps leading to its unit."""
    await write(connection, units)
    recoded = [unit for unit in units if unit.was[0] != unit.code]
    ids = [unit.id for unit in recoded]
    await connection.execute(_PRESENT, ids)
    await connection.execute(_KEEP, ids, [unit.was[0] for unit in recoded])


async def write(connection: asyncpg.Connection, units: Sequence[Laid]) -> None:
    """Write what changes, and nothing of the codes given up."""
    changed = [unit for unit in units if unit.changes]
    rows = [unit.id for unit in changed], [unit.code for unit in changed], [unit.parent_path for unit in changed]
    await connection.execute(_LAY, *rows)
