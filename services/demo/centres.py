"""The demo's neighbourhood centres, the facilities around them, who operates what there, and where compounds stand.

惠安's figures (S4): 24 centres in the year, one of which serves 7.4 km². Positions are made up, on a lattice of places
three kilometres apart within the county.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from services.calendar.working import Calendar, NotAnnouncedError
from services.catalog.tables import Operation, ServiceFunction
from services.centres.positions import Datum
from services.centres.schedule_tables import milestones
from services.centres.tables import CentreKind, FacilityKind, centres, facilities, operation_terms
from services.centres.walks import compound_positions
from services.demo.compounds import Compound
from services.demo.days import Days
from services.demo.looks import Looks
from services.demo.rows import Rows
from services.demo.sharing import Sharing
from services.demo.territory import Community

CENTRES = 24
LARGE = Decimal("7.4")  # km²
WEST, SOUTH, APART, WIDE = Decimal("118.70"), Decimal("24.95"), Decimal("0.03"), 7
KINDS = (
    *(CentreKind.RADIATING, CentreKind.STAND_ALONE, CentreKind.MULTI_POINT, CentreKind.STAND_ALONE),
    *(CentreKind.TOWN_LEVEL, CentreKind.BANK_OUTLET, CentreKind.STAND_ALONE, CentreKind.CITY_COMPLEX),
)
LEDGER = (
    *((FacilityKind.CLINIC, "卫生站"), (FacilityKind.NURSERY, "托育园"), (FacilityKind.CARE_HOME, "颐养院")),
    *((FacilityKind.VENUE, "文体广场"), (FacilityKind.CANTEEN, "助餐点")),
)
# Which of the operated services a centre has, and how it is run there; each has the first of them at least.
RUN = (
    ("长者食堂", Operation.PRIVATELY_RUN),
    ("日间照料中心", Operation.ENTRUSTED),
    ("四点半课堂", Operation.PURCHASED),
)
STEPS = (
    ("选址", 120),
    ("设计", 90),
    ("主体完工", 45),
    ("设备到位", 15),
    ("验收", 5),
    ("启用", 0),
)  # working days before
LATE = 5  # every so many milestones are behind, and say why
FUNCTIONS = (
    *(ServiceFunction.PARTY_LEADERSHIP, ServiceFunction.ELDERLY_CARE, ServiceFunction.FOOD, ServiceFunction.AFFAIRS),
    *(ServiceFunction.CHILD_CARE, ServiceFunction.MEDICAL, ServiceFunction.LIVING, ServiceFunction.OTHER),
)


@dataclass(frozen=True, slots=True)
class Centres:
    """Puts centres, facilities and positions of numbered communities into a county."""

    rows: Rows
    days: Days
    operated: Mapping[str, UUID]
    looks: Looks

    def lived(self, number: int, community: Community, compounds: Sequence[Compound]) -> None:
        """What is around the `number`th place: a community's compounds and, in the first ones, facilities."""
        for place, compound in enumerate(compounds):
            self._stands(number, place, compound)
        if number < CENTRES:
            for kind, noun in (LEDGER[number % 5], LEDGER[(number + 2) % 5]):
                at = {"unit_path": community.place.path, "address": f"{community.place.title}演示路{number + 1}号"}
                self.rows.add(facilities, **at, kind=kind, name=f"{community.place.title}{noun}", **_at(number, 1))

    def centre(self, number: int, community: Community, spot: int) -> None:
        """A community's centre, at the place of this number. One opens every other week of this year."""
        kind = KINDS[number % len(KINDS)]
        path = community.place.above if kind == CentreKind.TOWN_LEVEL else community.place.path
        opened = self.days.year(0, number * 15)
        centre = self.rows.add(
            centres,
            unit_path=path,
            kind=kind,
            name=f"{community.place.title}邻里中心",
            area_km2=LARGE if number == 0 else Decimal("0.5") + number * Decimal("0.25"),
            functions=list(FUNCTIONS[: 4 + number % 5]),
            dispatches=kind in (CentreKind.RADIATING, CentreKind.TOWN_LEVEL),
            opened_on=opened,
            deadline=opened,
            **_at(spot, 0),
        )
        self._scheduled(number, centre, path, opened)
        self.looks.of(number, centre, path)
        Sharing(self.rows, self.days).of(number, centre, path, opened)
        for name, mode in RUN[: 1 + number % len(RUN)]:
            place = {"centre_id": centre, "unit_path": path, "item_id": self.operated[name]}
            said = {"operator": f"演示运营{number % 6 + 1:02}机构", "mode": mode, "since": opened}
            self.rows.add(operation_terms, **place, **said)

    def _scheduled(self, number: int, centre: UUID, path: str, deadline: date) -> None:
        """Its milestones, as far as the days they are counted by are announced.

        What is due is reached; every fifth was late, or still is while its centre is being built.
        """
        for place, (name, working_days) in enumerate(STEPS):
            try:
                due_on = Calendar().before(deadline, working_days) if working_days else deadline
            except NotAnnouncedError:
                continue
            late = (number + place) % LATE == 0 and due_on < deadline
            waited_for = due_on > self.days.today or (late and deadline > self.days.today)
            done_on = None if waited_for else min(due_on + timedelta(days=6 * late), deadline)
            due = {"due_on": due_on, "first_due_on": due_on, "done_on": done_on}
            said = {"name": name, "working_days": working_days, **due}
            why = "雨天停工" if late and due_on < self.days.today else None
            self.rows.add(milestones, centre_id=centre, unit_path=path, **said, reason=why)

    def _stands(self, number: int, place: int, compound: Compound) -> None:
        """The first compounds of a community are within a walk of its middle, the third and fourth are not."""
        at = {"compound_id": compound.id, "unit_path": compound.path}
        self.rows.add(compound_positions, **at, **_at(number, 2 + 3 * place))


def _at(number: int, steps: int) -> dict[str, object]:
    """So many thousandths of a degree north of the `number`th place of the lattice."""
    longitude = WEST + number % WIDE * APART
    latitude = SOUTH + number // WIDE * APART + steps * Decimal("0.001")
    return {"longitude": longitude, "latitude": latitude, "datum": Datum.WGS84}
