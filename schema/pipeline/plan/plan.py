"""The plan: one operation for one shape of caller, every decision taken. Frozen values, no SQL and no I/O.

`planner` makes it and refuses what must be refused; `sql` assembles it mechanically. What differs from request to
request stands in `slots`: each names its SQL type and how it is read from a `Call`. Nodes refer to slots by number.

Long because it is a vocabulary: the values a plan is made of, which hold no logic and are read together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement

from schema.catalogue.kinds import Kind
from schema.kit.actions import Right
from schema.kit.expressions import Given, Identity, Join, Keys, Row, RowFunction
from schema.pipeline.plan.call import Call, Occurrence, Path, Slot
from schema.pipeline.plan.entrances import Entrance

# --- which rows -------------------------------------------------------------------------------------------------------


class Meets(Enum):
    """How a key is compared with the slots of a term: from one up to but without the other, equal, or one of a list."""

    RANGE = "range"
    EQUAL = "equal"
    AMONG = "among"


@dataclass(frozen=True, slots=True)
class ScopeTerm:
    """One way into the scope: the keys an entity answers by, and the slots they are compared with."""

    meets: Meets
    keys: Keys
    slots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Test:
    """A predicate over the row and the parameters it binds."""

    predicate: Callable[[Row, Given], ColumnElement[bool]]
    slots: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Leads:
    """Whether the row leads to any of `rows`, or to none; unknown, either way, where no scope admits any of them."""

    rows: "Rows"
    any: bool


@dataclass(frozen=True, slots=True)
class Several:
    """Whether all tests of any of the groups hold, or, negated, of none; what is unknown can make that unknown."""

    groups: "tuple[tuple[Test | Leads | Several, ...], ...]"
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Admitted:
    """Whether the row is in another scope as well."""

    scope: tuple[ScopeTerm, ...] | None


@dataclass(frozen=True, slots=True)
class Reached:
    """Whether the row, a seat, has a right on one row of `kind`, by the slot of its id, that the asker may ask about.

    The asker must see that row, by the first scope, and may explain it, by the second; of one `account`, by the slots
    of its id and of the asker's, no more is asked if the two are the same.
    """

    kind: Kind
    right: Right
    entrances: tuple[Entrance, ...]
    row: int
    seen: tuple[ScopeTerm, ...] | None
    explained: tuple[ScopeTerm, ...] | None
    account: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """Whether the row, a grant of the account `reached` names, is told: where no seat of the account has the right.

    By `doors` the row asked about answers to a grant of any role, `roles` have the right. What is not in force now is
    told by the scope `told` alone.
    """

    reached: Reached
    doors: tuple[Entrance, ...]
    roles: tuple[str, ...]
    told: tuple[ScopeTerm, ...] | None


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a kind the join leads to that are in scope and pass every test.

    `scope` is None for a kind that is public; an empty tuple admits no row.
    """

    kind: Kind
    on: Join | None
    scope: tuple[ScopeTerm, ...] | None
    tests: tuple[Test | Leads | Several | Admitted | Reached | Missed, ...] = ()


# --- what is made of them: outputs, each under its response key -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scalar:
    """The value of an expression over the row."""

    key: str
    value: RowFunction


@dataclass(frozen=True, slots=True)
class Fixed:
    """A name of the schema: `__typename`."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Injected:
    """JSON made outside the database (introspection, userErrors), bound as text so that it stands in its place."""

    key: str
    slot: int


@dataclass(frozen=True, slots=True)
class One:
    """An object, or null. `prefer`, over the slots of the lookup, picks among several rows, best first."""

    key: str
    rows: Rows | None
    fields: "tuple[Output, ...]"
    prefer: Callable[[Row, Given], Sequence[ColumnElement[Any]]] | None = None
    slots: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class First:
    """The first of several objects that is there, or null."""

    key: str
    of: tuple[One, ...]


@dataclass(frozen=True, slots=True)
class Many:
    """A list of objects in order; with `nearest`, at most so many of those told, those that lack least first."""

    key: str
    rows: Rows
    fields: "tuple[Output, ...]"
    sort: Callable[[Row], Sequence[ColumnElement[Any]]]
    nearest: tuple[Missed, int] | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """An object made of the same row; null where the scope, if there is one, does not admit it.

    `noted`, over the row and `slots`, puts on record that it is shown.
    """

    key: str
    scope: tuple[ScopeTerm, ...] | None
    fields: "tuple[Output, ...]"
    noted: Callable[[Row, Given], ColumnElement[bool]] | None = None
    slots: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Number:
    """How many rows, how many distinct values of an expression over them, or their total.

    `smallest` is the slot of the smallest cell that may be shown: what counts fewer, and not none, is null.
    """

    key: str
    rows: Rows
    distinct: RowFunction | None = None
    total: RowFunction | None = None
    smallest: int | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Null: a number of what the caller may see nowhere."""

    key: str


@dataclass(frozen=True, slots=True)
class Quotient:
    """One number divided by another, null for nothing.

    With a smallest cell it is null as well where the part, the whole, or what is left of the whole is one too small.
    """

    key: str
    part: Number
    whole: Number
    smallest: int | None = None


@dataclass(frozen=True, slots=True)
class GroupPart:
    """A response key of a group: one of its keys, by number, or a number of rows; the rest as in Number."""

    key: str
    by: int | None = None
    where: RowFunction | None = None
    distinct: RowFunction | None = None
    total: RowFunction | None = None


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows counted in groups, one for each combination of `by`, in that order.

    With a smallest cell, groups of fewer rows are left out, and numbers of fewer are null.
    """

    key: str
    rows: Rows
    by: tuple[RowFunction, ...]
    parts: tuple[GroupPart | Fixed, ...]
    smallest: int | None = None


@dataclass(frozen=True, slots=True)
class Abilities:
    """The names of the rights the caller has on the row, sorted; those of one scope together."""

    key: str
    groups: tuple[tuple[tuple[ScopeTerm, ...] | None, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Holds:
    """Whether there is any such row; false where there are none to look among."""

    key: str
    rows: Rows | None


@dataclass(frozen=True, slots=True)
class Lacks:
    """The names of what the row, a grant, lacks."""

    key: str
    missed: Missed


@dataclass(frozen=True, slots=True)
class Matched:
    """The ways by which the row that was asked about answers to the row, a seat."""

    key: str
    reached: Reached


Shapes = Mapping[str, "tuple[Output, ...]"]  # by kind: what to make of a row of it


@dataclass(frozen=True, slots=True)
class Nodes:
    """The rows of a page."""

    key: str
    shapes: Shapes


@dataclass(frozen=True, slots=True)
class Edges:
    """The rows of a page, each with what was selected of its edge: `Cursor`, `Nodes` for the row, `Fixed`."""

    key: str
    parts: "tuple[Cursor | Nodes | Fixed, ...]"


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a row stands."""

    key: str


@dataclass(frozen=True, slots=True)
class Info:
    """PageInfo: response keys with the field of PageInfo each asks for."""

    key: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are in all."""

    key: str


PagePart = Nodes | Edges | Info | Count | Fixed


@dataclass(frozen=True, slots=True)
class Order:
    """A total order: sort expressions, the unique one last, all in one direction."""

    by: Callable[[Row], Sequence[ColumnElement[Any]]]
    descending: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """What `search` found of one kind: how well a row fits, then how weighty it is."""

    rows: Rows
    rank: Callable[[Row, Given], ColumnElement[int]]
    slots: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """The row a page begins after: among which it is looked for, and the slots of its identity.

    These are all that the caller may read, wherever they lie and whether or not they pass the page's own tests: a row
    that no longer does still is a place to go on from. `path` is the page's, for the error where there is no such row.
    """

    source: "Source"
    slots: tuple[int, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a connection.

    `identity` is what its cursors hold, `after` the row of the one it was given, None at the beginning; `signing` the
    slot of the key for cursors, None where none is asked for.
    """

    key: str
    source: "Source"
    parts: tuple[PagePart, ...]
    order: Order
    identity: Identity
    first: int
    after: Mark | None
    signing: int | None


Source = Rows | tuple[Ranked, ...]
OfRow = Scalar | Facet | Number | Quotient | Groups | Abilities | Matched | Lacks
Output = Fixed | Injected | One | First | Many | Page | Unknown | Holds | OfRow


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole operation: its root outputs, what each request must bind, and whether it leaves a record.

    `unreachable` are the coordinates of what was selected or asked that leads to what the caller may see nowhere, in
    order: there null, nothing and 0 mean "not yours", and not "none".
    """

    outputs: tuple[Output, ...]
    slots: tuple[Slot, ...]
    occurrences: tuple[Occurrence, ...]
    records: bool = False
    unreachable: tuple[str, ...] = ()

    def values(self, call: Call) -> list[Any]:
        """What each slot holds in this request; Refused, with the field's path, for a value that cannot be."""
        call.arguments.extend(occurrence.arguments(call.variables) for occurrence in self.occurrences)
        return [slot.value(call) for slot in self.slots]
