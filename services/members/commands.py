"""Members are registered, changed and reached: what is known of them is checked here."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID, uuid4

from sqlalchemy import and_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.errors import ProblemCode, rejected
from services.members import grid_commands as grids
from services.members.leaving import leave
from services.members.moving import Move, go
from services.members.restricting import refuse_restricted
from services.members.tables import Standing
from services.members.tables import members as table
from services.names import fold
from services.organization.paths import at_or_beneath
from services.storage.closing import only_open, past
from services.storage.correcting import DAY
from services.storage.tables import BYTEWISE
from services.storage.transaction import Outcome, Record, Transaction
from services.storage.validation import Amiss, names, nth, valid

# What may be left out of a registration. Rows that are added together have the same columns.
LEFT_OUT = ("employer", "home", "party_organization", "phone", "address")
# Beside the phone, what tells two members of a name apart.
TELLING = ("standing", "employer", "address", "home", "party_organization")
COLUMNS = ("standing", "employer", "address", "home_path", "organization_id")  # in which these are kept
PHONE = re.compile(r"\+?[0-9][0-9 -]{4,18}[0-9]", re.ASCII)


class Contact(TypedDict, total=False):
    """How to reach a member."""

    phone: str | None
    address: str | None


class Registration(TypedDict, total=False):
    """What is known of a member beside name and standing."""

    employer: str | None
    home: Record | None
    party_organization: Record | None


class MemberChanges(Registration, total=False):
    """What an update may change of a member; `unit` is where they report to from now on."""

    name: str | None
    standing: Standing | None
    unit: Record | None
    left_on: date | None


class FullRegistration(Registration, Contact, total=False):
    """What is known of a member beside name and standing, contact data included."""


async def register(
    tx: Transaction, *, unit: Record, name: str, standing: Standing, **more: Unpack[FullRegistration]
) -> UUID:
    """Record a member who reports to a unit; its id."""
    values = _valid({"unit": unit, "name": name, "standing": standing, **more})
    return await tx.insert(table, **values)


async def register_all(tx: Transaction, *, unit: Record, members: Sequence[Mapping[str, Any]]) -> Outcome:
    """Record members who report to a unit, all or none; which row became whom. Rejected with all that is amiss.

    A list that is sent twice finds each of them there already.
    """
    there = await _registered(tx, unit, [given.get("name") for given in members])
    made = await asyncio.to_thread(_rows, unit, members, there)  # to read 500 names takes a quarter of a second
    await tx.insert_all(table, made)
    return Outcome(unit["id"], [{"row": n, "kind": table.name, "id": row["id"]} for n, row in enumerate(made)])


async def _registered(tx: Transaction, unit: Record, names: Sequence[str | None]) -> dict[str, list[Record]]:
    """Who is there of these names in a unit or below, by name. Its row is locked: no other list comes meanwhile."""
    of = table.c
    within = and_(at_or_beneath(of.unit_path, literal(unit["path"], BYTEWISE)), of.left_on.is_(None))
    # Joined, not compared with each: five hundred names, and thirty thousand members.
    folded = func.unnest(literal([fold(name) for name in names if name], ARRAY(BYTEWISE))).column_valued()
    there: dict[str, list[Record]] = {}
    for row in await tx.rows(select(table).where(within, of.folded.in_(select(folded)))):
        # How to reach somebody tells nobody apart while that is restricted.
        hidden = {"phone": None, "address": None} if row["restricted_on"] is not None else {}
        there.setdefault(row["name"], []).append({**row, **hidden})
    return there


def _rows(
    unit: Record, members: Sequence[Mapping[str, Any]], there: Mapping[str, Sequence[Record]]
) -> list[dict[str, Any]]:
    amiss = Amiss()
    if not members:
        amiss.tell(ProblemCode.INCOMPLETE, "members", "至少填写一行。", "Give one row at least.")
    made: list[dict[str, Any]] = []
    for number, given in enumerate(members):
        with amiss.within(f"members.{number}"):
            row = {"id": uuid4(), **_valid({"unit": unit, **dict.fromkeys(LEFT_OUT), **given})}
            if any(_nobody_else(_kept(other), _kept(row)) for other in there.get(row["name"], ())):
                zh = "本单元或其下级似已登记此人：如为两人，请以电话、单位等区分。"
                en = "This person seems to be registered in the unit or below already: tell two apart by a phone, say."
                raise rejected(ProblemCode.TAKEN, "name", zh, en)
            made.append(row)
    _nobody_twice(amiss, members)
    amiss.check()
    return made


def _nobody_twice(amiss: Amiss, members: Sequence[Mapping[str, Any]]) -> None:
    """Tell of every row that seems to be about whom an earlier one is about, whatever else is amiss with either."""
    named: dict[str, list[tuple[int, Sequence[Any]]]] = {}
    for number, name in names(members).items():
        known = _known(members[number])
        earlier = named.setdefault(name, [])
        if (twin := next((n for n, other in earlier if _nobody_else(other, known)), None)) is None:
            earlier.append((number, known))
        else:
            zh, en = nth("members", twin)
            zh = f"与{zh}似为同一人：如为两人，请以电话、单位等区分。"
            en = f"This seems to be whom {en} is about: tell two apart by a phone, say."
            amiss.tell(ProblemCode.TAKEN, f"members.{number}.name", zh, en)


def _known(given: Mapping[str, Any]) -> Sequence[Any]:
    """What a row tells of somebody, to be compared; None for what it does not, or is not the caller's to name."""
    return [*(_compared(given.get(name)) for name in TELLING), _digits(given.get("phone"))]


def _kept(row: Record) -> Sequence[Any]:
    """The same of a row as it is kept."""
    return [*(row[name] for name in COLUMNS), _digits(row["phone"])]


def _digits(phone: str | None) -> str | None:
    return phone and "".join(filter(str.isdecimal, phone))


def _compared(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    return value.get("id") if isinstance(value, Mapping) else value


def _nobody_else(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether nothing that is known of both tells two of a name apart."""
    return all(a is None or b is None or a == b for a, b in zip(one, other, strict=True))


async def update(tx: Transaction, *, member: Record, **changes: Unpack[MemberChanges]) -> Outcome:
    """Change what is given, contact data aside; its id, and what ends by it.

    Rejected for another unit while the member is in a grid, and with all that keeps one who leaves; who leaves is in no
    grid from then on.
    """
    refuse_restricted(member)
    amiss, values = Amiss(), dict[str, Any]()
    last = {"left_on": changes.pop("left_on")} if "left_on" in changes else {}
    with amiss.within():
        values = _valid(changes)
    if unit := changes.get("unit"):
        with amiss.within():
            await grids.only_elsewhere(tx, member, unit)
    for field, day in last.items():
        with amiss.within():
            if day is not None:
                await leave(tx, member, await past(tx, field, day), field)
    amiss.check()
    made = await tx.update(table, member["id"], **values, **last)
    moves = {made: Move(unit["path"], await tx.today() - DAY)} if unit and unit["path"] != member["unit_path"] else {}
    return Outcome(made, await go(tx, moves))


async def contact(tx: Transaction, *, member: Record, **changes: Unpack[Contact]) -> UUID:
    """Change phone and address; the member's id."""
    return await tx.update(table, member["id"], **_valid(changes))


def _valid(given: Mapping[str, Any]) -> dict[str, Any]:
    """The values as columns; Rejected for all that is amiss with them."""
    values: dict[str, Any] = {}
    amiss = Amiss()
    for name, value in given.items():
        with amiss.within():
            values |= _columns(name, value)
    amiss.check()
    return values


def _columns(name: str, value: Any) -> dict[str, Any]:
    """One value as columns: the units and the organization named become their keys."""
    if name == "unit":
        if value is None:
            raise rejected(ProblemCode.INVALID, "unit", "不能为空。", "This must not be empty.")
        return {"unit_path": value["path"]}
    if name == "home":
        return {"home_path": value and value["path"]}
    if name == "party_organization":
        only_open(party_organization=value)
        return {"organization_id": value and value["id"]}
    if name == "phone" and value is not None and not PHONE.fullmatch(value.strip()):
        zh, en = (
            "电话号码有误：数字、空格与连字符，6 至 20 位。",
            "A phone number is 6 to 20 digits, spaces and hyphens.",
        )
        raise rejected(ProblemCode.INVALID, "phone", zh, en)
    return valid(table, {name: value})
