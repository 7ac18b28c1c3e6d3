"""Numbers as outputs of a plan: counted or added up, divided, compared with another day's, in groups.

Who may count rows they may not read is told their number by `counted`: see `Counted`.
"""

from dataclasses import dataclass

from schema.kit.expressions import RowFunction
from schema.pipeline.plan.rows import Rows, ScopeTerm


@dataclass(frozen=True, slots=True)
class Fixed:
    """A name of the schema: `__typename`."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Beyond:
    """Where one right reaches and another does not: the slots of the paths of both, of the other's where it reads all.

    A unit lies there that lies in, or above, one of the first and in none of the second.
    """

    reached: int
    covered: int


@dataclass(frozen=True, slots=True)
class Counted:
    """That rows are counted which the caller may not read: those of a number's scope that `read` does not admit.

    The number is told as the multiple of `cell`, a slot, that it reaches with them, and null where they are fewer than
    that and not none; none is null as well of units that lie where the first is `untold`. What they add up to is not
    told at all.
    """

    read: tuple[ScopeTerm, ...]
    cell: int
    untold: Beyond | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """How many rows, how many distinct values of an expression over them, or their total.

    `smallest` is the slot of the smallest cell that may be shown: what counts fewer, and not none, is null. So is what
    is only counted and leaves fewer of `among`, the number they are some of, and what is of a unit `beyond` the places
    in which the relations it follows are read: by another grant than the one that reaches the rows.
    """

    key: str
    rows: Rows
    distinct: RowFunction | None = None
    total: RowFunction | None = None
    smallest: int | None = None
    counted: Counted | None = None
    among: "Number | None" = None
    beyond: tuple[Beyond, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """Null: a number of what the caller may see nowhere; one that is `counted` they may count, and are told by queries.

    A command's payload may be of what is undone again: by trying what lies where, rows could be parted until one of
    them is alone, and nothing of it would be on record.
    """

    key: str
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Quotient:
    """One number divided by another and the unit of the part, null for nothing.

    With a smallest cell it is null as well where the part, the whole, or what is left of the whole is one too small.
    """

    key: str
    part: Number
    whole: Number
    smallest: int | None = None
    unit: int = 1


@dataclass(frozen=True, slots=True)
class Today:
    """A number that is told of no day but today, where the day in a slot is today; null otherwise."""

    key: str
    number: "Number | Quotient | Groups"
    day: int

    @property
    def days(self) -> tuple[int, ...]:
        """The slots of the days that must be today."""
        return (self.day,)


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much a number is more than another."""

    key: str
    now: "Number | Quotient | Today"
    then: "Number | Quotient | Today"

    @property
    def days(self) -> tuple[int, ...]:
        """The slots of the days that must be today."""
        return tuple(each.day for each in (self.now, self.then) if isinstance(each, Today))


@dataclass(frozen=True, slots=True)
class Changed:
    """An object of differences."""

    key: str
    parts: "tuple[Difference | Unknown | Fixed, ...]"


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

    With a smallest cell, groups of fewer rows are left out, and numbers of fewer are null; likewise groups of fewer
    rows that are only counted.
    """

    key: str
    rows: Rows
    by: tuple[RowFunction, ...]
    parts: tuple[GroupPart | Fixed, ...]
    smallest: int | None = None
    counted: Counted | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """Numbers of all the rows together, and of them in groups."""

    key: str
    rows: Rows
    parts: tuple[GroupPart | Fixed | Groups, ...]
    smallest: int | None = None


Numbered = Number | Quotient | Groups | Today | Difference | Totals
