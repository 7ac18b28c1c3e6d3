"""What went from one town to another: the one it left is told that it went, and what it was, not what it became."""

import json
from typing import Any

import pytest

from services.audit.trail import verify
from tests.audit.test_following import KEEPING
from tests.audit.test_former_units import ELSEWHERE, merge, new_community
from tests.audit.test_sifting import HISTORY, NODE, sides, told
from tests.writes.api import Api
from tests.writes.street import (
    ADMIN,
    COMMUNITY,
    COUNTY,
    COUNTY_ADMIN,
    NEIGHBOUR,
    OTHER,
    TOWN,
    Street,
    day,
    made,
    unit_id,
)

TOWN_ADMIN, AUDITOR, ABOVE = ("town_admin", TOWN), ("auditor", TOWN), ("auditor", COUNTY)
LEFT, THERE = (ADMIN, TOWN_ADMIN, AUDITOR), (("town_admin", ELSEWHERE), ("auditor", ELSEWHERE))
WHOLE = (ABOVE, COUNTY_ADMIN)
CHANGES = "command changes(first: 40) { totalCount nodes { type nodeId before after fields { name before after } } }"
ENTRIES = f"""query($filter: AuditEntryFilter) {{
    auditEntries(first: 100, filter: $filter) {{ totalCount nodes {{ {CHANGES} }} }} }}"""
PLACES = """
    SELECT unit.code, was.code AS left FROM audit_change
    JOIN audit_entry of ON of.id = entry_id JOIN org_unit unit ON unit.id = audit_change.unit_id
    LEFT JOIN org_unit was ON was.id = left_unit_id WHERE command = $1 AND table_name = $2
"""
FORGOTTEN = """
    ALTER TABLE audit_change DISABLE TRIGGER USER;
    UPDATE audit_change SET left_unit_id = NULL;
    ALTER TABLE audit_change ENABLE TRIGGER USER
"""
# As of a command on what lies elsewhere.
LAID = """
    ALTER TABLE audit_entry DISABLE TRIGGER USER;
    UPDATE audit_entry SET unit_id = (SELECT id FROM org_unit WHERE code = '{}') WHERE command = 'updateMember';
    ALTER TABLE audit_entry ENABLE TRIGGER USER
"""


async def changes(api: Api, who: tuple[str, str], command: str) -> list[dict[str, Any]]:
    """What someone is told that a command changed, in the list of all as by a filter, and as many as is said."""
    every, some = [
        (await api.data(who, ENTRIES, filter=chosen))["auditEntries"] for chosen in (None, {"command": command})
    ]
    assert (every["totalCount"], some["totalCount"]) == (len(every["nodes"]), len(some["nodes"]))
    assert some["nodes"] == [each for each in every["nodes"] if each["command"] == command]
    pages = [each["changes"] for each in some["nodes"]]
    assert [each["totalCount"] for each in pages] == [len(each["nodes"]) for each in pages]
    return [row for each in pages for row in each["nodes"]]


async def gone(api: Api, on: Street) -> str:
    """A member who was entered in a town, and is another's since, with another standing; their community there."""
    there = await new_community(api, ELSEWHERE)
    given: Any = {"version": 1, "unitId": there, "standing": "RETIRED"}
    await api.do(COUNTY_ADMIN, "updateMember", "", id=on.members[0], **given)
    return there


def values(change: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after of a change."""
    return json.loads(change["before"] or "{}"), json.loads(change["after"] or "{}")


async def test_the_town_somebody_left_is_told_that_they_went(api: Api, on: Street) -> None:
    """What they were, and not what they became; the other what they became, and not where they were."""
    there = await gone(api, on)
    path = await api.connection.fetchval("SELECT path FROM org_unit WHERE id = $1", there[3:])
    assert [tuple(row) for row in await api.connection.fetch(PLACES, "updateMember", "member")] == [
        (f"{ELSEWHERE}901", COMMUNITY)
    ]
    for who in LEFT:
        (change,) = await changes(api, who, "updateMember")
        assert (change["type"], change["nodeId"]) == ("Member", on.members[0])
        before, after = values(change)
        assert ({*before}, before["standing"], after) == ({"unit_path", "standing", "version"}, "IN_SERVICE", {}), who
        fields = {each["name"]: (each["before"], each["after"]) for each in change["fields"]}
        assert fields == {"unit": (COMMUNITY, None), "standing": (fields["standing"][0], None)}
        assert fields["standing"][0]
        assert f"{ELSEWHERE}901" not in json.dumps(change)
        assert (await api.data(who, NODE, id=on.members[0]))["node"] is None
    for who in THERE:
        (change,) = await changes(api, who, "updateMember")
        before, after = values(change)
        assert (after["unit_path"], after["standing"], "unit_path" in before) == (path, "RETIRED", False), who
        assert f"/{TOWN}/" not in json.dumps(change)
    for who in WHOLE:
        (change,) = await changes(api, who, "updateMember")
        assert {"unit_path", "standing", "version"} == {*values(change)[0]} == {*values(change)[1]}, who
    for who in (NEIGHBOUR, ("auditor", OTHER)):
        assert await changes(api, who, "updateMember") == [], who
    assert await verify(api.connection) == []


async def test_whoever_reads_both_places_is_told_it_once_and_whole(api: Api, on: Street) -> None:
    """A town, of who goes from one of its communities to the next; each of these as of any."""
    given: Any = {"version": 1, "unitId": await unit_id(api, OTHER), "standing": "RETIRED"}
    await api.do(COUNTY_ADMIN, "updateMember", "", id=on.members[0], **given)
    for who, standing in ((TOWN_ADMIN, "RETIRED"), (AUDITOR, "RETIRED"), (("auditor", COMMUNITY), None), (ADMIN, None)):
        (change,) = await changes(api, who, "updateMember")
        assert values(change)[1].get("standing") == standing, who
    await api.connection.execute(FORGOTTEN)  # as it was recorded before
    for who in (("auditor", COMMUNITY), ADMIN):
        assert await changes(api, who, "updateMember") == []
    assert len(await changes(api, AUDITOR, "updateMember")) == 1


async def test_the_town_a_unit_was_moved_from_is_told_that_it_went(api: Api, on: Street) -> None:
    """By the row of the unit alone: nobody changed what lies in it."""
    await api.do(COUNTY_ADMIN, "moveUnit", "", id=on.unit, version=1, parentId=await unit_id(api, ELSEWHERE))
    recorded = await api.connection.fetch(PLACES, "moveUnit", "org_unit")
    assert [tuple(row) for row in recorded] == [(COMMUNITY, TOWN)]
    for who in (TOWN_ADMIN, AUDITOR):
        (change,) = await changes(api, who, "moveUnit")
        before, after = values(change)
        assert (change["nodeId"], f"/{TOWN}/" in before["parent_path"], after) == (on.unit, True, {}), who
        assert ELSEWHERE not in json.dumps(change)
    for who in (*THERE, ADMIN):
        (change,) = await changes(api, who, "moveUnit")
        assert f"/{TOWN}/" not in json.dumps(change), who
        told = values(change)[1]
        assert ("version" in told, "parent_path" in told) == (True, who in THERE)
    assert await changes(api, NEIGHBOUR, "moveUnit") == []


async def test_a_term_that_was_corrected_away_is_told_where_it_was(api: Api, on: Street) -> None:
    """To its administrators with the term, to its auditors, who count terms, without; the days there to neither."""
    there = await new_community(api, ELSEWHERE)
    assigned: Any = {"id": on.members[0], "gridId": await unit_id(api, OTHER), "since": day(-9)}
    term = await made(api, COUNTY_ADMIN, "assignToGrid", "gridTerm", **assigned)
    given: Any = {"version": 1, "gridId": there, "since": day(-7), "reason": "误记"}
    await api.do(COUNTY_ADMIN, "correctGridTerm", "", id=term, **given)
    for who, types in (
        (NEIGHBOUR, ["GridTerm", "Member"]),
        (TOWN_ADMIN, ["GridTerm", "Member"]),
        (AUDITOR, ["Member"]),
    ):
        found = await changes(api, who, "correctGridTerm")
        assert sorted(each["type"] for each in found) == types, who
        assert {str(values(each)[1]) for each in found} == {"{}"}
        assert not [each for each in (f"{ELSEWHERE}901", str(day(-7))) if each in json.dumps(found)]
    fields = "{ corrections { nodes { fields { name before after } } } }"
    for who, since in ((TOWN_ADMIN, None), (AUDITOR, None), (ABOVE, str(day(-7))), (COUNTY_ADMIN, str(day(-7)))):
        (correction,) = (await api.data(who, fields))["corrections"]["nodes"]
        assert {"name": "since", "before": str(day(-9)), "after": since} in correction["fields"], who


async def test_a_correction_is_told_whole_where_it_stays_in_the_town(api: Api, on: Street) -> None:
    """Also to auditors, who count what was corrected."""
    assigned: Any = {"id": on.members[0], "gridId": await unit_id(api, OTHER), "since": day(-9)}
    term = await made(api, COUNTY_ADMIN, "assignToGrid", "gridTerm", **assigned)
    given: Any = {"version": 1, "gridId": await new_community(api), "since": day(-7), "reason": "误记"}
    await api.do(COUNTY_ADMIN, "correctGridTerm", "", id=term, **given)
    for who in (TOWN_ADMIN, AUDITOR):
        (found,) = (await api.data(who, "{ corrections { nodes { fields { name after } } } }"))["corrections"]["nodes"]
        assert {"name": "since", "after": str(day(-7))} in found["fields"], who


async def test_a_history_has_it_where_the_row_still_leads(api: Api, on: Street) -> None:
    """Of the unit that went its new town's, and not what the old one is told."""
    await gone(api, on)
    await api.do(COUNTY_ADMIN, "moveUnit", "", id=on.unit, version=1, parentId=await unit_id(api, ELSEWHERE))
    for who in THERE:
        before, after = sides(await told(api, who, HISTORY, id=on.unit), "moveUnit", "OrgUnit")
        assert ("parent_path" in before, f"/{ELSEWHERE}/" in after["parent_path"]) == (False, True)
    for who in (TOWN_ADMIN, AUDITOR):
        assert (await api.data(who, HISTORY, id=on.unit))["node"] is None


@pytest.mark.parametrize("read", [True, False])
async def test_to_read_it_where_it_came_to_is_another_place(api: Api, on: Street, *, read: bool) -> None:
    """Who reads the trail where it was and only the rows where it is, is told by neither what it became."""
    if read:
        await changes(api, ("auditor", COMMUNITY), "updateMember")
        await new_community(api, ELSEWHERE)
        await api.connection.execute(KEEPING, f"test auditor {COMMUNITY}", f"{ELSEWHERE}901")
        given: Any = {"version": 1, "unitId": await unit_id(api, f"{ELSEWHERE}901"), "standing": "RETIRED"}
        await api.do(COUNTY_ADMIN, "updateMember", "", id=on.members[0], **given)
    else:
        await gone(api, on)
    (change,) = await changes(api, ("auditor", COMMUNITY), "updateMember")
    after = values(change)[1]
    assert ("unit_path" in after, "standing" in after) == (read, False)


@pytest.mark.parametrize("lies", [COMMUNITY, ELSEWHERE])
async def test_what_left_a_unit_that_has_gone_is_told_in_its_heir(api: Api, on: Street, lies: str) -> None:
    """To who reads the trail there, wherever the entry lies; who follows it is told what left units there are."""
    await gone(api, on)
    await api.connection.execute(LAID.format(lies))
    await merge(api, await unit_id(api, OTHER), on.unit)
    for who, many in ((AUDITOR, 1), (("auditor", OTHER), 1), (TOWN_ADMIN, 0), (NEIGHBOUR, 0)):
        assert len(await changes(api, who, "updateMember")) == many, who
