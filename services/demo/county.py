"""A county of the demo as what fills it sees it."""

from dataclasses import dataclass

from services.demo.days import Days
from services.demo.people import People
from services.demo.rows import Rows
from services.demo.territory import Community


@dataclass(frozen=True, slots=True)
class County:
    """Where rows go, which day it is, whom there is, and the communities: urban ones first, then villages."""

    rows: Rows
    days: Days
    people: People
    path: str
    communities: tuple[Community, ...]

    @property
    def code(self) -> str:
        """The county's code: 350521."""
        return self.path.split("/")[-2]

    def town(self, community: Community) -> str:
        """The path of the town a community lies in."""
        return community.place.above
