"""Help teams: who is in them, what is asked, who takes it, who reads it, and what it comes to."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from services.members.tables import NOBODY
from tests.captains.town import Town
from tests.duties.test_service_posts import ADMIN, AUDITOR, COUNTY_ADMIN, OUTSIDE, TOWN_ADMIN, Who, told
from tests.writes.api import Api
from tests.writes.street import day, unit_id

REQUEST = """helpRequest { id version kind text beneficiary askedOn status outcome closedOn minutes place
    team { name } member { name } }"""
SEEN = "{ helpTeams { nodes { name } } helpRequests { nodes { text } } }"
ASKED = {"kind": "CONVENIENCE", "text": "王五家修水管", "beneficiary": "王五"}


@dataclass
class Played:
    """A team of the community with one member, another who is in none, and a request that is open."""

    unit: str
    team: str
    helper: Who
    other: Who
    request: str
    term: str


@pytest.fixture
async def played(api: Api, town: Town) -> Played:
    here = await unit_id(api, ADMIN[1])
    made = await api.do(ADMIN, "createHelpTeam", "helpTeam { id }", unitId=here, kind="CONVENIENCE", name="维修队")
    team: str = made["helpTeam"]["id"]
    helper, other = [("member", f"mb_{(await town.member(name))['id']}") for name in ("林一", "陈二")]
    joined = await api.do(
        helper,
        "joinHelpTeam",
        "helpTeamMember { id teamName memberName }",
        teamId=team,
        memberId=helper[1],
        since=day(-9),
    )
    term = joined["helpTeamMember"]
    assert (term["teamName"], term["memberName"]) == ("维修队", "林一")
    asked = {"unitId": here, **ASKED, "askedOn": day(-3)}
    request: str = (await api.do(ADMIN, "recordHelpRequest", REQUEST, **asked))["helpRequest"]["id"]
    return Played(here, team, helper, other, request, term["id"])


async def test_from_asking_to_what_was_done(api: Api, town: Town, played: Played) -> None:
    """Taken by a member of the team, finished by that member; what is done is final but for striking it out."""
    of = {"id": played.request}
    taking = {**of, "teamId": played.team, "memberId": played.helper[1]}
    assert await told(api, ADMIN, "takeHelpRequest", **taking | {"memberId": played.other[1]}) == [
        ("INVALID", "memberId")
    ]
    assert await told(api, ADMIN, "finishHelpRequest", **of, outcome="好", minutes=60, on=day(0)) == [("CLOSED", "id")]
    assert await told(api, played.helper, "takeHelpRequest", **taking) == "NOT_FOUND"
    taken = (await api.do(ADMIN, "takeHelpRequest", REQUEST, **taking))["helpRequest"]
    assert (taken["status"], taken["team"], taken["member"]) == ("TAKEN", {"name": "维修队"}, {"name": "林一"})
    assert await told(api, ADMIN, "takeHelpRequest", **taking) == [("CLOSED", "id")]
    for values, field in (
        ({"minutes": 0}, "minutes"),
        ({"minutes": 4 * 24 * 60 + 1}, "minutes"),  # more than there was since it was asked
        ({"minutes": 24 * 60 + 1, "on": day(-3)}, "minutes"),
        ({"on": day(1)}, "on"),
        ({"on": day(-4)}, "on"),
    ):
        done = {"outcome": "好", "minutes": 60, "on": day(0)} | values
        assert await told(api, played.helper, "finishHelpRequest", **of, **done) == [("INVALID", field)]
    assert await told(api, played.other, "finishHelpRequest", **of, outcome="好", minutes=1, on=day(0)) == "NOT_FOUND"
    finished = {**of, "outcome": "王五家已修好", "minutes": 90, "on": day(-1)}
    done = (await api.do(played.helper, "finishHelpRequest", REQUEST, **finished))["helpRequest"]
    assert [done[name] for name in ("status", "minutes", "closedOn")] == ["DONE", 90, day(-1)]
    for command, given in (("updateHelpRequest", {"text": "又"}), ("dropHelpRequest", {"outcome": "又", "on": day(0)})):
        assert await told(api, ADMIN, command, **of, **given) == [("CLOSED", "id")]
    rows = await api.connection.fetch("SELECT before::text, after::text FROM audit_change")
    assert "王五" not in str(rows)
    assert "minutes" not in str(rows)  # whose trail is read above the community, where help is counted
    helped = {"kind": "CONVENIENCE", "asked_on": day(-3), "closed_on": day(-1), "minutes": 90}
    for who, told_of in ((COUNTY_ADMIN, []), (ADMIN, [helped]), (played.helper, [helped])):
        held = json.loads((await api.do(who, "exportMember", "data", id=played.helper[1]))["data"])
        assert held["helpTeams"] == [{"team": "维修队", "since": day(-9), "until": None}]
        assert held["helpRequests"] == told_of, who
    neighbour = await town.member("王五")
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=f"mb_{neighbour['id']}")
    said = await api.connection.fetchrow("SELECT text, beneficiary, outcome FROM help_request")
    assert said is not None
    assert tuple(said) == (f"{NOBODY}家修水管", NOBODY, f"{NOBODY}家已修好")
    query = """query($then: Date!) { helpRequests { totals { count minutes byKind { kind count done minutes } } }
        orgUnit(by: {code: "350521"}) { now: indicators { ...N } then: indicators(asOf: $then) { ...N } } }
        fragment N on Indicators { helpRequestsDone helpMinutes change(since: $then) { helpMinutes } }"""
    found = await api.data(ADMIN, query.replace("350521", ADMIN[1]), then=day(-2))
    kinds = [{"kind": "CONVENIENCE", "count": 1, "done": 1, "minutes": 90}]
    assert found["helpRequests"]["totals"] == {"count": 1, "minutes": 90, "byKind": kinds}
    grown = {"helpRequestsDone": 1, "helpMinutes": 90, "change": {"helpMinutes": 90}}
    assert found["orgUnit"]["now"] == grown
    assert found["orgUnit"]["then"]["helpRequestsDone"] == 0
    gone = await api.do(ADMIN, "strikeOutHelpRequest", "orgUnit { code }", **of, reason="重复")
    assert gone["orgUnit"] == {"code": ADMIN[1]}


async def test_two_who_take_one_at_once(api: Api, played: Played) -> None:
    """One does; the other is told that it has changed."""
    await api.do(ADMIN, "joinHelpTeam", "", teamId=played.team, memberId=played.other[1], since=day(0))
    taking = {"id": played.request, "version": 1, "teamId": played.team}
    both = (told(api, ADMIN, "takeHelpRequest", **taking, memberId=who[1]) for who in (played.helper, played.other))
    assert sorted(await asyncio.gather(*both), key=str) == ["CONFLICT", []]


async def test_teams_and_who_is_in_them(api: Api, town: Town, played: Played) -> None:
    joining = {"teamId": played.team, "memberId": played.helper[1], "since": day(0)}
    assert await told(api, ADMIN, "joinHelpTeam", **joining) == "CONFLICT"
    stranger = {"memberId": f"mb_{(await town.member('外人', at='350521100002001'))['id']}"}
    assert await told(api, COUNTY_ADMIN, "joinHelpTeam", **joining | stranger) == [("OUT_OF_REACH", "memberId")]
    making = {"unitId": played.unit, "kind": "CARE", "name": "维修队"}
    assert await told(api, ADMIN, "createHelpTeam", **making) == [("TAKEN", "name")]
    assert await told(api, COUNTY_ADMIN, "updateMember", id=played.helper[1], leftOn=day(0)) == [("CLOSED", "leftOn")]
    await api.do(ADMIN, "closeHelpTeam", "", id=played.team, on=day(0))
    ended = await api.data(ADMIN, "{ helpTeams(filter: {closed: true}) { nodes { members { nodes { until } } } } }")
    assert ended["helpTeams"]["nodes"] == [{"members": {"nodes": [{"until": day(0)}]}}]
    taking = {"id": played.request, "teamId": played.team, "memberId": played.helper[1]}
    assert await told(api, ADMIN, "takeHelpRequest", **taking) == [("CLOSED", "teamId")]
    assert await told(api, ADMIN, "joinHelpTeam", **joining | {"memberId": played.other[1]}) == [("CLOSED", "teamId")]
    assert await told(api, played.helper, "strikeOutHelpTeamMember", id=played.term, reason="误") == "FORBIDDEN"
    left = await api.do(
        ADMIN, "strikeOutHelpTeamMember", "helpTeam { members { totalCount } }", id=played.term, reason="误"
    )
    assert left["helpTeam"]["members"]["totalCount"] == 0


async def test_who_reads(api: Api, town: Town, played: Played) -> None:
    """The texts are the community's and its helper's; whoever is above counts, and reads of the teams."""

    async def seen(who: Who) -> Any:
        found = await api.data(who, SEEN)
        return [found[name] and len(found[name]["nodes"]) for name in ("helpTeams", "helpRequests")]

    assert await seen(ADMIN) == [1, 1]
    for who in (TOWN_ADMIN, COUNTY_ADMIN, AUDITOR, played.helper, played.other):
        assert await seen(who) == [1, 0], who
    assert [await seen(who) for who in OUTSIDE] == [[0, 0]] * 3
    await api.do(ADMIN, "takeHelpRequest", "", id=played.request, teamId=played.team, memberId=played.helper[1])
    assert [await seen(who) for who in (played.helper, played.other)] == [[1, 1], [1, 0]]
    for who in (AUDITOR, TOWN_ADMIN, COUNTY_ADMIN, played.other, *OUTSIDE):
        dropping = {"id": played.request, "outcome": "x", "on": day(0)}
        assert await told(api, who, "dropHelpRequest", **dropping) == "NOT_FOUND", who
    counts = '{ orgUnit(by: {code: "350521100"}) { indicators { helpRequestsDone helpMinutes } } }'
    add = """INSERT INTO help_request (id, unit_path, team_id, member_id, kind, text, beneficiary, asked_on, status,
            outcome, closed_on, minutes)
        SELECT gen_random_uuid(), t.unit_path, t.id, $1, 'CARE', '买米', '王五', $2, 'DONE', '好', $2, 30
        FROM help_team t, generate_series(1, 23)"""
    await api.connection.execute(add, UUID(played.helper[1][3:]), await town.today())
    for who in (TOWN_ADMIN, COUNTY_ADMIN, AUDITOR):
        assert (await api.data(who, counts))["orgUnit"]["indicators"] == {"helpRequestsDone": 20, "helpMinutes": None}
