"""Members are registered, changed and reached: what is known of them is checked here."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from services.errors import ProblemCode, rejected
from services.members.tables import Standing, members
from services.storage.closing import only_open, past
from services.storage.transaction import Record, Transaction
from services.storage.validation import valid

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
    return await tx.insert(members, **values)


async def update(tx: Transaction, *, member: Record, **changes: Unpack[MemberChanges]) -> UUID:
    """Change what is given, contact data aside; its id. The database refuses to let someone leave who is in office."""
    values = _valid(changes)
    if values.get("left_on"):
        await past(tx, "left_on", values["left_on"])
    return await tx.update(members, member["id"], **values)


async def contact(tx: Transaction, *, member: Record, **changes: Unpack[Contact]) -> UUID:
    """Change phone and address; the member's id."""
    return await tx.update(members, member["id"], **_valid(changes))


def _valid(given: Mapping[str, Any]) -> dict[str, Any]:
    """The values as columns: the units and the organization named become their keys."""
    values = dict(given)
    if "unit" in values:
        if values["unit"] is None:
            raise rejected(ProblemCode.INVALID, "unit", "不能为空。", "This must not be empty.")
        values["unit_path"] = values.pop("unit")["path"]
    if "home" in values:
        home = values.pop("home")
        values["home_path"] = home and home["path"]
    if "party_organization" in values:
        organization = values.pop("party_organization")
        only_open(party_organization=organization)
        values["organization_id"] = organization and organization["id"]
    if values.get("phone") is not None and not PHONE.fullmatch(values["phone"].strip()):
        zh, en = (
            "电话号码有误：数字、空格与连字符，6 至 20 位。",
            "A phone number is 6 to 20 digits, spaces and hyphens.",
        )
        raise rejected(ProblemCode.INVALID, "phone", zh, en)
    return valid(members, values)
