"""Surveys are published by a unit for itself and all below, answered by codes communities hand out, once each."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import and_, case, delete, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as insert_once

from services.centres.survey_tables import boxes, codes, counters, surveys
from services.centres.survey_tables import choices as table
from services.errors import ProblemCode, rejected
from services.names import proper
from services.organization.tables import OrgLevel, units
from services.storage import correcting
from services.storage.transaction import Outcome, Record, Transaction
from services.storage.validation import Amiss, valid

FEWEST_GROUPS, GROUPS = 2, 8
MOST_CODES = 500  # at once
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is read as something else
BLOCKS, BLOCK = 4, 4  # 78 bits
CHOICES, CROSSING = "choices", "crossing"
Rows = Sequence[Mapping[str, Any]]


async def publish(
    tx: Transaction,
    *,
    unit: Record,
    name: str,
    opens_on: date,
    closes_on: date,
    choices: Rows,
    crossing: Sequence[str] | None = None,
) -> UUID:
    """Publish a survey; its id. What is asked and by which groups it is counted stays: nothing is counted anew."""
    amiss, made, groups, listed = Amiss(), dict[str, Any](), list[str](), list[dict[str, Any]]()
    with amiss.within():
        made = valid(surveys, {"name": name, "opens_on": opens_on, "closes_on": closes_on})
    with amiss.within():
        groups = _groups(crossing or ())
    with amiss.within():
        listed = _choices(choices)
    amiss.check()
    survey = await tx.insert(surveys, unit_path=unit["path"], crossing=groups, **made)
    of = {"survey_id": survey, "unit_path": unit["path"]}
    await tx.insert_all(table, [{"id": uuid4(), **of, **row} for row in listed])
    return survey


async def issue_codes(tx: Transaction, *, unit: Record, survey: Record, number: int) -> Outcome:
    """So many new codes for a community's residents, told once, a line each; the community's id.

    What is kept are their digests, put down in the order of these: which was whose is known where they are handed out.
    """
    if not 1 <= number <= MOST_CODES:
        zh, en = f"须为 1 至 {MOST_CODES}。", f"This must be 1 to {MOST_CODES}."
        raise rejected(ProblemCode.INVALID, "number", zh, en)
    if unit["level"] != OrgLevel.COMMUNITY or not unit["path"].startswith(survey["unit_path"]):
        zh, en = "须为问卷所及的社区。", "It must be a community the survey is for."
        raise rejected(ProblemCode.OUT_OF_REACH, "unit", zh, en)
    only_open(survey, await tx.today(), "survey")
    box = await _box(tx, unit, survey)
    made = [_made() for _ in range(number)]
    digests = sorted(map(digest, made))
    await tx.rows(insert(codes).values([{"digest": each, "box_id": box} for each in digests]))
    return Outcome(unit["id"], secret="\n".join(made))


async def answer(
    tx: Transaction, *, unit: Record, survey: Record, code: str, choices: Sequence[int], group: str | None = None
) -> UUID:
    """Use a code up and count what was chosen; the community's id.

    All else must be in order before the code is looked at: whoever tries whether it was used, uses it.
    """
    today = await tx.today()
    only_open(survey, today, "survey")
    if today < survey["opens_on"]:
        zh, en = f"问卷自 {survey['opens_on']} 起作答。", f"The survey opens on {survey['opens_on']}."
        raise rejected(ProblemCode.INVALID, "survey", zh, en)
    amiss, part, chosen = Amiss(), 0, list[UUID]()
    with amiss.within():
        part = _part(survey["crossing"], group)
    with amiss.within():
        chosen = await _chosen(tx, survey, choices)
    amiss.check()
    box = await _redeemed(tx, unit, survey, digest(code))
    added = case((and_(counters.c.choice_id.in_(chosen), counters.c.part == part), literal(1)), else_=literal(0))
    # All of them, so that no two rows tell by when they were written that they were answered together.
    whole = update(counters).where(counters.c.box_id == box)
    await tx.rows(whole.values(people=counters.c.people + added))
    unit_id: UUID = unit["id"]
    return unit_id


async def withdraw(tx: Transaction, *, survey: Record, reason: str) -> UUID:
    """Remove a survey nobody can have answered; its unit's id.

    Not one that nobody happens to have answered: who tries would learn whether anybody has.
    """
    if survey["counted_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "survey", "问卷已统计。", "The survey was counted already.")
    own = select(boxes.c.id).where(boxes.c.survey_id == survey["id"])
    if survey["opens_on"] <= await tx.today() and await tx.value(own.limit(1)) is not None:
        zh, en = "问卷已开始且已发放答题码，只能统计。", "It is open and codes were handed out: it can only be counted."
        raise rejected(ProblemCode.CLOSED, "survey", zh, en)
    await correcting.note(tx, survey, proper("reason", reason))
    for of in (codes, counters):
        await tx.rows(delete(of).where(of.c.box_id.in_(own)))
    for of in (boxes, table):
        await tx.rows(delete(of).where(of.c.survey_id == survey["id"]))
    await tx.rows(delete(surveys).where(surveys.c.id == survey["id"]))
    unit: UUID = await tx.value(select(units.c.id).where(units.c.path == survey["unit_path"]))
    return unit


def only_open(survey: Record, today: date, field: str) -> None:
    """Rejected, for this field, once a survey is over or was counted."""
    if survey["counted_on"] is not None or today > survey["closes_on"]:
        raise rejected(ProblemCode.CLOSED, field, "问卷已结束。", "The survey is over.")


def digest(code: str) -> bytes:
    """What is kept of a code, however it was typed."""
    typed = "".join(each for each in code.upper() if each.isalnum())
    return sha256(typed.encode("utf-8", "surrogatepass")).digest()


# --- what is published ------------------------------------------------------------------------------------------------


def _groups(crossing: Sequence[str]) -> list[str]:
    """The groups by their names, none or some; Rejected for one that is there twice."""
    named = [proper(CROSSING, each) for each in crossing]
    if len(set(named)) < len(named):
        raise rejected(ProblemCode.TAKEN, CROSSING, "分组重复。", "A group is there twice.")
    if named and not FEWEST_GROUPS <= len(named) <= GROUPS:
        zh, en = f"须为 {FEWEST_GROUPS} 至 {GROUPS} 组。", f"Give {FEWEST_GROUPS} to {GROUPS} groups, or none."
        raise rejected(ProblemCode.INVALID, CROSSING, zh, en)
    return named


def _choices(rows: Rows) -> list[dict[str, Any]]:
    """What each question can be answered with, numbered; Rejected with all that is amiss."""
    amiss = Amiss()
    made: list[dict[str, Any]] = []
    for number, row in enumerate(rows, 1):
        with amiss.within(f"{CHOICES}.{number - 1}"):
            values = valid(table, row)
            if any(all(values[key] == other[key] for key in ("question", "name")) for other in made):
                raise rejected(
                    ProblemCode.TAKEN, "name", "同一问题的选项重复。", "The question has this choice already."
                )
            made.append({"function": None, **values, "number": number})
    amiss.check()
    asked = [row["question"] for row in made]
    if not asked or any(asked.count(question) == 1 for question in asked):
        zh, en = "每个问题至少两个选项。", "A question has two choices at least."
        raise rejected(ProblemCode.INCOMPLETE, CHOICES, zh, en)
    return made


# --- codes ------------------------------------------------------------------------------------------------------------


def _made() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(BLOCK)) for _ in range(BLOCKS))


async def _box(tx: Transaction, unit: Record, survey: Record) -> UUID:
    """Where a community's answers are counted, with a counter for whatever can be answered."""
    found = select(boxes.c.id).where(boxes.c.survey_id == survey["id"], boxes.c.unit_path == unit["path"])
    present: UUID | None = await tx.value(found.limit(1))
    box = present or await tx.insert(boxes, survey_id=survey["id"], unit_path=unit["path"])
    listed = await tx.rows(select(table.c.id).where(table.c.survey_id == survey["id"]))
    parts = range(1, len(survey[CROSSING]) + 1) if survey[CROSSING] else (0,)
    each = [{"box_id": box, "choice_id": row["id"], "part": part} for row in listed for part in parts]
    if each:
        await tx.rows(insert_once(counters).values(each).on_conflict_do_nothing())
    return box


async def _redeemed(tx: Transaction, unit: Record, survey: Record, code: bytes) -> UUID:
    """The box of a code of this survey and community, which is used up. Rejected alike for whatever is none.

    The survey was locked before, as by whoever counts it.
    """
    own = select(boxes.c.id).where(boxes.c.survey_id == survey["id"], boxes.c.unit_path == unit["path"])
    used = delete(codes).where(codes.c.digest == code, codes.c.box_id.in_(own)).returning(codes.c.box_id)
    box: UUID | None = await tx.value(used)
    if box is None:
        zh, en = "没有这个答题码，或已用过。", "There is no such code, or it was used."
        raise rejected(ProblemCode.INVALID, "code", zh, en)
    return box


# --- an answer --------------------------------------------------------------------------------------------------------


def _part(crossing: Sequence[str], group: str | None) -> int:
    """Which group it is, counted from 1; 0 where the survey has none."""
    if group is None and not crossing:
        return 0
    if group is None or group.strip() not in crossing:
        named = "、".join(crossing) or "—"
        raise rejected(ProblemCode.INVALID, "group", f"须为：{named}。", f"This must be one of: {named}.")
    return crossing.index(group.strip()) + 1


async def _chosen(tx: Transaction, survey: Record, numbers: Sequence[int]) -> list[UUID]:
    """The choices of these numbers, one of a question at most; Rejected for others, and for none."""
    listed = await tx.rows(select(table).where(table.c.survey_id == survey["id"]))
    found = [row for row in listed if row["number"] in numbers]
    asked = {row["question"] for row in found}
    if not found or len(numbers) != len(found) or len(asked) < len(found):
        zh, en = "每个问题选一项，按选项编号。", "Choose one of each question, by its number."
        raise rejected(ProblemCode.INVALID, CHOICES, zh, en)
    return [row["id"] for row in found]
