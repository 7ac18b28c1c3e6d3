"""Accounts, and what was granted to them: listed for those who administer them, and for each caller their own.

Long because accounts and grants lead to one another, and each is told in more than one form.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, DateTime, Text, and_, case, literal_column

from policies.delegation import Role
from policies.scope import Way
from schema.access.seated import SEATED, words
from schema.kit.entities import (
    Connection,
    Edge,
    column,
    connection,
    edge_to,
    either,
    entity,
    facet,
    many,
    one,
    where,
)
from schema.kit.explaining import permitted
from schema.kit.expressions import Join, Row, Ways
from schema.kit.numbers import grouped, measure
from schema.kit.texts import CHANGES, HOW_MANY, IS_CLOSED, NAME, NAME_CONTAINS, VERSION
from schema.kit.words import among, folded_contains, known_day, over
from schema.members.members import Member
from schema.organization.units import OrgUnit
from services.access.granting import last_moment
from services.access.seat_kinds import BY_NAME
from services.access.tables import (
    AccountKind,
    accounts,
    grants,
    in_force,
    seat_name,
    seat_path,
    unit_of,
)
from services.organization.paths import place
from services.properties.tables import name_in

OFFICIAL = ("Account", "Member")  # the name of an account that decided something is a person's
GRANT_WAYS: Ways = {Way.WITHIN: seat_path, Way.ACCOUNT: lambda grant: grant.account_id}
HELD_BY = "账号数 / By how many accounts they are held."
IN_FORCE = "是否现行有效 / Whether it holds now."


def _seated(name: str) -> Edge:
    kind = BY_NAME[name]
    held: Join = lambda grant, at: at[kind.key] == grant[kind.column]  # noqa: E731
    return edge_to(SEATED[name].entity, one(held, "席位 / The seat."))


def _seat_type(grant: Row) -> ColumnElement[str]:
    """The name of the type of what a grant is seated at: a class's, so that nothing in it is anybody's to choose."""
    named = ((name, literal_column(f"'{of.entity.__name__}'", Text())) for name, of in SEATED.items())
    return case(*((grant[BY_NAME[name].column].is_not(None), type_) for name, type_ in named))


class GrantFilter:
    """筛选授权，各项须同时满足 / Which grants: every condition given must hold."""

    role: list[Role] = among(grants.c.role, "角色 / Of one of these roles.")
    in_force: bool = where(
        lambda grant, given: in_force(grant) == given["in_force"], IN_FORCE, in_force=(Boolean(), lambda value: value)
    )
    ends_by: date = where(
        lambda grant, given: grant.until <= given["moment"],
        "至某日届满 / It has an end, on this day or before.",
        moment=(DateTime(timezone=True), lambda day: last_moment(known_day(day))),
    )


class RoleCount:
    """一种角色的授权数 / The grants of one role."""

    role: str = column("角色 / The role.")
    count: int = measure(HOW_MANY)
    accounts: int = measure(HELD_BY, distinct=lambda grant: grant.account_id)


class GrantTotals:
    """授权合计 / What grants come to."""

    count: int = measure(HOW_MANY)
    accounts: int = measure(HELD_BY, distinct=lambda grant: grant.account_id)
    by_role: list[RoleCount] = grouped(RoleCount, "按角色 / By role.")


@entity(
    grants,
    policy="grant",
    tag="gr",
    ways=GRANT_WAYS,
    sort=lambda grant: (grant.since,),
    ties=lambda grant: (grant.since,),
    filter=GrantFilter,
    orders={
        "SINCE": lambda grant: (grant.since,),
        "UNTIL": lambda grant: (grant.until,),
        "PLACE": lambda grant: (seat_path(grant),),
    },
    totals=GrantTotals,
)
class Grant:
    """授权：在某一席位上的角色 / A grant: a role at a seat, for a time."""

    seat_name: str = column("席位名称 / The name of the unit, company, building or member of the seat.", seat_name)
    seat_type: str = column(
        "席位的类型名，`seat` 为空时亦有 / The type of what it is seated at, by its name; there where `seat` is null.",
        _seat_type,
    )
    role: str = column("角色，见 policies/roles.csv / The role, as policies/roles.csv names it.")
    place: list[str] = column(
        "席位所在地，自县级起 / Where the seat lies, the names from the county down.",
        lambda grant: place(seat_path(grant)),
    )
    account_name: str = column(
        "账号名称 / The name of the account.", lambda grant: name_in(accounts, grant.account_id), brings="Account"
    )
    since: datetime = column("生效时间 / When it begins.")
    until: datetime | None = column("失效时间，长期有效为空 / When it ends; null if it does not.")
    reason: str | None = column("授权原因 / Why it was granted.")
    granted_by_name: str | None = column(
        "授权人 / The name of the account that granted it; null for what was granted from the command line.",
        lambda grant: name_in(accounts, grant.granted_by),
        brings=OFFICIAL,
    )
    granted_by_place: list[str] | None = column(
        "授权人账号所在地，自县级起 / Where the account that granted it belongs, the names from the county down.",
        lambda grant: place(unit_of(grant.granted_by)),
    )
    revoked_at: datetime | None = column("撤销时间 / When it was revoked.")
    revoked_by_name: str | None = column(
        "撤销人 / The name of the account that revoked it.",
        lambda grant: name_in(accounts, grant.revoked_by),
        brings=OFFICIAL,
    )
    revoked_for: str | None = column("撤销原因 / Why it was revoked.")
    in_force: bool = column(IN_FORCE, in_force)
    version: int = column(CHANGES)
    account: "Account | None" = one(lambda grant, account: account.id == grant.account_id, "账号 / The account.")
    seat: Any = either(
        "Seat",
        "席位：{}，不可见则为空 / What it is seated at: {}; null if hidden.".format(*words()),
        [_seated(name) for name in SEATED],
    )
    depends_on: "Grant | None" = one(
        lambda grant, other: other.id == grant.under_id, "所依据的授权 / The grant it rests on."
    )
    dependents: "Connection[Grant]" = connection(
        lambda grant, other: other.under_id == grant.id, "以此为依据的授权 / The grants that rest on it."
    )


@entity(
    grants,
    policy="grant.above",
    ways={Way.WITHIN: lambda grant: grant.unit_path, Way.ABOVE: lambda grant: grant.unit_path},
    sort=lambda grant: (grant.unit_path, grant.role),
)
class GrantAbove:
    """上级单元的授权：只告知角色与席位 / That somebody above holds a role: which role, at which unit, and not who."""

    role: str = column("角色 / The role.")
    seat_name: str = column("席位名称 / The name of the unit.", seat_name)


@entity(
    accounts,
    policy="account.sign_in",
    ways={Way.WITHIN: lambda account: account.unit_path, Way.ACCOUNT: lambda account: account.id},
    sort=lambda account: (account.id,),
)
class AccountSignIn:
    """账号的登录名与密码状态 / What an account signs in by, and how it stands with its password."""

    login: str | None = column("登录名，不能登录为空 / The login; null for an account nobody signs in as.")
    password_temporary: bool = column("密码是否待本人修改 / Whether the password is one to be changed by its owner.")
    password_reset_for: str | None = column(
        "管理员重置密码的原因，本人修改后为空 / Why an administrator reset it; null once its owner changed it."
    )


class AccountFilter:
    """筛选账号，各项须同时满足 / Which accounts: every condition given must hold."""

    kind: list[AccountKind] = among(accounts.c.kind, "类别 / Of one of these kinds.")
    name_contains: str = folded_contains(NAME_CONTAINS)
    closed: bool = over("closed_at", IS_CLOSED)


class AccountBy:
    """指定账号的方式 / How to name one account."""


class AccountTotals:
    """账号合计 / What accounts come to."""

    count: int = measure(HOW_MANY)
    programs: int = measure(
        "其中程序的 / Of them, programs'.", where=lambda account: account.kind == AccountKind.PROGRAM.name
    )


@entity(
    accounts,
    policy="account",
    tag="ac",
    ways={Way.WITHIN: lambda account: account.unit_path, Way.ACCOUNT: lambda account: account.id},
    sort=lambda account: (account.unit_path,),
    ties=lambda account: (account.created_at,),
    filter=AccountFilter,
    orders={
        "PLACE": lambda account: (account.unit_path,),
        "CREATED_AT": lambda account: (account.created_at,),
    },
    totals=AccountTotals,
)
class Account:
    """账号：人员或程序 / An account: a person's, or a program's."""

    kind: AccountKind = column("类别 / Whether it is a person's or a program's.")
    name: str = column(NAME)
    place: list[str] | None = column(
        "归属地，自县级起；未定为空 / Where its home unit lies, the names from the county down; null if it has none.",
        lambda account: place(account.unit_path),
    )
    created_at: datetime = column("建立时间 / When it was made.")
    closed_at: datetime | None = column("停用时间 / When it was closed.")
    version: int = column(VERSION)
    sign_in: "AccountSignIn | None" = facet("登录名，无权则为空 / What it signs in by; null where that is not yours.")
    unit: "OrgUnit | None" = one(
        lambda account, unit: unit.path == account.unit_path, "归属单元 / Its home unit, which looks after it."
    )
    member: "Member | None" = one(
        lambda account, member: member.id == account.member_id, "所属党员 / The member it is."
    )
    grants: "Connection[Grant]" = connection(
        lambda account, grant: grant.account_id == account.id,
        "授权，含已失效者 / Its grants, those over included.",
        alike=(Way.ACCOUNT,),
        elsewhere=True,
    )


@entity(accounts, policy="account", ways={Way.ACCOUNT: lambda account: account.id}, sort=lambda account: (account.id,))
class Viewer:
    """当前账号 / The account that is asking."""

    name: str = column(NAME)
    account: "Account" = facet("账号 / The account itself.", required=True)
    member: "Member | None" = one(
        lambda account, member: member.id == account.member_id, "本人党员信息 / The member it is, if you may see it."
    )
    grants: "list[Grant]" = many(
        lambda account, grant: and_(grant.account_id == account.id, in_force(grant)),
        "现行授权 / The grants in force now.",
        sort=lambda grant: (grant.since, grant.id),
        rows=10,
    )
    can: bool = permitted(
        "能否对某对象进行某操作，含其现状是否允许"
        " / Whether it has a right on an object, and its state allows it; false for what it cannot see."
    )
