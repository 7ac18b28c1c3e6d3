"""Every system of the domain, walked through as the role that does it: they look, and they do something, for a trial.

`pytest -s` prints the checklist; README holds it. What the figures are made of is asked about in test_figures.py and
those beside it.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import PROJECT, Service
from tests.days import day
from tests.demo.doers import Doer
from tests.demo.systems import SYSTEMS, Deed, System
from tests.http.asking import Asking
from tests.page import examples

LINE = re.compile(r"^\| S(\d+) (.+) \| `(\w+)` \| (\w+) \| (.+) \|$", re.MULTILINE)


@dataclass(frozen=True)
class Line:
    """A line of README's checklist."""

    number: int
    name: str
    area: str
    role: str
    figure: str


def checklist() -> list[Line]:
    """What README says of the systems."""
    found = LINE.findall((PROJECT / "README.md").read_text("utf-8"))
    return [Line(int(number), *rest) for number, *rest in found]


@pytest.mark.parametrize("line", checklist(), ids=lambda line: f"S{line.number}")
def test_a_system(line: Line, service: Service) -> None:
    """Its county counts what README says; who does it is shown some of it, and is not refused what they do."""
    system = SYSTEMS[line.number]
    county = Asking(service.url, service.token("county_admin", system.doer.county))
    found = replace(line, role=system.doer.role, figure=figure(system, county))
    print(f"\nS{found.number} {found.name} ({found.role}): {found.figure}", end="")
    doer = Asking(service.url, service.token(found.role, seat(system.doer, county)))
    seen = doer.data(f"{{ {system.sees}(first: 1) {{ totalCount nodes {{ id }} }} }}")[system.sees]
    assert seen["totalCount"] >= len(seen["nodes"]) == 1
    done(system.deed, doer)
    assert found == line


def test_the_checklist_is_whole() -> None:
    """Each of the 27 once and in order, in an area there is on both floors."""
    assert [line.number for line in checklist()] == [*SYSTEMS] == [*range(1, 28)]
    for line in checklist():
        assert all((PROJECT / floor / line.area).is_dir() for floor in ("schema", "services"))


def figure(system: System, county: Asking) -> str:
    """The figures of a system, as its county's administrator is told them."""
    year = day(0)[:4]
    counted = system.counted.replace("=year", f'{{from: "{year}-01-01", to: "{year}-12-31"}}')
    answer = county.post(f"{{ {counted} }}").json()
    assert "errors" not in answer, answer
    return system.figure.format_map(figures(answer["data"]))


def figures(data: Mapping[str, Any]) -> dict[str, Any]:
    """By its name: the sum of numbers, in yuan where they are fen; of texts, how many different ones there are."""
    told = defaultdict[str, list[Any]](list)
    for name, value in leaves("", data):
        told[name].append(value)
    return {name: of_all(name, values) for name, values in told.items()}


def of_all(name: str, values: list[Any]) -> int | float | Decimal:
    """What is told of all that has one name."""
    if isinstance(values[0], str):
        return len({*values})
    total: int | float = sum(values)
    return Decimal(total) / 100 if name.endswith("Fen") else total


def leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """What an answer holds in the end, each with the name it has there."""
    if isinstance(value, dict):
        for each, of in value.items():
            yield from leaves(each, of)
    elif isinstance(value, list):
        for of in value:
            yield from leaves(name, of)
    else:
        yield name, value


def seat(doer: Doer, county: Asking) -> str:
    """Where the doer is seated."""
    if doer.seat.isdigit():
        return doer.seat
    found = county.data(f"{{ {doer.seat} }}")
    while not isinstance(found, str):
        (found,) = found.values() if isinstance(found, dict) else found
    return found


def done(deed: Deed | str, doer: Asking) -> None:
    """A command, as a dry run, in which nothing is to be corrected."""

    def ask(query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = doer.post(query, variables).json()
        return answer

    if isinstance(deed, str):
        query, variables = examples.text(deed), examples.variables(deed, examples.own([deed], ask))
    else:
        query, variables = written(deed, ask)
    assert variables["input"]["dryRun"] is True
    answer = ask(query, variables)
    assert "errors" not in answer, (answer, variables)
    (payload,) = answer["data"].values()
    assert payload["userErrors"] == [], (payload, variables)


def written(deed: Deed, ask: examples.Ask) -> tuple[str, dict[str, Any]]:
    """The operation of a command and its variables, with the doer's own values in them."""
    query = (
        f"mutation ($input: {deed.command[0].upper()}{deed.command[1:]}Input!) "
        f"{{ {deed.command}(input: $input) {{ userErrors {{ code field message }} }} }}"
    )
    given = json.dumps({"input": {**deed.given, "dryRun": True}}, ensure_ascii=False)
    return query, examples.filled_in(given, examples.first_rows(given, {**examples.OWN, **deed.rows}, ask))
