"""The demo's members. Their names are numbers and their telephone numbers none that could be dialled."""

from datetime import date
from itertools import count
from uuid import UUID

from services.demo.rows import Rows
from services.demo.territory import Grid
from services.members.tables import Standing, members


class People:
    """Members, numbered in the order in which they register."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._numbers = count(1)

    def member(
        self,
        grid: Grid,
        standing: Standing | None = None,
        *,
        employer: str | None = None,
        organization: UUID | None = None,
        left_on: date | None = None,
    ) -> UUID:
        """A new member who lives in a grid and reports to it; the id. By default every third is retired.

        Who is in service belongs to a branch at work, by default one outside the demo, and everyone else to the grid's.
        """
        number = next(self._numbers)
        standing = standing or (Standing.IN_SERVICE if number % 3 else Standing.RETIRED)
        working = standing is Standing.IN_SERVICE
        return self._rows.add(
            members,
            unit_path=grid.place.path,
            home_path=grid.place.path,
            name=f"演示党员{number:04}",
            standing=standing,
            employer=(employer or f"演示单位{number % 20 + 1:02}") if working else None,
            organization_id=organization if working else grid.organization,
            phone=f"1000000{number:04}",
            address=f"{grid.place.title}演示路{number}号",
            left_on=left_on,
        )
