"""Corrections of captains' terms through the API: who may, what is told and kept, and two at once."""

import asyncio
import json
from typing import Any

import pytest

from policies.decide import roles_with
from policies.scope import Way
from schema.audit.nodes import NODES
from services.storage.transaction import Record
from tests.built import CATALOGUE
from tests.captains.test_terms import building, terms
from tests.captains.town import COMMUNITY, COUNTY, Town, days
from tests.captains.town import FIRST as FIRST_DAY
from tests.captains.town import SECOND as SECOND_DAY
from tests.writes.api import Api
from tests.writes.street import made

ADMIN, TOWN_ADMIN, COUNTY_ADMIN = (
    ("community_admin", COMMUNITY),
    ("town_admin", "350521100"),
    ("county_admin", COUNTY),
)
CHANGED = "changed { kind id struckOut sinceBefore untilBefore since until }"
TERM = f"captainAssignment {{ id memberName since until version viewerCan }} {CHANGED}"
TOLD = ("holderBefore", "holder")
FIRST, SECOND = str(FIRST_DAY), str(SECOND_DAY)
WHY = "录入有误"
TRAIL = """{ auditEntries(filter: {command: "strikeOutCaptainTerm"}) {
    nodes { reason changes { nodes { before after } } }
} }"""


@pytest.fixture
async def home(town: Town) -> Record:
    """A building."""
    return await building(town)


@pytest.fixture
async def held(api: Api, town: Town, home: Record) -> list[str]:
    """The terms of two captains, the first of whom handed over."""
    first, second = [f"mb_{(await town.member(name))['id']}" for name in ("甲", "乙")]
    given = {"buildingId": f"bd_{home['id']}", "memberId": first, "since": FIRST}
    term = await made(api, ADMIN, "assignCaptain", "captainAssignment", **given)
    given = {"id": term, "memberId": second, "on": SECOND}
    return [term, await made(api, ADMIN, "handOverCaptain", "captainAssignment", **given)]


def of(term: str, version: int, **given: Any) -> dict[str, Any]:
    """The input of a correction."""
    return {"id": term, "version": version, "reason": WHY, **given}


async def test_who_may_correct(api: Api, held: list[str]) -> None:
    """The town and the county, not the community; with the version it was decided on, and never without one."""
    first, second = held
    given = of(second, 1, since=str(SECOND_DAY + days(9)))
    for command in ("correctCaptainTerm", "strikeOutCaptainTerm"):
        assert await api.attempt(ADMIN, command, **of(second, 1)) == "FORBIDDEN"
        assert await api.attempt(("county_admin", "350524"), command, **of(second, 1)) == "NOT_FOUND"
        assert await api.attempt(TOWN_ADMIN, command, **of(second, 7)) == "CONFLICT"
        assert await api.attempt(TOWN_ADMIN, command, id=second, version=None, reason=WHY) == "BAD_USER_INPUT"
    trial = await api.do(COUNTY_ADMIN, "correctCaptainTerm", TERM, **given, dryRun=True)
    payload = await api.do(COUNTY_ADMIN, "correctCaptainTerm", TERM, **given)
    assert payload == trial
    assert [(each["id"], each["since"], each["until"]) for each in payload["changed"]] == [
        (second, str(SECOND_DAY + days(9)), None),
        (first, FIRST, str(SECOND_DAY + days(8))),
    ]
    assert payload["captainAssignment"]["version"] == 2
    told = (await api.attempt(TOWN_ADMIN, "correctCaptainTerm", **of(second, 2)))["userErrors"]
    assert [(each["code"], each["field"]) for each in told] == [("INCOMPLETE", ["input", "id"])]


async def test_whose_it_was(api: Api, town: Town, home: Record, held: list[str]) -> None:
    """A correction, and what is struck out, names the captain before and after by id; the building finds both."""
    third = f"mb_{(await town.member('丙'))['id']}"
    told = "changed { holderBefore holder }"
    (one, two) = [
        (await api.data(ADMIN, f'{{ node(id: "{term}") {{ ... on CaptainAssignment {{ member {{ id }} }} }} }}'))[
            "node"
        ]
        for term in held
    ]
    changed = await api.do(TOWN_ADMIN, "correctCaptainTerm", told, **of(held[1], 1, memberId=third))
    assert changed["changed"] == [{"holderBefore": two["member"]["id"], "holder": third}]
    gone = await api.do(TOWN_ADMIN, "strikeOutCaptainTerm", told, **of(held[1], 2))
    assert gone["changed"] == [{"holderBefore": third, "holder": None}, dict.fromkeys(TOLD, one["member"]["id"])]
    query = """query($ids: [ID!]!) { nodes(ids: $ids) {
            ... on Building { history(orderBy: {field: AT}) { nodes { ...Entry } } }
            ... on Compound { history(orderBy: {field: AT}) { nodes { ...Entry } } } } }
        fragment Entry on AuditEntry { command building { name } targetCaptainAssignment { id } unit { code } }"""
    ids = [f"bd_{home['id']}", f"cp_{home['compound_id']}"]
    entries, of_compound = (
        each["history"]["nodes"] for each in (await api.data(COUNTY_ADMIN, query, ids=ids))["nodes"]
    )
    assert of_compound == entries
    assert [(each["command"], each["building"] and each["building"]["name"]) for each in entries] == [
        ("assignCaptain", None),
        ("handOverCaptain", "1号楼"),
        ("correctCaptainTerm", "1号楼"),
        ("strikeOutCaptainTerm", "1号楼"),
    ]
    assert {each["unit"]["code"] for each in entries} == {COMMUNITY}


async def test_what_the_audit_keeps(api: Api, town: Town, home: Record, held: list[str]) -> None:
    """Before and after of every term that changed, and why, also of what is gone."""
    first, second = held
    select = f"building {{ id captain {{ memberName }} }} {CHANGED}"
    given = of(second, 1, idempotencyKey="once")
    payload = await api.do(TOWN_ADMIN, "strikeOutCaptainTerm", select, **given)
    assert payload["building"]["captain"] == {"memberName": "甲"}
    assert [(each["id"], each["struckOut"]) for each in payload["changed"]] == [(second, True), (first, False)]
    assert (await api.do(TOWN_ADMIN, "strikeOutCaptainTerm", select, **given))["changed"] == payload["changed"]
    assert await terms(town, home) == [("甲", FIRST_DAY, None)]
    (entry,) = (await api.data(COUNTY_ADMIN, TRAIL))["auditEntries"]["nodes"]
    assert entry["reason"] == WHY
    told = [
        [each[side] and json.loads(each[side]) for side in ("before", "after")] for each in entry["changes"]["nodes"]
    ]
    (gone, nothing), (was, becomes) = sorted(told, key=lambda change: change[1] is not None)
    assert (gone["since"], nothing) == (SECOND, None)
    assert (was["until"], becomes["until"]) == (str(SECOND_DAY - days(1)), None)


REASONS = """query($term: ID!, $unit: ID!) {
    corrections(under: "350521100") { nodes { ...Told } }
    term: node(id: $term) { ... on CaptainAssignment { corrections { nodes { ...Told } } } }
    unit: node(id: $unit) { ... on OrgUnit { corrections { nodes { ...Told } } } }
    auditEntries { nodes { command } }
} fragment Told on Correction { command reason place building { name } unit { code } }"""


async def test_who_reads_why(api: Api, town: Town, home: Record, held: list[str]) -> None:
    """Whoever may correct there, also what the county corrected or struck out, and auditors; the entries as well."""
    first, second = held
    await api.do(COUNTY_ADMIN, "correctCaptainTerm", "", **of(second, 1, since=str(SECOND_DAY + days(9))))
    await api.do(TOWN_ADMIN, "strikeOutCaptainTerm", "", **of(second, 2) | {"reason": "没有此事"})
    unit = await api.connection.fetchval("SELECT 'ou_' || id FROM org_unit WHERE code = $1", COMMUNITY)
    place = ["惠安县", "螺城镇", "北关社区居委会"]
    of_home = {"building": {"name": "1号楼"}, "unit": {"code": COMMUNITY}, "place": place}
    told = [
        {"command": "correctCaptainTerm", "reason": WHY, **of_home},
        {"command": "strikeOutCaptainTerm", "reason": "没有此事", **of_home},
    ]
    for who in (TOWN_ADMIN, COUNTY_ADMIN, ("auditor", COUNTY)):
        data = await api.data(who, REASONS, term=first, unit=unit)
        assert data["corrections"]["nodes"] == data["unit"]["corrections"]["nodes"] == told, who
        assert data["term"]["corrections"]["nodes"] == told, who
        assert {each["command"] for each in told} <= {each["command"] for each in data["auditEntries"]["nodes"]}, who
    for who in (ADMIN, ("town_admin", "350521101"), ("captain", f"bd_{home['id']}"), ("property_committee", COUNTY)):
        data = await api.data(who, REASONS, term=first, unit=unit)
        assert not (data["corrections"] or {}).get("nodes"), who
        assert not ((data["unit"] or {}).get("corrections") or {}).get("nodes"), who


async def test_a_correction_says_of_what(api: Api, held: list[str]) -> None:
    """Which row, of whom and of which days, also where it is gone; not of the term beside it, whose boundary moved."""
    second = held[1]
    later, until = str(SECOND_DAY + days(9)), str(SECOND_DAY + days(99))
    whose = f'{{ node(id: "{second}") {{ ... on CaptainAssignment {{ member {{ id }} building {{ id }} }} }} }}'
    term = (await api.data(ADMIN, whose))["node"]
    await api.do(TOWN_ADMIN, "correctCaptainTerm", "", **of(second, 1, since=later, until=until))
    await api.do(TOWN_ADMIN, "strikeOutCaptainTerm", "", **of(second, 2))
    query = "{ corrections { nodes { title type nodeId fields { name label before after } } } }"
    corrected, gone = (await api.data(TOWN_ADMIN, query))["corrections"]["nodes"]
    since, ended = (
        {"name": name, "label": corrected["fields"][at]["label"]} for at, name in ((0, "since"), (1, "until"))
    )
    assert corrected == {
        "title": "更正楼长任期 / Set right a captain's term that was entered wrongly",
        "type": "CaptainAssignment",
        "nodeId": second,
        "fields": [{**since, "before": SECOND, "after": later}, {**ended, "before": None, "after": until}],
    }
    assert (gone["type"], gone["nodeId"]) == ("CaptainAssignment", second)
    was = {each["name"]: (each["before"], each["after"]) for each in gone["fields"]}
    wanted = {"since": later, "until": until, "member": term["member"]["id"], "building": term["building"]["id"]}
    assert {name: was.get(name) for name in wanted} == {name: (value, None) for name, value in wanted.items()}


def test_what_corrections_tell_of_is_read_by_all_who_read_them() -> None:
    """Auditors have the trail; of the others nobody is told of a row they may not read where it lies."""
    roles = {*roles_with("correction", "read")} - {*roles_with("audit", "read")}
    assert roles == {"town_admin"}
    for name in NODES:
        kind = CATALOGUE.kinds[name].entity
        assert {Way.WITHIN, Way.REGISTERED} & kind.ways.keys(), name
        assert roles <= {*roles_with(kind.policy, "read")}, name


WHYS = """query($ids: [ID!]!) { nodes(ids: $ids) {
    ... on CaptainAssignment { corrections(orderBy: {field: AT, direction: DESC}) { nodes { command nodeId reason } } }
    ... on Building { corrections { nodes { command } } } ... on Compound { corrections { nodes { command } } } } }"""


async def test_a_term_tells_why_it_was_corrected(api: Api, home: Record, held: list[str]) -> None:
    """By a correction of its own, and by one of the term beside it, whose boundary it shared or which gave way to it;
    the building tells of all of them.
    """
    first, second = held
    await api.do(TOWN_ADMIN, "correctCaptainTerm", "", **of(second, 1, since=str(SECOND_DAY + days(9))))
    moved = {"command": "correctCaptainTerm", "nodeId": second, "reason": WHY}
    told = [each["corrections"]["nodes"] for each in (await api.data(TOWN_ADMIN, WHYS, ids=held))["nodes"]]
    assert told == [[moved], [moved]]
    await api.do(TOWN_ADMIN, "strikeOutCaptainTerm", "", **of(second, 2))
    of_building = f"bd_{home['id']}"
    prolonged, around = (await api.data(TOWN_ADMIN, WHYS, ids=[first, of_building]))["nodes"]
    assert prolonged["corrections"]["nodes"] == [moved | {"command": "strikeOutCaptainTerm"}, moved]
    commands = [each["command"] for each in around["corrections"]["nodes"]]
    assert commands == ["correctCaptainTerm", "strikeOutCaptainTerm"]
    assert (await api.data(ADMIN, WHYS, ids=[first]))["nodes"] == [{"corrections": {"nodes": []}}]


@pytest.mark.parametrize("beside", [False, True], ids=["the same term", "two that share a boundary"])
async def test_two_who_correct_at_once(api: Api, town: Town, home: Record, held: list[str], beside: bool) -> None:
    """The town and the county: one success, one conflict, no gap and no overlap."""
    first, second = held
    one = of(second, 1, since=str(SECOND_DAY + days(9)))
    later = SECOND_DAY + days(19)
    other = of(first, 2, until=str(later - days(1))) if beside else of(second, 1, since=str(later))
    for who in (TOWN_ADMIN, COUNTY_ADMIN):
        await api.token(*who)
    outcomes = await asyncio.gather(
        api.attempt(TOWN_ADMIN, "correctCaptainTerm", TERM, **one),
        api.attempt(COUNTY_ADMIN, "correctCaptainTerm", TERM, **other),
    )
    assert [found for found in outcomes if isinstance(found, str)] == ["CONFLICT"]
    (_, _, until), (_, since, _) = await terms(town, home)
    assert until is not None
    assert (since - until).days == 1
    assert since in (SECOND_DAY + days(9), later)
