"""The commands on accounts and grants, each with its input; `schema.access.accounts` offers them."""

from datetime import date, datetime
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, and_, func, or_

from policies.delegation import Role
from schema.access.delegating import may_administer, may_close, may_grant, may_reset, may_revoke
from schema.access.seated import ENTITIES, words
from schema.kit.commands import belongs_to, command, given, last_day, reference, row_id, target, version
from schema.kit.expressions import Row
from schema.kit.texts import NAME
from services.access import accounts, granting, revoking
from services.access.accounts import RULES
from services.access.revoking import LISTED
from services.storage.transaction import Record

__all__ = ["CASCADE", "COMMANDS", "KEEP", "RULES", "DependentGrant"]

ACCOUNT = "账号 / The account."
LOGIN = (
    "登录名，以本县代码开头，省略则自动补上 / What it signs in by; begins with the county's code, put in front if not."
)
MEMBER = "账号所属党员 / The member it is."
WHOSE = "账号所属党员；凡属党员者应注明，导出与删除其数据时才找得到 / The member it is; by it, their data are found."
REASON = "原因 / Why."
KEEP = (
    "接管的授权：直接依赖于所撤销者，连同其下的一并保留，改以您的授权为依据 / "
    "Taken over: of those that rest directly on what is revoked; they stay, with all below, and rest on your grant."
)
CASCADE = "是否一并撤销其余依赖于它的授权 / Whether all else that rests on it is revoked as well."


class CreateAccountInput:
    """新建人员账号，尚无任何权限 / Make a person's account; it may nothing yet."""

    unit: Record = belongs_to(
        "OrgUnit", "账号归属单元，由其管理员管理 / Its home unit, whose administrators look after it."
    )
    name: str = given(NAME)
    login: str | None = given(LOGIN)
    member: Record | None = reference("Member", WHOSE, action="grant:create")


class UpdateAccountInput:
    """修改账号；其授权须均为您可授予 / Change an account that holds nothing you could not grant."""

    account: Record = target("Account", ACCOUNT)
    version: int = version()
    unit: Record | None = reference("OrgUnit", "新的归属单元 / Its new home unit.", action="account:create")
    name: str | None = given(NAME)
    login: str | None = given(LOGIN)
    member: Record | None = reference("Member", MEMBER, action="grant:create")


class CloseAccountInput:
    """停用账号：其凭证与授权立即失效，不可恢复 / Close an account for good: its credentials and grants end at once."""

    account: Record = target("Account", ACCOUNT)
    version: int = version()
    reason: str = given(REASON)
    keep: list[Record] | None = reference("Grant", KEEP, action="grant:revoke", changed=True)
    cascade: bool | None = given(CASCADE)


class ResetPasswordInput:
    """重置密码：生成临时密码，仅显示一次；其会话立即结束 / Make up a password, shown once; all sessions end at once."""

    account: Record = target("Account", "有登录名的人员账号 / A person's account that has a login.")
    version: int = version()
    reason: str = given(REASON)


class GrantRoleInput:
    """授予角色：不超出您自己的角色、辖区与期限 / Grant a role, within your own role, subtree and time."""

    seat: Record = belongs_to(
        ENTITIES[0],
        "席位：{} / The seat: {}.".format(*words()),
        *ENTITIES[1:],
    )
    account: Record = reference("Account", "人员账号 / A person's account.", changed=True)
    role: Role = given("角色 / The role.")
    since: date | None = given("生效日期，默认立即 / The first day; at once by default.")
    until: date | None = last_day("末日（含当日），长期有效可不填 / The last day, included; none if it has no end.")
    reason: str = given(REASON)


class RevokeGrantInput:
    """撤销授权，或放弃自己的授权；依赖于它的须接管或一并撤销 / Revoke a grant; what rests on it is decided as well."""

    grant: Record = target("Grant", "授权 / The grant.")
    version: int = version()
    reason: str = given(REASON)
    keep: list[Record] | None = reference("Grant", KEEP, action="grant:revoke", changed=True)
    cascade: bool | None = given(CASCADE)


class DependentGrant:
    """依赖于所撤销授权的授权；未执行时也列出 / A grant that rests on one revoked; told also where it was not done."""

    kind: str = given("类型名 / Its type's name.")
    id: strawberry.ID | None = row_id("全局标识 / Its global id.")
    account_name: str = given("账号名称 / Whose it is.")
    role: str = given("角色 / Its role.")
    seat_name: str = given("席位名称 / The name of its seat.")
    until: datetime | None = given("失效时间 / When it ends; null if it does not.")
    direct: bool = given("是否直接依赖，须接管或撤销 / Whether directly, so that it is taken over or revoked.")
    revoked: bool = given(
        f"是否一并撤销；最多列 {LISTED} 项 / Whether it is revoked as well; at most {LISTED} are listed."
    )


def usable(account: Row) -> ColumnElement[bool]:
    """An account that is not closed."""
    closed: ColumnElement[Any] = account.closed_at
    return closed.is_(None)


def in_force(grant: Row) -> ColumnElement[bool]:
    """A grant that is not over; it may have yet to begin."""
    return and_(grant.revoked_at.is_(None), or_(grant.until.is_(None), grant.until > func.now()))


COMMANDS = {
    "create_account": command(accounts.create, CreateAccountInput, "account:create", returns="Account"),
    "update_account": command(
        accounts.change, UpdateAccountInput, "account:update", returns="Account", may=may_administer, when=usable
    ),
    "close_account": command(
        accounts.close,
        CloseAccountInput,
        "account:close",
        returns="Account",
        report=("dependents", DependentGrant),
        may=may_close,
        access_changes=True,
        when=usable,
    ),
    "reset_password": command(
        accounts.reset_password,
        ResetPasswordInput,
        "account:reset_password",
        returns="Account",
        may=may_reset,
        shown_once="password",
        when=usable,
    ),
    "grant_role": command(
        granting.grant, GrantRoleInput, "grant:create", returns="Grant", may=may_grant, access_changes=True
    ),
    "revoke_grant": command(
        revoking.revoke,
        RevokeGrantInput,
        "grant:revoke",
        returns="Grant",
        report=("dependents", DependentGrant),
        may=may_revoke,
        access_changes=True,
        when=in_force,
    ),
}
