"""Random projects the database would take: phases that come to 100 once they start, payments within the budget."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from services.projects.tables import WHOLE, contributions, payments, phases, projects

if TYPE_CHECKING:
    from tests.oracle.rows import Draw

Row = dict[str, Any]
PROJECTS = (projects, phases, payments, contributions)
SUMS = [Decimal(amount) for amount in ("0.01", "1000.50", "2000.00", "999999999999.99")]


def _of(draw: "Draw", row: Row) -> Row:
    return next(project for project in draw.rows["project"] if project["id"] == row["project_id"])


def _started(draw: "Draw", _: Row) -> date | None:
    return draw.random.choice((None, min(draw.today, draw.day()), min(draw.today, draw.day())))


def _done(draw: "Draw", row: Row) -> date | None:
    return row["started_on"] and draw.random.choice((None, row["started_on"], draw.today))


def _status(_: "Draw", row: Row) -> str:
    if row["dropped_on"]:
        return "DROPPED"
    return "DONE" if row["done_on"] else "UNDERWAY" if row["started_on"] else "PLANNED"


def within_budget(draw: "Draw", payment: Row) -> bool:
    """It is of a project that was underway on its day, which has enough left of it, or spent enough; and counts."""
    project = _of(draw, payment)
    amount, started = payment["amount"], project["started_on"]
    planned = any(phase["project_id"] == project["id"] for phase in draw.rows.get("project_phase", ()))
    if started is None or not planned or (project["dropped_on"] and amount > 0):
        return False
    ended = project["done_on"] or project["dropped_on"] or payment["paid_on"]
    spent = project["spent"] + amount
    if not (started <= payment["paid_on"] <= ended and 0 <= spent <= project["budget"]):
        return False
    project["spent"] = spent
    return True


def weighed(rows: Mapping[str, Sequence[Row]]) -> None:
    """The phases of a project come to 100; one that has none did not start."""
    for project in rows.get("project", ()):
        own = [phase for phase in rows.get("project_phase", ()) if phase["project_id"] == project["id"]]
        for number, phase in enumerate(own):
            phase["weight"] = WHOLE // len(own) + (number < WHOLE % len(own))
        if not own:
            project |= {"started_on": None, "done_on": None}
            project["status"] = "DROPPED" if project["dropped_on"] else "PLANNED"


VALUES: Mapping[str, Callable[["Draw", Row], Any]] = {
    "project.kind": lambda _, row: "PUBLIC" if row["post_id"] is None else "NEIGHBOUR",
    "proposed_by": lambda _, row: "居委会" if row["post_id"] is None else None,
    "proposed_on": lambda draw, _: min(draw.today, draw.day()),
    "project.planned_on": lambda draw, _: draw.day(),
    "project.due_on": lambda draw, row: max(draw.day(), row["planned_on"] + timedelta(days=1)),
    "started_on": _started,
    "project.done_on": _done,
    "dropped_on": lambda draw, row: None if row["done_on"] else draw.random.choice((None, None, draw.today)),
    "project.drop_reason": lambda _, row: row["dropped_on"] and "无场地",
    "project.status": _status,
    "budget": lambda draw, _: draw.random.choice(SUMS[1:]),
    "spent": lambda draw, _: Decimal(0).quantize(SUMS[0]),
    "weight": lambda draw, _: WHOLE,
    "project_phase.due_on": lambda draw, row: _of(draw, row)[draw.random.choice(("planned_on", "due_on"))],
    "project_phase.done_on": lambda draw, _: draw.random.choice((None, min(draw.today, draw.day()))),
    "project_payment.amount": lambda draw, row: draw.random.choice(SUMS[:2]) * (-1 if row["corrects_id"] else 1),
    "paid_on": lambda draw, row: _of(draw, row)["started_on"] or draw.today,
    "project_contribution.amount": lambda draw, row: draw.random.choice(SUMS) if row["kind"] == "MONEY" else None,
    "promised_on": lambda draw, _: min(draw.today, draw.day()),
    "project_contribution.delivered_on": lambda draw, row: draw.random.choice((None, row["promised_on"], draw.today)),
}
