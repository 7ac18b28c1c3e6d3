"""Which random rows the database would take, of what no declaration says: rules between a row and others."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Table

from services.duties.helping import requests, team_terms, teams
from services.duties.tables import duty_terms, items, needs, profiles
from services.terms import CHINA
from tests.oracle.projecting import within_budget

if TYPE_CHECKING:
    from tests.oracle.rows import Draw

Row = dict[str, Any]
DUTIES = (items, needs, duty_terms, profiles, teams, team_terms, requests)


def _within_reach(draw: "Draw", coverage: Row) -> bool:
    over = coverage["until"] is not None and coverage["until"] < draw.today
    return bool(over or coverage["unit_path"].startswith(coverage["organization_path"]))


def _holder_fits(draw: "Draw", post: Row) -> bool:
    """Part-time members are in service, instructors no residents: as far as the term is not over."""
    if post["until"] is not None and post["until"] < draw.today:
        return True
    standing = next(member["standing"] for member in draw.rows["member"] if member["id"] == post["member_id"])
    return standing in HOLDERS.get(post["kind"], (standing,))


HOLDERS = {"PART_TIME_MEMBER": ("IN_SERVICE",), "INSTRUCTOR": ("IN_SERVICE", "RETIRED")}


def _seat(draw: "Draw", post: Row) -> Row | None:
    """The part-time member's post a chair rests on: of the same days, or longer."""
    if post["kind"] != "ROTATING_CHAIR":
        return None
    around = {"since": post["since"] - timedelta(days=draw.random.choice((0, 1, 30))), "end_reason": None}
    until = draw.random.choice((None, post["until"], post["until"] + timedelta(days=1)))
    new = UUID(int=draw.random.getrandbits(128), version=4)
    return {**post, **around, "id": new, "kind": "PART_TIME_MEMBER", "until": until, "single": None}


def _in_its_term(draw: "Draw", visit: Row) -> bool:
    """It is on a day of its post's term, see `WANTED`."""
    post = _post(draw, visit)
    return bool(post["since"] <= visit["visited_on"] <= (post["until"] or date.max))


def visited_on(draw: "Draw", visit: Row) -> date:
    """The first or the last day of the post's term that has come; today where none has."""
    post = _post(draw, visit)
    last = min(draw.today, post["until"] or draw.today)
    return min(draw.random.choice((post["since"], last)), draw.today)


def given_points(draw: "Draw", score: Row) -> list[int]:
    """As many as the sheet of the look has items, in their order, and none more than its item's most."""
    sheet = next(look["sheet_id"] for look in draw.rows["centre_look"] if look["id"] == score["look_id"])
    items = [item for item in draw.rows.get("sheet_item", ()) if item["sheet_id"] == sheet]
    ordered = sorted(items, key=lambda item: item["number"])
    return [int(draw.random.random() * (item["most"] + 1)) for item in ordered]


def dispatched(draw: "Draw") -> Row | None:
    """An instructor's post that holds today, of someone who is at no company yet; few posts are."""
    busy = {post["member_id"] for post in draw.rows.get("post", ()) if post["company_id"] is not None}
    free = [row["id"] for row in draw.rows.get("member", ()) if row["standing"] != "RESIDENT" and row["id"] not in busy]
    if not free or not (companies := draw.rows.get("property_company")):
        return None
    company = draw.random.choice(companies)
    body = {"organization_id": None, "committee_id": None, "company_id": company["id"], "body_id": company["id"]}
    term = {"since": draw.today - timedelta(days=30), "until": draw.today + timedelta(days=30), "end_reason": None}
    new = {"id": UUID(int=draw.random.getrandbits(128), version=4), "version": 1, "single": None}
    held = {"kind": "INSTRUCTOR", "member_id": draw.random.choice(free), "unit_path": company["unit_path"]}
    return {**new, **held, **body, **term}


def phased(draw: "Draw") -> None:
    """Buildings of great compounds stand in their phases, but for a third."""
    for building in draw.rows.get("building", ()):
        of = [row for row in draw.rows.get("compound_phase", ()) if row["compound_id"] == building["compound_id"]]
        building["phase_id"] = draw.random.choice([*(row["id"] for row in of * 2), None]) if of else None


def serving(draw: "Draw") -> None:
    """Members serve where the grid is that they are in today."""
    where = {row["id"]: row["unit_path"] for row in draw.rows.get("member", ())}
    for term in draw.rows.get("grid_term", ()):
        if term["since"] <= draw.today and (term["until"] or draw.today) >= draw.today:
            term["unit_path"] = where[term["member_id"]]


def gathering(draw: "Draw") -> None:
    """Some activities that were not cancelled are under way all day: by chance hardly any is."""
    published = [row for row in draw.rows.get("activity", ()) if row["status"] == "PUBLISHED"]
    begun = datetime.combine(draw.today, time(), CHINA)
    for activity in published[:3]:
        activity |= {"begins_at": begun, "ends_at": begun + timedelta(hours=30), "sign_up_closes_at": begun}


def _post(draw: "Draw", visit: Row) -> Row:
    return next(post for post in draw.rows["post"] if post["id"] == visit["post_id"])


def _in_the_chair(draw: "Draw", theme: Row) -> bool:
    """What was not dropped is on a day of its post's term."""
    post = _post(draw, theme)
    return bool(theme["status"] == "DROPPED" or post["since"] <= theme["planned_on"] <= post["until"])


def planned_on(draw: "Draw", theme: Row) -> date:
    """The first or the last day of the post's term, or the day before."""
    post = _post(draw, theme)
    day: date = draw.random.choice((post["since"], post["until"], post["since"] - timedelta(days=1)))
    return day


def _follows_up(_: "Draw", visit: Row) -> bool:
    """What has a case is a dispute; so is the first visit of it, see `WANTED`."""
    return bool(visit["case_id"] is None or visit["kind"] == "DISPUTE")


def _need(draw: "Draw", term: Row) -> Row:
    return next(need for need in draw.rows["duty_need"] if need["id"] == term["need_id"])


def on_duty(draw: "Draw", term: Row) -> date | None:
    """A first day, and then a last one: of those of the need."""
    need = _need(draw, term)
    if "since" in term:
        last: date | None = draw.random.choice((need["until"], need["until"], term["since"]))
        return last
    first: date = draw.random.choice((need["since"], need["since"], need["until"] or need["since"]))
    return first


def _listed_above(draw: "Draw", need: Row) -> bool:
    item = next(item for item in draw.rows["duty_item"] if item["id"] == need["item_id"])
    return bool(need["unit_path"].startswith(item["unit_path"]))


def _place_left(draw: "Draw", term: Row) -> bool:
    """Fewer have taken it than are needed."""
    need = _need(draw, term)
    return bool(sum(other["need_id"] == need["id"] for other in draw.rows.get("duty_term", ())) < need["needed"])


def _by_a_member(_: "Draw", request: Row) -> bool:
    """What a team takes a member does, and nobody else anything."""
    return (request["team_id"] is None) is (request["member_id"] is None)


def help_status(draw: "Draw", request: Row) -> str:
    """Of what is taken, and of what is not."""
    return draw.random.choice(
        ("OPEN", "DROPPED") if request["team_id"] is None else ("TAKEN", "DONE", "DONE", "DROPPED")
    )


def help_closed_on(draw: "Draw", request: Row) -> date | None:
    """The day it was asked, or the next."""
    over = request["status"] in ("DONE", "DROPPED")
    return request["asked_on"] + timedelta(days=draw.random.choice((0, 1))) if over else None


def _a_place_is_free(draw: "Draw", sign_up: Row) -> bool:
    """No more have a place than there are."""
    held = [row for row in draw.rows["activity"] if row["id"] == sign_up["activity_id"]]
    room = held[0]["capacity"]
    others = [row for row in draw.rows.get("activity_sign_up", ()) if row["activity_id"] == sign_up["activity_id"]]
    taken = sum(row["status"] == "SIGNED_UP" for row in others)
    return bool(room is None or sign_up["status"] != "SIGNED_UP" or taken < room)


def moment(draw: "Draw") -> datetime:
    """The first moment of a day around today, the last, or one between."""
    whole = datetime.combine(draw.day(), time(), CHINA)
    return whole + timedelta(seconds=draw.random.choice((0, 12 * 3600, 24 * 3600 - 1)))


def _venue(draw: "Draw", booking: Row) -> Row:
    return next(venue for venue in draw.rows["venue"] if venue["id"] == booking["venue_id"])


def booked_from(draw: "Draw", booking: Row) -> datetime:
    """A quarter of an hour at which its venue is lent out, around today."""
    venue = _venue(draw, booking)
    opens = datetime.combine(draw.day(), time(int(venue["opens_at"][:2])), CHINA)
    while f"{opens:%A}".upper() not in venue["days"]:
        opens += timedelta(days=1)
    return opens + timedelta(minutes=draw.random.choice((0, 15, 13 * 60)))


def came(draw: "Draw", booking: Row) -> int | None:
    """Told of what has begun and was not cancelled."""
    begun = booking["status"] == "BOOKED" and booking["begins_at"].date() < draw.today
    return draw.random.choice((None, 0, 60)) if begun else None


def group_counted(draw: "Draw", counter: Row) -> int:
    """A group of the survey's, counted from one; none where it has none."""
    (box,) = (row for row in draw.rows["survey_box"] if row["id"] == counter["box_id"])
    (survey,) = (row for row in draw.rows["need_survey"] if row["id"] == box["survey_id"])
    groups = len(survey["crossing"])
    return draw.random.randint(1, groups) if groups else 0


def booked_until(draw: "Draw", booking: Row) -> datetime:
    """A quarter later, or as its venue closes."""
    begins = booking["begins_at"]
    closes = begins.replace(hour=0, minute=0) + timedelta(hours=int(_venue(draw, booking)["closes_at"][:2]))
    until: datetime = draw.random.choice((begins + timedelta(minutes=15), closes))
    return until


def used_from(draw: "Draw", use: Row) -> datetime | None:
    """Of a place, but for a third, which were recorded before that was asked; by the id, as `times` of activities."""
    shared = next(row for row in draw.rows["shared_resource"] if row["id"] == use["resource_id"])
    if shared["kind"] != "VENUE" or use["id"].int % 3 == 0:
        return None
    return datetime.combine(use["used_on"], time(7 + use["id"].int % 3), CHINA)


def _used_by_one(draw: "Draw", use: Row) -> bool:
    """Nobody else used the place then."""
    others = (row for row in draw.rows.get("resource_use", ()) if row["resource_id"] == use["resource_id"])
    return use["begins_at"] is None or all(
        row["begins_at"] is None or row["ends_at"] <= use["begins_at"] or use["ends_at"] <= row["begins_at"]
        for row in others
    )


def most_in(draw: "Draw", booking: Row) -> int:
    """How many its venue holds."""
    most: int = _venue(draw, booking)["capacity"]
    return most


def _venue_takes(draw: "Draw", booking: Row) -> bool:
    """Nobody else has it then, and it was not withdrawn before."""
    if booking["status"] != "BOOKED":
        return True
    others = [row for row in draw.rows.get("venue_booking", ()) if row["venue_id"] == booking["venue_id"]]
    taken = (
        row["status"] == "BOOKED" and row["begins_at"] < booking["ends_at"] and booking["begins_at"] < row["ends_at"]
        for row in others
    )
    over = booking["ends_at"].date() < draw.today
    return not any(taken) and (over or _venue(draw, booking)["withdrawn_on"] is None)


def _of_two_persons(_: "Draw", claim: Row) -> bool:
    """Nobody reviews what they claimed."""
    return bool(claim["reviewed_by"] is None or claim["reviewed_by"] != claim["claimed_by"])


def _granted_once(draw: "Draw", entry: Row) -> bool:
    """One entry of a claim puts none right."""
    others = draw.rows.get("point_entry", ())
    granted = any(other["claim_id"] == entry["claim_id"] and other["corrects_id"] is None for other in others)
    return granted is (entry["corrects_id"] is not None)


def given_or_taken(draw: "Draw", entry: Row) -> Decimal:
    """What is given to a fund, or taken back of that."""
    first = next((row for row in draw.rows.get("fund_entry", ()) if row["id"] == entry["corrects_id"]), None)
    return draw.random.choice([Decimal("1000.00"), Decimal("0.10")]) if first is None else Decimal(-first["amount"])


def _of_two_accounts(_: "Draw", award: Row) -> bool:
    """Nobody approves what they proposed."""
    return bool(award["status"] not in ("PAID", "TAKEN_BACK") or award["reviewed_by"] != award["proposed_by"])


def _next_on_its_sheet(draw: "Draw", item: Row) -> bool:
    """Items of a sheet stand in an order, none where another does."""
    others = (row for row in draw.rows.get("sheet_item", ()) if row["sheet_id"] == item["sheet_id"])
    return all(row["number"] != item["number"] for row in others)


def _about_one_inside(draw: "Draw", matter: Row) -> bool:
    """The compound of a matter lies in its unit or below."""
    about = (row for row in draw.rows.get("compound", ()) if row["id"] == matter["compound_id"])
    return all(row["unit_path"].startswith(matter["unit_path"]) for row in about)


RULES: Mapping[str, Callable[["Draw", Row], bool]] = {
    "branch_coverage": _within_reach,
    "post": _holder_fits,
    "instructor_visit": _in_its_term,
    "chair_theme": _in_the_chair,
    "home_visit": _follows_up,
    "centre_look": lambda draw, look: any(item["sheet_id"] == look["sheet_id"] for item in draw.rows["sheet_item"]),
    "sheet_item": _next_on_its_sheet,
    "duty_need": _listed_above,
    "duty_term": _place_left,
    "help_request": _by_a_member,
    "activity_sign_up": _a_place_is_free,
    "venue_booking": _venue_takes,
    "resource_use": _used_by_one,
    "point_claim": _of_two_persons,
    "point_entry": _granted_once,
    "matter": _about_one_inside,
    "deliberation_report": lambda draw, report: bool(report["published_on"] <= draw.today),
    "project_payment": within_budget,
    "fund_award": _of_two_accounts,
}
# Which rows a foreign key may lead to, by its first columns, where not all.
WANTED: Mapping[Sequence[str], Callable[[Row], bool]] = {
    ("post_id", "company_id"): lambda post: bool(post["kind"] == "INSTRUCTOR"),
    ("case_id", "household_id"): lambda visit: bool(visit["kind"] == "DISPUTE" and visit["case_id"] is None),
    ("corrects_id", "claim_id"): lambda entry: bool(entry["corrects_id"] is None),
    ("corrects_id", "project_id"): lambda payment: bool(payment["corrects_id"] is None),
    ("award_id", "fund_id"): lambda award: bool(award["status"] == "PAID"),
    ("corrects_id", "fund_id"): lambda entry: bool(entry["corrects_id"] is None and entry["award_id"] is None),
    ("post_id", "organization_id"): lambda post: bool(post["kind"] == "ROTATING_CHAIR"),
}
# What a row rests on, and is drawn with it.
RESTS_ON: Mapping[str, Callable[["Draw", Row], Row | None]] = {"post": _seat}


def told(rows: Mapping[str, Sequence[Row]], alone: Sequence[Table], random: Random) -> None:
    """Some entries of the trail tell of what was drawn after them, and of what their targets are part of."""
    entries = rows.get("audit_entry", [])
    trail = random.sample(entries, len(entries))
    for table in alone:
        for row in rows.get(table.name, [])[:2]:
            if trail and "id" in row:
                trail.pop()["target_id"] = row["id"]
    for name in ("building", "compound"):
        for row in rows.get(name, [])[:4]:
            if trail:
                trail.pop()["detail"] = f'{{"about": "{row["id"]}"}}'


CORRECTED = (
    *("captain_term", "post", "management_contract", "branch_coverage", "owners_committee"),
    *("compound_phase", "compound_sharing", "grid_term", "member", "operation_term"),
    *("compound", "building", "home_visit"),
)


def corrected(rows: Mapping[str, Sequence[Row]]) -> None:
    """Some corrections are of what there is, and lie where it does; their entries are about what it is part of, and
    tell what changed of it.
    """
    entries = {entry["id"]: entry for entry in rows.get("audit_entry", ())}
    of = [row for table in CORRECTED for row in rows.get(table, [])[:2]]
    of = Random(len(of)).sample(of, len(of))
    told = iter(rows.get("audit_change", ()))
    for correction, row in zip(rows.get("correction", ()), of, strict=False):
        if correction["entry_id"] is not None and (change := next(told, None)) is not None:
            change |= {"entry_id": correction["entry_id"], "row_id": row["id"]}
        correction |= {"row_id": row["id"], "unit_path": row["unit_path"]}
        whole, entry = row.get("building_id") or row.get("compound_id"), entries.get(correction["entry_id"])
        if entry and whole:
            entry["detail"] = f'{{"about": "{whole}"}}'
