"""What is paid for projects and brought to them: exact sums, never above the budget, put right by further entries."""

import asyncio
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from tests.captains.town import Town
from tests.projects.asked import ADMIN, AUDITOR, COUNTY_ADMIN, NEIGHBOUR, day, finished, proposed, started, told
from tests.writes.api import Api

PAID = "projectPayment { id amount paidOn corrects { amount } project { spent budget } }"
BROUGHT = "projectContribution { id amount deliveredOn }"
INDICATORS = """query($day: Date) { orgUnit(by: {code: "350521"}) { indicators(asOf: $day) {
    projectSpentFen projectContributions projectContributedFen } } }"""


def payment(of: str, amount: str, **more: Any) -> dict[str, Any]:
    """The input of a payment."""
    return {"projectId": of, "amount": amount, "purpose": "材料", "paidOn": day(-1), **more}


async def test_it_is_paid_to_the_last_fen(api: Api) -> None:
    of = (await started(api))["id"]
    for amount in ("333.33", "333.33", "333.84"):
        paid = (await api.do(ADMIN, "payForProject", PAID, **payment(of, amount)))["projectPayment"]
    assert paid["project"] == {"spent": "1000.50", "budget": "1000.50"}
    assert await told(api, ADMIN, "payForProject", **payment(of, "0.01")) == [("INVALID", "amount")]
    less = await told(api, ADMIN, "correctProject", id=of, budget="1000.49", reason="误记")
    assert less == [("INVALID", "budget")]
    await api.do(ADMIN, "correctProject", "", id=of, budget="1000.51", reason="增补")
    await api.do(ADMIN, "payForProject", PAID, **payment(of, "0.01"))
    totals = (await api.data(AUDITOR, "{ projectPayments { totals { count amountFen } } }"))["projectPayments"]
    assert totals["totals"] == {"count": 4, "amountFen": 100_051}
    for on, fen in ((0, 100_051), (-2, 0)):
        found = (await api.data(COUNTY_ADMIN, INDICATORS, day=day(on)))["orgUnit"]["indicators"]
        assert found["projectSpentFen"] == fen, on


async def test_of_two_at_once_one_is_within_the_budget(api: Api) -> None:
    of = (await started(api))["id"]
    both = await asyncio.gather(
        *(told(api, who, "payForProject", **payment(of, "600")) for who in (ADMIN, COUNTY_ADMIN))
    )
    assert sorted(map(str, both)) == ["[('INVALID', 'amount')]", "[]"]


async def test_what_was_wrong_is_put_right_by_a_further_one(api: Api) -> None:
    of = (await started(api))["id"]
    mine = (await api.do(ADMIN, "payForProject", PAID, **payment(of, "600")))["projectPayment"]["id"]
    less = {"paymentId": mine, "amount": "-100.10", "reason": "多记"}
    further = (await api.do(ADMIN, "correctPayment", PAID, **less))["projectPayment"]
    assert further == {
        "id": further["id"],
        "amount": "-100.10",
        "paidOn": day(-1),
        "corrects": {"amount": "600.00"},
        "project": {"spent": "499.90", "budget": "1000.50"},
    }
    assert await told(api, ADMIN, "correctPayment", **{**less, "paymentId": further["id"]}) == [("CLOSED", "paymentId")]
    for wrong in ("-499.91", "0", "500.61"):
        assert await told(api, ADMIN, "correctPayment", **{**less, "amount": wrong}) == [("INVALID", "amount")], wrong


async def test_of_a_dropped_project_it_is_put_right_both_ways(api: Api) -> None:
    """Within the budget, with a reason; nothing new is paid."""
    of = (await started(api))["id"]
    mine = (await api.do(ADMIN, "payForProject", PAID, **payment(of, "600")))["projectPayment"]["id"]
    await api.do(ADMIN, "dropProject", "", id=of, reason="不办")
    right = {"paymentId": mine, "reason": "误记"}
    for wrong in ("400.51", "-600.01"):
        assert await told(api, ADMIN, "correctPayment", **right, amount=wrong) == [("INVALID", "amount")], wrong
    for amount, spent in (("400.50", "1000.50"), ("-1000.50", "0.00"), ("1", "1.00")):
        made = await api.do(
            ADMIN, "correctPayment", "projectPayment { project { spent status } }", **right, amount=amount
        )
        assert made["projectPayment"]["project"] == {"spent": spent, "status": "DROPPED"}
    assert await told(api, ADMIN, "correctPayment", **{**right, "reason": " "}, amount="1") == [("INVALID", "reason")]
    assert await told(api, ADMIN, "payForProject", **payment(of, "1")) == [("CLOSED", "projectId")]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        *(({"amount": wrong}, "amount") for wrong in ("0", "-1")),
        *(({"paidOn": on}, "paidOn") for on in (1, -21)),
        ({"purpose": " "}, "purpose"),
    ],
)
async def test_what_cannot_be_paid(api: Api, given: dict[str, Any], field: str) -> None:
    given = {name: day(value) if isinstance(value, int) else value for name, value in given.items()}
    of = (await started(api))["id"]
    whole = {**payment(of, "1"), **given}
    assert await told(api, ADMIN, "payForProject", **whole) == [("INVALID", field)]


@pytest.mark.parametrize("wrong", ["1.001", "NaN", "1e3", "１２", "", "1234567890123"])
async def test_what_is_no_sum(api: Api, wrong: str) -> None:
    """Nothing is rounded."""
    of = (await started(api))["id"]
    assert await told(api, ADMIN, "payForProject", **payment(of, wrong)) == "BAD_USER_INPUT"


async def test_nothing_is_paid_before_it_starts(api: Api) -> None:
    of = (await proposed(api))["id"]
    assert await told(api, ADMIN, "payForProject", **payment(of, "1")) == [("CLOSED", "projectId")]


async def test_it_is_not_finished_before_its_last_payment(api: Api) -> None:
    of = (await finished(api))["id"]
    await api.do(ADMIN, "reopenProject", "", id=of, reason="返工")
    await api.do(ADMIN, "payForProject", "", **payment(of, "1"))
    assert await told(api, ADMIN, "finishProject", id=of, on=day(-2)) == [("INVALID", "on")]
    assert await told(api, ADMIN, "finishProject", id=of, on=day(-1)) == []


async def test_the_database_keeps_the_ledger_by_itself(api: Api, town: Town) -> None:
    """Nothing above the budget, before the start or of what was dropped; no payment is changed, whoever asks."""
    of = (await started(api))["id"]
    await api.do(ADMIN, "payForProject", "", **payment(of, "600"))
    again = """INSERT INTO project_payment (id, project_id, unit_path, amount, purpose, paid_on, recorded_on)
        SELECT gen_random_uuid(), project_id, unit_path, $1, purpose, paid_on - $2::integer, paid_on
        FROM project_payment LIMIT 1"""
    with pytest.raises(asyncpg.CheckViolationError, match="project_spent_check"):
        await town.connection.execute(again, Decimal("400.51"), 0)
    with pytest.raises(asyncpg.CheckViolationError, match="not underway"):
        await town.connection.execute(again, Decimal(1), 20)
    for change in ("UPDATE project_payment SET amount = 1", "DELETE FROM project_payment"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await town.connection.execute(change)
    await api.do(ADMIN, "dropProject", "", id=of, reason="不办")
    with pytest.raises(asyncpg.CheckViolationError, match="not underway"):
        await town.connection.execute(again, Decimal(1), 0)


async def test_what_departments_bring_is_promised_and_delivered(api: Api) -> None:
    of = (await started(api))["id"]
    one = {"projectId": of, "department": "民政局", "kind": "MONEY", "text": "配套资金", "promisedOn": day(-9)}
    money = (await api.do(ADMIN, "contributeToProject", BROUGHT, **one, amount="0.10"))["projectContribution"]
    await api.do(ADMIN, "contributeToProject", BROUGHT, **one, amount="0.20")
    lamps = {**one, "kind": "IN_KIND", "text": "路灯"}
    goods = (await api.do(ADMIN, "contributeToProject", BROUGHT, **lamps))["projectContribution"]
    assert (money["amount"], goods["amount"]) == ("0.10", None)
    assert await told(api, ADMIN, "contributeToProject", **one) == [("INVALID", "amount")]
    assert await told(api, ADMIN, "contributeToProject", **lamps, amount="1") == [("INVALID", "amount")]
    late = {**lamps, "promisedOn": day(1), "department": " "}
    assert await told(api, ADMIN, "contributeToProject", **late) == [
        ("INVALID", "department"),
        ("INVALID", "promisedOn"),
    ]
    assert await told(api, ADMIN, "deliverContribution", id=goods["id"], on=day(-10)) == [("INVALID", "on")]
    done = (await api.do(ADMIN, "deliverContribution", BROUGHT, id=goods["id"], on=day(-9)))["projectContribution"]
    assert done["deliveredOn"] == day(-9)
    assert await told(api, ADMIN, "deliverContribution", id=goods["id"], on=day(0)) == [("CLOSED", "id")]
    totals = "{ projectContributions { totals { count delivered amountFen byDepartment { department amountFen } } } }"
    assert (await api.data(AUDITOR, totals))["projectContributions"]["totals"] == {
        "count": 3,
        "delivered": 1,
        "amountFen": 30,
        "byDepartment": [{"department": "民政局", "amountFen": 30}],
    }
    for on, numbers in ((0, (3, 30)), (-10, (0, 0))):
        found = (await api.data(COUNTY_ADMIN, INDICATORS, day=day(on)))["orgUnit"]["indicators"]
        assert (found["projectContributions"], found["projectContributedFen"]) == numbers, on
    left = "project { contributions { totalCount } }"
    struck = await api.do(ADMIN, "strikeOutContribution", left, id=goods["id"], reason="误记")
    assert struck["project"]["contributions"]["totalCount"] == 2
    await api.do(ADMIN, "dropProject", "", id=of, reason="不办")
    assert await told(api, ADMIN, "deliverContribution", id=money["id"], on=day(0)) == [("CLOSED", "id")]


async def test_who_reads_what_was_paid(api: Api, town: Town) -> None:
    """Who serves there reads what departments bring, and not what was paid."""
    of = (await started(api))["id"]
    await api.do(ADMIN, "payForProject", "", **payment(of, "1"))
    member = ("member", f"mb_{(await town.member('陈二'))['id']}")
    assert (await api.data(member, "{ projectPayments { totalCount } }"))["projectPayments"] == {"totalCount": 0}
    assert (await api.data(member, "{ projectContributions { totalCount } }"))["projectContributions"] == {
        "totalCount": 0
    }
    assert (await api.data(AUDITOR, "{ projectPayments { totalCount } }"))["projectPayments"] == {"totalCount": 1}
    assert await told(api, NEIGHBOUR, "payForProject", **payment(of, "1")) == "NOT_FOUND"
    assert await told(api, AUDITOR, "payForProject", **payment(of, "1")) == "FORBIDDEN"
