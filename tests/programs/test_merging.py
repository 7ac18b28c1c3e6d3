"""A token reads no more because its unit was merged."""

from services.programs.tables import MERGED
from tests.programs.office import COMMUNITY, COUNTY_ADMIN, TOWN, Office, names, unit_id
from tests.writes.street import OTHER


async def test_a_merger_ends_the_tokens_of_its_units(office: Office) -> None:
    """Of the one that stays as well: neither was approved for what it would read. One seated above reads on."""
    here, beside, above = [await office.issue(at=at) for at in (COMMUNITY, OTHER, TOWN)]
    before = names(await office.by(above.text))
    assert names(await office.by(beside.text))
    survivor, merged = [await unit_id(office, at) for at in (COMMUNITY, OTHER)]
    others = [{"id": merged, "version": await office.version(merged)}]
    told = await office.do(COUNTY_ADMIN, "mergeUnits", "access { accountName gained lost }", id=survivor, others=others)
    for token in (here, beside):
        assert await office.by(token.text) == "UNAUTHENTICATED"
        shown = await office.shown(token)
        assert (shown["state"], shown["revokedFor"]) == ("REVOKED", MERGED)
    assert len(names(await office.by(above.text))) == len(before) - 1
    lines = [line for line in told["access"] if line["accountName"] == "大屏"]
    assert lines
    assert all(line["gained"] == 0 for line in lines)
    assert any(line["lost"] for line in lines)


async def test_none_of_them_is_rotated_back(office: Office) -> None:
    """Nor does another token for the same program bring its grant back."""
    here = await office.issue(at=COMMUNITY)
    survivor, merged = [await unit_id(office, at) for at in (COMMUNITY, OTHER)]
    others = [{"id": merged, "version": await office.version(merged)}]
    await office.do(COUNTY_ADMIN, "mergeUnits", "", id=survivor, others=others)
    payload = await office.attempt(COUNTY_ADMIN, "rotateToken", "token", id=here.id, days=30, overlapHours=0)
    assert isinstance(payload, str) or payload["userErrors"], payload
