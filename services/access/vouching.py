"""Who vouches for a program's token, and whether they still may: nothing they let stand outlives their right by much.

Whoever issued a token, or confirmed it since, holds `program:issue` over the program's unit, and whoever approved it
holds `program:approve`; when one of them loses that, the token stands for 14 days more, in which a successor may take
it on. What the database's owner issued or approved has nobody there, and needs nobody.

All of it is computed from the grants as they are. Which roles give these rights is for the policies to say, a floor
above: `policies.decide` tells it as it is loaded, and nothing is asked before.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Interval,
    Text,
    and_,
    case,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
)

from services.access.tables import accounts, grants, programs
from services.organization.paths import at_or_above
from services.storage.tables import aliased

RolesWith = Callable[[str, str], Collection[str]]

GRACE: ColumnElement[Any] = literal_column("interval '14 days'", Interval())  # in which a successor confirms
NEVER: ColumnElement[Any] = literal_column("'infinity'", DateTime(timezone=True))
WHOLE: ColumnElement[Any] = literal_column("'[]'", Text())  # a range with both its ends


def _untold(entity: str, action: str) -> Collection[str]:
    raise RuntimeError(f"nobody has said who may {entity}:{action}: import policies.decide")


@dataclass(slots=True)
class Policies:
    """What the floor above says of roles."""

    roles_with: RolesWith = _untold


POLICIES = Policies()


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that vouch for a token: the right they need, who it is, and since when, of its credential."""

    action: str
    who: Callable[[Any], ColumnElement[Any]]
    since: Callable[[Any], ColumnElement[Any]]


ISSUER = Side(
    "issue",
    lambda held: func.coalesce(held.confirmed_by, held.issued_by),
    lambda held: func.coalesce(held.confirmed_at, held.created_at),
)
APPROVER = Side("approve", lambda held: held.approved_by, lambda held: held.approved_at)


def vouched(held: Any) -> ColumnElement[bool]:
    """Whether both who vouch for a credential could at every moment since they did, or until less than 14 days before.

    At every moment, so that what has ended stays ended, whatever its issuer is granted again.
    """
    return and_(*(or_(side.who(held).is_(None), _never_ended(side, held)) for side in (ISSUER, APPROVER)))


def lost(side: Side, held: Any) -> ColumnElement[bool]:
    """Whether whoever vouches on one side has lost the right, and a credential would end by it before its own time."""
    return _ends(side, held).is_not(None)


def confirm_by(held: Any) -> ColumnElement[Any]:
    """When a credential ends for want of somebody who vouches for it; null while both may, or where it ends by then."""
    return func.least(_ends(ISSUER, held), _ends(APPROVER, held))


def _never_ended(side: Side, held: Any) -> ColumnElement[bool]:
    times = _of_terms(side, held, lambda begins, ends: func.range_agg(func.tstzrange(begins, ends + GRACE)))
    since = func.least(side.since(held), func.now())
    return func.coalesce(times.op("@>", is_comparison=True)(func.tstzrange(since, func.now(), WHOLE)), false())


def _ends(side: Side, held: Any) -> ColumnElement[Any]:
    def told(_: ColumnElement[Any], ends: ColumnElement[Any]) -> ColumnElement[Any]:
        last = func.max(ends)
        return case((and_(last <= func.now(), last + GRACE < held.expires_at), last + GRACE))

    return _of_terms(side, held, told)


def _of_terms(
    side: Side, held: Any, told: Callable[[ColumnElement[Any], ColumnElement[Any]], ColumnElement[Any]]
) -> ColumnElement[Any]:
    """What is told of when the grants began and ended that gave one who vouches the right over the program's unit.

    Over where the unit was until it last moved they ended then.
    """
    grant, owner, program = (
        aliased(grants, "voucher_grant"),
        aliased(accounts, "voucher"),
        aliased(programs, "its_program"),
    )
    roles = (literal_column(f"'{name}'", Text()) for name in POLICIES.roles_with("program", side.action))
    here = at_or_above(grant.c.unit_path, program.c.unit_path)
    there = at_or_above(grant.c.unit_path, program.c.moved_from)
    left = case((not_(here), program.c.moved_at))
    ends = func.coalesce(func.least(grant.c.until, grant.c.revoked_at, owner.c.closed_at, left), NEVER)
    found = select(told(grant.c.since, ends).label("told")).where(
        program.c.account_id == held.account_id,
        owner.c.id == side.who(held),
        grant.c.account_id == owner.c.id,
        or_(false(), *(grant.c.role == role for role in roles)),
        or_(here, there),
        grant.c.since <= func.now(),
        grant.c.since < ends,
    )
    return found.correlate_except(grant, owner, program).scalar_subquery()
