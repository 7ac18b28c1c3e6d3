"""Activities published, changed and cancelled, residents' teams, who sees them, and what they come to."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.activities.commands import next_home_day
from services.activities.tables import CheckIn, attendances
from services.storage.transaction import Record
from services.terms import CHINA
from tests.activities.square import (
    ADMIN,
    AUDITOR,
    COUNTY_ADMIN,
    HOUR,
    NEIGHBOUR,
    OTHER_GRID,
    PARTNER,
    Square,
    activity,
    member,
    square,
    told,
)
from tests.captains.town import COMMUNITY, COUNTY, GRID, Town
from tests.writes.api import Api
from tests.writes.street import day, unit_id

ACTIVITY = "activity { id title kind form beginsAt venue capacity status cancelReason teamName team { name } version }"
TITLES = "{ activities(orderBy: {field: BEGINS_AT}) { nodes { title } } }"
NUMBERS = """query($code: String!, $day: Date) { orgUnit(by: {code: $code}) { indicators(asOf: $day) {
    activitiesHeld checkIns } } }"""


@pytest.fixture
async def here(town: Town) -> Square:
    return await square(town)


def plan(unit: str, **given: Any) -> dict[str, Any]:
    """The input of an activity of tomorrow."""
    times = {"beginsAt": f"{day(1)}T19:00:00", "endsAt": f"{day(1)}T21:00:00+08:00"}
    return {"unitId": unit, "kind": "OTHER", "title": "村晚", "form": "BOTH", "venue": "广场", **times, **given}


async def titles(api: Api, who: tuple[str, str]) -> list[str]:
    return [node["title"] for node in (await api.data(who, TITLES))["activities"]["nodes"]]


async def came_to(town: Town, activity: Record, *who: Record) -> None:
    """These members came to an activity, as it began."""
    place = {"activity_id": activity["id"], "unit_path": activity["unit_path"], "at": activity["begins_at"]}
    for each in who:
        await town.add(attendances, **place, member_id=each["id"], by=CheckIn.CODE)


async def test_published_changed_and_cancelled(api: Api, town: Town) -> None:
    """By a team of residents; what is cancelled stays so."""
    unit, contact = await unit_id(api, COMMUNITY), await town.member("林一")
    team = {"unitId": unit, "name": "夕阳红合唱队", "kind": "合唱", "headCount": 24, "memberId": f"mb_{contact['id']}"}
    shown = "residentsTeam { id name headCount contactName contact { name } }"
    made = (await api.do(ADMIN, "createResidentsTeam", shown, **team))["residentsTeam"]
    of = {"id": made.pop("id")}
    assert made == {
        "name": "夕阳红合唱队",
        "headCount": 24,
        "contactName": "林一",
        "contact": {"name": "林一"},
    }
    assert await told(api, ADMIN, "createResidentsTeam", **team) == [("TAKEN", "name")]
    published = (await api.do(ADMIN, "publishActivity", ACTIVITY, **plan(unit, teamId=of["id"])))["activity"]
    it = {"id": published.pop("id")}
    assert published == {
        "title": "村晚",
        "kind": "OTHER",
        "form": "BOTH",
        "beginsAt": f"{day(1)}T19:00:00+08:00",
        "venue": "广场",
        "capacity": None,
        "status": "PUBLISHED",
        "cancelReason": None,
        "teamName": "夕阳红合唱队",
        "team": {"name": "夕阳红合唱队"},
        "version": 1,
    }
    changed = await api.do(ADMIN, "updateActivity", "activity { title teamName signUpClosesAt version }", **it,
                           title="春晚", teamId=None, beginsAt=f"{day(1)}T18:00:00+08:00")  # fmt: skip
    moved = f"{day(1)}T18:00:00+08:00"
    assert changed["activity"] == {"title": "春晚", "teamName": None, "signUpClosesAt": moved, "version": 2}
    for wrong, field in (
        ({"endsAt": f"{day(1)}T17:00:00+08:00"}, ("INVALID", "endsAt")),
        ({"signUpClosesAt": f"{day(1)}T18:00:01+08:00"}, ("INVALID", "signUpClosesAt")),
        ({"venue": None}, ("INCOMPLETE", "venue")),
        ({"beginsAt": None}, ("INVALID", "beginsAt")),
        ({"beginsAt": f"{day(-1)}T18:00:00+08:00"}, ("INVALID", "beginsAt")),
    ):
        assert await told(api, ADMIN, "updateActivity", **it, **wrong) == [field], wrong
    await api.do(ADMIN, "closeResidentsTeam", "", **of, on=day(0))
    assert await told(api, ADMIN, "updateActivity", **it, teamId=of["id"]) == [("CLOSED", "teamId")]
    done = await api.do(ADMIN, "cancelActivity", ACTIVITY, **it, reason="台风")
    assert (done["activity"]["status"], done["activity"]["cancelReason"]) == ("CANCELLED", "台风")
    for command, more in (("updateActivity", {"title": "再来"}), ("cancelActivity", {"reason": "又"})):
        assert await told(api, ADMIN, command, **it, **more) == [("CLOSED", "id")]
    with pytest.raises(Exception, match="cancelled"):
        await town.connection.execute("UPDATE activity SET status = 'PUBLISHED', cancel_reason = NULL")


async def test_what_cannot_be_published(api: Api) -> None:
    unit = await unit_id(api, COMMUNITY)
    for wrong, refused in (
        ({"beginsAt": None}, ("INVALID", "beginsAt")),
        ({"beginsAt": f"{day(-1)}T19:00:00", "endsAt": f"{day(-1)}T20:00:00"}, ("INVALID", "endsAt")),
        ({"endsAt": "9999-12-31T00:00:00+08:00"}, ("INVALID", "endsAt")),
        ({"capacity": 0}, ("INVALID", "capacity")),
        ({"venue": None}, ("INCOMPLETE", "venue")),
        ({"title": "好" * 101}, ("INVALID", "title")),
    ):
        assert await told(api, ADMIN, "publishActivity", **plan(unit, **wrong)) == [refused], wrong
    without = plan(unit)
    del without["endsAt"]
    assert await told(api, ADMIN, "publishActivity", **without) == [("INCOMPLETE", "endsAt")]
    assert await told(api, ADMIN, "publishActivity", **plan(unit, form="STREAMED", venue=None)) == []
    assert await told(api, NEIGHBOUR, "publishActivity", **plan(unit)) == "NOT_FOUND"
    assert await told(api, AUDITOR, "publishActivity", **plan(unit)) == "FORBIDDEN"


async def test_a_home_day_is_the_last_sunday(api: Api) -> None:
    """Of this month while it is not over, of the next one then; or whichever day is given."""
    morning, over = datetime(2026, 5, 31, 9, tzinfo=CHINA), datetime(2026, 5, 31, 11, tzinfo=CHINA)
    assert next_home_day(over - timedelta(seconds=1)) == (morning, over)
    assert next_home_day(over)[0] == datetime(2026, 6, 28, 9, tzinfo=CHINA)
    assert next_home_day(datetime(2026, 12, 31, 8, tzinfo=CHINA))[0] == datetime(2027, 1, 31, 9, tzinfo=CHINA)
    unit = await unit_id(api, COMMUNITY)
    home = {"unitId": unit, "kind": "HOME_DAY", "title": "回家日", "form": "ON_SITE", "venue": "社区"}
    made = await api.do(ADMIN, "publishActivity", "activity { beginsAt endsAt }", **home)
    begins, ends = (datetime.fromisoformat(made["activity"][name]) for name in ("beginsAt", "endsAt"))
    assert (begins.isoweekday(), begins.hour, ends - begins) == (7, 9, timedelta(hours=2))
    assert (begins + timedelta(days=7)).month != begins.month
    other = {"beginsAt": f"{day(2)}T14:00:00+08:00", "endsAt": f"{day(2)}T15:00:00+08:00"}
    home |= {"title": "又一个回家日"}
    shown = "activity { id kind beginsAt }"
    made = (await api.do(ADMIN, "publishActivity", shown, **home, **other))["activity"]
    assert made == {"id": made["id"], "kind": "HOME_DAY", "beginsAt": other["beginsAt"]}
    # Once for a day, unless it was cancelled.
    again = {**home, **other, "endsAt": f"{day(2)}T16:00:00+08:00"}
    assert await told(api, ADMIN, "publishActivity", **again) == [("TAKEN", "title")]
    await api.do(ADMIN, "cancelActivity", "", id=made["id"], reason="雨")
    await api.do(ADMIN, "publishActivity", "", **again)


async def test_who_sees_what(api: Api, town: Town, here: Square) -> None:
    """Members what is held for where they serve, and nothing of who else comes; auditors without who."""
    await activity(town, "隔壁网格", 2 * HOUR, OTHER_GRID)
    await activity(town, "本网格", 3 * HOUR, GRID)
    await activity(town, "全县", 4 * HOUR, COUNTY)
    await activity(town, "隔壁社区", 5 * HOUR, "350521100002")
    await came_to(town, here.now, here.one, here.two)
    assert await titles(api, member(here.one)) == ["村晚", "本网格", "全县", "义诊"]
    assert await titles(api, ADMIN) == ["村晚", "隔壁网格", "本网格", "全县", "义诊"]
    assert await titles(api, NEIGHBOUR) == ["全县", "隔壁社区"]
    everything = ["村晚", "隔壁网格", "本网格", "全县", "隔壁社区", "义诊"]
    assert await titles(api, COUNTY_ADMIN) == await titles(api, AUDITOR) == everything
    came = "{ activityAttendances { nodes { memberName activity { title } } } }"
    own = [{"memberName": "林一", "activity": {"title": "村晚"}}]
    assert (await api.data(member(here.one), came))["activityAttendances"]["nodes"] == own
    mine = f'{{ member(by: {{id: "mb_{here.two["id"]}"}}) {{ attendances {{ totalCount }} }} }}'
    assert (await api.data(member(here.one), mine))["member"] is None
    assert (await api.data(ADMIN, mine))["member"] == {"attendances": {"totalCount": 1}}
    for who in (AUDITOR, NEIGHBOUR):
        assert (await api.data(who, came))["activityAttendances"]["nodes"] == []
    # The county publishes for members, and what a community publishes is none of its neighbour's to change.
    for who, refused in ((NEIGHBOUR, "NOT_FOUND"), (AUDITOR, "FORBIDDEN"), (member(here.one), "FORBIDDEN")):
        assert await told(api, who, "cancelActivity", id=f"av_{here.later['id']}", version=1, reason="无") == refused


async def test_what_they_come_to(api: Api, town: Town, here: Square) -> None:
    """By unit and day, kind and form; cancelled ones are none, and few check-ins are not told to who only counts."""
    this_year = here.now["ends_at"].astimezone(CHINA).year == here.later["ends_at"].astimezone(CHINA).year
    await activity(town, "已取消", -HOUR, status="CANCELLED", cancel_reason="雨")
    await came_to(town, here.now, *[await town.member(f"党员{number}") for number in range(11)])

    async def numbers(who: tuple[str, str], code: str = COUNTY, on: str | None = None) -> list[Any]:
        return list((await api.data(who, NUMBERS, code=code, day=on))["orgUnit"]["indicators"].values())

    held = here.now["ends_at"].astimezone(CHINA).date().isoformat()
    assert await numbers(ADMIN, COMMUNITY, held) == [1, 11]
    assert await numbers(COUNTY_ADMIN, on=here.later["ends_at"].astimezone(CHINA).date().isoformat()) == (
        [2, 11] if this_year else [1, None]
    )
    assert await numbers(COUNTY_ADMIN, on=day(-2)) == [0, 0]
    assert (await numbers(AUDITOR))[1] == 10
    assert (await numbers(PARTNER))[1] == 10
    totals = "{ activities { totals { count byKind { kind count } byForm { form count } } } }"
    assert (await api.data(ADMIN, totals))["activities"]["totals"] == {
        "count": 3,
        "byKind": [{"kind": "OTHER", "count": 3}],
        "byForm": [{"form": "ON_SITE", "count": 3}],
    }
    # Broken off, it counts for nothing; who came is still on record.
    over = await activity(town, "中断", -2 * HOUR, status="CANCELLED", cancel_reason="暴雨")
    await came_to(town, over, *[await town.member(f"来人{number}") for number in range(20)])
    came = "{ activityAttendances { totalCount totals { count members by { count } } } }"
    assert (await api.data(ADMIN, came))["activityAttendances"] == {
        "totalCount": 31,
        "totals": {"count": 11, "members": 11, "by": [{"count": 11}]},
    }
    assert (await numbers(ADMIN, COMMUNITY, held))[1] == 11
    assert (await numbers(AUDITOR))[1] == 10
