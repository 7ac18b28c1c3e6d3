"""What a command says no with, as the write path would tell it."""

from collections.abc import Coroutine, Mapping
from typing import Any

import asyncpg

from services.errors import Refused, Rejected, Rule
from services.members import tables as members
from services.properties import branches, companies, compounds
from tests.captains.town import Town

RULES: Mapping[str, Rule] = {**members.RULES, **branches.RULES, **companies.RULES, **compounds.RULES}


async def done(town: Town, command: Coroutine[Any, Any, Any]) -> Any:
    """The command's result; deferred constraints are checked, everything is undone where it fails."""
    async with town.connection.transaction():
        result = await command
        await town.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return result


async def told(town: Town, command: Coroutine[Any, Any, Any]) -> list[tuple[str, str]]:
    """The code and field of everything a command was refused for; nothing when it was not refused."""
    try:
        await done(town, command)
    except asyncpg.IntegrityConstraintViolationError as violated:
        return _said(RULES[violated.constraint_name or ""].refusal())
    except (Rejected, Refused) as refusal:
        return _said(refusal)
    return []


def _said(refusal: Exception) -> list[tuple[str, str]]:
    if isinstance(refusal, Rejected):
        assert all(each.text.zh != each.text.en for each in refusal.problems)
        return [(each.code.name, each.field) for each in refusal.problems]
    assert isinstance(refusal, Refused)
    return [(refusal.code.name, refusal.argument[-1])]
