"""The demo: Quanzhou's real units and, in three counties, made-up grids, outlets and party organizations.

Structure, names and codes are the same every time, only ids differ. Nothing names a person. How many grids and outlets
there are follows from a checksum of the code above them, which looks uneven and is not random.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4
from zlib import crc32

import asyncpg

from services.loading import COLUMNS, Row, load, settle
from services.names import search_keys
from services.organization import OrgLevel, PartyKind, PartyTier

FILE = Path(__file__).parent.parent / "data" / "quanzhou.csv.gz"
ROOT = "3505"
COUNTIES = ("350521", "350524", "350525")  # 惠安, 安溪, 永春

_NUMERALS = "一二三四"
_COMMUNITIES = """
select code, name, path from org_unit where level = 'COMMUNITY' and split_part(path, '/', 2) = any($1) order by path
"""
_PARTY_COLUMNS = ("id", "unit_path", "parent_id", "tier", "kind", "name", "pinyin", "grams")

_NOUNS = {
    PartyKind.COMMITTEE: "党委",
    PartyKind.GENERAL_BRANCH: "党总支",
    PartyKind.BRANCH: "党支部",
    PartyKind.GROUP: "党小组",
    PartyKind.HOUSEHOLD: "党员中心户",
}
# Number of grids -> kind of a village's organization, kind of its grids'. A branch has groups, what is larger branches.
_KINDS = {
    2: (PartyKind.BRANCH, PartyKind.GROUP),
    3: (PartyKind.GENERAL_BRANCH, PartyKind.BRANCH),
    4: (PartyKind.COMMITTEE, PartyKind.BRANCH),
}
_EVERYDAY = (
    ("社区居委会", "社区"),
    ("居委会", "社区"),
    ("村委会", "村"),
)


class NotEmptyError(Exception):
    """The demo goes only into a database without units."""


@dataclass(frozen=True, slots=True)
class Digits:
    """How many digits the codes of a grid and of an outlet add to the code above: a local matter."""

    grid: int = 3
    outlet: int = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as far as what lies below it needs to know it; `title` begins the names of its party organizations."""

    code: str
    path: str
    title: str

    def below(self, number: int, digits: int, noun: str) -> "Place":
        """The `number`th grid or outlet of this place, counted from 1."""
        code = f"{self.code}{number:0{digits}}"
        return Place(code, f"{self.path}{code}/", f"{self.title}{ordinal(number, noun)}")


async def is_empty(connection: asyncpg.Connection) -> bool:
    """Whether the database has no units yet."""
    return not await connection.fetchval("select exists (select from org_unit)")


async def fill(connection: asyncpg.Connection, digits: Digits | None = None) -> None:
    """Put the demo into an empty database, in one transaction. Raises NotEmptyError when it is not empty."""
    async with connection.transaction():
        await connection.execute("lock table org_unit in share row exclusive mode")
        if not await is_empty(connection):
            raise NotEmptyError
        with FILE.open("rb") as source:
            await load(connection, source, ROOT, lambda _done, _total: None)
        found = await connection.fetch(_COMMUNITIES, COUNTIES)
        communities = [Place(row["code"], row["path"], everyday(row["name"])) for row in found]
        units, organizations = await asyncio.to_thread(_rows, communities, digits or Digits())
        await connection.copy_records_to_table("org_unit", records=units, columns=COLUMNS)
        await connection.copy_records_to_table("party_organization", records=organizations, columns=_PARTY_COLUMNS)
        await settle(connection, "org_unit")
        await settle(connection, "party_organization")


def everyday(name: str) -> str:
    """What people call a community: 锦丰村委会 is 锦丰村, 花石社区居委会 is 花石社区."""
    for official, usual in _EVERYDAY:
        if name.endswith(official):
            return name.removesuffix(official) + usual
    return name


def ordinal(number: int, noun: str) -> str:
    """第一网格."""
    return f"第{_NUMERALS[number - 1]}{noun}"


def _rows(communities: list[Place], digits: Digits) -> tuple[list[Row], list[Row]]:
    """Rows of `org_unit` and of `party_organization`, parents before children."""
    units: list[Row] = []
    organizations: list[Row] = []
    for community in communities:
        grids = 2 + crc32(community.code.encode()) % 3
        village_kind, grid_kind = _KINDS[grids]
        village = _organization(community, None, PartyTier.VILLAGE, village_kind)
        organizations.append(village)
        for number in range(1, grids + 1):
            grid = community.below(number, digits.grid, "网格")
            branch = _organization(grid, village, PartyTier.GRID, grid_kind)
            units.append(_unit(OrgLevel.GRID, grid, ordinal(number, "网格"), community))
            organizations.append(branch)
            # Three digits whatever the codes have, so that their lengths change no number.
            outlets = 1 + crc32(f"{community.code}{number:03}".encode()) % 3
            for position in range(1, outlets + 1):
                outlet = grid.below(position, digits.outlet, "网点")
                units.append(_unit(OrgLevel.OUTLET, outlet, ordinal(position, "网点"), grid))
                organizations.append(_organization(outlet, branch, PartyTier.HOUSEHOLD, PartyKind.HOUSEHOLD))
    return units, organizations


def _unit(level: OrgLevel, place: Place, name: str, parent: Place) -> Row:
    return (uuid4(), level.value, place.code, name, parent.path, *search_keys(name))


def _organization(place: Place, parent: Row | None, tier: PartyTier, kind: PartyKind) -> Row:
    name = place.title + _NOUNS[kind]
    return (uuid4(), place.path, parent and parent[0], tier.value, kind.value, name, *search_keys(name))
