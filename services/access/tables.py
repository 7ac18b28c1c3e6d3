"""Accounts, the credentials that stand for them, and what was granted to them: a role at a seat, for a time.

An account is a person's or a program's. A program has terms of its own: what it may ask, how, and how much a minute. A
seat is of one of the kinds of services/access/seat_kinds.py.

`account.revision` counts every change of the account's grants, whoever makes it (a trigger keeps it, also when a
seat's path changes because a unit moved): the reading statement compares it in its own snapshot, so no worker can
answer from grants that are gone.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    DateTime,
    Enum,
    ForeignKey,
    Index,
    Integer,
    Interval,
    LargeBinary,
    Table,
    Text,
    and_,
    func,
    literal_column,
    or_,
    select,
)

from services.access.seat_kinds import KINDS
from services.described import Described
from services.members.tables import members
from services.organization.tables import units
from services.storage.references import NAMES, PATH
from services.storage.tables import BYTEWISE, METADATA, PRIVILEGES, aliased, folded, identified, versioned


class AccountKind(Described):
    """账号类别：人员、程序 / A person's account, or a program's."""

    PERSON = "PERSON", "人员 / A person."
    PROGRAM = "PROGRAM", "合作单位的程序 / A partner's program."


class CredentialKind(StrEnum):
    """凭证类别：令牌、会话 / A token, or the session of someone who signed in."""

    TOKEN = "TOKEN"  # noqa: S105
    SESSION = "SESSION"


# A temporary password is one that somebody else made up, because of `password_reset_for` where an administrator did.
accounts = Table(
    "account",
    METADATA,
    identified(),
    Column("kind", Enum(AccountKind, name="account_kind"), nullable=False, server_default="PERSON"),
    Column("name", Text, nullable=False),
    folded(),
    Column("login", BYTEWISE, unique=True),
    Column("password", Text),
    Column("password_temporary", Boolean, nullable=False, server_default="false"),
    Column("password_reset_for", Text),
    Column("member_id", ForeignKey(members.c.id)),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE")),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("closed_at", DateTime(timezone=True)),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint("kind = 'PERSON' OR num_nonnulls(login, password, member_id) = 0", name="program"),
    CheckConstraint(
        "CASE WHEN password_temporary THEN password IS NOT NULL ELSE password_reset_for IS NULL END", name="temporary"
    ),
    Index("account_unit_idx", "unit_path"),
    Index("account_member_idx", "member_id"),
)

# What a program may ask beside its grant; null is no bound. `entities` are named as in roles.csv, `documents` by the
# SHA-256 of their text in hexadecimal, `budget` is rows of cost a minute (docs/limits.md). `agency` is the partner it
# belongs to, `unit_path` the unit that answers for it; a trigger keeps where that was before it last moved, and when.
programs = Table(
    "program",
    METADATA,
    identified(),
    Column("account_id", ForeignKey(accounts.c.id, ondelete="CASCADE"), nullable=False, unique=True),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE")),
    Column("agency", Text),
    Column("entities", ARRAY(BYTEWISE)),
    Column("documents", ARRAY(BYTEWISE)),
    Column("budget", Integer),
    Column("smallest_cell", Integer),
    Column("moved_at", DateTime(timezone=True)),
    Column("moved_from", BYTEWISE, info={NAMES: (PATH,)}),
    versioned(),
    CheckConstraint("budget > 0", name="budget"),
    CheckConstraint("smallest_cell > 1", name="smallest_cell"),
    CheckConstraint("num_nulls(moved_at, moved_from) <> 1", name="moved"),
    Index("program_unit_idx", "unit_path", "id"),
)

# Tokens of programs and sessions of people. The secret itself is never stored; SHA-256 suffices because it is 256
# random bits, not a password. Nothing stands before it is approved. Who confirmed a token answers for it in the
# place of whoever issued it: see services/access/vouching.py.
credentials = Table(
    "credential",
    METADATA,
    Column("id", BYTEWISE, primary_key=True),
    Column("kind", Enum(CredentialKind, name="credential_kind"), nullable=False, server_default="TOKEN"),
    Column("account_id", ForeignKey(accounts.c.id, ondelete="CASCADE"), nullable=False),
    Column("secret_sha256", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    Column("approved_at", DateTime(timezone=True), server_default=func.now()),
    Column("approved_by", ForeignKey(accounts.c.id)),
    Column("issued_by", ForeignKey(accounts.c.id)),
    Column("confirmed_at", DateTime(timezone=True)),
    Column("confirmed_by", ForeignKey(accounts.c.id)),
    Column("last_used_at", DateTime(timezone=True)),
    CheckConstraint("num_nulls(confirmed_at, confirmed_by) <> 1", name="confirmed"),
    Index("credential_account_idx", "account_id"),
)

# `under_id` is the grant that whoever granted it held, and without which it might go with it.
grants = Table(
    "role_grant",
    METADATA,
    identified(),
    Column("account_id", ForeignKey(accounts.c.id, ondelete="CASCADE"), nullable=False),
    Column("role", Text, nullable=False),
    *(kind.made() for kind in KINDS),
    Column("since", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("until", DateTime(timezone=True)),
    Column("granted_by", ForeignKey(accounts.c.id)),
    Column("under_id", ForeignKey("role_grant.id")),
    Column("reason", Text),
    Column("revoked_at", DateTime(timezone=True)),
    Column("revoked_by", ForeignKey(accounts.c.id)),
    Column("revoked_for", Text),
    versioned(),
    CheckConstraint("until > since", name="term"),
    CheckConstraint(f"num_nonnulls({', '.join(kind.column for kind in KINDS)}) = 1", name="seat"),
    Index("role_grant_account_idx", "account_id"),
    *(Index(f"role_grant_{kind.name}_idx", kind.column) for kind in KINDS),
    Index("role_grant_under_idx", "under_id"),
)

# One random key per installation, so that cursors mean the same on every worker and nothing in another installation.
secrets = Table(
    "service_secret",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
    info={PRIVILEGES: ("SELECT",)},
)

# Who an account is at an identity provider.
identities = Table(
    "external_identity",
    METADATA,
    Column("issuer", BYTEWISE, primary_key=True),
    Column("subject", BYTEWISE, primary_key=True),
    Column("account_id", ForeignKey(accounts.c.id, ondelete="CASCADE"), nullable=False),
    Column("groups", ARRAY(BYTEWISE)),  # of those that give something, as of the last sign-in that told; null before
    Index("external_identity_account_idx", "account_id"),
)

# Sign-ins at a provider that are over, so that none is finished twice; kept as long as one may take.
finished_flows = Table(
    "finished_flow",
    METADATA,
    Column("state_sha256", LargeBinary, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("finished_flow_at_idx", "at"),
)

# Failures to sign in, by a keyed digest of whom or whence: neither logins that were never given out nor addresses can
# be read here. See services/access/lockout.py.
failures = Table(
    "sign_in_failure",
    METADATA,
    Column("key", LargeBinary, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False),
    Column("blocked_until", DateTime(timezone=True), nullable=False),
    Index("sign_in_failure_last_idx", "last_at"),
)


YEAR: ColumnElement[Any] = literal_column("interval '365 days'", Interval())


def seat_name(grant: Any) -> ColumnElement[Any]:
    """What the seat of a grant is called, whoever may see it: it is the caller's own."""
    return func.coalesce(*(_name_of(kind.table, kind.key, getattr(grant, kind.column)) for kind in KINDS))


def seat_path(grant: Any) -> ColumnElement[Any]:
    """The path of the unit a seat is, or to which what it is belongs."""
    paths = (_of_seat(kind.table, grant[kind.column], "unit_path") for kind in KINDS if not kind.is_unit)
    return func.coalesce(grant.unit_path, *paths, type_=BYTEWISE)


def unit_of(account: Any) -> ColumnElement[Any]:
    """The path of the unit an account belongs to; null for one that was made for no unit."""
    return _of_seat(accounts, account, "unit_path")


def _of_seat(table: Table, id: Any, column: str) -> ColumnElement[Any]:
    of = aliased(table)
    return select(of.c[column]).where(of.c.id == id).correlate_except(of).scalar_subquery()


def _name_of(table: Table, key: str, value: Any) -> ColumnElement[Any]:
    of = aliased(table)
    return select(of.c.name).where(of.c[key] == value).correlate_except(of).scalar_subquery()


def of_late(grant: Any) -> ColumnElement[bool]:
    """Whether a grant holds, is to come, or was over less than a year ago."""
    over = func.least(grant.until, grant.revoked_at)
    return or_(over.is_(None), over > func.now() - YEAR)


def in_force(grant: Any) -> ColumnElement[bool]:
    """Whether a grant holds now."""
    return and_(grant.revoked_at.is_(None), grant.since <= func.now(), _not_over(grant))


def lasts(grant: Any) -> ColumnElement[bool]:
    """Whether a grant holds now, or will."""
    return and_(grant.revoked_at.is_(None), _not_over(grant))


def _not_over(grant: Any) -> ColumnElement[bool]:
    return or_(grant.until.is_(None), grant.until > func.now())
