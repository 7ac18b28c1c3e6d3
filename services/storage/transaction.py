"""One transaction of a command: statements built with SQLAlchemy Core, run on the command's own connection."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import Executable, Table, TableValuedAlias, column, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.sql.compiler import Compiled, SQLCompiler
from sqlalchemy.util import LRUCache

from services.storage.tables import counted
from services.terms import today

DIALECT = PGDialect_asyncpg()  # type: ignore[no-untyped-call]
_KNOWN: LRUCache[Any, Compiled] = LRUCache(200)  # 17 KiB each; compiling took a third of a command's time

Record = Mapping[str, Any]
"""A row by column names."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command came to: the id of the resulting row, what it reports beside it, a secret, and rows to be counted.

    The secret is given to whoever asked and is kept nowhere, not for a retry either. Of what was `unsaid` the key it
    was asked under is not kept as it was sent: it may name whom the command took every name of. The rows of the `tally`
    are told as numbers, of those that whoever asked may read, and are not kept either.
    """

    id: UUID
    report: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    secret: str | None = field(default=None, repr=False)
    unsaid: bool = False
    tally: Sequence[Mapping[str, Any]] | None = None


Unseen = Callable[[str, Sequence[UUID]], Awaitable[Collection[UUID]]]


async def _seeing_all(table: str, ids: Sequence[UUID]) -> Collection[UUID]:
    return ()


class Transaction:
    """What a command changes the database with. A violated constraint ends it; see `services.errors.Rule`.

    `shown` gathers the members whose contact data leaves with the answer; `unseen` says which of a table's rows whoever
    asks may not read, none where nobody does. `beyond` says likewise which of them a command does
    not change beside what it is of: those the one grant it is done by does not read.
    """

    def __init__(self, connection: asyncpg.Connection, shown: list[UUID] | None = None) -> None:
        self.connection = connection
        self.shown: list[UUID] = [] if shown is None else shown
        self.unseen: Unseen = _seeing_all
        self.beyond: Unseen = _seeing_all

    async def rows(self, statement: Executable) -> list[Record]:
        """The rows a statement gives."""
        sql, values = compiled(statement)
        return [dict(row) for row in await self.connection.fetch(sql, *values)]

    async def row(self, statement: Executable) -> Record | None:
        """Its first row."""
        found = await self.rows(statement)
        return found[0] if found else None

    async def value(self, statement: Executable) -> Any:
        """The first column of its first row; None where there is none."""
        found = await self.row(statement)
        return next(iter(found.values())) if found else None

    async def insert(self, table: Table, **values: Any) -> UUID:
        """Add a row; its new id."""
        made = uuid4()
        await self.rows(insert(table).values(id=made, **values))
        return made

    async def update(self, table: Table, row: UUID, **values: Any) -> UUID:
        """Change a row, and count the change in its version; its id."""
        await self.rows(update(table).where(table.c.id == row).values(version=table.c.version + 1, **values))
        return row

    async def insert_all(self, table: Table, rows: Sequence[Record]) -> None:
        """Add rows, each with its id, in one statement however many; null where one has no value."""
        if rows:
            given = _listed(table, rows)
            await self.rows(insert(table).from_select(list(given.c.keys()), select(*given.c)))

    async def update_all(self, table: Table, rows: Sequence[Record]) -> None:
        """Change rows, named by their ids, all in the same columns, likewise.

        Counts the change in their versions, where they have one.
        """
        if rows:
            given = _listed(table, rows)
            values = {name: value for name, value in given.c.items() if name != "id"}
            await self.rows(update(table).where(table.c.id == given.c.id).values({**values, **counted(table)}))

    async def today(self) -> date:
        """The day it is in the database's session."""
        day: date = await self.value(select(today()))
        return day


def _listed(table: Table, rows: Sequence[Record]) -> TableValuedAlias:
    """Rows of a table, of the columns the first one has, as one parameter."""
    columns = [column(name, table.c[name].type) for name in rows[0]]
    told = [
        {name: str(value) if isinstance(value, UUID | date) else value for name, value in row.items()} for row in rows
    ]
    return (
        func.jsonb_to_recordset(literal(told, JSONB))
        .table_valued(*columns)
        .render_derived(name="given", with_types=True)
    )


def compiled(statement: Executable) -> tuple[str, list[Any]]:
    """The text of a statement and the values of its parameters, for asyncpg.

    What was compiled once is kept, as SQLAlchemy's own engine keeps it: by everything of the statement but its values.
    """
    made, own, told, _ = statement._compile_w_cache(DIALECT, compiled_cache=_KNOWN, column_keys=[])
    assert isinstance(made, SQLCompiler)
    given = made.construct_params(extracted_parameters=own, escape_names=False, _collected_params=told)
    whole = made._process_parameters_for_postcompile(given)  # lists become parameters one by one
    values = {**given, **whole.parameters}
    processors = {**made._bind_processors, **whole.processors}
    return whole.statement, [_processed(values[name], processors.get(name)) for name in whole.positiontup or ()]


def _processed(value: Any, processor: Any) -> Any:
    return processor(value) if processor else value
