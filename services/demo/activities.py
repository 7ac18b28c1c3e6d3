"""The demo's activities 邻里活动 and home days 回家日 (S11, S21), who came to them, and residents' teams."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from services.activities.commands import BEGINS, ENDS
from services.activities.tables import (
    ActivityForm,
    ActivityKind,
    ActivityStatus,
    CheckIn,
    SignUpStatus,
    activities,
    attendances,
    sign_ups,
    teams,
)
from services.calendar.working import home_day
from services.demo.county import County
from services.demo.territory import Community
from services.terms import CHINA

COMING = 6  # members of a community who come to its home days; one stays away each time
KINDS = (("夕阳红合唱队", "合唱"), ("邻里志愿队", "志愿服务"), ("太极队", "健身"))
RAINED_OFF = 7  # every so many home days are cancelled
PLACES = 20


@dataclass(frozen=True, slots=True)
class Activities:
    """Puts on what there is in the communities of a county."""

    county: County

    def of(self, number: int, community: Community) -> None:
        """The home days from last December's to the end of this year, and what the `number`th one's team organizes."""
        here = self.county.people.here(community.place.path)
        members = [each.id for each in here if not each.gone][:COMING]
        today = self.county.days.today
        for month in range(13):
            day = home_day(*((today.year - 1, 12) if month == 0 else (today.year, month)))
            cancelled = day < today and (number + month) % RAINED_OFF == 3
            it = self._home_day(community, day, cancelled)
            if day < today and not cancelled:
                self._came(it, community, day, [each for place, each in enumerate(members) if place != month % COMING])
        self._of_the_team(number, community, members)

    def _home_day(self, community: Community, day: date, cancelled: bool) -> UUID:
        what = {"kind": ActivityKind.HOME_DAY, "form": ActivityForm.ON_SITE, "title": "回家日", "capacity": None}
        status = ActivityStatus.CANCELLED if cancelled else ActivityStatus.PUBLISHED
        said = {"status": status, "cancel_reason": "台风天气" if cancelled else None, "team_id": None}
        return self._add(community, day, BEGINS, ENDS, **what, **said)

    def _came(self, activity: UUID, community: Community, day: date, members: Sequence[UUID]) -> None:
        """The last of them has no telephone."""
        for number, each in enumerate(members):
            by = CheckIn.ORGANIZER if each is members[-1] else CheckIn.CODE
            at = datetime.combine(day, BEGINS, CHINA) + timedelta(minutes=3 * number)
            place = {"activity_id": activity, "unit_path": community.place.path, "member_id": each}
            self.county.rows.add(attendances, **place, by=by, at=at)

    def _of_the_team(self, number: int, community: Community, members: Sequence[UUID]) -> None:
        """An evening to come, which is streamed as well, and who signed up for it."""
        name, kind = KINDS[number % len(KINDS)]
        of = {"unit_path": community.place.path, "name": f"{community.place.title}{name}", "kind": kind}
        team = self.county.rows.add(teams, **of, head_count=18 + number, member_id=members[0])
        what = {"kind": ActivityKind.OTHER, "form": ActivityForm.BOTH, "title": "邻里村晚", "capacity": PLACES}
        said = {"status": ActivityStatus.PUBLISHED, "cancel_reason": None, "team_id": team}
        day = self.county.days.ago(-14 - number)
        it = self._add(community, day, time(19), time(21), **what, **said)
        for ago, each in enumerate(members):
            at = datetime.combine(self.county.days.ago(1 + ago), time(12), CHINA)
            place = {"activity_id": it, "unit_path": community.place.path, "member_id": each}
            self.county.rows.add(sign_ups, **place, status=SignUpStatus.SIGNED_UP, at=at)

    def _add(self, community: Community, day: date, begins: time, ends: time, **said: object) -> UUID:
        first, last = datetime.combine(day, begins, CHINA), datetime.combine(day, ends, CHINA)
        times = {"begins_at": first, "ends_at": last, "sign_up_closes_at": first}
        where = {"unit_path": community.place.path, "venue": f"{community.place.title}党群服务中心"}
        return self.county.rows.add(activities, **where, **times, **said)
