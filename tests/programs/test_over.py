"""Since when a token is over, and why."""

from datetime import datetime, timedelta

import pytest

from services.programs.ending import Ending
from services.settings import Limits
from services.storage.database import Writer
from tests.programs.office import COUNTY_ADMIN, TOWN, TOWN_ADMIN, Issued, Office, names
from tests.programs.test_successors import loses

HOUR = timedelta(hours=1)
AGO = "now() - interval '1 hour'"
LONG = "now() - interval '90 days 1 hour'"


@pytest.mark.parametrize(
    ("change", "state", "why"),
    [
        (f"expires_at = {AGO}", "EXPIRED", "Its time is over."),
        (f"expires_at = {AGO}, approved_at = NULL", "EXPIRED", "Its time is over."),
        (f"last_used_at = {LONG}", "LAPSED", "Nobody used it for 90 days."),
        (f"approved_at = {LONG}", "LAPSED", "Nobody used it for 90 days."),
        (f"revoked_at = {AGO}", "REVOKED", None),
    ],
)
async def test_an_end_of_its_own(office: Office, change: str, state: str, why: str | None) -> None:
    """What the command line revoked has no reason."""
    issued = await office.issue()
    await office.connection.execute("UPDATE role_grant SET since = since - interval '1 year'")
    await office.connection.execute(f"UPDATE credential SET {change} WHERE id = $1", issued.credential)
    await check(office, issued, state, why)


async def check(office: Office, issued: Issued, state: str, why: str | None) -> None:
    """It is over since an hour ago, for this."""
    shown = await office.shown(issued)
    assert (shown["state"], shown["overFor"] and shown["overFor"].partition(" / ")[2]) == (state, why)
    over = await office.connection.fetchval("SELECT now()") - datetime.fromisoformat(shown["overSince"])
    assert timedelta() <= over - HOUR < timedelta(minutes=1)


@pytest.mark.parametrize("change", ["expires_at = expires_at", "approved_at = NULL"])
async def test_what_stands_or_waits_has_no_end(office: Office, change: str) -> None:
    issued = await office.issue()
    await office.connection.execute(f"UPDATE credential SET {change} WHERE id = $1", issued.credential)
    shown = await office.shown(issued)
    assert (shown["overSince"], shown["overFor"]) == (None, None)
    assert "PROGRAM_REVOKE" in shown["viewerCan"]


async def test_the_reason_given_is_the_reason(office: Office) -> None:
    issued = await office.issue()
    await office.do(COUNTY_ADMIN, "revokeToken", "", id=issued.id, reason="不再需要")
    shown = await office.shown(issued)
    assert (shown["overSince"], shown["overFor"]) == (shown["revokedAt"], "不再需要")
    assert "PROGRAM_REVOKE" not in shown["viewerCan"]


async def test_a_closed_account_is_a_reason(office: Office) -> None:
    issued = await office.issue()
    await office.connection.execute(f"UPDATE account SET closed_at = {AGO} WHERE kind = 'PROGRAM'")
    await check(office, issued, "REVOKED", "The account of the program was closed.")


async def test_a_grant_that_was_taken_first_is_the_reason_where_the_token_expired_since(office: Office) -> None:
    """And one that ended by its day where that came first."""
    taken, ended = [await office.issue() for _ in range(2)]
    its = "FROM credential WHERE credential.id = $1 AND role_grant.account_id = credential.account_id"
    for change, issued in ((f"revoked_at = {AGO}", taken), (f"until = {AGO}", ended)):
        began = "since = now() - interval '1 year'"
        await office.connection.execute(f"UPDATE role_grant SET {began}, {change} {its}", issued.credential)
    await office.connection.execute(
        "UPDATE credential SET expires_at = now() WHERE kind = 'TOKEN' AND id = ANY($1)",
        [taken.credential, ended.credential],
    )
    await check(office, taken, "REVOKED", "What it was granted was taken.")
    await check(office, ended, "EXPIRED", "The time of what it was granted is over.")


async def test_want_of_a_voucher_is_a_reason(office: Office) -> None:
    """Since its days were over; also once that is kept."""
    issued = await office.issue(TOWN_ADMIN, TOWN)
    await office.do(COUNTY_ADMIN, "approveToken", "", id=issued.id)
    assert names(await office.by(issued.text))
    await office.connection.execute("UPDATE role_grant SET since = since - interval '1 year'")
    await loses(office, TOWN_ADMIN, "14 days 1 hour")
    await check(office, issued, "UNCONFIRMED", "Nobody vouched for it for 14 days.")
    writer = Writer(office.url, Limits())
    await Ending(writer).end()
    await writer.close()
    await check(office, issued, "UNCONFIRMED", "Nobody vouched for it for 14 days.")
