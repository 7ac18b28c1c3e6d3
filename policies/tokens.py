"""Issuing tokens: an account, a role granted at a seat, and a token that is shown once."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg

from policies.actor import LEVELS, SEATS, make_token
from services.codes import canonical
from services.errors import bad_input

LONGEST = 366  # days


@dataclass(frozen=True, slots=True)
class Seat:
    """What `issue` grants: a role at a unit's code, a company's credit code, or the global id of what it sits at."""

    name: str
    role: str
    at: str


KINDS = ("unit", "company", "building", "member")
TAGS = {"ou": "unit", "co": "company", "bd": "building", "mb": "member"}  # how global ids begin
BY_ID = {
    "unit": "SELECT level, path AS at FROM org_unit WHERE id = $1",
    "company": "SELECT id AS at FROM property_company WHERE id = $1",
    "building": "SELECT id AS at FROM building WHERE id = $1",
    "member": "SELECT id AS at FROM member WHERE id = $1",
}


async def issue(connection: asyncpg.Connection, seat: Seat, days: int) -> str:
    """A new account with one grant and one token; the token's text, which is stored nowhere.

    Raises Refused BAD_USER_INPUT for a role that does not exist or cannot sit there, a seat there is not, or a term
    that is not of 1 to 366 days.
    """
    if not 1 <= days <= LONGEST:
        raise bad_input(f"有效期须为 1 至 {LONGEST} 天。", f"A token is valid for 1 to {LONGEST} days.")
    kind, at = await _seat(connection, seat)
    credential, text, digest = make_token()
    until = datetime.now(UTC) + timedelta(days=days)
    account = uuid4()
    async with connection.transaction():
        await connection.execute("INSERT INTO account (id, name) VALUES ($1, $2)", account, seat.name)
        await connection.execute(
            "INSERT INTO role_grant (id, account_id, role, unit_path, company_id, building_id, member_id)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            *(uuid4(), account, seat.role, *(at if kind == each else None for each in KINDS)),
        )
        await connection.execute(
            "INSERT INTO credential (id, account_id, secret_sha256, expires_at) VALUES ($1, $2, $3, $4)",
            *(credential, account, digest, until),
        )
    return text


async def _seat(connection: asyncpg.Connection, seat: Seat) -> tuple[str, object]:
    """The kind of seat and what a grant holds of it: the unit's path, or an id."""
    if seat.role not in SEATS:
        known = ", ".join(SEATS)
        raise bad_input(
            f"没有角色 {seat.role}；可用：{known}。", f"There is no role {seat.role}; the roles are {known}."
        )
    tag, _, rest = seat.at.partition("_")
    if tag in TAGS and rest:
        kind, found = TAGS[tag], await _by_id(connection, TAGS[tag], rest)
    elif "company" in SEATS[seat.role]:
        kind, found = "company", await _by_credit_code(connection, seat.at)
    else:
        kind = "unit"
        found = await connection.fetchrow("SELECT level, path AS at FROM org_unit WHERE code = $1", canonical(seat.at))
    if found is None:
        raise bad_input(f"没有 {seat.at}。", f"There is no {seat.at}.")
    _sits(seat, kind, found)
    return kind, found["at"]


async def _by_id(connection: asyncpg.Connection, kind: str, text: str) -> asyncpg.Record | None:
    try:
        return await connection.fetchrow(BY_ID[kind], UUID(text))
    except ValueError:
        return None


async def _by_credit_code(connection: asyncpg.Connection, code: str) -> asyncpg.Record | None:
    found = await connection.fetch("SELECT id AS at FROM property_company WHERE credit_code = $1", code.upper())
    if len(found) > 1:  # codes are unique in a county only
        raise bad_input(
            f"有多家公司使用信用代码 {code}，请改用全局标识。",
            f"Several companies have the credit code {code}; use the global id.",
        )
    return found[0] if found else None


def _sits(seat: Seat, kind: str, found: asyncpg.Record) -> None:
    """BAD_USER_INPUT unless the role can sit at this kind of seat, at this level."""
    if kind not in SEATS[seat.role] or (kind == "unit" and found["level"] not in LEVELS[seat.role]):
        allowed = ", ".join(sorted(LEVELS.get(seat.role, ())) + [each for each in SEATS[seat.role] if each != "unit"])
        actual = found["level"] if kind == "unit" else kind
        raise bad_input(
            f"角色 {seat.role} 的席位可以是：{allowed}；{seat.at} 是 {actual}。",
            f"The role {seat.role} sits at {allowed}; {seat.at} is a {actual}.",
        )
