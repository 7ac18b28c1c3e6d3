"""The audit trail's chains, verified link by link by whoever has the database, and their heads, to be kept elsewhere.

A chain tells of a value that was changed, an entry that was removed, and one that was slipped in. Of an entry that is
gone a retention must say so, and its link that it was of a kind that is dropped, and old enough by then. That a chain's
end was cut off, or all of it made anew, only a head that was written down before can tell. Hashes are computed here and
not by the database's own functions: who could change entries could change those.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from services.audit.events import FLEETING, Event
from services.errors import bad_input
from services.organization.codes import canonical
from services.organization.leading import leading
from services.settings import LEAST_KEPT

LEAST = timedelta(days=LEAST_KEPT)
ASTRAY = timedelta(days=1)  # how far two clocks may be apart

# As `audit_digest` of migration 0015 makes it.
CANONICAL = """
    json_build_array(
        of.id, of.chain, to_char(of.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), of.account_id,
        of.credential_id, of.request_id, of.operation, of.command, of.target_id, of.unit_id, of.detail,
        (SELECT json_agg(json_build_array(table_name, row_id, before, after) ORDER BY id)
         FROM audit_change WHERE entry_id = of.id),
        (SELECT json_agg(member_id ORDER BY member_id) FROM contact_read WHERE entry_id = of.id))::text
"""
LINKS = f"""
    SELECT link.number, link.entry_id, link.at, link.command, link.digest, link.hash,
           (of.at, of.command) = (link.at, link.command) AS agrees,
           CASE WHEN of.id IS NOT NULL THEN {CANONICAL} END AS text
    FROM audit_link link LEFT JOIN audit_entry of ON of.id = link.entry_id
    WHERE link.chain = $1 ORDER BY link.number
"""  # noqa: S608 - a constant
# From one chain to the next by the index: the service asks every minute, and links are kept for ever.
CHAINS = """
    WITH RECURSIVE one AS (
        (SELECT chain FROM audit_link ORDER BY chain LIMIT 1)
        UNION ALL
        SELECT (SELECT chain FROM audit_link WHERE chain > one.chain ORDER BY chain LIMIT 1)
        FROM one WHERE chain IS NOT NULL)
    SELECT one.chain, code, last.number, last.hash
    FROM one JOIN LATERAL (
        SELECT number, hash FROM audit_link WHERE chain = one.chain ORDER BY number DESC LIMIT 1) AS last ON true
    LEFT JOIN org_unit ON org_unit.id = one.chain
    ORDER BY code NULLS FIRST, one.chain
"""
LOOSE = """
    SELECT of.id, of.chain FROM audit_entry of
    WHERE NOT EXISTS (SELECT FROM audit_link WHERE entry_id = of.id AND chain = of.chain) ORDER BY of.at, of.id
"""
# What was dropped of a chain (services/audit/retention.py) is said on the chain, or where its county is gone on that of
# none.
RETAINED = """
    SELECT audit_link.at, detail FROM audit_entry JOIN audit_link ON entry_id = id
    WHERE audit_link.command = $2 AND detail ->> 'chain' = $1
      AND (audit_entry.chain::text = $1 OR NOT EXISTS (SELECT FROM org_unit WHERE org_unit.id::text = $1))
"""


Known = tuple[UUID, int, str]  # a head as it was kept: of which chain, how many links, the last one's hash


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: of which county (its code, None for what lies above), how many links, the last one's hash."""

    chain: UUID
    code: str | None
    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.chain} {self.number} {self.hash}  {self.code or '-'}"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first link of a chain that does not hold, and why, in Chinese and English."""

    chain: UUID
    number: int | None
    entry: UUID | None
    zh: str
    en: str

    def __str__(self) -> str:
        at = f"{self.chain} #{self.number or '-'} {self.entry or '-'}"
        return f"{at}: {self.zh} / {self.en}"


@dataclass(frozen=True, slots=True)
class GivenUp:
    """What a retention says it dropped: these numbers of the chain, at this moment."""

    low: int
    high: int
    at: datetime

    def tells_of(self, number: int) -> bool:
        """Whether a number is among them."""
        return self.low <= number <= self.high

    def may_be(self, command: str, at: datetime) -> bool:
        """Whether what its link says of an entry is what a retention drops, and was old enough when it did."""
        return command in FLEETING and at + LEAST <= self.at <= datetime.now(UTC) + ASTRAY


REMOVED = "该条目被移除", "the entry was removed"
NOT_DROPPED = "该条目被移除，并谎称按期清除", "the entry was removed, and is said to be of what is dropped in time"
CHANGED = "该条目或其变更被改动", "the entry or one of its changes was altered"
MISSING = "链上缺少一环", "a link is missing"
FORGED = "哈希与前一环不符", "the hash does not follow from the link before"
LOOSE_END = "该条目不在链上，是事后插入的", "the entry is on no chain: it was slipped in"
CUT = "链比留存的链头短，或已被重做", "the chain is shorter than the head kept of it, or was made anew"


async def heads(connection: asyncpg.Connection, county: str | None = None) -> list[Head]:
    """The heads of all chains, or of one county's; BAD_USER_INPUT for a county that has none.

    Of a code that was given up it says the present one: where a county became part of another, both have a chain.
    """
    rows = await connection.fetch(CHAINS)
    code = None if county is None else canonical(county)
    found = [Head(row["chain"], row["code"], row["number"], row["hash"].hex()) for row in rows]
    chosen = [head for head in found if code is None or head.code == code]
    if code is not None and not chosen:
        unit = await leading(connection, code)
        zh, en = (f"，其现行代码为 {unit.code}", f"; its code leads to {unit.code}") if unit else ("", "")
        raise bad_input(f"{county} 没有审计链{zh}。", f"{county} has no audit chain{en}.")
    return chosen


def kept(text: str) -> list[Known]:
    """Heads as they were printed; BAD_USER_INPUT for what are none."""
    try:
        lines = [line.split() for line in text.splitlines() if line.strip()]
        return [(UUID(chain), int(number), last) for chain, number, last, *_ in lines]
    except ValueError:
        raise bad_input("链头文件无法读取。", "The file of heads cannot be read.") from None


async def verify(
    connection: asyncpg.Connection, county: str | None = None, known: Sequence[Known] = ()
) -> list[Broken]:
    """What is broken, the first of each chain; nothing where everything holds, as far as the known heads go.

    A chain that is broken within may be cut off as well: that is told beside it, since it hides other entries.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        found = await heads(connection, county)
        wanted = {head.chain for head in found} | {chain for chain, *_ in known if county is None}
        told = [each for chain in sorted(wanted, key=str) for each in await _broken(connection, chain, known)]
        loose = [row for row in await connection.fetch(LOOSE) if county is None or row["chain"] in wanted]
    return told + [Broken(row["chain"], None, row["id"], *LOOSE_END) for row in loose]


async def _broken(connection: asyncpg.Connection, chain: UUID, known: Sequence[Known]) -> list[Broken]:
    wanted: dict[int, set[str]] = {}  # of one number several, where a chain was made anew while its heads were kept
    for of, number, last in known:
        if of == chain:
            wanted.setdefault(number, set()).add(last)
    given_up = await _given_up(connection, chain)
    number, previous = 0, b""
    async for row in connection.cursor(LINKS, chain):
        number += 1
        amiss = _amiss(chain, number, previous, dict(row), [each for each in given_up if each.tells_of(number)])
        held = row["hash"].hex()
        if amiss is None and wanted.pop(number, {held}) != {held}:
            amiss = CUT
        if amiss is not None:
            first = Broken(chain, number, row["entry_id"], *amiss)
            return [first] if amiss == CUT else [first, *await _cut(connection, chain, wanted)]
        previous = row["hash"]
    return [Broken(chain, number, None, *CUT)] if wanted else []


async def _cut(connection: asyncpg.Connection, chain: UUID, wanted: Mapping[int, set[str]]) -> list[Broken]:
    """Whether a chain that is broken within ends before a head that was kept of it."""
    last = await connection.fetchval("SELECT max(number) FROM audit_link WHERE chain = $1", chain)
    return [Broken(chain, last, None, *CUT)] if max(wanted, default=0) > last else []


def _amiss(
    chain: UUID, number: int, previous: bytes, row: Mapping[str, Any], given_up: Sequence[GivenUp]
) -> tuple[str, str] | None:
    """What is wrong with one link; of an entry that is not there, its own chain must say that it was dropped."""
    if row["number"] != number:
        return MISSING
    at = row["at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    said = f"{chain} {number} {row['entry_id']} {at} {row['command']} "
    if row["hash"] != _sha256(previous + said.encode() + row["digest"]):
        return FORGED
    if row["text"] is not None:
        return None if row["agrees"] and _sha256(row["text"].encode()) == row["digest"] else CHANGED
    if not given_up:
        return REMOVED
    return None if any(each.may_be(row["command"], row["at"]) for each in given_up) else NOT_DROPPED


async def _given_up(connection: asyncpg.Connection, chain: UUID) -> list[GivenUp]:
    rows = await connection.fetch(RETAINED, str(chain), Event.RETAIN)
    return [GivenUp(low, high, row["at"]) for row in rows for low, high in json.loads(row["detail"]).get("numbers", ())]


def _sha256(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()
