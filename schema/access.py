"""What callers may ask about themselves: their account, and what was granted to them."""

from datetime import datetime

from sqlalchemy import and_, func, or_

from policies.scope import Way
from schema.organization import OrgUnit
from schema.pipeline.kit import Area, column, edge_to, entity, itself, many, one
from services.access import accounts, grants, seat_name


@entity(
    grants,
    policy="grant",
    tag="gr",
    ways={Way.ACCOUNT: lambda grant: grant.account_id},
    sort=lambda grant: (grant.since,),
)
class Grant:
    """授权：在某一席位上的角色 / A grant: a role at a seat, for a time."""

    seat_name: str = column("席位名称 / The name of the unit, company, building or member of the seat.", seat_name)
    role: str = column("角色，见 policies/roles.csv / The role, as policies/roles.csv names it.")
    since: datetime = column("生效时间 / When it begins.")
    until: datetime | None = column("失效时间，长期有效为空 / When it ends; null if it does not.")


@entity(
    accounts,
    policy="account",
    tag="ac",
    ways={Way.ACCOUNT: lambda account: account.id},
    sort=lambda account: (account.id,),
)
class Viewer:
    """当前账号 / The account that is asking."""

    name: str = column("名称 / Its name.")
    grants: list[Grant] = many(
        lambda account, grant: and_(
            grant.account_id == account.id,
            grant.since <= func.now(),
            or_(grant.until.is_(None), grant.until > func.now()),
        ),
        "现行授权 / The grants in force now.",
        sort=lambda grant: (grant.since, grant.id),
        rows=10,
    )


AREA = Area(
    entities=(Viewer, Grant),
    edges={
        "Grant": {
            "seat": edge_to(
                OrgUnit, one(lambda grant, unit: unit.path == grant.unit_path, "席位所在单元 / The unit of the seat.")
            )
        }
    },
    roots={"viewer": itself(Viewer, "当前账号及其授权 / The account that is asking, and its grants.")},
)
