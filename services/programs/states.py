"""The state of a token now: whether it stands, since when and why it does not, and for whom it waits."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, literal_column, null, or_, select
from sqlalchemy import func as sql

from services.access.credentials import UNUSED, granted, last_ended, standing, taken
from services.access.tables import accounts, credentials
from services.access.vouching import APPROVER, ISSUER, confirm_by, lost, vouched
from services.programs.tables import UNVOUCHED, TokenState, of_credential
from services.storage.tables import aliased

# Why a token is over that nobody revoked.
CLOSED = "程序账号已停用。 / The account of the program was closed."
TAKEN = "授权已收回。 / What it was granted was taken."
GRANT_OVER = "授权已到期。 / The time of what it was granted is over."
TIME_OVER = "令牌已到期。 / Its time is over."
LAPSED = "90 天未用。 / Nobody used it for 90 days."

Told = tuple[TokenState, ColumnElement[Any], ColumnElement[Any]]  # the state of a token, since when, and why


def state(token: Any) -> ColumnElement[Any]:
    """The state of a token now: the first reason why it does not stand, ACTIVE where there is none."""
    return _of(token, lambda told: _said(told[0].value))


def over_since(token: Any) -> ColumnElement[Any]:
    """Since when a token stands no longer, and never will; null of one that stands or waits to be approved."""
    return _of(token, lambda told: told[1])


def over_for(token: Any) -> ColumnElement[Any]:
    """Why a token stands no longer, by the reason that is its state."""
    return _of(token, lambda told: told[2])


def _of(token: Any, part: Callable[[Told], ColumnElement[Any]]) -> ColumnElement[Any]:
    """A part of what is told of a token, by the first reason why it does not stand."""
    held, owner = aliased(credentials), aliased(accounts)
    reasons, otherwise = _reasons(token, held.c, owner.c)
    told = case(*((found, part(of)) for found, of in reasons), else_=part(otherwise))
    found = select(told).where(held.c.id == token.credential_id, owner.c.id == held.c.account_id)
    return found.correlate_except(held, owner).scalar_subquery()


def _reasons(token: Any, held: Any, owner: Any) -> tuple[list[tuple[ColumnElement[bool], Told]], Told]:
    """Why a token does not stand, of which the first that holds is told; and what is told where none does.

    What whoever revoked a grant said of it is for who may see the grant, and is not told here.
    """
    ended = last_ended(owner.id)
    revoked, closed = held.revoked_at.is_not(None), owner.closed_at.is_not(None)
    why = sql.coalesce(token.revoked_for, case((closed, _said(CLOSED))))
    unused = sql.coalesce(held.last_used_at, held.approved_at) + UNUSED
    unvouched = (TokenState.UNCONFIRMED, sql.least(held.revoked_at, confirm_by(held)), _said(UNVOUCHED))
    reasons: list[tuple[ColumnElement[bool], Told]] = [
        (standing(held, owner), (TokenState.ACTIVE, null(), null())),
        (token.revoked_for == _said(UNVOUCHED), unvouched),
        (or_(revoked, closed), (TokenState.REVOKED, sql.coalesce(held.revoked_at, owner.closed_at), why)),
        (taken(owner.id), (TokenState.REVOKED, ended, _said(TAKEN))),
        (and_(~granted(owner.id), ended < held.expires_at), (TokenState.EXPIRED, ended, _said(GRANT_OVER))),
        (held.expires_at <= sql.now(), (TokenState.EXPIRED, held.expires_at, _said(TIME_OVER))),
        (~vouched(held), unvouched),
        (held.approved_at.is_(None), (TokenState.PENDING, null(), null())),
    ]
    return reasons, (TokenState.LAPSED, unused, _said(LAPSED))


def revocable(token: Any) -> ColumnElement[bool]:
    """Whether there is something to revoke of a token: it is not over, or nothing keeps it from coming back."""
    over = [_said(each.value) for each in (TokenState.REVOKED, TokenState.EXPIRED)]
    return and_(of_credential("revoked_at")(token).is_(None), state(token).not_in(over))


def to_confirm_by(token: Any) -> ColumnElement[Any]:
    """When a token ends unless whoever may confirms it; null while those may who vouch for it, and of one that is over
    by then or revoked, or has nothing left that was granted."""

    def told(held: Any) -> ColumnElement[Any]:
        return case((and_(held.revoked_at.is_(None), granted(held.account_id)), confirm_by(held)))

    return _told(token, told)


def waits(token: Any) -> ColumnElement[bool]:
    """Whether a token waits for somebody in the place of its issuer or its approver."""
    return and_(_living(token), to_confirm_by(token).is_not(None))


def waits_for_issuer(token: Any) -> ColumnElement[bool]:
    """Whether a token waits for somebody in its issuer's place."""
    return and_(_living(token), _told(token, lambda held: lost(ISSUER, held)))


def waits_for_approver(token: Any) -> ColumnElement[bool]:
    """Whether a token waits for somebody who approves it, the first or another."""
    again = and_(_living(token), _told(token, lambda held: lost(APPROVER, held)))
    return or_(state(token) == _said(TokenState.PENDING.value), again)


def _living(token: Any) -> ColumnElement[bool]:
    """Whether a token stands, or will once it is approved."""
    told = state(token)
    return or_(told == _said(TokenState.ACTIVE.value), told == _said(TokenState.PENDING.value))


def _told(token: Any, of: Callable[[Any], ColumnElement[Any]]) -> ColumnElement[Any]:
    """What is told of a token's credential."""
    held = aliased(credentials)
    found = select(of(held.c)).where(held.c.id == token.credential_id)
    return found.correlate_except(held).scalar_subquery()


def _said(text: str) -> ColumnElement[str]:
    return literal_column(f"'{text}'", Text())
