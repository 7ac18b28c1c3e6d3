"""Commands on tokens of partner agencies: issue, approve, rotate and revoke them, and narrow what a program may.

A program has an account, terms, and one grant of its own, which ends when what was approved ends. Who gives it that is
told by a `Warrant`: nobody gives what they do not hold, nor for longer than they hold it (policies/programs.py).

Long because the life of a token is told in it from issue to end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import func, insert, select, update

from services.access.tables import AccountKind, accounts, credentials, grants, programs
from services.access.vouching import APPROVER, ISSUER, lost
from services.errors import Code, ProblemCode, Refused, Rejected, Rule, rejected
from services.names import proper
from services.programs.states import revocable, state
from services.programs.tables import TokenState, tokens
from services.storage.closing import only_open
from services.storage.tables import aliased, named
from services.storage.transaction import Outcome, Record, Transaction
from services.terms import minute

LONGEST_DAYS = 366
LONGEST_OVERLAP = 168  # hours
ROLE = "partner"
SIDES = {"issuer_lost": ISSUER, "approver_lost": APPROVER}

RULES: Mapping[str, Rule] = {
    "access_token_replaces_id_key": Rule(
        "token", "他人刚刚轮换了该令牌。", "Someone else has just rotated this token."
    ),
}


@dataclass(frozen=True, slots=True)
class Warrant:
    """Who gives: their account, the grant it rests on, until when it may last, and whether they approve it, too.

    `latest` is None where what they hold has no end.
    """

    by: UUID
    under_id: UUID
    latest: datetime | None
    approves: bool


@dataclass(frozen=True, slots=True)
class Minted:
    """A new token: the id and the digest that are stored, and the text that is not."""

    id: str
    digest: bytes
    text: str = field(repr=False)


class Bounds(TypedDict, total=False):
    """What a program is held to beside its entities."""

    operations: Sequence[Record] | None
    budget_per_minute: int | None
    smallest_cell: int | None


class Changes(Bounds, total=False):
    """What can be said anew of a program."""

    name: str | None
    agency: str | None
    entities: Sequence[str] | None


async def issue(
    tx: Transaction,
    *,
    unit: Record,
    name: str,
    agency: str,
    days: int,
    entities: Sequence[str],
    warrant: Warrant,
    minted: Minted,
    **bounds: Unpack[Bounds],
) -> Outcome:
    """A new program with its grant and its first token, which stands once it is approved; the token's id and text."""
    until = await _until(tx, days, warrant.latest)
    called, agency = proper("name", name), proper("agency", agency)
    terms = _terms({**bounds, "entities": entities})
    _reached(unit["path"], bounds.get("operations"))
    account = await tx.insert(accounts, kind=AccountKind.PROGRAM, unit_path=unit["path"], **named(accounts, called))
    program = await tx.insert(programs, account_id=account, unit_path=unit["path"], agency=agency, **terms)
    given = {"granted_by": warrant.by, "under_id": warrant.under_id, "until": until}
    await tx.insert(grants, account_id=account, role=ROLE, unit_path=unit["path"], **given)
    approved = {"approved_by": warrant.by} if warrant.approves else {"approved_at": None}
    of = {"id": program, "account_id": account, "unit_path": unit["path"]}
    token = await _add(tx, minted, of, expires_at=until, issued_by=warrant.by, **approved)
    return Outcome(token, secret=minted.text)


async def approve(tx: Transaction, *, token: Record, warrant: Warrant) -> UUID:
    """Let a token that waits for it stand, or go on standing; its id. FORBIDDEN for whoever issued or confirmed it."""
    held = await _held(tx, token, TokenState.PENDING, TokenState.ACTIVE)
    if held["state"] != TokenState.PENDING and not held["approver_lost"]:
        raise _not_now()
    if (held["confirmed_by"] or held["issued_by"]) == warrant.by:
        zh, en = "不能批准自己签发或确认的令牌。", "Nobody approves a token they issued or confirmed themselves."
        raise Refused(Code.FORBIDDEN, zh, en, argument=("input", "id"))
    _lasting("token", held["expires_at"], warrant.latest)
    await _change(tx, held["id"], approved_at=func.now(), approved_by=warrant.by)
    return await tx.update(tokens, token["id"])


async def confirm(tx: Transaction, *, token: Record, warrant: Warrant) -> UUID:
    """Answer for a token in the place of whoever issued it and no longer may; its id.

    As with what is issued: whoever may approve it approves it, if nobody has who may still. Where two have to, it is
    FORBIDDEN for whoever approved it.
    """
    held = await _held(tx, token, TokenState.PENDING, TokenState.ACTIVE)
    if not held["issuer_lost"]:
        raise _not_now()
    if held["approved_by"] == warrant.by and not warrant.approves:
        zh, en = "该令牌由您批准，须由他人确认。", "You approved this token: somebody else has to confirm it."
        raise Refused(Code.FORBIDDEN, zh, en, argument=("input", "id"))
    _lasting("token", held["expires_at"], warrant.latest)
    await _change(tx, held["id"], confirmed_at=func.now(), confirmed_by=warrant.by)
    if warrant.approves and (held["approved_at"] is None or held["approver_lost"]):
        await _change(tx, held["id"], approved_at=func.now(), approved_by=warrant.by)
    return await tx.update(tokens, token["id"])


async def rotate(
    tx: Transaction, *, token: Record, overlap_hours: int, days: int, warrant: Warrant, minted: Minted
) -> Outcome:
    """A new token for the same program and terms; the old one ends when the overlap does. Its id and text.

    It needs no approval anew, and ends no later than what was approved; who may approve approves the new one, and may
    put that off.
    """
    held = await _held(tx, token, TokenState.ACTIVE)
    if not 0 <= overlap_hours <= LONGEST_OVERLAP:
        zh, en = f"重叠时间为 0 至 {LONGEST_OVERLAP} 小时。", f"The overlap is 0 to {LONGEST_OVERLAP} hours."
        raise rejected(ProblemCode.INVALID, "overlap_hours", zh, en)
    if await tx.value(select(tokens.c.id).where(tokens.c.replaces_id == token["id"])) is not None:
        zh, en = "该令牌已轮换，请轮换新的令牌。", "This token was rotated already: rotate the one that followed."
        raise rejected(ProblemCode.CLOSED, "token", zh, en)
    until = await _prolonged(tx, held["account_id"], days, warrant)
    program = {"id": token["program_id"], "account_id": held["account_id"], "unit_path": token["unit_path"]}
    approved = {} if warrant.approves else {"approved_at": held["approved_at"]}
    approver = warrant.by if warrant.approves else held["approved_by"]
    signed = {"expires_at": until, "issued_by": warrant.by, "approved_by": approver, **approved}
    made = await _add(tx, minted, program, replaces_id=token["id"], **signed)
    ends = func.least(credentials.c.expires_at, func.now() + timedelta(hours=overlap_hours))
    await _change(tx, held["id"], expires_at=ends)
    await tx.update(tokens, token["id"])
    return Outcome(made, secret=minted.text)


async def revoke(tx: Transaction, *, token: Record, reason: str) -> UUID:
    """End a token, for every statement that comes after; its id."""
    said = proper("reason", reason)
    of = aliased(tokens)
    still = select(revocable(of.c)).where(of.c.id == token["id"]).scalar_subquery().label("revocable")
    found = select(credentials.c.id, still).where(credentials.c.id == token["credential_id"])
    held = await tx.row(found.with_for_update(of=credentials))
    if held is None or not held["revocable"]:
        raise rejected(ProblemCode.CLOSED, "token", "该令牌已撤销或到期。", "The token is revoked or over already.")
    await _change(tx, held["id"], revoked_at=func.now())
    return await tx.update(tokens, token["id"], revoked_for=said)


async def narrow(tx: Transaction, *, program: Record, **changes: Unpack[Changes]) -> UUID:
    """Change what a program is called, and narrow what it may; its id. Rejected for what would be wider.

    What is wider is a new token's to ask for, so that it is approved.
    """
    terms = _terms(changes)
    wider = [name for name, value in terms.items() if _wider(name, program[name], value)]
    if wider:
        zh, en = "只能收窄；放宽须另行签发令牌。", "This can only be narrowed; issue another token for more."
        raise rejected(ProblemCode.OUT_OF_REACH, FIELDS[wider[0]], zh, en)
    if program["documents"] is None:
        _reached(program["unit_path"], changes.get("operations"))
    if "agency" in changes:
        terms["agency"] = proper("agency", changes["agency"])
    if "name" in changes:
        called = named(accounts, proper("name", changes["name"]))
        of = update(accounts).where(accounts.c.id == program["account_id"])
        await tx.rows(of.values(**called, version=accounts.c.version + 1))
    return await tx.update(programs, program["id"], **terms)


# --- terms ------------------------------------------------------------------------------------------------------------

# Columns of a program's terms, and what the inputs of commands call them.
FIELDS = {
    "entities": "entities",
    "documents": "operations",
    "budget": "budget_per_minute",
    "smallest_cell": "smallest_cell",
}


def _terms(given: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of what is given; Rejected for a budget of nothing, a cell of one, operations that are closed."""
    made = {column: given[name] for column, name in FIELDS.items() if name in given}
    if made.get("budget") is not None and made["budget"] < 1:
        raise rejected(ProblemCode.INVALID, "budget_per_minute", "预算至少为 1。", "A budget is at least 1.")
    if made.get("smallest_cell") is not None and made["smallest_cell"] < 2:
        raise rejected(ProblemCode.INVALID, "smallest_cell", "最小单元格至少为 2。", "A smallest cell is at least 2.")
    for name in ("entities", "documents"):
        if made.get(name) is not None and not made[name]:
            raise rejected(ProblemCode.INVALID, FIELDS[name], "不能为空。", "This must not be empty.")
    if made.get("entities") is not None:
        made["entities"] = sorted(set(made["entities"]))
    if made.get("documents") is not None:
        for operation in made["documents"]:
            only_open(operations=operation)
        made["documents"] = sorted({operation["sha256"] for operation in made["documents"]})
    return made


def _reached(path: str, operations: Sequence[Record] | None) -> None:
    """Rejected for operations that are stored neither at the unit nor above it: they are not for its programs."""
    if any(not path.startswith(operation["unit_path"]) for operation in operations or ()):
        zh, en = "须为该单元或其上级存储的查询。", "An operation is for programs where it is stored, and below."
        raise rejected(ProblemCode.OUT_OF_REACH, "operations", zh, en)


def _wider(name: str, held: Any, said: Any) -> bool:
    """Whether a term would let a program do more than the one it has."""
    if held is None:
        return False
    if said is None:
        return True
    if name == "budget":
        return bool(said > held)
    if name == "smallest_cell":
        return bool(said < held)
    return not set(said) <= set(held)


# --- lifetimes --------------------------------------------------------------------------------------------------------


async def _until(tx: Transaction, days: int, latest: datetime | None) -> datetime:
    """The moment so many days from now; Rejected where it cannot be a token's end."""
    if not 1 <= days <= LONGEST_DAYS:
        zh, en = f"有效期须为 1 至 {LONGEST_DAYS} 天。", f"A token is valid for 1 to {LONGEST_DAYS} days."
        raise rejected(ProblemCode.INVALID, "days", zh, en)
    until: datetime = await tx.value(select(func.now())) + timedelta(days=days)
    _lasting("days", until, latest)
    return until


def _lasting(field: str, until: datetime, latest: datetime | None) -> None:
    if latest is not None and until > latest:
        zh = f"不能晚于您自己的授权或已批准的期限（{minute(latest)}）。"
        en = f"This would outlast your own grant, or what was approved ({minute(latest)})."
        raise rejected(ProblemCode.OUT_OF_REACH, field, zh, en)


async def _prolonged(tx: Transaction, account: UUID, days: int, warrant: Warrant) -> datetime:
    """The end of a rotated token. Only who may approve it goes beyond what was approved, and takes the grant along."""
    mine = (grants.c.account_id == account, grants.c.revoked_at.is_(None))
    approved = await tx.value(select(func.max(grants.c.until)).where(*mine))
    bounds = [bound for bound in (warrant.latest, None if warrant.approves else approved) if bound is not None]
    until = await _until(tx, days, min(bounds, default=None))
    if approved is not None and until > approved:
        last = (*mine, grants.c.until == approved)
        await tx.rows(update(grants).where(*last).values(until=until, version=grants.c.version + 1))
    return until


# --- rows -------------------------------------------------------------------------------------------------------------


async def _held(tx: Transaction, token: Record, *wanted: TokenState) -> Record:
    """The credential of a token, locked, and who of those that vouch for it lost the right to.

    Rejected unless the token is in one of these states.
    """
    of = aliased(tokens)
    told = select(state(of.c)).where(of.c.id == token["id"]).scalar_subquery()
    sides = (lost(side, credentials.c).label(name) for name, side in SIDES.items())
    found = select(credentials, told.label("state"), *sides).where(credentials.c.id == token["credential_id"])
    held = await tx.row(found.with_for_update(of=credentials))
    if held is None or held["state"] not in wanted:
        raise _not_now()
    return held


def _not_now() -> Rejected:
    zh, en = "令牌不在可以这样做的状态。", "The token is not in a state in which this can be done."
    return rejected(ProblemCode.CLOSED, "token", zh, en)


async def _add(
    tx: Transaction, minted: Minted, program: Record, *, replaces_id: UUID | None = None, **signed: Any
) -> UUID:
    values = {"id": minted.id, "account_id": program["account_id"], "secret_sha256": minted.digest}
    await tx.rows(insert(credentials).values(**values, **signed))
    place = {"program_id": program["id"], "unit_path": program["unit_path"]}
    return await tx.insert(tokens, credential_id=minted.id, replaces_id=replaces_id, **place)


async def _change(tx: Transaction, credential: str, **values: Any) -> None:
    await tx.rows(update(credentials).where(credentials.c.id == credential).values(**values))
