"""Disputes are recorded, one by one and by a list, settled, passed on, corrected and struck out; counted by year."""

import asyncio
from datetime import date
from typing import Any

import asyncpg
import pytest

from tests.captains.town import COMMUNITY, COUNTY, Town
from tests.centres.asked import ADMIN, AUDITOR, COMMITTEE, COUNTY_ADMIN, NEIGHBOUR, PARTNER, TOWN_ADMIN, told
from tests.days import day
from tests.writes.api import Api
from tests.writes.street import unit_id

SHOWN = "dispute { id receivedOn kind source outcome endedOn version }"
SEEN = "query($id: ID!) { node(id: $id) { ... on Dispute { viewerCan } } }"
ALL = (
    "{ disputes { totalCount totals { count settled open byKind { kind count settled } bySource { source count } } } }"
)
NUMBERS = """query($day: Date, $since: Date!) { orgUnit(by: {code: "350521"}) { indicators(asOf: $day) {
    disputes disputesSettled disputeSettlementRate disputesLastYear disputesAgainstLastYear
    change(since: $since) { disputes disputesSettled } } } }"""
RATE = '{ orgUnit(by: {code: "350521"}) { indicators { disputes residents disputeRate } } }'
ROW = {"kind": "PARKING", "source": "GRID"}


async def recorded(api: Api, on: str | None = None, **more: Any) -> dict[str, Any]:
    """A dispute of the community, of ten days ago unless said otherwise."""
    given = {"unitId": await unit_id(api, COMMUNITY), **ROW, "receivedOn": on or day(-10), **more}
    made: dict[str, Any] = (await api.do(ADMIN, "recordDispute", SHOWN, **given))["dispute"]
    return made


async def test_recorded_passed_on_and_settled(api: Api) -> None:
    made = await recorded(api)
    assert (made["outcome"], made["endedOn"], made["version"]) == (None, None, 1)
    of = {"id": made["id"]}
    gone = (await api.do(ADMIN, "settleDispute", SHOWN, **of, outcome="TO_TOWN", on=day(-8)))["dispute"]
    assert (gone["outcome"], gone["endedOn"], gone["version"]) == ("TO_TOWN", day(-8), 2)
    for wrong in (-9, 1):
        refused = await told(api, ADMIN, "settleDispute", **of, outcome="AGREED", on=day(wrong))
        assert refused == [("INVALID", "on")], wrong
    done = (await api.do(ADMIN, "settleDispute", SHOWN, **of, outcome="AGREED", on=day(0)))["dispute"]
    assert (done["outcome"], done["endedOn"]) == ("AGREED", day(0))
    assert await told(api, ADMIN, "settleDispute", **of, outcome="TO_COURT", on=day(0)) == [("CLOSED", "id")]
    known = await recorded(api, outcome="WITHDRAWN", endedOn=day(-10), kind="NOISE", source="WINDOW")
    assert (known["outcome"], known["endedOn"]) == ("WITHDRAWN", day(-10))
    await recorded(api)
    totals = (await api.data(ADMIN, ALL))["disputes"]["totals"]
    assert (totals["count"], totals["settled"], totals["open"]) == (3, 2, 1)
    assert totals["byKind"] == [
        {"kind": "PARKING", "count": 2, "settled": 1},
        {"kind": "NOISE", "count": 1, "settled": 1},
    ]
    assert totals["bySource"] == [{"source": "GRID", "count": 2}, {"source": "WINDOW", "count": 1}]


@pytest.mark.parametrize(
    ("wrong", "refused"),
    [
        ({"receivedOn": day}, [("INVALID", "receivedOn")]),
        ({"outcome": "AGREED"}, [("INCOMPLETE", "endedOn")]),
        ({"endedOn": lambda _: day(0)}, [("INCOMPLETE", "outcome")]),
        ({"outcome": "AGREED", "endedOn": lambda _: day(-11)}, [("INVALID", "endedOn")]),
        ({"outcome": "AGREED", "endedOn": day}, [("INVALID", "endedOn")]),
    ],
)
async def test_what_cannot_be_recorded(api: Api, wrong: dict[str, Any], refused: Any) -> None:
    """Days are asked of what is wrong, for tomorrow."""
    given = {name: value(1) if callable(value) else value for name, value in wrong.items()}
    row = {**ROW, "receivedOn": day(-10), **given}
    unit = await unit_id(api, COMMUNITY)
    assert await told(api, ADMIN, "recordDispute", unitId=unit, **row) == refused


async def test_a_list_tells_all_that_is_wrong_with_any_row_and_saves_none_then(api: Api) -> None:
    good = {**ROW, "receivedOn": day(-400)}
    of = {"unitId": await unit_id(api, COMMUNITY)}
    bad = [good, {**good, "receivedOn": day(1)}, {**good, "outcome": "TO_COURT"}]
    refused = [("INVALID", "disputes", "1", "receivedOn"), ("INCOMPLETE", "disputes", "2", "endedOn")]
    assert await told(api, ADMIN, "recordDisputes", **of, disputes=bad) == refused
    assert await told(api, ADMIN, "recordDisputes", **of, disputes=[]) == [("INCOMPLETE", "disputes")]
    assert (await api.data(ADMIN, ALL))["disputes"]["totalCount"] == 0
    rows = [good, {**good, "outcome": "AGREED", "endedOn": day(-390)}]
    done = await api.do(ADMIN, "recordDisputes", "recorded { row kind id }", **of, disputes=rows)
    assert [(each["row"], each["kind"]) for each in done["recorded"]] == [(0, "Dispute"), (1, "Dispute")]
    one = "query($id: ID!) { node(id: $id) { ... on Dispute { outcome endedOn } } }"
    found = [(await api.data(ADMIN, one, id=each["id"]))["node"] for each in done["recorded"]]
    assert found == [{"outcome": None, "endedOn": None}, {"outcome": "AGREED", "endedOn": day(-390)}]


async def test_the_town_corrects_and_strikes_out_with_the_reason_on_record(api: Api) -> None:
    of = {"id": (await recorded(api, outcome="AGREED", endedOn=day(-5)))["id"]}

    async def correct(**given: Any) -> Any:
        return await told(api, TOWN_ADMIN, "correctDispute", **of, **given)

    assert await correct(kind="PARKING", reason="同") == [("INCOMPLETE", "id")]
    assert await correct(kind=None, reason=" ") == [("INVALID", "kind"), ("INVALID", "reason")]
    assert await correct(receivedOn=day(-4), reason="误") == [("INVALID", "endedOn")]
    assert await correct(endedOn=None, reason="误") == [("INCOMPLETE", "endedOn")]
    given = {"kind": "NOISE", "receivedOn": day(-20), "reason": "误记"}
    right = (await api.do(TOWN_ADMIN, "correctDispute", SHOWN, **of, **given))["dispute"]
    assert (right["kind"], right["receivedOn"], right["outcome"]) == ("NOISE", day(-20), "AGREED")
    again = (await api.do(TOWN_ADMIN, "correctDispute", SHOWN, **of, outcome=None, reason="未化解"))["dispute"]
    assert (again["outcome"], again["endedOn"]) == (None, None)
    assert await told(api, TOWN_ADMIN, "strikeOutDispute", **of, reason=" ") == [("INVALID", "reason")]
    gone = await api.do(TOWN_ADMIN, "strikeOutDispute", "orgUnit { code disputes { totalCount } }", **of, reason="重复")
    assert gone["orgUnit"] == {"code": COMMUNITY, "disputes": {"totalCount": 0}}
    kept = await api.connection.fetch("SELECT reason FROM correction ORDER BY reason")
    assert [row["reason"] for row in kept] == ["未化解", "误记", "重复"]


async def test_who_may(api: Api) -> None:
    """The community records and settles, the town puts right, auditors read; nobody else does."""
    made = await recorded(api)
    of = {"id": made["id"]}
    for who, rights in (
        (ADMIN, {"DISPUTE_READ", "DISPUTE_SETTLE"}),
        (TOWN_ADMIN, {"DISPUTE_READ", "DISPUTE_SETTLE", "DISPUTE_CORRECT", "DISPUTE_STRIKE_OUT"}),
        (AUDITOR, {"DISPUTE_READ"}),
    ):
        can = (await api.data(who, SEEN, id=made["id"]))["node"]["viewerCan"]
        assert {right for right in can if right.startswith("DISPUTE")} == rights, who
    for who in (ADMIN, AUDITOR):
        assert await told(api, who, "correctDispute", **of, kind="NOISE", reason="误") == "FORBIDDEN", who
        assert await told(api, who, "strikeOutDispute", **of, reason="误") == "FORBIDDEN", who
    assert await told(api, AUDITOR, "settleDispute", **of, outcome="AGREED", on=day(0)) == "FORBIDDEN"
    for who in (NEIGHBOUR, COMMITTEE, PARTNER):
        assert (await api.data(who, "query($id: ID!) { node(id: $id) { id } }", id=made["id"]))["node"] is None, who
    await api.do(ADMIN, "settleDispute", "", **of, outcome="AGREED", on=day(0))
    can = (await api.data(ADMIN, SEEN, id=made["id"]))["node"]["viewerCan"]
    assert "DISPUTE_SETTLE" not in can


async def test_of_two_who_settle_it_at_once_the_second_is_told(api: Api) -> None:
    of = {"id": (await recorded(api))["id"], "version": 1, "on": day(0)}
    both = await asyncio.gather(
        told(api, ADMIN, "settleDispute", **of, outcome="AGREED"),
        told(api, TOWN_ADMIN, "settleDispute", **of, outcome="TO_COURT"),
    )
    assert sorted(map(str, both)) == ["CONFLICT", "[]"]


async def numbers(api: Api, on: str, since: str) -> Any:
    """What is told of a day, and of what changed since another."""
    return (await api.data(COUNTY_ADMIN, NUMBERS, day=on, since=since))["orgUnit"]["indicators"]


async def test_a_year_is_compared_with_the_one_before_up_to_the_same_day(api: Api) -> None:
    """Also on 29 February, which the year before has not."""
    days = ["2023-01-01", "2023-02-28", "2023-03-01", "2024-01-01", "2024-02-29", "2024-03-01", "2022-02-28"]
    for on in days:
        await recorded(api, on)
    await recorded(api, "2023-02-01", outcome="AGREED", endedOn="2024-01-15")
    await recorded(api, "2024-02-01", outcome="AGREED", endedOn="2024-02-10")
    await recorded(api, "2024-02-02", outcome="TO_COURT", endedOn="2024-02-03")
    await recorded(api, "2024-02-03", outcome="WITHDRAWN", endedOn="2024-03-01")
    assert await numbers(api, "2024-02-29", "2023-02-28") == {
        "disputes": 5,
        "disputesSettled": 1,
        "disputeSettlementRate": 0.2,
        "disputesLastYear": 3,
        "disputesAgainstLastYear": 1.6667,
        "change": {"disputes": 2, "disputesSettled": 1},
    }
    found = await numbers(api, "2024-03-01", "2023-03-01")
    assert (found["disputes"], found["disputesLastYear"], found["disputesSettled"]) == (6, 4, 2)
    assert found["change"] == {"disputes": 2, "disputesSettled": 2}
    none = await numbers(api, "2021-05-01", "2020-05-01")
    assert (none["disputes"], none["disputeSettlementRate"], none["disputesAgainstLastYear"]) == (0, None, None)


async def test_the_rate_is_for_ten_thousand_residents(api: Api, town: Town) -> None:
    await town.compound("演示小区")
    await api.connection.execute("UPDATE compound SET residents = 1600")
    for _ in range(2):
        await recorded(api, day(0))
    found = (await api.data(COUNTY_ADMIN, RATE))["orgUnit"]["indicators"]
    assert found == {"disputes": 2, "residents": 1600, "disputeRate": 12.5}


async def test_it_goes_where_its_unit_goes(api: Api) -> None:
    mine = (await recorded(api))["id"]
    other, ours = await unit_id(api, "350521100002"), await unit_id(api, COMMUNITY)
    merged = {"id": other, "others": [{"id": ours, "version": await api.version(ours)}]}
    await api.do(("county_admin", COUNTY), "mergeUnits", "", **merged)
    found = await api.data(NEIGHBOUR, "{ disputes { nodes { id unit { id } } } }")
    assert found["disputes"]["nodes"] == [{"id": mine, "unit": {"id": other}}]
    filtered = '{ disputes(under: ["350521100002"], filter: {open: true, kind: [PARKING]}) { totalCount } }'
    assert (await api.data(COUNTY_ADMIN, filtered))["disputes"]["totalCount"] == 1


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        (("AGREED", None), "dispute_outcome_check"),
        ((None, "2026-01-02"), "dispute_outcome_check"),
        (("AGREED", "2026-01-01"), "dispute_ended_check"),
    ],
)
async def test_the_database_itself_refuses_the_rest(api: Api, values: Any, constraint: str) -> None:
    insert = """INSERT INTO dispute (id, unit_path, received_on, kind, source, outcome, ended_on)
        SELECT gen_random_uuid(), path, '2026-01-02', 'NOISE', 'GRID', $1, $2 FROM org_unit LIMIT 1"""
    outcome, ended = values
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await api.connection.execute(insert, outcome, ended and date.fromisoformat(ended))
    assert refused.value.constraint_name == constraint
