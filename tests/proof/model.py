"""Who may see and do what, said a second time: plain loops over plain rows, and nothing of the product.

Read it beside `policies/roles.csv`, which it reads itself, and docs/decisions/0007: the rules say which role may do
what to which kind of thing; here stands where a role is seated, and in ways.py by what a row answers to a seat. A
world is `{table: [row, ...]}`, every row a dict by column name, and the day it is. Slow, and meant to be read.
"""

import csv
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tests.proof.ways import OF_MEMBERS, Keys, Row, Tables, keys_of, lies_in, lies_now, the

Seat = tuple[str, Any]  # what kind of place, and which one: a unit's path or an id

# Where a role can be granted, and what its holder is there.
OVER_ALL = ("county_admin", "town_admin", "community_admin", "visit_keeper", "partner")
SEATED = {(role, "unit"): "territory" for role in OVER_ALL} | {
    ("auditor", "unit"): "inspection",
    ("property_committee", "unit"): "line",
    ("member", "unit"): "just this unit",
    ("member", "member"): "member",
    ("captain", "member"): "captain",
    ("captain", "building"): "building",
    ("instructor", "member"): "instructor",
    ("company_secretary", "company"): "company",
    ("department_officer", "department"): "department",
}

# By which keys seats over units are answered: of people, an inspection has only those whom something there names, and
# counts the others.
OVER_UNITS = {
    "territory": ["territory", "registered in"],
    "inspection": ["territory"],
    "line": ["line"],
    "just this unit": ["just this unit"],
}

# Reorganizations are for those seated above the unit, and not for those seated at it.
ONLY_FROM_ABOVE = ("recode", "move", "merge", "split")

ROLES_CSV = Path(__file__).parent.parent.parent / "policies" / "roles.csv"


# --- roles.csv --------------------------------------------------------------------------------------------------------


def read_rules() -> tuple[list[tuple[str, str, str]], list[tuple[str, str]]]:
    """The lines `p, role, entity, action` and the lines `g, role, role whose rights it has too`."""
    allowed, inherited = [], []
    with ROLES_CSV.open(encoding="utf-8") as lines:
        for line in csv.reader(lines):
            words = [word.strip() for word in line]
            if words and words[0] == "p":
                allowed.append((words[1], words[2], words[3]))
            if words and words[0] == "g":
                inherited.append((words[1], words[2]))
    return allowed, inherited


ALLOWED, INHERITED = read_rules()


def roles_of(role: str) -> list[str]:
    """A role and all whose rights it has too."""
    found = [role]
    for one in found:
        found += [other for heir, other in INHERITED if heir == one and other not in found]
    return found


@cache
def rule_allows(role: str, entity: str, action: str) -> bool:
    """Whether a line of roles.csv lets a role do this to some rows; whoever may read them may count them."""
    return any((r, entity, w) in ALLOWED for r in roles_of(role) for w in {action, action.replace("count", "read")})


# --- may they? --------------------------------------------------------------------------------------------------------


def may(seats: list[tuple[str, Seat]], action: str, entity: str, keys: Keys) -> bool:
    """Whether someone with these roles at these seats may do this to a row that has these keys."""
    return any(rule_allows(role, entity, action) and answers(seat, action, keys) for role, seat in seats)


def answers(seat: Seat, action: str, keys: Keys) -> bool:
    """Whether a row with these keys is one of a seat's."""
    kind, place = seat
    counted = ["registered in"] if kind == "inspection" and action == "count" else []
    action = action.replace("count", "read")
    if kind not in OVER_UNITS:
        also = ["dispatched to"] if kind == "instructor" and action == "read" else []
        return any(key is not None and key == place for way in [kind, *also] for key in keys.get(way, []))
    for key in [key for name in [*OVER_UNITS[kind], *counted] for key in keys.get(name, [])]:
        if kind == "just this unit" and key == place:
            return True
        if kind != "just this unit" and lies_in(key, place) and not (key == place and action in ONLY_FROM_ABOVE):
            return True
    return elsewhere(kind, place, action, keys)


def elsewhere(kind: str, place: str, action: str, keys: Keys) -> bool:
    """What belongs elsewhere may be read, and named in a command; who answers for it, or is named here, may be read."""
    ways = {"read": ("works in", "serves", "shared by"), "refer": ("works in",)}.get(action, ())
    ways += ("named in",) if kind == "inspection" and action == "read" else ()
    if kind != "just this unit" and any(lies_in(key, place) for way in ways for key in keys.get(way, [])):
        return True
    published = keys.get("published by", []) if action in ("read", "refer") and kind != "line" else []
    return any(key is not None and lies_in(place, key) for key in published)


# --- what someone sees ------------------------------------------------------------------------------------------------

# Columns of a row that are a facet of their own, and the entity of it.
FACETS = {("member", "phone"): "member.contact", ("member", "address"): "member.contact",
          ("account", "login"): "account.sign_in", ("audit_entry", "operation"): "audit.request"}  # fmt: skip

# Whose names come with a row for everyone who sees the row: the column that refers to them, and their table.
NAMED = {
    "compound_phase": [("compound_id", "compound")],
    "compound_sharing": [("compound_id", "compound")],
    "building": [("compound_id", "compound"), ("phase_id", "compound_phase")],
    "management_contract": [("compound_id", "compound"), ("company_id", "property_company")],
    "branch_coverage": [("compound_id", "compound"), ("organization_id", "party_organization")],
    "captain_term": [("building_id", "building"), ("member_id", "member")],
    "grid_term": [("member_id", "member")],
    "post": [("member_id", "member"), ("organization_id", "party_organization"), ("company_id", "property_company"),
             ("committee_id", "owners_committee")],
    "instructor_visit": [("company_id", "property_company")],
    "resident_report": [("building_id", "building")],
    **{table: [("organization_id", "party_organization")] for table in ("chair_theme", "chair_evaluation")},
    **{table: [("member_id", "member")] for table in (*OF_MEMBERS[:7], "residents_team")},
    **{table: [("member_id", "member"), ("rule_id", "point_rule")] for table in ("point_claim", "point_entry")},
    "household_contact": [("member_id", "member"), ("household_id", "household")],
    "point_standing": [("member_id", "member")],
    "activity": [("team_id", "residents_team")],
    "role_grant": [("company_id", "property_company"), ("building_id", "building"), ("member_id", "member"),
                   ("account_id", "account"), ("granted_by", "account"), ("revoked_by", "account")],
    **{table: [("account_id", "account")] for table in ("program", "audit_entry")},
    "duty_need": [("item_id", "duty_item")],
    **{table: [("item_id", "duty_item"), ("member_id", "member")] for table in ("duty_term", "duty_suggestion")},
    "help_team_member": [("team_id", "help_team"), ("member_id", "member")],
    "operation_term": [("centre_id", "centre"), ("item_id", "service_item")],
    **{table: [("centre_id", "centre")] for table in ("milestone", "department_offer", "venue")},
    "centre_look": [("centre_id", "centre"), ("sheet_id", "scoring_sheet")],
    "look_score": [("scorer_id", "account")],
    "resource_use": [("resource_id", "shared_resource"), ("centre_id", "centre")],
    **{table: [("venue_id", "venue")] for table in ("venue_booking", "taken_time")},
    **{table: [("choice_id", "survey_choice")] for table in ("need_count", "need_response")},
    **{table: [("department_id", "department")] for table in ("whistle", "whistle_step")},
    **{table: [("project_id", "project")] for table in ("project_phase", "project_payment", "project_contribution")},
    **{table: [("fund_id", "fund")] for table in ("fund_award", "fund_entry")},
    "walk": [("centre_id", "centre"), ("compound_id", "compound")],
}  # fmt: skip


def held(tables: Tables, account: Any, moment: Any) -> list[tuple[str, Seat]]:
    """The roles an account holds at a moment, with the seats they were granted at; at itself it is `everyone`."""
    found: list[tuple[str, Seat]] = [("everyone", ("oneself", account))]
    for grant in tables["role_grant"]:
        if grant["account_id"] != account or grant.get("revoked_at") is not None:
            continue
        if grant["since"] > moment or (grant["until"] is not None and grant["until"] <= moment):
            continue
        for place in ("unit", "company", "building", "member", "department"):
            column = "unit_path" if place == "unit" else place + "_id"
            if grant[column] is not None and (grant["role"], place) in SEATED:
                found.append((grant["role"], (SEATED[grant["role"], place], grant[column])))
    return found


def bound(seats: list[tuple[str, Seat]], entity: str, program: Row | None) -> list[tuple[str, Seat]]:
    """The roles that count for an entity: a program bound to other entities is only itself there."""
    if program is None or program["entities"] is None or entity in program["entities"]:
        return seats
    return [(role, seat) for role, seat in seats if role == "everyone"]


def rows_of(tables: Tables, called: str) -> list[Row]:
    """The rows of a table, or of what is a table's rows by another name."""
    return tables[{"viewer": "account", "grant_above": "role_grant", "contact": "member"}.get(called, called)]


def visible(
    tables: Tables, table: str, entity: str, seats: list[tuple[str, Seat]], today: date, keys: Any = keys_of
) -> list[Row]:
    """The rows of a table that someone may read as this entity; `keys` may know what `keys_of` says of each in turn."""
    if not any(rule_allows(role, entity, action) for role, _ in seats for action in ("read", "follow")):
        return []
    found = [(row, keys(tables, table, row, today)) for row in rows_of(tables, table)]
    return [
        row
        for row, of in found
        if (may(seats, "read", entity, of) and told(seats, table, row, of))
        or (entity == "audit" and (consists(tables, seats, table, row) or followed(tables, seats, table, row)))
    ]


# By what else than their own name rows of a table are read.
READ_AS = {
    "org_unit": "unit", "management_contract": "contract", "branch_coverage": "coverage", "captain_term": "captain",
    "company_assessment": "assessment", "role_grant": "grant", "catalog_entry": "service_item",
    "centre_look": "look", "department_offer": "offer", "operation_term": "operation", "sheet_item": "scoring_sheet",
    "survey_choice": "need_survey", "fund_year": "fund", "whistle_step": "whistle",
    **dict.fromkeys(("alliance_agreement", "alliance_meeting", "alliance_term"), "alliance"),
    **dict.fromkeys(("matter_move", "matter_result"), "matter"),
    **dict.fromkeys(("meeting_attendance", "meeting_item", "meeting_place"), "meeting"),
}  # fmt: skip


def told(seats: list[tuple[str, Seat]], table: str, row: Row, keys: Keys) -> bool:
    """What changed is told where rows of its table may be read; what nobody reads is told with the entry."""
    of = READ_AS.get(row["table_name"], row["table_name"]) if table == "audit_change" else None
    return of not in {entity for _, entity, action in ALLOWED if action == "read"} or may(seats, "read", of, keys)


def consists(tables: Tables, seats: list[tuple[str, Seat]], table: str, row: Row) -> bool:
    """Whoever reads the trail sees the entry of what changed where they do, now, if they may read such rows there.

    It changed where its row lay before as well; from there the change itself is seen so.
    """
    if table == "audit_change":
        return there(tables, seats, row, row["left_unit_id"])
    changed = [each for each in tables["audit_change"] if table == "audit_entry" and each["entry_id"] == row["id"]]
    return any(there(tables, seats, each, unit) for each in changed for unit in lay(each))


def there(tables: Tables, seats: list[tuple[str, Seat]], change: Row, unit: Any) -> bool:
    """Whether someone reads, in a unit or its heir, the trail and rows as the one that changed."""
    keys: Keys = {"territory": lies_now(tables, unit)}
    changed: str = change["table_name"]
    return may(seats, "read", "audit", keys) and may(seats, "read", READ_AS.get(changed, changed), keys)


def lay(change: Row) -> list[Any]:
    """The units a row lay in that changed: after, and before if that was elsewhere."""
    return [change[name] for name in ("unit_id", "left_unit_id") if change[name] is not None]


# What the commands of a world are of; of the others it has there is none, or they are voices, as `suggestMatter` is.
COMMANDS = {"renameUnit": "unit", "updateMember": "member", "recordHomeVisit": "home_visit"}


def followed(tables: Tables, seats: list[tuple[str, Seat]], table: str, row: Row) -> bool:
    """Whoever follows the trail sees what changed where they do, if they may read it there, and its entry."""
    of = row["id"] if table == "audit_entry" else row["entry_id"]
    (command,) = (entry["command"] for entry in tables["audit_entry"] if entry["id"] == of)
    changed = [row] if table == "audit_change" else [each for each in tables["audit_change"] if each["entry_id"] == of]
    return command in COMMANDS and any(
        follows(tables, seats, COMMANDS[command], each, unit) for each in changed for unit in lay(each)
    )


def follows(tables: Tables, seats: list[tuple[str, Seat]], command: str, change: Row, unit: Any) -> bool:
    """Where the row lay that changed they follow the trail, and may read such rows, and what the command is of.

    Members are registered where they lie; all else is of the territory.
    """
    path = the(tables, "org_unit", unit, "path")
    changed: str = change["table_name"]
    named = (command, READ_AS.get(changed, changed))
    read = (may(seats, "read", of, {"registered in" if of == "member" else "territory": path}) for of in named)
    return may(seats, "follow", "audit", {"territory": path}) and all(read)
