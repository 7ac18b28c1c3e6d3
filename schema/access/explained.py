"""Access explained: who may do something to a row, and through which grant, role, seat, rule and way; or what lacks."""

from datetime import datetime

from sqlalchemy import ARRAY, ColumnElement, Text, func, literal_column

from schema.access.accounts import GRANT_WAYS, Account, Grant
from schema.kit.entities import column, entity, facet, one
from schema.kit.explaining import (
    AccessWay,
    Missing,
    Part,
    explained,
)
from schema.kit.expressions import Row
from services.access.seats import account_name, lies_at, seats
from services.access.tables import grants, seat_name, seat_path
from services.organization.paths import place


def _name(seat: Row) -> ColumnElement[str]:
    return func.coalesce(seat_name(seat), account_name(seat.account_id), type_=Text())


@entity(seats, policy="access", sort=lambda seat: (account_name(seat.account_id), seat.since, seat.id))
class Access:
    """准许：某账号凭一项授权可以做某事 / That an account may do it, through one grant: its role, seat and rule."""

    account_name: str = column(
        "账号名称 / The account's name.", lambda seat: account_name(seat.account_id), brings="Account"
    )
    account: Account | None = one(
        lambda seat, account: account.id == seat.account_id,
        "账号，不可见则为空 / The account; null where not yours to see.",
    )
    grant: Grant | None = one(
        lambda seat, grant: grant.id == seat.id,
        "授权（由谁、为何授予），不可见或仅凭本人身份则为空 / The grant, by whom and why; null where hidden, or none.",
    )
    role: str = column("角色；everyone 指账号本人 / The role; `everyone` is what each account is to itself.")
    seat_name: str = column("席位名称 / The name of the unit, company, building or member of the seat.", _name)
    place: list[str] = column(
        "席位所在地，自县级起 / The names from the county down to the seat.",
        lambda seat: func.coalesce(place(lies_at(seat)), literal_column("'{}'"), type_=ARRAY(Text())),
    )
    since: datetime = column("生效时间 / When it begins.")
    until: datetime | None = column("失效时间，长期有效为空 / When it ends; null if it does not.")
    rule: str = explained(
        Part.RULE, "policies/roles.csv 中准许它的一行 / The line of policies/roles.csv that allows it."
    )
    inherits: list[str] = explained(
        Part.INHERITS, "自所授角色至该行角色的继承 / The roles from the one granted down to that of the rule."
    )
    by: list[AccessWay] = explained(Part.WAYS, "该对象如何归于席位 / By which ways the object answers to the seat.")


@entity(grants, policy="grant", ways=GRANT_WAYS, sort=lambda grant: (grant.since, grant.id))
class Miss:
    """未及：某账号的一项授权为何不能使其做某事 / A grant through which an account may not do it, and what it lacks."""

    account_name: str = column(
        "账号名称 / The account's name.", lambda grant: account_name(grant.account_id), brings="Account"
    )
    grant: Grant = facet("授权 / The grant.", required=True)
    role: str = column("角色 / The role.")
    seat_name: str = column("席位名称 / The name of the unit, company, building or member of the seat.", seat_name)
    place: list[str] = column(
        "席位所在地，自县级起 / The names from the county down to the seat.", lambda grant: place(seat_path(grant))
    )
    since: datetime = column("生效时间 / When it begins.")
    until: datetime | None = column("失效时间，长期有效为空 / When it ends; null if it does not.")
    revoked_at: datetime | None = column("撤销时间 / When it was revoked.")
    missing: list[Missing] = explained(Part.MISSING, "所缺 / What it lacks.")
    rules: list[str] = explained(
        Part.RULES,
        "policies/roles.csv 中准许该角色的一行；角色无此权限时，为准许其他角色的各行 / "
        "The line of policies/roles.csv that allows it to the role; where none does, those that allow it to others.",
    )
