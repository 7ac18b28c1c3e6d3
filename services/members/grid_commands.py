"""Members report to a grid, are assigned to one, leave it; what was entered wrongly is corrected.

Long because one by one, by a list and by correction it is the same step, and the same rule of which grid it may be.

Whoever comes to a grid ends the term before on the day before, and serves there from then on. No term begins after
today: where a member serves is a column that no midnight changes.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import dropwhile
from typing import Any, NamedTuple, TypedDict, Unpack
from uuid import UUID, uuid4

from sqlalchemy import any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as UUID_TYPE

from services.errors import ProblemCode, conflict, rejected
from services.members.grid_tables import TERMS, GridTermKind, ReportChannel, grid_terms
from services.members.grids import check_grids, of_the_county
from services.members.moving import Move, beyond, ended_by, give_back, go
from services.members.tables import Standing, members
from services.organization.tables import units
from services.storage import closing, correcting
from services.storage.closing import past, within_reach
from services.storage.correcting import DAY, Days, Report
from services.storage.transaction import Outcome, Record, Transaction
from services.storage.validation import Amiss, nth, valid

IN_SERVICE = (Standing.IN_SERVICE,)
OF_THE_PARTY = (Standing.IN_SERVICE, Standing.RETIRED)
CORRECTION = "correctGridTerm"
CONTACT = "household_contact"
ELSEWHERE = (
    "该党员另有您无权查看的网格任期，只能自今天起；更早的请由县级办理。",
    "The member has been in a grid that is not yours to see: begin today, or ask the county for an earlier day.",
)


class Address(TypedDict, total=False):
    """What a member says of where they live, which is contact data and kept with it."""

    address: str | None


class Step(NamedTuple):
    """What becomes of a member: the term they are in there already, or a new one, and that which it cuts."""

    known: UUID | None
    new: dict[str, Any]
    cut: Record | None


# --- coming to a grid -------------------------------------------------------------------------------------------------


async def report(
    tx: Transaction, *, member: Record, grid_code: str, channel: ReportChannel, since: date, **contact: Unpack[Address]
) -> Outcome:
    """Report a member in service to a grid of their county; the term's id, and what ended.

    The address goes to their contact data.
    """
    said = valid(members, contact)
    _fit(member, IN_SERVICE, "报到的须为在职党员。", "Who reports is a member in service.")
    await past(tx, "since", since)
    grid = await of_the_county(tx, member, grid_code)
    return await _come(tx, member, grid, since, channel, "grid_code", said)


async def assign(tx: Transaction, *, member: Record, grid: Record, since: date) -> Outcome:
    """Assign a member of the Party to a grid; the term's id, and what ended by it."""
    _fit_to_assign(member, None)
    await past(tx, "since", since)
    await check_grids(tx, {"grid": grid})
    return await _come(tx, member, grid, since, None, "grid", {})


async def assign_all(tx: Transaction, *, unit: Record, members: Sequence[Mapping[str, Any]]) -> Outcome:
    """Take the rows of a list into grids, all or none; which row is which term, and which was one before.

    The same list once more changes nothing. Rejected with all that is amiss.
    """
    steps = await _steps(tx, unit, members)
    ended = Counter((line["holder_before"][1], line["kind"] == CONTACT) for line in await _take(tx, steps))
    lines = [
        {
            "row": n,
            "kind": grid_terms.name,
            "id": step.known or step.new["id"],
            "known": step.known is not None,
            "contacts_ended": ended[step.new["member_id"], True] if step.known is None else 0,
            "terms_ended": ended[step.new["member_id"], False] if step.known is None else 0,
        }
        for n, step in enumerate(steps)
    ]
    return Outcome(unit["id"], lines)


async def _steps(tx: Transaction, unit: Record, members: Sequence[Mapping[str, Any]]) -> list[Step]:
    """What becomes of each row; Rejected with all that is amiss."""
    amiss = Amiss()
    if not members:
        amiss.tell(ProblemCode.INCOMPLETE, "members", "至少填写一行。", "Give one row at least.")
    today = await tx.today()
    with amiss.within():
        await check_grids(tx, {f"members.{n}.grid": row["grid"] for n, row in enumerate(members) if row.get("grid")})
    held = await _held(tx, [row["member"]["id"] for row in members if row.get("member")])
    unseen = await _unseen(tx, held)
    seen: dict[UUID, int] = {}
    steps: list[Step] = []
    for number, row in enumerate(members):
        at = f"members.{number}"
        member, grid = row.get("member"), row.get("grid")  # neither where it is refused already
        with amiss.within(at):
            if member:
                _once(seen, number, member["id"])
        with amiss.within(at):
            if grid:
                _within(unit, grid)
        with amiss.within(at):
            if member and grid and "since" in row:
                steps.append(_of_row(row, held.get(member["id"], []), unseen, today))
    amiss.check()
    return steps


def _of_row(row: Mapping[str, Any], terms: Sequence[Record], unseen: Collection[UUID], today: date) -> Step:
    channel: ReportChannel | None = row.get("channel")
    _fit_to_assign(row["member"], channel)
    if row["since"] > today:
        raise rejected(ProblemCode.INVALID, "since", "日期不能晚于今天。", "The day must not lie ahead.")
    return _step(row["member"], row["grid"], row["since"], channel, terms, unseen, today)


def _once(seen: dict[UUID, int], number: int, member: UUID) -> None:
    earlier = seen.setdefault(member, number)
    if earlier != number:
        zh, en = nth("members", earlier)
        raise rejected(ProblemCode.TAKEN, "member", f"{zh}已是此党员。", f"The member is that of {en} already.")


def _within(unit: Record, grid: Record) -> None:
    if not grid["path"].startswith(unit["path"]):
        zh, en = "该网格不在此单元。", "The grid is not in this unit."
        raise rejected(ProblemCode.OUT_OF_REACH, "grid", zh, en)


async def _come(
    tx: Transaction,
    member: Record,
    grid: Record,
    since: date,
    channel: ReportChannel | None,
    field: str,
    said: Mapping[str, Any],
) -> Outcome:
    """One member comes to a grid; Rejected for `field` where they are there already."""
    held = await _held(tx, [member["id"]])
    terms, unseen = held.get(member["id"], []), await _unseen(tx, held)
    step = _step(member, grid, since, channel, terms, unseen, await tx.today())
    if step.known is not None:
        raise rejected(ProblemCode.TAKEN, field, "该党员已在此网格。", "The member is in this grid already.")
    ended = [] if step.cut is None else [correcting.told(grid_terms, step.cut, {**step.cut, "until": since - DAY})]
    return Outcome(step.new["id"], [*ended, *await _take(tx, [step], said)])


def _step(
    member: Record,
    grid: Record,
    since: date,
    channel: ReportChannel | None,
    terms: Sequence[Record],
    unseen: Collection[UUID],
    today: date,
) -> Step:
    """What becomes of a member whose terms are these; Rejected for `since` where none can begin then.

    Behind a term whoever asks may not read any earlier day is refused alike: else they would find when it ended.
    """
    seen = [each for each in terms if each["id"] not in unseen]
    held = _on(since, seen)
    # Whoever was assigned to a grid may still report there.
    if held is not None and held["unit_path"] == grid["path"] and (channel is None or held["channel"] is not None):
        return Step(held["id"], {}, None)
    if any(each["since"] > since for each in seen):
        zh = "该党员此日之后已在另一网格：更早的属于更正，请用 correctGridTerm。"
        en = "The member is in another grid since a later day: what lies before is for correctGridTerm to mend."
        raise rejected(ProblemCode.TAKEN, "since", zh, en)
    if since < today and terms and terms[-1]["id"] in unseen:
        raise rejected(ProblemCode.CLOSED, "since", *ELSEWHERE)
    held = _on(since, terms)
    new = {
        "id": uuid4(),
        "member_id": member["id"],
        "unit_path": grid["path"],
        "kind": GridTermKind.ASSIGNED if channel is None else GridTermKind.REPORTED,
        "channel": channel,
        "since": since,
        "cut_id": held and held["id"],
        "cut_until": held and held["until"],
    }
    if held is not None:
        _check_cut(held, since, today)
    return Step(None, new, held)


def _on(day: date, terms: Sequence[Record]) -> Record | None:
    return next((each for each in terms if each["since"] <= day <= (each["until"] or day)), None)


def _check_cut(held: Record, since: date, today: date) -> None:
    """Rejected for `since` where the term that runs on that day cannot end on the day before."""
    within_reach("since", since, today, CORRECTION)
    if since == held["since"]:
        zh, en = f"已于 {since} 进入另一网格。", f"The member came to another grid on {since}."
        raise rejected(ProblemCode.TAKEN, "since", zh, en)
    if held["until"] is not None and held["until"] < today:  # and not when: it may be another town's
        raise rejected(ProblemCode.CLOSED, "since", "此日的任期已结束，不再变更。", "The term of that day is over.")


async def _take(tx: Transaction, steps: Sequence[Step], said: Mapping[str, Any] = {}) -> Report:
    """Write it: first what is cut, so that no constraint is violated on the way; then where the members serve.

    What ends by that beside: what they did where they served before.
    """
    coming = [step.new for step in steps if step.known is None]
    before = await _served(tx, [row["member_id"] for row in coming])
    new = [{**row, "came_from_id": before[row["member_id"]]} for row in coming]
    last = [(step.cut, step.new["since"] - DAY) for step in steps if step.cut is not None]
    await tx.update_all(grid_terms, [{"id": cut["id"], "until": until} for cut, until in last])
    await tx.insert_all(grid_terms, new)
    serving = [{"id": row["member_id"], "unit_path": row["unit_path"], **said} for row in new]
    await tx.update_all(members, serving)
    return await go(tx, {row["member_id"]: Move(row["unit_path"], row["since"] - DAY, row["id"]) for row in new})


async def _served(tx: Transaction, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The units these members serve in."""
    served = select(members.c.id.label("member"), units.c.id).join_from(
        members, units, units.c.path == members.c.unit_path
    )
    found = await tx.rows(served.where(members.c.id == any_(literal(list(ids), ARRAY(UUID_TYPE())))))
    return {row["member"]: row["id"] for row in found}


# --- which members, and what they are in -----------------------------------------------------------------------------


def _fit_to_assign(member: Record, channel: ReportChannel | None) -> None:
    if channel is None:
        _fit(member, OF_THE_PARTY, "划入网格的须为党员。", "Who is assigned is a member in service or retired.")
    else:
        _fit(member, IN_SERVICE, "报到的须为在职党员。", "Who reports is a member in service.")


def _fit(member: Record, standings: Sequence[Standing], zh: str, en: str) -> None:
    if member["left_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "member", "该党员已离开。", "The member has left.")
    if member["standing"] not in standings:
        raise rejected(ProblemCode.INVALID, "member", zh, en)


async def _held(tx: Transaction, ids: Sequence[UUID]) -> dict[UUID, list[Record]]:
    """The terms of these members, locked, the earliest first."""
    term = grid_terms.c
    found = select(grid_terms).where(term.member_id == any_(literal(list(ids), ARRAY(UUID_TYPE()))))
    held: dict[UUID, list[Record]] = {}
    for row in await tx.rows(found.order_by(term.member_id, term.since).with_for_update(key_share=True)):
        held.setdefault(row["member_id"], []).append(row)
    return held


async def _unseen(tx: Transaction, held: Mapping[UUID, Sequence[Record]]) -> Collection[UUID]:
    """Of the terms of these members those that whoever asks may not read."""
    return set(await tx.unseen(grid_terms.name, [each["id"] for terms in held.values() for each in terms]))


# --- leaving it, and corrections --------------------------------------------------------------------------------------


async def end(tx: Transaction, *, grid_term: Record, on: date, reason: str) -> UUID:
    """Make `on` the last day of a term; its id. The member goes on serving in the unit until they come elsewhere."""
    return await closing.end(tx, grid_terms, grid_term, on, reason, correction=CORRECTION)


async def correct(
    tx: Transaction,
    *,
    grid_term: Record,
    reason: str,
    at_hand: bool,
    grid: Record | None = None,
    channel: ReportChannel | None = None,
    **days: Unpack[Days],
) -> Outcome:
    """Set right a term's days, its grid or how somebody reported; its id. Rejected as any correction.

    What ended as they came, there or to the next grid, ends as they did come. Whoever serves elsewhere is brought back
    by none who may not assign them to a grid, as those `at_hand` they may.
    """
    if days.get("since"):
        await past(tx, "since", days["since"])  # type: ignore[arg-type]
    changes: dict[str, Any] = {**days}
    if grid is not None:
        await check_grids(tx, {"grid": grid})
        changes["unit_path"] = grid["path"]
    if channel is not None:
        changes |= {"channel": channel, "kind": GridTermKind.REPORTED}
    member, following = grid_term["member_id"], await TERMS.next(tx, grid_term)
    ended = [row for term in (grid_term, following) if term for row in await ended_by(tx, term["id"])]
    changed = await correcting.correct(tx, "grid_term", TERMS, grid_term, reason, changes)
    changed += await _follow(tx, member, "until", brings=at_hand)
    return Outcome(grid_term["id"], changed + await give_back(tx, ended, await _moves(tx, member, grid_term["id"])))


async def strike_out(tx: Transaction, *, grid_term: Record, reason: str) -> Outcome:
    """Remove a term that never was; what it cut is given back, and what ended as the member came. The member's id.

    Whoever is in no grid without it serves again where they did before. Refused where something it ended is not the
    caller's to give back.
    """
    member, ended = grid_term["member_id"], await ended_by(tx, grid_term["id"])
    if await beyond(tx, ended):
        raise conflict(*correcting.BESIDE, "grid_term")
    following = await TERMS.next(tx, grid_term)
    if following is not None and following["came_from_id"] is not None:  # then from where they came to this one
        await tx.update(grid_terms, following["id"], came_from_id=grid_term["came_from_id"])
    changed = await correcting.strike_out(tx, "grid_term", TERMS, grid_term, reason)
    before = select(units.c.path).where(units.c.id == grid_term["came_from_id"])
    changed += await _follow(tx, member, "grid_term", (grid_term["unit_path"], await tx.value(before)))
    moves = await _moves(tx, member, None if following is None else following["id"])
    return Outcome(member, changed + await give_back(tx, ended, moves))


async def _moves(tx: Transaction, member: UUID, first: UUID | None) -> list[Move]:
    """How a member moved, from a term on, if there is one; and to where they serve."""
    serving = await tx.value(select(members.c.unit_path).where(members.c.id == member))
    terms = (await _held(tx, [member])).get(member, [])
    made = [Move(each["unit_path"], each["since"] - DAY, each["id"]) for each in terms]
    last = made[-1] if made and made[-1].path == serving else Move(serving, await tx.today() - DAY)
    return [*([] if first is None else dropwhile(lambda move: move.term != first, made)), last]


async def _follow(
    tx: Transaction, member: UUID, field: str, back: tuple[str, str | None] | None = None, *, brings: bool = True
) -> Report:
    """Let a member serve where the term of today is, and tell what ends by it.

    Rejected, for a field, where a term would begin after today, or it `brings` nobody here. Where there is none, and
    they serve in the first of `back`, they serve in the other from now on.
    """
    today = await tx.today()
    terms = (await _held(tx, [member])).get(member, [])
    if any(each["since"] > today for each in terms):
        zh, en = "相邻任期不能自今天之后开始。", "The term beside it would begin after today."
        raise rejected(ProblemCode.INVALID, field, zh, en)
    running = next((each for each in terms if each["until"] is None or each["until"] >= today), None)
    serving = await tx.value(select(members.c.unit_path).where(members.c.id == member))
    there, former = back or (None, None)
    path = running["unit_path"] if running else former if serving == there else None
    if path is None or path == serving:
        return []
    if not brings:
        zh, en = (
            "该党员现在别处服务，更正不能将其调回。",
            "The member serves elsewhere; no correction brings them back.",
        )
        raise rejected(ProblemCode.OUT_OF_REACH, field, zh, en)
    await tx.update(members, member, unit_path=path)
    return await go(tx, {member: Move(path, today - DAY, running["id"] if running else None)})


async def only_elsewhere(tx: Transaction, member: Record, unit: Record) -> None:
    """Rejected where a member who is in a grid today would serve in another unit."""
    terms = (await _held(tx, [member["id"]])).get(member["id"], [])
    today = await tx.today()
    if unit["path"] != member["unit_path"] and any(each["until"] is None or each["until"] >= today for each in terms):
        zh = "该党员已在网格：请用 assignToGrid 调整，或先办理离开网格。"
        en = "The member is in a grid: use assignToGrid, or end that term first."
        raise rejected(ProblemCode.INVALID, "unit", zh, en)
