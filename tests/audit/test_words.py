"""What is on record in words a clerk reads: what a command does, what a row is, what its fields were and are."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from graphql import GraphQLObjectType

from schema import AREAS
from schema.catalogue.glossary import glossary
from schema.kit.glossary import short
from services.audit.events import Event
from services.audit.tables import event
from tests.built import CATALOGUE, SCHEMA
from tests.writes.api import STATEMENTS, Api
from tests.writes.street import ADMIN, COMMUNITY, COUNTY, Street

WORDS = glossary(CATALOGUE.kinds, CATALOGUE.offers, AREAS)
HISTORY = """query($id: ID!) { node(id: $id) { ... on Compound {
    history(first: 20, orderBy: {field: AT, direction: DESC}) { nodes { accountName command title changes { nodes {
        type nodeId rowId fields { name label before after } } } } } } } }"""
ENTRIES = """{ auditEntries(first: 100) { nodes { command title changes { nodes {
    table type nodeId fields { name before after } } } } } }"""
CHANGE = "INSERT INTO audit_change (entry_id, table_name, row_id, before, after) VALUES ($1, $2, $3, $4, $5)"
AUDITOR = ("auditor", COUNTY)
# Columns on record that are no field: what rows are found and sorted by, paths of what another column names, what a
# term cut, secrets; and who did something, which the entry says.
KEYS = {"id", "path", "folded", "sorting", "pinyin", "grams", "cut_id", "cut_until"}
KEYS |= {"spot", "cut_by_closing", "before_closing", "before_move", "moved_id"}
UNTOLD = {
    *("account.revision", "account.password", "member.erased_on", "role_grant.granted_by", "role_grant.revoked_by"),
    *("point_claim.claimed_by", "point_claim.reviewed_by", "look_score.scorer_id", "stored_operation.created_by"),
    *("fund_award.proposed_by", "fund_award.reviewed_by", "fund_entry.entered_by", "fund_entry.approved_by"),
    *("credential.account_id", "credential.kind", "credential.secret_sha256", "credential.last_used_at"),
    *("program.moved_from", "program.moved_at", "grid_term.came_from_id"),
    *("program.account_id", "access_token.credential_id", "stored_operation.sha256", "need_count.counted_in"),
    *("branch_coverage.organization_path", "compound_sharing.over_path", "post.body_id"),
    *("deliberation_day.of_id", "deliberation_report.of_id", "analysis_meeting.day_on"),
    *(f"{table}.{name}" for table in ("matter", "matter_move", "whistle_step") for name in ("due_after", "due_left")),
    *("sheet_item.sheet_id", "sheet_item.number", "compound_position.compound_id"),
}
UNPLACED = {  # whose unit is that of what they are of
    *("access_token", "stored_operation", "member_profile", "activity_sign_up", "activity_attendance"),
    *("compound_position", "sheet_item", "survey_choice"),
}
# What follows of a whistle from its limits is told, and not how they are kept.
UNTOLD |= {f"whistle.{name}_{day}" for name in ("answer", "solve") for day in ("days", "town_on", "county_on")}
UNTOLD |= {f"whistle.{name}_{day}" for name in ("answer", "solve") for day in ("after", "left")}
UNTOLD |= {"whistle.was_town_on", "whistle.was_county_on", "whistle.of_former", "whistle_step.department_id"}


async def newest(api: Api, of: str) -> dict[str, Any]:
    """The last entry about a compound."""
    entry: dict[str, Any] = (await api.data(AUDITOR, HISTORY, id=of))["node"]["history"]["nodes"][0]
    return entry


async def told(api: Api, command: str, who: tuple[str, str] = AUDITOR) -> dict[str, Any]:
    """The only entry of a command."""
    nodes = (await api.data(who, ENTRIES))["auditEntries"]["nodes"]
    (entry,) = (each for each in nodes if each["command"] == command)
    return dict(entry)


async def noted(api: Api, on: Street, command: str, table: str, before: Any, after: Any) -> dict[str, Any]:
    """An entry of one change as it might have been kept, as it is told."""
    unit = UUID(on.unit[3:])
    entry = await event(api.connection, command, unit_id=unit)
    sides = (None if side is None else json.dumps(side) for side in (before, after))
    await api.connection.execute(CHANGE, entry, table, uuid4(), *sides)
    return await told(api, command, ("county_admin", COUNTY))


async def test_what_happened_and_what_was_corrected_are_read_in_one(api: Api, on: Street) -> None:
    """Both say it in words, of which corrections know fewer."""
    said = "title changes { nodes { type nodeId fields { label } } }"
    told = f"history {{ nodes {{ {said} }} }} corrections {{ nodes {{ title type nodeId fields {{ label }} }} }}"
    await api.do(ADMIN, "updateBuilding", "", id=on.buildings[0], storeys=6)
    query = f"query($id: ID!) {{ node(id: $id) {{ ... on Building {{ {told} }} }} }}"
    found = (await api.data(("county_admin", COUNTY), query, id=on.buildings[0]))["node"]
    assert found["corrections"] == {"nodes": []}
    assert "修改楼栋信息 / Change what is known of a building" in {each["title"] for each in found["history"]["nodes"]}


async def test_a_clerk_reads_who_changed_what_from_what_to_what(api: Api, on: Street) -> None:
    await api.do(ADMIN, "updateBuilding", "", id=on.buildings[0], households=31, storeys=6)
    entry = await newest(api, on.compound)
    (change,) = entry.pop("changes")["nodes"]
    assert entry == {
        "accountName": f"test community_admin {COMMUNITY}",
        "command": "updateBuilding",
        "title": "修改楼栋信息 / Change what is known of a building",
    }
    assert change["fields"] == [
        {"name": "households", "label": "户数 / How many households", "before": "30", "after": "31"},
        {"name": "storeys", "label": "层数 / How many storeys", "before": None, "after": "6"},
    ]
    assert (change["type"], change["nodeId"]) == ("Building", on.buildings[0])
    assert on.buildings[0] == f"bd_{change['rowId']}"
    found = await api.data(AUDITOR, "query($id: ID!) { node(id: $id) { __typename } }", id=change["nodeId"])
    assert found == {"node": {"__typename": "Building"}}


async def test_what_is_new_was_nothing_and_what_it_names_is_told_by_id_and_code(api: Api, on: Street) -> None:
    await api.do(ADMIN, "createBuilding", "", compoundId=on.compound, name="3号楼", households=9)
    (change,) = (await newest(api, on.compound))["changes"]["nodes"]
    assert {each["name"]: (each["before"], each["after"]) for each in change["fields"]} == {
        "name": (None, "3号楼"),
        "households": (None, "9"),
        "unit": (None, COMMUNITY),
        "compound": (None, on.compound),
    }


async def test_personal_values_stay_hidden(api: Api, on: Street) -> None:
    """That they changed is told, by the name the field has; neither value is."""
    await api.do(ADMIN, "updateContact", "", id=on.members[0], phone="13912345678")
    entry = await told(api, "updateContact")
    (change,) = entry["changes"]["nodes"]
    assert change["fields"] == [{"name": "phone", "before": "•", "after": "•"}]
    assert "13912345678" not in json.dumps(entry)
    was = {"member_id": "•", "unit_path": "•"}
    hidden = await noted(api, on, "moved", "household_contact", was, {"end_reason": "•"})
    fields = {each["name"]: (each["before"], each["after"]) for each in hidden["changes"]["nodes"][0]["fields"]}
    assert fields == {"member": ("•", None), "unit": ("•", None), "endReason": (None, "•")}


async def test_lists_days_and_whether_are_text(api: Api, on: Street) -> None:
    was = {"functions": ["FOOD", "CULTURE"], "opened_on": "2026-01-02", "dispatches": True, "area_km2": None}
    becomes: dict[str, Any] = {"functions": [], "opened_on": None, "dispatches": False, "area_km2": 7.4}
    entry = await noted(api, on, "rebuilt", "centre", was, becomes)
    assert {each["name"]: (each["before"], each["after"]) for each in entry["changes"]["nodes"][0]["fields"]} == {
        "areaKm2": (None, "7.4"),
        "functions": ("FOOD, CULTURE", ""),
        "dispatches": ("true", "false"),
        "openedOn": ("2026-01-02", None),
    }


async def test_values_of_an_enumeration_say_what_they_mean(api: Api, on: Street) -> None:
    """What they were called then is told as it is kept; of lists, and of what has no such value by now, no meaning."""
    query = "{ auditEntries(first: 100) { nodes { command changes { nodes { fields { name BODY } } } } } }"
    await noted(api, on, "moved", "member", {"standing": "IN_SERVICE", "employer": "RETIRED"}, {"standing": "RETIRED"})
    await noted(api, on, "lent", "venue", {"days": ["MONDAY"]}, {"days": ["SUNDAY"]})
    await noted(api, on, "was", "member", {"standing": "ABROAD"}, {"standing": "•"})
    told = (await api.data(AUDITOR, query.replace("BODY", "after beforeLabel afterLabel")))["auditEntries"]["nodes"]
    fields = {each["command"]: each["changes"]["nodes"][0]["fields"] for each in told if each["changes"]["nodes"]}
    assert fields["moved"] == [
        {"name": "standing", "after": "RETIRED", "beforeLabel": "在职 / In service", "afterLabel": "离退休 / Retired"},
        {"name": "employer", "after": None, "beforeLabel": None, "afterLabel": None},
    ]
    assert fields["lent"] == [{"name": "days", "after": "SUNDAY", "beforeLabel": None, "afterLabel": None}]
    assert fields["was"] == [{"name": "standing", "after": "•", "beforeLabel": None, "afterLabel": None}]


async def test_what_has_no_words_is_left_to_json(api: Api, on: Street) -> None:
    """A command there is no longer, a table that is no type's, a column that is no field."""
    entry = await noted(api, on, "givenUp", "given_up", {"name": "旧"}, {"name": "新"})
    assert entry["title"] is None
    nothing: dict[str, Any] = {"table": "given_up", "type": None, "nodeId": None, "fields": []}
    assert entry["changes"]["nodes"] == [nothing]
    was, becomes = {"folded": "a", "gone": 1, "version": 1}, {"folded": "b", "gone": 2, "version": 2}
    entry = await noted(api, on, "gone", "building", was, becomes)
    assert [(each["type"], each["fields"]) for each in entry["changes"]["nodes"]] == [("Building", [])]


async def test_events_have_titles(api: Api, on: Street) -> None:
    for each in Event:
        await event(api.connection, each, unit_id=UUID(on.unit[3:]))
        command = CATALOGUE.offers.get(each)
        assert (await told(api, each))["title"] == (short(command.description) if command else each.text)


async def test_who_reads_no_trail_reads_no_words(api: Api, on: Street) -> None:
    found = await api.data(("property_committee", COUNTY), HISTORY, id=on.compound)
    assert found == {"node": {"history": {"nodes": []}}}


async def test_the_words_stand_in_a_statement_once(api: Api, on: Street) -> None:
    """However often they are asked: an operation is no longer for being repeated."""
    aliases = " ".join(f"f{number}: fields {{ label __typename }} t{number}: type" for number in range(12))
    query = f"{{ auditEntries(first: 1) {{ nodes {{ title changes {{ nodes {{ {aliases} }} }} }} }} }}"
    before = {statement.sql for _, statement in STATEMENTS._planned.values()}
    (entry,) = (await api.data(AUDITOR, query))["auditEntries"]["nodes"]
    assert entry["changes"]["nodes"][0]["f11"][0]["__typename"] == "AuditField"
    (made,) = {statement.sql for _, statement in STATEMENTS._planned.values()} - before
    assert made.count("jsonb_array_elements(") == 12
    assert [made.count(f'"venue_booking":{words}') for words in ('"VenueBooking"', "[[")] == [1, 1]


async def test_every_recorded_column_is_a_field_or_known_to_be_none(api: Api) -> None:
    """One that is new, and declared as no field, is noticed here."""
    rows = await api.connection.fetch(
        "SELECT tgrelid::regclass::text AS name, attname::text AS column FROM pg_trigger JOIN pg_attribute"
        " ON attrelid = tgrelid AND attnum > 0 AND NOT attisdropped WHERE tgname = 'audit'"
    )
    recorded = {(row["name"], row["column"]) for row in rows}
    assert {name for name, _ in recorded} - {*WORDS.tables} == set()
    told = {(name, column) for name, of in WORDS.tables.items() for column in of.columns}
    left = {f"{name}.{column}" for name, column in recorded - told if column not in KEYS}
    assert left == UNTOLD | {f"{name}.unit_path" for name in UNPLACED}


@pytest.mark.parametrize("of", [*WORDS.tables])
def test_fields_are_called_as_their_type_calls_them(of: str) -> None:
    recorded = WORDS.tables[of]
    over = [kind for kind in CATALOGUE.kinds.values() if kind.entity.table.name == of]
    over = over or [CATALOGUE.kinds[recorded.type]]  # of a table beside its type's
    types = [SCHEMA.type_map[kind.name] for kind in over]
    named = {name for of_type in types if isinstance(of_type, GraphQLObjectType) for name in of_type.fields}
    assert {called.name for called in recorded.columns.values()} <= named
    assert recorded.type in SCHEMA.type_map


@pytest.mark.parametrize(
    ("description", "wanted"),
    [
        ("单元更名 / Give a unit another name.", "单元更名 / Give a unit another name"),
        (
            "调整隶属：连同一切 / Put a unit, with all in it, below one.",
            "调整隶属 / Put a unit, with all in it, below one",
        ),
        ("离开日期，未离开为空 / The last day, if they have left.", "离开日期 / The last day"),
        ("代码；旧的仍可查到 / Its code; old ones lead there.", "代码 / Its code"),
    ],
)
def test_what_is_said_beside_it_is_left_out(description: str, wanted: str) -> None:
    assert short(description) == wanted


def test_all_is_said_in_both_languages() -> None:
    labels = [called.label for of in WORDS.tables.values() for called in of.columns.values()]
    values = [text for of in WORDS.tables.values() for called in of.columns.values() for text in called.values.values()]
    assert len(values) > 100
    said = [*WORDS.commands.values(), *labels, *values, *(each.text for each in Event)]
    assert [each for each in said if not all(part.strip() for part in each.split(" / ")) or " / " not in each] == []
    assert max(map(len, said)) < 160
