"""The demo's alliances 党建联盟 (S17): who is in them and leads, their joint meetings, and what came of these."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.deliberation.alliance_tables import AllianceRole, agreements, alliance_terms, alliances, joint_meetings
from services.demo.days import DAY, Days
from services.demo.rows import Rows
from services.demo.territory import Community

NAMES = ("近邻党建联盟", "商圈党建联盟")
UNITS = ("社区卫生服务中心", "中心小学", "农村商业银行网点", "供电营业所", "物业服务企业", "爱心商家协会")
BEGUN, PASSED_ON, LEFT = 420, 150, 60  # days ago
# How many days ago they met, how many units came, about what; what was agreed, after how many days due and done.
MET: Sequence[tuple[int, int, str, Sequence[tuple[str, int, int | None]]]] = (
    (400, 6, "联盟成立，认领共建项目", (("开放单位停车场夜间共享", 60, 45), ("每月一次义诊进社区", 30, 28))),
    (220, 5, "资源清单与需求清单对接", (("设立四点半课堂", 45, 60), ("改造沿街无障碍坡道", 90, None))),
    (70, 6, "老旧小区用电安全", (("入户检查老旧线路", 40, 38), ("增设充电桩", 50, None))),
    (15, 5, "岁末走访慰问", (("走访困难家庭", 30, None),)),
)
DROPPED = "改造沿街无障碍坡道"


@dataclass(frozen=True, slots=True)
class Alliances:
    """Allies communities with what is around them."""

    rows: Rows
    days: Days

    def of(self, number: int, community: Community) -> None:
        """An alliance of a community, whose organization leads it; every other one was led by a unit before."""
        of = {"unit_path": community.place.path}
        begun_on = self.days.ago(BEGUN)
        alliance = self.rows.add(alliances, **of, name=NAMES[number % len(NAMES)], begun_on=begun_on)
        own, lead = {**of, "alliance_id": alliance}, {"organization_id": community.organization}
        first, *others = UNITS
        passed_on = self.days.ago(PASSED_ON) if number % 2 else begun_on
        if number % 2:
            before = {"since": begun_on, "until": passed_on - DAY}
            self.rows.add(alliance_terms, **own, **before, name=first, role=AllianceRole.LEAD)
            self.rows.add(alliance_terms, **own, **before, **lead, role=AllianceRole.MEMBER)
        self.rows.add(alliance_terms, **own, **lead, since=passed_on, role=AllianceRole.LEAD)
        self.rows.add(alliance_terms, **own, name=first, since=passed_on, role=AllianceRole.MEMBER)
        for place, name in enumerate(others, 1):
            until = self.days.ago(LEFT) if name is others[-1] else None
            since = begun_on + timedelta(days=20 * place)
            self.rows.add(alliance_terms, **own, name=name, role=AllianceRole.MEMBER, since=since, until=until)
        self._met(own)

    def _met(self, own: dict[str, object]) -> None:
        """Its joint meetings; of what they agreed one thing was dropped, and one is late."""
        for ago, came, about, agreed in MET:
            held_on = self.days.ago(ago)
            meeting = self.rows.add(joint_meetings, **own, held_on=held_on, units_came=came, about=about)
            for place, (what, due, done) in enumerate(agreed):
                dropped = {"dropped_on": held_on + due * DAY, "drop_reason": "已列入街道改造计划"}
                self.rows.add(
                    agreements,
                    meeting_id=meeting,
                    unit_path=own["unit_path"],
                    agreed_on=held_on,
                    agreed=what,
                    done_by=UNITS[place],
                    due_on=held_on + due * DAY,
                    done_on=None if done is None else held_on + done * DAY,
                    **(dropped if what == DROPPED else {}),
                )
