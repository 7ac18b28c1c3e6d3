"""What may be told of counters: nothing from which a few can be worked out, along whatever adds up."""

from random import Random
from uuid import UUID

import pytest

from services.centres.survey_figures import WHOLE, Cell, added_up, told

CELL = 10
TOP, WEST, EAST = "35/", "35/1/", "35/2/"
ONE, TWO, THREE = (UUID(int=number) for number in range(3))
ASKED = {ONE: "何事", TWO: "何事", THREE: "何事"}


def shown(counted: dict[tuple[str, UUID, int], int]) -> dict[Cell, int]:
    """What is told of numbers of communities."""
    return told(added_up({Cell(*at): number for at, number in counted.items()}, TOP), ASKED, CELL)


def test_of_twelve_neither_the_two_nor_the_ten_are_told() -> None:
    """By choice, by group and by unit; of what adds up to something that is told there are two more than a cell."""
    assert shown({(TOP, ONE, 0): 2, (TOP, TWO, 0): 10}) == {}
    groups = shown({(TOP, ONE, 1): 2, (TOP, ONE, 2): 10, (TOP, TWO, 1): 50, (TOP, TWO, 2): 50})
    assert groups == {Cell(TOP, ONE, WHOLE): 10, Cell(TOP, TWO, WHOLE): 100}
    units = shown({(WEST, ONE, 0): 2, (EAST, ONE, 0): 10, (WEST, TWO, 0): 50, (EAST, TWO, 0): 50})
    assert units == {Cell(TOP, ONE, 0): 10, Cell(TOP, TWO, 0): 100}
    assert shown({(TOP, ONE, 0): 2, (TOP, TWO, 0): 19, (TOP, THREE, 0): 31}) == {Cell(TOP, THREE, 0): 30}
    assert shown({(TOP, ONE, 0): 12, (TOP, TWO, 0): 0}) == {}  # that all want the same tells what each wants
    assert len(shown({(TOP, ONE, 0): 12, (TOP, TWO, 0): 25, (TOP, THREE, 0): 0})) == 2


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_left_out_of_a_line_is_no_few(seed: int) -> None:
    random = Random(seed)
    counted = {
        (unit, choice, part): random.choice((0, 1, 2, 9, 10, 11, 40))
        for unit in (WEST, EAST, "35/3/4/", "35/3/5/")
        for choice in ASKED
        for part in (1, 2, 3)
    }
    numbers = added_up({Cell(*at): number for at, number in counted.items()}, TOP)
    found = told(numbers, ASKED, CELL)
    assert all(number % CELL == 0 and number <= numbers[at] < number + CELL for at, number in found.items())
    for unit in {at.unit for at in numbers}:
        for part in range(4):
            looked_at([Cell(unit, choice, part) for choice in ASKED], None, numbers, found)
        for choice in ASKED:
            looked_at([Cell(unit, choice, part) for part in (1, 2, 3)], Cell(unit, choice, WHOLE), numbers, found)
    for top, below in ((TOP, (WEST, EAST, "35/3/")), ("35/3/", ("35/3/4/", "35/3/5/"))):
        for choice in ASKED:
            for part in range(4):
                looked_at([Cell(unit, choice, part) for unit in below], Cell(top, choice, part), numbers, found)


def looked_at(line: list[Cell], whole: Cell | None, numbers: dict[Cell, int], found: dict[Cell, int]) -> None:
    """Nothing is left out, or enough, or the sum is; and not all chose the same."""
    assert whole is None or sum(numbers[at] for at in line) == numbers[whole]
    some = [at for at in line if numbers[at]]
    left = [numbers[at] for at in some if at not in found]
    assert not (whole is None and len(some) == 1 and some[0] in found)
    if left and len(left) < len(some) and (whole is None or whole in found):
        assert len(left) > 1
        assert sum(left) >= CELL
