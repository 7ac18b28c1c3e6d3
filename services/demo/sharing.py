"""The demo's venues that centres lend out, who booked them, and what partner units share 共建共享 (S11)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from services.centres.resource_tables import ResourceKind, resources, uses
from services.centres.venue_tables import BorrowerKind, Weekday, bookings, venues
from services.demo.days import Days
from services.demo.rows import Rows
from services.terms import CHINA

ROOMS = (
    ("多功能厅", 80, "08:00", "22:00"),
    ("议事室", 16, "09:00", "18:00"),
)  # every third centre lends the second too
BORROWERS = (
    (BorrowerKind.RESIDENTS_TEAM, "夕阳红合唱队", "排练", 19),
    (BorrowerKind.SOCIAL_ORGANIZATION, "演示志愿者协会", "志愿者培训", 14),
    (BorrowerKind.ENTERPRISE, "演示石材公司", "职工技能培训", 9),
)
WEEKS = (-3, -2, -1, 1)  # from this one: what was, and what is to come
SHARED = (
    *((ResourceKind.VENUE, "夜间停车位三十个"), (ResourceKind.EXPERTISE, "每月义诊")),
    *((ResourceKind.EQUIPMENT, "投影设备"), (ResourceKind.INFORMATION, "招聘信息"), (ResourceKind.FUNDS, "助学金")),
)


@dataclass(frozen=True, slots=True)
class Sharing:
    """Puts venues, bookings, resources and uses of a numbered centre into a county."""

    rows: Rows
    days: Days

    def of(self, number: int, centre: UUID, path: str, opened: date) -> None:
        """What the `number`th centre lends and is lent; nothing is booked or used before it opened."""
        for name, capacity, first, last in ROOMS[: 2 if number % 3 == 0 else 1]:
            place = {"centre_id": centre, "unit_path": path, "days": list(Weekday)}
            said = {"capacity": capacity, "opens_at": first, "closes_at": last}
            room = self.rows.add(venues, **place, **said, name=name)
            self._booked(number, room, path, opened)
        kind, what = SHARED[number % len(SHARED)]
        since = self.days.ago(200)
        said_by = {"provider": f"演示驻区单位{number % 9 + 1:02}", "kind": kind, "name": what}
        shared = self.rows.add(resources, unit_path=path, **said_by, since=since, until=self.days.ago(-165))
        for back in (7 + number, 28 + number):
            if (day := self.days.ago(back)) >= opened:
                place = {"centre_id": centre, "unit_path": path, "resource_id": shared}
                times = _evening(day) if kind is ResourceKind.VENUE else {}
                self.rows.add(uses, **place, **times, used_on=day, people=12 + number)

    def _booked(self, number: int, room: UUID, path: str, opened: date) -> None:
        """Once a week, for two hours; of what is over it is known how many came."""
        for week in WEEKS:
            day = self.days.ago(-7 * week) + timedelta(days=number % 5)
            kind, borrower, purpose, hour = BORROWERS[(number + week) % len(BORROWERS)]
            if hour >= 18 and number % 3 == 0:  # where there is a room that closes at six
                hour = 16
            if day < opened:
                continue
            begins = datetime.combine(day, time(hour), CHINA)
            over = day < self.days.today
            self.rows.add(
                bookings,
                venue_id=room,
                unit_path=path,
                borrower=borrower,
                kind=kind,
                purpose=purpose,
                begins_at=begins,
                ends_at=begins + timedelta(hours=2),
                people=12,
                came=9 + number % 4 if over else None,
            )


def _evening(day: date) -> dict[str, datetime]:
    return {"begins_at": datetime.combine(day, time(19), CHINA), "ends_at": datetime.combine(day, time(21, 30), CHINA)}
