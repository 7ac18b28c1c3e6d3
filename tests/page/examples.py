"""The ready operations of the page, filled in with a person's own data as the page does it (web/src/examples.ts)."""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.days import day

FOLDER = Path(__file__).parents[2] / "web" / "examples"
ROLES: Mapping[str, list[str]] = json.loads((FOLDER / "roles.json").read_text("utf-8"))
OWN: Mapping[str, str] = json.loads((FOLDER / "own.json").read_text("utf-8"))
OWN_VALUE = re.compile(r"=(\w+)\.(\w+)")
LATER = re.compile(r"=\+(\d+) (\d\d:\d\d)")

Answer = Mapping[str, Any]
Ask = Callable[[str, Mapping[str, Any]], Answer]


def names() -> list[str]:
    """Every example there is, by the name of its file."""
    return sorted(path.stem for path in FOLDER.glob("*.graphql"))


def text(name: str) -> str:
    """The document of an example."""
    return (FOLDER / f"{name}.graphql").read_text("utf-8")


@cache
def template(name: str) -> str:
    """Its variables, in which `=alias.field` stands for a value of the person's own; `{}` where it has none."""
    path = FOLDER / f"{name}.json"
    return path.read_text("utf-8") if path.exists() else "{}"


def own(examples: list[str], ask: Ask) -> dict[str, Any]:
    """The first row of each kind the examples name, or None where the person has none."""
    return first_rows("".join(map(template, examples)), OWN, ask)


def first_rows(written: str, fields: Mapping[str, str], ask: Ask) -> dict[str, Any]:
    """The same of what a text with `=alias.field` in it names; `fields` says how each is asked for."""
    used = sorted({alias for alias, _ in OWN_VALUE.findall(written)})
    if not used:
        return {}
    answer = ask("query Own {\n" + "\n".join(f"{alias}: {fields[alias]}" for alias in used) + "\n}", {})
    return {alias: next(iter(found["nodes"]), None) for alias, found in answer["data"].items()}


def variables(name: str, rows: Mapping[str, Any]) -> dict[str, Any]:
    """The variables of an example with the person's own values in them; None for what the person does not have."""
    return filled_in(template(name), rows)


def filled_in(written: str, rows: Mapping[str, Any]) -> dict[str, Any]:
    """The same of variables that are not an example's, as JSON."""

    def filled(value: Any) -> Any:
        if value == "=today":
            return day(0)
        if value == "=year":
            return int(day(0)[:4])
        if value == "=newYear":
            return f"{day(0)[:4]}-01-01"
        if isinstance(value, str) and (later := LATER.fullmatch(value)):
            return f"{day(int(later[1]))}T{later[2]}:00+08:00"
        if isinstance(value, str) and (named := OWN_VALUE.fullmatch(value)):
            return (rows[named[1]] or {}).get(named[2])
        if isinstance(value, dict):
            return {key: filled(each) for key, each in value.items()}
        return [filled(each) for each in value] if isinstance(value, list) else value

    given: dict[str, Any] = filled(json.loads(written))
    return given
