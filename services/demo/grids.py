"""The demo's members in their grids: all in service in 永春, who reported there, and those assigned in 惠安."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from uuid import UUID

from services.demo.county import County
from services.demo.people import Somebody
from services.demo.territory import Grid
from services.members.grid_tables import GridTermKind, ReportChannel, grid_terms
from services.members.tables import Standing

OTHERWISE = 40  # every so many were in another grid of the community, years ago


@dataclass(frozen=True, slots=True)
class Grids:
    """Takes the members of a county into the grids they serve in, as many as its report tells of."""

    county: County

    def reported(self, total: int) -> None:
        """So many in service, all there are, every third of them on site."""
        there = [each for each in self._there() if each.standing is Standing.IN_SERVICE]
        for number, each in enumerate([*there, *self._more(total - len(there))]):
            channel = ReportChannel.ON_SITE if number % 3 == 2 else ReportChannel.ONLINE
            self._term(number, each, GridTermKind.REPORTED, channel)

    def assigned(self, total: int) -> None:
        """So many members of the Party."""
        there = [each for each in self._there() if each.standing is not Standing.RESIDENT]
        for number, each in enumerate([*there, *self._more(total - len(there))]):
            self._term(number, each, GridTermKind.ASSIGNED, None)

    def _there(self) -> list[Somebody]:
        """Who serves in the county by now."""
        return [each for each in self.county.people.here(self.county.path) if not each.gone]

    def _more(self, number: int) -> Iterator[Somebody]:
        """So many new members, in service, grid by grid."""
        grids = cycle(grid for community in self.county.communities for grid in community.grids)
        for _, grid in zip(range(number), grids, strict=False):
            self.county.people.member(grid, Standing.IN_SERVICE)
            yield self.county.people.last

    def _term(self, number: int, each: Somebody, kind: GridTermKind, channel: ReportChannel | None) -> None:
        how = {"kind": kind, "channel": channel}
        since = self.county.days.ago(20 + number % 300)
        if number % OTHERWISE == 1:
            before = self._beside(each.grid)
            self._add(
                each.id, before, since=self.county.days.year(-6), until=self.county.days.year(-4, number % 365), **how
            )
        self._add(each.id, each.grid, since=since, until=None, **how)

    def _beside(self, grid: Grid) -> Grid:
        of = next(each for each in self.county.communities if grid in each.grids)
        return next(each for each in of.grids if each is not grid)

    def _add(self, member: UUID, grid: Grid, **term: object) -> None:
        self.county.rows.add(grid_terms, member_id=member, unit_path=grid.place.path, **term)
