"""The demo's accounts at home in their units, and their grants in a chain: who would have granted whom.

So that a revocation and its cascade can be played: county, town, community, and those the community appoints.
"""

from collections.abc import Sequence

import asyncpg

# By the beginnings of account names: who is granted, and by whom.
CHAIN = (
    ("演示·乡镇管理员", "演示·县级管理员"),
    ("演示·社区管理员", "演示·乡镇管理员"),
    ("演示·物业企业党支部书记", "演示·县级管理员"),
    ("演示·审计", "演示·县级管理员"),
    ("演示·合作单位", "演示·乡镇管理员"),
    ("演示·党员楼长", "演示·社区管理员"),
    ("演示·在职党员", "演示·社区管理员"),
)

HOMES = """
    UPDATE account SET unit_path = coalesce(
        held.unit_path,
        (SELECT unit_path FROM property_company WHERE id = held.company_id),
        (SELECT unit_path FROM building WHERE id = held.building_id),
        (SELECT unit_path FROM member WHERE id = held.member_id),
        (SELECT unit_path FROM department WHERE id = held.department_id))
    FROM role_grant held
    WHERE held.account_id = account.id AND held.revoked_at IS NULL
      AND account.name = ANY ($1) AND account.unit_path IS NULL
"""
LINKS = """
    UPDATE role_grant SET under_id = above.id, granted_by = above.account_id, reason = '演示'
    FROM unnest($1::text[], $2::text[]) AS link (below, over), account, role_grant above
    JOIN account granter ON granter.id = above.account_id
    WHERE account.id = role_grant.account_id AND role_grant.under_id IS NULL AND role_grant.revoked_at IS NULL
      AND above.revoked_at IS NULL AND starts_with(account.name, link.below) AND starts_with(granter.name, link.over)
      AND account.name = ANY ($3) AND granter.name = ANY ($3)
"""


async def settle(connection: asyncpg.Connection, names: Sequence[str]) -> None:
    """Give the demo's accounts, by name, homes and their grants what they rest on, where they have none."""
    async with connection.transaction():
        await connection.execute(HOMES, names)
        below, over = zip(*CHAIN, strict=True)
        await connection.execute(LINKS, below, over, names)
