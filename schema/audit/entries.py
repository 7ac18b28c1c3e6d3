"""The audit trail as auditors read it within their subtree, and the record of who read whose contact data."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Select, Text, Uuid, and_, literal_column, or_, select

from policies.scope import Way
from schema.audit.places import follows, follows_any, lay, lay_in_gone, left, left_gone, of_entry
from schema.audit.requests import (
    DETAIL,
    OPERATION,
    WAYS,
    AuditRequest,
    lies_in,
    lying,
    now_in,
    once_called,
    path_of,
    told_by,
)
from schema.audit.sifting import sifted
from schema.audit.words import AuditField, fields_of, node_of, title, type_of
from schema.kit.entities import (
    Connection,
    column,
    connection,
    entity,
    facet,
    one,
    where,
)
from schema.kit.expressions import Identity, one_of
from schema.kit.glossary import in_words
from schema.kit.ids import local_id
from schema.kit.texts import PLACE, UNIT
from schema.kit.words import plain
from schema.members.members import Member
from schema.organization.units import OrgUnit
from services.access.tables import accounts
from services.audit.details import details
from services.audit.naming import names_its_row
from services.audit.tables import changes, contact_reads, entries
from services.members.tables import members
from services.organization.paths import place
from services.organization.tables import former_units
from services.properties.tables import buildings
from services.storage.correcting import corrections
from services.storage.tables import aliased


def corrected_for(entry: Any) -> Select[Any]:
    """Why a correction was made, by its entry's id."""
    of = aliased(corrections)
    return select(of.c.reason).where(of.c.entry_id == entry).correlate_except(of)


def account_name(account: Any) -> ColumnElement[Any]:
    """What an account is called."""
    of = aliased(accounts)
    return select(of.c.name).where(of.c.id == account).correlate_except(of).scalar_subquery()


def changed_by(entry: Any, row: Any) -> ColumnElement[bool]:
    """Whether an entry is about a row or part of it, or changed it."""
    changed = one_of(entry.id, _changing(lambda of: of.row_id == row.id))
    return or_(and_(entry.target_id == row.id, names_its_row(entry)), entry.about_id == row.id, changed)


def changed_unit(entry: Any, unit: Any) -> ColumnElement[bool]:
    """Whether an entry is about a unit, or one it is the heir of, or changed either."""
    gone = aliased(former_units)
    former = select(gone.c.id).where(gone.c.heir_id == unit.id).correlate_except(gone)
    changed = one_of(entry.id, _changing(lambda of: or_(of.row_id == unit.id, one_of(of.row_id, former))))
    return or_(and_(lies_in(entry.target_id, unit), names_its_row(entry)), entry.about_id == unit.id, changed)


def changed_within(entry: Any, compound: Any) -> ColumnElement[bool]:
    """Whether an entry is about a compound, one of its buildings, or part of either."""
    of = aliased(buildings)
    inside = select(of.c.id).where(of.c.compound_id == compound.id).correlate_except(of)
    return or_(changed_by(entry, compound), one_of(entry.about_id, inside))


def _changing(which: Callable[[Any], ColumnElement[bool]]) -> Select[Any]:
    """The ids of the entries with such a change: found first, for most rows have few, and the others' are not read."""
    of = aliased(changes)
    return select(of.c.entry_id).where(which(of.c)).correlate_except(of)


@entity(
    changes,
    policy="audit",
    ways=lying(lay, lambda change: of_entry(change.entry_id, "chain")),
    sort=lambda change: (change.id,),
    tells_of=lambda change: change.table_name,
    follows=follows,
    left=left,
    consists_of=(left_gone,),
    sifted=in_words(sifted),
)
class AuditChange:
    """一行数据的变更；个人信息只列字段名，值为“•” / One row that changed; personal fields are named, as "•"."""

    type: str | None = in_words(type_of)
    node_id: str | None = in_words(node_of)
    fields: list[AuditField] = in_words(fields_of)
    table: str = column("数据表 / The table.", lambda change: change.table_name)
    row_id: str = column("行标识 / The row's id in it.", lambda change: change.row_id.cast(Text()))
    before: str | None = column(
        "变更前（JSON），新增为空；修改仅含所改各项；不含无权查看的单元与数据"
        " / Before, as JSON: what changed, without what names a unit or row you do not read; null where it was added.",
        lambda change: change.before.cast(Text()),
    )
    after: str | None = column(
        "变更后（JSON），同上，删除为空；移往无权查看之处的，仅含所指有权查看的单元与数据"
        " / After, as JSON, likewise; null where it was removed. Of a row that went where you do not read it, only what"
        " names units and rows you read.",
        lambda change: change.after.cast(Text()),
    )


class AuditEntryFilter:
    """筛选审计记录，各项须同时满足 / Which entries: every condition given must hold."""

    since: datetime = where(
        lambda entry, given: entry.at >= given["at"],
        "此时或之后 / At this moment or later.",
        at=(DateTime(timezone=True), lambda at: at),
    )
    until: datetime = where(
        lambda entry, given: entry.at < given["at"],
        "此时之前 / Before this moment.",
        at=(DateTime(timezone=True), lambda at: at),
    )
    command: str = where(
        lambda entry, given: entry.command == given["name"],
        "操作或事件，如 moveUnit、readContact / The command or event, such as moveUnit or readContact.",
        name=(Text(), plain),
    )
    account: str = where(
        lambda entry, given: entry.account_id == given["id"],
        "操作账号的全局标识 / The global id of the account.",
        id=(Uuid(), lambda text: local_id(text, "ac")),
    )
    request_id: str = where(
        lambda entry, given: entry.request_id == given["id"],
        "请求标识（X-Request-Id） / The request's name, X-Request-Id.",
        id=(Text(), plain),
    )


@entity(
    entries,
    policy="audit",
    tag="ae",
    ways=WAYS,
    sort=lambda entry: (entry.at,),
    follows=follows_any,
    consists_of=(follows_any, lay_in_gone),
    filter=AuditEntryFilter,
    orders={"AT": lambda entry: (entry.at,)},
)
class AuditEntry:
    """审计记录：一项操作或事件 / An entry of the audit trail: a command or an event."""

    at: datetime = column("时间 / When.")
    command: str = column("操作或事件，如 moveUnit、signIn、readContact / What: moveUnit, signIn, readContact.")
    title: str | None = in_words(title)
    account_name: str | None = column("操作者 / Who.", lambda entry: account_name(entry.account_id), brings="Account")
    account_id: str | None = column(
        "操作账号的全局标识 / The account's global id.",
        lambda entry: literal_column("'ac_'", Text()).concat(entry.account_id.cast(Text())),
    )
    operation: str | None = column(OPERATION, told=told_by("request"))
    request_id: str = column("请求标识 / The request's name.")
    place: list[str] | None = column(
        PLACE,
        lambda entry: place(path_of(now_in(entry.unit_id)).scalar_subquery()),
        told=told_by("request", "unit"),
    )
    former_unit: str | None = column(
        "当时所在、此后已撤并的单元 / What the unit it lay in was called, where that has been merged or split since;"
        " null otherwise.",
        lambda entry: once_called(entry.unit_id).scalar_subquery(),
        told=told_by("request", "unit"),
    )
    detail: str | None = column(DETAIL, details, told=told_by("request"))
    reason: str | None = column(
        "更正、删除、限制处理的原因，社区不可见 / Why something was corrected, struck out or restricted; null for other"
        " commands, and for communities.",
        lambda entry: corrected_for(entry.id).scalar_subquery(),
        told=told_by("request", "correction"),
    )
    request: "AuditRequest | None" = facet(
        "其请求，仅供可查看全部审计记录者 / Its request; null for who only follows the trail of their units."
    )
    unit: "OrgUnit | None" = one(lambda entry, unit: lies_in(entry.unit_id, unit), UNIT, elsewhere=True)
    changes: "Connection[AuditChange]" = connection(
        lambda entry, change: change.entry_id == entry.id,
        "所改各行中可查看的 / The rows it changed that you are told of: those of kinds you read where they lay.",
        elsewhere=True,
    )
    contact_reads: "Connection[ContactRead]" = connection(
        lambda entry, read: read.entry_id == entry.id,
        "联系方式被查看的党员 / Whose contact data it showed.",
        elsewhere=True,
    )


@entity(
    contact_reads,
    policy="contact_read",
    ways={
        Way.WITHIN: lambda read: _serves_at(read.member_id),
        Way.MEMBER: lambda read: read.member_id,
    },
    sort=lambda read: (of_entry(read.entry_id, "at"),),
    unique=lambda read: read.entry_id.cast(Text()).concat(read.member_id.cast(Text())),
    identity=Identity(lambda read: (read.entry_id, read.member_id)),
)
class ContactRead:
    """一次联系方式查看 / Somebody was shown a member's contact data."""

    at: datetime = column("时间 / When.", lambda read: of_entry(read.entry_id, "at"))
    by_name: str | None = column(
        "查看者 / Who was shown it.", lambda read: account_name(of_entry(read.entry_id, "account_id")), brings="Account"
    )
    operation: str | None = column(
        "GraphQL 操作名 / Through which operation.", lambda read: of_entry(read.entry_id, "operation")
    )
    request_id: str = column("请求标识 / The request's name.", lambda read: of_entry(read.entry_id, "request_id"))
    member: "Member | None" = one(lambda read, member: member.id == read.member_id, "党员 / Whose it was.")


def _serves_at(member: Any) -> Select[Any]:
    of = aliased(members)
    return select(of.c.unit_path).where(of.c.id == member).correlate_except(of)
