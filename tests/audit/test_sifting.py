"""What a change tells of: of no unit and no row its reader does not read, of nothing the service keeps for itself."""

import json
from typing import Any

from sqlalchemy import ARRAY, Uuid

from schema.audit.corrections import CORRECTED
from schema.kit.entities import Edge, EdgeKind
from schema.kit.glossary import Itemized
from services.storage.references import PATH, references
from services.storage.tables import METADATA
from tests.audit.test_former_units import ELSEWHERE, new_community
from tests.built import CATALOGUE
from tests.writes.api import Api
from tests.writes.street import (
    ADMIN,
    COMMUNITY,
    COUNTY,
    COUNTY_ADMIN,
    OTHER,
    TOWN,
    Street,
    day,
    made,
    unit_id,
)

TOLD = "command changes(first: 40) { nodes { type nodeId rowId before after fields { name before after } } }"
ENTRIES = f"{{ auditEntries(first: 100) {{ nodes {{ {TOLD} }} }} }}"
HISTORY = f"""query($id: ID!) {{ node(id: $id) {{
    ... on Member {{ history(first: 40) {{ nodes {{ {TOLD} }} }} }}
    ... on OrgUnit {{ history(first: 40) {{ nodes {{ {TOLD} }} }} }}
    ... on Building {{ history(first: 40) {{ nodes {{ {TOLD} }} }} }} }} }}"""
NODE = "query($id: ID!) { node(id: $id) { id } }"
THERE, ABOVE = (("community_admin", f"{ELSEWHERE}901"), ("town_admin", ELSEWHERE)), ("auditor", COUNTY)
CORRECTIONS = "{ corrections(first: 40) { nodes { id type nodeId fields { name before after } } } }"
BY_ID = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Correction { id type nodeId fields { name before after } } } }"
# As a command would have left it; an entry that is sealed takes no more.
CORRECTED_THERE = """
    ALTER TABLE audit_change DISABLE TRIGGER USER;
    WITH there AS (SELECT id, path FROM org_unit WHERE code = '{code}'), entry AS (
        INSERT INTO audit_entry (id, request_id, command, unit_id)
        SELECT gen_random_uuid(), '', 'renameUnit', id FROM there RETURNING id
    ), change AS (
        INSERT INTO audit_change (entry_id, table_name, row_id, unit_id, before)
        SELECT entry.id, '{table}', gen_random_uuid(), there.id, '{was}' FROM entry, there RETURNING entry_id, row_id
    )
    INSERT INTO correction (id, unit_path, entry_id, row_id, reason)
    SELECT gen_random_uuid(), path, entry_id, row_id, '误记' FROM change, there;
    ALTER TABLE audit_change ENABLE TRIGGER USER
"""
RECORDED = """
    SELECT tgrelid::regclass::text AS name, array_agg(attname::text) AS columns FROM pg_trigger
    JOIN pg_attribute ON attrelid = tgrelid AND attnum > 0 AND NOT attisdropped WHERE tgname = 'audit' GROUP BY 1
"""


async def told(api: Api, who: tuple[str, str], document: str, **given: Any) -> list[dict[str, Any]]:
    """The changes someone is told, each with its command."""
    found = await api.data(who, document, **given)
    (page,) = found["node"].values() if "node" in found else found.values()
    return [{"command": each["command"], **change} for each in page["nodes"] for change in each["changes"]["nodes"]]


def sides(changes: list[dict[str, Any]], command: str, type_: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after of the only change a command made of a row of a type."""
    (change,) = [each for each in changes if (each["command"], each["type"]) == (command, type_)]
    return json.loads(change["before"] or "{}"), json.loads(change["after"] or "{}")


async def gone_to_another_town(api: Api, on: Street) -> tuple[str, str, str]:
    """A member who served in a town, by a term that was cut as they went to another; that term; where it was."""
    there, member, before = await new_community(api, ELSEWHERE), on.members[0], await unit_id(api, OTHER)
    assigned: Any = {"id": member, "gridId": before, "since": day(-9)}
    first = await made(api, COUNTY_ADMIN, "assignToGrid", "gridTerm", **assigned)
    await made(api, COUNTY_ADMIN, "assignToGrid", "gridTerm", **assigned | {"gridId": there, "since": day(-2)})
    return member, first, before


async def test_where_somebody_came_from_is_told_to_whom_it_is(api: Api, on: Street) -> None:
    """Neither by path and code, nor by the term that was cut, nor by its day."""
    member, first, unit = await gone_to_another_town(api, on)
    for who in THERE:
        for document, given in ((ENTRIES, {}), (HISTORY, {"id": member})):
            changes = await told(api, who, document, **given)
            before, after = sides(changes, "assignToGrid", "Member")
            assert ("unit_path" in before, ELSEWHERE in after["unit_path"]) == (False, True)
            fields = [each for row in changes if row["type"] == "Member" for each in row["fields"]]
            assert {"name": "unit", "before": None, "after": f"{ELSEWHERE}901"} in fields
            text = json.dumps(changes)
            assert not [each for each in (TOWN, unit[3:], first[3:], "cut_", "came_from") if each in text], who
    changes = await told(api, COUNTY_ADMIN, ENTRIES)
    terms = [json.loads(each["after"]) for each in changes if each["type"] == "GridTerm" and each["before"] is None]
    assert [terms[-1][name] for name in ("cut_id", "came_from_id", "cut_until")] == [first[3:], unit[3:], None]


async def test_a_unit_that_moved_tells_nothing_of_where_it_was(api: Api, on: Street) -> None:
    await api.do(COUNTY_ADMIN, "moveUnit", "", id=on.unit, version=1, parentId=await unit_id(api, ELSEWHERE))
    for who in (ADMIN, ("town_admin", ELSEWHERE)):
        for document, given in ((ENTRIES, {}), (HISTORY, {"id": on.unit})):
            changes = await told(api, who, document, **given)
            before, after = sides(changes, "moveUnit", "OrgUnit")
            assert not {"path", "parent_path"} & {*before}
            assert f"/{TOWN}/" not in json.dumps(changes)
    before, after = sides(await told(api, COUNTY_ADMIN, HISTORY, id=on.unit), "moveUnit", "OrgUnit")
    assert (f"/{TOWN}/" in before["parent_path"], f"/{ELSEWHERE}/" in after["parent_path"]) == (True, True)


async def test_what_they_read_is_told_as_ever(api: Api, on: Street) -> None:
    """Units and rows of their own by name, personal data as hidden; of what is no field nothing."""
    term = {"buildingId": on.buildings[0], "memberId": on.members[0], "since": day(-9)}
    await made(api, ADMIN, "assignCaptain", "captainAssignment", **term)
    for who in (ADMIN, ("town_admin", TOWN)):
        changes = await told(api, who, ENTRIES)
        _, after = sides(changes, "assignCaptain", "CaptainAssignment")
        named = {f"{name}_id": term[f"{name}Id"][3:] for name in ("building", "member")}
        assert {name: after.get(name) for name in named} == named
        assert COMMUNITY in after["unit_path"]
        assert not {"cut_id", "cut_until"} & {*after}
        registered = [json.loads(each["after"]) for each in changes if each["command"] == "registerMember"]
        assert {each["phone"] for each in registered if "phone" in each} == {"•"}
        assert not [each for each in registered if {"folded", "sorting", "pinyin"} & {*each}]
        created = [json.loads(each["after"]) for each in changes if each["command"] == "createBuilding"]
        assert ["cut_by_closing" in each for each in created] == [False, False]


async def test_auditors_are_told_what_lies_below_them(api: Api, on: Street) -> None:
    """Also what is no field; of where a unit was those who read the trail there, too, or above."""
    await api.do(COUNTY_ADMIN, "moveUnit", "", id=on.unit, version=1, parentId=await unit_id(api, ELSEWHERE))
    found = [await told(api, ("auditor", code), ENTRIES) for code in (COUNTY, ELSEWHERE)]
    (before, after), (hidden, same) = (sides(changes, "moveUnit", "OrgUnit") for changes in found)
    assert {*before} - {*hidden} == {"path", "parent_path"}
    assert same == after
    for changes in found:
        made = [json.loads(each["after"]) for each in changes if each["command"] == "createBuilding"]
        assert ["cut_by_closing" in each for each in made] == [True, True]


async def test_every_recorded_column_that_names_something_is_declared(api: Api) -> None:
    """By a key, or as it says itself: the ids and paths there are."""
    names = 0
    for row in await api.connection.fetch(RECORDED):
        table = METADATA.tables[row["name"]]
        known = references(table)
        for name in {*row["columns"]} - {"id"}:
            type_ = table.c[name].type
            ids = isinstance(type_, Uuid) or (isinstance(type_, ARRAY) and isinstance(type_.item_type, Uuid))
            if ids or name.endswith(("_id", "path", "_from")):
                assert name in known, f"{row['name']}.{name}"
                names += 1
    assert names > 200


async def test_a_correction_names_nothing_of_another_town(api: Api, on: Street) -> None:
    """Of a term entered in the wrong grid: the town it was in is told that one, and the right one the county alone."""
    there = await new_community(api, ELSEWHERE)
    assigned: Any = {"id": on.members[0], "gridId": await unit_id(api, OTHER), "since": day(-9)}
    term = await made(api, COUNTY_ADMIN, "assignToGrid", "gridTerm", **assigned)
    await api.do(COUNTY_ADMIN, "correctGridTerm", "", id=term, version=1, gridId=there, reason="误记")
    right = f"{ELSEWHERE}901"
    for who, became in ((("town_admin", TOWN), None), (("auditor", TOWN), None), (ABOVE, right), (COUNTY_ADMIN, right)):
        (found,) = (await api.data(who, CORRECTIONS))["corrections"]["nodes"]
        assert found["nodeId"] == term
        assert found["fields"] == [{"name": "unit", "before": OTHER, "after": became}], who
        of = '{ auditEntries(filter: {command: "correctGridTerm"}) { nodes { correction { fields { after } } } } }'
        for entry in (await api.data(who, of))["auditEntries"]["nodes"]:
            assert entry["correction"] == {"fields": [{"after": became}]}, who
    assert (await api.data(THERE[1], CORRECTIONS))["corrections"]["nodes"] == []


async def test_no_correction_names_what_its_reader_does_not_read(api: Api, on: Street) -> None:
    """Of whichever table: neither a unit by its path nor a row by its id, by a page and by id alike."""
    tables = {CATALOGUE.kinds[of.__name__].entity.table for of in CORRECTED}
    lay = await api.connection.fetchval("SELECT path FROM org_unit WHERE code = $1", TOWN)
    for table in tables:
        names = {name: of.names for name, of in references(table).items() if of.by == name}
        was = {name: lay if PATH in of else on.members[0][3:] for name, of in names.items()}
        await api.connection.execute(CORRECTED_THERE.format(table=table.name, was=json.dumps(was), code=ELSEWHERE))
    found: dict[Any, list[Any]] = {}
    for who in (THERE[1], COUNTY_ADMIN):
        page = (await api.data(who, CORRECTIONS))["corrections"]["nodes"]
        by_id = {each["id"]: each for each in (await api.data(who, BY_ID, ids=[each["id"] for each in page]))["nodes"]}
        assert [by_id[each["id"]] for each in page] == page
        found[who] = [(each["type"], row["name"], row["before"]) for each in page for row in each["fields"]]
    assert len({type_ for type_, *_ in found[COUNTY_ADMIN]}) == len(tables) == len(CORRECTED)
    assert found[THERE[1]] == []


def test_what_is_told_in_part_is_led_to_page_by_page() -> None:
    """There it is held back, and nowhere else."""
    part = {kind.name for kind in CATALOGUE.kinds.values() if kind.entity.sifted is not None}
    assert part == {"AuditChange"}
    led = [field.declared for kind in CATALOGUE.kinds.values() for field in kind.fields.values()]
    led += [field.declared for field in CATALOGUE.roots.values()]
    assert {each.kind for each in led if isinstance(each, Edge) and each.target in part} == {EdgeKind.PAGE}
    assert not [name for name in part if CATALOGUE.kinds[name].entity.tag]
    items = [each for each in led if isinstance(each, Itemized)]
    assert {each.made_of for each in items} == {None, *part}
