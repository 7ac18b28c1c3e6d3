"""Rules that can never mean anything: Casbin passes over what it does not know.

A line about a role, an entity or an action there is not would be a right that is silently gone.
"""

from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from policies.actor import SEATS
from policies.lines import Rule, read
from services.errors import Text, bad_input

ROOTS = frozenset({*SEATS, "everyone"})  # roles somebody holds; the others are what these inherit
Right = tuple[str, str]


def unknown(rules: Sequence[Rule], asked: AbstractSet[Right]) -> dict[Rule, Text]:
    """The rules that can never mean anything, each with what is not known: a role, an entity or an action.

    `asked` is every right something asks for. A role is known that can be granted, or that one of these inherits; a
    rule that inherits from a role that may nothing is about one that is not there.
    """
    known, entities = _inherited(rules), {entity for entity, _ in asked}
    able = {rule.words[0] for rule in rules}
    found: dict[Rule, Text] = {}
    for rule in rules:
        role, what, action = (*rule.words, "")[:3]
        if role not in known:
            found[rule] = _none("角色", "role", role)
        elif rule.kind == "g" and what not in able:
            found[rule] = _none("角色", "role", what)
        elif rule.kind == "p" and what not in entities:
            found[rule] = _none("实体", "entity", what)
        elif rule.kind == "p" and (what, action) not in asked:
            found[rule] = Text(f"{what} 没有操作 {action}", f"there is no action {action} of {what}")
    return found


def check(file: Path, asked: AbstractSet[Right]) -> None:
    """BAD_USER_INPUT for a file with a line that is no rule, or can never mean anything."""
    amiss = list(told(file, unknown(read(file), asked)))
    if amiss:
        raise bad_input("；".join(each.zh for each in amiss), "\n".join(each.en for each in amiss))


def told(file: Path, amiss: dict[Rule, Text]) -> Iterator[Text]:
    """What is not known of each line."""
    for rule, why in amiss.items():
        yield Text(f"{file} 第 {rule.number} 行：{why.zh}", f"{file}, line {rule.number}: {why.en}")


def _inherited(rules: Collection[Rule]) -> frozenset[str]:
    """The roles that somebody may hold, and all that these inherit."""
    known: frozenset[str] = ROOTS
    while more := {rule.words[1] for rule in rules if rule.kind == "g" and rule.words[0] in known} - known:
        known |= more
    return known


def _none(zh: str, en: str, name: str) -> Text:
    return Text(f"没有{zh} {name}", f"there is no {en} {name}")
