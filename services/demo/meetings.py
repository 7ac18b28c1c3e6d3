"""The demo's meetings of three parties 三方协商会议 (S16): over parking, six until it was settled, 193 new spaces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from services.deliberation.meeting_tables import (
    MeetingDecision,
    MeetingParty,
    MeetingState,
    attendances,
    items,
    meetings,
    minutes,
    places,
    results,
)
from services.deliberation.tables import Source
from services.demo.compounds import Compound
from services.demo.deliberation import GONE, TITLES, Course, Deliberation
from services.demo.territory import Community
from services.terms import CHINA

PLACES = ("730议事厅", "民情茶室", "和邻话室")
SPACES = 193
# Proposed, consulted on and agreed within a quarter, and carried out in another one.
PARKING: Course = (GONE, (4, 88, 150, 158), 210, 1)
CONSULTED: Course = (GONE[:1], (3,), 9, 5)
# On which days after it was proposed they met, and the votes; the last time they agreed.
MET: Sequence[tuple[int, str, tuple[int, int, int] | None]] = (
    (10, "摸清车位与车辆底数，下次再议", None),
    (24, "公共空间划线方案有分歧，缓议", (11, 9, 3)),
    (38, "绿化带改造方案有分歧，缓议", (12, 8, 2)),
    (52, "请交管部门实地查看后再议", None),
    (67, "收费与管理办法须修改，缓议", (14, 6, 1)),
    (82, "同意划线、改造边角地，由物业组织实施", (19, 2, 1)),
)
VOTES = ("votes_for", "votes_against", "abstained")
PEOPLE = {MeetingParty.PROPERTY: 2, MeetingParty.OWNERS: 5, MeetingParty.COMMUNITY: 2, MeetingParty.RESIDENTS: 12}


@dataclass(frozen=True, slots=True)
class Meetings:
    """Meets over matters of a county."""

    deliberation: Deliberation

    def parking(self, compound: Compound) -> None:
        """The parking of one compound: six meetings in turn at each of the places, and what came of it."""
        rows, at = self.deliberation.rows, {"unit_path": compound.path, "compound_id": compound.id}
        title = "小区停车难：规范停车、增设停车位"
        matter = self.deliberation.matter(0, {**at, "source": Source.VISIT, "title": title}, PARKING)
        halls = [rows.add(places, unit_path=compound.community.place.path, name=name) for name in PLACES]
        proposed_on = self.deliberation.days.ago(PARKING[2])
        for number, (after, decided, votes) in enumerate(MET):
            said = {"title": f"小区停车第{number + 1}次三方协商", "place_id": halls[number % len(halls)]}
            meeting = self._held(compound.community, said, proposed_on + timedelta(days=after), decided)
            agreed = number == len(MET) - 1
            rows.add(
                items,
                meeting_id=meeting,
                unit_path=compound.community.place.path,
                matter_id=matter,
                matter_title=title,
                decision=MeetingDecision.AGREED if agreed else MeetingDecision.DEFERRED,
                decided=decided,
                **dict(zip(VOTES, votes or (None, None, None), strict=True)),
            )
        counted_on = proposed_on + timedelta(days=PARKING[1][2])
        said = {"what": "新增停车位", "quantity": SPACES, "counted_in": "个", "counted_on": counted_on}
        rows.add(results, matter_id=matter, unit_path=compound.path, **said)

    def to_come(self, consulted: Mapping[UUID, tuple[Community, str]]) -> None:
        """A meeting next week about each of these matters, at the first of the places."""
        rows, on = self.deliberation.rows, self.deliberation.days.ago(-7)
        for matter, (community, title) in consulted.items():
            of = {"unit_path": community.place.path}
            place = rows.add(places, **of, name=PLACES[0])
            meeting = rows.add(meetings, **of, place_id=place, title="三方协商会", planned_on=on)
            rows.add(items, **of, meeting_id=meeting, matter_id=matter, matter_title=title)

    def of_compounds(self, community: Community, compounds: Sequence[Compound]) -> None:
        """What a look at each compound brought up is consulted on, and a meeting next week is about all of it."""
        rows, of = self.deliberation.rows, {"unit_path": community.place.path}
        place = rows.add(places, **of, name=PLACES[1])
        meeting = rows.add(
            meetings, **of, place_id=place, title="小区事项三方协商会", planned_on=self.deliberation.days.ago(-7)
        )
        for number, compound in enumerate(compounds):
            at = {"unit_path": compound.path, "compound_id": compound.id, "source": Source.VISIT}
            title = TITLES[number % len(TITLES)]
            matter = self.deliberation.matter(number, {**at, "title": title}, CONSULTED)
            rows.add(items, **of, meeting_id=meeting, matter_id=matter, matter_title=title)

    def _held(self, community: Community, said: Mapping[str, Any], on: date, decided: str) -> UUID:
        rows, of = self.deliberation.rows, {"unit_path": community.place.path}
        meeting = rows.add(meetings, **of, **said, planned_on=on, held_on=on, state=MeetingState.CLOSED)
        for party, people in PEOPLE.items():
            rows.add(attendances, **of, meeting_id=meeting, party=party, people=people)
        written = {"account_id": self.deliberation.clerk, "recorded_at": datetime.combine(on, time(21), CHINA)}
        rows.add(minutes, **of, meeting_id=meeting, number=1, text=f"三方与居民代表到会\n议定：{decided}", **written)
        return meeting
