"""The words a command is offered with: its input, the rows it names, the rights it needs.

    class HandOverCaptainInput:
        \"\"\"交接楼长 / Hand a building over to another captain.\"\"\"

        assignment: Record = target("CaptainAssignment", "现任期 / The present term.")
        version: int = version()
        member: Record = reference("Member", "接任者 / Who takes over.")
        on: date = given("交接之日 / The first day of the new term.")

    command(captains.hand_over, HandOverCaptainInput, "captain:hand_over", returns="CaptainAssignment")

In GraphQL that is `handOverCaptain(input: {id: ID!, version: Int!, memberId: ID!, on: Date!})`: the row that an input
is about is `id` in all of them, any other one `<what>Id`. `write` locks the target through the scope of the command's
right, every other row through the scope of its own, and calls `hand_over(tx, assignment=<row>, member=<row>,
on=<date>)`. What the client leaves out is not passed; what it sets to null is passed as None.

Long because all that can be said of a command stands twice: as it is kept, and as an area says it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

import strawberry
from sqlalchemy import ColumnElement, Table, and_

from policies.actor import Actor, Held
from schema.kit.expressions import Row, RowFunction
from services.storage.transaction import Record, Transaction

T = TypeVar("T")

ATOMIC = "atomic"  # the directive on an operation whose commands are done together or not at all
FEW, MANY = 20, 500  # parts of a nested input; rows of a list that people bring

Right = tuple[str, str]  # entity and action, as in roles.csv


class Caller(Protocol):
    """Who asks for a command, within its transaction; see `authorize.Authority`."""

    @property
    def actor(self) -> Actor:
        """Who it is."""

    @property
    def tx(self) -> Transaction:
        """The command's transaction."""

    @property
    def smallest_cell(self) -> int:
        """How few persons a number is not told of."""

    def within(self, entity: str, right: Right, row: Row) -> ColumnElement[bool]:
        """Whether a row of an entity is one they may do this to, as a predicate over its columns."""

    def reads(self, entity: str, row: Row) -> ColumnElement[bool]:
        """Whether a row of an entity is one they may read, likewise."""

    def tables(self, policy: str) -> Mapping[str, Table]:
        """The tables of the entities of this policy, by the entity's name."""

    def holding(self, *held: Held) -> "Caller":
        """The same account holding just this."""

    async def hashed(self, password: str) -> str:
        """What is stored of a password; Refused UNAVAILABLE where too many wait to be hashed."""


May = Callable[[Caller, Record, Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
"""`may(caller, target, arguments)`: run once the rows are locked and the arguments made.

Raises Refused FORBIDDEN or Rejected for what the caller may not do; what it gives is passed to the command as well.
"""


@dataclass(frozen=True, slots=True)
class Named:
    """A row the input names by its global id; the annotation says whether several (`list[Record]`), or none.

    `action` is what the caller must be allowed to do with it, None for the command's target. `others` are further
    entities it may be of: the tag of the id decides. `changed` is for a reference the command changes as well: it is
    locked like a target. `about` is the row the input is about: clients call it `id`. In another state than
    `when` the command refuses the row, whoever asks.
    """

    entity: str
    description: str
    action: str | None
    others: tuple[str, ...] = ()
    changed: bool = False
    about: bool = False
    when: RowFunction | None = None

    @property
    def entities(self) -> tuple[str, ...]:
        """Every entity the row may be of."""
        return (self.entity, *self.others)


@dataclass(frozen=True, slots=True)
class Given:
    """A value of the input. `convert` makes what the command takes of it and may raise Rejected or Refused.

    A list of nested inputs has `most` of them at most. `endless` is a last day that there may be none of.
    """

    description: str
    convert: Callable[[Any], Any] | None = None
    most: int = FEW
    endless: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """The version of the row the input is about, on which it was decided; another one by now is a CONFLICT.

    Required: whoever changes a row has read it. In a nested input, wherever that names a row that is there.
    """


@dataclass(frozen=True, slots=True)
class RowId:
    """In a report: the global id of a row; the command reports its UUID, and its table's name as `kind`."""

    description: str


@dataclass(frozen=True, slots=True)
class Command:
    """A mutation: what it runs, its input, the right it needs on its target, and the entity of the row it leads to.

    `policy` and `action` are checked on the target before, and on the resulting row after. `report` is a class of plain
    `given` values, and `row_id`: the payload then lists what the command says it did, under the name `reported`.
    `counts` is the name of a list in the payload, and its class: of the rows of the outcome's tally those the caller
    may read are counted, a line for all that are alike but for their id.
    `may` decides what no scope can: see `May`. `shown_once` is the name of the outcome's secret in the payload. With
    `access_changes` the payload can also list who gains and who loses what by it: see `AccessChange`. One that is
    `anonymous` leaves no entry in the audit trail and takes no idempotency key, which would keep when it was done and a
    digest of what; nor is it tried or done together with others, which would tell of a code whether it was used. One
    that is not `tried` refuses a dry run: what it tells it tells once. `when` is said of the target: in another state
    the command refuses it, whoever asks (`schema.kit.states`); `named` says it of other rows of the command's policy,
    by the Python name of the field that names them. Whose account `own` says of the target is not, is refused as well.
    One that is not `followed` is a voice, and what it makes does not tell whose: its entry is for who reads the trail.
    """

    run: Callable[..., Awaitable[Any]]
    input: type
    policy: str
    action: str
    returns: str
    reported: str | None = None
    report: type | None = None
    may: May | None = None
    shown_once: str | None = None
    access_changes: bool = False
    anonymous: bool = False
    when: RowFunction | None = None
    tried: bool = True
    named: Mapping[str, RowFunction] = field(default_factory=dict)
    own: RowFunction | None = None
    counts: tuple[str, type] | None = None
    followed: bool = True

    def only(self, state: RowFunction) -> "Command":
        """The same, refused in any other state of its target as well."""
        when = self.when
        return replace(self, when=state if when is None else lambda row: and_(when(row), state(row)))


def target(entity: str, description: str) -> Any:
    """The row the command is about, `id`: locked, and the caller must hold the command's right on it.

    Beside it stands `version()`, unless the command changes nothing of the row.
    """
    return Named(entity, description, None, about=True)


def belongs_to(entity: str, description: str, *others: str) -> Any:
    """The target of a command that makes something: the row that belongs to, `<what>Id`, locked and allowed likewise.

    It has no version: what the command makes is new, and two that cannot both be are refused by a constraint. It may be
    of one of several entities: the command is then told which, `seat_table="building"` beside `seat`.
    """
    return Named(entity, description, None, others)


def reference(
    entity: str, description: str, *, action: str = "refer", changed: bool = False, when: RowFunction | None = None
) -> Any:
    """Another row: locked against change, and the grant that acts must allow `action` on it.

    To see a row is not enough to name it in a command: `refer` is a right of its own in roles.csv.
    """
    return Named(entity, description, action, changed=changed, when=when)


def part(entity: str, description: str, *, action: str) -> Any:
    """In a row of a list: the row that is about, `id`, which the command changes too; `version()` stands beside it."""
    return Named(entity, description, action, changed=True, about=True)


def given(description: str, convert: Callable[[Any], Any] | None = None) -> Any:
    """A value."""
    return Given(description, convert)


def last_day(description: str) -> Any:
    """A last day, or none: `until: date | None = last_day("…")`."""
    return Given(description, endless=True)


def rows(description: str) -> Any:
    """A list that people bring: `buildings: list[BuildingRow] = rows("…")`, each row an input of its own.

    Where a row or a version is refused, the command is tried all the same, for all else that is amiss, and undone. What
    a row names and is not the caller's is UNKNOWN then.
    """
    return Given(description, most=MANY)


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
    may: May | None = None,
    shown_once: str | None = None,
    access_changes: bool = False,
    anonymous: bool = False,
    when: RowFunction | None = None,
    tried: bool = True,
    named: Mapping[str, RowFunction] | None = None,
    own: RowFunction | None = None,
    counts: tuple[str, type] | None = None,
    followed: bool = True,
) -> Command:
    """A command with the right it needs, "entity:action" as in roles.csv."""
    policy, _, action = right.partition(":")
    reported, rows = report or (None, None)
    made = Command(
        run, input, policy, action, returns, reported, rows, may, shown_once, access_changes, anonymous, when, tried
    )
    return replace(made, named=named or {}, own=own, counts=counts, followed=followed)


class AccessChange:
    """准许的变化：某账号因此多见或少见某类多少个 / How many rows of a type an account gains or loses sight of."""

    account_name: str = given("账号名称 / The account's name.")
    roles: list[str] = given("据以看见的角色，含刚被收回的 / By which roles, those just revoked included.")
    seat_names: list[str] = given("各角色的席位名称 / The names of their seats, in the same order.")
    kind: str = given("类型名 / The type, by its name.")
    gained: int = given("增加的数量 / How many it sees from now on.")
    lost: int = given("减少的数量 / How many it sees no more.")


class RecordedRow:
    """清单中的一行及其所得 / A row of a list, and the object it is about from now on."""

    row: int = given("清单中的序号，自 0 起 / Which row of the list, counted from 0.")
    kind: str = given("类型名 / The type, by its name.")
    id: strawberry.ID | None = row_id("该对象的全局标识 / The global id of the object.")
