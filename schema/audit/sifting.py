"""What of a recorded row is told to whom: nothing that names what they do not read.

A column names rows of a table, or a unit by its path, or tells of a row another column names, as its declaration says
(`services/storage/references.py`): that is told to whom the name leads there, and with it what it is told of. What is
no field of the schema the service keeps for itself: who only follows the trail is not told. Of a row that has gone to
where its reader is not told it, what it became is not theirs, but where that names what they read. Whoever reads the
trail of the whole county is told all.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, false, func, literal_column, null, or_, select, true
from sqlalchemy import column as named
from sqlalchemy.dialects.postgresql import JSONB

from schema.audit.requests import now_in, path_of
from schema.audit.words import HIDDEN, constant
from schema.kit.expressions import Row
from schema.kit.glossary import Glossary
from schema.kit.sifting import Reader, Sifted
from services.audit.tables import entries
from services.storage.references import SEVERAL, references
from services.storage.tables import METADATA, VIEW, aliased

# Of a column: what it names, in which column, and whether it is no field.
NAMES, BY, KEPT = "n", "b", "k"
ID = "id"  # the row itself, which is told


def sifted(words: Glossary) -> Sifted:
    """What of a change is told, by what the columns there are hold."""
    holds = {name: dict(_columns(name, words)) for name in words.tables if name in METADATA.tables}
    tables = frozenset(name for of in holds.values() for each in of.values() for name in each.get(NAMES, ()))
    said = constant("holds", holds)

    def told(change: Row, reader: Reader) -> Mapping[str, ColumnElement[Any]]:
        of = said.op("->", return_type=JSONB())(change.table_name)
        became = or_(change.left_unit_id.is_(None), reader.stays(change))
        sides = {"before": true(), "after": became}
        return {side: _told(change, change[side], of, tables, reader, plain) for side, plain in sides.items()}

    return Sifted(frozenset({"before", "after", "fields"}), tables - {SEVERAL}, _whole, told)


def _columns(name: str, words: Glossary) -> Iterator[tuple[str, dict[str, Any]]]:
    table = METADATA.tables[name]
    named_by = references(table) if VIEW not in table.info else {}
    for column in table.c:
        holds: dict[str, Any] = {} if column.name in words.tables[name].columns or column.name == ID else {KEPT: 1}
        if (reference := named_by.get(column.name)) is not None:
            holds |= {NAMES: sorted(reference.names), BY: reference.by}
        yield column.name, holds


def _whole(change: Row) -> Select[Any]:
    """Where the chain of a change is: its county."""
    of = aliased(entries)
    chain = select(of.c.chain).where(of.c.id == change.entry_id).correlate_except(of).scalar_subquery()
    return path_of(now_in(chain))


def _told(
    change: Row,
    side: ColumnElement[Any],
    of: ColumnElement[Any],
    tables: frozenset[str],
    reader: Reader,
    plain: ColumnElement[bool],
) -> ColumnElement[Any]:
    """One side of a change as it is told: all of it, or what its columns hold that is the reader's to know.

    `plain` says whether also what names nothing.
    """
    each = func.jsonb_each(side).table_valued(named("key", Text()), named("value", JSONB())).render_derived()
    holds = of.op("->", return_type=JSONB())(each.c.key)
    shown = or_(~_has(holds, KEPT), reader.reads(change))
    told = and_(holds.is_not(None), shown, _led(side, holds, tables, reader, plain))
    kept = select(func.jsonb_object_agg(each.c.key, each.c.value)).select_from(each).where(told).correlate_except(each)
    rest = func.coalesce(kept.scalar_subquery(), literal_column("'{}'::jsonb"), type_=JSONB())
    return case((side.is_(None), null()), (reader.all_of(change), side), else_=rest)


def _led(
    side: ColumnElement[Any],
    holds: ColumnElement[Any],
    tables: frozenset[str],
    reader: Reader,
    plain: ColumnElement[bool],
) -> ColumnElement[bool]:
    """Whether whoever reads a value is led along what it names; where it names nothing, as personal values, `plain`."""
    name = side.op("->>", return_type=Text())(holds.op("->>", return_type=Text())(_text(BY)))
    of = (
        func.jsonb_array_elements_text(holds.op("->")(_text(NAMES)))
        .table_valued(named("table", Text()))
        .render_derived()
    )
    leads = ((of.c.table == _text(table), reader.leads(table, name)) for table in sorted(tables - {SEVERAL}))
    led = case(*leads, else_=false())
    found = select(literal_column("1")).select_from(of).where(led).correlate_except(of).exists()
    return case((~_has(holds, NAMES), plain), (name == _text(HIDDEN), plain), (name.is_(None), false()), else_=found)


def _has(holds: ColumnElement[Any], key: str) -> ColumnElement[bool]:
    return holds.op("?", is_comparison=True)(_text(key))


def _text(text: str) -> ColumnElement[Any]:
    return literal_column(f"'{text}'", Text())
