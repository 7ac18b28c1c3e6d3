"""The demo's members. Their names are numbers and their telephone numbers none that could be dialled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import count, pairwise
from typing import Any
from uuid import UUID

from services.demo.rows import Rows
from services.demo.territory import Grid
from services.members.tables import Standing, members
from services.storage.tables import named

NAME = "演示党员"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A member, as far as what they do in their grid needs to know them; `gone` if they have left."""

    id: UUID
    grid: Grid
    standing: Standing
    gone: bool


class People:
    """Members, numbered in the order in which they register."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._made: list[Somebody] = []
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
        made = self._rows.add(
            members,
            unit_path=grid.place.path,
            home_path=grid.place.path,
            **_called(f"{number:04}"),
            standing=standing,
            employer=(employer or f"演示单位{number % 20 + 1:02}") if working else None,
            organization_id=organization if working else grid.organization,
            phone=f"1000000{number:04}",
            address=f"{grid.place.title}演示路{number}号",
            left_on=left_on,
        )
        self._made.append(Somebody(made, grid, standing, left_on is not None))
        return made

    @property
    def last(self) -> Somebody:
        """Who registered last."""
        return self._made[-1]

    def here(self, path: str) -> Sequence[Somebody]:
        """Who registered at or below a path."""
        return [each for each in self._made if each.grid.place.path.startswith(path)]


def _called(digits: str) -> dict[str, Any]:
    """A name with its keys, of which only the digits differ: to read thousands of names takes seconds."""
    known = _read()
    read, initials = known["pinyin"].split()
    name, short = NAME + digits, initials + digits
    pairs = {f"{one}{other}" for text in (name, short) for one, other in pairwise(text)}
    return {"name": name, "folded": name, "pinyin": f"{read}{digits} {short}", "grams": sorted(pairs)}


@cache
def _read() -> dict[str, Any]:
    return named(members, NAME)
