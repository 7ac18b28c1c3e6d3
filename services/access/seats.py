"""Seats: every grant's, and every account's at itself, where its role is `everyone`.

A view (migration 0013), one row a seat. Exactly one of the columns that say where it is has a value. Whether a seat
counts now is said by `counts`.
"""

from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    DateTime,
    Table,
    Text,
    Uuid,
    all_,
    and_,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from services.access.seat_kinds import KINDS
from services.access.tables import AccountKind, accounts, in_force, programs
from services.storage.tables import BYTEWISE, METADATA, VIEW, aliased

seats = Table(
    "seat",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    *(Column(kind.column, kind.table.c[kind.key].type) for kind in KINDS),
    Column("oneself", Uuid),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
    Column("granted_by", Uuid),
    Column("reason", Text),
    info={VIEW: True},
)


def account_name(account: Any) -> ColumnElement[Any]:
    """The name of the account of this id, to be ordered by under every server's locale."""
    of = aliased(accounts)
    found = select(of.c.name).where(of.c.id == account).correlate_except(of).scalar_subquery()
    return cast(func.coalesce(found, literal_column("''"), type_=Text()), BYTEWISE)


def lies_at(seat: Any) -> ColumnElement[Any]:
    """The path of the unit a seat is at or lies in; NULL for oneself where the account lies nowhere."""
    own = ((accounts, "oneself"), *((kind.table, kind.column) for kind in KINDS if not kind.is_unit))
    return func.coalesce(seat.unit_path, *(_path_of(table, getattr(seat, column)) for table, column in own))


def _path_of(table: Table, row: Any) -> ColumnElement[Any]:
    of = aliased(table)
    return select(of.c.unit_path).where(of.c.id == row).correlate_except(of).scalar_subquery()


ANSWERING = ("need_survey", "answer")  # what a program may do beside reading


def counts(seat: Any, entity: str, action: str) -> ColumnElement[bool]:
    """Whether a seat counts now for a right: granted and in force, its account open and no program bound to others.

    What everyone is at themselves counts for programs too; but a program only reads, and answers for residents.
    """
    account, program = aliased(accounts), aliased(programs)
    opened = select(account.c.id).where(account.c.id == seat.account_id, account.c.closed_at.is_(None))
    if action != "read" and (entity, action) != ANSWERING:
        opened = opened.where(account.c.kind == AccountKind.PERSON)
    bound = select(program.c.account_id).where(
        program.c.account_id == seat.account_id, literal(entity) != all_(program.c.entities)
    )
    free = or_(seat.oneself.is_not(None), ~bound.correlate_except(program).exists())
    return and_(in_force(seat), opened.correlate_except(account).exists(), free)
