"""Budgets: never exceeded by all workers together, paid for everything, and closed when nobody can tell."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4

import asyncpg
import pytest

from schema.kit.faults import Refusals, reasons
from schema.pipeline.run.asked import Asked
from schema.pipeline.run.programs import Programs
from services.errors import Code, Refused
from services.programs.budget import BLOCKS, HEARD, Budgets, Spent
from services.storage.database import Writer
from tests.conftest import Database
from tests.programs.office import UNITS, Office
from tests.writes.api import LIMITS
from tests.writes.street import unit_id

SMALL = "{ orgUnits(first: 5) { nodes { name } } }"  # 1 + 5 rows
BUDGET, WORKERS = 1013, 4  # no multiple of a block: the last one is smaller
LOST = '{ orgUnits(after: "x") { nodes { name } } }'
BLOCK = -(-BUDGET // BLOCKS)


@pytest.fixture
async def workers(database: Database) -> AsyncIterator[list[Budgets]]:
    """What four workers know of budgets, each by itself, over one database."""
    writers = [Writer(database.url, LIMITS, size=2) for _ in range(WORKERS)]
    yield [Budgets(writer) for writer in writers]
    for writer in writers:
        await writer.close()


async def code(spending: object) -> Code | None:
    """The code an attempt to spend was refused with."""
    try:
        await spending  # type: ignore[misc]
    except Refused as refused:
        return refused.code
    return None


async def test_four_workers_together_never_exceed_a_budget(
    workers: list[Budgets], connection: asyncpg.Connection
) -> None:
    """And little of it is lost: what they may hold at the end is a block each."""
    account, random = uuid4(), Random(0)
    spent = [0]

    async def hammer(worker: Budgets) -> None:
        refusals = 0
        while refusals < 20 and spent[0] < 10 * BUDGET:
            cost = random.choice((1, 2, 7, 40))
            if await code(worker.spend(account, cost, BUDGET)) is None:
                spent[0] += cost
            else:
                refusals += 1

    await asyncio.gather(*(hammer(worker) for worker in workers for _ in range(4)))
    rows = await connection.fetch("SELECT spent FROM budget_use WHERE account_id = $1", account)
    assert all(row["spent"] <= BUDGET for row in rows)
    assert spent[0] <= BUDGET * len(rows)
    assert spent[0] >= BUDGET - WORKERS * max(BLOCK, 40)


async def test_a_block_is_leased_and_then_spent_without_asking(
    workers: list[Budgets], connection: asyncpg.Connection
) -> None:
    account = uuid4()
    for _ in range(10):
        await workers[0].spend(account, 1, BUDGET)
    rows = await connection.fetch("SELECT spent FROM budget_use WHERE account_id = $1", account)
    assert [row["spent"] for row in rows] in ([BLOCK], [BLOCK] * 2)


async def test_the_greatest_budget_there_is(workers: list[Budgets], connection: asyncpg.Connection) -> None:
    """What is spent of it, and the block that would follow, are more than an integer holds; so is nobody refused."""
    account, greatest = uuid4(), 2**31 - 1
    await workers[0].spend(account, greatest, greatest)
    assert await code(workers[1].spend(account, greatest, greatest)) in (Code.RATE_LIMITED, None)  # a minute may end
    spent = await connection.fetch("SELECT spent FROM budget_use WHERE account_id = $1", account)
    assert {row["spent"] for row in spent} == {greatest}


async def test_what_one_program_spends_is_not_anothers(workers: list[Budgets]) -> None:
    one, other = uuid4(), uuid4()
    assert await code(workers[0].spend(one, BUDGET, BUDGET)) is None
    assert await code(workers[1].spend(other, BUDGET, BUDGET)) is None


async def test_what_was_not_spent_in_its_minute_is_lost(database: Database, connection: asyncpg.Connection) -> None:
    """By the worker's clock, and by the database's where that is ahead."""
    writer, moments, account = Writer(database.url, LIMITS, size=1), [0.0], uuid4()
    budgets = Budgets(writer, clock=lambda: moments[0])
    await budgets.spend(account, 1, BUDGET)
    moments[0] += 61
    await budgets.spend(account, 1, BUDGET)
    total = "SELECT sum(spent) FROM budget_use WHERE account_id = $1"
    assert await connection.fetchval(total, account) == 2 * BLOCK
    purse = budgets._purse(account)
    assert purse.minute is not None
    purse.minute -= timedelta(minutes=1)  # as if the database's minute were over, and the worker's not yet
    left = purse.left
    await budgets.spend(account, left + 1, BUDGET)
    assert await connection.fetchval(total, account) == 2 * BLOCK + purse.left + left + 1
    await writer.close()


async def test_a_refusal_says_when_to_come_again(workers: list[Budgets]) -> None:
    """And what remains, which is too little for this and may do for less."""
    account = uuid4()
    tries = (workers[0].spend(account, BUDGET - 13, BUDGET) for _ in range(3))  # a minute may end in between
    answers = await asyncio.gather(*tries, return_exceptions=True)
    refused = next(answer for answer in answers if isinstance(answer, Refused))
    assert refused.code is Code.RATE_LIMITED
    ((name, seconds),) = refused.headers
    assert name == "Retry-After"
    assert 1 <= int(seconds) <= 60
    cost = refused.extensions["cost"]
    assert (cost["charged"], cost["remaining"], cost["limit"], cost["needed"]) == (0, 13, BUDGET, BUDGET - 13)
    assert 0 <= (datetime.fromisoformat(cost["resetAt"]) - datetime.now(UTC)).total_seconds() <= 60


def this_minute() -> datetime:
    """When the minute began."""
    return datetime.now(UTC).replace(second=0, microsecond=0)


async def test_what_remains_is_told_of_all_workers_together(workers: list[Budgets]) -> None:
    """At once of a worker's own spending, within a second of the others': a block each counts as theirs."""
    moments = [0.0]
    workers[0]._clock = lambda: moments[0]
    for _ in range(3):  # a minute may end in between, or between a worker's asking and the database's answering
        account, told, minute = uuid4(), list[Spent](), this_minute()
        for worker, later in ((0, 0.0), (1, 0.0), (0, HEARD / 2), (0, HEARD / 2)):
            moments[0] += later
            told.append(await workers[worker].spend(account, 7, BUDGET))
        if this_minute() == minute:
            break
    assert {(each.charged, each.limit) for each in told} == {(7, BUDGET)}
    assert [BUDGET - each.remaining for each in told] == [7, BLOCK + 7, 14, BLOCK + 21]


async def test_what_remains_of_a_budget_that_was_narrowed(workers: list[Budgets]) -> None:
    """More is spent than it is now; the worker still holds something, another one nothing."""
    account = uuid4()
    await workers[0].spend(account, 1, BUDGET)
    assert (await workers[0].spend(account, 1, 10)).remaining in (10, 9)  # a minute may end in between
    assert await code(workers[1].spend(account, 1, 10)) in (Code.RATE_LIMITED, None)


async def test_what_a_whole_budget_would_not_do_is_too_costly(
    workers: list[Budgets], connection: asyncpg.Connection
) -> None:
    """Waiting would not help; nothing is taken."""
    assert await code(workers[0].spend(uuid4(), BUDGET + 1, BUDGET)) is Code.TOO_COSTLY
    assert await connection.fetchval("SELECT count(*) FROM budget_use") == 0


async def test_nothing_is_given_while_the_database_is_away() -> None:
    budgets = Budgets(Writer("postgresql://127.0.0.1:1/none", LIMITS, size=1))
    assert await code(budgets.spend(uuid4(), 1, BUDGET)) is Code.UNAVAILABLE


async def test_old_minutes_are_forgotten(workers: list[Budgets], connection: asyncpg.Connection) -> None:
    await workers[0].spend(uuid4(), 1, BUDGET)
    await connection.execute("UPDATE budget_use SET minute = minute - interval '11 minutes'")
    await workers[0].spend(uuid4(), 1, BUDGET)
    await workers[0].clean()
    assert await connection.fetchval("SELECT count(*) FROM budget_use") == 1


# --- through the service ----------------------------------------------------------------------------------------------


async def test_a_program_pays_until_its_budget_is_used_up(office: Office) -> None:
    """Both of its tokens from the same one; a person beside it pays nothing."""
    old = await office.issue(budgetPerMinute=30)
    said = {"id": old.id, "overlapHours": 1, "days": 20}
    new = (await office.do(("town_admin", "350521100"), "rotateToken", "token", **said))["token"]
    answers = [await office.by(token, SMALL) for _ in range(6) for token in (old.text, new)]
    limited = answers.index("RATE_LIMITED")
    assert 5 <= limited <= 10  # thirty rows are five times six; a minute may end in between
    assert await office.ask(("town_admin", "350521100"), UNITS)


async def test_everyone_has_the_budget_that_is_set_for_all(office: Office) -> None:
    """Each for themselves, reading and changing; a program its own, be it more or less."""
    office._reading._programs = Programs(office._reader, office.budgets, usual=30)
    who, beside = ("town_admin", "350521100"), ("county_admin", "350521")
    answers = [await office.ask(who, SMALL) for _ in range(11)]
    limited = [each.get("errors", [{}])[0].get("extensions", {}).get("code") for each in answers]
    assert 5 <= limited.index("RATE_LIMITED") <= 10  # a minute may end in between
    assert answers[0]["extensions"]["cost"]["limit"] == 30
    tried = [await office.attempt(who, "renameUnit", id=await unit_id(office, "350521100"), name="x") for _ in range(6)]
    assert "RATE_LIMITED" in tried
    assert "errors" not in await office.ask(beside, SMALL)
    richer = await office.issue(budgetPerMinute=BUDGET)
    for _ in range(6):
        assert await office.by(richer.text, SMALL) != "RATE_LIMITED"


@pytest.mark.parametrize(
    ("document", "cost"),
    [
        ("{ __typename }", 1),
        (SMALL, 6),
        ("{ __schema { queryType { name } } }", 100),
        ('{ __type(name: "OrgUnit") { name } }', 100),
        ('{ explainAccess(node: "x", account: "x") { role } }', 21),
        ('{ explainMiss(node: "x", account: "x") { role } }', 11),
    ],
)
async def test_what_everything_costs(office: Office, document: str, cost: int) -> None:
    issued = await office.issue(budgetPerMinute=BUDGET)
    await office.by(issued.text, document)
    (purse,) = office.budgets._purses.values()
    assert purse.left == max(BLOCK - cost, 0)


async def test_people_and_programs_without_a_budget_cost_no_statement(office: Office) -> None:
    issued = await office.issue()
    await office.by(issued.text)
    await office.data(("town_admin", "350521100"), UNITS)
    assert await office.connection.fetchval("SELECT count(*) FROM budget_use") == 0


async def test_a_budget_that_is_narrowed_holds_from_the_next_request_on(office: Office) -> None:
    issued = await office.issue(budgetPerMinute=1000)
    assert "orgUnits" in await office.by(issued.text, SMALL)
    program = (await office.shown(issued))["program"]
    given = {"id": program["id"], "version": program["version"], "budgetPerMinute": 5}
    await office.do(("town_admin", "350521100"), "updateProgram", "program { budgetPerMinute }", **given)
    assert await office.by(issued.text, SMALL) == "TOO_COSTLY"


async def test_an_answer_says_what_it_was_charged(office: Office) -> None:
    """To whoever has a budget, beside whatever else there is to say; to nobody else."""
    budgeted, free = await office.issue(budgetPerMinute=600), await office.issue()
    by, asked = office._writing.answer, Asked(SMALL, None, {})
    for issued, names in ((budgeted, ["cost"]), (free, [])):
        assert list((await by(asked, issued.text)).extensions) == names
    assert not (await by(asked, await office.token("town_admin", "350521100"))).extensions


async def test_what_fails_was_charged_all_the_same(office: Office) -> None:
    """A page that goes on from no row is refused after it was paid for; a document that is none, before."""
    issued = await office.issue(budgetPerMinute=600)
    for asked, named in ((LOST, True), ("{", False)):
        with pytest.raises((Refused, Refusals)) as told:
            await office._writing.answer(Asked(asked, None, {}), issued.text)
        assert ["cost" in each.extensions for each in reasons(told.value)] == [named]
