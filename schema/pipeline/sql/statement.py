"""The statement of a plan: the response's JSON, given only while the credential it was planned for stands.

    WITH standing AS MATERIALIZED (SELECT <credential, revision and term still hold> AS fresh),
         answer AS MATERIALIZED (SELECT convert_to(<the response>, 'UTF8') AS body FROM standing WHERE fresh)
    SELECT fresh, octet_length(body) AS size, CASE WHEN octet_length(body) <= $limit THEN body END AS body
    FROM standing LEFT JOIN answer ON true

Where pages begin after a row, each such row is a CTE of its own (see `pages`), there is an answer only while all are
there, and a further column, `lost`, is the number of the first that is not. Where something is told of no day but
today, a column `undated` lists what was asked of another.

All of it is one snapshot. Materialized, because a body that were inlined into its three mentions would run thrice.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    BindParameter,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    TableClause,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.dialects.postgresql.asyncpg import PGCompiler_asyncpg, PGDialect_asyncpg

from policies.actor import Actor
from schema.pipeline.plan.call import Path
from schema.pipeline.plan.plan import Plan
from schema.pipeline.sql.objects import Objects
from services.access.credentials import still_stands
from services.storage.tables import METADATA, VIEW
from services.terms import today

GUARD = "standing"


class _Compiler(PGCompiler_asyncpg):
    """Literals in an area's expression belong to the text; only slots, which hold None, are parameters.

    Notes which tables are read, those of the guard left out.
    """

    _guarding = False

    @property
    def reads(self) -> set[str]:
        """The tables and views met so far; compiling begins before anything of our own is made."""
        found: set[str] = self.__dict__.setdefault("_reads", set())
        return found

    def visit_cte(self, cte: CTE, *given: Any, **options: Any) -> str | None:
        outside, self._guarding = self._guarding, self._guarding or cte.name == GUARD
        made = super().visit_cte(cte, *given, **options)
        self._guarding = outside
        text: str | None = made
        return text

    def visit_table(self, table: TableClause, *given: Any, **options: Any) -> str:
        if not self._guarding:
            self.reads.add(table.name)
        made: str = super().visit_table(table, *given, **options)  # type: ignore[no-untyped-call]
        return made

    def visit_bindparam(self, bindparam: BindParameter[Any], **options: Any) -> str:  # type: ignore[override]
        options["literal_binds"] = bindparam.value is not None
        made: str = super().visit_bindparam(bindparam, **options)  # type: ignore[no-untyped-call]
        return made


class _Dialect(PGDialect_asyncpg):
    statement_compiler = _Compiler


DIALECT = _Dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL text, and which of the plan's values (then of the guard's) each of its parameters $1, $2, ... is.

    `tables` are those whose rows decide the answer, beside what decides whether it may be given; a view is all of them.
    `marks` are the paths of the pages that go on from a row, each with its argument, by the numbers `lost` may be.
    `dated` is whether there is a column `undated`.
    """

    sql: str
    order: tuple[int, ...]
    tables: frozenset[str]
    marks: tuple[tuple[Path, str], ...] = ()
    dated: bool = False

    def parameters(self, values: list[object], guard: tuple[str, int, datetime, int]) -> list[object]:
        """The parameters in the order of the text."""
        everything = [*values, *guard]
        return [everything[number] for number in self.order]


def guard(actor: Actor, response_bytes: int) -> tuple[str, int, datetime, int]:
    """The values every statement binds after the plan's own."""
    return actor.credential_id, actor.revision, actor.until, response_bytes


def assemble(plan: Plan) -> Statement:
    """The statement of a plan, compiled for asyncpg."""
    objects = Objects(plan)
    after = len(plan.slots)
    token = bindparam(f"s{after}", None, type_=Text())
    revision = bindparam(f"s{after + 1}", None, type_=Integer())
    until = bindparam(f"s{after + 2}", None, type_=DateTime(timezone=True))
    limit = bindparam(f"s{after + 3}", None, type_=Integer())

    holds = and_(func.now() < until, still_stands(token, revision))
    standing = select(holds.label("fresh")).cte(GUARD).prefix_with("MATERIALIZED")
    document = func.convert_to(objects.document().cast(Text()), literal_column("'UTF8'"))
    there = [select(mark).exists() for mark, _ in objects.marks]
    answer = select(document.label("body")).where(standing.c.fresh, *there).cte("answer").prefix_with("MATERIALIZED")
    size = func.octet_length(answer.c.body)
    whole = select(standing.c.fresh, size.label("size"), case((size <= limit, answer.c.body)).label("body"))
    if there:
        lost: list[tuple[ColumnElement[bool], ColumnElement[int]]]
        lost = [(~found, literal_column(str(number))) for number, found in enumerate(there)]
        whole = whole.add_columns(case(*lost).label("lost"))
    if plan.dated:
        whole = whole.add_columns(_undated(plan).label("undated"))
    statement = whole.select_from(standing.outerjoin(answer, true()))
    compiled = statement.compile(dialect=DIALECT)
    assert isinstance(compiled, _Compiler)
    order = tuple(int(name[1:]) for name in compiled.positiontup or ())
    marks = tuple((mark.path, mark.argument) for _, mark in objects.marks)
    return Statement(str(compiled), order, _tables(compiled.reads), marks, bool(plan.dated))


def _undated(plan: Plan) -> ColumnElement[Any]:
    """The coordinates asked of another day than today, in order, of those that are told of no other."""
    days = {slot: bindparam(f"s{slot}", None, type_=Date()) for slots in plan.dated.values() for slot in slots}
    told: list[ColumnElement[Any]] = [
        case((or_(*(days[slot] != today() for slot in sorted(slots))), literal(coordinate, Text())))
        for coordinate, slots in sorted(plan.dated.items())
    ]
    listed: ColumnElement[Any] = array(told, type_=ARRAY(Text()))
    return func.array_remove(listed, null())


def _tables(read: Collection[str]) -> frozenset[str]:
    views = {table.name for table in METADATA.tables.values() if VIEW in table.info}
    return frozenset(read if views.isdisjoint(read) else METADATA.tables)
