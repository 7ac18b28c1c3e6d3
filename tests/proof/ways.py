"""By which keys the rows of each table answer to seats, said a second time: plain loops over plain rows.

It imports nothing of the product and is read beside the `ways` of the entities; see tests/proof/model.py.
"""

from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Keys = dict[str, list[Any]]
REACHED = (
    "service_item",
    "duty_item",
    "duty_need",
    "help_team",
    "centre",
    "activity",
    "venue",
    "taken_time",
    *("project", "project_phase", "project_contribution"),
    "deliberation_day",
    "analysis_meeting",
    "deliberation_report",
)
OF_THE_UNIT = (
    *("service_adjustment", "chair_evaluation", "correction", "residents_team"),
    *("centre_look", "look_score", "venue_booking", "resource_use", "need_count", "project_payment", "dispute"),
)
PUBLISHED = (
    *(
        "stored_operation",
        "grant_above",
        "calendar_year",
        "scoring_sheet",
        "sheet_item",
        "shared_resource",
        "need_survey",
        "survey_choice",
        "need_response",
    ),
    *("facility", "operation_term", "milestone", "department_offer"),
)
OF_MEMBERS = (
    *("grid_term", "household_contact", "home_visit", "activity_sign_up", "activity_attendance", "pledge", "appraisal"),
    "point_claim",
)


def lies_in(path: str | None, top: str) -> bool:
    """Whether the unit at a path is the one at `top` or below it: paths are codes, each with a slash after it."""
    return path is not None and path.startswith(top)


def lies_now(tables: Tables, unit: Any) -> list[Any]:
    """The path of a unit, or of the one that has what was its own."""
    heir = the(tables, "former_unit", unit, "heir_id")
    return [path for each in (unit, *heir) for path in the(tables, "org_unit", each, "path")]


# --- what holds today -------------------------------------------------------------------------------------------------


def holds(term: Row, today: date) -> bool:
    """Whether a term holds today; its first and last day belong to it."""
    return term["since"] <= today and (term["until"] is None or term["until"] >= today)


def current(tables: Tables, table: str, column: str, value: Any, wanted: str, today: date) -> list[Any]:
    """Of the terms in a table that hold today and have a value in one column: what they have in another."""
    return [term[wanted] for term in tables[table] if term[column] == value and holds(term, today)]


def served_lately(tables: Tables, member: Row, top: str, today: date) -> bool:
    """Whether a member serves in a unit or below, or did on one of the last 92 days."""
    earliest = today - timedelta(days=92)
    places = [member["unit_path"]]
    for term in (each for each in tables["grid_term"] if each["member_id"] == member["id"]):
        if term["until"] is None or term["until"] >= earliest:
            places.append(term["unit_path"])
        if term["since"] > earliest:
            places += the(tables, "org_unit", term["came_from_id"], "path")
    return any(lies_in(path, top) for path in places)


def managers(tables: Tables, compound: Any, today: date) -> list[Any]:
    """A compound is managed by the company whose contract for it holds today."""
    return current(tables, "management_contract", "compound_id", compound, "company_id", today)


def sharing(tables: Tables, compound: Any, today: date) -> list[Any]:
    """A compound is shared by the units that have a sharing of it today, beside the one it lies in."""
    return current(tables, "compound_sharing", "compound_id", compound, "sharer_path", today)


def common(one: str, other: str) -> str | None:
    """The path of the lowest unit two units lie in."""
    tops = [one[: end + 1] for end, sign in enumerate(one) if sign == "/" and other.startswith(one[: end + 1])]
    return tops[-1] if tops else None


def captains(tables: Tables, building: Any, today: date) -> list[Any]:
    """The captain of a building is the member whose term for it holds today."""
    return current(tables, "captain_term", "building_id", building, "member_id", today)


def instructors(tables: Tables, company: Any, today: date) -> list[Any]:
    """The instructors of a company are the members dispatched to it today."""
    posts = [post for post in tables["post"] if post["kind"] == "INSTRUCTOR"]
    return current({"post": posts}, "post", "company_id", company, "member_id", today)


def served_by_company(tables: Tables, company: Any, today: date) -> list[Any]:
    """A company serves the units in which it manages a compound today."""
    return current(tables, "management_contract", "company_id", company, "unit_path", today)


def served_by_organization(tables: Tables, organization: Any, today: date) -> list[Any]:
    """A party organization serves where it covers a compound today, and where the company works whose branch it is."""
    if organization is None:
        return []
    covered = current(tables, "branch_coverage", "organization_id", organization, "unit_path", today)
    firms = companies_of(tables, organization)
    return covered + [path for firm in firms for path in served_by_company(tables, firm, today)]


def companies_of(tables: Tables, organization: Any) -> list[Any]:
    """A party organization is a company's branch where the company names it."""
    firms = tables["property_company"] if organization is not None else []
    return [company["id"] for company in firms if company["organization_id"] == organization]


def in_the_line(tables: Tables, organization: Any) -> bool:
    """Whether a party organization belongs to the property industry: of a compound, a company or the sector."""
    return the(tables, "party_organization", organization, "tier")[:1] in (["COMPOUND"], ["COMPANY"], ["SECTOR"])


def serving_in(tables: Tables, path: str) -> list[Any]:
    """The members who serve in just this unit."""
    return [member["id"] for member in tables["member"] if member["unit_path"] == path]


def contacting(tables: Tables, household: Row, today: date) -> list[Any]:
    """The members who keep contact with a household today and serve in its unit, below it or above."""
    at, path = {member["id"]: member["unit_path"] for member in tables["member"]}, household["unit_path"]
    held = current(tables, "household_contact", "household_id", household["id"], "member_id", today)
    return [member for member in held if lies_in(at[member], path) or lies_in(path, at[member])]


# --- by what the rows of each table answer to seats -------------------------------------------------------------------


def keys_of(tables: Tables, table: str, row: Row, today: date) -> Keys:  # noqa: C901 - one paragraph for each table
    """The keys of a row, by the kind of seat they are compared with. A table that is not named here answers to none."""
    path = row.get("unit_path")
    if table == "org_unit":  # its own place; members see the row of the unit they serve in, and no other
        own = row["path"]
        return {"territory": [own], "line": [own], "just this unit": [own], "member": serving_in(tables, own)}
    if table == "party_organization":
        # The line has the organizations of the industry; a company and its instructors have its own branch.
        firms = companies_of(tables, row["id"])
        sent = [member for firm in firms for member in instructors(tables, firm, today)]
        line = [path] if in_the_line(tables, row["id"]) else []
        serves = served_by_organization(tables, row["id"], today)
        return {"territory": [path], "line": line, "serves": serves, "company": firms, "instructor": sent}
    if table == "member":
        return keys_of_member(tables, row, today)
    if table == "contact":  # how to reach a member is theirs and their unit's to know; while restricted, theirs alone
        return {"territory": [path] if row["restricted_on"] is None else [], "member": [row["id"]]}
    if table == "property_company":  # registered in one place, to be read wherever it manages a compound today
        present, sent = served_by_company(tables, row["id"], today), instructors(tables, row["id"], today)
        own = [row["id"]]
        return {"territory": [path], "works in": present, "line": [path], "company": own, "instructor": sent}
    if table == "compound":
        firms, sharers = managers(tables, row["id"], today), sharing(tables, row["id"], today)
        return {"territory": [path], "line": [path], "company": firms, "shared by": sharers}
    if table == "compound_sharing":  # the matter of who has both; read by each
        over, firms = [common(path or "", row["sharer_path"])], managers(tables, row["compound_id"], today)
        return {"territory": over, "company": firms, "shared by": [path, row["sharer_path"]]}
    if table == "building":
        firms, led = managers(tables, row["compound_id"], today), captains(tables, row["id"], today)
        own = [row["id"]]
        keys = {"territory": [path], "line": [path], "company": firms, "building": own, "captain": led}
        return {**keys, "shared by": sharing(tables, row["compound_id"], today)}
    if table == "management_contract":  # a company's own for ever; what it manages is another matter
        firms, sharers = [row["company_id"]], sharing(tables, row["compound_id"], today)
        return {"territory": [path], "line": [path], "company": firms, "shared by": sharers}
    if table in ("compound_phase", "owners_committee", "branch_coverage"):
        firms, sharers = (of(tables, row["compound_id"], today) for of in (managers, sharing))
        return {"territory": [path], "line": [path], "company": firms, "shared by": sharers}
    if table == "company_assessment":
        sent, own = instructors(tables, row["company_id"], today), [row["company_id"]]
        serves = served_by_company(tables, row["company_id"], today)
        return {"territory": [path], "line": [path], "serves": serves, "company": own, "instructor": sent}
    if table == "instructor_visit":  # read where its company is held to account; the log is its instructor's own
        serves = served_by_company(tables, row["company_id"], today)
        own, came = [row["company_id"]], the(tables, "post", row["post_id"], "member_id")
        return {"territory": [path], "serves": serves, "company": own, "instructor": came}
    if table in ("captain_term", "resident_report"):  # for who leads the building or manages it; members their own
        building = row["building_id"]
        (compound,) = the(tables, "building", building, "compound_id")
        firms, led = managers(tables, compound, today), captains(tables, building, today)
        keys = {"territory": [path], "company": firms, "building": [building], "captain": led}
        if table == "captain_term":
            keys |= {"member": [row["member_id"]], "shared by": sharing(tables, compound, today)}
        return keys
    if table == "post":
        return keys_of_post(tables, row, today)
    if table.startswith("meeting"):
        return keys_of_meeting(tables, table, row, today)
    if table.startswith("alliance"):  # where they are, and by the members and captains there
        houses = [each["id"] for each in tables["building"] if lies_in(each["unit_path"], path or "")]
        led = [member for building in houses for member in captains(tables, building, today)]
        serving = [each["id"] for each in tables["member"] if lies_in(each["unit_path"], path or "")]
        return {"territory": [path], "member": serving, "building": houses, "captain": led}
    if table in {
        "matter",
        "matter_move",
        "matter_result",
    }:  # of a unit and all below, and where it is about a compound, of whose that is
        of = row["compound_id"] if table == "matter" else the(tables, "matter", row["matter_id"], "compound_id")[0]
        inside = [building["id"] for building in tables["building"] if of is not None and building["compound_id"] == of]
        led = [member for building in inside for member in captains(tables, building, today)]
        reached = [member["id"] for member in tables["member"] if lies_in(member["unit_path"], path or "")]
        keys = {"territory": [path], "published by": [path], "line": [path], "member": reached, "captain": led}
        return {**keys, "building": inside, "company": managers(tables, of, today)}
    if table == "department":  # what a county has is published to all below; whoever is seated at one sees it
        return {"territory": [path], "published by": [path], "department": [row["id"]]}
    if table in ("whistle", "whistle_step"):  # of a unit, and for a department; a step is for whom its whistle is today
        of = (
            [row["department_id"]] if table == "whistle" else the(tables, "whistle", row["whistle_id"], "department_id")
        )
        return {"territory": [path], "department": of}
    if table == "matter_way":  # everybody's who reads matters at all
        units, members = [unit["path"] for unit in tables["org_unit"]], [row["id"] for row in tables["member"]]
        firms, houses = ([row["id"] for row in tables[name]] for name in ("property_company", "building"))
        keys = {"published by": units, "line": units, "company": firms, "building": houses}
        return {**keys, "member": members, "captain": members}
    if table == "point_rule":  # likewise, and for who served there until a quarter ago
        lately = [each["id"] for each in tables["member"] if served_lately(tables, each, path or "", today)]
        return {"territory": [path], "published by": [path], "member": lately}
    if table in REACHED:  # published for the unit and all below, and for the members who serve there
        reached = [member["id"] for member in tables["member"] if lies_in(member["unit_path"], path or "")]
        line = [path] if table in ("centre", "project", "project_phase") else []
        if table == "project":  # and whoever proposed it
            reached += the(tables, "post", row["post_id"], "member_id")
        return {"territory": [path], "published by": [path], "line": line, "member": reached}
    if table in ("duty_term", "duty_suggestion", "member_profile", "help_team_member", "help_request"):
        # While they are restricted, a profile is the member's alone.
        known = table != "member_profile" or the(tables, "member", row["member_id"], "restricted_on") == [None]
        return {"territory": [path] if known else [], "member": [row["member_id"]]}
    if table == "catalog_entry":  # a line of one unit's own catalog
        return {"territory": [path], "just this unit": [path], "member": serving_in(tables, path or "")}
    if table == "chair_theme":  # planned by whoever is in the chair
        return {"territory": [path], "member": the(tables, "post", row["post_id"], "member_id")}
    if table == "compound_position":  # where a shared compound stands
        return {"territory": [path], "line": [path], "shared by": sharing(tables, row["compound_id"], today)}
    if table == "walk":  # it is the compound's; it names the centre wherever that lies
        return {"territory": [path], "line": [path]}
    if table in OF_THE_UNIT:
        return {"territory": [path]}
    if table in ("point_entry", "point_standing"):  # a bulletin to whoever serves in its community
        around = [unit["path"] for unit in tables["org_unit"] if unit["level"] == "COMMUNITY"]
        own = [community for community in around if lies_in(path, community)]
        near = [who["id"] for who in tables["member"] if any(lies_in(who["unit_path"], each) for each in own)]
        return {"territory": [path], "member": [row["member_id"], *near]}
    if table in ("fund", "fund_year", "fund_entry"):  # read by who serves there or in its community, and captains there
        around = [unit["path"] for unit in tables["org_unit"] if unit["level"] == "COMMUNITY"]
        own = [path, *(community for community in around if lies_in(path, community))]
        near = [who["id"] for who in tables["member"] if any(lies_in(who["unit_path"], each) for each in own)]
        stand = [each["id"] for each in tables["building"] if lies_in(each["unit_path"], path or "")]
        led = [member for building in stand for member in captains(tables, building, today)]
        return {"territory": [path], "member": near, "building": stand, "captain": led}
    if table == "fund_award":  # what is proposed is for those who administer there
        return {"territory": [path]}
    if table == "member_quarter":  # where they serve, and where they were appraised of its year
        of_year = [each for each in tables["appraisal"] if each["year"] == row["year"]]
        by = [each["unit_path"] for each in of_year if each["member_id"] == row["member_id"]]
        return {"territory": [path, *by], "member": [row["member_id"]]}
    if table == "household":
        return {"territory": [path], "member": contacting(tables, row, today)}
    if table in OF_MEMBERS:  # the member's own, wherever they serve by now
        return {"territory": [path], "member": [row["member_id"]]}
    if table == "viewer":  # what an account is to itself, and to nobody else
        return {"oneself": [row["id"]]}
    if table == "account":
        return {"territory": [path], "oneself": [row["id"]]}
    if table == "role_grant":  # where its seat lies: at the unit, or where the company, building or member belongs
        return {"territory": [path, *seat_lies_at(tables, row)], "oneself": [row["account_id"]]}
    if table in ("program", "access_token"):
        whose = the(tables, "program", row.get("program_id", row["id"]), "account_id")
        return {"territory": [path], "oneself": whose}
    if table in PUBLISHED:  # for the unit and all below
        return {"territory": [path], "published by": [path]}
    if table == "audit_entry":  # where its unit is now, or that one's heir; else with the county in whose chain it is
        chain = the(tables, "org_unit", row["chain"], "path") if row["unit_id"] is not None else []
        return {"territory": lies_now(tables, row["unit_id"]) or chain}
    if table == "audit_change":  # likewise by where the row lay, if it lay anywhere
        (entry,) = [entry for entry in tables["audit_entry"] if entry["id"] == row["entry_id"]]
        lay = row["unit_id"] or entry["unit_id"]
        return keys_of(tables, "audit_entry", {**entry, "unit_id": lay}, today)
    if table == "contact_read":  # for whoever administers a member now, and the member
        return {"territory": the(tables, "member", row["member_id"], "unit_path"), "member": [row["member_id"]]}
    return {}


def the(tables: Tables, table: str, id_: Any, wanted: str) -> list[Any]:
    """What the row of this id has in a column; nothing where there is none."""
    return [row[wanted] for row in tables[table] if row["id"] == id_]


def seat_lies_at(tables: Tables, grant: Row) -> list[Any]:
    """Where the company, building or member a grant is seated at belongs."""
    seats = (("property_company", "company_id"), ("building", "building_id"), ("member", "member_id"))
    return [path for table, column in seats for path in the(tables, table, grant[column], "unit_path")]


def keys_of_meeting(tables: Tables, table: str, row: Row, today: date) -> Keys:
    """A meeting, and what is of it, is of its unit and who serves there; companies and captains have what is about
    their compounds.

    The minutes tell of all that was talked about: they are neither the companies' nor the captains' nor the line's.
    """
    path = row["unit_path"]
    keys: Keys = {"territory": [path], "published by": [path]}
    keys["member"] = [member["id"] for member in tables["member"] if lies_in(member["unit_path"], path)]
    if table == "meeting_minutes":
        return keys
    about = {each["id"]: each["compound_id"] for each in tables["matter"]}
    meeting = row["id"] if table == "meeting" else row.get("meeting_id")
    discussed = [about[each["matter_id"]] for each in tables["meeting_item"] if each["meeting_id"] == meeting]
    if table == "meeting_item":
        discussed = [about[row["matter_id"]]]
    if table == "meeting_place":
        discussed = [each["id"] for each in tables["compound"] if lies_in(each["unit_path"], path)]
    firms = [firm for compound in discussed if compound for firm in managers(tables, compound, today)]
    houses = [each["id"] for each in tables["building"] if each["compound_id"] in discussed]
    if table == "meeting_place":
        houses = [each["id"] for each in tables["building"] if lies_in(each["unit_path"], path)]
    led = [member for building in houses for member in captains(tables, building, today)]
    return {**keys, "line": [path], "company": firms, "building": houses, "captain": led}


def keys_of_post(tables: Tables, post: Row, today: date) -> Keys:
    """A post lies where its body does; in the line are those of companies and of the industry's organizations.

    Whoever holds one today in a company, or its branch, is read by who is dispatched to it, and wherever it works.
    """
    path = post["unit_path"]
    line = [path] if post["company_id"] is not None or in_the_line(tables, post["organization_id"]) else []
    firms = [post["company_id"], *companies_of(tables, post["organization_id"])]
    own = [post["member_id"]]
    sent: list[Any] = []
    serves: list[Any] = []
    if holds(post, today):
        sent += [member for firm in firms for member in instructors(tables, firm, today)]
        serves += served_by_organization(tables, post["organization_id"], today)
        serves += served_by_company(tables, post["company_id"], today)
    keys = {"instructor": own if post["kind"] == "INSTRUCTOR" else [], "dispatched to": sent, "member": own}
    return {"territory": [path], "line": line, "serves": serves, "company": firms, **keys}


def keys_of_member(tables: Tables, member: Row, today: date) -> Keys:
    """A member is registered in a unit; others see them for what they hold: what somebody sees names them."""
    own = member["id"]
    posts = [post for post in tables["post"] if post["member_id"] == own]
    terms = [term for term in tables["captain_term"] if term["member_id"] == own]
    duties = [duty for of in ("duty_term", "help_team_member") for duty in tables[of] if duty["member_id"] == own]
    named = [held["unit_path"] for held in (*posts, *terms, *duties)]
    named += [member["unit_path"] for read in tables["contact_read"] if read["member_id"] == own]
    keys: Keys = {"registered in": [member["unit_path"]], "named in": named, "member": [own]}
    # A company and its instructors know its people: its branch's members, and who leads a building it manages.
    keys["company"] = companies_of(tables, member["organization_id"])
    keys |= {"line": [], "serves": [], "instructor": []}
    for term in terms:
        if holds(term, today):
            keys["line"].append(term["unit_path"])
            (compound,) = the(tables, "building", term["building_id"], "compound_id")
            keys["company"] += managers(tables, compound, today)
    for post in posts:
        if holds(post, today):
            held = keys_of_post(tables, post, today)
            for by in ("line", "serves", "company"):
                keys[by] += held[by]
            for firm in held["company"]:
                keys["instructor"] += instructors(tables, firm, today) if firm is not None else []
    return keys
