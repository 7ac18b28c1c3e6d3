"""Who gains and who loses what by a grant, its revocation, or the closing of an account: told before it is done."""

from typing import Any

from tests.access.office import BUILDING, COMMUNITY, COUNTY, TOWN, Office, Who

CHANGES = "access { accountName roles seatNames kind gained lost } accessOmitted"


async def changes(office: Office, by: Who, command: str, **given: Any) -> dict[tuple[str, str], tuple[int, int]]:
    """What an account gains and loses of each type, by its name."""
    done = await office.api.do(by, command, CHANGES, **given)
    assert done["accessOmitted"] == 0
    return {(each["accountName"], each["kind"]): (each["gained"], each["lost"]) for each in done["access"]}


async def test_a_grant_and_its_revocation_tell_what_they_change(office: Office) -> None:
    """A dry run tells what is then seen; what the same account sees by another grant is no gain."""
    county = await office.root("县", "county_admin", COUNTY)
    town = await office.hire(county, "镇", TOWN)
    asked = office.asking(town, "town_admin", TOWN)
    foreseen = await changes(office, county, "grantRole", **asked, dryRun=True)
    assert await office.units(town) == []
    granted = await office.grant(county, town, "town_admin", TOWN)
    assert foreseen["镇", "OrgUnit"] == (len(await office.units(town)), 0)
    assert foreseen["镇", "MemberContact"][0] > 0
    assert {name for name, _ in foreseen} >= {"镇"}
    more = await changes(office, county, "grantRole", **office.asking(town, "community_admin", COMMUNITY), dryRun=True)
    assert ("镇", "OrgUnit") not in more
    lost = await changes(office, county, "revokeGrant", id=granted, reason="调离", dryRun=True)
    assert lost["镇", "OrgUnit"] == (0, len(await office.units(town)))
    closed = await changes(
        office, county, "closeAccount", id=office.accounts["镇"], reason="调离", version=1, dryRun=True
    )
    assert closed["镇", "OrgUnit"] == lost["镇", "OrgUnit"]


async def test_a_seat_that_is_no_unit(office: Office) -> None:
    """The right to ask is looked for at the very seat, whatever it is."""
    county = await office.root("县", "county_admin", COUNTY)
    captain = await office.hire(county, "楼长")
    foreseen = await changes(office, county, "grantRole", **office.asking(captain, "captain", BUILDING), dryRun=True)
    assert foreseen["楼长", "Building"] == (1, 0)
    assert ("楼长", "OrgUnit") not in foreseen
