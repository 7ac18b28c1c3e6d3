"""A county's own tokens wait for a second person, where that is set."""

import pytest

from services.settings import SettingError, Settings
from tests.programs.office import COUNTY_ADMIN, TOWN_ADMIN, Issued, Office, names
from tests.programs.test_issuing import IN_TOWN, UNAUTHENTICATED, problem, rotated


async def test_what_a_county_issues_waits_for_a_second_person_where_that_is_set(office: Office) -> None:
    """For any other who may approve there; nor does one of them alone put the end off."""
    office.approve_by_two()
    issued = await office.issue(COUNTY_ADMIN)
    assert await office.by(issued.text) == UNAUTHENTICATED
    assert await office.attempt(COUNTY_ADMIN, "approveToken", "", id=issued.id) == "FORBIDDEN"
    await office.do(("county_admin", "3505"), "approveToken", "", id=issued.id)
    assert names(await office.by(issued.text)) == IN_TOWN
    for who in (COUNTY_ADMIN, ("county_admin", "3505")):
        longer = {"id": issued.id, "overlapHours": 1, "days": 366}
        assert problem(await office.attempt(who, "rotateToken", "", **longer)) == ("OUT_OF_REACH", "days"), who
    assert names(await office.by((await rotated(office, issued, COUNTY_ADMIN)).text)) == IN_TOWN


def test_whether_a_county_needs_two_is_said_in_one_of_two_words() -> None:
    assert Settings.read({}).alone
    assert not Settings.read({"JINLIN_TOKENS_APPROVED": "always"}).alone
    with pytest.raises(SettingError, match="JINLIN_TOKENS_APPROVED"):
        Settings.read({"JINLIN_TOKENS_APPROVED": "yes"})


async def test_what_may_be_done_to_a_token_is_what_its_state_leaves_to_do(office: Office) -> None:
    """Approved while it waits, rotated while it stands and nothing followed it, revoked once."""
    node = "query($id: ID!) { node(id: $id) { viewerCan } }"
    asked = {"PROGRAM_APPROVE", "PROGRAM_ROTATE", "PROGRAM_REVOKE"}

    async def able(token: Issued) -> set[str]:
        return asked & {*(await office.data(COUNTY_ADMIN, node, id=token.id))["node"]["viewerCan"]}

    issued = await office.issue(TOWN_ADMIN)
    assert await able(issued) == {"PROGRAM_APPROVE", "PROGRAM_REVOKE"}
    await office.do(COUNTY_ADMIN, "approveToken", "", id=issued.id)
    assert await able(issued) == {"PROGRAM_ROTATE", "PROGRAM_REVOKE"}
    await office.do(COUNTY_ADMIN, "rotateToken", "", id=issued.id, overlapHours=1, days=1)
    assert await able(issued) == {"PROGRAM_REVOKE"}
    await office.do(COUNTY_ADMIN, "revokeToken", "", id=issued.id, reason="不再使用")
    assert await able(issued) == set()


async def test_whoever_approved_a_token_is_told_of_the_one_that_follows(office: Office) -> None:
    """And when they did, in the payload and in the list, where whoever rotates it may not; else it is they, and now."""
    told = "approvedAt approvedByName issuedByName"
    old = await office.issue(TOWN_ADMIN)
    await office.do(COUNTY_ADMIN, "approveToken", "", id=old.id)
    approved = await office.shown(old)
    said = {"id": old.id, "overlapHours": 1, "days": 20}
    new = (await office.do(TOWN_ADMIN, "rotateToken", f"accessToken {{ id {told} }}", **said))["accessToken"]
    by_county = {"approvedAt": approved["approvedAt"], "approvedByName": "test county_admin 350521"}
    assert new == {"id": new["id"], **by_county, "issuedByName": "test town_admin 350521100"}
    listed = (await office.data(TOWN_ADMIN, f"{{ accessTokens {{ nodes {{ id {told} }} }} }}"))["accessTokens"]["nodes"]
    assert new in listed
    said["id"] = new["id"]
    newest = (await office.do(COUNTY_ADMIN, "rotateToken", f"accessToken {{ {told} }}", **said))["accessToken"]
    assert newest["approvedByName"] == newest["issuedByName"] == "test county_admin 350521"
    assert newest["approvedAt"] > approved["approvedAt"]
