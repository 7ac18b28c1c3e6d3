"""What `viewerCan` names is what commands then do, and nothing else: of visits, reports and themes, which some keep
only for themselves, asked by everyone there is of every row they see."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table

from schema.catalogue.offers import Offer
from schema.kit.actions import action_name
from services.access.tables import grants
from services.appointments.tables import PostKind, posts
from services.captains import commands as captains
from services.chairs.tables import themes
from services.deliberation.tables import Source, matters
from services.projects.fund_tables import funds
from services.projects.tables import ProjectKind, projects
from services.properties.tables import contracts, coverages, owners_committees, phases, sharings
from services.storage.transaction import Record
from services.visits.tables import ReportKind, reports, visits
from tests.built import CATALOGUE
from tests.captains.town import COMMUNITY, COUNTY, Town
from tests.golden.world import path_of
from tests.writes.api import Api
from tests.writes.street import day

Who = tuple[str, str]
KEPT = ("instructor_visit", "resident_report", "chair_theme")  # policies: each has rows that are someone's own
LISTS = {"Post": "posts", "Building": "buildings"} | {
    "InstructorVisit": "instructorVisits",
    "ResidentReport": "residentReports",
    "ChairTheme": "chairThemes",
}
OFFERS = [offer for offer in CATALOGUE.offers.values() if offer.command.policy in KEPT]
REFUSED = ("FORBIDDEN", "NOT_FOUND")


@pytest.fixture
async def callers(town: Town) -> list[Who]:
    """Two instructors of a company and its leader, two chairs of a community, a captain, and those above them all."""
    company, body, today = await town.company("安居物业"), await town.organization("社区党委"), await town.today()
    compound = await town.compound("和平小区")
    await town.contract(compound, company, today - timedelta(days=40))
    people = [await town.member(name) for name in ("林一", "陈二", "黄三")]
    in_company = {"company_id": company["id"], "unit_path": company["unit_path"], "since": today - timedelta(days=40)}
    for kind, person in zip((PostKind.INSTRUCTOR, PostKind.INSTRUCTOR, PostKind.COMPANY_LEADER), people, strict=True):
        post = await town.add(posts, kind=kind, member_id=person["id"], **in_company)
        if kind is PostKind.INSTRUCTOR:
            place = {key: post[key] for key in ("company_id", "unit_path")} | {"post_id": post["id"]}
            await town.add(visits, **place, visited_on=today, done="宣讲", recorded_on=today)
    for person, since in zip(people, (today - timedelta(days=70), today - timedelta(days=10)), strict=False):
        await _turn(town, body, person, since)
    for number, person in enumerate(people[:2]):
        building = await town.building(compound, f"{number}号楼")
        await captains.assign(town.tx, building=building, member=person, since=today)
        said = {"kind": ReportKind.REPAIR, "text": "灯不亮", "reported_on": today}
        await town.add(reports, building_id=building["id"], unit_path=building["unit_path"], **said)
    personal = [(role, f"mb_{each['id']}") for each in people for role in ("instructor", "captain", "member")]
    above = [("county_admin", COUNTY), ("town_admin", "350521100"), ("community_admin", COMMUNITY)]
    beside = [("auditor", COUNTY), ("property_committee", COUNTY), ("company_secretary", f"co_{company['id']}")]
    return [*personal, *above, *beside]


async def _turn(town: Town, body: Record, person: Record, since: date) -> None:
    await town.part_time(body, person)
    place = {"organization_id": body["id"], "unit_path": body["unit_path"]}
    term = {"since": since, "until": since + timedelta(days=59)}
    post = await town.add(posts, kind=PostKind.ROTATING_CHAIR, member_id=person["id"], **place, **term)
    await town.add(themes, **place, post_id=post["id"], title="邻里节", planned_on=since)


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.name)
async def test_what_is_named_is_done(api: Api, callers: list[Who], offer: Offer) -> None:
    """A dry run of the command is refused for what it says at most; where the right is not named, altogether, or for
    the very row: no theme is planned of an instructor's term, and no visit recorded of a chair's.
    """
    told: set[bool] = set()
    right = action_name((offer.command.policy, offer.command.action))
    (target, word) = offer.target[0], offer.target[1].word
    rows = LISTS[word.entity]  # type: ignore[union-attr]
    for who in callers:
        page = (await api.data(who, f"{{ {rows}(first: 100) {{ nodes {{ id viewerCan }} }} }}"))[rows]
        for node in (page or {"nodes": []})["nodes"]:
            done = await api.attempt(who, offer.name, **{target: node["id"], **_said(offer)})
            assert done in REFUSED or not isinstance(done, str), done
            refused = done in REFUSED or any(each["field"] == ["input", target] for each in done["userErrors"])
            assert (right in node["viewerCan"]) != refused, (who, node, done)
            told.add(right in node["viewerCan"])
    assert told == {True, False}


ABLE = """query($id: ID!, $account: ID!, $action: Action!) { node(id: $id) { viewerCan }
    explainAccess(node: $id, account: $account, action: $action) { role } viewer { can(at: $id, action: $action) } }"""


async def test_what_a_state_refuses_is_not_named(api: Api, town: Town, callers: list[Who]) -> None:
    """A settled report, a term that has run, a closed building; the right is still explained, where it comes from."""
    admin, held = ("community_admin", COMMUNITY), town.connection.fetchval
    await api.token(*admin)
    account = f"ac_{await held('SELECT id FROM account WHERE name = $1', f'test {admin[0]} {admin[1]}')}"

    async def able(id_: str, action: str) -> set[str]:
        found = await api.data(admin, ABLE, id=id_, account=account, action=action)
        assert found["viewer"]["can"] is (action in found["node"]["viewerCan"])
        assert found["explainAccess"] == [{"role": "community_admin"}]
        return set(found["node"]["viewerCan"])

    report, building, term = [
        f"{tag}_{await held(f'SELECT id FROM {table} ORDER BY id LIMIT 1')}"
        for tag, table in (("rr", "resident_report"), ("bd", "building"), ("ca", "captain_term"))
    ]
    before = await able(report, "RESIDENT_REPORT_ANSWER")
    await api.do(admin, "settleReport", "", id=report, version=1, outcome="已修好", on=day(0))
    answers = {"RESIDENT_REPORT_ANSWER", "RESIDENT_REPORT_RECORD"}
    assert before - await able(report, "RESIDENT_REPORT_ANSWER") == answers
    before = await able(term, "CAPTAIN_END")
    await town.connection.execute("UPDATE captain_term SET since = since - 9, until = current_date - 1")
    assert before - await able(term, "CAPTAIN_END") == {"CAPTAIN_END", "CAPTAIN_HAND_OVER"}
    before = await able(building, "BUILDING_UPDATE")
    await api.do(admin, "closeBuilding", "", id=building, version=1, on=day(0))
    given = {"BUILDING_UPDATE", "BUILDING_CLOSE", "CAPTAIN_ASSIGN", "RESIDENT_REPORT_RECORD"}
    assert before - await able(building, "BUILDING_UPDATE") == given


async def test_what_hangs_on_a_row_leaves_to_be_done(api: Api, town: Town, callers: list[Who]) -> None:
    """With a captain nothing is closed, and what something hangs on is not struck out; no two take over."""
    admin, town_admin = ("community_admin", COMMUNITY), ("town_admin", "350521100")
    compound = await town.compound("新村")
    building, heir = await town.building(compound, "1号楼"), await town.member("许四")
    held = await town.member("黄五")
    of_compound, of_building = f"cp_{compound['id']}", f"bd_{building['id']}"

    async def able(id_: str) -> set[str]:
        asked = "query($id: ID!) { node(id: $id) { viewerCan } }"
        return set((await api.data(town_admin, asked, id=id_))["node"]["viewerCan"])

    bare, empty = await able(of_compound), await able(of_building)
    assert {"COMPOUND_CLOSE", "COMPOUND_REFER"} <= bare
    assert "COMPOUND_CORRECT" not in bare, "a building hangs on it"
    assert {"BUILDING_CLOSE", "BUILDING_CORRECT", "CAPTAIN_ASSIGN"} <= empty
    given = {"buildingId": of_building, "memberId": f"mb_{held['id']}", "since": day(-9)}
    term = (await api.do(admin, "assignCaptain", "captainAssignment { id }", **given))["captainAssignment"]["id"]
    assert bare - await able(of_compound) == {"COMPOUND_CLOSE"}
    assert empty - await able(of_building) == {"BUILDING_CLOSE", "BUILDING_CORRECT", "CAPTAIN_ASSIGN"}
    assert await able(term) == {
        "ACCESS_EXPLAIN",
        *(f"CAPTAIN_{each}" for each in ("CORRECT", "END", "HAND_OVER", "READ")),
    }
    passing = {"id": term, "version": 1, "memberId": f"mb_{heir['id']}", "on": day(5)}
    next_ = (await api.do(admin, "handOverCaptain", "captainAssignment { id }", **passing))["captainAssignment"]["id"]
    assert "CAPTAIN_HAND_OVER" not in await able(term)
    assert "CAPTAIN_ASSIGN" not in await able(of_building), "the heir's term has no end"
    await api.do(admin, "endCaptainTerm", "", id=next_, version=1, on=day(9), reason="调离")
    assert "CAPTAIN_ASSIGN" in await able(of_building)
    await api.do(admin, "assignCaptain", "", **given | {"since": day(10)})


async def test_what_is_to_come_or_tells_of_a_row_leaves_to_be_done(api: Api, town: Town) -> None:
    """Each by itself: a right is gone while it is there, that one alone, and is back once it is not."""
    today, admin = await town.today(), ("town_admin", "350521100")
    compound, phased = await town.compound("新村"), await town.compound("大村")
    company, body = await town.company("安居物业"), await town.organization("社区党委")
    in_new, in_great = ({"compound_id": each["id"], "unit_path": each["unit_path"]} for each in (compound, phased))
    contract = {**in_new, "company_id": company["id"]}
    over = {"organization_id": body["id"], "organization_path": body["unit_path"]}

    async def able(id_: str, who: Who = admin) -> set[str]:
        asked = "query($id: ID!) { node(id: $id) { viewerCan } }"
        return set((await api.data(who, asked, id=id_))["node"]["viewerCan"])

    async def gone(of: str, table: Table, row: dict[str, Any], who: Who = admin) -> set[str]:
        before, made = await able(of, who), await town.add(table, **row)
        lost = before - await able(of, who)
        await town.connection.execute(f"DELETE FROM {table.name} WHERE id = $1", made["id"])
        assert await able(of, who) == before
        return lost

    ahead = {"since": today + timedelta(days=9)}
    to_come = [(contracts, contract), (coverages, {**in_new, **over})]
    to_come += [(sharings, {**in_new, "sharer_path": path_of("350521100002")})]
    to_come += [(owners_committees, {**in_new, "name": "业委会"})]
    id_ = f"cp_{compound['id']}"
    for table, row in to_come:
        assert await gone(id_, table, row | ahead) == {"COMPOUND_CLOSE", "COMPOUND_CORRECT"}, table.name
        assert await gone(id_, table, row | {"since": today}) == {"COMPOUND_CORRECT"}, table.name
    of_company, county = f"co_{company['id']}", ("county_admin", COUNTY)
    for term, lost in (({"until": None}, {"PROPERTY_COMPANY_CLOSE"}), ({"until": today}, set())):
        assert await gone(of_company, contracts, contract | {"since": today} | term, county) == lost
    told = {"title": "加装电梯", "source": Source.VISIT, "proposed_on": today, "stepped_on": today, "due_on": today}
    project = {"name": "修路", "purpose": "出行", "proposed_by": "街道", "kind": ProjectKind.PUBLIC, "budget": 1}
    dated = dict.fromkeys(("proposed_on", "planned_on", "due_on"), today)
    about = [(matters, told), (projects, project | dated), (funds, {"name": "近邻基金", "begun_on": today})]
    for table, row in about:
        assert await gone(id_, table, in_new | row) == {"COMPOUND_CORRECT"}, table.name
    phase = f"ph_{(await town.add(phases, **in_great, name='一期'))['id']}"
    building = await town.building(phased, "1号楼")
    account = await town.connection.fetchval("SELECT id FROM account ORDER BY id LIMIT 1")
    seat = {"account_id": account, "role": "building", "building_id": building["id"]}
    assert await gone(f"bd_{building['id']}", grants, seat) == {"BUILDING_CORRECT"}
    before = await able(phase)
    await town.connection.execute("UPDATE building SET phase_id = $1", UUID(phase[3:]))
    assert before - await able(phase) == {"COMPOUND_PHASE_STRIKE_OUT"}
    before = await able(id_)
    await api.do(admin, "closeCompound", "", id=id_, version=1, on=day(0))
    assert "COMPOUND_REFER" in before - await able(id_)
    units = '{ root: orgUnit(by: {code: "350521100"}) { viewerCan } leaf: orgUnit(by: {code: "%s"}) { viewerCan } }'
    found = await api.data(county, units % COMMUNITY)
    assert ["COMPOUND_CREATE" in found[each]["viewerCan"] for each in ("root", "leaf")] == [False, True]


async def test_what_is_newly_recorded_of_others_is_not_named_of_who_has_left(api: Api, town: Town) -> None:
    """Nor while what is kept of them is restricted; visits to homes are recorded still, by whoever is there."""
    gone, there = await town.member("林一"), f"mb_{(await town.member('陈二'))['id']}"
    node = "query($id: ID!) { node(id: $id) { viewerCan } }"

    async def able(who: Who, id_: str) -> set[str]:
        return set((await api.data(who, node, id=id_))["node"]["viewerCan"])

    id_ = f"mb_{gone['id']}"
    own, admin = ("member", id_), ("community_admin", COMMUNITY)
    before = await able(own, id_), await able(admin, id_)
    change = "UPDATE member SET {} WHERE id = $1"
    await town.connection.execute(change.format("restricted_on = current_date"), gone["id"])
    theirs = {"ACTIVITY_ATTENDANCE_CHECK_IN", "GRID_TERM_REPORT", "MEMBER_PROFILE_RECORD"}
    theirs |= {"PLEDGE_MAKE", "POINT_CLAIM_CLAIM", "MATTER_SUGGEST"}
    assert before[0] - await able(own, id_) == theirs
    await town.connection.execute(change.format("restricted_on = NULL, left_on = current_date"), gone["id"])
    assert before[0] - await able(own, id_) == {*theirs, "HOME_VISIT_RECORD"}
    assert before[1] - await able(admin, id_) >= {"GRID_TERM_ASSIGN"}
    assert "GRID_TERM_ASSIGN" in await able(admin, there)


def test_every_command_says_what_it_does_to_what_is_closed() -> None:
    """Those that ask for no state take it, for a year or a day that lies before."""
    asking_none = {
        offer.name
        for offer in CATALOGUE.offers.values()
        if "closed_on" in CATALOGUE.kinds[offer.target[1].word.entity].entity.table.c  # type: ignore[union-attr]
        if offer.command.when is None
    }
    evaluations = {"recordAssessment", "recordTownEvaluation", "recordCommunityEvaluation"}
    struck_out = {"strikeOutHelpRequest", "strikeOutCentre", "strikeOutFacility"}
    assert asking_none == {*evaluations, "recordLook", *struck_out}


def _said(offer: Offer) -> dict[str, Any]:
    """All that a command asks besides its target."""
    known = {"version": 1, "dryRun": True, "kind": "REPAIR"}
    known |= dict.fromkeys(("visitedOn", "plannedOn", "reportedOn", "on"), day(0))
    known |= dict.fromkeys(("done", "title", "text", "outcome", "reason"), "说明")
    asked = {name: field for name, field in offer.input.fields.items() if name != offer.target[0]}
    return {name: known[name] for name in ["dryRun", *asked] if name in known}
