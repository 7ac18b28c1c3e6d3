"""The demo's help teams 近邻帮困团: one of each kind in a community, and what neighbours asked of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.demo.days import Days
from services.demo.rows import Rows
from services.demo.territory import Community
from services.duties.helping import HelpKind, HelpStatus, requests, team_terms, teams

NAMES = {
    HelpKind.CARE: ("爱心帮扶队", "代买米面", "独居老人"),
    HelpKind.HEALTH: ("健康守护队", "上门量血压", "慢病居民"),
    HelpKind.TUTORING: ("近邻学堂", "假期辅导作业", "双职工家庭"),
    HelpKind.CONVENIENCE: ("便民维修队", "修理水龙头", "行动不便居民"),
}
DONE, DROPPED = "已上门办妥", "家人已解决"


@dataclass(frozen=True, slots=True)
class Helping:
    """Makes teams, puts members into them, and records what was asked."""

    rows: Rows
    days: Days

    def of(self, number: int, community: Community, members: Sequence[UUID]) -> None:
        """The `number`th community's four teams, each with one of its members, or two, and three requests to each."""
        path = community.place.path
        for turn, (kind, (name, asked, whom)) in enumerate(NAMES.items()):
            team = self.rows.add(teams, unit_path=path, kind=kind, name=f"{community.place.title}{name}")
            within = members[turn :: len(NAMES)] or members[:1]
            for member in within:
                term = {"since": self.days.year(-1, 80), "until": None}
                self.rows.add(team_terms, team_id=team, unit_path=path, member_id=member, **term)
            for nth in range(3):
                what = self._became(number + turn + nth, team, within[0])
                day = {"asked_on": self.days.ago(30 + 7 * nth)}
                self.rows.add(requests, unit_path=path, kind=kind, text=asked, beneficiary=whom, **day, **what)

    def _became(self, number: int, team: UUID, member: UUID) -> dict[str, Any]:
        """Most are done, some taken, open or dropped."""
        made: dict[str, Any] = {"status": HelpStatus.DONE, "team_id": team, "member_id": member}
        made |= {"closed_on": self.days.ago(number % 9), "minutes": 30 + number % 4 * 30, "outcome": DONE}
        nothing = dict.fromkeys(("closed_on", "minutes", "outcome"))
        match number % 7:
            case 0:
                made |= {"status": HelpStatus.TAKEN, **nothing}
            case 1:
                made |= {"status": HelpStatus.OPEN, "team_id": None, "member_id": None, **nothing}
            case 2:
                made |= {"status": HelpStatus.DROPPED, "team_id": None, "member_id": None, "minutes": None}
                made |= {"outcome": DROPPED}
        return made
