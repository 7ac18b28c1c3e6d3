"""The words a command is offered with: its input, the rows it names, the rights it needs.

    class HandOverCaptainInput:
        \"\"\"交接楼长 / Hand a building over to another captain.\"\"\"

        building: Record = target("Building", "楼栋 / The building.")
        member: Record = reference("Member", "接任者 / Who takes over.")
        on: date = given("交接之日 / The first day of the new term.")

    command(captains.hand_over, HandOverCaptainInput, "captain:hand_over", returns="CaptainAssignment")

In GraphQL that is `handOverCaptain(input: {buildingId: ID!, memberId: ID!, on: Date!})`. `write` locks the target
through the scope of the command's right, every other row through the scope of its own, and calls
`hand_over(tx, building=<row>, member=<row>, on=<date>)`. What the client leaves out is not passed; what it sets to null
is passed as None.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Named:
    """A row the input names by its global id; the annotation says whether several (`list[Record]`), or none.

    `action` is what the caller must be allowed to do with it, None for the command's target.
    """

    entity: str
    description: str
    action: str | None


@dataclass(frozen=True, slots=True)
class Given:
    """A value of the input. `convert` makes what the command takes of it and may raise Rejected or Refused."""

    description: str
    convert: Callable[[Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """The version of the target the update was decided on; another one by now is a CONFLICT."""


@dataclass(frozen=True, slots=True)
class RowId:
    """In a report: the global id of a row; the command reports its UUID, and its table's name as `kind`."""

    description: str


@dataclass(frozen=True, slots=True)
class Command:
    """A mutation: what it runs, its input, the right it needs on its target, and the entity of the row it leads to.

    `policy` and `action` are checked on the target before, and on the resulting row after. `report` is a class of plain
    `given` values, and `row_id`: the payload then lists what the command says it did, under the name `reported`.
    """

    run: Callable[..., Awaitable[Any]]
    input: type
    policy: str
    action: str
    returns: str
    reported: str | None = None
    report: type | None = None


def target(entity: str, description: str) -> Any:
    """The row the command is about: locked, and the caller must hold the command's right on it."""
    return Named(entity, description, None)


def reference(entity: str, description: str, *, action: str = "read") -> Any:
    """Another row: locked against change, and the caller must be allowed `action` on it."""
    return Named(entity, description, action)


def given(description: str, convert: Callable[[Any], Any] | None = None) -> Any:
    """A value."""
    return Given(description, convert)


def row_id(description: str) -> Any:
    """In a report: `id: strawberry.ID | None = row_id("…")` beside `kind: str = given("…")`."""
    return RowId(description)


def version() -> Any:
    """The version the caller has seen: `version: int = version()`; never passed to the command."""
    return Version()


def command(
    run: Callable[..., Awaitable[Any]],
    input: type,
    right: str,
    *,
    returns: str,
    report: tuple[str, type] | None = None,
) -> Command:
    """A command with the right it needs, "entity:action" as in roles.csv."""
    policy, _, action = right.partition(":")
    reported, rows = report or (None, None)
    return Command(run, input, policy, action, returns, reported, rows)
