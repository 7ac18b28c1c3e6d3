"""The words for what the database records by names of its own: commands, and the columns of tables.

They are the schema's: an area declares a field as `in_words`, and is given them when the areas are linked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select

from schema.kit.expressions import Row, RowFunction

PATH, LIST = "path", "list"  # no tag of any entity


@dataclass(frozen=True, slots=True)
class Called:
    """What a column is: the name of its field, and what that is in short.

    `kind` says of what it holds the tag of the row it names, `PATH` where that is a unit by its path, or `LIST`. Of an
    enumeration `values` are what its values mean, by their names.
    """

    name: str
    label: str
    kind: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a table's rows are: their type, the tag of their global ids, and their columns in the type's order.

    Of a table that is no type's own, `row` is the id of the type's row, by what was recorded; null where there is none.
    """

    type: str
    tag: str | None
    columns: Mapping[str, Called]
    row: RowFunction | None = None


@dataclass(frozen=True, slots=True)
class Glossary:
    """What every command does, by its name, and what the rows of every table are that has a type, by the table's."""

    commands: Mapping[str, str]
    tables: Mapping[str, Recorded]


Told = Callable[[FromClause, ColumnElement[bool]], tuple[FromClause, ColumnElement[bool]]]
"""The rows of a table that fulfil something, as their reader is told them, and what these must fulfil still."""


@dataclass(frozen=True, slots=True)
class Itemized:
    """A list made of the row's own values: a class of `column`s, and a select of them, in order, over the row.

    Where it is made of rows of another type, `made_of` names that, and the select takes them as they are `Told`.
    """

    of: type
    description: str
    rows: Callable[[Row, Told], Select[Any]]
    made_of: str | None = None


@dataclass(frozen=True, slots=True)
class InWords:
    """A field made once the areas are linked, of what they call things."""

    made: Callable[[Glossary], Any]


def in_words(made: Callable[[Glossary], Any]) -> Any:
    """A field that says what was recorded as the schema does: `in_words(lambda words: column("…", …))`."""
    return InWords(made)


def itemized(of: type, description: str, rows: Callable[[Row, Told], Select[Any]], made_of: type | None = None) -> Any:
    """A list made of the row's own values, or of rows of another type: see `Itemized`."""
    return Itemized(of, description, rows, None if made_of is None else made_of.__name__)


def as_they_are(table: FromClause, which: ColumnElement[bool]) -> tuple[FromClause, ColumnElement[bool]]:
    """Rows of which all is told."""
    return table, which


def short(description: str) -> str:
    """What a description begins with, in both languages: what is said beside it is left out.

    A comma ends it in English where one does in Chinese: elsewhere it stands within what is said.
    """
    chinese, _, english = description.partition(" / ")
    commas = (", ",) if "，" in chinese else ()
    return f"{_until(chinese, '：', '；', '，', '。')} / {_until(english, ': ', '; ', '. ', *commas).rstrip('.')}"


def _until(text: str, *ends: str) -> str:
    return text[: min((at for end in ends if (at := text.find(end)) > 0), default=len(text))]
