"""The demo's grids and outlets, with the party organizations of all tiers: county, town, village, grid, household.

How many there are follows from a checksum of the code above them, which looks uneven and is not random.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zlib import crc32

from services.demo.rows import Rows
from services.organization.tables import OrgLevel, PartyField, PartyKind, PartyTier, party_organizations, units

_NUMERALS = "一二三四"
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
# What the grids of an urban community reach into, in turn; those of a village are grids.
_URBAN = (PartyField.GRID, PartyField.STREET, PartyField.BUILDING, PartyField.GRID)
_EVERYDAY = (
    ("社区居委会", "社区"),
    ("居委会", "社区"),
    ("村委会", "村"),
)


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

    @property
    def above(self) -> str:
        """The path of the unit it lies in."""
        return self.path.removesuffix(f"{self.code}/")

    def below(self, number: int, digits: int, noun: str) -> "Place":
        """The `number`th grid or outlet of this place, counted from 1."""
        code = f"{self.code}{number:0{digits}}"
        return Place(code, f"{self.path}{code}/", f"{self.title}{ordinal(number, noun)}")


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid and its branch or group."""

    place: Place
    organization: UUID


@dataclass(frozen=True, slots=True)
class Community:
    """A village or community, its organization, and its grids."""

    place: Place
    organization: UUID
    kind: PartyKind
    grids: tuple[Grid, ...]


def everyday(name: str) -> str:
    """What people call a community: 锦丰村委会 is 锦丰村, 花石社区居委会 is 花石社区."""
    for official, usual in _EVERYDAY:
        if name.endswith(official):
            return name.removesuffix(official) + usual
    return name


def ordinal(number: int, noun: str) -> str:
    """第一网格."""
    return f"第{_NUMERALS[number - 1]}{noun}"


def committees(rows: Rows, county: Place, towns: Sequence[Place]) -> Mapping[str, UUID]:
    """The committees of a county and of its towns below it; those of the towns, by the towns' paths."""
    above = _organization(rows, county, None, PartyTier.COUNTY, PartyKind.COMMITTEE)
    return {town.path: _organization(rows, town, above, PartyTier.TOWN, PartyKind.COMMITTEE) for town in towns}


def settled(rows: Rows, place: Place, digits: Digits, above: UUID) -> Community:
    """A community with its grids, their outlets, and the organizations of three tiers, below the town's committee."""
    count = 2 + crc32(place.code.encode()) % 3
    village_kind, grid_kind = _KINDS[count]
    urban = place.title.endswith("社区")
    field = PartyField.COMMUNITY if urban else PartyField.RURAL
    village = _organization(rows, place, above, PartyTier.VILLAGE, village_kind, field)
    grids = []
    for number in range(1, count + 1):
        grid = place.below(number, digits.grid, "网格")
        _unit(rows, OrgLevel.GRID, grid, ordinal(number, "网格"), place)
        field = _URBAN[number - 1] if urban else PartyField.GRID
        grids.append(Grid(grid, _organization(rows, grid, village, PartyTier.GRID, grid_kind, field)))
        # Three digits whatever the codes have, so that their lengths change no number.
        outlets = 1 + crc32(f"{place.code}{number:03}".encode()) % 3
        _outlets(rows, grids[-1], outlets, digits.outlet)
    return Community(place, village, village_kind, tuple(grids))


def _outlets(rows: Rows, grid: Grid, count: int, digits: int) -> None:
    for number in range(1, count + 1):
        outlet = grid.place.below(number, digits, "网点")
        _unit(rows, OrgLevel.OUTLET, outlet, ordinal(number, "网点"), grid.place)
        _organization(rows, outlet, grid.organization, PartyTier.HOUSEHOLD, PartyKind.HOUSEHOLD)


def _unit(rows: Rows, level: OrgLevel, place: Place, name: str, parent: Place) -> None:
    rows.add(units, level=level, code=place.code, name=name, parent_path=parent.path)


def _organization(
    rows: Rows, place: Place, parent: UUID | None, tier: PartyTier, kind: PartyKind, field: PartyField | None = None
) -> UUID:
    what = {"tier": tier, "kind": kind, "field": field, "name": place.title + _NOUNS[kind]}
    return rows.add(party_organizations, unit_path=place.path, parent_id=parent, **what)
