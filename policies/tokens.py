"""Issuing tokens: an account, a role granted at a seat, and a token that is shown once.

A partner's is a program's, with terms, and listed among those the API issues; it is approved by being made here.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import select

from policies.actor import LEVELS, SEATS, make_token
from policies.programs import BLIND, askable, reads
from services.access.credentials import NO_TERMS, Terms
from services.access.seat_kinds import BY_NAME, BY_TAG, SeatKind
from services.access.tables import grants
from services.errors import bad_input
from services.names import fold, proper
from services.organization.codes import canonical
from services.organization.leading import leading
from services.programs.issuing import ROLE
from services.programs.operations import digest
from services.storage.transaction import Record, Transaction

LONGEST = 366  # days


@dataclass(frozen=True, slots=True)
class Seat:
    """What `issue` grants: a role at a unit's code, a company's credit code, or the global id of what it sits at."""

    name: str
    role: str
    at: str


async def issue(connection: asyncpg.Connection, seat: Seat, days: int, terms: Terms = NO_TERMS) -> str:
    """A new account with one grant and one token; the token's text, which is stored nowhere.

    Where the seat is a member, the account is that member's.

    Raises Rejected for what can be no name, Refused BAD_USER_INPUT for a role that does not exist or cannot sit there,
    a seat there is not, a term that is not of 1 to 366 days, or terms that are no partner's.
    """
    name = proper("name", seat.name)
    check_terms(seat.role, terms)
    if not 1 <= days <= LONGEST:
        raise bad_input(f"有效期须为 1 至 {LONGEST} 天。", f"A token is valid for 1 to {LONGEST} days.")
    kind, at = await located(connection, seat)
    credential, text, secret = make_token()
    until = datetime.now(UTC) + timedelta(days=days)
    account = uuid4()
    async with connection.transaction():
        of = "PROGRAM" if seat.role == ROLE else "PERSON"
        await connection.execute(
            "INSERT INTO account (id, name, folded, kind, member_id) VALUES ($1, $2, $3, $4, $5)",
            *(account, name, fold(name), of, at if kind == "member" else None),
        )
        await grant(connection, account, seat.role, kind, at)
        await connection.execute(
            "INSERT INTO credential (id, account_id, secret_sha256, expires_at) VALUES ($1, $2, $3, $4)",
            *(credential, account, secret, until),
        )
        if seat.role == ROLE:
            await _program(connection, account, at, credential, terms)
    return text


def check_terms(role: str, terms: Terms) -> None:
    """BAD_USER_INPUT for terms of another role than partner's, or of what no partner may read."""
    if terms != NO_TERMS and role != ROLE:
        raise bad_input(f"只有 {ROLE} 的令牌可以限定。", f"Only a {ROLE}'s token can be held to terms.")
    unknown = (terms.entities or frozenset()) - askable().keys()
    if unknown:
        known = ", ".join(sorted(askable()))
        raise bad_input(f"没有 {', '.join(unknown)}；可选：{known}。", f"The entities are {known}.")
    if terms.entities is not None and not reads(terms.entities):
        raise bad_input(*BLIND)
    if (terms.budget is not None and terms.budget < 1) or (terms.smallest_cell is not None and terms.smallest_cell < 2):
        raise bad_input("预算至少为 1，最小单元格至少为 2。", "A budget is at least 1, a smallest cell at least 2.")


def read_documents(file: Path) -> frozenset[str]:
    """The digests of the documents in a file: a JSON list of texts, or an object of them by name."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        found = None
    texts = list(found.values()) if isinstance(found, dict) else found
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise bad_input(f"{file} 须为查询文本的 JSON 列表。", f"{file} must be a JSON list of documents.")
    return frozenset(digest(text) for text in texts)


async def _program(connection: asyncpg.Connection, account: UUID, path: object, credential: str, terms: Terms) -> None:
    program = uuid4()
    entities, documents = (None if of is None else sorted(of) for of in (terms.entities, terms.documents))
    await connection.execute(
        "INSERT INTO program (id, account_id, unit_path, entities, documents, budget, smallest_cell)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        *(program, account, path, entities, documents, terms.budget, terms.smallest_cell),
    )
    await connection.execute(
        "INSERT INTO access_token (id, program_id, credential_id, unit_path) VALUES ($1, $2, $3, $4)",
        *(uuid4(), program, credential, path),
    )


async def grant(
    connection: asyncpg.Connection, account: UUID, role: str, kind: str, at: object, reason: str | None = None
) -> None:
    """Grant an account a role at a seat, on nobody's behalf: the installation's own doing."""
    seated = {BY_NAME[kind].column: at}
    await Transaction(connection).insert(grants, account_id=account, role=role, reason=reason, **seated)


async def located(connection: asyncpg.Connection, seat: Seat) -> tuple[str, object]:
    """The kind of seat and what a grant holds of it: the unit's path, or an id.

    Raises Refused BAD_USER_INPUT for a role that does not exist or cannot sit there, and for a seat there is not.
    """
    if seat.role not in SEATS:
        known = ", ".join(SEATS)
        raise bad_input(
            f"没有角色 {seat.role}；可用：{known}。", f"There is no role {seat.role}; the roles are {known}."
        )
    tag, _, rest = seat.at.partition("_")
    found: Record | asyncpg.Record | None
    if tag in BY_TAG and rest:
        kind, found = BY_TAG[tag].name, await _by_id(connection, BY_TAG[tag], rest)
    elif "company" in SEATS[seat.role]:
        kind, found = "company", await _by_credit_code(connection, seat.at)
    else:
        kind = "unit"
        unit = await leading(connection, canonical(seat.at))
        found = unit and {"at": unit.path, "level": unit.level}
    if found is None:
        raise bad_input(f"没有 {seat.at or '空席位'}。", f"There is no {seat.at or 'seat without a code'}.")
    _sits(seat, kind, found)
    return kind, found["at"]


async def _by_id(connection: asyncpg.Connection, kind: SeatKind, text: str) -> Record | None:
    try:
        id = UUID(text)  # noqa: A001
    except ValueError:
        return None
    row = kind.table.c
    told = (row[kind.key].label("at"), *((row.level,) if kind.is_unit else ()))
    return await Transaction(connection).row(select(*told).where(row.id == id))


async def _by_credit_code(connection: asyncpg.Connection, code: str) -> asyncpg.Record | None:
    if not code.isascii():
        return None
    found = await connection.fetch("SELECT id AS at FROM property_company WHERE credit_code = $1", code.upper())
    if len(found) > 1:  # codes are unique in a county only
        raise bad_input(
            f"有多家公司使用信用代码 {code}，请改用全局标识。",
            f"Several companies have the credit code {code}; use the global id.",
        )
    return found[0] if found else None


def _sits(seat: Seat, kind: str, found: Record | asyncpg.Record) -> None:
    """BAD_USER_INPUT unless the role can sit at this kind of seat, at this level."""
    if kind not in SEATS[seat.role] or (kind == "unit" and found["level"] not in LEVELS[seat.role]):
        allowed = ", ".join(sorted(LEVELS.get(seat.role, ())) + [each for each in SEATS[seat.role] if each != "unit"])
        actual = found["level"] if kind == "unit" else kind
        raise bad_input(
            f"角色 {seat.role} 的席位可以是：{allowed}；{seat.at} 是 {actual}。",
            f"The role {seat.role} sits at {allowed}; {seat.at} is a {actual}.",
        )
