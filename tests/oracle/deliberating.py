"""Matters of a random world on their way: each is moved on along it by chance, as commands would have done."""

from datetime import datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_OID, UUID, uuid5

from services.deliberation.tables import matters, moves, ways
from services.deliberation.way import WAY, Pace, Step
from services.terms import CHINA

if TYPE_CHECKING:
    from tests.oracle.rows import Draw

Row = dict[str, Any]
DELIBERATED = (ways.name, moves.name)  # tables whose rows are made here
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
            "due_on": matter["due_on"],
            **numbers,
        }
    )
    kept = matter["carried_out_on"] if pace.to_step is Step.SETTLED else None
    carried = on if pace.to_step is Step.ASSESSING else kept
    due = on + timedelta(days=draw.random.choice((7, 90))) if pace.to_step in OPEN else None
    matter |= {"step": pace.to_step, "stepped_on": on, "due_on": due, "carried_out_on": carried, **numbers}


def proposed_on(draw: "Draw", _: Row) -> Any:
    """A day on which it may have been proposed."""
    return draw.today - timedelta(days=draw.random.choice((0, 1, 9, 80)))


def due_on(draw: "Draw", matter: Row) -> Any:
    """A day its first step is due."""
    return matter["proposed_on"] + timedelta(days=draw.random.choice((7, 90)))


def deliberating(seed: int, draw: "Draw") -> None:
    """The way and all moves along it, by chances of their own."""
    draw.rows[ways.name] = _ways()
    _deliberated(type(draw)(Random(f"{seed} {moves.name}"), draw.today, draw.rows))
