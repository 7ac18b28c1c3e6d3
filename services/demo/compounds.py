"""The demo's compounds with their buildings and owners' committees."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.demo.days import DAY, Days
from services.demo.rows import Rows
from services.demo.territory import Community, Grid
from services.properties.tables import buildings, compounds, owners_committees, phases, sharings

NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Compound:
    """A compound as far as branches, companies, captains and posts need to know it.

    `path` is where it lies: in its grid, or directly in its community; whoever lives there reports to `grid`.
    `committee` is today's owners' committee.
    """

    id: UUID
    path: str
    name: str
    community: Community
    grid: Grid
    buildings: tuple[UUID, ...] = ()
    committee: UUID | None = None


@dataclass(frozen=True, slots=True)
class Surveyed:
    """Adds compounds that were surveyed, numbered within their community from 1."""

    rows: Rows
    days: Days

    def compound(
        self, community: Community, number: int, storeys: Sequence[int], *, gridless: bool = False, great: bool = False
    ) -> Compound:
        """A new compound with one building for each number of storeys, and, but for every fourth, a committee.

        In a great one each building is a phase of its own, the last one the shopping street.
        """
        grid = community.grids[(number - 1) % len(community.grids)]
        name = f"{community.place.title}演示{number}号小区"
        path = community.place.path if gridless else grid.place.path
        households = sum(map(_households, storeys))
        identity = self.rows.add(
            compounds,
            unit_path=path,
            name=name,
            address=f"{community.place.title}演示路{number}号",
            households=households,
            residents=households * 3 - number,
            party_members=households // 12,
            surveyed_on=self.days.year(-1, 60 + number),
        )
        made = Compound(identity, path, name, community, grid)
        phased = self._phases(made, storeys) if great else [None] * len(storeys)
        built = tuple(
            self._building(made, place, height, phase)
            for place, (height, phase) in enumerate(zip(storeys, phased, strict=True), 1)
        )
        return replace(made, buildings=built, committee=self._committee(made, number))

    def shared(self, compound: Compound, by: Community) -> None:
        """A compound lies across two communities since last year: its own, and this one."""
        place = {"compound_id": compound.id, "unit_path": compound.path}
        self.rows.add(sharings, **place, sharer_path=by.place.path, since=self.days.year(-1, 120))

    def closed(self, community: Community) -> None:
        """A compound that was pulled down with its only building: of the past, and in no figure."""
        name = f"{community.place.title}演示旧小区"
        on = self.days.ago(240)
        place = {"unit_path": community.place.path, "closed_on": on}
        compound = self.rows.add(compounds, name=name, households=36, **place)
        place["cut_by_closing"] = True  # it stood until then, and would again if the compound were opened again
        self.rows.add(buildings, compound_id=compound, name="1号楼", households=36, storeys=6, **place)

    def _building(self, compound: Compound, number: int, storeys: int, phase: UUID | None) -> UUID:
        return self.rows.add(
            buildings,
            compound_id=compound.id,
            unit_path=compound.path,
            phase_id=phase,
            name=f"{number}号楼",
            households=_households(storeys),
            storeys=storeys,
        )

    def _phases(self, compound: Compound, storeys: Sequence[int]) -> Sequence[UUID]:
        """One completed every year, the shopping street last year."""
        place = {"compound_id": compound.id, "unit_path": compound.path}
        last = len(storeys)
        return [
            self.rows.add(
                phases,
                **place,
                name="商业街" if number == last else f"{NUMERALS[number - 1]}期",
                number=None if number == last else number,
                households=_households(height),
                completed_on=self.days.year(number - last - 1, 200),
            )
            for number, height in enumerate(storeys, 1)
        ]

    def _committee(self, compound: Compound, number: int) -> UUID | None:
        """The second committee, the first one's term being over; every fourth compound waits for its second."""
        first, second = self.days.year(-6, 150), self.days.year(-1, 150)
        place = {"compound_id": compound.id, "unit_path": compound.path}
        self.rows.add(
            owners_committees, **place, name=f"{compound.name}第一届业主委员会", since=first, until=second - DAY
        )
        if number % 4 == 0:
            return None
        name = f"{compound.name}第二届业主委员会"
        return self.rows.add(owners_committees, **place, name=name, since=second, until=self.days.year(4, 150) - DAY)


def _households(storeys: int) -> int:
    """Four on each floor."""
    return storeys * 4
