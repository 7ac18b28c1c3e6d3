"""What a fund and an award are told by: a name of its own, and whether what was paid was taken back."""

import asyncio
from datetime import date

import asyncpg
import pytest

from services.projects.fund_tables import funds
from tests.captains.town import COMMUNITY, Town
from tests.centres.asked import ADMIN, AUDITOR, COUNTY_ADMIN, NEIGHBOUR, TOWN_ADMIN, told
from tests.golden.world import path_of
from tests.projects.funded import donate, local, propose, sums
from tests.writes.api import Api
from tests.writes.street import day, unit_id


async def test_an_award_that_was_taken_back_says_so(api: Api, fund: str) -> None:
    """As its entries have it, whoever writes; the sums are those of before, and what is right is proposed anew."""
    await donate(api, fund)
    award = await propose(api, fund, "60.00", persons=2)
    paid = (await api.do(TOWN_ADMIN, "approveAward", "fundAward { entry { id } }", id=award))["fundAward"]["entry"]
    for written in ("UPDATE fund_award SET status = 'TAKEN_BACK'", "UPDATE fund_award SET status = 'REFUSED'"):
        with pytest.raises(asyncpg.CheckViolationError):
            await api.connection.execute(written)
    back = "fundEntry { persons corrects { award { id status entry { correctedBy { amount } } } } }"
    done = (await api.do(ADMIN, "correctFundEntry", back, entryId=paid["id"], reason="误发"))["fundEntry"]
    assert done["persons"] == -2
    assert done["corrects"]["award"] == {
        "id": award,
        "status": "TAKEN_BACK",
        "entry": {"correctedBy": {"amount": "-60.00"}},
    }
    assert await sums(api, fund) == ["100.00", "0.00", "0.00", "0.00", "100.00"]
    totals = "{ fundAwards(filter: {status: [TAKEN_BACK]}) { totals { byStatus { status count fen } } } }"
    assert (await api.data(ADMIN, totals))["fundAwards"]["totals"]["byStatus"] == [
        {"status": "TAKEN_BACK", "count": 1, "fen": 6_000}
    ]
    for command, more in (("approveAward", {}), ("refuseAward", {"answer": "不符"})):
        assert await told(api, TOWN_ADMIN, command, id=award, **more) == [("CLOSED", "id")]
    with pytest.raises(asyncpg.CheckViolationError, match="paid or refused"):
        await api.connection.execute("UPDATE fund_award SET status = 'PAID'")
    again = await propose(api, fund, "60.00", persons=2)
    await api.do(TOWN_ADMIN, "approveAward", "", id=again)
    with pytest.raises(asyncpg.CheckViolationError, match="is taken back by the entry"):  # past the award
        await api.connection.execute(
            """INSERT INTO fund_entry (id, fund_id, unit_path, kind, amount, persons, corrects_id, booked_on)
            SELECT gen_random_uuid(), fund_id, unit_path, kind, -amount, -persons, id, booked_on
            FROM fund_entry WHERE award_id = $1""",
            local(again),
        )


async def test_funds_of_one_unit_have_names_of_their_own(api: Api, fund: str, town: Town) -> None:
    """However they are written, while they are open; units whose funds have one name are merged once one is renamed."""
    here = {"unitId": await unit_id(api, COMMUNITY), "begunOn": day(-9)}
    for name in ("近邻基金", " 近邻基金 "):
        assert await told(api, ADMIN, "openFund", **here, name=name) == [("TAKEN", "name")], name
    both = await asyncio.gather(*(told(api, ADMIN, "openFund", **here, name="奖学（一）") for _ in range(2)))
    assert sorted(map(str, both)) == ["[('TAKEN', 'name')]", "[]"]
    second = f"fu_{await api.connection.fetchval('SELECT id FROM fund WHERE name LIKE $1', '奖学%')}"
    assert await told(api, ADMIN, "renameFund", id=second, name="近邻基金") == [("TAKEN", "name")]
    there = await town.add(funds, unit_path=path_of(NEIGHBOUR[1]), name="近邻基金", begun_on=date(2020, 1, 1))
    versions = """{ kept: orgUnit(by: {code: "350521100001"}) { id version }
        other: orgUnit(by: {code: "350521100002"}) { id version } }"""
    found = await api.data(COUNTY_ADMIN, versions)
    of = {"id": found["kept"]["id"], "others": [found["other"]], "dryRun": True}
    assert await told(api, COUNTY_ADMIN, "mergeUnits", **of) == [("TAKEN", "others")]
    assert await told(api, AUDITOR, "renameFund", id=f"fu_{there['id']}", name="乙基金", version=1) == "FORBIDDEN"
    done = await api.do(NEIGHBOUR, "renameFund", "fund { name }", id=f"fu_{there['id']}", name="乙基金")
    assert done["fund"] == {"name": "乙基金"}
    assert await told(api, COUNTY_ADMIN, "mergeUnits", **of) == []
    await api.do(ADMIN, "closeFund", "", id=second, on=day(0))
    assert await told(api, ADMIN, "renameFund", id=second, name="别名") == [("CLOSED", "id")]
    assert await told(api, ADMIN, "closeFundYear", id=second, year=int(day(-9)[:4])) == [("CLOSED", "id")]
    assert await told(api, ADMIN, "openFund", **here, name="奖学（一）") == []


async def can_correct(api: Api, entry: str) -> bool:
    """Whether an entry can be put right, by what the caller is told."""
    asked = "query($id: ID!) { node(id: $id) { ... on FundEntry { viewerCan } } }"
    return "FUND_ENTRY_CORRECT" in (await api.data(ADMIN, asked, id=entry))["node"]["viewerCan"]


async def test_what_cannot_be_put_right_is_not_said_to_be(api: Api, fund: str) -> None:
    """Of what is spent, set aside or taken back, of a correction, and of a fund that is closed."""
    donation, more = await donate(api, fund), await donate(api, fund, "60.00")
    assert await can_correct(api, donation)
    award = await propose(api, fund, "60.01")
    assert not await can_correct(api, donation)
    assert await can_correct(api, more)
    paid = (await api.do(TOWN_ADMIN, "approveAward", "fundAward { entry { id } }", id=award))["fundAward"]["entry"][
        "id"
    ]
    assert [await can_correct(api, each) for each in (donation, more, paid)] == [False, True, True]
    last = ""
    for entry in (paid, donation):
        done = await api.do(ADMIN, "correctFundEntry", "fundEntry { id }", entryId=entry, reason="误发")
        last = done["fundEntry"]["id"]
        assert [await can_correct(api, each) for each in (entry, last)] == [False, False]
        refused = await told(api, ADMIN, "correctFundEntry", entryId=entry, reason="误发")
        assert refused == [("CLOSED", "entryId")]
    award = await propose(api, fund, "60.00")
    paid = (await api.do(TOWN_ADMIN, "approveAward", "fundAward { entry { id } }", id=award))["fundAward"]["entry"][
        "id"
    ]
    assert await can_correct(api, paid)
    await api.do(ADMIN, "closeFund", "", id=fund, on=day(0))
    assert not await can_correct(api, paid)
    assert await told(api, ADMIN, "correctFundEntry", entryId=paid, reason="误发") == [("CLOSED", "entryId")]


async def test_a_fund_can_be_closed_once_nothing_is_left_or_proposed(api: Api, fund: str) -> None:
    asked = "query($id: ID!) { node(id: $id) { ... on Fund { viewerCan } } }"

    async def can() -> bool:
        return "FUND_CLOSE" in (await api.data(ADMIN, asked, id=fund))["node"]["viewerCan"]

    assert await can()
    await donate(api, fund, "60.00")
    assert not await can()
    award = await propose(api, fund, "60.00")
    assert not await can()
    await api.do(TOWN_ADMIN, "approveAward", "", id=award)
    assert await can()
    await api.do(ADMIN, "closeFund", "", id=fund, on=day(0))
    assert not await can()
