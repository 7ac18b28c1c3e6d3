"""Every command about a person that takes a day is tried beside terms of theirs in another town: none tells of these.

Two members alike in all that one town reads, whose terms in the other lie on different days, are answered alike on each
day, refusals with their texts. A new command of the kind is noticed: it is walked, or said why it need not be.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from schema.catalogue.offers import InputShape, Offer
from schema.kit.commands import Named
from schema.kit.corrections import TermChange
from services.appointments.tables import PostKind, posts
from services.captains.tables import captain_terms
from services.duties.helping import HelpKind, team_terms, teams
from services.duties.tables import duty_terms, items, needs
from services.households.tables import VisitKind, contacts, households, visits
from services.members.grid_tables import GridTermKind, grid_terms
from services.points.tables import rules
from tests.built import CATALOGUE
from tests.captains.town import Town
from tests.depth import shared_out
from tests.golden.world import path_of
from tests.members.test_grids import FIRST, TOWN_ADMIN
from tests.members.two_towns import THERE, at, date_of, two_towns
from tests.writes.api import Api, mutation
from tests.writes.street import COMMUNITY, COUNTY, OTHER, Street, day

Rows = dict[str, str]  # global ids, by what they are called below
KEEPERS = {FIRST: ("visit_keeper", COMMUNITY), OTHER: ("visit_keeper", OTHER)}
TOWNS = {FIRST: TOWN_ADMIN, OTHER: THERE}
WHY = {"reason": "调整"}
THIRDS = 3  # of the commands, one for each of these members
DAYS = (-75, -70, -60, -52, -46, -44, -41, -36, -31, -26, -21, -16, -11, -6, -1, 0, 5, 10)
VISIT = {"kind": "SICK", "outcome": "探望"}

# The fields a day is tried in, and what is given besides: ids by what they are of.
WALKED: Mapping[str, tuple[tuple[str, ...], dict[str, str], dict[str, Any]]] = {
    "updateMember": (("leftOn",), {"id": "member"}, {}),
    "reportToGrid": (("since",), {"id": "member"}, {"channel": "ON_SITE"}),
    "assignToGrid": (("since",), {"id": "member", "gridId": "unit"}, {}),
    "endGridTerm": (("on",), {"id": "grid"}, WHY),
    "correctGridTerm": (("since", "until"), {"id": "grid"}, WHY),
    "assignCaptain": (("since",), {"buildingId": "free", "memberId": "member"}, {}),
    "handOverCaptain": (("on",), {"id": "captain", "memberId": "other"}, {}),
    "endCaptainTerm": (("on",), {"id": "captain"}, WHY),
    "correctCaptainTerm": (("since", "until"), {"id": "captain"}, WHY),
    "appointSecretary": (("since",), {"partyOrganizationId": "organization", "memberId": "member"}, {}),
    "appointPartTimeMember": (("since", "until"), {"partyOrganizationId": "organization", "memberId": "member"}, {}),
    "crossAppointToOrganization": (("since",), {"partyOrganizationId": "organization", "memberId": "member"}, {}),
    "endPost": (("on",), {"id": "post"}, WHY),
    "correctPost": (("since", "until"), {"id": "post"}, WHY),
    "linkHousehold": (("since",), {"householdId": "second", "memberId": "member"}, {}),
    "endHouseholdContact": (("on",), {"id": "contact"}, WHY),
    "recordHomeVisit": (("visitedOn",), {"householdId": "second", "memberId": "member"}, VISIT),
    "recordEarlierVisit": (("visitedOn",), {"contactId": "contact"}, VISIT),
    "recordVisitInGridTerm": (("visitedOn",), {"gridTermId": "grid", "householdId": "second"}, VISIT),
    "updateHomeVisit": (("visitedOn",), {"id": "visit"}, {}),
    "takeDuty": (("since", "until"), {"needId": "need", "memberId": "member"}, {}),
    "endDutyTerm": (("on",), {"id": "duty"}, WHY),
    "correctDutyTerm": (("since", "until"), {"id": "duty"}, WHY),
    "joinHelpTeam": (("since", "until"), {"teamId": "team", "memberId": "member"}, {}),
    "leaveHelpTeam": (("on",), {"id": "place"}, {}),
    "claimPoints": (("on",), {"memberId": "member", "ruleId": "rule"}, {"text": "打扫楼道"}),
}
LEFT_OUT = {
    "assignMembersToGrids": "by the same steps as assignToGrid; see test_left",
    "appointRotatingChair": "of a part-time member of the same body alone",
    "crossAppointToCommittee": "as to an organization, within the committee's own term",
    "appointCompanySecretary": "the county's",
    "appointInstructor": "the county's",
    "appointCompanyLeader": "the county's",
    "crossAppointToCompany": "the county's",
    "planTheme": "within the post it is of, in the same body",
    "recordVisit": "within the post it is of, the county's",
    "proposeNeighbourProject": "within the post it is of",
    "finishHelpRequest": "after the request's own days",
    "dropHelpRequest": "after the request's own days",
    "updateHelpRequest": "of the request's own days",
    "closeResidentsTeam": "nothing of its leader's hangs on the day",
    "grantRole": "a seat is held by an account, and ends with no term",
}


def _named(shape: InputShape) -> Iterator[Named]:
    for field in shape.fields.values():
        if isinstance(field.word, Named):
            yield field.word
        if field.shape is not None:
            yield from _named(field.shape)


def _days(shape: InputShape) -> bool:
    fields = shape.fields.values()
    return any(field.value is date or (field.shape is not None and _days(field.shape)) for field in fields)


def _of_a_person(offer: Offer) -> bool:
    """Whether a command takes a day and is about a member, or about what is a member's."""
    tables = [CATALOGUE.kinds[entity].entity.table for word in _named(offer.input) for entity in word.entities]
    return _days(offer.input) and any(table.name == "member" or "member_id" in table.c for table in tables)


def test_each_command_of_a_person_that_takes_a_day_is_walked() -> None:
    assert {*WALKED, *LEFT_OUT} == {name for name, offer in CATALOGUE.offers.items() if _of_a_person(offer)}


@pytest.fixture
async def town(api: Api, on: Street) -> Town:
    return await two_towns(api)


async def common(town: Town, code: str) -> Rows:
    """What is in a grid or community of either town for all: households, a team, a need, an organization."""
    place = {"unit_path": at(code)}
    first, second = [await town.add(households, name=f"{number}号", **place) for number in (1, 2)]
    team = await town.add(teams, kind=HelpKind.CARE, name="关爱", **place)
    item = await town.connection.fetchval("SELECT id FROM duty_item")
    need = await town.add(needs, item_id=item, needed=9, since=date_of(-99), **place)
    branch = await town.organization("支部", COMMUNITY)
    await town.connection.execute("UPDATE party_organization SET unit_path = $1 WHERE id = $2", at(code), branch["id"])
    made = {"household": first, "second": second, "team": team, "need": need, "organization": branch}
    ids = {name: str(row["id"]) for name, row in made.items()}
    return ids | {"unit": str(await town.connection.fetchval("SELECT id FROM org_unit WHERE path = $1", at(code)))}


async def busy(town: Town, here: Rows, member: UUID, code: str, since: int, until: int | None) -> Rows:
    """A term of every kind there, and a visit, in a grid where it has begun; their building, and one that is free."""
    days = {"since": date_of(since), "until": date_of(until)}
    whose = {"member_id": member, "unit_path": at(code)}
    compound = await town.compound(f"{member}", COMMUNITY)
    await town.connection.execute("UPDATE compound SET unit_path = $1 WHERE id = $2", at(code), compound["id"])
    compound = {**compound, "unit_path": at(code)}
    held, free = [await town.building(compound, f"{number}号楼") for number in (1, 2)]
    item = await town.connection.fetchval("SELECT id FROM duty_item")
    of_need = {"need_id": UUID(here["need"]), "item_id": item}
    household = {"household_id": UUID(here["household"])}
    made = {
        "captain": await town.add(captain_terms, building_id=held["id"], **whose, **days),
        "place": await town.add(team_terms, team_id=UUID(here["team"]), **whose, **days),
        "duty": await town.add(duty_terms, **of_need, **whose, **days),
        "contact": await town.add(contacts, **household, **whose, **days),
        "post": await town.add(
            posts, kind=PostKind.CROSS_APPOINTMENT, organization_id=UUID(here["organization"]), **whose, **days
        ),
        "free": free,
    }
    if since <= 0:
        said = {"kind": VisitKind.SICK, "outcome": "探望", "visited_on": date_of(since), "recorded_on": date_of(since)}
        made["visit"] = await town.add(visits, **household, **whose, **said)
        made["grid"] = await town.add(grid_terms, kind=GridTermKind.ASSIGNED, **whose, **days)
    return {name: str(row["id"]) for name, row in made.items()}


TAGS = {
    "member": "mb", "other": "mb", "grid": "gt", "unit": "ou", "free": "bd", "captain": "ca", "post": "pt",
    "organization": "po", "household": "hh", "second": "hh", "contact": "hc", "visit": "hv", "need": "dn",
    "duty": "dt", "team": "ht", "place": "hm", "rule": "pr",
}  # fmt: skip


async def answers(api: Api, who: tuple[str, str], command: str, rows: Rows, grid_code: str) -> list[str]:
    """What is answered on each day tried, whosever rows these are."""
    fields, named, given = WALKED[command]
    if any(name not in rows for name in named.values()):
        return []
    ids = {field: f"{TAGS[name]}_{rows[name]}" for field, name in named.items()}
    if command == "reportToGrid":
        ids["gridCode"] = grid_code
    if "version" in CATALOGUE.offers[command].input.fields:
        ids["version"] = await api.version(ids["id"])  # type: ignore[assignment]
    offer = CATALOGUE.offers[command]
    changed = "changed { kind sinceBefore since untilBefore until }" if offer.command.report is TermChange else ""
    told = []
    for field in fields:
        for number in DAYS:
            asked = {**ids, **given, field: day(number), "dryRun": True}
            if command in ("takeDuty", "joinHelpTeam", "appointPartTimeMember") and field == "until":
                asked["since"] = day(0)
            answer = await api.ask(who, mutation(command, changed), input=asked)
            told.append(f"{command}({field}: {number}) {answer.get('errors') or answer['data']}")
    return told


async def walked(api: Api, code: str, each: list[Rows], turn: int, least: int) -> None:
    """Of either member the town is answered alike; and of all commands at least so many can be on one day or other."""
    found, commands = 0, shared_out(WALKED, turn, THIRDS)
    for command in commands:
        who = KEEPERS[code] if "Visit" in command else TOWNS[code]
        one, other = [await answers(api, who, command, rows, code) for rows in each]
        assert one == other
        found += any("'userErrors': []" in answer for answer in one)
    assert found >= least or len(commands) < len(WALKED)


@pytest.fixture
async def both(api: Api, on: Street, town: Town) -> dict[str, Rows]:
    """What either town has for all."""
    county = {"unit_path": path_of(COUNTY)}
    await town.add(items, name="理发", category="便民", occupations=[], skills=[], **county)
    rule = await town.add(rules, name="志愿服务", points=1, per="每次", **county)
    return {code: {**await common(town, code), "rule": str(rule["id"])} for code in (FIRST, OTHER)}


ELSEWHERE = [((-70, -50), (-70, -30)), ((-70, -42), (-60, -22)), ((3, None), (8, None))]


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("terms", ELSEWHERE)
async def test_the_town_they_came_to(
    api: Api,
    on: Street,
    town: Town,
    both: dict[str, Rows],
    own: bool,
    terms: tuple[tuple[int, int | None], tuple[int, int | None]],
) -> None:
    """With terms of theirs there, and without any; what is in the other town is over, or has yet to begin."""
    each, last = [], 2 if terms[0][0] > 0 else None  # in one duty at a time
    somebody = await town.member("王三", COMMUNITY)
    await town.connection.execute("UPDATE member SET unit_path = $1 WHERE id = $2", at(OTHER), somebody["id"])
    for name, days in zip(on.members, terms, strict=True):
        member = UUID(name.partition("_")[2])
        await busy(town, both[FIRST], member, FIRST, *days)
        await town.connection.execute("UPDATE member SET unit_path = $1 WHERE id = $2", at(OTHER), member)
        rows = {**both[OTHER], "member": str(member), "other": str(somebody["id"])}
        each.append(rows | (await busy(town, both[OTHER], member, OTHER, -15, last) if own else {}))
    await walked(api, OTHER, each, ELSEWHERE.index(terms), 9)


@pytest.mark.parametrize(("turn", "left"), [(0, None), (1, (-10, -5))])
@pytest.mark.parametrize("came", [(-35, -25), (-40, -15)])
async def test_the_town_they_left(
    api: Api,
    on: Street,
    town: Town,
    both: dict[str, Rows],
    came: tuple[int, int],
    turn: int,
    left: tuple[int, int] | None,
) -> None:
    """Also who has left the other one since."""
    each = []
    somebody = await town.member("王三", FIRST)
    for number, (name, first) in enumerate(zip(on.members, came, strict=True)):
        member, last = UUID(name.partition("_")[2]), None if left is None else left[number]
        rows = await busy(town, both[FIRST], member, FIRST, -70, -45)
        await town.connection.execute("UPDATE member SET unit_path = $1 WHERE id = $2", at(OTHER), member)
        await busy(town, both[OTHER], member, OTHER, first, last)
        await town.connection.execute("UPDATE member SET left_on = $1 WHERE id = $2", date_of(last), member)
        each.append({**both[FIRST], **rows, "member": str(member), "other": str(somebody["id"])})
    await walked(api, FIRST, each, turn + 2 * (came[0] == -40), 5)
