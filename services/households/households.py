"""Households are recorded, one by one or by a list, changed and closed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.errors import ProblemCode, rejected
from services.households.tables import RULES, contacts
from services.households.tables import households as table
from services.organization.tables import OrgLevel
from services.storage.closing import end_running, lately, only_open
from services.storage.tables import BYTEWISE
from services.storage.transaction import Outcome, Record, Transaction
from services.storage.validation import Amiss, names, twins, valid

NAMED = "household_unit_path_folded_key"
HOUSEHOLDS = "households"
LEVELS = (OrgLevel.COMMUNITY, OrgLevel.GRID)
Rows = Sequence[Mapping[str, Any]]


class Said(TypedDict, total=False):
    """What an update may change."""

    name: str | None
    residents: int | None


async def create(tx: Transaction, *, unit: Record, name: str, residents: int | None = None) -> UUID:
    """Record a household of a grid or a community; its id. Rejected elsewhere, and for a name that another one has."""
    _lies_low(unit)
    return await tx.insert(table, unit_path=unit["path"], **valid(table, {"name": name, "residents": residents or 0}))


async def record_all(tx: Transaction, *, unit: Record, households: Rows) -> Outcome:
    """Record the households of a unit that people bring as a list, all or none; which row became which.

    Rejected with every problem of every row: a list that is sent twice finds each name TAKEN.
    """
    made = await _checked(tx, unit, households)
    try:
        async with tx.connection.transaction():
            await tx.insert_all(table, made)
    except asyncpg.UniqueViolationError:  # somebody has taken a name meanwhile: whose it was is told all the same
        await _checked(tx, unit, households)
        raise
    return Outcome(unit["id"], [{"row": n, "kind": table.name, "id": row["id"]} for n, row in enumerate(made)])


async def _checked(tx: Transaction, unit: Record, households: Rows) -> Sequence[Record]:
    """What becomes of each row; Rejected with every problem of every row."""
    _lies_low(unit)
    amiss = Amiss()
    if not households:
        amiss.tell(ProblemCode.INCOMPLETE, HOUSEHOLDS, "至少填写一行。", "Give one row at least.")
    made: list[Record] = []
    for number, given in enumerate(households):
        with amiss.within(f"{HOUSEHOLDS}.{number}"):
            said = valid(table, {"name": given["name"], "residents": given.get("residents") or 0})
            made.append({"id": uuid4(), "unit_path": unit["path"], **said})
    await _names_of_their_own(tx, amiss, unit, names(households))
    amiss.check()
    return made


async def _names_of_their_own(tx: Transaction, amiss: Amiss, unit: Record, named: Mapping[int, str]) -> None:
    """Tell of every name that another household of the unit has, or an earlier row."""
    one_of = any_(literal([*named.values()], ARRAY(BYTEWISE)))
    found = select(table.c.folded).where(table.c.unit_path == unit["path"], table.c.folded == one_of)
    taken = {row["folded"] for row in await tx.rows(found)}
    for number, name in named.items():
        if name in taken:
            amiss.tell(ProblemCode.TAKEN, f"{HOUSEHOLDS}.{number}.name", RULES[NAMED].zh, RULES[NAMED].en)
    amiss.add(twins(HOUSEHOLDS, {number: name for number, name in named.items() if name not in taken}))


async def update(tx: Transaction, *, household: Record, **changes: Unpack[Said]) -> UUID:
    """Change what is given of an open household; its id."""
    only_open(household=household)
    return await tx.update(table, household["id"], **valid(table, changes))


async def close(tx: Transaction, *, household: Record, on: date) -> UUID:
    """Close a household on a day that has come, from which on nobody keeps contact with it; its id."""
    only_open(household=household)
    await lately(tx, "on", on)
    await end_running(tx, contacts, on, contacts.c.household_id == household["id"])
    return await tx.update(table, household["id"], closed_on=on)


def _lies_low(unit: Record) -> None:
    if unit["level"] not in LEVELS:
        zh, en = "住户须属于网格或村、社区。", "A household lies in a grid or a community."
        raise rejected(ProblemCode.INVALID, "unit", zh, en)
