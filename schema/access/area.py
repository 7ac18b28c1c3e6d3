"""What accounts and grants add to units, members and whatever else a grant is seated at."""

from sqlalchemy import and_

from schema.access.accounts import Account, AccountBy, AccountSignIn, Grant, GrantAbove, Viewer
from schema.access.commands import COMMANDS, RULES
from schema.access.explained import Access, Miss
from schema.access.seated import SEATED
from schema.kit.entities import (
    Area,
    Edge,
    connection,
    edge_to,
    itself,
    listing,
    lookup,
    many,
    one,
)
from schema.kit.explaining import accesses, misses
from schema.kit.expressions import Join
from schema.kit.states import without
from schema.organization.under import under
from services.access.seat_kinds import BY_NAME
from services.access.tables import (
    grants as grant_table,
)
from services.access.tables import (
    in_force,
    seat_path,
)
from services.organization.paths import above, at_or_beneath


def _seated_here(name: str) -> Edge:
    kind = BY_NAME[name]
    held: Join = lambda at, grant: grant[kind.column] == at[kind.key]  # noqa: E731
    return edge_to(Grant, connection(held, "在此席位的授权 / Who is seated here."))


EDGES: dict[str, dict[str, Edge]] = {
    "OrgUnit": {
        "accounts": edge_to(
            Account,
            connection(
                lambda unit, account: at_or_beneath(account.unit_path, unit.path),
                "归属本单元及所有下级的账号 / The accounts at home in this unit or below it.",
            ),
        ),
        "grants": edge_to(
            Grant,
            connection(
                lambda unit, grant: at_or_beneath(seat_path(grant), unit.path),
                "席位在本单元及所有下级的授权 / The grants seated in this unit or below it.",
            ),
        ),
        "grants_above": edge_to(
            GrantAbove,
            many(
                lambda unit, grant: and_(above(grant.unit_path, unit.path), in_force(grant)),
                "上级单元现行授权：角色与席位 / Who is seated above this unit now: role and seat, no names.",
                sort=lambda grant: (grant.unit_path, grant.role, grant.id),
                rows=20,
            ),
        ),
    },
    "Member": {
        "account": edge_to(
            Account,
            one(
                lambda member, account: account.member_id == member.id,
                "本人账号 / The account they sign in as.",
                sort=lambda account: (account.closed_at.is_not(None), account.created_at, account.id),
            ),
        ),
    },
}
# Who is seated at what is no unit: at just that.
for _name, _at in SEATED.items():
    if not BY_NAME[_name].is_unit:
        EDGES.setdefault(_at.entity.__name__, {})["grants"] = _seated_here(_name)

AREA = Area(
    entities=(Viewer, Account, AccountSignIn, Grant, GrantAbove, Access, Miss),
    edges=EDGES,
    roots={
        "viewer": itself(Viewer, "当前账号及其授权 / The account that is asking, and its grants."),
        "account": lookup(
            Account, AccountBy, "一个账号 / One account; null if there is none or it is not yours to see."
        ),
        "accounts": listing(Account, "可见的全部账号 / Every account you may see.", under=under()),
        "grants": listing(Grant, "可见的全部授权 / Every grant you may see, those over included."),
        "who_can_see": accesses(
            Access,
            "谁可以查看（或操作）某对象；无权询问则为空 / Who may see an object, or act on it; none if you may not.",
            paged=True,
        ),
        "explain_access": accesses(
            Access,
            "某账号为何可以查看（或操作）某对象；空即不可 / Why an account may see an object, or act on it; empty: no.",
            paged=False,
        ),
        "explain_miss": misses(
            Miss,
            "某账号为何不可：最接近的授权及其所缺，近者在前；可以或无权询问则为空 / Why an account may not: "
            "the grants that come nearest, and what they lack; none if it may or you may not ask.",
            most=10,
        ),
    },
    commands=COMMANDS,
    states={"strike_out_building": without(grant_table, "building_id")},
    rules=RULES,
)
