"""The words an area describes itself with.

An area is a value: entities (a class over a table, one attribute a field), what it adds to other areas' entities
(fields, and ways they answer to a seat), roots (edges from the query itself), and the commands it offers, whose words
are in `commands`. Nothing here runs; `catalogue` links the areas, `types` makes Strawberry's types of them, `plan` and
`sql` compile questions about them, `write` carries out commands.

Long because it is a vocabulary: each word is a value and the function an area says it by.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Table
from sqlalchemy.types import TypeEngine

from policies.scope import Way
from schema.kit.commands import Command
from schema.kit.explaining import Accesses, Explained, Permitted
from schema.kit.expressions import (
    BY_ID,
    Given,
    Identity,
    Join,
    Row,
    RowFunction,
    Selects,
    Sorts,
    Ways,
)
from schema.kit.glossary import InWords, Itemized, Recorded
from schema.kit.numbers import Breakdown, Change, Ratio, Tally
from schema.kit.sifting import Sifted
from services.errors import Rule
from services.terms import not_over

T = TypeVar("T")


class Connection(Generic[T]):
    """Annotation of a field that pages: `children: "Connection[OrgUnit]" = connection(...)`."""


# --- fields ---------------------------------------------------------------------------------------------------------


class EdgeKind(StrEnum):
    """How many rows an edge gives, and in which form; a facet is another type over the very same row."""

    ONE = "one"
    MANY = "many"
    PAGE = "page"
    FACET = "facet"


@dataclass(frozen=True, slots=True)
class Afterwards:
    """When a value is told that is of another row: while its own `lasts`, and after that to whom an edge leads there.

    `edges` are names of edges of the same row, of which at most one leads anywhere; a facet leads to whom it admits.
    """

    lasts: RowFunction
    edges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A field computed from its own row: the column of its own name, or what `of` says; `afterwards` says when not.

    `brings` are the entities it is a name of, where that is not the row's own: what no program is shown that is not
    bound to them.
    """

    description: str
    of: RowFunction | None = None
    afterwards: Afterwards | None = None
    brings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bind:
    """A bound parameter made of an argument's value: its SQL type and the conversion, which may raise Refused."""

    type: TypeEngine[Any]
    convert: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Condition:
    """What an argument asks of a row.

    `predicate` is over the row and the parameters made of the value; with `edge` instead, the value says whether that
    edge of the row must lead anywhere. With `of` the predicate is over a row of that entity the caller sees, and one
    must fulfil it to which `on` leads. `prefer` orders the rows a lookup could meet, best first. `absent` is what holds
    where no value is given.
    """

    description: str
    predicate: Callable[[Row, Given], ColumnElement[bool]] | None = None
    binds: Mapping[str, Bind] = field(default_factory=dict)
    edge: str | None = None
    prefer: Callable[[Row, Given], Sequence[ColumnElement[Any]]] | None = None
    annotation: Any = None
    absent: Callable[[Row], ColumnElement[bool]] | None = None
    of: str | None = None
    on: Join | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """A field that leads to rows of another entity: one of them, all (few by nature), or page by page.

    `target` is an entity's name, taken from the annotation where None. `on` is None for a root and a facet. `sort`
    orders what is not paged; of one edge that could meet several rows it picks the first. `arguments` are conditions
    beside the target's filter; `by` is a lookup's @oneOf input. `rows` is how many a list is expected to hold at most,
    for its cost, `sifts` how many a filter by this edge goes through. `required` says that the one row is always there.
    `noted` puts on record whom a facet shows. `through` names the entity whose rows make the relation: whoever may read
    none of those, as a token that is not bound to them, is led nowhere. `alike` are ways by which whoever sees the row
    sees all it leads to, those `of_today` all that is there today; `elsewhere` says that some of it may lie in
    another place than the row (`plan/partly.py`).
    """

    kind: EdgeKind
    target: str | None
    on: Join | None
    description: str
    sort: Sorts | None = None
    arguments: Mapping[str, Condition] = field(default_factory=dict)
    by: type | None = None
    rows: int = 1
    reads: int = 0
    sifts: int = 0
    required: bool = False
    noted: "Noted | None" = None
    through: str | None = None
    alike: frozenset[Way] = frozenset()
    of_today: frozenset[Way] = frozenset()
    elsewhere: bool = False


Noted = Callable[[Row, Given], ColumnElement[bool]]
"""True, and on record: over the row shown, the `entry` to note it under and the `account` it is shown to."""


@dataclass(frozen=True, slots=True)
class Either:
    """A field that leads to one row of one of several entities: a union of this name over the targets of its edges.

    At most one of the edges leads anywhere, by what the row holds; null where that is not the caller's to see.
    """

    union: str
    description: str
    edges: Sequence[Edge]

    def __post_init__(self) -> None:
        if any(edge.kind is not EdgeKind.ONE for edge in self.edges):
            raise ValueError(f"{self.union} leads to single rows only")


def column(
    description: str,
    of: RowFunction | None = None,
    *,
    told: Afterwards | None = None,
    brings: str | tuple[str, ...] = (),
) -> Any:
    """The column of the attribute's own name, or an expression over the row; null where it is not `told`.

    A name of another entity's row says which it `brings`: see `Value`.
    """
    return Value(description, of, told, (brings,) if isinstance(brings, str) else brings)


def present_name(
    description: str, of: RowFunction, *edges: str, brings: str | tuple[str, ...], lasts: RowFunction = not_over
) -> Any:
    """The name that what a term is about has today; null once that is over for whom none of the edges leads there.

    What was theirs to see stays theirs to know of, but what becomes of it is not. Whose a term was (a captain's name, a
    company's) is a `column`: histories are kept to tell it.
    """
    return Value(description, of, Afterwards(lasts, edges), (brings,) if isinstance(brings, str) else brings)


def one(
    on: Join,
    description: str,
    *,
    sort: Sorts | None = None,
    through: str | None = None,
    alike: Collection[Way] = (),
    of_today: Collection[Way] = (),
    elsewhere: bool = False,
    **arguments: Condition,
) -> Any:
    """The row the join leads to, or null: there is none, or it is not the caller's to see.

    Where the join and `arguments` could meet several, `sort` puts the one to take first. `alike` are ways of any day,
    `of_today` of today alone; the others as of any edge.
    """
    led = Edge(EdgeKind.ONE, None, on, description, sort=sort, arguments=arguments, through=through)
    ways = frozenset((*alike, *of_today))
    return replace(led, alike=ways, of_today=frozenset(of_today), elsewhere=elsewhere)


def either(union: str, description: str, edges: Sequence[Edge]) -> Any:
    """One row of one of several entities: `seat: Any = either("Seat", "…", [edge_to(OrgUnit, one(…)), …])`."""
    return Either(union, description, edges)


def facet(description: str, *, required: bool = False, noted: Noted | None = None, **arguments: Condition) -> Any:
    """Another type over the same row, with a policy of its own: null where that keeps the caller out.

    `required` is for a facet with the policy of its owner, which is there whenever the owner is. `noted` is for one
    that nobody may see unrecorded: it is asked for every row just before that is shown. Of `arguments` there is only
    `as_of`, the day its numbers are of.
    """
    return Edge(EdgeKind.FACET, None, None, description, arguments=arguments, required=required, noted=noted)


def many(on: Join, description: str, *, sort: Sorts, rows: int) -> Any:
    """All rows the join leads to, in order; for what is few by nature, at most about `rows`."""
    return Edge(EdgeKind.MANY, None, on, description, sort=sort, rows=rows)


def connection(
    on: Join,
    description: str,
    *,
    reads: int = 0,
    sifts: int = 0,
    through: str | None = None,
    alike: Collection[Way] = (),
    elsewhere: bool = False,
    **arguments: Condition,
) -> Any:
    """The rows the join leads to, page by page, with the target's filter and order and `arguments` of its own.

    `reads` is how many rows are looked through for a page and its count, where no index leads to those it shows;
    `sifts` for a filter by it, where that takes more than the making of its statement. The others as of any edge.
    """
    looked = Edge(EdgeKind.PAGE, None, on, description, arguments=arguments, reads=reads, sifts=sifts, through=through)
    return replace(looked, alike=frozenset(alike), elsewhere=elsewhere)


def where(
    predicate: Callable[[Row, Given], ColumnElement[bool]],
    description: str,
    *,
    prefer: Callable[[Row, Given], Sequence[ColumnElement[Any]]] | None = None,
    annotation: Any = None,
    absent: Callable[[Row], ColumnElement[bool]] | None = None,
    **binds: tuple[TypeEngine[Any], Callable[[Any], Any]],
) -> Any:
    """A condition in its general form: a predicate and, by name, the parameters it binds."""
    made = {name: Bind(*bind) for name, bind in binds.items()}
    return Condition(description, predicate, made, prefer=prefer, annotation=annotation, absent=absent)


SOME, NONE = "some", "none"


class Relation:
    """The value of a condition on what a row leads to: `some` row fits a filter of the target's, or `none` does."""


def having(edge: str, description: str) -> Any:
    """True: the named edge of the row leads to at least one row the caller may see; false: to none."""
    return Condition(description, edge=edge, annotation=bool)


# --- entities and areas -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Searchable:
    """That `search` finds an entity, by `name`, `pinyin` and `grams` of its table; lighter rows come first.

    Of rows that are not found by everyone who sees them, `told` says when they are, and by whom afterwards.
    """

    weight: RowFunction
    told: Afterwards | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A type of the schema over a table.

    `policy` is its name in roles.csv, `tag` the beginning of its global ids; without one it is no Node and can only be
    reached through others. `ways` are the keys by which a row answers to each kind of seat: a column of the row, a
    select of the keys it has today, or several of them. `sort` is the order when none is asked for, `orders` are those
    that can be, each by what its name says alone; `ties` decide what these leave open, and `unique`, the last of all,
    makes it total. `totals` is a class of what its connections add up. `identity` is what a cursor holds of a row.
    `tells_of` is the table a row tells of another row of: it is shown to whoever may read those, too, by its own ways.
    `follows` selects the `path`, the `table_name` and the `command` of each change it is about: it is shown besides to
    whoever may `follow` it there, of one at least, and may read there rows of the table, and what the command is of.
    `left` selects the same of where it was before, and is no more: it is shown besides to whoever may read or follow it
    there; where by this alone, told as what it was and not as what it became.
    `consists_of` select the `path` and the `table_name` of the changes it is made of: it is shown besides to whoever
    may read it there, of one at least, and rows of the table.
    `sifted` are columns each reader is told a part of; rows of such an entity are led to page by page alone.
    """

    table: Table
    _: KW_ONLY
    policy: str
    tag: str | None = None
    ways: Ways = field(default_factory=dict)
    sort: Sorts
    ties: Sorts = lambda row: ()
    unique: RowFunction = lambda row: row.id
    identity: Identity = BY_ID
    filter: type | None = None
    orders: Mapping[str, Sorts] = field(default_factory=dict)
    search: Searchable | None = None
    totals: type | None = None
    tells_of: RowFunction | None = None
    follows: Selects | None = None
    left: Selects | None = None
    consists_of: tuple[Selects, ...] = ()
    sifted: "Sifted | InWords | None" = None

    def __post_init__(self) -> None:
        if self.tag is not None and not (self.tag.isascii() and self.tag.isalpha() and self.tag.islower()):
            raise ValueError(f"tag {self.tag!r} must be lower-case ASCII letters")

    def __call__(self, cls: type[T]) -> type[T]:
        """Used as the decorator `@entity(...)`; the class's docstring is the description, Chinese / English."""
        setattr(cls, DECLARED, self)
        return cls


entity = Entity
DECLARED = "__jinlin_entity__"


@dataclass(frozen=True, slots=True)
class Area:
    """One area of the domain.

    `edges` are fields it adds to entities of other areas, `filters` conditions on them, `ways` keys by which those
    answer to a kind of seat, each by the entity's name. `roots` and `commands` are fields of the query and of the
    mutation. `states` are those in which commands of other areas take their targets, besides what these say themselves,
    by the command's name. `rules` say what a violated constraint of its tables means to a user, by the constraint's
    name. `recorded` is what the trail calls the rows of a table that is no entity's, by the table's name.
    """

    entities: Sequence[type] = ()
    edges: Mapping[str, Mapping[str, "Declared"]] = field(default_factory=dict)
    ways: Mapping[str, Ways] = field(default_factory=dict)
    filters: Mapping[str, Mapping[str, Condition]] = field(default_factory=dict)
    roots: Mapping[str, Edge | Accesses] = field(default_factory=dict)
    commands: Mapping[str, Command] = field(default_factory=dict)
    states: Mapping[str, RowFunction] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    recorded: Mapping[str, Recorded] = field(default_factory=dict)


Declared = Value | Edge | Either | Tally | Ratio | Breakdown | Change | Explained | Permitted | Itemized


def lookup(target: type, by: type, description: str) -> Edge:
    """Root: one row, found by exactly one field of the @oneOf input `by`; `id` is always among them."""
    return Edge(EdgeKind.ONE, target.__name__, None, description, by=by)


def listing(target: type, description: str, **arguments: Condition) -> Edge:
    """Root: every row the caller may see, page by page, with `arguments` of its own."""
    return Edge(EdgeKind.PAGE, target.__name__, None, description, arguments=arguments)


def itself(target: type, description: str) -> Edge:
    """Root: the one row of `target` that is the caller's own, always there."""
    return Edge(EdgeKind.ONE, target.__name__, None, description, required=True)


def edge_to(target: type, declared: Edge) -> Edge:
    """An edge one area adds to another's entity, where no annotation can name the target."""
    return replace(declared, target=target.__name__)
