"""A token whose grant was taken, or is over by its day, is over: nobody approves, confirms or rotates it back."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.programs.ending import Ending
from services.settings import Limits
from services.storage.database import Writer
from services.terminal.issued import listed
from tests.programs.office import ADMIN, COMMUNITY, COUNTY_ADMIN, TOWN_ADMIN, Issued, Office, names
from tests.programs.test_issuing import UNAUTHENTICATED, problem
from tests.programs.test_successors import account_of, loses, rights, waiting

COMMANDS: dict[str, dict[str, Any]] = {
    "approveToken": {},
    "confirmToken": {},
    "rotateToken": {"days": 3, "overlapHours": 0},
    "revokeToken": {"reason": "不再需要"},
}
RIGHTS = {"PROGRAM_APPROVE", "PROGRAM_ISSUE", "PROGRAM_ROTATE", "PROGRAM_REVOKE"}
WHY = {"REVOKED": "What it was granted was taken.", "EXPIRED": "The time of what it was granted is over."}
AT_HOME = "UPDATE account SET unit_path = g.unit_path FROM role_grant g WHERE account.id = $1 AND account_id = $1"
ITS_GRANT = "FROM credential WHERE credential.id = $1 AND role_grant.account_id = credential.account_id"
OF_ITS = "FROM role_grant WHERE account_id = (SELECT account_id FROM credential WHERE id = $1)"
ENDS = {
    "REVOKED": f"UPDATE role_grant SET revoked_at = now() {ITS_GRANT}",
    "EXPIRED": f"UPDATE role_grant SET since = now() - interval '2 days', until = now() {ITS_GRANT}",
}


async def given(office: Office, *, approved: bool) -> Issued:
    """A token of a community's program, which the county has approved or has not."""
    issued = await office.issue(ADMIN, COMMUNITY)
    if approved:
        await office.do(COUNTY_ADMIN, "approveToken", "", id=issued.id)
        assert names(await office.by(issued.text))
    return issued


async def check_over(office: Office, issued: Issued, state: str) -> None:
    """It is told to be over, waits for nobody, is taken by no command, and opens nothing."""
    shown = await office.shown(issued)
    assert (shown["state"], shown["confirmBy"]) == (state, None)
    assert not RIGHTS & set(shown["viewerCan"])
    ended = await office.connection.fetchval(f"SELECT max(least(until, revoked_at)) {OF_ITS}", issued.credential)
    assert datetime.fromisoformat(shown["overSince"]) == ended
    assert (shown["overFor"].partition(" / ")[2], shown["revokedAt"], shown["revokedFor"]) == (WHY[state], None, None)
    for who in (TOWN_ADMIN, COUNTY_ADMIN):
        assert await waiting(office, who) == []
        assert await rights(office, issued, who) == set()
    for command, more in COMMANDS.items():
        assert problem(await office.attempt(COUNTY_ADMIN, command, "", id=issued.id, **more)) == ("CLOSED", "id")
    assert await office.by(issued.text) == UNAUTHENTICATED
    (row,) = [row for row in await listed(office.connection) if row["id"] == issued.credential]
    assert row["state"] == state.lower()


@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize("command", ["revokeGrant", "closeAccount"])
async def test_one_whose_grant_went_with_its_issuers(office: Office, command: str, approved: bool) -> None:
    """By `cascade`; and it stays one that was revoked, when nobody would have vouched for it any more."""
    issued = await given(office, approved=approved)
    account = await account_of(office, ADMIN)
    await office.connection.execute(AT_HOME, account)
    grant = await office.connection.fetchval("SELECT id FROM role_grant WHERE account_id = $1", account)
    left = f"gr_{grant}" if command == "revokeGrant" else f"ac_{account}"
    await office.do(COUNTY_ADMIN, command, "", id=left, reason="离任", cascade=True)
    await check_over(office, issued, "REVOKED")
    await office.connection.execute("UPDATE role_grant SET since = since - interval '1 year'")
    await loses(office, ADMIN, "20 days")
    writer = Writer(office.url, Limits())
    await Ending(writer).end()
    await writer.close()
    await check_over(office, issued, "REVOKED")


@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize("state", ENDS)
async def test_one_whose_grant_ended_by_itself(office: Office, state: str, approved: bool) -> None:
    """Taken, or over by its day, while whoever issued it has left: it would have waited for another."""
    issued = await given(office, approved=approved)
    await loses(office, ADMIN)
    assert await waiting(office, TOWN_ADMIN) == [issued.id]
    await office.connection.execute(ENDS[state], issued.credential)
    await check_over(office, issued, state)


async def test_one_whose_grant_is_to_come_is_approved(office: Office) -> None:
    """It can ask for nothing yet, and will."""
    issued = await given(office, approved=False)
    later = f"UPDATE role_grant SET since = now() + $2::interval {ITS_GRANT}"
    await office.connection.execute(later, issued.credential, timedelta(days=1))
    await office.do(COUNTY_ADMIN, "approveToken", "", id=issued.id)
    shown = await office.shown(issued)
    assert (shown["state"], shown["overSince"], shown["overFor"]) == ("ACTIVE", None, None)
    assert "PROGRAM_REVOKE" in shown["viewerCan"]
    assert await office.by(issued.text) == "GRAPHQL_VALIDATION_FAILED"
    await office.connection.execute(later, issued.credential, timedelta(days=-1))
    assert names(await office.by(issued.text))
