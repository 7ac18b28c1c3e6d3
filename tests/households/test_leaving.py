"""What a member did where they served ends as they go to serve elsewhere; a move that never was gives it back."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from services.duties.helping import HelpKind, team_terms, teams
from services.duties.tables import duty_terms, items, needs
from services.households.tables import contacts
from services.storage.transaction import Record
from tests.activities.square import activity
from tests.captains.town import COMMUNITY, COUNTY, GRID, Town
from tests.golden.world import path_of
from tests.households.block import ADMIN, OTHER_GRID, TOWN_ADMIN, Block, block
from tests.writes.api import Api
from tests.writes.street import day, unit_id

CHANGED = "changed { kind struckOut untilBefore until }"
WHICH = "changed { id struckOut }"
OTHER_TOWN = "350521101"
HELD = "{ householdContacts { nodes { until endReason } } dutyTerms { nodes { until endReason } } }"
ELSEWHERE = "党员已到别处服务"


@dataclass
class Busy:
    """A member of the first grid, and what is done there: a contact, a term on duty, one in a team."""

    block: Block
    need: Record
    team: Record

    @property
    def named(self) -> dict[str, str]:
        return {"id": f"mb_{self.block.member['id']}"}


@pytest.fixture
async def busy(town: Town) -> Busy:
    """Each has run for some days; that on duty is to end with the need."""
    here = await block(town)
    place, since = {"unit_path": path_of(GRID)}, {"since": await town.today() - timedelta(days=20)}
    item = await town.add(items, name="理发", category="便民", occupations=[], skills=[], unit_path=path_of(COMMUNITY))
    last = {"until": await town.today() + timedelta(days=60)}
    need = await town.add(needs, item_id=item["id"], needed=1, **place, **since, **last)
    team = await town.add(teams, kind=HelpKind.CARE, name="关爱", **place)
    whose = {"member_id": here.member["id"], **place, **since}
    await town.add(duty_terms, need_id=need["id"], item_id=item["id"], **whose, **last)
    await town.add(team_terms, team_id=team["id"], **whose)
    return Busy(here, need, team)


async def held(api: Api) -> dict[str, list[tuple[Any, ...]]]:
    """The last day of each, and why it ended."""
    found = await api.data(ADMIN, HELD)
    terms = await api.connection.fetch("SELECT until FROM help_team_member")
    found["helpTeamMembers"] = {"nodes": [{"until": row["until"] and row["until"].isoformat()} for row in terms]}
    lines = {name: [(each["until"], each.get("endReason")) for each in found[name]["nodes"]] for name in found}
    return {name: sorted(each, key=str) for name, each in lines.items()}


def lasting(contact: str | None, duty: str, team: str | None, why: str | None) -> dict[str, list[tuple[Any, ...]]]:
    """The same, expected."""
    return {
        "householdContacts": [(contact, why)],
        "dutyTerms": [(duty, why)],
        "helpTeamMembers": [(team, None)],
    }


def _told(changed: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return sorted((each["kind"], each["untilBefore"], each["until"]) for each in changed)


async def assigned(api: Api, busy: Busy, grid: str, since: str, select: str = CHANGED) -> Any:
    """Assigned to a grid; what was selected of the payload."""
    given = {**busy.named, "gridId": await unit_id(api, grid), "since": since}
    return await api.do(TOWN_ADMIN, "assignToGrid", f"gridTerm {{ id }} {select}", **given)


async def test_duties_and_teams_end_with_the_move(api: Api, busy: Busy) -> None:
    """On the day before; the payload tells, and a list how many."""
    changed = (await assigned(api, busy, OTHER_GRID, day(-2)))["changed"]
    assert _told(changed) == [
        ("DutyTerm", day(60), day(-3)),
        ("HelpTeamMember", None, day(-3)),
        ("HouseholdContact", None, day(-3)),
    ]
    assert await held(api) == lasting(day(-3), day(-3), day(-3), ELSEWHERE)


async def test_a_list_tells_how_many_end(api: Api, busy: Busy) -> None:
    """Of households, and of duties and teams."""
    row = {"memberId": busy.named["id"], "gridId": await unit_id(api, OTHER_GRID), "since": day(-2)}
    listed = {"unitId": await unit_id(api, COMMUNITY), "members": [row]}
    asked = "recorded { contactsEnded termsEnded }"
    (line,) = (await api.do(ADMIN, "assignMembersToGrids", asked, **listed))["recorded"]
    assert line == {"contactsEnded": 1, "termsEnded": 2}


@pytest.mark.parametrize("begins", [-5, 90])
@pytest.mark.parametrize(("who", "theirs"), [(TOWN_ADMIN, False), (("county_admin", COUNTY), True)])
async def test_what_they_do_for_another_town_is_that_towns_to_end(
    api: Api, town: Town, busy: Busy, who: tuple[str, str], theirs: bool, begins: int
) -> None:
    """Who moves a member within their own town ends it no more than they read it; the county ends both."""
    there = {"unit_path": path_of(OTHER_TOWN), "since": await town.today() + timedelta(days=begins)}
    item = await town.add(items, name="辅导", category="便民", occupations=[], skills=[], unit_path=path_of(COUNTY))
    need = await town.add(needs, item_id=item["id"], needed=1, **there)
    whose = {"need_id": need["id"], "item_id": need["item_id"], "member_id": busy.block.member["id"]}
    term = await town.add(duty_terms, **whose, **there)
    given = {**busy.named, "gridId": await unit_id(api, OTHER_GRID), "since": day(-2)}
    row = {"memberId": given["id"], "gridId": given["gridId"], "since": given["since"]}
    listed = {"unitId": await unit_id(api, COMMUNITY), "members": [row], "dryRun": True}
    (line,) = (await api.do(who, "assignMembersToGrids", "recorded { termsEnded }", **listed))["recorded"]
    assert line["termsEnded"] == (3 if theirs else 2)
    changed = (await api.do(who, "assignToGrid", f"gridTerm {{ id }} {WHICH}", **given))["changed"]
    assert (f"dt_{term['id']}" in {each["id"] for each in changed}) is theirs
    now = await api.connection.fetchrow("SELECT until, version FROM duty_term WHERE id = $1", term["id"])
    assert (now is not None and tuple(now) == (None, 1)) is not theirs


@pytest.mark.parametrize("since", [-2, 0])
async def test_a_move_that_never_was_gives_them_back(api: Api, busy: Busy, since: int) -> None:
    """Each with the last day it had, and the member serves again where they did, also who was in no grid before."""
    term = (await assigned(api, busy, OTHER_GRID, day(since)))["gridTerm"]
    struck = await api.do(
        TOWN_ADMIN, "strikeOutGridTerm", f"member {{ unit {{ code }} }} {CHANGED}", id=term["id"], reason="误记"
    )
    assert struck["member"] == {"unit": {"code": GRID}}
    assert _told(struck["changed"]) == [
        ("DutyTerm", day(since - 1), day(60)),
        ("GridTerm", None, None),
        ("HelpTeamMember", day(since - 1), None),
        ("HouseholdContact", day(since - 1), None),
    ]
    assert await held(api) == lasting(None, day(60), None, None)


async def test_given_back_until_the_next_move(api: Api, busy: Busy) -> None:
    """Where they moved on since, it lasts until that; once that never was either, as long as it would have."""
    wrong = (await assigned(api, busy, OTHER_GRID, day(-9)))["gridTerm"]
    next_ = (await assigned(api, busy, "350521100002", day(-4)))["gridTerm"]
    await api.do(TOWN_ADMIN, "strikeOutGridTerm", "", id=wrong["id"], reason="误记")
    assert await held(api) == lasting(day(-5), day(-5), day(-5), ELSEWHERE)
    asked = "member { unit { code } }"
    struck = await api.do(TOWN_ADMIN, "strikeOutGridTerm", asked, id=next_["id"], reason="误记")
    assert struck["member"] == {"unit": {"code": GRID}}
    assert await held(api) == lasting(None, day(60), None, None)


async def test_a_corrected_move_ends_them_when_and_where_it_was(api: Api, busy: Busy) -> None:
    """Earlier or later, with the day; not at all, once they never went. Each is told, as where a move never was."""
    term = (await assigned(api, busy, OTHER_GRID, day(-2)))["gridTerm"]
    before = day(-3)
    for since in (-9, -1):
        of = {"id": term["id"], "since": day(since), "reason": "误记"}
        changed = (await api.do(TOWN_ADMIN, "correctGridTerm", CHANGED, **of))["changed"]
        ended = day(since - 1)
        assert _told(changed[1:]) == [
            ("DutyTerm", before, ended),
            ("HelpTeamMember", before, ended),
            ("HouseholdContact", before, ended),
        ]
        assert await held(api) == lasting(ended, ended, ended, ELSEWHERE)
        before = ended
    of = {"id": term["id"], "gridId": await unit_id(api, GRID), "reason": "误记"}
    changed = (await api.do(TOWN_ADMIN, "correctGridTerm", CHANGED, **of))["changed"]
    assert _told(changed[1:]) == [
        ("DutyTerm", before, day(60)),
        ("HelpTeamMember", before, None),
        ("HouseholdContact", before, None),
    ]
    assert await held(api) == lasting(None, day(60), None, None)


async def test_a_corrected_move_before_another(api: Api, busy: Busy) -> None:
    """What they did lasts until the next move, and ends with that one's day once it is corrected, on either side."""
    wrong = (await assigned(api, busy, OTHER_GRID, day(-9)))["gridTerm"]
    await assigned(api, busy, "350521100002", day(-4))
    assert await held(api) == lasting(day(-10), day(-10), day(-10), ELSEWHERE)
    of = {"id": wrong["id"], "gridId": await unit_id(api, GRID), "reason": "误记"}
    await api.do(TOWN_ADMIN, "correctGridTerm", "", **of)
    assert await held(api) == lasting(day(-5), day(-5), day(-5), ELSEWHERE)
    await api.do(TOWN_ADMIN, "correctGridTerm", "", id=wrong["id"], until=day(-3), reason="误记")
    assert await held(api) == lasting(day(-3), day(-3), day(-3), ELSEWHERE)
    of |= {"gridId": await unit_id(api, OTHER_GRID)}
    await api.do(TOWN_ADMIN, "correctGridTerm", "", **of)
    assert await held(api) == lasting(day(-10), day(-10), day(-10), ELSEWHERE)


async def test_what_cannot_last_any_longer_stays_over(api: Api, town: Town, busy: Busy) -> None:
    """The household and the team were closed since, and the duty was taken by somebody else."""
    term = (await assigned(api, busy, OTHER_GRID, day(-2)))["gridTerm"]
    await api.do(ADMIN, "closeHousehold", "", id=f"hh_{busy.block.first['id']}", on=day(-1))
    await api.do(ADMIN, "closeHelpTeam", "", id=f"ht_{busy.team['id']}", on=day(-1))
    other = await town.member("陈二")
    taken = {"memberId": f"mb_{other['id']}", "needId": f"dn_{busy.need['id']}", "since": day(-1)}
    await api.do(ADMIN, "takeDuty", "", **taken)
    struck = await api.do(TOWN_ADMIN, "strikeOutGridTerm", CHANGED, id=term["id"], reason="误记")
    assert [each["kind"] for each in struck["changed"]] == ["GridTerm"]
    ended = await held(api)
    assert ended["householdContacts"] == [(day(-3), ELSEWHERE)]
    assert ended["dutyTerms"] == [(day(-3), ELSEWHERE), (day(60), None)]


async def test_what_was_ended_for_itself_is_not_given_back(api: Api, town: Town, busy: Busy) -> None:
    """It is the contact's own end from then on."""
    second = busy.block.second
    place = {"household_id": second["id"], "unit_path": second["unit_path"], "since": await town.today()}
    today = await town.add(contacts, **place, member_id=busy.block.member["id"])
    term = (await assigned(api, busy, OTHER_GRID, day(-2)))["gridTerm"]
    await api.do(ADMIN, "endHouseholdContact", "", id=f"hc_{today['id']}", on=day(0), reason="搬走")
    await api.do(TOWN_ADMIN, "strikeOutGridTerm", "", id=term["id"], reason="误记")
    assert (await held(api))["householdContacts"] == [(day(0), "搬走"), (None, None)]


async def test_sign_ups_for_what_is_to_come_go_to_the_next(api: Api, town: Town, busy: Busy) -> None:
    """Of what is no longer meant for them; what has begun, and what is for both places, stays."""
    hours = timedelta(hours=1)
    mine = await activity(town, "本网格", hours, GRID, capacity=1)
    both = await activity(town, "本社区", hours)
    begun = await activity(town, "已开始", -hours, GRID)
    other = await town.member("陈二")
    for who in (busy.block.member, other):
        for it in (mine, both):
            given = {"activityId": f"av_{it['id']}", "memberId": f"mb_{who['id']}"}
            await api.do(("member", f"mb_{who['id']}"), "signUpForActivity", "", **given)
    place = {"activity_id": begun["id"], "unit_path": begun["unit_path"], "member_id": busy.block.member["id"]}
    await town.connection.execute(
        "INSERT INTO activity_sign_up (id, activity_id, unit_path, member_id, status, at)"
        " VALUES (gen_random_uuid(), $1, $2, $3, 'SIGNED_UP', now())",
        *place.values(),
    )
    await assigned(api, busy, OTHER_GRID, day(-2))
    asked = "{ activitySignUps { nodes { memberName status activity { title } } } }"
    nodes = (await api.data(ADMIN, asked))["activitySignUps"]["nodes"]
    assert {(each["activity"]["title"], each["memberName"]): each["status"] for each in nodes} == {
        ("本网格", "林一"): "CANCELLED",
        ("本网格", "陈二"): "SIGNED_UP",
        ("本社区", "林一"): "SIGNED_UP",
        ("本社区", "陈二"): "SIGNED_UP",
        ("已开始", "林一"): "SIGNED_UP",
    }
