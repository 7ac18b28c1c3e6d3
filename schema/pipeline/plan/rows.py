"""Which rows a plan reads: of which kind, by which join, within which scope, passing which tests. Frozen values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import ColumnElement

from schema.catalogue.kinds import Kind
from schema.kit.actions import Right
from schema.kit.expressions import Given, Join, Keys, Row, RowFunction, Selects
from schema.kit.sifting import Sifted
from schema.pipeline.plan.entrances import Entrance


class Meets(Enum):
    """How a key is compared with the slots of a term: from one up to but without the other, equal, or one of a list."""

    RANGE = "range"
    EQUAL = "equal"
    AMONG = "among"


@dataclass(frozen=True, slots=True)
class ScopeTerm:
    """One way into the scope: the keys an entity answers by, and the slots they are compared with.

    Of rows that tell of those of other tables, a row must be `told` as well; what is followed answers by each change.
    """

    meets: Meets
    keys: Keys
    slots: tuple[int, ...]
    told: "Told | Followed | None" = None


@dataclass(frozen=True, slots=True)
class Readable:
    """Where the caller may read what has these names: rows of tables, or what commands are of."""

    names: tuple[str, ...]
    scope: tuple[ScopeTerm, ...] | None


@dataclass(frozen=True, slots=True)
class Told:
    """That rows of the table that is `of` the row may be read where it is, or that it is nobody's to read."""

    of: RowFunction
    read: tuple[Readable, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """That of a change that is selected `of` the row the table and what its command is of may be read where it is.

    Whoever reads the trail there asks for no more than the table.
    """

    of: Selects
    tables: tuple[Readable, ...]
    commands: tuple[Readable, ...] | None


@dataclass(frozen=True, slots=True)
class Named:
    """Rows of a kind that a name may lead to: those in any of the scopes."""

    kind: Kind
    scopes: tuple[tuple[ScopeTerm, ...] | None, ...]


@dataclass(frozen=True, slots=True)
class Sifts:
    """What is told of columns that name other rows: all in the scope `whole`, what is no field in the scope `own`.

    In the scope `there` they are told of a row what it became, elsewhere what it was where it came from. `leads` are
    the rows their names may lead to, by table; what is not among these leads nowhere.
    """

    of: Sifted
    whole: tuple[ScopeTerm, ...] | None
    own: tuple[ScopeTerm, ...] | None
    there: tuple[ScopeTerm, ...] | None
    leads: Mapping[str, Named]


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
class Admitted:
    """Whether the row is in another scope as well."""

    scope: tuple[ScopeTerm, ...] | None


@dataclass(frozen=True, slots=True)
class Several:
    """Whether all tests of any of the groups hold, or, negated, of none; what is unknown can make that unknown."""

    groups: "tuple[tuple[Test | Leads | Admitted | Several, ...], ...]"
    negated: bool = False


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
