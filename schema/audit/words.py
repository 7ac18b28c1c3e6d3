"""What is on record in the words of the schema: the names of commands, of types, and of the columns that changed.

The words stand in the statement, once in each, as a constant made when the areas are linked: they need no upkeep, and
an entry of years ago is told in the words of today. What has none by now (a command that is gone, a column that is no
field) is told in JSON alone.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from schema.kit.entities import column as field
from schema.kit.expressions import Row, RowFunction
from schema.kit.glossary import LIST, PATH, Called, Glossary, Told, itemized
from services.audit.events import Event

HIDDEN = "•"  # what the database keeps of a personal value
UNTOLD = {"version"}  # changes with every command

Recording = Callable[[Row], tuple[FromClause, ColumnElement[bool]]]
"""The changes recorded of a row: the table they are in, and which of it they are."""


class AuditField:
    """一项数据的变更，以架构的用语 / What one field was and became, in the schema's words."""

    name: str = field("字段名，同该类型 / The field, as its type calls it.")
    label: str = field("名称 / What it is, in Chinese and English.")
    before: str | None = field(
        "变更前；引用为全局标识，单元为其代码，个人信息为“•”，无值或无权查看为空"
        " / What it was: of another row its global id, of a unit by its place its code; personal data is "
        '"•"; null where there was none, or it names what you do not read.'
    )
    after: str | None = field("变更后，同上 / What it became, likewise; null where there is none.")
    before_label: str | None = field(
        "变更前枚举值的含义，其他为空 / What `before` means, in Chinese and English, of an enumeration; null otherwise."
    )
    after_label: str | None = field("变更后，同上 / What `after` means, likewise.")


def title(words: Glossary, command: RowFunction = lambda entry: entry.command) -> Any:
    """The field that says what a command does: an entry's own."""
    said = constant("titles", {**{str(event): event.text for event in Event}, **words.commands})
    return field(
        "该操作的说明，如“单元更名”；已不存在的操作为空"
        ' / What the command does, such as "Give a unit another name"; null for one there is no longer.',
        lambda row: _at(said, command(row)),
    )


def type_of(words: Glossary, table: RowFunction = lambda change: change.table_name, among: str = "") -> Any:
    """The field that says what a row is that was recorded: one that changed.

    Where the words are some only, `among` says which: a statement has others beside them.
    """
    said = constant(f"{among}types", {table: of.type for table, of in words.tables.items()})
    return field(
        "该行的类型，如 Compound；没有或不公开则为空"
        " / The row's type, such as Compound; null where it has none, or is not told.",
        lambda row: _at(said, _told(words, row, table(row))),
    )


def node_of(words: Glossary, table: RowFunction = lambda change: change.table_name, among: str = "") -> Any:
    """The field that leads to a row that was recorded, likewise."""
    said = constant(f"{among}tags", {table: of.tag for table, of in words.tables.items() if of.tag is not None})
    return field(
        "该行的全局标识，可用于 node；没有或不公开则为空"
        " / The row's global id, for `node`; null where it has none, or is not told.",
        lambda row: _at(said, table(row)).concat(_text("_")).concat(_id(words, row, table(row))),
    )


FIELDS = "所改各字段，不含检索键等内部数据 / The fields that changed; search keys and the like are not among them."


def fields_of(words: Glossary) -> Any:
    """The field that says which fields of a change's row changed, in the order in which its type has them."""
    said = _said(words)
    return itemized(AuditField, FIELDS, lambda row, _: _fields(row, said, words))


def fields_recorded(words: Glossary, recorded: Recording, change: type, among: str) -> Any:
    """The same of a row that is no change itself, by the changes `recorded` of it; `among` as for its type."""
    said = _said(words, among)

    def rows(row: Row, told: Told) -> Select[Any]:
        changes, which = told(*recorded(row))
        return _fields(changes.c, said, words, changes).where(which)

    return itemized(AuditField, FIELDS, rows, change)


def _said(words: Glossary, among: str = "") -> ColumnElement[Any]:
    return constant(f"{among}columns", {table: _columns(of.columns) for table, of in words.tables.items()})


def _columns(columns: Mapping[str, Called]) -> list[list[object]]:
    """Of each column what `_fields` looks for in these places; what is not there is null."""
    told = {name: called for name, called in columns.items() if name not in UNTOLD}
    return [_word(name, called) for name, called in told.items()]


def _word(name: str, called: Called) -> list[object]:
    if called.values:
        return [name, called.name, called.label, called.kind, called.values]
    return [name, called.name, called.label, *([called.kind] if called.kind else [])]


def _told(words: Glossary, row: Row, table: ColumnElement[Any]) -> ColumnElement[Any]:
    """The table of a row that was recorded; null where that is no type's own and the row is of none."""
    of = ((name, recorded.row) for name, recorded in words.tables.items() if recorded.row is not None)
    nobodys = [(and_(table == _text(name), made(row).is_(None)), null()) for name, made in of]
    return case(*nobodys, else_=table) if nobodys else table


def _id(words: Glossary, row: Row, table: ColumnElement[Any]) -> ColumnElement[Any]:
    """The id of the row by which its type's is known."""
    own = row.row_id.cast(Text())
    of = ((name, recorded.row) for name, recorded in words.tables.items() if recorded.row is not None)
    others = [(table == _text(name), made(row).cast(Text())) for name, made in of]
    return case(*others, else_=own) if others else own


def _fields(change: Row, said: ColumnElement[Any], words: Glossary, *beside: FromClause) -> Select[Any]:
    told = said.op("->", return_type=JSONB())(_told(words, change, change.table_name))
    each = func.jsonb_array_elements(told).table_valued(column("word", JSONB()), with_ordinality="place")
    each = each.render_derived()
    name, called, label, kind = (_at(each.c.word, _number(place)) for place in range(4))
    meant = each.c.word.op("->", return_type=JSONB())(_number(4))
    was, became = _at(change.before, name), _at(change.after, name)
    found = select(
        called.label("name"),
        label.label("label"),
        _read(was, kind).label("before"),
        _read(became, kind).label("after"),
        _at(meant, was).label("before_label"),
        _at(meant, became).label("after_label"),
    )
    there = func.coalesce(was, became).is_not(None)
    return found.select_from(*beside, each).where(there).order_by(each.c.place).correlate_except(*beside, each)


def _read(value: ColumnElement[Any], kind: ColumnElement[Any]) -> ColumnElement[Any]:
    """A value as it is read: what names another row by that one's global id, a path by the code of its unit."""
    return case(
        (value == _text(HIDDEN), value),
        (kind == _text(PATH), func.split_part(value, _text("/"), _number(-2))),
        (kind == _text(LIST), func.translate(value, _text('[]"'), _text(""))),
        else_=func.coalesce(kind.concat(_text("_")), _text("")).concat(value),
    )


def _at(json_: ColumnElement[Any], key: ColumnElement[Any]) -> ColumnElement[Any]:
    return json_.op("->>", return_type=Text())(key)


def _number(number: int) -> ColumnElement[Any]:
    return literal_column(str(number), Integer())


def _text(text: str) -> ColumnElement[Any]:
    return literal_column(f"'{text}'", Text())


def constant(name: str, value: object) -> ColumnElement[Any]:
    """A value that stands in a statement once, however often it is asked."""
    return _stated(name, json.dumps(value, ensure_ascii=False, separators=(",", ":")))


@cache
def _stated(name: str, text: str) -> ColumnElement[Any]:
    of = select(cast(literal(text, Text()), JSONB()).label("said")).cte(name).prefix_with("MATERIALIZED")
    return select(of.c.said).correlate(None).scalar_subquery()
