"""How long a token stands by who vouches for it, said a second time in plain loops over drawn terms.

The ends of grants and the gaps between them meet the fourteen days to the day: all of it in days from the hundredth,
which is now, and stays so for a transaction.
"""

from dataclasses import dataclass
from random import Random
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import select

from services.access.credentials import credential
from services.access.tables import credentials
from services.access.vouching import confirm_by
from services.storage.transaction import Transaction
from tests.depth import deep
from tests.programs.office import COUNTY_ADMIN, Office

# Who may issue and who may approve, read beside roles.csv; when each of the two did.
MAY = {"issued_by": {"county_admin", "town_admin", "community_admin"}, "approved_by": {"county_admin"}}
DONE = {"issued_by": "created_at", "approved_by": "approved_at"}
AT = {"here": "350521", "before": "350524", "beside": "350521101"}
PLACES = ("here", "here", "here", "here", "before", "before", "beside")
GRACE, NOW, NEVER = 14, 100, 10_000
DAY = "now() + interval '1 day' * ({}::integer - 100)"
EXPIRY = f"UPDATE credential SET expires_at = {DAY.format('$1')} WHERE id = $2"
MOVE = f"UPDATE program SET moved_at = {DAY.format('$1')}, moved_from = path FROM org_unit WHERE code = '350524100'"


@dataclass
class Term:
    """A grant, and when the account it was given to was closed."""

    role: str
    over: str  # "here", where the program's unit was "before" it moved, or "beside" it
    since: int
    until: int | None
    revoked: int | None
    closed: int | None
    moved: int  # when the program's unit did

    @property
    def ends(self) -> int:
        """The day on which it is over."""
        moved = self.moved if self.over == "before" else None
        return min((day for day in (self.until, self.revoked, self.closed, moved) if day is not None), default=NEVER)

    def gives(self, side: str) -> bool:
        """Whether it ever gave what one needs on this side; what is revoked before it begins never does."""
        return self.role in MAY[side] and self.over != "beside" and self.since <= NOW and self.since < self.ends


def stands(side: str, terms: list[Term], since: int) -> bool:
    """Whether on every day since they vouched for it they held the right, or had until less than 14 days before."""
    good = [term for term in terms if term.gives(side)]
    return all(any(term.since <= day < term.ends + GRACE for term in good) for day in range(since, NOW + 1))


def ends(side: str, terms: list[Term], expires: int) -> int | None:
    """The day on which it ends without a successor; none while they hold the right, or where it expires by then."""
    last = max((term.ends for term in terms if term.gives(side)), default=NEVER)
    return last + GRACE if last <= NOW and expires > last + GRACE else None


def drawn(random: Random, moved: int) -> list[Term]:
    """A few terms one after the other, most of them such as give the right, about 14 days apart or before now.

    Or a single one, without end.
    """
    if random.random() < 0.4:
        return [Term("county_admin", "here", 0, None, None, None, moved)]
    terms, begins = [], random.choice((0, 0, 0, 20))
    closed = random.choice((None, None, None, 86, 87))
    for _ in range(random.randint(1, 4)):
        role = random.choice(
            ("county_admin", "county_admin", "county_admin", "town_admin", "community_admin", "auditor")
        )
        until = random.choice((None, begins + 30, begins + 50, max(85, begins + 1), max(86, begins + 1)))
        revoked = random.choice((None, None, 85, 86, 87, begins, max(begins - 5, 0)))
        terms.append(Term(role, random.choice(PLACES), begins, until, revoked, closed, moved))
        begins = max(0, min(terms[-1].ends, 90) + random.choice((-3, 0, 12, 13, 14, 15, 30)))
    return terms


async def test_a_token_stands_as_long_as_the_loops_say(office: Office) -> None:
    """And tells until when; both answers are met, and the moment at which it ends is among them."""
    issued, random, seen = await office.issue(COUNTY_ADMIN), Random(14), set()
    await office.issue(COUNTY_ADMIN, AT["beside"])  # whose unit is another
    for _ in range(deep(300)):
        moved = random.choice((60, 85, 86, 87))
        terms = {side: drawn(random, moved) for side in MAY}
        since = {side: random.choice((1, 30, 80, 99)) for side in MAY}
        expires = random.choice((101, 112, 113, 114, 115, 400))
        transaction = office.connection.transaction()
        await transaction.start()
        try:
            await office.connection.execute(MOVE, moved)
            await office.connection.execute(EXPIRY, expires, issued.credential)
            for side in MAY:
                await _given(office.connection, issued.credential, side, terms[side], since[side])
            told = await credential(office.connection, issued.credential) is not None
            assert told is all(stands(side, terms[side], since[side]) for side in MAY), (terms, since)
            last = [day for side in MAY if (day := ends(side, terms[side], expires)) is not None]
            assert await _told(office.connection, issued.credential) == min(last, default=None), (terms, expires)
        finally:
            await transaction.rollback()
        seen.add((told, bool(last)))
    assert seen == {(stands, waits) for stands in (True, False) for waits in (True, False)}


async def _told(connection: asyncpg.Connection, id: str) -> int | None:
    """The day by which the service says it must be confirmed."""
    moment = await Transaction(connection).value(select(confirm_by(credentials.c)).where(credentials.c.id == id))
    return None if moment is None else NOW + (moment - await connection.fetchval("SELECT now()")).days


async def _given(connection: asyncpg.Connection, id: str, side: str, terms: list[Term], since: int) -> None:
    account = uuid4()
    closed = f"INSERT INTO account (id, name, folded, closed_at) VALUES ($1, 'x', 'x', {DAY.format('$2')})"
    await connection.execute(closed, account, terms[0].closed)
    for term in terms:
        await _granted(connection, account, term)
    signed = f"UPDATE credential SET {side} = $2, {DONE[side]} = {DAY.format('$3')}, last_used_at = now() WHERE id = $1"
    await connection.execute(signed, id, account, since)


async def _granted(connection: asyncpg.Connection, account: UUID, term: Term) -> None:
    days = ", ".join(DAY.format(f"${number}") for number in (4, 5, 6))
    given = "INSERT INTO role_grant (id, account_id, role, unit_path, since, until, revoked_at)"
    given += f" SELECT gen_random_uuid(), $1, $2, path, {days} FROM org_unit WHERE code = $3"
    await connection.execute(given, account, term.role, AT[term.over], term.since, term.until, term.revoked)
