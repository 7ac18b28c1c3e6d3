"""What may be told of a survey: counted once, when it is over, and no number from which a few can be worked out.

Numbers stand in *lines* that add up: the choices of a question, the groups of a choice, the units below a unit. Where
some of a line are fewer than the smallest cell, so many of it are left out that those together are no fewer, and two at
least: of 12 whoever knows that 10 want this, knows of the other 2. That nobody chose something gives nobody away, but
where all chose the same it is known what each did. What is told are multiples of the cell, so that
lines that cross give no more away than each does.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import and_, delete, func, select

from services.centres.survey_tables import boxes, choices, codes, counters, counts, surveys
from services.errors import ProblemCode, rejected
from services.organization.tables import units
from services.storage.transaction import Record, Transaction

WHOLE = 0  # the part of all groups together


class Cell(NamedTuple):
    """Whose number it is: of a unit, by its path, who chose this, of a group."""

    unit: str
    choice: UUID
    part: int


Numbers = Mapping[Cell, int]


class Line(NamedTuple):
    """Numbers that add up, and the one they add up to; None where that is told nowhere, and may be known."""

    parts: Sequence[Cell]
    whole: Cell | None


async def tally(tx: Transaction, *, survey: Record, cell: int) -> UUID:
    """End a survey, keep what may be told of it, where it was asked, and nothing else; its id."""
    if survey["counted_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "survey", "问卷已统计。", "The survey was counted already.")
    asked = await tx.rows(select(choices).where(choices.c.survey_id == survey["id"]))
    numbers = added_up(await _counted(tx, survey), survey["unit_path"])
    shown = told(numbers, {row["id"]: row["question"] for row in asked}, cell)
    await _keep(tx, survey, {row["id"]: row for row in asked}, shown)
    await _ask(tx, survey, {at.unit for at in numbers})
    own = select(boxes.c.id).where(boxes.c.survey_id == survey["id"])
    for table in (codes, counters):
        await tx.rows(delete(table).where(table.c.box_id.in_(own)))
    return await tx.update(surveys, survey["id"], counted_on=await tx.today(), cell=cell)


def added_up(counted: Numbers, top: str) -> dict[Cell, int]:
    """The numbers of communities with those of all above them up to the survey's unit, by group and in all."""
    made: dict[Cell, int] = {}
    for (unit, choice, part), number in counted.items():
        for above in _upwards(unit, top):
            for each in {part, WHOLE}:
                place = Cell(above, choice, each)
                made[place] = made.get(place, 0) + number
    return made


def told(numbers: Numbers, asked: Mapping[UUID, str], cell: int) -> dict[Cell, int]:
    """Those that may be told, each as the multiple of the smallest cell it reaches; `asked` are the choices' questions.

    Whatever is left out may leave too little in another line: it goes on until no line gives anything away.
    """
    hidden = {place for place, number in numbers.items() if number < cell}
    lines = list(_lines(numbers, asked))
    while more := {_next(line, numbers, hidden) for line in lines if _gives_away(line, numbers, hidden, cell)}:
        hidden |= more
    return {place: number // cell * cell for place, number in numbers.items() if place not in hidden}


# --- lines ------------------------------------------------------------------------------------------------------------


def _lines(numbers: Numbers, asked: Mapping[UUID, str]) -> Iterator[Line]:
    """Every line: of choices, of groups, of units."""
    yield from (Line(cells, None) for cells in _alike(numbers, lambda at: (at.unit, asked[at.choice], at.part)))
    grouped = [at for at in numbers if at.part != WHOLE]
    for cells in _alike(grouped, lambda at: (at.unit, at.choice)):
        yield Line(cells, cells[0]._replace(part=WHOLE))
    below = [at for at in numbers if at._replace(unit=_above(at.unit)) in numbers]
    for cells in _alike(below, lambda at: (_above(at.unit), at.choice, at.part)):
        yield Line(cells, cells[0]._replace(unit=_above(cells[0].unit)))


def _alike(cells: Iterable[Cell], by: Any) -> Iterable[Sequence[Cell]]:
    made: dict[Any, list[Cell]] = {}
    for each in cells:
        made.setdefault(by(each), []).append(each)
    return made.values()


def _gives_away(line: Line, numbers: Numbers, hidden: set[Cell], cell: int) -> bool:
    """Whether what is left out of a line could be told from the rest of it."""
    some = [each for each in line.parts if numbers[each]]
    left = [each for each in some if each in hidden]
    if len(left) == len(some) or line.whole in hidden:
        return False
    if not left:
        return line.whole is None and len(some) == 1
    return len(left) < 2 or sum(numbers[each] for each in left) < cell


def _next(line: Line, numbers: Numbers, hidden: set[Cell]) -> Cell:
    """The smallest number of a line that is not left out yet."""
    return min((each for each in line.parts if each not in hidden), key=lambda each: (numbers[each], each))


def _above(unit: str) -> str:
    return unit[: unit[:-1].rfind("/") + 1]


def _upwards(unit: str, top: str) -> Iterator[str]:
    """A unit and those above it up to the top; itself alone where it lies elsewhere by now."""
    yield unit
    while unit != top and unit.startswith(top):
        unit = _above(unit)
        yield unit


# --- rows -------------------------------------------------------------------------------------------------------------


async def _counted(tx: Transaction, survey: Record) -> dict[Cell, int]:
    at = (boxes.c.unit_path, counters.c.choice_id, counters.c.part)
    asked = and_(choices.c.id == counters.c.choice_id, choices.c.survey_id == boxes.c.survey_id)
    found = select(*at, func.sum(counters.c.people).label("people")).join(boxes, boxes.c.id == counters.c.box_id)
    found = found.join(choices, asked)
    rows = await tx.rows(found.where(boxes.c.survey_id == survey["id"]).group_by(*at))
    return {Cell(row["unit_path"], row["choice_id"], row["part"]): row["people"] for row in rows}


async def _keep(tx: Transaction, survey: Record, asked: Mapping[UUID, Record], shown: Numbers) -> None:
    paths = {at.unit for at in shown}
    found = await tx.rows(select(units.c.path, units.c.level).where(units.c.path.in_(paths)))
    levels = {row["path"]: row["level"] for row in found}
    ids = {at: uuid4() for at in sorted(shown)}
    await tx.insert_all(
        counts,
        [
            {
                "id": row,
                "survey_id": survey["id"],
                "choice_id": at.choice,
                "unit_path": at.unit,
                "level": levels[at.unit],
                "counted_in": [str(ids[whole]) for whole in wholes(at, survey["unit_path"]) if whole in ids],
                "function": asked[at.choice]["function"],
                "part": survey["crossing"][at.part - 1] if at.part else None,
                "people": shown[at],
            }
            for at, row in ids.items()
        ],
    )


def wholes(at: Cell, top: str) -> Iterator[Cell]:
    """The numbers of the units above that one is part of."""
    return (at._replace(unit=above) for above in _upwards(at.unit, top) if above != at.unit)


async def _ask(tx: Transaction, survey: Record, asked: Iterable[str]) -> None:
    """Keep that it was asked in the units above communities, as boxes keep it of these."""
    found = await tx.rows(select(boxes.c.unit_path).where(boxes.c.survey_id == survey["id"]))
    more = sorted({*asked} - {row["unit_path"] for row in found})
    await tx.insert_all(boxes, [{"id": uuid4(), "survey_id": survey["id"], "unit_path": path} for path in more])
