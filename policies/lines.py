"""Files of rules, as roles.csv, read line by line: Casbin is given what is read here, and reads none itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.errors import bad_input

LENGTHS = {"p": 4, "g": 3}
WORD = re.compile("[A-Za-z_][A-Za-z0-9_.]*")  # of a role, an entity or an action; statements and the SDL are made of it


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: its number, what it begins with, and the words behind that."""

    number: int
    kind: str
    words: tuple[str, ...]


def read(file: Path) -> list[Rule]:
    """The rules in a file, which may be a stream: it is read once. BAD_USER_INPUT for a file or line that is none."""
    try:
        said = file.read_bytes()
        text = said.decode("utf-8-sig")
    except OSError as error:
        raise bad_input(f"{file} 无法读取：{error.strerror}", f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        number = 1 + error.object.count(b"\n", 0, error.start)
        raise bad_input(f"{file} 第 {number} 行不是 UTF-8。", f"{file}, line {number}, is not UTF-8.") from None
    return list(_rules(file, text))


def _rules(file: Path, text: str) -> Iterator[Rule]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield _rule(file, number, line)


def _rule(file: Path, number: int, line: str) -> Rule:
    kind, *words = (word.strip() for word in line.split(","))
    if LENGTHS.get(kind) != 1 + len(words) or not all(map(WORD.fullmatch, words)):
        raise bad_input(f"{file} 第 {number} 行不是规则。", f"{file}, line {number}, is no rule.")
    return Rule(number, kind, tuple(words))
