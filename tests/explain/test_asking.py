"""Who may ask who may: administrators of the row's unit and auditors of anyone, everyone of themselves."""

from typing import Any
from uuid import uuid4

import pytest

from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY_ADMIN, NEIGHBOUR, Street, nobody, unit_id
from tests.writes.test_statements import Counting

WHO = """query($id: ID!, $action: Action) { whoCanSee(node: $id, action: $action) {
    totalCount nodes { accountName role seatName place rule inherits by account { name } grant { role } } } }"""
WHY = """query($id: ID!, $account: ID!, $action: Action) {
    explainAccess(node: $id, account: $account, action: $action) { accountName role rule inherits by } }"""
PARTNER, AUDITOR = ("partner", "350521100"), ("auditor", "350521")


async def who(api: Api, asker: tuple[str, str], id_: str, action: str | None = None) -> dict[str, Any]:
    """Those who may, by the role at the code they sit at."""
    found = (await api.data(asker, WHO, id=id_, action=action))["whoCanSee"]
    assert found["totalCount"] == len(found["nodes"])
    return {each["accountName"].removeprefix("test "): each for each in found["nodes"]}


async def account_of(api: Api, who: tuple[str, str]) -> str:
    """The global id of an account the API's tests have issued a token to."""
    await api.token(*who)
    return f"ac_{await api.connection.fetchval('SELECT id FROM account WHERE name = $1', f'test {who[0]} {who[1]}')}"


@pytest.fixture
async def on(api: Api, on: Street) -> Street:
    """A street, and some who watch it."""
    for each in (PARTNER, AUDITOR, NEIGHBOUR, COUNTY_ADMIN):
        await api.token(*each)
    return on


async def test_those_who_can_see_a_compound_with_the_whole_chain(api: Api, on: Street) -> None:
    """Administrators above are listed for those below, programs too, the neighbour not; names, and nothing more."""
    found = await who(api, ADMIN, on.compound)
    assert {"community_admin 350521100001", "county_admin 350521", "auditor 350521", "partner 350521100"} <= {*found}
    assert not any("350521100002" in name for name in found)
    assert found["county_admin 350521"] == {
        "accountName": "test county_admin 350521",
        "role": "county_admin",
        "seatName": "惠安县",
        "place": ["惠安县"],
        "rule": "p, line_watcher, compound, read",
        "inherits": ["county_admin", "town_admin", "administrator", "line_watcher"],
        "by": ["WITHIN"],
        "account": None,
        "grant": None,
    }
    assert found["community_admin 350521100001"]["account"] == {"name": "test community_admin 350521100001"}


async def test_who_may_do_something_else(api: Api, on: Street) -> None:
    """Contact data is a facet's right; what is done from above is not done by those seated at the unit."""
    contact = await who(api, COUNTY_ADMIN, on.members[0], "MEMBER_CONTACT_READ")
    assert {each["role"] for each in contact.values()} == {"county_admin", "community_admin"}
    county = await unit_id(api, "350521")
    assert "county_admin 350521" not in await who(api, ("county_admin", "3505"), county, "UNIT_MOVE")
    assert "county_admin 350521" in await who(api, ("county_admin", "3505"), county, "UNIT_RENAME")
    assert await who(api, COUNTY_ADMIN, on.compound, "CAPTAIN_ASSIGN") == {}  # that is a building's


@pytest.mark.parametrize("asker", [NEIGHBOUR, PARTNER])
async def test_a_hidden_row_one_not_to_be_explained_and_one_that_never_was_are_alike(
    api: Api, on: Street, asker: tuple[str, str]
) -> None:
    """The neighbour does not see the compound, the partner sees it and may not ask."""
    account = await account_of(api, COUNTY_ADMIN)
    for document in (WHO, WHY):
        given = {"account": account} if document is WHY else {}
        answers = [await api.ask(asker, document, id=id_, **given) for id_ in (on.compound, nobody("cp"))]
        assert answers[0] == answers[1]
        assert "errors" not in answers[0]
    hidden = [await api.data(asker, WHO, id=id_) for id_ in ("zz_1", "", on.compound.upper())]
    assert all(each == {"whoCanSee": {"totalCount": 0, "nodes": []}} for each in hidden)


async def test_everyone_may_explain_themselves(api: Api, on: Street) -> None:
    """A partner may ask why it sees a row, of itself only, and only of rows it sees."""
    own = await account_of(api, PARTNER)
    (why,) = (await api.data(PARTNER, WHY, id=on.compound, account=own))["explainAccess"]
    assert (why["rule"], why["inherits"]) == ("p, line_watcher, compound, read", ["partner", "line_watcher"])
    assert (await api.data(PARTNER, WHY, id=on.compound, account=own, action="COMPOUND_CLOSE"))["explainAccess"] == []
    assert (await api.data(PARTNER, WHY, id=on.members[0], account=own))["explainAccess"] == []
    for account in (f"ac_{uuid4()}", own.replace("ac_", "gr_"), "x"):
        assert (await api.data(PARTNER, WHY, id=on.compound, account=account))["explainAccess"] == []


async def test_a_program_is_listed_for_its_own_entities_only(api: Api, on: Street) -> None:
    """And nobody is whose account is closed, or whose grant was revoked."""
    partner = await api.connection.fetchval("SELECT id FROM account WHERE name = 'test partner 350521100'")
    await api.connection.execute("UPDATE program SET entities = '{unit}' WHERE account_id = $1", partner)
    assert "partner 350521100" not in await who(api, ADMIN, on.compound)
    assert "partner 350521100" in await who(api, ADMIN, on.unit)
    await api.connection.execute("UPDATE program SET entities = '{compound}'")
    assert "partner 350521100" in await who(api, ADMIN, on.compound)
    await api.connection.execute("UPDATE account SET closed_at = now() WHERE id = $1", partner)
    assert "partner 350521100" not in await who(api, ADMIN, on.compound)
    await api.connection.execute("UPDATE role_grant SET revoked_at = now() WHERE role = 'auditor'")
    assert "auditor 350521" not in await who(api, ADMIN, on.compound)


async def test_what_may_be_explained_must_be_seen_as_well(api: Api, on: Street) -> None:
    """A program that may ask about access, and not read compounds, is told of none."""
    account = await api.connection.fetchval("SELECT id FROM account WHERE name = 'test county_admin 350521'")
    await api.connection.execute(
        "INSERT INTO program (id, account_id, entities) VALUES (gen_random_uuid(), $1, '{access,unit}')", account
    )
    assert await who(api, COUNTY_ADMIN, on.compound) == {}
    assert "community_admin 350521100001" in await who(api, COUNTY_ADMIN, on.unit)


async def test_pages_of_those_who_can_see(api: Api, on: Street) -> None:
    """By cursor, each once, in the order of names; a cursor belongs to its row and right."""
    every = [each["accountName"] for each in (await who(api, ADMIN, on.compound)).values()]
    paged: list[str] = []
    after = None
    while len(paged) < len(every):
        page = (await api.data(ADMIN, PAGE, id=on.compound, after=after))["whoCanSee"]
        paged += [each["accountName"] for each in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        assert page["pageInfo"]["hasNextPage"] is (len(paged) < len(every))
    assert paged == every == sorted(every)
    other = await api.ask(ADMIN, PAGE, id=on.unit, after=after)
    assert other["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


PAGE = """query($id: ID!, $after: String) { whoCanSee(node: $id, first: 2, after: $after) {
    nodes { accountName } pageInfo { hasNextPage endCursor } } }"""


async def test_what_is_told_of_one_role_is_not_what_is_told_of_another(api: Api, on: Street) -> None:
    """Statements are shared by actors of one shape: a town's and a community's administrator read alike only."""
    asked = "query($id: ID!) { node(id: $id) { viewerCan } }"
    told = {
        role: set((await api.data((role, code), asked, id=on.unit))["node"]["viewerCan"])
        for role, code in (("community_admin", "350521100001"), ("town_admin", "350521100"), ("county_admin", "350521"))
    }
    assert told["town_admin"] - told["community_admin"] == {
        *("UNIT_CREATE", "SCORING_SHEET_PUBLISH", "DELIBERATION_REPORT_ASSESS"),
    }
    assert {"UNIT_MOVE", "UNIT_MERGE", "UNIT_SPLIT", "UNIT_RECODE"} <= told["county_admin"] - told["town_admin"]
    assert (await api.data(PARTNER, asked, id=on.unit))["node"]["viewerCan"] == ["NEED_SURVEY_ANSWER", "UNIT_READ"]


# --- gains and losses -------------------------------------------------------------------------------------------------

MOVE = """mutation($input: MoveUnitInput!) { moveUnit(input: $input) {
    access { accountName roles seatNames kind gained lost } accessOmitted userErrors { code } } }"""


async def moving(api: Api) -> dict[str, Any]:
    """北关社区 goes to the town beside its own."""
    unit, above = [await unit_id(api, code) for code in ("350521100001", "350521101")]
    return {"id": unit, "version": 1, "parentId": above, "dryRun": True}


async def test_a_move_tells_who_gains_and_who_loses(api: Api, on: Street) -> None:
    """One town's administrator loses the compound, the other's gains it, the county's neither."""
    for town in ("350521100", "350521101"):
        await api.token("town_admin", town)
    told = (await api.data(COUNTY_ADMIN, MOVE, input=await moving(api)))["moveUnit"]
    compounds = {each["accountName"]: each for each in told["access"] if each["kind"] == "Compound"}
    assert compounds["test town_admin 350521100"]["lost"] == 1
    assert compounds["test town_admin 350521101"] == {
        "accountName": "test town_admin 350521101",
        "roles": ["town_admin"],
        "seatNames": ["螺阳镇"],
        "kind": "Compound",
        "gained": 1,
        "lost": 0,
    }
    assert {*compounds} == {"test town_admin 350521100", "test town_admin 350521101", "test partner 350521100"}
    assert told["accessOmitted"] == 0


async def test_no_other_grant_of_an_account_is_told(api: Api, on: Street) -> None:
    """Who loses sight of a compound as a town's administrator is seated elsewhere, too: that is nobody's to know."""
    token = await api.token("town_admin", "350521100")
    account = await api.connection.fetchval("SELECT account_id FROM credential WHERE id = $1", token.split("_")[1])
    elsewhere = "SELECT gen_random_uuid(), $1, 'auditor', path, 'x' FROM org_unit WHERE code = '350524'"
    held = "INSERT INTO role_grant (id, account_id, role, unit_path, reason)"
    await api.connection.execute(f"{held} {elsewhere}", account)
    told = (await api.data(COUNTY_ADMIN, MOVE, input=await moving(api)))["moveUnit"]["access"]
    mine = [each for each in told if each["accountName"] == "test town_admin 350521100"]
    assert {(*each["roles"], *each["seatNames"]) for each in mine} == {("town_admin", "螺城镇")}


async def test_a_move_tells_what_is_published_above_before_and_afterwards(api: Api, on: Street) -> None:
    """The community's administrator loses its old town's service and gains the new one's two; neither town moved."""
    for code, names in (("350521100", ["长者食堂"]), ("350521101", ["老年大学", "代办医保"])):
        for name in names:
            given = {"unitId": await unit_id(api, code), "function": "AFFAIRS", "name": name}
            await api.do(COUNTY_ADMIN, "publishService", "", **given)
    told = (await api.data(COUNTY_ADMIN, MOVE, input=await moving(api)))["moveUnit"]["access"]
    mine = [each for each in told if each["accountName"] == "test community_admin 350521100001"]
    assert [(each["kind"], each["gained"], each["lost"]) for each in mine] == [("ServiceItem", 2, 1)]


async def test_only_those_who_may_explain_the_target_are_told(api: Api, on: Street) -> None:
    """FORBIDDEN, and nothing is done; without the field the same command goes through."""
    token = await api.connection.fetchval("SELECT id FROM account WHERE name = 'test county_admin 350521'")
    entities = ["unit", "party_organization", "member", "compound"]
    held = "INSERT INTO program (id, account_id, entities) VALUES (gen_random_uuid(), $1, $2)"
    await api.connection.execute(held, token, entities)
    given = {**await moving(api), "dryRun": False}
    refused = await api.ask(COUNTY_ADMIN, MOVE, input=given)
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert refused["data"] == {"moveUnit": None}
    assert (await api.attempt(COUNTY_ADMIN, "moveUnit", **given))["userErrors"] == []


async def test_refused_and_retried_commands_tell_nothing(api: Api, on: Street) -> None:
    """Null, not empty: nobody has looked."""
    given = {**await moving(api), "dryRun": False, "idempotencyKey": "k"}
    first = (await api.data(COUNTY_ADMIN, MOVE, input=given))["moveUnit"]
    again = (await api.data(COUNTY_ADMIN, MOVE, input=given))["moveUnit"]
    assert first["access"]
    assert again == {"access": None, "accessOmitted": None, "userErrors": []}
    refused = (await api.data(COUNTY_ADMIN, MOVE, input={**given, "version": 2, "idempotencyKey": "l"}))["moveUnit"]
    assert (refused["access"], len(refused["userErrors"])) == (None, 1)


async def test_being_told_takes_a_fixed_number_of_statements_more(api: Api, on: Street) -> None:
    """The right to ask; the tables, accounts, rows and sights before; rows made and the comparison after."""
    counting = Counting(api.url)
    api.write_through(counting)
    given = await moving(api)
    sent = []
    asked = ("", "access { kind }", "access { kind accountName gained lost } accessOmitted")
    for select in (*asked, *asked):  # the first time the driver asks for types
        counting.sent.clear()
        await api.attempt(COUNTY_ADMIN, "moveUnit", select, **given)
        sent.append(len(counting.sent))
    assert sent[3:] == [sent[3], sent[3] + 7, sent[3] + 7]
