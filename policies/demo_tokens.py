"""Tokens to play the demo with: one for each role, kept in a file only its owner can read."""

import json
import os
from pathlib import Path

import asyncpg

from policies.actor import Authenticator
from policies.demo_chain import settle
from policies.tokens import Seat, issue
from services.errors import Refused
from services.storage.database import Reader

CODES = (
    Seat("演示·县级管理员 county admin, 惠安县", "county_admin", "350521"),
    Seat("演示·乡镇管理员 town admin, 螺城镇", "town_admin", "350521100"),
    Seat("演示·社区管理员 community admin, 北关社区", "community_admin", "350521100001"),
    Seat("演示·社区走访管理员 visit keeper, 桃城社区", "visit_keeper", "350525100001"),
    Seat("演示·物业行业党委 property committee, 安溪县", "property_committee", "350524"),
    Seat("演示·物业企业党支部书记 company secretary, 惠安县", "company_secretary", "91350521MA0000001R"),
    Seat("演示·审计 auditor, 惠安县", "auditor", "350521"),
    Seat("演示·合作单位 partner, 螺城镇", "partner", "350521100"),
)

# Members have no code: who plays is found by what they do today.
CAPTAIN = """
    SELECT held.member_id FROM captain_term held JOIN building ON building.id = held.building_id
    WHERE starts_with(held.unit_path, '3505/350521/350521100/350521100001/')
      AND held.since <= current_date AND coalesce(held.until >= current_date, true)
    GROUP BY held.member_id ORDER BY count(*) DESC, min(building.name), held.member_id LIMIT 1
"""
INSTRUCTOR = """
    SELECT post.member_id FROM post JOIN member ON member.id = post.member_id
    WHERE post.kind = 'INSTRUCTOR' AND post.since <= current_date AND coalesce(post.until >= current_date, true)
    GROUP BY post.member_id, member.name ORDER BY count(*) DESC, member.name LIMIT 1
"""
MEMBER = """
    SELECT id FROM member
    WHERE starts_with(unit_path, '3505/350521/350521100/350521100001/') AND standing = 'IN_SERVICE' AND left_on IS NULL
    ORDER BY name LIMIT 1
"""
MEMBERS = (
    ("演示·党员楼长 building captain, 北关社区", "captain", CAPTAIN),
    ("演示·党建指导员 instructor, 安溪县", "instructor", INSTRUCTOR),
    ("演示·在职党员 member, 北关社区", "member", MEMBER),
)
# Nor have departments.
DEPARTMENT = "SELECT id FROM department WHERE unit_path = '3505/350525/' AND name = '住建局' AND closed_on IS NULL"
OFFICER = "演示·部门经办人 department officer, 永春县住建局"


async def demo_tokens(connection: asyncpg.Connection, reader: Reader, file: Path) -> list[tuple[str, str]]:
    """The demo's (name, token) pairs. Kept in `file` (0600), and issued anew when they no longer stand."""
    kept: dict[str, str] = json.loads(file.read_text()) if file.is_file() else {}
    pairs = []
    for seat in [*CODES, *await members(connection)]:
        token = kept.get(seat.name, "")
        if not await _stands(reader, token):
            try:
                token = await issue(connection, seat, days=30)
            except Refused:
                continue  # a database that was filled otherwise, or by an earlier version, has no such seat
        pairs.append((seat.name, token))
    await settle(connection, [name for name, _ in pairs])
    write_private(file, json.dumps(dict(pairs), ensure_ascii=False, indent=1))
    return pairs


async def members(connection: asyncpg.Connection) -> list[Seat]:
    """The seats of the demo's members and of its department's officer, as far as there are any."""
    found = [(name, role, await connection.fetchval(query)) for name, role, query in MEMBERS]
    seats = [Seat(name, role, f"mb_{member}") for name, role, member in found if member is not None]
    department = await connection.fetchval(DEPARTMENT)
    return seats if department is None else [*seats, Seat(OFFICER, "department_officer", f"dp_{department}")]


async def _stands(reader: Reader, token: str) -> bool:
    try:
        await Authenticator(reader).actor(token)
    except Refused:
        return False
    return True


def write_private(file: Path, text: str) -> None:
    """Write a file only its owner can read."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)
