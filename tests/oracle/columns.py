"""What is drawn for columns of random rows, where types do not say enough: by column, of any table or of one."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.names import search_keys
from services.organization.tables import PartyField, PartyTier
from services.storage.tables import GREATEST
from tests.oracle.allying import VALUES as ALLIED
from tests.oracle.deliberating import deliberated_on, due_on, first_working_day, proposed_on
from tests.oracle.fitting import (
    booked_from,
    booked_until,
    came,
    given_or_taken,
    given_points,
    group_counted,
    help_closed_on,
    help_status,
    moment,
    most_in,
    on_duty,
    planned_on,
    used_from,
    visited_on,
)
from tests.oracle.projecting import VALUES as PROJECTED

if TYPE_CHECKING:
    from tests.oracle.rows import Draw

Row = dict[str, Any]
BEGAN = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
DAYS = (0, -1, 1, -2, 2, -30, 30, -31, 60, -88, -400, 400, -4000)  # from today
PIECES = (
    *(
        "和平",
        "新村",
        "第一",
        "社区",
        "长坑",
        "村",
        "北关",
        "和",
        "网格",
        "党支部",
        "𠮷田",
        "㐂",
        "〇",
        "ＡＢ１",
        "ｆ８",
    ),
    *("Bei", "guan", "é", "%", "_", "\\", "\\%", "100%", "a_b", "'", '"', " ", "　", "（東）", "½", "ﬁ", "🏠"),
)


def called(random: Random) -> str:
    """One to three pieces; often one that others have."""
    return "".join(random.choice(PIECES) for _ in range(random.choice((1, 1, 2, 3)))).strip() or "无名"


TAGS = ("理发", "医", "Ａ %")  # few, so that they match
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(random: Random) -> str:
    """Seventeen characters, of which the first eight are digits, and their check character: GB 32100-2015."""
    body = "91350521" + "".join(random.choices(ALPHABET, k=9))
    total = sum(ALPHABET.index(character) * 3**place for place, character in enumerate(body))
    return body + ALPHABET[-total % 31]


def _until(draw: "Draw", row: Row) -> date | None:
    if row.get("kind") == "ROTATING_CHAIR":  # one to three months
        whole: date = row["since"] + timedelta(days=draw.random.choice((30, 31, 60, 88)))
        return whole
    days = [day for offset in DAYS if (day := draw.today + timedelta(days=offset)) >= row["since"]]
    return draw.random.choice([None, None, *days])


def _unit_of_entry(draw: "Draw", _: Row) -> UUID | None:
    """A unit there is, or one that is gone since, or none."""
    gone = UUID(int=draw.random.getrandbits(128), version=4)
    present: UUID = draw.one([unit["id"] for unit in draw.rows["org_unit"]])
    return draw.random.choice((None, gone, present, present, present))


def _unit_of_change(draw: "Draw", row: Row) -> UUID | None:
    """The same, by its row and not by chance, so that what is drawn after it stays as it is in the world of a seed."""
    units: list[UUID | None] = [unit["id"] for unit in draw.rows["org_unit"]]
    found: UUID | None = Random(row["row_id"].int).choice([None, row["row_id"], *units])
    return found


def _unit_left(draw: "Draw", row: Row) -> UUID | None:
    """Likewise the one it lay in before, of some."""
    units: list[UUID | None] = [unit["id"] for unit in draw.rows["org_unit"]]
    found: UUID | None = Random(row["row_id"].int + 1).choice([*[None] * len(units), row["row_id"], *units])
    return found


def _told_of(draw: "Draw", _: Row) -> UUID:
    """A row there is, of any table whose rows lie somewhere, or one that is gone since."""
    tables = [
        rows for rows in draw.rows.values() if rows and "id" in rows[0] and rows[0].keys() & {"path", "unit_path"}
    ]
    gone = UUID(int=draw.random.getrandbits(128), version=4)
    present: UUID = draw.random.choice(draw.random.choice(tables))["id"]
    return draw.random.choice((gone, present, present, present))


def _kind_of_post(draw: "Draw", row: Row) -> str:
    if row["company_id"] is not None:
        return draw.random.choice(("INSTRUCTOR", "COMPANY_LEADER", "COMPANY_LEADER", "CROSS_APPOINTMENT"))
    if row["committee_id"] is not None:
        return "CROSS_APPOINTMENT"
    return draw.random.choice(("SECRETARY", "SECRETARY", "PART_TIME_MEMBER", "CROSS_APPOINTMENT", "ROTATING_CHAIR"))


def _key(name: str, *, person: bool = False) -> Callable[["Draw", Row], Any]:
    return lambda _, row: getattr(search_keys(row["name"], person=person), name)


def _closed_after(draw: "Draw", opened: date | None) -> date | None:
    return draw.random.choice((None, None, max(draw.today, opened or draw.today)))


# Degrees some of which lie within a walk of one another: 0.007 are some 700 metres.
NEAR = [Decimal("118.800000") + Decimal(step) / 1000 for step in (0, 3, 7, 8, 20)]

SCORES = [Decimal(score) for score in ("0.00", "33.33", "87.50", "100.00")]
WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")

# Values by column, of any table or of one.
VALUES: Mapping[str, Callable[["Draw", Row], Any]] = {
    "days_off": lambda draw, _: [draw.day() for _ in range(draw.random.choice((0, 1, 2)))],
    "days_worked": lambda draw, _: draw.random.choice(([], [draw.day()])),
    "groups": lambda draw, _: draw.random.choice((None, [], ["administrators"])),
    "folded": _key("folded"),
    "pinyin": _key("pinyin"),
    "grams": _key("grams"),
    "member.pinyin": _key("pinyin", person=True),
    "member.grams": _key("grams", person=True),
    "credit_code": lambda draw, _: credit_code(draw.random),
    "version": lambda draw, _: draw.random.choice((1, 1, 2)),
    "year": lambda draw, _: draw.today.year - draw.random.choice((0, 1, 2)),
    "calendar_year.year": lambda draw, _: draw.today.year + draw.random.choice((-1, 0, 1)),
    "beneficiaries": lambda draw, _: draw.random.choice((None, None, 0, 1, 79, 2_000_000_000, GREATEST)),  # and sums
    "compound_phase.number": lambda draw, _: draw.random.choice((None, 1, 2, 10, 99)),
    "storeys": lambda draw, _: draw.random.choice((None, 1, 6, 200)),
    "phone": lambda draw, _: draw.random.choice((None, "13800138000", "1380013", "059512345", "1", "", "138 00８０")),
    "address": lambda draw, _: draw.random.choice((None, "", "和平新村1栋101室", "北关", "长坑村ＡＢ１")),
    "erased_on": lambda draw, row: None,  # set by a command only, with the rest of the row
    # By the id: what is drawn after it stays as it is in the world of a seed.
    "restricted_on": lambda draw, row: draw.today if row["id"].int % 5 == 0 else None,
    "since": lambda draw, _: draw.day(),
    "until": _until,
    "cut_until": lambda draw, row: None,
    "before_move": lambda draw, row: None,
    "operator": lambda draw, row: draw.random.choice((None, "运营")) if row["operation"] is not None else None,
    "operation_term.operator": lambda draw, _: called(draw.random),
    "functions": lambda draw, _: draw.random.choice(([], ["FOOD"], ["ELDERLY_CARE", "FOOD"])),
    "area_km2": lambda draw, _: draw.random.choice((None, Decimal("7.40"), Decimal("0.01"))),
    "centre.closed_on": lambda draw, row: _closed_after(draw, row["opened_on"]),
    "compound_position.longitude": lambda draw, _: draw.random.choice(NEAR),
    "longitude": lambda draw, row: draw.random.choice((None, *NEAR)),
    "latitude": lambda draw, row: None if row["longitude"] is None else draw.random.choice(NEAR) - 94,
    "datum": lambda draw, row: None if row["longitude"] is None else draw.random.choice(("WGS84", "GCJ02")),
    "weekday": lambda draw, _: draw.random.choice((None, *range(1, 8))),
    **{f"sheet_item.{name}": lambda draw, _: draw.random.choice((1, 3, 100)) for name in ("number", "most", "weight")},
    "department": lambda draw, _: draw.random.choice(TAGS),
    "matched_on": lambda draw, _: min(draw.today, draw.day()),
    "delivered_on": lambda draw, row: draw.today if row["status"] == "DELIVERED" else None,
    "drop_reason": lambda draw, row: called(draw.random) if row["status"] == "DROPPED" else None,
    "centre_look.held_on": lambda draw, _: min(draw.today, draw.day()),
    "centre_look.score": lambda draw, _: draw.random.choice((None, *SCORES)),
    "need_survey.closes_on": lambda draw, row: max(draw.day(), row["opens_on"]),
    "crossing": lambda draw, _: draw.random.choice(([], list(TAGS[:2]))),
    "cell": lambda draw, row: None if row["counted_on"] is None else 10,
    "survey_choice.number": lambda draw, _: draw.random.randint(1, 20),
    "part": lambda draw, _: draw.random.choice((0, 1, 2)),
    "survey_counter.part": group_counted,
    "need_count.part": lambda draw, _: draw.random.choice((None, None, *TAGS[:2])),
    "counted_in": lambda draw, _: [row["id"] for row in draw.rows.get("need_count", ()) if draw.random.random() < 0.3],
    "need_count.people": lambda draw, _: draw.random.choice((3, 10, 60)),
    "look_score.score": lambda draw, _: draw.random.choice(SCORES),
    "look_score.points": given_points,
    "service_adjustment.note": lambda draw, row: called(draw.random) if row["kind"] == "NOTE" else None,
    "post.kind": _kind_of_post,
    "channel": lambda draw, row: draw.random.choice(("ONLINE", "ON_SITE")) if row["kind"] == "REPORTED" else None,
    "instructor_visit.visited_on": visited_on,
    "home_visit.visited_on": lambda draw, _: min(draw.today, draw.day()),
    "home_visit.next_on": lambda draw, row: draw.day() if row["next_step"] is not None else None,
    "household.residents": lambda draw, _: draw.random.choice((0, 1, 4, 99)),
    "duty_item.category": lambda draw, _: draw.random.choice(TAGS),
    "needed": lambda draw, _: draw.random.choice((1, 1, 2, 200)),
    "help_request.status": help_status,
    "help_request.closed_on": help_closed_on,
    "minutes": lambda draw, row: draw.random.choice((1, 30, 144_000)) if row["status"] == "DONE" else None,
    "help_request.outcome": lambda draw, row: called(draw.random) if row["closed_on"] is not None else None,
    "duty_term.since": on_duty,
    "duty_term.until": on_duty,
    **{
        name: lambda draw, _: draw.random.sample(TAGS, draw.random.choice((0, 1, 2)))
        for name in ("occupations", "skills", "wishes")
    },
    "occupation": lambda draw, _: draw.random.choice((None, *TAGS)),
    "begins_at": lambda draw, _: moment(draw),
    "ends_at": lambda draw, row: row["begins_at"] + timedelta(hours=draw.random.choice((1, 2, 30))),
    "sign_up_closes_at": lambda draw, row: row["begins_at"] - timedelta(hours=draw.random.choice((0, 24))),
    "activity.venue": lambda draw, _: called(draw.random),
    "capacity": lambda draw, _: draw.random.choice((None, None, 1, 2, 60)),
    "venue.capacity": lambda draw, _: draw.random.choice((1, 2, 60)),
    "opens_at": lambda draw, _: draw.random.choice(("00:00", "08:00")),
    "closes_at": lambda draw, _: draw.random.choice(("22:00", "24:00")),
    "days": lambda draw, _: draw.random.choice((WEEK, WEEK[:5], WEEK[5:])),
    "venue_booking.begins_at": booked_from,
    "venue_booking.ends_at": booked_until,
    "venue_booking.people": lambda draw, row: draw.random.choice((1, most_in(draw, row))),
    "resource_use.begins_at": used_from,
    "resource_use.ends_at": lambda _, row: row["begins_at"] and row["begins_at"] + timedelta(hours=2),
    "came": came,
    "cancel_reason": lambda draw, row: called(draw.random) if row["status"] == "CANCELLED" else None,
    "activity_attendance.at": lambda draw, _: moment(draw),
    "point_rule.points": lambda draw, _: draw.random.choice((1, 5, 100)),
    "most_per_quarter": lambda draw, _: draw.random.choice((None, 1, 3)),
    "done_on": lambda draw, _: min(draw.today, draw.day()),
    "times": lambda draw, row: 1 + row["id"].int % 3,  # by the id: what is drawn after it stays as it was
    "first_due_on": lambda _, row: row["due_on"],
    "milestone.done_on": lambda draw, _: draw.random.choice((None, min(draw.today, draw.day()))),
    "proposed_on": proposed_on,
    "stepped_on": lambda _, row: row["proposed_on"],
    "step": lambda *_: "PROPOSED",  # each is moved on afterwards
    "matter.due_on": due_on,
    "matter.due_after": lambda _, row: row["proposed_on"] if row["due_on"] is None else None,
    "matter.due_left": lambda _, row: 3 if row["due_on"] is None else None,
    "deliberation_day.month": lambda draw, _: draw.random.randint(1, 12),
    "first_working_day": first_working_day,
    "deliberation_day.held_on": deliberated_on,
    "deliberation_day.reason": lambda draw, row: called(draw.random) if row["held_on"].day > 8 else None,
    "deliberation_day.came": lambda draw, _: draw.random.choice((None, 0, 60)),
    "deliberation_day.proposed": lambda draw, row: None if row["came"] is None else draw.random.choice((0, 12)),
    "analysis_meeting.held_on": lambda draw, row: max(draw.day(), row["day_on"]),
    "deliberation_report.of_id": lambda draw, _: UUID(int=draw.random.choice((1, 2)), version=4),
    "deliberation_report.number": lambda draw, row: draw.random.randint(
        1, {"QUARTER": 4, "HALF_YEAR": 2}.get(row["kind"], 1)
    ),
    "deliberation_report.edition": lambda draw, _: draw.random.choice((1, 2)),
    "published_on": lambda draw, row: max(draw.today, date(row["year"] + 1, 1, 1)),
    "deliberation_report.grade": lambda draw, row: draw.random.choice("AB") if row["kind"] == "YEAR" else None,
    "deliberation_report.reason": lambda draw, row: called(draw.random) if row["edition"] > 1 else None,
    "looked_at": lambda draw, _: draw.random.choice((3, 40)),
    **{name: lambda draw, _: draw.random.choice((0, 1)) for name in ("taken_up", "dropped")},
    **{name: lambda *_: None for name in ("carried_out_on", "asked", "satisfied")},
    "received_on": lambda draw, _: min(draw.today, draw.day()),
    "dispute.outcome": lambda draw, _: draw.random.choice((None, None, "AGREED", "WITHDRAWN", "TO_COURT")),
    "dispute.ended_on": lambda draw, row: row["outcome"] and draw.random.choice((row["received_on"], draw.today)),
    "point_claim.answer": lambda draw, row: called(draw.random) if row["status"] == "REFUSED" else None,
    "assessed_on": lambda draw, row: draw.today if row["status"] != "MADE" else None,
    "claimed_on": lambda draw, _: draw.today,
    "reviewed_on": lambda draw, row: draw.today if row["status"] != "CLAIMED" else None,
    "point_entry.points": lambda draw, row: draw.random.choice((1, 5, 100) if row["corrects_id"] is None else (-3, 2)),
    "begun_on": lambda draw, _: draw.today - timedelta(days=900),
    "booked_on": lambda draw, _: draw.today - timedelta(days=draw.random.choice((0, 1, 40, 400))),
    "fund.closed_year": lambda draw, _: draw.random.choice((None, None, 2001)),
    "fund.closed_on": lambda draw, _: draw.random.choice((None, None, None, draw.today)),
    "fund_award.kind": lambda draw, _: draw.random.choice(("SCHOLARSHIP", "AID")),
    "fund_award.persons": lambda draw, _: draw.random.choice((1, 3, 7)),
    "fund_award.amount": lambda draw, _: draw.random.choice([Decimal("100.00"), Decimal("0.07"), Decimal("33.34")]),
    "fund_award.answer": lambda draw, row: called(draw.random) if row["status"] == "REFUSED" else None,
    "fund_award.reviewed_on": lambda draw, row: draw.today if row["status"] != "PROPOSED" else None,
    "fund_entry.kind": lambda draw, _: draw.random.choice(("MEMBERS", "RESIDENTS", "UNITS")),
    "fund_entry.amount": given_or_taken,
    "fund_entry.donor": lambda draw, row: called(draw.random) if row["kind"] == "UNITS" else None,
    "resident_report.outcome": lambda draw, row: called(draw.random) if row["status"] != "OPEN" else None,
    "chair_theme.planned_on": planned_on,
    "chair_theme.outcome": lambda draw, row: called(draw.random) if row["status"] != "PLANNED" else None,
    "held_on": lambda draw, row: row["planned_on"] if row["status"] == "HELD" else None,
    "answered_on": lambda draw, row: draw.day() if row["status"] != "OPEN" else None,
    "party_organization.tier": lambda draw, _: draw.random.choice([*PartyTier, *[PartyTier.COMPOUND] * 4]),
    # By its id and not by chance, so that what is drawn after it stays as it is in the world of a seed.
    "party_organization.field": lambda _, row: [None, *PartyField][row["id"].int % 7],
    **PROJECTED,
    **ALLIED,
    "idempotency_key.report": lambda draw, _: "[]",
    "audit_entry.unit_id": _unit_of_entry,
    "audit_entry.target_id": _told_of,
    "audit_change.row_id": _told_of,
    "audit_change.unit_id": _unit_of_change,
    "audit_change.left_unit_id": _unit_left,
    "audit_entry.chain": lambda draw, _: draw.one([unit["id"] for unit in draw.rows["org_unit"]]),
}
