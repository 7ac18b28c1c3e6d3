"""What lists of accounts and grants come to."""

from tests.access.office import COMMUNITY, COUNTY, TOWN, Office


async def test_what_grants_and_accounts_come_to(office: Office) -> None:
    """By role, of those one administers; a town's administrator counts none of the county's."""
    county = await office.root("甲", "county_admin", COUNTY)
    town = await office.hire(county, "乙", TOWN)
    await office.grant(county, town, "town_admin", TOWN)
    await office.grant(county, town, "auditor", COMMUNITY)
    question = """{ grants { totals { count accounts byRole { role count accounts } } }
        accounts { totals { count programs } } }"""
    told = await office.api.data(county, question)
    whole = told["grants"]["totals"]
    assert sum(each["count"] for each in whole["byRole"]) == whole["count"] > 2
    assert "county_admin" in {each["role"] for each in whole["byRole"]}
    below = await office.api.data(town, question)
    assert below["grants"]["totals"] == {
        "count": 2,
        "accounts": 1,
        "byRole": [{"role": "auditor", "count": 1, "accounts": 1}, {"role": "town_admin", "count": 1, "accounts": 1}],
    }
    assert below["accounts"]["totals"] == {"count": 1, "programs": 0}
