"""The demo's households, the members who keep contact with ten each, and this year's visits: 永春's figures (S20)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.demo.days import Days
from services.demo.rows import Rows
from services.demo.territory import Grid
from services.households.tables import VisitKind, contacts, households, visits

EACH = 10  # households a member keeps contact with: "1+10"
HARDSHIP, SICK, UNUSUAL, DISPUTES = 200, 145, 87, 56
AGAIN = 4  # every so many of the unusual households, and of the disputes, are visited a second time
SAID = {
    VisitKind.HARDSHIP: "送去慰问金和生活用品",
    VisitKind.SICK: "到医院看望，帮办结算手续",
    VisitKind.UNUSUAL: "了解情况，联系社区专干",
    VisitKind.DISPUTE: "分别听取双方意见，约定再谈",
}
SETTLED = "双方和解"
NEXT = "一周后回访"


@dataclass(frozen=True, slots=True)
class Door:
    """A household, where it lies and who keeps contact with it."""

    household: UUID
    path: str
    member: UUID


@dataclass(frozen=True, slots=True)
class Households:
    """Records households, and the visits of whoever keeps contact with them."""

    rows: Rows
    days: Days

    def of(self, grid: Grid, members: list[UUID]) -> list[Door]:
        """The households of a grid, ten for each of its members, all of them kept contact with since last year."""
        path, made = grid.place.path, []
        for number in range(EACH * len(members)):
            member, name = members[number // EACH], f"{number // 20 + 1}号楼{number // 2 % 10 + 1}0{number % 2 + 1}"
            door = self.rows.add(households, unit_path=path, name=name, residents=1 + number % 5)
            term = {"since": self.days.year(-1, 60 + number % 90), "until": None}
            self.rows.add(contacts, household_id=door, unit_path=path, member_id=member, **term)
            made.append(Door(door, path, member))
        return made

    def visited(self, doors: list[Door]) -> None:
        """The four visits of this year, each kind as many as were published in its own unit."""
        for number in range(HARDSHIP):
            self._visit(doors[number * 3 % len(doors)], VisitKind.HARDSHIP, number)
        for number in range(SICK):
            self._visit(doors[number * 5 % len(doors)], VisitKind.SICK, number)
        for number in range(UNUSUAL):
            for _ in range(1 + (number % AGAIN == 0)):
                self._visit(doors[number], VisitKind.UNUSUAL, number)
        for number in range(DISPUTES):
            door = doors[-1 - number]
            first = self._visit(door, VisitKind.DISPUTE, number + 7, then=NEXT)
            if number % AGAIN == 0:
                self._visit(door, VisitKind.DISPUTE, number, case=first, said=SETTLED)

    def _visit(
        self,
        door: Door,
        kind: VisitKind,
        ago: int,
        *,
        case: UUID | None = None,
        said: str | None = None,
        then: str | None = None,
    ) -> UUID:
        day: date = max(self.days.ago(ago), self.days.year(0))
        place = {"household_id": door.household, "unit_path": door.path, "member_id": door.member}
        told = {"outcome": said or SAID[kind], "next_step": then, "visited_on": day, "recorded_on": day}
        return self.rows.add(visits, **place, kind=kind, case_id=case, **told)
