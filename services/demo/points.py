"""The demo's points 积分 (S21): the county's rules, what members in grids claimed this year, and what was granted.

Beside it what they pledged, this year and last, and their appraisal of the last.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.demo.days import Days
from services.demo.rows import Rows
from services.points.pledge_tables import AppraisalGrade, PledgeStatus, appraisals, pledges
from services.points.tables import ClaimStatus, claims, entries, rules

OFFERED = (("参加回家日活动", 10, "每次", 3), ("志愿服务", 2, "每小时", 20), ("认领微心愿", 5, "每件", None))
WAITING, REFUSED = 9, 17  # every so many of the claims of today's quarter waits still; was refused
BEHIND = 6  # every so many members claimed nothing this quarter
PLEDGED = ("每季度参加志愿服务", "带头参加回家日活动", "结对帮扶一户困难家庭")
DONE, BROKEN = 2, 11  # every so many say already what they did about this year's pledge; did not keep last year's


@dataclass
class Points:
    """Records a rule each for what earns points, and claims by them."""

    rows: Rows
    days: Days
    path: str
    made: list[tuple[UUID, int]] = field(default_factory=list)
    number: int = 0

    def __post_init__(self) -> None:
        for name, points, per, most in OFFERED:
            said = {"name": name, "points": points, "per": per, "most_per_quarter": most}
            self.made.append((self.rows.add(rules, unit_path=self.path, **said), points))

    def earned(self, path: str, members: list[UUID]) -> None:
        """What members of a unit claimed in each quarter of this year until today, once or twice."""
        for member in members:
            self.number += 1
            self._pledged(path, member)
            for month in range(1, self.days.today.month + 1, 3):
                now = self.days.today.month - month < 3
                if not now or self.number % BEHIND:
                    for again in range(1 + self.number % 2):
                        self._claim(path, member, month, self.number + again, now=now)

    def _pledged(self, path: str, member: UUID) -> None:
        of, text, year = (
            {"member_id": member, "unit_path": path},
            PLEDGED[self.number % len(PLEDGED)],
            self.days.today.year,
        )
        done = None if self.number % DONE else "已参加两次"
        self.rows.add(pledges, **of, year=year, text=text, done=done, status=PledgeStatus.MADE, assessed_on=None)
        kept = self.number % BROKEN != 0
        status, grade = (
            (PledgeStatus.KEPT, AppraisalGrade.GOOD) if kept else (PledgeStatus.NOT_KEPT, AppraisalGrade.FAIR)
        )
        assessed = self.days.today.replace(year=year - 1, month=12, day=20)
        self.rows.add(pledges, **of, year=year - 1, text=text, done="已完成", status=status, assessed_on=assessed)
        self.rows.add(appraisals, **of, year=year - 1, grade=grade if self.number % 7 else AppraisalGrade.EXCELLENT)

    def _claim(self, path: str, member: UUID, month: int, number: int, *, now: bool) -> None:
        rule, points = self.made[number % len(self.made)]
        day = min(self.days.today.replace(month=month, day=1 + number % 28), self.days.today)
        of = {"rule_id": rule, "member_id": member, "unit_path": path}
        said = {"done_on": day, "claimed_on": day, "text": "按活动安排完成，社区已核对"}
        told: dict[str, Any]
        if now and number % WAITING == 0:
            told = {"status": ClaimStatus.CLAIMED, "answer": None, "reviewed_on": None}
        elif now and number % REFUSED == 0:
            told = {"status": ClaimStatus.REFUSED, "answer": "请补充说明", "reviewed_on": day}
        else:
            told = {"status": ClaimStatus.GRANTED, "answer": None, "reviewed_on": day}
        claim = self.rows.add(claims, **of, **said, **told)
        if told["status"] is ClaimStatus.GRANTED:
            when = {"earned_on": day, "recorded_on": day}
            self.rows.add(entries, **of, claim_id=claim, points=points, **when, corrects_id=None)
