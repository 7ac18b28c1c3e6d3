"""Compounds that lie across two communities: who may say so, what is refused, and what the sharing one reads."""

from typing import Any

from services.captains.tables import captain_terms
from tests.captains.town import COMMUNITY, COUNTY, GRID, Town
from tests.properties.shared import FAR, FAR_TOWN, SHARING, TOWN_ADMIN, compound, far, shared, town
from tests.properties.test_phases import told
from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY_ADMIN, NEIGHBOUR, OTHER, TOWN, day, unit_id

__all__ = ["compound", "town"]  # fixtures

SEEN = """{ compounds { nodes { name contract { companyName } coverage { partyOrganizationName }
        ownersCommittee { name } unit { code } viewerCan
        buildings { nodes { name phaseName captain { memberName } viewerCan } } phases { nodes { name } } } }
    compoundSharings { nodes { compoundName sharerPlace } } captainAssignments { totalCount }
    contracts { totalCount } coverages { totalCount } ownersCommittees { totalCount } buildings { totalCount } }"""
LISTS = ("captainAssignments", "contracts", "coverages", "ownersCommittees", "buildings")


async def test_it_is_shared_ended_corrected_and_struck_out(api: Api, compound: str) -> None:
    sharing = await shared(api, compound, since=day(-9))
    assert (sharing["since"], sharing["until"], sharing["version"]) == (day(-9), None, 1)
    assert (sharing["compoundName"], sharing["unit"]["code"], sharing["sharer"]["code"]) == (
        "和平小区",
        COMMUNITY,
        OTHER,
    )
    assert sharing["place"][-1] != sharing["sharerPlace"][-1]
    assert sharing["compound"]["sharedWith"]["nodes"] == [{"sharer": {"code": OTHER}}]
    again = {"compoundId": compound, "unitId": await unit_id(api, OTHER), "since": day(1)}
    assert await told(api, TOWN_ADMIN, "shareCompound", **again) == "CONFLICT"
    of: dict[str, Any] = {"id": sharing["id"]}
    ended = await api.do(TOWN_ADMIN, "endSharing", SHARING, **of, on=day(-1))
    assert ended["compoundSharing"]["until"] == day(-1)
    assert ended["compoundSharing"]["compound"] == {
        "name": "和平小区",
        "sharedWith": {"nodes": []},
        "sharings": {"totalCount": 1},
    }
    why = {**of, "version": 2, "reason": "记错"}
    changed = "changed { kind until holderBefore holder }"
    corrected = await api.do(TOWN_ADMIN, "correctSharing", f"{SHARING} {changed}", **why, until=None)
    whose = {"holderBefore": again["unitId"], "holder": again["unitId"]}
    assert corrected["changed"] == [{"kind": "CompoundSharing", "until": None, **whose}]
    assert corrected["compoundSharing"]["compound"]["sharedWith"]["nodes"] == [{"sharer": {"code": OTHER}}]
    history = "{ compoundSharings { nodes { history { nodes { command targetCompoundSharing { since } } } } } }"
    (seen,) = (await api.data(COUNTY_ADMIN, history))["compoundSharings"]["nodes"]
    assert seen["history"]["nodes"][1:] == [
        {"command": command, "targetCompoundSharing": {"since": day(-9)}}
        for command in ("endSharing", "correctSharing")
    ]
    select = f"compound {{ sharings {{ totalCount }} }} {changed}"
    gone = await api.do(TOWN_ADMIN, "strikeOutSharing", select, **why | {"version": 3})
    assert gone["compound"]["sharings"]["totalCount"] == 0
    assert gone["changed"] == [{"kind": "CompoundSharing", "until": None, **whose, "holder": None}]


async def test_what_is_refused(api: Api, compound: str) -> None:
    """What is no community, the compound's own, an end before the beginning; a move into the one that shares it."""
    of: dict[str, Any] = {"compoundId": compound, "since": day(0)}
    for code in (COMMUNITY, GRID, TOWN):
        unit = await unit_id(api, code)
        assert await told(api, COUNTY_ADMIN, "shareCompound", **of, unitId=unit) == [("INVALID", "unitId")], code
    other = await unit_id(api, OTHER)
    assert await told(api, TOWN_ADMIN, "shareCompound", **of, unitId=other, until=day(-1)) == [("INVALID", "until")]
    assert await told(api, TOWN_ADMIN, "shareCompound", **of | {"unitId": other, "since": "2100-01-01"}) == [
        ("INVALID", "since")
    ]
    sharing = await shared(api, compound)
    move: dict[str, Any] = {"id": compound, "unitId": other}
    assert await told(api, TOWN_ADMIN, "updateCompound", **move, version=1) == [("INVALID", "unitId")]
    ending = {"id": sharing["id"], "on": day(1)}
    await api.do(TOWN_ADMIN, "endSharing", "", **ending)
    assert await told(api, TOWN_ADMIN, "endSharing", **ending | {"on": day(2)}) == [("INVALID", "on")]
    assert await told(api, TOWN_ADMIN, "updateCompound", **move, version=1) == [("INVALID", "unitId")]


async def test_it_is_the_matter_of_who_administers_both(api: Api, compound: str) -> None:
    """Neither community alone, nor either's town; each of them reads it."""
    of = {"compoundId": compound, "unitId": await far(api), "since": day(0)}
    for who, code in (
        (ADMIN, "FORBIDDEN"),
        (TOWN_ADMIN, "NOT_FOUND"),
        (FAR_TOWN, "NOT_FOUND"),
        (("auditor", COUNTY), "FORBIDDEN"),
        (("property_committee", COUNTY), "FORBIDDEN"),
    ):
        assert await told(api, who, "shareCompound", **of) == code, who
    sharing = (await api.do(COUNTY_ADMIN, "shareCompound", SHARING, **of))["compoundSharing"]
    ending = {"id": sharing["id"], "on": day(0)}
    correcting = {"id": sharing["id"], "version": 1, "reason": "记错"}
    for who in (ADMIN, TOWN_ADMIN, FAR_TOWN, ("community_admin", FAR), ("property_committee", COUNTY)):
        assert await told(api, who, "endSharing", **ending) == "FORBIDDEN", who
        assert await told(api, who, "strikeOutSharing", **correcting) == "FORBIDDEN", who
        (seen,) = (await api.data(who, SEEN))["compoundSharings"]["nodes"]
        assert seen == {"compoundName": "和平小区", "sharerPlace": sharing["sharerPlace"]}, who
    assert await told(api, NEIGHBOUR, "endSharing", **ending) == "NOT_FOUND"
    await api.do(COUNTY_ADMIN, "endSharing", "", **ending)


async def beside(api: Api, town: Town) -> None:
    """Another compound of the same community, with a captain, which nobody shares."""
    row = await town.compound("北关花园")
    await api.do(ADMIN, "createBuilding", "", compoundId=f"cp_{row['id']}", name="9号楼")
    building = await town.connection.fetchval("SELECT id FROM building WHERE compound_id = $1", row["id"])
    captain = {"building_id": building, "unit_path": row["unit_path"], "since": await town.today()}
    await town.add(captain_terms, **captain, member_id=(await town.member("陈二"))["id"])


NONE = """{ compounds { nodes { partyOrganization { name } company { name } position { latitude }
        coverage { partyOrganizationName } contract { companyName } } }
    located: compounds(filter: {hasPosition: false}) { totalCount }
    contracted: compounds(filter: {contract: {none: {}}}) { totalCount }
    covered: compounds(filter: {coverage: {none: {}}}) { totalCount }
    managed: compounds(filter: {company: {none: {}}}) { totalCount }
    led: compounds(filter: {partyOrganization: {none: {}}}) { totalCount } }"""


async def test_what_comes_with_a_compound_tells_none_from_not_one_s_own(api: Api, town: Town, compound: str) -> None:
    """Its position, contract and coverage, also to who shares or manages it; whom these are with may be another's."""
    await api.do(ADMIN, "locateCompound", "", id=compound, longitude=118.8, latitude=24.9)
    await shared(api, compound)
    company = f"co_{await town.connection.fetchval('SELECT id FROM property_company')}"
    names = {"coverage": {"partyOrganizationName": "小区党支部"}, "contract": {"companyName": "安居物业"}}
    for who, hidden in ((ADMIN, 0), (NEIGHBOUR, 2), (("company_secretary", company), 1)):
        told = await api.data(who, NONE)
        (seen,) = told.pop("compounds")["nodes"]
        none = {name: number["totalCount"] for name, number in told.items()}
        assert {name: seen[name] for name in names} == names, who
        assert (none["located"], none["contracted"], none["covered"]) == (0, 0, 0), who
        assert none["managed"] + none["led"] == hidden == [seen["company"], seen["partyOrganization"]].count(None), who
    assert (await api.data(NEIGHBOUR, NONE))["compounds"]["nodes"][0]["position"] == {"latitude": 24.9}


async def test_who_shares_it_reads_what_serves_there_and_changes_nothing(api: Api, town: Town, compound: str) -> None:
    """From the first day to the last; its buildings, captains, contract, coverage and committee, and no more."""
    await beside(api, town)
    for who in (NEIGHBOUR, ("auditor", OTHER)):
        assert (await api.data(who, SEEN))["compounds"]["nodes"] == [], who
    sharing = await shared(api, compound)
    found = await api.data(NEIGHBOUR, SEEN)
    (seen,) = found["compounds"]["nodes"]
    assert {name: found[name]["totalCount"] for name in LISTS} == dict.fromkeys(LISTS, 1)
    assert (seen["contract"], seen["coverage"]) == (
        {"companyName": "安居物业"},
        {"partyOrganizationName": "小区党支部"},
    )
    assert (seen["ownersCommittee"], seen["unit"]) == ({"name": "和平小区业委会"}, None)
    (building,) = seen["buildings"]["nodes"]
    assert building == {
        "name": "1号楼",
        "phaseName": "一期",
        "captain": {"memberName": "林一"},
        "viewerCan": ["BUILDING_READ"],
    }
    assert seen["phases"]["nodes"] == [{"name": "一期"}]
    assert "COMPOUND_UPDATE" not in seen["viewerCan"]
    change = {"id": compound, "version": 1, "households": 7}
    for command, given in (
        ("updateCompound", change),
        ("createBuilding", {"compoundId": compound, "name": "2号楼"}),
        ("createPhase", {"compoundId": compound, "name": "二期"}),
        ("closeCompound", {"id": compound, "version": 1, "on": day(0)}),
    ):
        assert await told(api, NEIGHBOUR, command, **given) == "FORBIDDEN", command
    own = f"po_{(await town.organization('西北党支部', OTHER))['id']}"
    covering = {"partyOrganizationId": own, "compoundIds": [compound], "since": day(0)}
    assert await told(api, NEIGHBOUR, "coverCompounds", **covering) == "FORBIDDEN"
    auditor = await api.data(("auditor", OTHER), SEEN)
    assert auditor["compounds"]["nodes"][0]["name"] == "和平小区"
    assert (await api.data(("auditor", "350521101"), SEEN))["compounds"]["nodes"] == []
    await api.do(TOWN_ADMIN, "endSharing", "", id=sharing["id"], on=day(0))
    assert len((await api.data(NEIGHBOUR, SEEN))["compounds"]["nodes"]) == 1
    why = {"id": sharing["id"], "version": 2, "reason": "记错"}
    await api.do(TOWN_ADMIN, "correctSharing", "", **why, since=day(-3), until=day(-1))
    over = await api.data(NEIGHBOUR, SEEN)
    assert over["compounds"]["nodes"] == []
    assert {name: over[name]["totalCount"] for name in LISTS} == dict.fromkeys(LISTS, 0)


async def test_numbers_count_it_once_where_it_lies(api: Api, compound: str) -> None:
    query = """query($home: String!, $other: String!) {
        home: orgUnit(by: {code: $home}) { ...of } other: orgUnit(by: {code: $other}) { ...of }
        town: orgUnit(by: {code: "350521100"}) { ...of }
        compounds(filter: {sharedWith: {some: {}}}) { nodes { name } } }
    fragment of on OrgUnit {
        compounds { totalCount } sharedCompounds { nodes { name } } indicators { compounds coveredCompounds } }"""

    async def counted() -> Any:
        found = await api.data(TOWN_ADMIN, query, home=COMMUNITY, other=OTHER)
        listed = [each["name"] for each in found.pop("compounds")["nodes"]]
        return listed, {
            name: (
                each["compounds"]["totalCount"],
                len(each["sharedCompounds"]["nodes"]),
                each["indicators"]["compounds"],
                each["indicators"]["coveredCompounds"],
            )
            for name, each in found.items()
        }

    assert await counted() == ([], {"home": (1, 0, 1, 1), "other": (0, 0, 0, 0), "town": (1, 0, 1, 1)})
    await shared(api, compound)
    assert await counted() == (["和平小区"], {"home": (1, 0, 1, 1), "other": (0, 1, 0, 0), "town": (1, 0, 1, 1)})


async def test_a_compound_that_closes_is_shared_no_more(api: Api, town: Town, compound: str) -> None:
    sharing = await shared(api, compound, since=day(-9))
    await town.connection.execute("UPDATE captain_term SET until = $1", await town.today())
    await api.do(ADMIN, "closeCompound", "", id=compound, version=1, on=day(0))
    found = await api.data(TOWN_ADMIN, "{ compoundSharings { nodes { until version } } }")
    assert found["compoundSharings"]["nodes"] == [{"until": day(0), "version": 2}]
    why = {"id": sharing["id"], "version": 2, "reason": "记错", "until": None}
    assert await told(api, TOWN_ADMIN, "correctSharing", **why) == [("CLOSED", "until")]


async def test_units_that_merge_keep_it(api: Api, town: Town, compound: str) -> None:
    """Whoever the sharing one is merged into shares it, and it is the matter of who has both by now."""
    await shared(api, compound)
    merge = {"id": await far(api), "others": [{"id": await unit_id(api, OTHER), "version": 1}]}
    await api.do(COUNTY_ADMIN, "mergeUnits", "", **merge)
    row = await town.connection.fetchrow("SELECT sharer_path, over_path FROM compound_sharing")
    assert row is not None
    assert row["sharer_path"].endswith(f"{FAR}/")
    assert row["over_path"].endswith("/350521/")
    assert await told(api, TOWN_ADMIN, "endSharing", id=await sharing_id(town), on=day(0)) == "FORBIDDEN"
    await api.do(COUNTY_ADMIN, "endSharing", "", id=await sharing_id(town), on=day(0))


async def sharing_id(town: Town) -> str:
    return f"sh_{await town.connection.fetchval('SELECT id FROM compound_sharing')}"


async def test_what_becomes_of_it_afterwards_is_told_to_nobody_who_shared_it(api: Api, compound: str) -> None:
    """Its present name is told before and during the sharing; after that to whom the compound is readable."""
    names = "{ compoundSharings { nodes { compoundName compound { name } } } }"

    async def read(who: tuple[str, str]) -> Any:
        (seen,) = (await api.data(who, names))["compoundSharings"]["nodes"]
        return seen["compoundName"], (seen["compound"] or {}).get("name")

    sharing = await shared(api, compound, since=day(1))
    assert await read(NEIGHBOUR) == ("和平小区", None)
    why = {"id": sharing["id"], "reason": "记错"}
    await api.do(TOWN_ADMIN, "correctSharing", "", **why, version=1, since=day(-9))
    assert await read(NEIGHBOUR) == ("和平小区", "和平小区")
    await api.do(TOWN_ADMIN, "correctSharing", "", **why, version=2, until=day(-1))
    await api.do(ADMIN, "updateCompound", "", id=compound, version=1, name="和睦小区")
    for who in (NEIGHBOUR, ("auditor", OTHER)):
        assert await read(who) == (None, None), who
    for who in (ADMIN, TOWN_ADMIN, ("auditor", COMMUNITY), ("property_committee", COUNTY)):
        assert await read(who) == ("和睦小区", "和睦小区"), who


async def test_its_home_is_told_of_all_who_share_it_by_the_sharings(api: Api, compound: str) -> None:
    """The others are units the home does not see; that there are some, and where, stands in the sharings of today."""
    query = """{ compounds(filter: {sharedWith: {some: {}}}) { nodes { sharedWith { nodes {
        sharerPlace since until sharer { code } } } } } }"""
    over = await shared(api, compound, since=day(-9), until=day(-5))
    sharing = await shared(api, compound, until=day(3))
    assert over["id"] != sharing["id"]
    for who, code in ((ADMIN, None), (NEIGHBOUR, OTHER)):
        answer = await api.ask(who, query)
        (seen,) = answer["data"]["compounds"]["nodes"]
        (told_of,) = seen["sharedWith"]["nodes"]
        assert told_of.pop("sharer") == (code and {"code": code})
        assert told_of == {name: sharing[name] for name in ("sharerPlace", "since", "until")}
        assert "extensions" not in answer


async def test_a_token_is_led_by_what_it_is_bound_to(api: Api, compound: str) -> None:
    """What makes a relation must be among it; else it is named as out of reach, and admits nothing."""
    await shared(api, compound)
    fields = "compounds { nodes { company { name } partyOrganization { name } } }"
    query = f'{{ {fields} orgUnit(by: {{code: "{OTHER}"}}) {{ sharedCompounds {{ totalCount }} }} }}'
    ends, makes = ["unit", "compound", "property_company", "party_organization"], ["contract", "coverage"]
    given = {"unitId": await unit_id(api, TOWN), "name": "大屏", "agency": "演示公司", "days": 30}
    answers = []
    for number, entities in enumerate((ends, ends + makes + ["compound_sharing"])):
        issued = await api.do(
            COUNTY_ADMIN, "issueToken", "token", **given | {"entities": entities, "name": f"大屏{number}"}
        )
        api.tokens["partner", str(number)] = issued["token"]
        answers.append(await api.ask(("partner", str(number)), query))
    without, all_of = answers
    (led,) = all_of["data"]["compounds"]["nodes"]
    assert led == {
        "company": {"name": "安居物业"},
        "partyOrganization": {"name": "小区党支部"},
    }
    assert all_of["data"]["orgUnit"] == {"sharedCompounds": {"totalCount": 1}}
    assert {*all_of["extensions"]} == {"partial"}  # of others both may lie elsewhere
    (led,) = without["data"]["compounds"]["nodes"]
    assert led == {"company": None, "partyOrganization": None}
    assert without["data"]["orgUnit"] == {"sharedCompounds": {"totalCount": 0}}
    relations = ["Compound.company", "Compound.partyOrganization", "OrgUnit.sharedCompounds"]
    assert [*without["extensions"]["unreachable"]] == relations
