"""A county's own tokens wait for a second person, where that is set."""

import pytest

from services.settings import SettingError, Settings
from tests.programs.office import COUNTY_ADMIN, Office, names
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
