"""Programs of partner agencies, their tokens, the operations they may be bound to: tables, and what is shown of them.

A token is a credential (services.access.tables) that was issued to a program; its secret is nowhere. An operation is
stored by its text and known by the SHA-256 of it. `services.programs.issuing` and `services.programs.operations` are
the commands.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Update,
    and_,
    select,
    update,
)
from sqlalchemy import func as sql

from services.access.tables import accounts, credentials, grants, in_force, programs
from services.described import Described
from services.organization.tables import units
from services.storage.tables import BOUNDED, BYTEWISE, INHERITED, METADATA, aliased, folded, identified, versioned

# Why a token was revoked that nobody vouched for in its days, see `services.programs.ending`.
UNVOUCHED = "签发人或批准人失去权限 14 天，无人确认。 / Nobody vouched for it for 14 days."

# Why one was revoked whose unit was merged: what it was approved for is not all of the unit that is left.
MERGED = "所在单元已合并，须另行签发。 / Its unit was merged: issue another."


def _end_merged(paths: Sequence[str]) -> Iterator[Update]:
    """End the tokens of programs seated at these units, and what the programs were granted there."""
    held = and_(grants.c.unit_path.in_(paths), grants.c.revoked_at.is_(None))
    owned = select(grants.c.account_id).join(programs, programs.c.account_id == grants.c.account_id).where(held)
    key, granted = credentials.c, grants.c
    still = select(key.id).where(key.account_id.in_(owned), key.revoked_at.is_(None))
    told = update(tokens).where(tokens.c.credential_id.in_(still))
    yield told.values(revoked_for=MERGED, version=tokens.c.version + 1)
    yield update(credentials).where(key.id.in_(still)).values(revoked_at=sql.now())
    ended = update(grants).where(held, granted.account_id.in_(select(programs.c.account_id)))
    yield ended.values(revoked_at=sql.now(), revoked_for=MERGED, version=granted.version + 1)


class TokenState(Described):
    """令牌状态：待批准、可用、已失效（90 天未用）、无人确认、已过期、已撤销 / Lapsed: unused for 90 days."""

    PENDING = "PENDING", "待批准 / Waits to be approved."
    ACTIVE = "ACTIVE", "可用 / In use."
    LAPSED = "LAPSED", "已失效，90 天未用 / Nobody used it for 90 days."
    UNCONFIRMED = "UNCONFIRMED", "签发人或批准人失权 14 天，无人确认 / 14 days without who may answer for it."
    EXPIRED = "EXPIRED", "已过期，或授权已到期 / Its time is over, or that of what was granted."
    REVOKED = "REVOKED", "已撤销，或授权已收回 / Revoked, or what was granted was."


# `replaces_id` is the token this one was made from by rotation: each is followed by one at most.
tokens = Table(
    "access_token",
    METADATA,
    identified(),
    Column("program_id", ForeignKey(programs.c.id, ondelete="CASCADE"), nullable=False),
    Column("credential_id", BYTEWISE, ForeignKey(credentials.c.id, ondelete="CASCADE"), nullable=False),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE")),
    Column("replaces_id", ForeignKey("access_token.id"), unique=True),
    Column("revoked_for", Text),
    versioned(),
    Index("access_token_program_idx", "program_id"),
    Index("access_token_credential_idx", "credential_id"),
    Index("access_token_unit_idx", "unit_path", "id"),
    info={BOUNDED: _end_merged},
)

# Readable below the unit that stores it, like whatever a unit publishes. `cost` is what it was when it was stored.
operations = Table(
    "stored_operation",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    folded(),
    Column("text", Text, nullable=False),
    Column("sha256", BYTEWISE, nullable=False),
    Column("cost", Integer, nullable=False),
    Column("created_by", ForeignKey(accounts.c.id)),
    Column("closed_on", Date),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    UniqueConstraint("unit_path", "sha256"),
    Index("stored_operation_sha256_idx", "sha256"),
    info={INHERITED: True},
)


# --- what a program is shown with -------------------------------------------------------------------------------------


def program_name(program: Any) -> ColumnElement[Any]:
    """What a program is called: its account's name."""
    return _name_of(program.account_id)


def program_folded(program: Any) -> ColumnElement[Any]:
    """The same as it is compared."""
    account = aliased(accounts)
    found = select(account.c.folded).where(account.c.id == program.account_id)
    return found.correlate_except(account).scalar_subquery()


def program_until(program: Any) -> ColumnElement[Any]:
    """When the grant that was approved for a program ends, the last of them if there are several."""
    held = aliased(grants)
    until = select(sql.max(held.c.until)).where(held.c.account_id == program.account_id, in_force(held.c))
    return until.correlate_except(held).scalar_subquery()


# --- what a token is shown with ---------------------------------------------------------------------------------------


def of_credential(name: str) -> Any:
    """A row function over a token: this column of its credential."""

    def value(token: Any) -> ColumnElement[Any]:
        held = aliased(credentials)
        found = select(held.c[name]).where(held.c.id == token.credential_id)
        return found.correlate_except(held).scalar_subquery()

    return value


def who(name: str) -> Any:
    """A row function over a token: the name of the account in this column of its credential."""
    return lambda token: _name_of(of_credential(name)(token))


def account_of(token: Any) -> Any:
    """The account whose token it is, as a select of its id."""
    of = aliased(programs)
    return select(of.c.account_id).where(of.c.id == token.program_id).correlate_except(of)


def unused_since(token: Any) -> ColumnElement[Any]:
    """When a token was last used, or issued where it never was."""
    held = aliased(credentials)
    found = select(sql.coalesce(held.c.last_used_at, held.c.created_at)).where(held.c.id == token.credential_id)
    return found.correlate_except(held).scalar_subquery()


def _name_of(account: Any) -> ColumnElement[Any]:
    of = aliased(accounts)
    return select(of.c.name).where(of.c.id == account).correlate_except(of).scalar_subquery()
