"""Whether whoever grants, revokes or administers an account may: `policies.delegation` over the database.

These are the `may` of the commands in `schema.access.commands`. Each reads the caller's own grants in the command's
transaction, which holds the caller's account: nobody revokes them meanwhile. Asked once for each command, in one
statement for rights over rows, however many grants the caller holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, literal, not_, or_, select

from policies.actor import Held, seat
from policies.decide import permissions
from policies.delegation import NEVER_VACANT, Holding, able, fits, longest_first, passes, ranks, right_for, rows_decide
from policies.scope import Term
from schema.kit.commands import Caller
from services.access.accounts import unrevoked
from services.access.granting import Footing, footings, last_moment
from services.access.revoking import Ending, lineage
from services.access.seat_kinds import BY_TABLE, of_grant
from services.access.tables import grants
from services.audit.erasure import granted_to
from services.errors import ProblemCode, forbidden, rejected
from services.storage.tables import aliased
from services.storage.transaction import Record
from services.terms import minute

GRANT, REVOKE = "Grant", ("grant", "revoke")


async def may_grant(caller: Caller, target: Record, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """On what the new grant rests. FORBIDDEN for a role, or a seat, beyond what the caller holds; INVALID for a role
    that cannot be seated there, and for an end later than that of any grant it could rest on."""
    role, kind = str(given["role"]), BY_TABLE[given["seat_table"]]
    if not fits(role, kind.name, target.get("level")):
        raise rejected(ProblemCode.INVALID, "role", "该角色不能设在此席位。", "This role is not seated there.")
    held = await _able(caller, role, seat(role, kind.name, str(target[kind.key])))
    if not held:
        raise forbidden(("input", "role"))
    until = last_moment(given.get("until"))
    footing = next((each.footing for each in held if each.footing.lasts(until)), None)
    if footing is None:
        latest = held[0].footing.until
        assert latest is not None  # it would last
        zh = f"不能晚于您自己的授权（至 {minute(latest)}）。"
        en = f"Not beyond your own, which ends at {minute(latest)}."
        raise rejected(ProblemCode.INVALID, "until", zh, en)
    return {"granted_by": caller.actor.account_id, "under": footing.id}


async def may_revoke(caller: Caller, target: Record, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """How the grant ends: one's own always, another's where the caller ranks above it and does not rest on it."""
    if target["account_id"] == caller.actor.account_id:
        ending = _ending(caller, {target["id"]: None})
        return {"ending": replace(ending, never_vacant=target["role"] in NEVER_VACANT)}
    return {"ending": await _outranking(caller, [target])}


async def may_close(caller: Caller, target: Record, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """How the grants of someone else's account end; FORBIDDEN where one is not the caller's to revoke."""
    if target["id"] == caller.actor.account_id:
        raise rejected(ProblemCode.INVALID, "account", "不能停用自己的账号。", "Nobody closes their own account.")
    return {"ending": await _outranking(caller, await unrevoked(caller.tx, target["id"]))}


async def may_delete(caller: Caller, target: Record, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """A person's accounts, and how the grants end that end with them; FORBIDDEN where one is not the caller's to
    revoke."""
    own, held = await granted_to(caller.tx, target["id"])
    if any(account["id"] == caller.actor.account_id for account in own):
        raise rejected(ProblemCode.INVALID, "member", "不能删除自己。", "Nobody deletes themselves.")
    return {"own": own, "ending": await _outranking(caller, held)}


async def may_administer(caller: Caller, target: Record, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """FORBIDDEN where the account holds what the caller could not have granted: who signs in as it would hold it.

    And where it holds what the caller's own rests on: a deputy does not lock out whose deputy they are.
    """
    for row in await unrevoked(caller.tx, target["id"]):
        if target["id"] != caller.actor.account_id and not await _free(caller, row, await _carrying(caller, row)):
            raise forbidden(("input", "id"))
    return {}


async def may_reset(caller: Caller, target: Record, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What hashes the new password. As `may_administer`; FORBIDDEN also for a peer whom the caller did not appoint.

    Whoever knows a password can act in its owner's name: approve as a second person what they issued as the first.
    """
    if target["id"] == caller.actor.account_id:
        zh, en = "自己的密码请用 PUT /session/password 修改。", "Change your own by PUT /session/password."
        raise rejected(ProblemCode.INVALID, "account", zh, en)
    for row in await unrevoked(caller.tx, target["id"]):
        if not await _above(caller, row):
            raise forbidden(("input", "id"))
    return {"hashed": caller.hashed}


# --- the caller's own grants ------------------------------------------------------------------------------------------


async def _holdings(caller: Caller) -> list[Holding]:
    """What the caller holds, with when it ends; a request narrowed to one grant holds only that."""
    actor = caller.actor
    found = await footings(caller.tx, actor.account_id)
    return [Holding(each.role, each.term, found[each.grant]) for each in actor.held if each.grant in found]


async def _able(caller: Caller, role: str, term: Term | None) -> list[Holding]:
    """The holdings a role at this term could rest on, the longest-lasting first; none for a role not seated there."""
    if term is None:
        return []
    found = able(await _holdings(caller), role, term)
    if not rows_decide(term):
        return found
    beyond = [_beyond(caller, each, role, term) for each in found]
    return await _passing(caller, found, [not_(each) for each in beyond])


async def _carrying(caller: Caller, row: Record) -> list[Holding]:
    """The holdings by which the caller could have granted this grant, for as long."""
    held = await _able(caller, row["role"], _term_of(row))
    return [each for each in held if each.footing.lasts(row["until"])]


async def _free(caller: Caller, row: Record, holdings: Sequence[Holding]) -> list[Holding]:
    """Those of the caller's that do not rest on this grant."""
    return [each for each in holdings if row["id"] not in await lineage(caller.tx, each.footing.id)]


async def _above(caller: Caller, row: Record) -> bool:
    """Whether one of these could not have been granted by the holder of this grant in turn, or is what it rests on."""
    term, carrying = _term_of(row), await _carrying(caller, row)
    if term is None or not carrying:
        return False
    below = await lineage(caller.tx, row["id"])
    return any(each.footing.id in below or not passes(row["role"], term, each.role, each.term) for each in carrying)


def _term_of(row: Record) -> Term | None:
    """The term of a grant's seat; None for a role that is not seated there."""
    kind, at = of_grant(row)
    return seat(row["role"], kind.name, str(at))


async def _outranking(caller: Caller, rows: Sequence[Record]) -> Ending:
    """How someone else's grants end; FORBIDDEN unless for each one of the caller's ranks above it and does not rest on
    it. What is taken over rests on one that rests on none of them."""
    holdings, ids = await _holdings(caller), {row["id"] for row in rows}
    above = {each.footing.id: ids & await lineage(caller.tx, each.footing.id) for each in holdings}
    taking_over: dict[UUID, Footing | None] = {}
    for row in rows:
        ranking = [each for each in holdings if ranks(each.role, row["role"])]
        admitting = await _passing(caller, ranking, [_admits(caller, each, row) for each in ranking])
        if all(row["id"] in above[each.footing.id] for each in admitting):
            raise forbidden(("input", "id"))
        lasting = [each.footing for each in longest_first(admitting) if not above[each.footing.id]]
        taking_over[row["id"]] = lasting[0] if lasting else None
    return _ending(caller, taking_over)


def _ending(caller: Caller, taking_over: Mapping[UUID, Footing | None]) -> Ending:
    return Ending(caller.actor.account_id, lambda row: caller.within(GRANT, REVOKE, row), taking_over)


# --- in the database --------------------------------------------------------------------------------------------------


async def _passing(caller: Caller, holdings: Sequence[Holding], tests: Sequence[ColumnElement[bool]]) -> list[Holding]:
    """Those whose test holds, in one statement."""
    if not holdings:
        return []
    row = await caller.tx.row(select(*(test.label(f"t{number}") for number, test in enumerate(tests))))
    assert row is not None
    return [each for each, passes in zip(holdings, row.values(), strict=True) if passes]


def _admits(caller: Caller, holding: Holding, row: Record) -> ColumnElement[bool]:
    """Whether by this holding alone the grant is the caller's to revoke."""
    table = aliased(grants)
    within = _as(caller, holding).within(GRANT, REVOKE, table.c)
    return select(table.c.id).where(table.c.id == row["id"], within).exists()


def _beyond(caller: Caller, holding: Holding, role: str, term: Term) -> ColumnElement[bool]:
    """Whether the role reaches a row, for one of its rights, that the holding does not reach for what that needs."""
    seated, holder = caller.holding(Held(holding.footing.id, role, term)), _as(caller, holding)
    found: list[ColumnElement[bool]] = []
    for right in sorted(permissions(role)):
        needed = right_for(holding.role, role, right)
        assert needed is not None
        for entity, table in caller.tables(right[0]).items():
            row = aliased(table)
            outside = seated.within(entity, right, row.c), not_(holder.within(entity, needed, row.c))
            found += [select(literal(1)).select_from(row).where(*outside).exists()]
    return or_(*found) if found else false()


def _as(caller: Caller, holding: Holding) -> Caller:
    return caller.holding(Held(holding.footing.id, holding.role, holding.term))
