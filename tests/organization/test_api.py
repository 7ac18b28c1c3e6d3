"""Reorganizations through the API: dry runs, reports with global ids, rights on both sides."""

from typing import Any

from tests.golden.world import ACCOUNT, path_of
from tests.writes.api import Api
from tests.writes.conftest import api, template

__all__ = ["api", "template"]

COUNTY, TOWN, CITY = ("county_admin", "350521"), ("town_admin", "350521100"), ("county_admin", "3505")
COMMUNITY = ("community_admin", "350521100001")
MOVED = "orgUnit { code name place } moved { kind id name fromPlace toPlace count }"


async def unit(api: Api, code: str) -> Any:
    """A unit by a code, present or former."""
    query = "query ($code: String!) { orgUnit(by: {code: $code}) { id version name code place parent { code } } }"
    return (await api.data(CITY, query, code=code))["orgUnit"]


async def test_a_dry_run_changes_nothing(api: Api) -> None:
    """It shows what would come of it; the move itself then does the same."""
    community, town = await unit(api, "350521100001"), await unit(api, "350521101")
    given = {"id": community["id"], "parentId": town["id"]}
    shown = await api.do(COUNTY, "moveUnit", MOVED, **given, dryRun=True)
    assert shown["orgUnit"]["place"] == ["惠安县", "螺阳镇", "北关社区居委会"]
    assert shown["moved"][0] == {
        "kind": "OrgUnit",
        "id": community["id"],
        "name": "北关社区居委会",
        "fromPlace": ["惠安县", "螺城镇", "北关社区居委会"],
        "toPlace": ["惠安县", "螺阳镇", "北关社区居委会"],
        "count": 1,
    }
    assert {(line["kind"], line["id"], line["count"]) for line in shown["moved"][1:]} == {
        ("OrgUnit", None, 2),
        ("PartyOrganization", None, 3),
    }
    assert await unit(api, "350521100001") == community
    assert await api.connection.fetchval("SELECT count(*) FROM audit_entry") == 0
    done = await api.do(COUNTY, "moveUnit", MOVED, **given)
    assert done == shown
    assert (await unit(api, "350521100001"))["parent"] == {"code": "350521101"}


async def test_who_may(api: Api) -> None:
    """A town's administrator moves nothing; a county's, nothing out of the county; above it, both sides are theirs."""
    town, county = await unit(api, "350521100"), await unit(api, "350524")
    given = {"id": town["id"], "parentId": county["id"]}
    assert await api.attempt(TOWN, "moveUnit", **given) == "FORBIDDEN"
    assert await api.attempt(COUNTY, "moveUnit", **given) == "NOT_FOUND"
    assert await api.attempt(("county_admin", "350524"), "moveUnit", **given) == "NOT_FOUND"
    await api.do(CITY, "moveUnit", MOVED, **given)
    assert await api.attempt(TOWN, "renameUnit", id=county["id"], version=1, name="新县") == "NOT_FOUND"
    renamed = await api.do(TOWN, "renameUnit", "orgUnit { name place }", id=town["id"], version=2, name="新城镇")
    assert renamed["orgUnit"] == {"name": "新城镇", "place": ["安溪县", "新城镇"]}


async def test_reading_a_county_is_not_enough_to_move_into_it(api: Api) -> None:
    """Who administers one county and audits another moves nothing from the one to the other."""
    await api.token(*COUNTY)
    await api.connection.execute(
        "INSERT INTO role_grant (id, account_id, role, unit_path)"
        " SELECT gen_random_uuid(), account_id, 'auditor', $1 FROM role_grant"
        " WHERE role = 'county_admin' AND account_id <> $2",
        *(path_of("350524"), ACCOUNT),
    )
    town, county = await unit(api, "350521100"), await unit(api, "350524")
    seen = await api.data(COUNTY, "query ($id: ID!) { node(id: $id) { id } }", id=county["id"])
    assert seen["node"] == {"id": county["id"]}
    assert await api.attempt(COUNTY, "moveUnit", id=town["id"], parentId=county["id"]) == "FORBIDDEN"


async def test_codes(api: Api) -> None:
    """A new code, to which the old one leads; a stale version is a conflict; a code in use is the user's to correct."""
    await api.token(*TOWN)
    town = await unit(api, "350521100")
    given = {"id": town["id"], "code": "350521190000"}
    assert await api.attempt(COUNTY, "recodeUnit", **given, version=2) == "CONFLICT"
    await api.do(COUNTY, "recodeUnit", "orgUnit { code }", **given, version=1)
    assert (await unit(api, "350521100"))["code"] == (await unit(api, "350521190"))["code"] == "350521190"
    refused = await api.attempt(COUNTY, "recodeUnit", id=town["id"], code="350521101", version=2)
    assert [(error["code"], error["field"]) for error in refused["userErrors"]] == [("TAKEN", ["input", "code"])]
    made = await api.do(
        TOWN,
        "createUnit",
        "orgUnit { code place }",
        parentId=town["id"],
        name="城南社区",
        code="350521190003",
        level="COMMUNITY",
    )
    assert made["orgUnit"]["place"] == ["惠安县", "螺城镇", "城南社区"]


async def test_a_merger(api: Api) -> None:
    """The merged unit's administrator sits at the survivor; its id is nobody's, its code leads there."""
    await api.token(*COMMUNITY)
    gone, stays = await unit(api, "350521100001"), await unit(api, "350521100002")
    done = await api.do(COUNTY, "mergeUnits", MOVED, id=stays["id"], others=[{"id": gone["id"], "version": 1}])
    totals = {line["kind"]: line["count"] for line in done["moved"] if line["id"] is None}
    assert totals == {"OrgUnit": 2, "PartyOrganization": 3, "Grant": 1}
    assert (await unit(api, "350521100001"))["id"] == stays["id"]
    nodes = "query ($ids: [ID!]!) { a: node(id: $ids) { id } }".replace("[ID!]!", "ID!")
    assert (await api.data(COUNTY, nodes, ids=gone["id"]))["a"] is None
    seen = await api.data(COMMUNITY, "{ orgUnits { nodes { code } } }")
    assert {node["code"] for node in seen["orgUnits"]["nodes"]} == {
        "350521100002",
        "350521100001001",
        "350521100001002",
    }
    assert (
        await api.attempt(COUNTY, "mergeUnits", id=stays["id"], others=[{"id": gone["id"], "version": 1}])
        == "NOT_FOUND"
    )


async def test_a_split(api: Api) -> None:
    """Row by row by global id; what is wrong is told by its place in the input; the audit trail names every row."""
    community, grid = await unit(api, "350521100001"), await unit(api, "350521100001001")
    part = {"name": "城东社区", "code": "350521100009", "unitIds": [grid["id"]]}
    given = {"id": community["id"], "version": 1, "into": [part, {"name": "城西社区", "code": "12"}]}
    refused = await api.attempt(COUNTY, "splitUnit", **given)
    fields = [(error["code"], error["field"]) for error in refused["userErrors"]]
    assert fields == [("INVALID", ["input", "into", "1", "code"])]
    done = await api.do(COUNTY, "splitUnit", MOVED, **{**given, "into": [part]})
    rows = [(line["kind"], line["name"], line["toPlace"][-1]) for line in done["moved"] if line["id"] is not None]
    assert rows == [
        ("OrgUnit", "城东社区", "城东社区"),
        ("PartyOrganization", "北关社区第一网格党支部", "城东社区"),  # set free of the committee that stays
        ("OrgUnit", "第一网格", "城东社区"),
        ("OrgUnit", "第二网格", "北关社区居委会"),
        ("PartyOrganization", "北关社区党委", "北关社区居委会"),
    ]
    assert done["moved"][2]["id"] == grid["id"]
    assert (await unit(api, "350521100001001"))["place"] == ["惠安县", "螺城镇", "城东社区", "第一网格"]
    changed = await api.connection.fetch("SELECT table_name, before FROM audit_change ORDER BY id")
    assert [(row["table_name"], row["before"] is None) for row in changed] == [
        ("org_unit", True),
        ("org_unit", False),
        ("party_organization", False),
        ("org_unit", False),
    ]


async def test_a_part_takes_only_what_is_the_callers(api: Api) -> None:
    """A row of another county is not there for this one's administrator."""
    community = await unit(api, "350521100001")
    elsewhere = await unit(api, "350524100")
    into = [{"name": "城东社区", "code": "350521100009", "unitIds": [elsewhere["id"]]}]
    assert await api.attempt(COUNTY, "splitUnit", id=community["id"], version=1, into=into) == "NOT_FOUND"
    assert path_of("350524100").startswith(path_of("350524"))


async def test_nobody_splits_their_own_seat(api: Api) -> None:
    """The new county would lie beside the seat, where this administrator has no say; the city's does it."""
    county, town = await unit(api, "350521"), await unit(api, "350521101")
    into = [{"name": "新县", "code": "350529", "unitIds": [town["id"]]}]
    given = {"id": county["id"], "version": 1, "into": into}
    assert await api.attempt(COUNTY, "splitUnit", **given) == "FORBIDDEN"
    assert (await unit(api, "350521101"))["parent"] == {"code": "350521"}
    done = await api.do(CITY, "splitUnit", "orgUnit { code parent { code } }", **given)
    assert done["orgUnit"] == {"code": "350529", "parent": {"code": "3505"}}


async def test_out_of_reach_is_told_of_the_unit(api: Api) -> None:
    """A branch of the town covers a compound of the community that is to leave it."""
    await api.connection.execute(
        "INSERT INTO compound (id, unit_path, name, folded, pinyin, grams)"
        " VALUES (gen_random_uuid(), $1, '小区', '', '', '{}')",
        path_of("350521100001"),
    )
    await api.connection.execute(
        "INSERT INTO party_organization (id, unit_path, tier, kind, name, folded, pinyin, grams)"
        " VALUES (gen_random_uuid(), $1, 'COMPOUND', 'BRANCH', '支部', '', '', '{}')",
        path_of("350521100"),
    )
    await api.connection.execute(
        "INSERT INTO branch_coverage (id, compound_id, unit_path, organization_id, organization_path, since)"
        " SELECT gen_random_uuid(), c.id, c.unit_path, o.id, o.unit_path, '2026-01-01'"
        " FROM compound c, party_organization o WHERE o.name = '支部'"
    )
    community, town = await unit(api, "350521100001"), await unit(api, "350521101")
    refused = await api.attempt(COUNTY, "moveUnit", id=community["id"], parentId=town["id"])
    assert [error["field"] for error in refused["userErrors"]] == [["input", "id"]]
    assert await unit(api, "350521100001") == community
