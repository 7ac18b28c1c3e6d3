"""What was issued, for whoever has the database: all tokens in a table without a secret, and the end of one of them.

The table and every ending are on record (`services.audit.tables`), a token's in the county it reaches into.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, func, literal_column, not_, or_, select, update

from services.access.credentials import granted, standing, taken
from services.access.tables import (
    AccountKind,
    CredentialKind,
    accounts,
    credentials,
    grants,
    seat_name,
    seat_path,
)
from services.access.vouching import vouched
from services.audit.events import Event
from services.audit.tables import event
from services.described import Described
from services.errors import bad_input
from services.organization.tables import units
from services.programs.tables import tokens
from services.storage.transaction import Record, Transaction

WHERE = ZoneInfo("Asia/Shanghai")
BY_HAND = "server.py token --revoke"  # why, to the program's administrators
HEADING = (
    "编号 id",
    "名称 name",
    "角色 role",
    "席位 seat",
    "签发 issued",
    "到期 expires",
    "最近使用 last used",
    "状态 state",
)


class State(StrEnum):
    """Whether a token stands, or the first reason why it does not."""

    STANDING = "standing"
    REVOKED = "revoked"
    EXPIRED = "expired"
    UNCONFIRMED = "unconfirmed"  # in 14 days, once whoever answered for it lost the right
    PENDING = "pending"
    UNUSED = "unused"  # for a year


CHINESE = {
    State.STANDING: "可用",
    State.REVOKED: "已撤销",
    State.EXPIRED: "已过期",
    State.UNCONFIRMED: "无人确认",
    State.PENDING: "待批准",
    State.UNUSED: "一年未用",
}


async def listed(connection: asyncpg.Connection) -> list[Record]:
    """Every token there is, the newest last, with what its account was granted; it is recorded."""
    async with connection.transaction():
        found = await Transaction(connection).rows(_tokens())
        await event(connection, Event.LIST_TOKENS, detail={"tokens": len(found)})
        return found


def table(rows: Sequence[Record]) -> str:
    """The tokens for people to read, a line each, columns below one another."""
    lines = [HEADING, *map(_line, rows)]
    widths = [max(_width(line[at]) for line in lines) for at in range(len(HEADING))]
    return "\n".join("  ".join(map(_padded, line, widths)).rstrip() for line in lines)


def check_id(id: str) -> None:
    """BAD_USER_INPUT for what cannot be a token's id; a whole token above all, which is not repeated."""
    if "_" in id:
        zh = "请只给出 --list 所列的编号，不要给出令牌全文：命令行会留在记录里。"
        raise bad_input(
            zh, "Give the id that --list shows and not the whole token: command lines are kept in histories."
        )
    if not (id.isascii() and id.isalnum()):
        raise _unknown(id)


async def revoke(connection: asyncpg.Connection, id: str) -> str:
    """End a token for every statement that comes after, on every worker, and say so; it is recorded.

    Raises Refused BAD_USER_INPUT where there is no such token, or it is revoked already.
    """
    async with connection.transaction():
        tx = Transaction(connection)
        key = credentials.c
        found = select(credentials).where(key.id == id, key.kind == CredentialKind.TOKEN).with_for_update()
        held = await tx.row(found)
        if held is None:
            raise _unknown(id)
        if held["revoked_at"] is not None:
            raise bad_input(f"令牌 {id} 已撤销。", f"The token {id} is revoked already.")
        await tx.rows(update(credentials).where(key.id == id).values(revoked_at=func.now()))
        target = held["account_id"]
        token = await tx.value(select(tokens.c.id).where(tokens.c.credential_id == id))
        if token is not None:
            target = await tx.update(tokens, token, revoked_for=BY_HAND)
        unit = await _lies_in(tx, held["account_id"])
        await event(connection, Event.REVOKE_TOKEN, unit_id=unit, target_id=target, detail={"credential": id})
    return f"令牌 {id} 已撤销 / the token {id} is revoked"


async def note(connection: asyncpg.Connection, kind: Event, account: UUID, role: Described) -> None:
    """Record that an account was made with this role, where its seat lies."""
    unit = await _lies_in(Transaction(connection), account)
    await event(
        connection,
        kind,
        unit_id=unit,
        target_id=account,
        detail={"account": account, "role": role.name, "means": role.text},
    )


async def _lies_in(tx: Transaction, account: UUID) -> UUID | None:
    """The unit of the first seat the account was granted."""
    held = grants.c
    path = select(seat_path(held)).where(held.account_id == account).order_by(held.since, held.id).limit(1)
    found: UUID | None = await tx.value(select(units.c.id).where(units.c.path == path.scalar_subquery()))
    return found


def _unknown(id: str) -> Exception:
    return bad_input(f"没有编号为 {id!r} 的令牌。", f"There is no token {id!r}.")


# --- the table --------------------------------------------------------------------------------------------------------


def _tokens() -> Select[Any]:
    key, owner, held = credentials.c, accounts.c, grants.c
    mine, stays = held.account_id == key.account_id, held.revoked_at.is_(None)
    code = select(units.c.code).where(units.c.path == held.unit_path).correlate(grants).scalar_subquery()
    seat = func.concat_ws(" ", code, seat_name(held))
    granted = {
        name: select(func.string_agg(of, literal_column("', '", Text()))).where(mine, stays).correlate(credentials)
        for name, of in {"role": held.role, "seat": cast(seat, Text)}.items()
    }
    shown = (key.id, owner.name, key.created_at, key.expires_at, key.last_used_at, _state().label("state"))
    told = (subquery.scalar_subquery().label(name) for name, subquery in granted.items())
    joined = select(*shown, *told).join_from(credentials, accounts, owner.id == key.account_id)
    return joined.where(key.kind == CredentialKind.TOKEN).order_by(key.created_at, key.id)


def _state() -> ColumnElement[str]:
    key, a_program = credentials.c, accounts.c.kind == AccountKind.PROGRAM
    return case(
        (standing(), _said(State.STANDING)),
        (or_(key.revoked_at.is_not(None), accounts.c.closed_at.is_not(None)), _said(State.REVOKED)),
        (and_(a_program, taken(accounts.c.id)), _said(State.REVOKED)),
        (or_(key.expires_at <= func.now(), and_(a_program, not_(granted(accounts.c.id)))), _said(State.EXPIRED)),
        (not_(vouched(key)), _said(State.UNCONFIRMED)),
        (key.approved_at.is_(None), _said(State.PENDING)),
        else_=_said(State.UNUSED),
    )


def _said(state: State) -> ColumnElement[str]:
    return literal_column(f"'{state.value}'", Text())


def _line(row: Mapping[str, Any]) -> tuple[str, ...]:
    state = State(row["state"])
    moments = (_moment(row[name]) for name in ("created_at", "expires_at", "last_used_at"))
    texts = (_plain(row[name] or "-") for name in ("id", "name", "role", "seat"))
    return (*texts, *moments, f"{CHINESE[state]} {state}")


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(WHERE):%Y-%m-%d %H:%M}" if at else "-"


def _plain(text: str) -> str:
    """A name on one line, whatever was once let into it."""
    return "".join(character if character.isprintable() else "?" for character in text)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
