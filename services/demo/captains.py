"""The demo's building captains: today's, those before them, and buildings that have none."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from services.captains.tables import captain_terms
from services.demo.compounds import Compound
from services.demo.days import DAY, Days
from services.demo.people import People
from services.demo.rows import Rows

Vacant = Callable[
    [int, bool], bool
]  # a compound's number and whether a building is its last -> whether nobody is captain
END = ("工作调动", "搬离小区", "任期届满")


@dataclass(frozen=True, slots=True)
class Captains:
    """Assigns captains, each a member of their own who lives in the compound's grid."""

    rows: Rows
    days: Days
    people: People

    def of(self, number: int, compound: Compound, vacant: Vacant, *, twins: bool = False) -> None:
        """Captains for the buildings of the `number`th compound; of twins, the first two have one together."""
        last = len(compound.buildings) - 1
        shared = self._somebody(compound) if twins else None
        for place, building in enumerate(compound.buildings):
            which = number * 31 + place
            if vacant(number, place == last):
                self._vacancy(compound, building, which)
            elif shared and place < 2:
                self._assign(compound, building, shared, since=self.days.year(-2, which % 365))
            elif which % 8 == 3:
                self._successor(compound, building, which)
            elif which % 23 == 5:  # the first captain of the building, for less than a year
                self._assign(compound, building, self._somebody(compound), since=self.days.ago(20 + which % 300))
            else:
                self._assign(compound, building, self._somebody(compound), since=self.days.year(-2, which % 365))

    def _successor(self, compound: Compound, building: UUID, which: int) -> None:
        """Someone who took over last year, after 1 May; every other time, the second to do so."""
        on = self.days.after_may_day(which)
        before = self.days.year(-3, which % 365)
        if which % 16 == 3:
            began = self.days.year(-5, which % 365)
            self._assign(
                compound, building, self._somebody(compound), since=began, until=before - DAY, **_reason(which)
            )
        term = {"since": before, "until": on - DAY}
        self._assign(compound, building, self._somebody(compound), **term, **_reason(which + 1))
        self._assign(compound, building, self._somebody(compound), since=on)

    def _vacancy(self, compound: Compound, building: UUID, which: int) -> None:
        """Nobody; every other time, someone who moved away last year."""
        if which % 2:
            until = self.days.year(-1, 300)
            gone = self.people.member(compound.grid, left_on=until)
            self._assign(
                compound, building, gone, since=self.days.year(-2, which % 365), until=until, end_reason=END[1]
            )

    def _somebody(self, compound: Compound) -> UUID:
        return self.people.member(compound.grid)

    def _assign(self, compound: Compound, building: UUID, member: UUID, **term: object) -> None:
        self.rows.add(captain_terms, building_id=building, unit_path=compound.path, member_id=member, **term)


def _reason(number: int) -> dict[str, str]:
    return {"end_reason": END[number % len(END)]}
