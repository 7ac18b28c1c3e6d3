"""The plan: one operation for one shape of caller, every decision taken. Frozen values, no SQL and no I/O.

`planner` makes it and refuses what must be refused; `sql` assembles it mechanically. What differs from request to
request stands in `slots`: each names its SQL type and how it is read from a `Call`. Nodes refer to slots by number.

Long because it is a vocabulary: the values a plan is made of, which hold no logic and are read together.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select

from schema.kit.actions import Right
from schema.kit.expressions import Given, Identity, Row, RowFunction
from schema.kit.glossary import Told
from schema.pipeline.plan.call import Call, Occurrence, Path, Slot
from schema.pipeline.plan.numbers import Changed, Fixed, Numbered, Totals, Unknown
from schema.pipeline.plan.partly import Share
from schema.pipeline.plan.rows import Admitted, Leads, Missed, Reached, Rows, ScopeTerm, Sifts, Test

Scope = tuple[ScopeTerm, ...] | None  # None for every row
States = tuple[RowFunction, ...]  # any of them


@dataclass(frozen=True, slots=True)
class Scalar:
    """The value of an expression over the row; where `told` says when, null unless one of these holds of the row."""

    key: str
    value: RowFunction
    told: tuple[Test | Leads | Admitted, ...] | None = None


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
class Items:
    """A list made of the row's own values: response keys with the column of `rows` each is of.

    `sifts` is what is told of the rows of another type that it is made of, where it is.
    """

    key: str
    rows: Callable[[Row, Told], Select[Any]]
    parts: "tuple[tuple[str, str] | Fixed, ...]"
    sifts: Sifts | None = None


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
class Abilities:
    """The names of the rights the caller has on the row, sorted; those of one scope and of the same states together.

    Where there are states the row is in one of them. What is of no use but to whose the row is, has that for a further
    scope; the others have None.
    """

    key: str
    groups: tuple[tuple[Scope, States, Scope, tuple[str, ...]], ...]


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


PagePart = Nodes | Edges | Info | Count | Totals | Fixed


class Turn(NamedTuple):
    """Whether a sort expression goes downwards, and whether rows may be without a value; these come last either way."""

    downwards: bool = False
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """A total order: sort expressions, the unique one last, and how each turns."""

    by: Callable[[Row], Sequence[ColumnElement[Any]]]
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Each:
    """The objects of several global ids, in their order, null for each that leads nowhere.

    `tags` and `ids` are the slots of what the ids consist of; `arms` what is made of one, by its tag, its row joined to
    the column `id`.
    """

    key: str
    arms: Mapping[str, One]
    tags: int
    ids: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """What `search` found of one kind: how well a row fits, then how weighty it is."""

    rows: Rows
    rank: Callable[[Row, Given], ColumnElement[int]]
    slots: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """The row a page begins after, or ends before: among which it is looked for, and the slots of its identity.

    These are all that the caller may read, wherever they lie and whether or not they pass the page's own tests: a row
    that no longer does still is a place to go on from. `path` is the page's and `argument` the cursor's, for the error
    where there is no such row.
    """

    source: "Source"
    slots: tuple[int, ...]
    path: Path
    argument: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a connection.

    `most` is the slot of how many rows, the last of them where `backwards`. `identity` is what its cursors hold, `mark`
    the row of the one it was given, None without; `signing` the slot of the key for cursors, None where none is asked
    for. `sifts` is what is told of its rows, where something that is told in part is asked for.
    """

    key: str
    source: "Source"
    parts: tuple[PagePart, ...]
    order: Order
    identity: Identity
    most: int
    mark: Mark | None
    signing: int | None
    backwards: bool = False
    sifts: Sifts | None = None

    @property
    def beyond(self) -> str:
        """The field of its PageInfo that says whether there are more rows the way it goes."""
        return "hasPreviousPage" if self.backwards else "hasNextPage"


Source = Rows | tuple[Ranked, ...]
OfRow = Scalar | Items | Changed | Facet | Abilities | Matched | Lacks
Led = One | First | Each | Many | Page
Output = Fixed | Injected | Led | Numbered | Unknown | Holds | OfRow


@dataclass(frozen=True, slots=True)
class Notes:
    """Coordinates of what was selected or asked, in order.

    `unreachable` leads to what the caller may see nowhere: there null, nothing and 0 mean "not yours", and not "none".
    `undated` was asked of another day than today, and keeps no history, or is not shown of other days to whom small
    numbers are not: null. Which day is today only the statement knows, so what it says of that is added to a plan's.
    `counted` are numbers of rows that may not all be read: null where these are few, as the multiple of the smallest
    cell they reach where not. `partial` are numbers that may be less than there is: of a row the caller sees, of which
    they see only some of what is counted. Of whom that is so is decided for each call, and added to a plan's too.
    """

    unreachable: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()

    def __or__(self, other: "Notes") -> "Notes":
        both = [(getattr(self, each.name), getattr(other, each.name)) for each in fields(self)]
        return Notes(*(tuple(sorted({*some, *more})) for some, more in both))

    @property
    def said(self) -> Mapping[str, tuple[str, ...]]:
        """What there is to say."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: coordinates for name, coordinates in told.items() if coordinates}


QUIET = Notes()


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole operation: its root outputs, what each request must bind, and whether it leaves a record.

    `notes` are what is to be said beside the answer; `dated` the coordinates of what is told of no day but today, each
    with the slots of the days it is asked of. `rights` are those whose scopes decided it; `shares` numbers of what
    belongs to a row.
    """

    outputs: tuple[Output, ...]
    slots: tuple[Slot, ...]
    occurrences: tuple[Occurrence, ...]
    records: bool = False
    notes: Notes = QUIET
    dated: Mapping[str, Set[int]] = field(default_factory=dict)
    rights: tuple[Right, ...] = ()
    shares: tuple[Share, ...] = ()

    def values(self, call: Call) -> list[Any]:
        """What each slot holds in this request; Refused, with the field's path, for a value that cannot be."""
        call.arguments.extend(occurrence.arguments(call.variables) for occurrence in self.occurrences)
        return [slot.value(call) for slot in self.slots]
