"""Issuing tokens: an account, a role granted at a seat, and a token that is shown once."""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg

from policies.actor import SEATS, Authenticator, make_token
from policies.decide import roles
from services.codes import canonical
from services.database import Reader
from services.errors import Refused, bad_input

LONGEST = 366  # days


@dataclass(frozen=True, slots=True)
class Seat:
    """What `issue` grants: a role at a unit, by the unit's code."""

    name: str
    role: str
    at: str


DEMO = (
    Seat("演示·县级管理员 county admin, 惠安县", "county_admin", "350521"),
    Seat("演示·乡镇管理员 town admin, 螺城镇", "town_admin", "350521100"),
    Seat("演示·社区管理员 community admin, 北关社区", "community_admin", "350521100001"),
)


async def issue(connection: asyncpg.Connection, seat: Seat, days: int) -> str:
    """A new account with one grant and one token; the token's text, which is stored nowhere.

    Raises Refused BAD_USER_INPUT for a role that does not exist or cannot sit there, a unit there is not, or a term
    that is not of 1 to 366 days.
    """
    if not 1 <= days <= LONGEST:
        raise bad_input(f"有效期须为 1 至 {LONGEST} 天。", f"A token is valid for 1 to {LONGEST} days.")
    path = await _seat_path(connection, seat)
    token_id, text, digest = make_token()
    until = datetime.now(UTC) + timedelta(days=days)
    account = uuid4()
    async with connection.transaction():
        await connection.execute("INSERT INTO account (id, name) VALUES ($1, $2)", account, seat.name)
        await connection.execute(
            "INSERT INTO role_grant (id, account_id, role, unit_path) VALUES ($1, $2, $3, $4)",
            *(uuid4(), account, seat.role, path),
        )
        await connection.execute(
            "INSERT INTO access_token (id, account_id, secret_sha256, expires_at) VALUES ($1, $2, $3, $4)",
            *(token_id, account, digest, until),
        )
    return text


async def _seat_path(connection: asyncpg.Connection, seat: Seat) -> str:
    if seat.role not in roles() or seat.role == "everyone":
        known = ", ".join(role for role in roles() if role != "everyone")
        raise bad_input(
            f"没有角色 {seat.role}；可用：{known}。", f"There is no role {seat.role}; the roles are {known}."
        )
    if seat.role not in SEATS:
        raise bad_input(
            f"角色 {seat.role} 的席位是公司或楼栋，本版本尚无。",
            f"The role {seat.role} sits in a company or at a building, which this version does not have yet.",
        )
    row = await connection.fetchrow("SELECT level, path FROM org_unit WHERE code = $1", canonical(seat.at))
    if row is None:
        raise bad_input(f"没有代码为 {seat.at} 的单元。", f"There is no unit with the code {seat.at}.")
    levels, _ = SEATS[seat.role]
    if row["level"] not in levels:
        allowed = ", ".join(sorted(levels))
        raise bad_input(
            f"角色 {seat.role} 只能在这些层级：{allowed}；{seat.at} 是 {row['level']}。",
            f"The role {seat.role} sits at {allowed}; {seat.at} is a {row['level']}.",
        )
    path: str = row["path"]
    return path


async def demo_tokens(connection: asyncpg.Connection, reader: Reader, file: Path) -> list[tuple[str, str]]:
    """The demo's (name, token) pairs. Kept in `file` (0600), and issued anew when they no longer stand."""
    kept: dict[str, str] = json.loads(file.read_text()) if file.is_file() else {}
    pairs = []
    for seat in DEMO:
        token = kept.get(seat.name, "")
        if not await _stands(reader, token):
            token = await issue(connection, seat, days=30)
        pairs.append((seat.name, token))
    _write_private(file, json.dumps(dict(pairs), ensure_ascii=False, indent=1))
    return pairs


async def _stands(reader: Reader, token: str) -> bool:
    try:
        await Authenticator(reader).actor(token)
    except Refused:
        return False
    return True


def _write_private(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)
