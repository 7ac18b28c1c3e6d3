"""An entry whose changes lie in two towns: the auditor of each is told it, with what changed in theirs and no more."""

from typing import Any

import pytest

from services.audit.trail import verify
from tests.audit.test_following import KEEPING
from tests.audit.test_former_units import AUDITOR, ELSEWHERE, merge, new_community
from tests.writes.api import Api
from tests.writes.street import ADMIN, COMMUNITY, COUNTY, COUNTY_ADMIN, OTHER, TOWN, Street, day, made

THERE, ABOVE = ("auditor", ELSEWHERE), ("auditor", COUNTY)
TOLD = "command place formerUnit operation changes(first: 40) { totalCount nodes { type } }"
ENTRIES = f"""query($filter: AuditEntryFilter) {{
    auditEntries(first: 100, filter: $filter) {{ totalCount nodes {{ {TOLD} }} }} }}"""
HISTORY = f"""query($id: ID!) {{ node(id: $id) {{
    ... on Member {{ history(first: 40) {{ totalCount nodes {{ {TOLD} }} }} }}
    ... on OrgUnit {{ history(first: 40) {{ totalCount nodes {{ {TOLD} }} }} }} }} }}"""
# As the database would have recorded it; an entry that is sealed takes no more.
ADDED = """
    ALTER TABLE audit_change DISABLE TRIGGER USER;
    INSERT INTO audit_change (entry_id, table_name, row_id, unit_id)
    SELECT entry.id, '{}', gen_random_uuid(), unit.id FROM audit_entry entry, org_unit unit
    WHERE command = 'updateBuilding' AND unit.code = '{}';
    ALTER TABLE audit_change ENABLE TRIGGER USER
"""
UNPLACED = """
    ALTER TABLE audit_change DISABLE TRIGGER USER;
    UPDATE audit_change SET unit_id = NULL;
    ALTER TABLE audit_change ENABLE TRIGGER USER
"""


async def told(api: Api, who: tuple[str, str], command: str) -> list[list[str]]:
    """Of each entry of a command someone is shown, in the list of all as by a filter, the types of what it changed."""
    every, some = [
        (await api.data(who, ENTRIES, filter=chosen))["auditEntries"] for chosen in (None, {"command": command})
    ]
    assert every["totalCount"] == len(every["nodes"])
    assert some["nodes"] == [each for each in every["nodes"] if each["command"] == command]
    assert some["totalCount"] == len(some["nodes"])
    for each in every["nodes"]:
        assert each["changes"]["totalCount"] == len(each["changes"]["nodes"])
    return [sorted(row["type"] for row in each["changes"]["nodes"]) for each in some["nodes"]]


async def test_of_a_move_each_auditor_is_told_what_lay_in_theirs(api: Api, on: Street) -> None:
    """What ended in the town they left, and the member there and in the one they came to; all of it to the county."""
    member, there = on.members[0], await new_community(api, ELSEWHERE)
    team = await made(api, ADMIN, "createHelpTeam", "helpTeam", unitId=on.unit, kind="CARE", name="关爱")
    await made(api, ADMIN, "joinHelpTeam", "helpTeamMember", teamId=team, memberId=member, since=day(-9))
    await made(api, COUNTY_ADMIN, "assignToGrid", "gridTerm", id=member, gridId=there, since=day(-2))
    for who, types in (
        (AUDITOR, ["HelpTeamMember", "Member"]),
        (("auditor", f"{ELSEWHERE}901"), ["Member"]),
        (THERE, ["Member"]),
        (ABOVE, ["HelpTeamMember", "Member"]),
        (COUNTY_ADMIN, ["GridTerm", "HelpTeamMember", "Member"]),
    ):
        assert await told(api, who, "assignToGrid") == [types], who
    assert await told(api, ("auditor", OTHER), "assignToGrid") == []
    (entry,) = (await api.data(THERE, ENTRIES, filter={"command": "assignToGrid"}))["auditEntries"]["nodes"]
    assert [entry[name] for name in ("place", "formerUnit", "operation")] == [None] * 3
    assert await verify(api.connection) == []


@pytest.mark.parametrize(
    ("table", "types"),
    [("building", ["Building"]), ("grid_term", None), ("home_visit", None), ("credential", None), ("gone", None)],
)
async def test_an_entry_is_there_by_what_is_read_of_what_it_changed(
    api: Api, on: Street, table: str, types: list[str] | None
) -> None:
    """Not by what is counted, nor by what is nobody's to read; where it lies it is the same with it and without."""
    await api.do(ADMIN, "updateBuilding", "", id=on.buildings[0], version=1, households=31)
    own = await told(api, AUDITOR, "updateBuilding")
    assert (own, await told(api, THERE, "updateBuilding")) == ([["Building"]], [])
    await api.connection.execute(ADDED.format(table, ELSEWHERE))
    assert await told(api, THERE, "updateBuilding") == ([] if types is None else [types])
    assert await told(api, AUDITOR, "updateBuilding") == own


async def test_to_read_the_rows_is_not_enough(api: Api, on: Street) -> None:
    """Whoever keeps the visits of a community reads its members; the trail they read in another town alone."""
    assert await told(api, THERE, "updateBuilding") == []
    await api.connection.execute(KEEPING, f"test auditor {ELSEWHERE}", COMMUNITY)
    await api.do(ADMIN, "updateBuilding", "", id=on.buildings[0], version=1, households=31)
    await api.connection.execute(ADDED.format("member", COMMUNITY))
    assert (await api.data(THERE, "query($id: ID!) { node(id: $id) { id } }", id=on.members[0]))["node"] is not None
    assert await told(api, THERE, "updateBuilding") == []
    assert await told(api, AUDITOR, "updateBuilding") == [["Building", "Member"]]


async def test_an_entry_goes_with_the_unit_what_it_changed_lay_in(api: Api, on: Street) -> None:
    """To whom has what was that one's, once it has gone."""
    await api.do(ADMIN, "updateBuilding", "", id=on.buildings[0], version=1, households=31)
    there, third = await new_community(api, ELSEWHERE), await new_community(api)
    await api.connection.execute(ADDED.format("building", f"{ELSEWHERE}901"))
    assert await told(api, THERE, "updateBuilding") == [["Building"]]
    await merge(api, third, there)
    assert await told(api, THERE, "updateBuilding") == []
    assert await told(api, ("auditor", f"{TOWN}901"), "updateBuilding") == [["Building"]]
    assert await told(api, AUDITOR, "updateBuilding") == [["Building"] * 2]


async def test_what_lay_nowhere_is_told_where_its_entry_lies(api: Api, on: Street) -> None:
    """Or was recorded before it was kept where it lay."""
    await api.do(ADMIN, "updateBuilding", "", id=on.buildings[0], version=1, households=31)
    await api.connection.execute(ADDED.format("building", ELSEWHERE))
    await api.connection.execute(UNPLACED)
    assert await told(api, AUDITOR, "updateBuilding") == [["Building"] * 2]
    assert await told(api, THERE, "updateBuilding") == []


async def test_a_history_has_it_where_the_row_is(api: Api, on: Street) -> None:
    """And by the row in the one town nothing is told of what changed in the other."""
    there = await new_community(api, ELSEWHERE)
    await api.do(ADMIN, "updateBuilding", "", id=on.buildings[0], version=1, households=31)
    await api.connection.execute(
        ADDED.format("org_unit", f"{ELSEWHERE}901").replace("gen_random_uuid(), unit.id", "unit.id, unit.id")
    )
    nodes: list[dict[str, Any]] = (await api.data(THERE, HISTORY, id=there))["node"]["history"]["nodes"]
    (entry,) = [each for each in nodes if each["command"] == "updateBuilding"]
    assert entry["changes"] == {"totalCount": 1, "nodes": [{"type": "OrgUnit"}]}
    assert (await api.data(AUDITOR, HISTORY, id=there))["node"] is None
