"""Commands about programs of partner agencies and the operations they may be bound to, each with its input."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from policies.programs import check_reads, check_seat, mint, warrant
from schema.kit.commands import belongs_to, command, given, reference, target, version
from schema.kit.expressions import Row
from schema.kit.faults import reasons
from schema.kit.states import still_open
from schema.kit.texts import NAME
from services.access.tables import programs
from services.errors import ProblemCode, Refused, rejected
from services.programs import issuing, operations
from services.programs.states import revocable, state, waits_for_approver, waits_for_issuer
from services.programs.tables import TokenState, tokens
from services.storage.tables import aliased
from services.storage.transaction import Record

AGENCY = "合作单位 / The partner agency it belongs to."
ENTITIES = "可查询的对象，按 policies/roles.csv 的名称 / What it may read, by the names policies/roles.csv has."
OPERATIONS = "只允许这些存储的查询；不填则不限 / Only these stored operations; any document where none is given."
BUDGET = "每分钟预算（行），见 docs/limits.md；不填则不限 / Rows of cost a minute; without a bound where none is given."
CELL = "统计的最小单元格，小于此数不显示 / Numbers of fewer rows than this are not shown to it; at least 2."
WHICH = "令牌 / The token."
DAYS = "有效天数，1 至 366 / For how many days, 1 to 366."


class IssueTokenInput:
    """为合作单位签发令牌；由辖区所有者之外的人签发时须经批准 / A token for a partner; it may need approval."""

    unit: Record = belongs_to("OrgUnit", "席位所在单元 / The unit it is seated at.")
    name: str = given(NAME)
    agency: str = given(AGENCY)
    days: int = given(DAYS)
    entities: list[str] = given(ENTITIES)
    operations: list[Record] | None = reference("StoredOperation", OPERATIONS)
    budget_per_minute: int | None = given(BUDGET)
    smallest_cell: int | None = given(CELL)


class ApproveTokenInput:
    """批准令牌，原批准人失去权限的亦可；不能由签发人批准 / Approve a token, also in another's place; not one's own."""

    token: Record = target("AccessToken", WHICH)
    version: int = version()


class ConfirmTokenInput:
    """确认令牌：签发人失去权限后 14 天内由接任者确认 / Confirm a token whose issuer lost the right, within 14 days."""

    token: Record = target("AccessToken", WHICH)
    version: int = version()


class RotateTokenInput:
    """轮换令牌：新旧令牌在重叠时间内并用 / Rotate a token: the old one goes on for the overlap beside the new one."""

    token: Record = target("AccessToken", WHICH)
    version: int = version()
    overlap_hours: int = given("重叠小时数，0 至 168 / For how many hours both stand, 0 to 168.")
    days: int = given(DAYS)


class RevokeTokenInput:
    """撤销令牌，立即生效 / Revoke a token, at once."""

    token: Record = target("AccessToken", WHICH)
    version: int = version()
    reason: str = given("原因 / Why.")


class UpdateProgramInput:
    """更名或收窄程序的权限；放宽须另行签发 / Rename a program or narrow what it may; more takes another token."""

    program: Record = target("Program", "程序 / The program.")
    version: int = version()
    name: str | None = given(NAME)
    agency: str | None = given(AGENCY)
    entities: list[str] | None = given(ENTITIES)
    operations: list[Record] | None = reference("StoredOperation", OPERATIONS)
    budget_per_minute: int | None = given(BUDGET)
    smallest_cell: int | None = given(CELL)


class StoreOperationInput:
    """存储一个查询，供本单元及下级的程序使用 / Store a document for programs here and below."""

    unit: Record = belongs_to("OrgUnit", "单元 / The unit.")
    name: str = given(NAME)
    document: str = given("查询文本，须符合模式 / The document, valid against the schema.")


class CloseOperationInput:
    """停用存储的查询，已绑定的程序不受影响 / Bind no further program to an operation; those bound go on."""

    operation: Record = target("StoredOperation", "存储的查询 / The operation.")
    version: int = version()


# --- what no scope can decide: see schema.kit.commands.May -------------------------------------------------------


async def _may_issue(authority: Any, unit: Record, arguments: Mapping[str, Any]) -> dict[str, Any]:
    check_seat(unit)
    held = await warrant(authority.actor, authority.tx, unit["path"], "issue", arguments["entities"])
    check_reads(arguments["entities"])
    await _check_runs(authority, [each["text"] for each in arguments.get("operations") or ()], arguments["entities"])
    return {"warrant": _not_alone(authority, held), "minted": mint()}


async def _check_runs(authority: Any, documents: Sequence[str], entities: Sequence[str] | None) -> None:
    """Rejected for operations none of which a program could run that is bound to these entities."""
    if documents and not any([await authority.runs(text, entities) for text in documents]):
        zh, en = "以这些对象，所选查询均不能执行。", "With these entities the program could run none of them."
        raise rejected(ProblemCode.INCOMPLETE, "operations", zh, en)


async def _may_approve(authority: Any, token: Record, _: Mapping[str, Any]) -> dict[str, Any]:
    return {"warrant": await _over(authority, token, "approve")}


async def _may_confirm(authority: Any, token: Record, _: Mapping[str, Any]) -> dict[str, Any]:
    return {"warrant": await _over(authority, token, "issue")}


async def _may_rotate(authority: Any, token: Record, _: Mapping[str, Any]) -> dict[str, Any]:
    return {"warrant": await _over(authority, token, "rotate"), "minted": mint()}


async def _over(authority: Any, token: Record, action: str) -> issuing.Warrant:
    """What the caller may give to the program of a token that is there."""
    terms = await authority.tx.value(select(programs.c.entities).where(programs.c.id == token["program_id"]))
    return _not_alone(
        authority, await warrant(authority.actor, authority.tx, token["unit_path"], action, terms, "token")
    )


def _not_alone(authority: Any, held: issuing.Warrant) -> issuing.Warrant:
    """What the caller may give where nobody approves what they issue or put off themselves (JINLIN_TOKENS_APPROVED)."""
    return held if authority.alone else replace(held, approves=False)


async def _may_narrow(authority: Any, program: Record, arguments: Mapping[str, Any]) -> dict[str, Any]:
    if arguments.get("entities") is not None:
        await warrant(authority.actor, authority.tx, program["unit_path"], "update", arguments["entities"])
        check_reads(arguments["entities"])
    if arguments.get("operations") is not None:
        documents = [each["text"] for each in arguments["operations"]]
    elif arguments.get("entities") is not None:
        documents = await operations.texts(authority.tx, program["documents"] or (), program["unit_path"])
    else:
        return {}
    await _check_runs(authority, documents, arguments.get("entities") or program["entities"])
    return {}


async def _may_store(authority: Any, unit: Record, arguments: Mapping[str, Any]) -> dict[str, Any]:
    try:
        cost = await authority.cost_of(arguments["document"])
    except Exception as error:
        refused = reasons(error)[0]
        if not isinstance(error, Refused) and refused.code.status >= 500:
            raise
        raise rejected(ProblemCode.INVALID, "document", refused.text.zh, refused.text.en) from error
    return {"cost": cost, "by": authority.actor.account_id}


def _to_rotate(token: Row) -> ColumnElement[bool]:
    """What stands, and is followed by no other."""
    other = aliased(tokens)
    follows = select(other.c.id).where(other.c.replaces_id == token.id).correlate_except(other)
    return and_(state(token) == TokenState.ACTIVE.value, ~follows.exists())


COMMANDS = {
    "issue_token": command(
        issuing.issue, IssueTokenInput, "program:issue", returns="AccessToken", may=_may_issue, shown_once="token"
    ),
    "approve_token": command(
        issuing.approve,
        ApproveTokenInput,
        "program:approve",
        returns="AccessToken",
        may=_may_approve,
        when=waits_for_approver,
    ),
    "confirm_token": command(
        issuing.confirm,
        ConfirmTokenInput,
        "program:issue",
        returns="AccessToken",
        may=_may_confirm,
        when=waits_for_issuer,
    ),
    "rotate_token": command(
        issuing.rotate,
        RotateTokenInput,
        "program:rotate",
        returns="AccessToken",
        may=_may_rotate,
        shown_once="token",
        when=_to_rotate,
    ),
    "revoke_token": command(issuing.revoke, RevokeTokenInput, "program:revoke", returns="AccessToken", when=revocable),
    "update_program": command(issuing.narrow, UpdateProgramInput, "program:update", returns="Program", may=_may_narrow),
    "store_operation": command(
        operations.store, StoreOperationInput, "stored_operation:store", returns="StoredOperation", may=_may_store
    ),
    "close_operation": command(
        operations.close, CloseOperationInput, "stored_operation:close", returns="StoredOperation", when=still_open
    ),
}
