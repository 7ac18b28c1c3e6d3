"""Programs of partner agencies, their tokens, and the operations they may be bound to; commands in program_commands."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ARRAY, Boolean, DateTime, Text, and_, any_, literal_column

from policies.scope import Way
from schema.access.accounts import OFFICIAL, Grant
from schema.kit.entities import (
    Connection,
    column,
    connection,
    entity,
    many,
    one,
    where,
)
from schema.kit.numbers import measure
from schema.kit.texts import CHANGES, HOW_MANY, IS_CLOSED, NAME, NAME_CONTAINS
from schema.kit.words import closed, folded_contains
from schema.organization.units import OrgUnit
from services.access.tables import in_force, programs, unit_of
from services.errors import bad_input
from services.organization.paths import place
from services.programs.states import over_for, over_since, state, to_confirm_by, waits
from services.programs.tables import (
    TokenState,
    account_of,
    of_credential,
    program_folded,
    program_name,
    program_until,
    tokens,
    unused_since,
    who,
)
from services.programs.tables import operations as stored
from services.terms import CHINA, YEARS

PLACE = "所在地，自县级起 / The names from the county down to the unit that answers for it."


def _begins(day: date) -> datetime:
    """The first moment of a day of Asia/Shanghai."""
    if day.year not in YEARS:
        raise bad_input("日期须在 1900 至 2199 年之间。", "A date lies between 1900 and 2199.")
    return datetime.combine(day, time(), CHINA)


def _ends(day: date) -> datetime:
    return _begins(day) + timedelta(days=1)


class ProgramFilter:
    """筛选程序，各项须同时满足 / Which programs: every condition given must hold."""

    name_contains: str = folded_contains(NAME_CONTAINS, program_folded)


class ProgramTotals:
    """程序合计 / What programs come to."""

    count: int = measure(HOW_MANY)


@entity(
    programs,
    policy="program",
    tag="pg",
    ways={Way.WITHIN: lambda program: program.unit_path, Way.ACCOUNT: lambda program: program.account_id},
    sort=lambda program: (program.unit_path,),
    filter=ProgramFilter,
    orders={"PLACE": lambda program: (program.unit_path,)},
    totals=ProgramTotals,
)
class Program:
    """合作单位的程序：自有账号、授权与限定，不继承签发人的权限 / A partner's program; it inherits nothing."""

    name: str = column(NAME, program_name)
    agency: str | None = column("合作单位 / The partner agency it belongs to.")
    place: list[str] | None = column(PLACE, lambda program: place(program.unit_path))
    until: datetime | None = column("已批准的期限 / Until when it was approved; null if without end.", program_until)
    entities: list[str] | None = column("可查询的对象，空为不限 / What it may read; null is no bound beside its role.")
    documents: list[str] | None = column(
        "只允许的查询（SHA-256），空为不限 / The documents it may run, by SHA-256; null is any."
    )
    budget_per_minute: int | None = column(
        "每分钟预算（行），空则为通用的 / Rows of cost a minute; null: what all have, if anything.",
        lambda program: program.budget,
    )
    smallest_cell: int | None = column("统计的最小单元格 / Numbers of fewer rows than this are not shown to it.")
    version: int = column(CHANGES)
    unit: "OrgUnit | None" = one(
        lambda program, unit: unit.path == program.unit_path, "席位所在单元 / The unit that answers for it."
    )
    grants: list[Grant] = many(
        lambda program, grant: and_(grant.account_id == program.account_id, in_force(grant)),
        "现行授权，您可见的 / Its grants in force, of those you may see.",
        sort=lambda grant: (grant.since, grant.id),
        rows=2,
    )
    operations: "list[StoredOperation]" = many(
        lambda program, operation: operation.sha256 == any_(program.documents),
        "绑定的存储查询，您可见的 / The stored operations it is bound to, of those you may see.",
        sort=lambda operation: (operation.sha256, operation.id),
        rows=20,
    )
    tokens: "Connection[AccessToken]" = connection(
        lambda program, token: token.program_id == program.id,
        "令牌 / Its tokens, those that ended included.",
        alike=(Way.ACCOUNT,),
    )


class AccessTokenFilter:
    """筛选令牌，各项须同时满足 / Which tokens: every condition given must hold."""

    state: list[TokenState] = where(
        lambda token, given: state(token) == any_(given["values"]),
        "状态 / In one of these states.",
        values=(ARRAY(Text()), lambda values: [value.name for value in values]),
    )
    to_confirm: bool = where(
        lambda token, given: waits(token) == given["value"],
        "是否待确认或待重新批准 / Whether it waits for somebody to confirm it, or to approve it in another's place.",
        value=(Boolean(), bool),
    )
    unused_since: date = where(
        lambda token, given: unused_since(token) < given["day"],
        "自该日起未使用 / Not used on that day or later; if never, not issued then either.",
        day=(DateTime(timezone=True), _begins),
    )
    expires_by: date = where(
        lambda token, given: of_credential("expires_at")(token) < given["day"],
        "该日或之前到期 / It expires on that day or before.",
        day=(DateTime(timezone=True), _ends),
    )


def moment(name: str, description: str) -> Any:
    """A moment of the token's credential."""
    return column(description, of_credential(name))


class AccessTokenTotals:
    """令牌合计 / What tokens come to."""

    count: int = measure(HOW_MANY)
    programs: int = measure("程序数 / Of how many programs.", distinct=lambda token: token.program_id)


@entity(
    tokens,
    policy="program",
    tag="tk",
    ways={Way.WITHIN: lambda token: token.unit_path, Way.ACCOUNT: account_of},
    sort=lambda token: (of_credential("expires_at")(token),),
    filter=AccessTokenFilter,
    orders={
        "EXPIRES_AT": lambda token: (of_credential("expires_at")(token),),
        "PLACE": lambda token: (token.unit_path,),
    },
    totals=AccessTokenTotals,
)
class AccessToken:
    """访问令牌；其密文只在签发时显示一次，不予保存 / A token. Its text is shown once, when issued, and kept nowhere."""

    state: TokenState = column("状态 / Its state now.", state)
    created_at: datetime = moment("created_at", "签发时间 / When it was issued.")
    issued_by_name: str | None = column(
        "签发人 / Who issued it; null for the command line.", who("issued_by"), brings=OFFICIAL
    )
    issued_by_place: list[str] | None = column(
        "签发人账号所在地，自县级起 / Where the account that issued it belongs, the names from the county down.",
        lambda token: place(unit_of(of_credential("issued_by")(token))),
    )
    approved_at: datetime | None = moment("approved_at", "批准时间，待批准为空 / When it was approved; null before.")
    approved_by_name: str | None = column("批准人 / Who approved it.", who("approved_by"), brings=OFFICIAL)
    confirm_by: datetime | None = column(
        "须在此前确认，否则失效；签发人和批准人有权期间，以及届时已到期或已撤销的为空"
        " / It ends then unless it is confirmed, or approved anew; null while issuer and approver may, and of what has"
        " expired by then or is revoked.",
        to_confirm_by,
    )
    confirmed_at: datetime | None = moment(
        "confirmed_at", "确认时间 / When somebody confirmed it in its issuer's place."
    )
    confirmed_by_name: str | None = column("确认人 / Who confirmed it last.", who("confirmed_by"), brings=OFFICIAL)
    expires_at: datetime = moment("expires_at", "到期时间 / When it expires.")
    last_used_at: datetime | None = moment(
        "last_used_at",
        "最近使用：当日首次，精确到分 / When it was last used: the first use of that day, to the minute.",
    )
    revoked_at: datetime | None = moment("revoked_at", "撤销时间 / When it was revoked.")
    revoked_for: str | None = column("撤销原因 / Why it was revoked.")
    over_since: datetime | None = column(
        "失效时间，因撤销、到期或授权不再有效；可用或待批准的为空 / Since when it opens nothing more, by its own end or"
        " that of what was granted; null while it is in use or waits to be approved.",
        over_since,
    )
    over_for: str | None = column("失效原因 / Why it opens nothing more.", over_for)
    version: int = column(CHANGES)
    program: "Program | None" = one(lambda token, program: program.id == token.program_id, "程序 / Whose token it is.")
    replaces: "AccessToken | None" = one(
        lambda token, other: other.id == token.replaces_id,
        "所轮换的令牌 / The token it was made from by rotation.",
        alike=(Way.ACCOUNT,),
    )


class StoredOperationFilter:
    """筛选存储的查询，各项须同时满足 / Which operations: every condition given must hold."""

    name_contains: str = folded_contains(NAME_CONTAINS)
    closed: bool = closed(IS_CLOSED)


class StoredOperationTotals:
    """存储的查询合计 / What stored operations come to."""

    count: int = measure(HOW_MANY)


@entity(
    stored,
    policy="stored_operation",
    tag="sq",
    ways={Way.WITHIN: lambda operation: operation.unit_path, Way.ABOVE: lambda operation: operation.unit_path},
    sort=lambda operation: (operation.unit_path,),
    filter=StoredOperationFilter,
    orders={
        "PLACE": lambda operation: (operation.unit_path,),
        "COST": lambda operation: (operation.cost,),
    },
    totals=StoredOperationTotals,
)
class StoredOperation:
    """存储的查询：由某一单元存储，可绑定本单元及下级的程序 / A document stored for programs there and below."""

    name: str = column(NAME)
    document: str = column("查询文本 / The document.", lambda operation: operation.text)
    document_id: str = column(
        "请求中代替 query 的标识 / What a request names it by in the place of `query`.",
        lambda operation: literal_column("'sha256:'", Text()).concat(operation.sha256),
    )
    cost: int = column("存储时估计的行数 / The rows it may make, as of when it was stored.")
    place: list[str] = column(PLACE, lambda operation: place(operation.unit_path))
    closed_on: date | None = column("停用日期 / The day it was closed to further programs.")
    version: int = column(CHANGES)
