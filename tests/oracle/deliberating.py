"""Matters of a random world on their way, and meetings about them: by chance, as commands would have done."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_OID, UUID, uuid5

from services.deliberation import meeting_tables as held
from services.deliberation.meeting_tables import MeetingDecision, MeetingParty, MeetingState
from services.deliberation.tables import matters, moves, ways
from services.deliberation.way import WAY, Pace, Step
from services.terms import CHINA

if TYPE_CHECKING:
    from tests.oracle.rows import Draw

Row = dict[str, Any]
# Tables whose rows are made here.
DELIBERATED = (
    *(ways.name, moves.name, held.places.name, held.meetings.name, held.items.name),
    *(held.attendances.name, held.minutes.name, held.results.name),
)
OPEN = (Step.PROPOSED, Step.CONSULTING, Step.ACTING, Step.ASSESSING)


def _ways() -> list[Row]:
    """The way of matters, as every database has it."""
    return [{"id": uuid5(NAMESPACE_OID, pace.from_step + pace.to_step), **_way(pace)} for pace in WAY]


def _way(pace: Pace) -> Row:
    return {**pace._asdict(), "working_days": pace.working_days}


def _deliberated(draw: "Draw") -> None:
    """Some matters move, and stand where their last move led."""
    for matter in draw.rows.get(matters.name, ()):
        for number in range(1, 1 + draw.random.choice((0, 0, 1, 2, 3, 4, 5))):
            _moved(draw, matter, number)


def _moved(draw: "Draw", matter: Row, number: int) -> None:
    pace = draw.random.choice([pace for pace in WAY if pace.from_step == matter["step"]])
    on = min(draw.today, matter["stepped_on"] + timedelta(days=draw.random.choice((0, 1, 30))))
    numbers: Row = {"asked": None, "satisfied": None}
    if pace.to_step is Step.SETTLED:
        numbers = {"asked": draw.random.choice((1, 40)), "satisfied": draw.random.choice((0, 1))}
    draw.rows.setdefault(moves.name, []).append(
        {
            "id": UUID(int=draw.random.getrandbits(128), version=4),
            "matter_id": matter["id"],
            "unit_path": matter["unit_path"],
            "number": number,
            "from_step": pace.from_step,
            "to_step": pace.to_step,
            "moved_on": on,
            "recorded_at": datetime.combine(on, time(12), CHINA),
            "account_id": draw.one([account["id"] for account in draw.rows["account"]]),
            "reason": "因需 %" if pace.reason_owed else None,
            **{name: matter[name] for name in ("due_on", "due_after", "due_left")},
            **numbers,
        }
    )
    kept = matter["carried_out_on"] if pace.to_step is Step.SETTLED else None
    carried = on if pace.to_step is Step.ASSESSING else kept
    matter |= {"step": pace.to_step, "stepped_on": on, "carried_out_on": carried, **numbers, "due_on": None}
    if pace.to_step in OPEN:
        matter["due_on"] = draw.random.choice((None, *(on + timedelta(days=days) for days in (1, 7, 7, 90))))
    waits = pace.to_step in OPEN and matter["due_on"] is None
    matter |= {"due_after": on if waits else None, "due_left": 3 if waits else None}


def _met(draw: "Draw") -> None:
    """Meetings about what was consulted on, as far as they came, and what came of it."""
    for matter in draw.rows.get(matters.name, ()):
        if matter["step"] in (Step.PROPOSED, Step.DROPPED):
            continue
        for _ in range(draw.random.choice((1, 2, 3))):
            _meeting(draw, matter)
        if matter["step"] is not Step.CONSULTING:
            _resulted(draw, matter)


def _resulted(draw: "Draw", matter: Row) -> None:
    """One thing that came of it, or two: there are few matters, and of some of these nobody sees any."""
    of = {"matter_id": matter["id"], "unit_path": matter["unit_path"]}
    counted = {"counted_on": matter["stepped_on"], "version": 1}
    ids = Random(f"{matter['id']} {held.results.name}")  # of its own, so that what comes after is drawn as ever
    for what in ("新增停车位 %", "加装路灯")[: 1 + (draw.random.random() < 0.5)]:
        told = {**of, "what": what, "quantity": 193, "counted_in": "个", **counted}
        made = {"id": UUID(int=ids.getrandbits(128), version=4), **told}
        draw.rows.setdefault(held.results.name, []).append(made)


def _meeting(draw: "Draw", matter: Row) -> None:
    state = draw.random.choice(list(MeetingState))
    on = min(draw.today, matter["stepped_on"] + timedelta(days=draw.random.choice((0, 1, 5))))
    at = {"unit_path": matter["unit_path"]}
    withdrawn = draw.random.choice((None, draw.today))
    place = _add(draw, held.places.name, **at, name="民情茶室 %", withdrawn_on=withdrawn, version=1)
    was = state in (MeetingState.HELD, MeetingState.CLOSED)
    meeting = _add(
        draw,
        held.meetings.name,
        **at,
        place_id=place["id"],
        title=draw.random.choice(("停车协商会", "协商会 %")),
        planned_on=on,
        held_on=on if was else None,
        state=state,
        cancel_reason="改期" if state is MeetingState.CANCELLED else None,
        missing_reason="无业委会" if state is MeetingState.CLOSED else None,
        version=draw.random.choice((1, 2)),
    )
    of = {"meeting_id": meeting["id"], **at}
    about = {"matter_id": matter["id"], "matter_title": matter["title"]}
    _add(draw, held.items.name, **of, **about, **_decision(draw, state), version=1)
    if was:
        # Some that were held wait for their minutes, by the id: what is drawn after stays as it was.
        _recorded(draw, of, written=state is MeetingState.CLOSED or meeting["id"].int % 3 > 0)


def _decision(draw: "Draw", state: MeetingState) -> Row:
    undecided = dict.fromkeys(("decision", "decided", "votes_for", "votes_against", "abstained"))
    if state is MeetingState.CLOSED or (state is MeetingState.HELD and draw.random.random() < 0.5):
        votes = draw.random.choice(((None, None, None), (3, 0, 0), (2, 1, 9)))
        told = dict(zip(("votes_for", "votes_against", "abstained"), votes, strict=True))
        return {"decision": draw.random.choice(list(MeetingDecision)), "decided": "依议 %", **told}
    return undecided


def _recorded(draw: "Draw", of: Row, *, written: bool) -> None:
    for party in MeetingParty:
        if (people := draw.random.choice((None, 0, 1, 12))) is not None:
            _add(draw, held.attendances.name, **of, party=party, people=people)
    account = draw.one([account["id"] for account in draw.rows["account"]])
    for number in range(1, 1 + draw.random.choice((1, 2)) * written):
        at = datetime.combine(draw.today, time(12), CHINA)
        said = {"number": number, "text": "议定如下\n依议", "account_id": account, "recorded_at": at}
        _add(draw, held.minutes.name, **of, **said, reason="漏记" if number > 1 else None)


def _add(draw: "Draw", table: str, **values: Any) -> Row:
    row = {"id": UUID(int=draw.random.getrandbits(128), version=4), **values}
    draw.rows.setdefault(table, []).append(row)
    return row


def proposed_on(draw: "Draw", _: Row) -> Any:
    """A day on which it may have been proposed."""
    return draw.today - timedelta(days=draw.random.choice((0, 1, 9, 80)))


def due_on(draw: "Draw", matter: Row) -> Any:
    """A day its first step is due; None where that waits for a year."""
    days = draw.random.choice((7, 90, None))
    return None if days is None else matter["proposed_on"] + timedelta(days=days)


def first_working_day(draw: "Draw", day: Row) -> date:
    """One of the first days of its month."""
    return date(day["year"], day["month"], draw.random.choice((1, 2, 8)))


def deliberated_on(draw: "Draw", day: Row) -> date:
    """That day, or another late in the month, which has a reason."""
    found: date = day["first_working_day"]
    return found.replace(day=draw.random.choice((found.day, found.day, 20)))


def deliberating(seed: int, draw: "Draw") -> None:
    """The way and all moves along it, by chances of their own."""
    draw.rows[ways.name] = _ways()
    _deliberated(type(draw)(Random(f"{seed} {moves.name}"), draw.today, draw.rows))
    _met(type(draw)(Random(f"{seed} {held.meetings.name}"), draw.today, draw.rows))
