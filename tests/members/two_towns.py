"""A member who was in a grid of one town and in the community of another, and what tests ask of either town."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from services.duties.helping import HelpKind, team_terms, teams
from services.members.grid_tables import GridTermKind, grid_terms
from tests.captains.town import Town
from tests.golden.world import path_of
from tests.writes.api import Api, mutation
from tests.writes.street import COUNTY_ADMIN, OTHER, day, unit_id

THERE = ("town_admin", "350521101")  # of the town the community went to
WHY = {"reason": "录入有误"}
CHANGED = "changed { kind sinceBefore since untilBefore until }"


async def two_towns(api: Api) -> Town:
    """A community goes to the other town."""
    to = {"id": await unit_id(api, OTHER), "version": 1, "parentId": await unit_id(api, THERE[1])}
    await api.do(COUNTY_ADMIN, "moveUnit", "", **to)
    return Town(api.connection, api.url)


def at(code: str) -> str:
    """The path of a grid of the first town, or of the community of the other."""
    return path_of(code) if code != OTHER else f"{path_of(THERE[1])}{OTHER}/"


def date_of(number: int | None) -> date | None:
    return None if number is None else date.fromisoformat(day(number))


async def served(town: Town, member: str, *terms: tuple[str, int, int | None]) -> list[str]:
    """A member was in these grids, each from a day to a day, and serves in the last; their terms' ids."""
    whose, ids, cut = UUID(member.partition("_")[2]), list[str](), dict[str, Any]()
    for code, since, until in terms:
        values = {"since": date_of(since), "until": date_of(until), **cut}
        await town.connection.execute("UPDATE member SET unit_path = $1 WHERE id = $2", at(code), whose)
        term = await town.add(grid_terms, kind=GridTermKind.ASSIGNED, member_id=whose, unit_path=at(code), **values)
        ids.append(f"gt_{term['id']}")
        cut = {"cut_id": term["id"], "cut_until": None} if until is not None else {}
        cut["came_from_id"] = await town.connection.fetchval("SELECT id FROM org_unit WHERE path = $1", at(code))
    return ids


async def said(api: Api, who: tuple[str, str], command: str, select: str = CHANGED, **given: Any) -> str:
    """All that a command answers, refusals with their texts."""
    given["version"] = await api.version(given["id"])
    answer = await api.ask(who, mutation(command, select), input=given)
    return str(answer["errors"] if "errors" in answer else answer["data"][command])


async def tried(
    api: Api, who: tuple[str, str], command: str, name: str, days: Iterable[int], select: str = CHANGED, **given: Any
) -> set[str]:
    """What a command answers where each of these days is tried."""
    trial = {**given, "dryRun": True}
    answers = [await said(api, who, command, select, **trial, **{name: day(each)}) for each in days]
    return {answer.replace(day(each), "DAY") for each, answer in zip(days, answers, strict=True)}


async def kept(api: Api) -> list[Any]:
    """The terms in grids, as they are kept."""
    found = await api.connection.fetch("SELECT id, since, until, version FROM grid_term ORDER BY since")
    return [tuple(row) for row in found]


async def in_team(town: Town, member: str, code: str, since: int, until: int | None) -> None:
    """A member is, or was, in a help team of a grid or community."""
    team = await town.add(teams, kind=HelpKind.CARE, name=f"关爱{since}", unit_path=at(code))
    days = {"since": date_of(since), "until": date_of(until)}
    whose = {"member_id": UUID(member.partition("_")[2]), "unit_path": at(code)}
    await town.add(team_terms, team_id=team["id"], **whose, **days)
