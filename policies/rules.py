"""Files of rules, as roles.csv, read line by line before Casbin does: it passes over what it does not know.

A line that is no rule would be a right that is silently gone.
"""

from dataclasses import dataclass
from pathlib import Path

from services.errors import bad_input

LENGTHS = {"p": 4, "g": 3}


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: its number, what it begins with, and the words behind that."""

    number: int
    kind: str
    words: tuple[str, ...]


def read(file: Path) -> list[Rule]:
    """The rules in a file, which may be a stream: it is read once. BAD_USER_INPUT for a file or line that is none."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise bad_input(f"{file} 无法读取：{error}", f"{file} cannot be read: {error}") from None
    return [_rule(file, number, line) for number, line in enumerate(text.splitlines(), 1) if _says(line)]


def _says(line: str) -> bool:
    return not line.isspace() and line != "" and not line.lstrip().startswith("#")


def _rule(file: Path, number: int, line: str) -> Rule:
    kind, *words = (word.strip() for word in line.split(","))
    if LENGTHS.get(kind) != 1 + len(words) or "" in words:
        raise bad_input(f"{file} 第 {number} 行不是规则。", f"{file}, line {number}, is no rule.")
    return Rule(number, kind, tuple(words))
