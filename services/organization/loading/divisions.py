"""A file of administrative divisions, read and checked: code,name,level,parent_code (see data/README.md).

Plain or gzip, told apart by the first bytes; UTF-8, a byte order mark is allowed. Rows may stand in any order; codes
may be short (350521) or padded with zeros (350521000000). Everything wrong with a file is reported at once, so that
whoever prepares it corrects it once. Nothing here knows the database: `services.organization.loading.loading` writes
what is read here.
"""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import BinaryIO, NamedTuple, NoReturn

from services.errors import Rejected, Text
from services.names import proper
from services.organization.codes import LENGTHS, shortened
from services.organization.tables import OrgLevel

HEADER = ["code", "name", "level", "parent_code"]
SHOWN = 20

WORDS = {
    "province": OrgLevel.PROVINCE,
    "city": OrgLevel.CITY,
    "county": OrgLevel.COUNTY,
    "town": OrgLevel.TOWN,
    "village": OrgLevel.COMMUNITY,
}
LEVELS = dict(zip(LENGTHS, WORDS.values(), strict=True))

_GZIP = b"\x1f\x8b"
_CODE = re.compile(r"[0-9]{2}(?:[0-9]{2}(?:[0-9]{2}(?:[0-9]{3}(?:[0-9]{3})?)?)?)?")
# Bytes that are not UTF-8 arrive as lone surrogates, so that their row and column can be told.
_UNDECODED = re.compile(r"[\ud800-\udfff]")


class Division(NamedTuple):
    """One sound row. `code` and `parent` are short forms; the code's length says the level."""

    line: int
    code: str
    name: str
    parent: str | None

    @property
    def level(self) -> OrgLevel:
        """The level that the code's length says."""
        return LEVELS[len(self.code)]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: `line` counts from 1, the header's; None where it concerns no single line or column."""

    line: int | None
    column: str | None
    reason: Text
    source: str = ""  # which file, where it is not the divisions'

    def place(self) -> str:
        """Where it is, for people: "line 3, parent_code"."""
        line = f"line {self.line}" if self.line is not None else "file"
        place = f"{line}, {self.column}" if self.column else line
        return f"{self.source} {place}" if self.source else place


class DivisionsError(Exception):
    """The file cannot be loaded and nothing was: the first problems by line, and how many more there are."""

    def __init__(self, problems: list[Problem]) -> None:
        ordered = sorted(problems, key=lambda problem: (problem.source, problem.line or 0))
        self.problems = ordered[:SHOWN]
        self.more = len(ordered) - len(self.problems)
        lines = [f"{each.place()}: {each.reason.zh} / {each.reason.en}" for each in self.problems]
        rest = [f"…… 另有 {self.more} 处 / and {self.more} more"] if self.more else []
        super().__init__("\n".join((*lines, *rest)))


@dataclass(slots=True)
class Divisions:
    """A file's content: its sound rows, the line of every code in it (also of unsound rows), and what is wrong."""

    rows: list[Division] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def report(self, line: int | None, column: str | None, zh: str, en: str, source: str = "") -> None:
        """Note a problem; reading goes on."""
        self.problems.append(Problem(line, column, Text(zh, en), source))

    def give_up(self, line: int | None, zh: str, en: str, source: str = "") -> NoReturn:
        """Raise DivisionsError with all that was found so far and this."""
        self.report(line, None, zh, en, source)
        raise DivisionsError(self.problems)

    def refuse_if_unsound(self) -> None:
        """Raise DivisionsError when anything was reported."""
        if self.problems:
            raise DivisionsError(self.problems)


@lru_cache(maxsize=1 << 16)
def short_code(text: str) -> str | None:
    """The short form of a code of 2, 4, 6, 9 or 12 digits, padded or not; None for anything else."""
    return shortened(text.ljust(12, "0")) if _CODE.fullmatch(text) and not text.startswith("0") else None


def read(source: BinaryIO) -> Divisions:
    """Read the whole file; unsound rows are noted in the result's `problems`. Blocks: call it in a thread.

    Raises DivisionsError at once where reading cannot go on: another header, damaged gzip, broken CSV, no rows.
    """
    divisions = Divisions()
    for line, row in records(source, HEADER, divisions):
        _take(line, row, divisions)
    if not divisions.lines and not divisions.problems:
        divisions.give_up(None, "文件没有数据行", "the file has no rows")
    return divisions


def records(
    source: BinaryIO, header: list[str], divisions: Divisions, name: str = ""
) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file below its header, with their lines; those of another number of columns are reported."""
    reader = csv.reader(_text(source), strict=True)
    try:
        if next(reader, None) != header:
            first = ",".join(header)
            divisions.give_up(1, f"首行须为 {first}", f"the first line must be {first}", name)
        line = 1
        for row in reader:
            if len(row) == len(header):
                yield line + 1, row
            elif row:  # not an empty line
                found, wanted = len(row), len(header)
                zh, en = f"应有 {wanted} 列，实有 {found} 列", f"{wanted} columns expected, {found} found"
                divisions.report(line + 1, None, zh, en, name)
            line = reader.line_num
    except csv.Error as error:
        divisions.give_up(reader.line_num, f"不是有效的 CSV：{error}", f"not valid CSV: {error}", name)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        divisions.give_up(reader.line_num + 1, f"压缩文件已损坏：{error}", f"damaged gzip file: {error}", name)


def _text(source: BinaryIO) -> io.TextIOWrapper:
    packed = io.BytesIO(source.read())
    plain = gzip.GzipFile(fileobj=packed) if packed.getvalue().startswith(_GZIP) else packed
    return io.TextIOWrapper(plain, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _take(line: int, row: list[str], divisions: Divisions) -> None:
    raw_code, raw_name, word, raw_parent = row
    before = len(divisions.problems)
    name = _checked_name(line, raw_name, divisions)
    code = checked_code(line, "code", raw_code, divisions)
    parent = checked_code(line, "parent_code", raw_parent, divisions) if raw_parent else None
    _check_level(line, word, code, parent, divisions)
    if code is None:
        return
    if divisions.lines.setdefault(code, line) != line:
        first = divisions.lines[code]
        divisions.report(line, "code", f"代码 {code} 与第 {first} 行重复", f"code {code} repeats line {first}")
    if before == len(divisions.problems):
        divisions.rows.append(Division(line, code, name, parent))


def checked_code(line: int, column: str, value: str, divisions: Divisions, name: str = "") -> str | None:
    """The short form of a code; reported where it is none."""
    code = short_code(value)
    if code is None:
        zh, en = _not_utf8(value) or (
            f"{value[:40]!r} 不是 2、4、6、9 或 12 位数字的代码",
            f"{value[:40]!r} is not a code of 2, 4, 6, 9 or 12 digits",
        )
        divisions.report(line, column, zh, en, name)
    return code


def _check_level(line: int, word: str, code: str | None, parent: str | None, divisions: Divisions) -> None:
    if word not in WORDS:
        zh, en = _not_utf8(word) or (f"未知的层级 {word[:40]!r}", f"unknown level {word[:40]!r}")
        divisions.report(line, "level", zh, en)
    elif code is not None and WORDS[word] is not LEVELS[len(code)]:
        divisions.report(line, "level", f"{code} 不是 {word} 层级的代码", f"{code} is not the code of a {word}")
    if code is not None and parent is not None and len(parent) >= len(code):
        zh, en = f"上级 {parent} 的层级不高于 {code}", f"the parent {parent} is not of a higher level than {code}"
        divisions.report(line, "parent_code", zh, en)


def _checked_name(line: int, raw: str, divisions: Divisions) -> str:
    """The name by the rule commands go by."""
    try:
        return proper("name", raw)
    except Rejected as refusal:
        for problem in refusal.problems:
            zh, en = _not_utf8(raw) or (problem.text.zh, problem.text.en)
            divisions.report(line, "name", zh, en)
        return raw


def _not_utf8(value: str) -> tuple[str, str] | None:
    return ("不是 UTF-8 编码", "not encoded in UTF-8") if _UNDECODED.search(value) else None
