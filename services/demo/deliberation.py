"""The demo's matters 议题 on their way (S23): 500 suggestions of which 137 were carried out, and some from elsewhere.

永春's figures. Days are counted back from today by how far a matter has come, so that some of each step are late.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from services.access.tables import AccountKind, accounts
from services.calendar.working import Calendar
from services.deliberation.tables import Source, matters, moves
from services.deliberation.way import DAYS, WAY, Step
from services.demo.compounds import Compound
from services.demo.days import Days
from services.demo.rows import Rows
from services.demo.territory import Community
from services.demo.years import unannounced
from services.terms import CHINA

SUGGESTED, CARRIED_OUT, OTHERS = 500, 137, 40
ASKED, NOT_ALL = 40, 82  # asked of each that is settled; of the first so many, one is not content
UNSETTLED = 9  # of every so many that were carried out, one is being assessed still
TITLES = (
    *("增设电动车充电棚", "楼道加装扶手", "规范停车秩序", "修缮儿童游乐设施", "设置晾晒区", "整治占道堆物"),
    *("增设路灯", "改造老年食堂", "小区绿化补种", "设立调解室", "开放架空层活动室"),
)
SOURCES = (Source.SURVEY, Source.WHISTLE, Source.VISIT, Source.WINDOW)
WHY = {Step.DROPPED: "不属社区事权，已转有关部门", Step.ACTING: "居民认为仍需改进"}
GONE = (Step.CONSULTING, Step.ACTING, Step.ASSESSING, Step.SETTLED)
AGAIN = (Step.CONSULTING, Step.ACTING, Step.ASSESSING, Step.ACTING, Step.ASSESSING, Step.SETTLED)
# How far it came, on which days after it was proposed, and how long ago that was, give or take so many days.
Course = tuple[Sequence[Step], Sequence[int], int, int]
Titled = tuple[str, str]
CARRIED: Sequence[Course] = ((GONE, (4, 18, 58, 66), 75, 200), (AGAIN, (4, 18, 50, 55, 70, 78), 90, 200))
BEING_ASSESSED: Course = (GONE[:3], (4, 18, 58), 60, 8)
UNDER_WAY: Sequence[Course] = (
    *(((), (), 0, 9), ((), (), 0, 7), (GONE[:1], (4,), 4, 30), (GONE[:1], (3,), 3, 20)),
    *((GONE[:2], (4, 18), 18, 90), (GONE[:2], (5, 20), 20, 60)),
    *(((Step.DROPPED,), (5,), 30, 100), ((Step.CONSULTING, Step.DROPPED), (4, 14), 30, 100)),
)


@dataclass
class Deliberation:
    """Puts matters into the communities of a county, and moves them on."""

    rows: Rows
    days: Days
    county: str
    calendar: Calendar = field(init=False)
    clerk: UUID = field(init=False)
    made: list[tuple[str, list[tuple[Step, date]]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.calendar = Calendar(unannounced(self.days.today))
        since = datetime.combine(self.days.ago(400), time(), CHINA)
        person = {"kind": AccountKind.PERSON, "unit_path": self.county, "created_at": since}
        self.clerk = self.rows.add(accounts, **person, name="演示议事员")

    def among(self, communities: Sequence[Community], compounds: Mapping[str, Compound]) -> Mapping[Titled, UUID]:
        """Suggestions and the rest, one after another in each community, about its compound where it has one.

        Those that were carried out, each by its community's path and its title.
        """
        carried: dict[Titled, UUID] = {}
        for number in range(SUGGESTED + OTHERS):
            path = communities[number % len(communities)].place.path
            at: dict[str, Any] = {"unit_path": path}
            if path in compounds:
                at = {"unit_path": compounds[path].path, "compound_id": compounds[path].id}
            source = Source.SUGGESTION if number < SUGGESTED else SOURCES[number % len(SOURCES)]
            title = TITLES[number % len(TITLES)]
            matter = self.matter(number, {**at, "source": source, "title": title})
            if number < CARRIED_OUT:
                carried[path, title] = matter
        return carried

    def under_way(self, communities: Sequence[Community]) -> dict[UUID, tuple[Community, str]]:
        """In each community a suggestion that is not carried out yet; those consulted on, by where and their titles."""
        consulted: dict[UUID, tuple[Community, str]] = {}
        for number, community in enumerate(communities, CARRIED_OUT):
            at = {"unit_path": community.place.path, "source": Source.SUGGESTION}
            title = TITLES[number % len(TITLES)]
            matter = self.matter(number, {**at, "title": title})
            if _course(number)[0] == GONE[:1]:
                consulted[matter] = community, title
        return consulted

    def matter(self, number: int, values: dict[str, Any], course: Course | None = None) -> UUID:
        """A matter that took its course, the one of its number where none is named; its id."""
        steps, after, ago, more = course or _course(number)
        proposed_on = self.days.ago(ago + number % more)
        came = [(Step.PROPOSED, proposed_on)]
        came += [(step, proposed_on + timedelta(days=days)) for step, days in zip(steps, after, strict=True)]
        self.made.append((values["unit_path"], came))
        step, stepped_on = came[-1]
        assessed = [day for each, day in came if each == Step.ASSESSING]
        matter = self.rows.add(
            matters,
            **values,
            proposed_on=proposed_on,
            step=step,
            stepped_on=stepped_on,
            due_on=self._due(step, stepped_on),
            carried_out_on=assessed[-1] if assessed else None,
            **_outcome(number, step),
        )
        for nth, ((left, since), (led_to, day)) in enumerate(pairwise(came), 1):
            self.rows.add(
                moves,
                matter_id=matter,
                unit_path=values["unit_path"],
                number=nth,
                from_step=left,
                to_step=led_to,
                moved_on=day,
                recorded_at=datetime.combine(day, time(16), CHINA),
                account_id=self.clerk,
                reason=WHY[led_to] if (left, led_to) in OWED else None,
                due_on=self._due(left, since),
                **_outcome(number, led_to),
            )
        return matter

    def counted(self, path: str, first: date, last: date) -> dict[str, int]:
        """What a report counts of a unit's matters and its grids', as services/deliberation/counting.py does."""
        proposed = carried_out = late = 0
        for came in (came for lies, came in self.made if lies.startswith(path)):
            proposed += first <= came[0][1] <= last
            assessed = [day for step, day in came if step == Step.ASSESSING]
            over = came[-1][0] in (Step.ASSESSING, Step.SETTLED)
            carried_out += over and first <= assessed[-1] <= last
            until = [*(day for _, day in came[1:]), date.max]
            due = (self._due(step, since) for step, since in came)
            late += any(by and by < min(day, last) and day >= first for by, day in zip(due, until, strict=True))
        return {"proposed": proposed, "carried_out": carried_out, "late": late}

    def _due(self, step: Step, day: date) -> date | None:
        return self.calendar.after(day, DAYS[step]) if step in DAYS else None


OWED = {(pace.from_step, pace.to_step) for pace in WAY if pace.reason_owed}


def _course(number: int) -> Course:
    """What became of the `number`th of them."""
    if number >= CARRIED_OUT:
        return UNDER_WAY[number % len(UNDER_WAY)]
    return BEING_ASSESSED if number % UNSETTLED == UNSETTLED - 1 else CARRIED[number % 20 == 3]


def _outcome(number: int, step: Step) -> dict[str, int | None]:
    if step is not Step.SETTLED:
        return {"asked": None, "satisfied": None}
    return {"asked": ASKED, "satisfied": ASKED - (number < NOT_ALL)}
