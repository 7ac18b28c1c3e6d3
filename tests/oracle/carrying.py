"""What commands about projects need that hardly any drawn input has: a state, a day and a sum that fit one another."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.projects.tables import WHOLE
from tests.oracle.dispatch import Record
from tests.oracle.sight import Sight
from tests.oracle.tables import ZONE
from tests.oracle.values import Chance

Input = dict[str, Any]


def _today(sight: Sight) -> str:
    return sight.now.astimezone(ZONE).date().isoformat()


def _projects(sight: Sight, *states: str) -> list[Record]:
    return [row for row in sight.tables["project"] if row["status"] in states]


def _about(tag: str, chance: Chance, rows: Sequence[Record], **more: Any) -> Input:
    if not rows:
        return {}
    row = chance.one(rows)
    return {"id": f"{tag}_{row['id']}", "version": row["version"], **more}


def _of(sight: Sight, project: Record) -> list[Record]:
    return [row for row in sight.tables["project_phase"] if row["project_id"] == project["id"]]


def proposing(sight: Sight, _: Chance) -> Input:
    """From today on, for no compound."""
    return {"compoundId": None, "plannedOn": _today(sight), "dueOn": _today(sight), "budget": "1000.00"}


def neighbouring(sight: Sight, chance: Chance) -> Input:
    """The same, in a post that is held today."""
    today = sight.now.astimezone(ZONE).date()
    kinds = ("PART_TIME_MEMBER", "ROTATING_CHAIR")
    seats = [row for row in sight.tables["post"] if row["kind"] in kinds and row["since"] <= today]
    held = [row for row in seats if row["until"] is None or row["until"] >= today]
    return {"postId": f"pt_{chance.one(held)['id']}", **proposing(sight, chance)} if held else {}


def planning(sight: Sight, chance: Chance) -> Input:
    """One phase that is the whole of a project, due when that is."""
    if not (waiting := _projects(sight, "PLANNED")):
        return {}
    project = chance.one(waiting)
    phase = {"name": "施工", "weight": WHOLE, "dueOn": project["due_on"].isoformat()}
    return _about("pj", chance, [project], phases=[phase])


def starting(sight: Sight, chance: Chance) -> Input:
    """What has phases, today."""
    planned = [row for row in _projects(sight, "PLANNED") if _of(sight, row)]
    return _about("pj", chance, planned, on=_today(sight))


def finishing(sight: Sight, chance: Chance) -> Input:
    """What has reached every phase, today."""
    whole = [row for row in _projects(sight, "UNDERWAY") if all(phase["done_on"] for phase in _of(sight, row))]
    return _about("pj", chance, whole, on=_today(sight))


def reaching(sight: Sight, chance: Chance) -> Input:
    """A phase of what is underway, today."""
    phases = [phase for row in _projects(sight, "UNDERWAY") for phase in _of(sight, row)]
    return _about("pp", chance, [row for row in phases if row["done_on"] is None], on=_today(sight))


def weighing(sight: Sight, chance: Chance) -> Input:
    """Two phases of what has started, whose weights change places."""
    started = [row for row in sight.tables["project"] if row["started_on"] and len(_of(sight, row)) > 1]
    if not started:
        return {}
    project = chance.one(started)
    one, other = _of(sight, project)[:2]
    weights = ((one, other["weight"]), (other, one["weight"]))
    rows = [{"id": f"pp_{row['id']}", "version": row["version"], "weight": weight} for row, weight in weights]
    return _about("pj", chance, [project], phases=rows)


def paying(sight: Sight, chance: Chance) -> Input:
    """A fen of what is left."""
    left = [row for row in _projects(sight, "UNDERWAY") if row["spent"] < row["budget"]]
    paid = {"amount": "0.01", "paidOn": _today(sight)}
    return {"projectId": f"pj_{chance.one(left)['id']}", **paid} if left else {}


def contributing(sight: Sight, chance: Chance) -> Input:
    """Goods for what is not over."""
    live = _projects(sight, "PLANNED", "UNDERWAY")
    goods = {"kind": "IN_KIND", "amount": None, "promisedOn": _today(sight)}
    return {"projectId": f"pj_{chance.one(live)['id']}", **goods} if live else {}


def delivering(sight: Sight, chance: Chance) -> Input:
    """What was promised to such a project, today."""
    live = {row["id"] for row in _projects(sight, "PLANNED", "UNDERWAY")}
    promised = [row for row in sight.tables["project_contribution"] if row["project_id"] in live]
    return _about("pn", chance, [row for row in promised if row["delivered_on"] is None], on=_today(sight))


OPENINGS: Mapping[str, Callable[[Sight, Chance], Input]] = {
    "proposeProject": proposing,
    "proposeNeighbourProject": neighbouring,
    "planProject": planning,
    "startProject": starting,
    "finishProject": finishing,
    "reachPhase": reaching,
    "correctPhases": weighing,
    "payForProject": paying,
    "contributeToProject": contributing,
    "deliverContribution": delivering,
}
