"""Funds never come to less than nothing: what is proposed is set aside, paid by another person, and taken back once."""

import asyncio
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import asyncpg
import pytest

from services.captains.tables import captain_terms
from services.projects.amounts import divided
from services.projects.fund_tables import FundEntryKind, entries, funds
from services.storage.database import connected
from services.storage.transaction import Record
from tests.captains.town import COMMUNITY, COUNTY, GRID, Town
from tests.centres.asked import ADMIN, AUDITOR, COUNTY_ADMIN, NEIGHBOUR, TOWN_ADMIN, told
from tests.golden.world import path_of
from tests.points.ledger import seat
from tests.projects.funded import donate, given, local, propose, proposed, sums
from tests.writes.api import Api
from tests.writes.street import day, unit_id

BULLETIN = """{ fundEntries(orderBy: {field: BOOKED_ON}) { nodes {
  kind amount persons donor purpose corrects { kind } correctedBy { kind } }
  totals { byKind { kind fen persons } } } }"""


def test_divided_to_the_fen() -> None:
    shares = divided(Decimal("100.00"), 3)
    assert shares == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    for amount, among in (("0.05", 5), ("99999999.99", 7), ("51000.00", 56)):
        made = divided(Decimal(amount), among)
        assert sum(map(Fraction, made)) == Fraction(amount)
        assert len(made) == among
        assert max(made) - min(made) <= Decimal("0.01")


async def test_given_proposed_approved_and_read(api: Api, fund: str, town: Town) -> None:
    await donate(api, fund, "100", kind="UNITS", donor="某某公司")
    award = await propose(api, fund, "100.00", persons=3)
    assert await sums(api, fund) == ["100.00", "0.00", "0.00", "100.00", "100.00"]
    shown = "fundAward { status share largerShares entry { amount persons } fund { balance reserved } }"
    assert await told(api, ADMIN, "approveAward", id=award) == "FORBIDDEN"
    for who in (NEIGHBOUR, AUDITOR):
        assert await told(api, who, "approveAward", id=award, version=1) in ("NOT_FOUND", "FORBIDDEN"), who
    assert (await api.do(TOWN_ADMIN, "approveAward", shown, id=award))["fundAward"] == {
        "status": "PAID",
        "share": "33.33",
        "largerShares": 1,
        "entry": {"amount": "100.00", "persons": 3},
        "fund": {"balance": "0.00", "reserved": "0.00"},
    }
    for command, more in (("approveAward", {}), ("refuseAward", {"answer": "不符"})):
        assert await told(api, TOWN_ADMIN, command, id=award, **more) == [("CLOSED", "id")]
    member, stranger = await town.member("林一", GRID), await town.member("王三", "350521100002")
    captain = await town.member("陈二", "350521100002")
    home = await town.building(await town.compound("甲小区"), "1号楼")
    of = {"building_id": home["id"], "unit_path": home["unit_path"], "member_id": captain["id"]}
    await town.add(captain_terms, **of, since=date.fromisoformat(day(-9)))
    for who in (seat(member), ("captain", f"mb_{captain['id']}"), AUDITOR, ADMIN):
        found = (await api.data(who, BULLETIN))["fundEntries"]
        assert sorted((each["kind"], each["amount"], each["donor"]) for each in found["nodes"]) == [
            ("SCHOLARSHIP", "100.00", None),
            ("UNITS", "100.00", "某某公司"),
        ], who
        assert {each["kind"]: each["fen"] for each in found["totals"]["byKind"]} == {
            "UNITS": 10_000,
            "SCHOLARSHIP": 10_000,
        }
        if who != ADMIN:
            assert (await api.data(who, "{ fundAwards { nodes { id } } }"))["fundAwards"]["nodes"] == []
    assert (await api.data(seat(stranger), BULLETIN))["fundEntries"]["nodes"] == []


async def test_what_is_refused(api: Api, fund: str) -> None:
    for wrong, at in (
        ({"amount": "0.00"}, "amount"),
        ({"amount": "-1.00"}, "amount"),
        ({"amount": "100000000.00"}, "amount"),
        ({"kind": "AID"}, "kind"),
        ({"donor": "某公司"}, "donor"),
        ({"receivedAt": f"{day(1)}T08:00:00+08:00"}, "receivedAt"),
        ({"receivedAt": "2001-01-01T08:00:00+08:00"}, "receivedAt"),
    ):
        assert await told(api, ADMIN, "recordDonation", **given(fund, **wrong)) == [("INVALID", at)], wrong
    for amount in ("0.001", "1e3", "１00", "", "NaN"):
        assert await told(api, ADMIN, "recordDonation", **given(fund, amount)) == "BAD_USER_INPUT", amount
    await donate(api, fund)
    awards: tuple[tuple[dict[str, Any], str, str], ...] = (
        ({"amount": "100.01"}, "OUT_OF_REACH", "amount"),
        ({"amount": "0.01", "persons": 2}, "INVALID", "amount"),
        ({"persons": 0}, "INVALID", "persons"),
        ({"kind": "UNITS"}, "INVALID", "kind"),
        ({"purpose": " "}, "INVALID", "purpose"),
    )
    for more, code, at in awards:
        asked = {**proposed(fund, "1.00"), **more}
        assert await told(api, ADMIN, "proposeAward", **asked) == [(code, at)], more
    for who in (NEIGHBOUR, AUDITOR):
        for command, asked in (("recordDonation", given(fund)), ("proposeAward", proposed(fund, "1.00"))):
            assert await told(api, who, command, **asked) in ("NOT_FOUND", "FORBIDDEN"), who


async def test_two_awards_of_60_from_100_at_once(api: Api, fund: str) -> None:
    """One is set aside; of two who approve it, one pays."""
    await donate(api, fund)
    asked = proposed(fund, "60.00")
    await api.token(*TOWN_ADMIN)
    await api.token(*COUNTY_ADMIN)
    both = await asyncio.gather(*(told(api, who, "proposeAward", **asked) for who in (ADMIN, TOWN_ADMIN)))
    assert sorted(map(str, both)) == sorted(map(str, ([], [("OUT_OF_REACH", "amount")])))
    award = f"fa_{await api.connection.fetchval('SELECT id FROM fund_award')}"
    await api.connection.execute("UPDATE fund_award SET proposed_by = NULL")
    answers = await asyncio.gather(
        *(api.attempt(who, "approveAward", id=award, version=1) for who in (ADMIN, TOWN_ADMIN, COUNTY_ADMIN))
    )
    assert sum(isinstance(answer, dict) and not answer["userErrors"] for answer in answers) == 1
    assert await sums(api, fund) == ["100.00", "60.00", "0.00", "0.00", "40.00"]


async def test_the_database_holds_it_whoever_writes(api: Api, fund: str, town: Town) -> None:
    """Two connections at once that ask no command: the second waits for the first, and is refused."""
    await donate(api, fund)
    of = await town.row(funds, local(fund))
    insert = """INSERT INTO fund_award (id, fund_id, unit_path, kind, amount, persons, purpose, proposed_on)
        VALUES (gen_random_uuid(), $1, $2, 'AID', 60, 1, '帮扶', current_date)"""
    async with connected(api.url) as first, connected(api.url) as second:
        begun = first.transaction()
        await begun.start()
        await first.execute("SET CONSTRAINTS ALL IMMEDIATE")
        await first.execute(insert, of["id"], of["unit_path"])
        waiting = asyncio.ensure_future(second.execute(insert, of["id"], of["unit_path"]))
        await Town(first, api.url).until_waiting(Town(second, api.url))
        await begun.commit()
        with pytest.raises(asyncpg.CheckViolationError, match="more would go out"):
            await waiting
    await donate(api, fund)
    with pytest.raises(asyncpg.CheckViolationError, match="cannot be entered"):  # of an award that was not approved
        await api.connection.execute(
            """INSERT INTO fund_entry (id, fund_id, unit_path, kind, amount, persons, award_id, booked_on)
            SELECT gen_random_uuid(), fund_id, unit_path, kind, amount, persons, id, current_date FROM fund_award"""
        )
    with pytest.raises(asyncpg.CheckViolationError, match="there is money"):
        await api.connection.execute("UPDATE fund SET closed_on = current_date")


async def test_nobody_approves_what_is_their_own(api: Api, fund: str, town: Town) -> None:
    """By no other account of the same member, in whichever role, nor one that held a grant at the member's seat."""
    await donate(api, fund)
    award, member = await propose(api, fund, "60.00"), await town.member("林一")
    for who in (ADMIN, TOWN_ADMIN):
        await api.token(*who)
    whose = "UPDATE account SET member_id = $1 WHERE name = $2"
    for who in (ADMIN, TOWN_ADMIN):
        await api.connection.execute(whose, member["id"], f"test {who[0]} {who[1]}")
    assert await told(api, TOWN_ADMIN, "approveAward", id=award) == "FORBIDDEN"
    await api.connection.execute(whose, None, f"test {TOWN_ADMIN[0]} {TOWN_ADMIN[1]}")
    account = await api.connection.fetchval("SELECT id FROM account WHERE name = $1", "test town_admin 350521100")
    await api.connection.execute(
        "INSERT INTO role_grant (id, account_id, role, member_id, since, revoked_at)"
        " VALUES (gen_random_uuid(), $1, 'captain', $2, now() - interval '9 days', now())",
        account,
        member["id"],
    )
    assert await told(api, TOWN_ADMIN, "approveAward", id=award) == "FORBIDDEN"
    with pytest.raises(asyncpg.CheckViolationError, match="reviewer"):
        await api.connection.execute(
            "UPDATE fund_award SET status = 'PAID', reviewed_on = current_date, reviewed_by = proposed_by"
        )
    refused = "fundAward { status fund { reserved } }"  # whoever proposed may take it back
    done = await api.do(ADMIN, "refuseAward", refused, id=award, answer="材料不全")
    assert done["fundAward"] == {"status": "REFUSED", "fund": {"reserved": "0.00"}}
    with pytest.raises(asyncpg.CheckViolationError, match="paid or refused"):
        await api.connection.execute("UPDATE fund_award SET status = 'PROPOSED', reviewed_on = NULL, answer = NULL")


async def test_a_key_is_of_one_amount(api: Api, fund: str) -> None:
    """A replay enters once, however the amount was typed; the same key with another amount is refused."""
    ask = "mutation($input: RecordDonationInput!) { recordDonation(input: $input) { fundEntry { id } } }"

    async def once(amount: str) -> Any:
        return await api.ask(ADMIN, ask, input=given(fund, amount), idempotency_key="donation 1")

    first, again, other = [await once(amount) for amount in ("50", "50.00", "60.00")]
    assert first["data"] == again["data"]
    assert other["errors"][0]["extensions"]["code"] == "CONFLICT"
    assert (await sums(api, fund))[0] == "50.00"


async def test_corrected_once_and_never_below_nothing(api: Api, fund: str) -> None:
    donation, more = await donate(api, fund), await donate(api, fund, "20.00")
    award = await propose(api, fund, "60.00", kind="AID", persons=2)
    fix = {"entryId": donation, "reason": "重复登记"}
    assert await told(api, ADMIN, "correctFundEntry", **fix) == [("OUT_OF_REACH", "entryId")]
    done = "fundEntry { amount corrects { id } }"
    assert (await api.do(ADMIN, "correctFundEntry", done, **{**fix, "entryId": more}))["fundEntry"] == {
        "amount": "-20.00",
        "corrects": {"id": more},
    }
    assert await told(api, ADMIN, "correctFundEntry", **{**fix, "entryId": more}) == [("CLOSED", "entryId")]
    await api.do(TOWN_ADMIN, "approveAward", "", id=award)
    paid = f"fe_{await api.connection.fetchval('SELECT id FROM fund_entry WHERE award_id IS NOT NULL')}"
    await api.token(*TOWN_ADMIN)
    both = await asyncio.gather(
        *(told(api, who, "correctFundEntry", **{**fix, "entryId": paid}) for who in (ADMIN, TOWN_ADMIN))
    )
    assert sorted(map(str, both)) == sorted(map(str, ([], [("CLOSED", "entryId")])))
    assert await sums(api, fund) == ["100.00", "0.00", "0.00", "0.00", "100.00"]
    counter = f"fe_{await api.connection.fetchval('SELECT id FROM fund_entry WHERE persons < 0')}"
    assert await told(api, ADMIN, "correctFundEntry", **{**fix, "entryId": counter}) == [("CLOSED", "entryId")]
    for who in (NEIGHBOUR, AUDITOR):
        assert await told(api, who, "correctFundEntry", **fix) in ("NOT_FOUND", "FORBIDDEN"), who
    with pytest.raises(asyncpg.CheckViolationError, match="cannot be entered"):  # a part of it
        await api.connection.execute(
            """INSERT INTO fund_entry (id, fund_id, unit_path, kind, amount, corrects_id, booked_on)
            SELECT gen_random_uuid(), fund_id, unit_path, kind, -1, id, current_date FROM fund_entry WHERE id = $1""",
            local(donation),
        )


async def test_years_are_of_china_and_stay_closed(api: Api, fund: str) -> None:
    this = date.fromisoformat(day(0)).year
    await donate(api, fund, "10.00", receivedAt=f"{this - 2}-12-31T15:59:59Z")
    await donate(api, fund, "20.00", receivedAt=f"{this - 2}-12-31T16:00:00Z", kind="MEMBERS")
    old = await donate(api, fund, "1.00", receivedAt=f"{this - 1}-06-01T12:00:00")
    ask = """query($id: ID!) { node(id: $id) { ... on Fund {
        years { year members residents scholarships aid balance } } } }"""
    none = {"scholarships": "0.00", "aid": "0.00"}
    assert (await api.data(ADMIN, ask, id=fund))["node"]["years"] == [
        {"year": this - 2, "members": "0.00", "residents": "10.00", **none, "balance": "10.00"},
        {"year": this - 1, "members": "20.00", "residents": "1.00", **none, "balance": "31.00"},
    ]
    for year, code in ((this, "INVALID"), (this - 3, "INVALID"), (1, "INVALID")):
        assert await told(api, ADMIN, "closeFundYear", id=fund, year=year) == [(code, "year")]
    done = await api.do(ADMIN, "closeFundYear", "fund { closedYear }", id=fund, year=this - 1)
    assert done["fund"] == {"closedYear": this - 1}
    for year in (this - 1, this - 2):
        assert await told(api, ADMIN, "closeFundYear", id=fund, year=year) == [("CLOSED", "year")]
        late = given(fund, receivedAt=f"{year}-07-01T12:00:00+08:00")
        assert await told(api, ADMIN, "recordDonation", **late) == [("CLOSED", "receivedAt")]
    await api.do(ADMIN, "correctFundEntry", "", entryId=old, reason="误记")
    years = (await api.data(ADMIN, ask, id=fund))["node"]["years"]
    assert [(each["year"], each["residents"]) for each in years][1:] == [(this - 1, "1.00"), (this, "-1.00")]
    for statement, said in (
        ("UPDATE fund SET closed_year = NULL", "stays closed"),
        ("UPDATE fund SET closed_year = closed_year - 1", "stays closed"),
        (
            """INSERT INTO fund_entry (id, fund_id, unit_path, kind, amount, booked_on)
            SELECT gen_random_uuid(), id, unit_path, 'MEMBERS', 1, make_date(closed_year, 12, 31) FROM fund""",
            "cannot be entered",
        ),
    ):
        with pytest.raises(asyncpg.CheckViolationError, match=said):
            await api.connection.execute(statement)


async def test_opened_for_a_compound_and_closed_empty(api: Api, town: Town) -> None:
    compound, elsewhere = await town.compound("甲小区"), await town.compound("乙小区", "350521100002")
    asked = {"unitId": await unit_id(api, COMMUNITY), "name": "甲小区近邻基金", "begunOn": day(-9)}
    of = {**asked, "compoundId": f"cp_{compound['id']}"}
    assert await told(api, ADMIN, "openFund", **{**of, "begunOn": day(1)}) == [("INVALID", "begunOn")]
    away = {**asked, "unitId": await unit_id(api, COMMUNITY), "compoundId": f"cp_{elsewhere['id']}"}
    assert await told(api, COUNTY_ADMIN, "openFund", **away) == [("OUT_OF_REACH", "compoundId")]
    assert await told(api, NEIGHBOUR, "openFund", **of) in ("NOT_FOUND", "FORBIDDEN")
    shown = "fund { id compound { name } place balance }"
    made = (await api.do(ADMIN, "openFund", shown, **of))["fund"]
    fund = made.pop("id")
    assert (made["compound"], made["balance"]) == ({"name": "甲小区"}, "0.00")
    assert await told(api, ADMIN, "openFund", **of) == [("TAKEN", "compoundId")]
    donation = await donate(api, fund, "0.01")
    assert await told(api, ADMIN, "closeFund", id=fund, on=day(0)) == [("CLOSED", "id")]
    await api.do(ADMIN, "correctFundEntry", "", entryId=donation, reason="误记")
    assert await told(api, ADMIN, "closeFund", id=fund, on=day(-1)) == [("INVALID", "on")]
    await api.do(ADMIN, "closeFund", "", id=fund, on=day(0))
    for command, more in (("recordDonation", given(fund)), ("proposeAward", proposed(fund, "1.00"))):
        assert await told(api, ADMIN, command, **more) == [("CLOSED", "fundId")]
    assert await told(api, ADMIN, "closeFund", id=fund, on=day(0)) == [("CLOSED", "id")]
    await api.do(ADMIN, "openFund", "", **of)  # another one in its place


LEDGER = ("UPDATE fund_entry SET amount = 9", "UPDATE fund_entry SET donor = '某'", "DELETE FROM fund_entry")


async def test_the_ledger_is_never_rewritten_and_follows_its_unit(api: Api, town: Town) -> None:
    compound = await town.compound("甲小区", GRID)
    place = {"unit_path": path_of(GRID), "begun_on": date.fromisoformat(day(-9))}
    held: list[Record] = [
        await town.add(funds, **place, name="甲小区近邻基金", compound_id=compound["id"]),
        await town.add(funds, **place, name="近邻基金"),
    ]
    for fund in held:
        of = {"fund_id": fund["id"], "unit_path": fund["unit_path"], "booked_on": place["begun_on"]}
        await town.add(entries, **of, kind=FundEntryKind.MEMBERS, amount=Decimal("1.00"))
    for statement in LEDGER:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="neither changed nor removed"):
            await api.connection.execute(statement)
    async with connected(api.service_url) as service:
        for statement in (*LEDGER, "TRUNCATE fund_entry"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match=r"permission denied|neither changed"):
                await service.execute(statement)
    merged = await unit_id(api, GRID), await unit_id(api, "350521100001002")
    others = [{"id": merged[0], "version": await api.version(merged[0])}]
    await api.do(COUNTY_ADMIN, "mergeUnits", "", id=merged[1], others=others)
    paths = await api.connection.fetch("SELECT unit_path FROM fund UNION SELECT unit_path FROM fund_entry")
    assert [row["unit_path"][-13:] for row in paths] == ["350521100001002/"[-13:]]
    town_id = await unit_id(api, COMMUNITY), await unit_id(api, "350521101")
    moved = await api.attempt(COUNTY_ADMIN, "moveUnit", "", id=town_id[0], parentId=town_id[1])
    assert isinstance(moved, dict), moved
    paths = await api.connection.fetch("SELECT unit_path FROM fund UNION SELECT unit_path FROM fund_entry")
    assert len(paths) == 1


async def test_indicators_are_of_the_year(api: Api, fund: str) -> None:
    this = date.fromisoformat(day(0)).year
    await donate(api, fund, "1000.00", receivedAt=f"{this - 1}-06-01T12:00:00")
    await donate(api, fund, "0.50")
    award = await propose(api, fund, "600.00", persons=4)
    aid = await propose(api, fund, "0.05", kind="AID", persons=2)
    for each in (award, aid):
        await api.do(TOWN_ADMIN, "approveAward", "", id=each)
    ask = """query($code: String!, $then: Date) { orgUnit(by: {code: $code}) { indicators(asOf: $then) {
        funds donatedFen scholarshipsFen scholarships aidFen } } }"""
    now = (await api.data(COUNTY_ADMIN, ask, code=COUNTY, then=None))["orgUnit"]["indicators"]
    assert now == {"funds": 1, "donatedFen": 50, "scholarshipsFen": 60_000, "scholarships": 4, "aidFen": 5}
    then = (await api.data(COUNTY_ADMIN, ask, code=COUNTY, then=f"{this - 1}-12-31"))["orgUnit"]["indicators"]
    assert then == {"funds": 1, "donatedFen": 100_000, "scholarshipsFen": 0, "scholarships": 0, "aidFen": 0}
