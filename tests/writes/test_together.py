"""Commands that are done together or not at all: `mutation @atomic`."""

from typing import Any

import pytest

from services.audit.trail import verify
from services.storage.changes import CHANNEL
from tests.writes.api import Api
from tests.writes.street import ADMIN, Street, nobody
from tests.writes.test_pipeline import audited, everything
from tests.writes.test_statements import Counting, counting

__all__ = ["counting"]

BOTH = """mutation Two($a: UpdateCompoundInput!, $b: CreateBuildingInput!) @atomic {
    a: updateCompound(input: $a) { compound { version } userErrors { code field } }
    kind: __typename
    b: createBuilding(input: $b) { building { name compound { households } } userErrors { code field } }
}"""
ABORTED = {"code": "ABORTED"}


def two(on: Street, *, a: dict[str, Any] | None = None, b: dict[str, Any] | None = None) -> dict[str, Any]:
    """The inputs of both, with what differs."""
    first = {"id": on.compound, "version": 1, "households": 310}
    return {"a": {**first, **(a or {})}, "b": {"compoundId": on.compound, "name": "3号楼", **(b or {})}}


async def test_together_each_finds_what_the_one_before_did(api: Api, on: Street, counting: Counting) -> None:
    """In one transaction, with an entry of its own for each in the audit trail."""
    before = await audited(api)
    assert await api.data(ADMIN, BOTH, **two(on)) == {
        "a": {"compound": {"version": 2}, "userErrors": []},
        "kind": "Mutation",
        "b": {"building": {"name": "3号楼", "compound": {"households": 310}}, "userErrors": []},
    }
    assert (counting.sent.count("BEGIN"), counting.sent.count("COMMIT")) == (1, 1)
    assert await audited(api) == before + 2
    recorded = "SELECT command, count(*) AS changes FROM audit_entry JOIN audit_change ON entry_id = audit_entry.id"
    last = f"{recorded} GROUP BY command HAVING command IN ('updateCompound', 'createBuilding')"
    assert {row["command"] for row in await api.connection.fetch(last)} == {"updateCompound", "createBuilding"}
    assert await verify(api.connection) == []


@pytest.mark.parametrize(
    ("a", "b", "failed", "code", "because"),
    [
        ({}, {"name": "２号楼"}, "b", None, "TAKEN"),
        ({"households": -1}, {}, "a", None, "INVALID"),
        ({"version": 9}, {}, "a", "CONFLICT", "CONFLICT"),
        ({}, {"compoundId": nobody("cd")}, "b", "NOT_FOUND", "NOT_FOUND"),
        ({}, {"idempotencyKey": ""}, "b", "BAD_USER_INPUT", "BAD_USER_INPUT"),
        ({}, {"dryRun": True}, "b", "BAD_USER_INPUT", "BAD_USER_INPUT"),
        ({"dryRun": True}, {}, "b", "BAD_USER_INPUT", "BAD_USER_INPUT"),
    ],
)
async def test_the_first_that_fails_undoes_all(
    api: Api, on: Street, a: dict[str, Any], b: dict[str, Any], failed: str, code: str | None, because: str
) -> None:
    """It says why, the other because of whom; nothing is kept, in the audit trail neither."""
    before, recorded = await everything(api.connection), await audited(api)
    answer = await api.ask(ADMIN, BOTH, **two(on, a=a, b=b))
    (other,) = {"a", "b"} - {failed}
    told = {tuple(error["path"]): error for error in answer["errors"]}
    assert answer["data"]["kind"] == "Mutation"
    assert (answer["data"][other], told[other,]["extensions"]) == (None, ABORTED)
    assert f"`{failed}`" in told[other,]["message"]
    if code is None:
        assert [each["code"] for each in answer["data"][failed]["userErrors"]] == [because]
        assert len(told) == 1
    else:
        assert (answer["data"][failed], told[failed,]["extensions"]["code"]) == (None, because)
    assert await everything(api.connection) == before
    assert await audited(api) == recorded
    assert "errors" not in await api.ask(ADMIN, BOTH, **two(on))


async def test_without_commands_there_is_nothing_to_do(api: Api) -> None:
    assert await api.data(ADMIN, "mutation @atomic { __typename }") == {"__typename": "Mutation"}


async def test_a_dry_run_of_all_shows_all_and_keeps_nothing(api: Api, on: Street) -> None:
    before, recorded = await everything(api.connection), await audited(api)
    dry = {"dryRun": True}
    shown = await api.data(ADMIN, BOTH, **two(on, a=dry, b=dry))
    assert shown["b"]["building"] == {"name": "3号楼", "compound": {"households": 310}}
    assert await everything(api.connection) == before
    assert await audited(api) == recorded


async def test_they_are_done_once(api: Api, on: Street) -> None:
    """Undone keys are not used; sent again, neither command is done again."""
    key = {"idempotency_key": "two"}
    refused = await api.ask(ADMIN, BOTH, **two(on, b={"name": ""}), **key)
    assert [error["extensions"] for error in refused["errors"]] == [ABORTED]
    done = await api.data(ADMIN, BOTH, **two(on), **key)
    recorded = await audited(api)
    assert await api.data(ADMIN, BOTH, **two(on), **key) == done
    assert await audited(api) == recorded


async def test_only_mutations_are(api: Api, on: Street) -> None:
    """And the directive takes nothing and stands once."""
    for text in (
        "query @atomic { viewer { name } }",
        "mutation @atomic @atomic { __typename }",
        "mutation @atomic(if: false) { __typename }",
        "mutation { __typename @atomic }",
    ):
        (error,) = (await api.ask(ADMIN, text))["errors"]
        assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED", text


# Whoever changes a compound is, in this test, someone else from then on.
CHANGING = """
    CREATE FUNCTION change_actor() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
        UPDATE account SET revision = revision + 1;
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER change_actor AFTER UPDATE ON compound FOR EACH ROW EXECUTE FUNCTION change_actor();
"""


async def test_a_command_may_change_what_the_next_is_asked_as(api: Api, on: Street) -> None:
    """The actor is loaded again within the transaction, and what they may still do is done."""
    await api.connection.execute(CHANGING)
    assert (await api.data(ADMIN, BOTH, **two(on)))["b"]["building"]["name"] == "3号楼"


async def test_what_waits_for_the_end_waits_in_every_command(api: Api, on: Street, counting: Counting) -> None:
    """Checking the first leaves the second its deferred constraints, all of which begin deferred."""
    assert "errors" not in await api.ask(ADMIN, BOTH, **two(on))
    checks = [each for each in counting.sent if "constraints" in each.lower()]
    assert checks == ["SELECT check_constraints()", "SET CONSTRAINTS ALL DEFERRED", "SELECT check_constraints()"]
    at_once = "SELECT conname FROM pg_constraint WHERE condeferrable AND NOT condeferred"
    assert await api.connection.fetch(at_once) == []


async def test_who_follows_hears_of_all_at_once_or_of_nothing(api: Api, on: Street) -> None:
    """Of each table once, as for one command."""
    heard: list[str] = []
    await api.connection.add_listener(CHANNEL, lambda *announced: heard.append(announced[-1]))
    await api.ask(ADMIN, BOTH, **two(on, b={"name": ""}))
    await api.connection.execute("SELECT 1")
    assert heard == []
    assert "errors" not in await api.ask(ADMIN, BOTH, **two(on))
    await api.connection.execute("SELECT 1")
    assert (heard.count("compound"), heard.count("building")) == (1, 1)
