"""What a plan binds: slots for the values of each request, and the rows they select: scope, filter, arguments.

Long because one class collects what a plan binds, a method a kind of condition.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from graphql import FieldNode, GraphQLField, ListValueNode, ObjectValueNode, ValueNode, VariableNode
from sqlalchemy import ARRAY, ColumnElement, Integer, LargeBinary, Text, Uuid

from policies.decide import COUNT, READ
from policies.scope import (
    FROM_ABOVE,
    AnyOf,
    At,
    Everything,
    Oneself,
    Scope,
    Sector,
    Term,
    Way,
    Within,
    answering,
    bounds,
    line,
)
from schema.catalogue.kinds import Catalogue, Kind, camel
from schema.kit.actions import Right
from schema.kit.entities import Afterwards, Condition, Edge, EdgeKind
from schema.kit.expressions import Given, Row, Types, Ways
from schema.kit.ids import split_id
from schema.kit.numbers import Holding
from schema.pipeline.plan import cursors
from schema.pipeline.plan.call import Call, Occurrence, Path, Slot
from schema.pipeline.plan.filters import Filter
from schema.pipeline.plan.partly import Made, Part, Share, of_line
from schema.pipeline.plan.plan import Mark, Source
from schema.pipeline.plan.rows import Admitted, Followed, Leads, Meets, Rows, ScopeTerm, Several, Test, Told
from schema.pipeline.plan.telling import Telling
from services.errors import Code, Refused, bad_input
from services.storage.tables import BYTEWISE

PAGE = 20
LARGEST = 100
NUMBERS = 200
AS_OF = "as_of"  # the argument that says of which day something is asked


@dataclass(frozen=True, slots=True)
class Spot:
    """A field where it stands in the response, with its coerced arguments and their number among the plan's."""

    key: str
    nodes: list[FieldNode]
    path: Path
    number: int = -1
    given: Mapping[str, Any] = field(default_factory=dict)
    constant: bool = True


class Binder:
    """Collects a plan's slots and occurrences while it is made. Values of the call decide shapes, never constants."""

    def __init__(self, catalogue: Catalogue, call: Call, *, counting: bool = True) -> None:
        self.counting = counting  # whether numbers of what may not all be read are told
        self.slots: list[Slot] = []
        self.occurrences: list[Occurrence] = []
        self.noting: dict[str, int] = {}
        self.unreachable: set[str] = set()
        self.only_counted: set[str] = set()  # numbers of what may not all be read
        self.shares: dict[object, Share] = {}  # numbers and rows that belong to a row
        self.dated: dict[str, set[int]] = {}  # what is told of no day but today: the slots of its days
        self.rights: dict[Right, None] = {}  # whose scopes were looked at
        self.numbers = 0
        self.day: int | None = None  # the slot of the day whose numbers are being planned; None: today's
        self._catalogue = catalogue
        self._call = replace(call, arguments=[])
        self._scopes: dict[tuple[str, str, str, bool], tuple[ScopeTerm, ...] | None] = {}
        self._smallest: int | None = None

    def spot(self, asked: GraphQLField, key: str, nodes: list[FieldNode], above: Path) -> Spot:
        """A field that takes arguments; coerces them."""
        constant = not any(_varies(argument.value) for argument in nodes[0].arguments or ())
        given = Occurrence(asked, nodes[0], None).arguments(self._call.variables)
        self.occurrences.append(Occurrence(asked, nodes[0], given if constant else None))
        self._call.arguments.append(given)
        return Spot(key, nodes, (*above, key), len(self.occurrences) - 1, given, constant)

    def slot(self, type_: Any, read: Callable[[Call], Any]) -> int:
        """A new slot; its number."""
        self.slots.append(Slot(type_, read))
        return len(self.slots) - 1

    def record(self) -> dict[str, int]:
        """The slots of what is put on record: under which entry, and who is shown it."""
        if not self.noting:
            self.noting = {
                "entry": self.slot(Uuid(), lambda call: call.entry),
                "account": self.slot(Uuid(), lambda call: call.actor.account_id),
            }
        return self.noting

    def _argument(self, type_: Any, read: Callable[[Call], Any], spot: Spot, argument: Path) -> int:
        """A slot made of a field's arguments; converted now, once, where no variable is among them."""
        slot = Slot(type_, read, spot.path, argument)
        if spot.constant:
            value = slot.value(self._call)
            slot = Slot(type_, lambda _: value)
        self.slots.append(slot)
        return len(self.slots) - 1

    # --- which rows ---

    def rows(self, kind: Kind, edge: Edge, spot: Spot) -> Rows:
        """The rows an edge leads to, given the field's arguments."""
        tests: list[Test | Leads | Several] = []
        for name, condition in edge.arguments.items():
            if spot.given.get(camel(name)) is not None:
                tests.append(self._asked(condition, spot, (camel(name),)))
            elif condition.absent is not None:
                tests.append(_default(condition.absent))
        if edge.kind is EdgeKind.PAGE:
            tests += Filter(self, self._catalogue, spot).asked(kind)
        return Rows(kind, edge.on, self.led(edge), tuple(tests))

    def _asked(self, condition: Condition, spot: Spot, at: Path) -> Test | Leads:
        test = self.test(condition, spot, at)
        if condition.of is None:
            return test
        of = self._catalogue.kinds[condition.of]
        return Leads(Rows(of, condition.on, self.scope(of), (test,)), True)

    def leads(self, kind: Kind, name: str, *, wanted: bool) -> Leads:
        """Whether the named edge of a row leads anywhere, or nowhere, its arguments and its filter left out.

        Of a number of another day, it is where the edge led on that.
        """
        edge = kind.fields[camel(name)].declared
        assert isinstance(edge, Edge)
        target = self._catalogue.kinds[edge.target or ""]
        day = {} if self.day is None else {AS_OF: self.day}
        asked = [_on(condition, {"day": day[each]}) for each, condition in edge.arguments.items() if each in day]
        left_out = [condition for each, condition in edge.arguments.items() if each not in day]
        left_out += target.filter.values() if edge.kind is EdgeKind.PAGE else ()
        return Leads(Rows(target, edge.on, self.led(edge), (*asked, *self.by_default(left_out))), wanted)

    def told(self, kind: Kind, when: Afterwards) -> tuple[Test | Leads | Admitted, ...]:
        """When what is not told to everyone who sees a row is: by any of these."""
        return Test(lambda row, _: when.lasts(row), {}), *(self._leading(kind, edge) for edge in when.edges)

    def _leading(self, kind: Kind, name: str) -> Leads | Admitted:
        edge = kind.fields[camel(name)].declared
        if isinstance(edge, Edge) and edge.kind is EdgeKind.FACET:  # to the very row: nothing to look for
            return Admitted(self.scope(self._catalogue.kinds[edge.target or ""]))
        return self.leads(kind, name, wanted=True)

    def on_day(self, holding: Holding) -> Test:
        """That a row counts on the day whose numbers are being planned."""
        if self.day is None:
            return _default(lambda row: holding(row, None))
        return Test(lambda row, given: holding(row, given["day"]), {"day": self.day})

    def counted(self) -> None:
        """One more number is planned; TOO_COSTLY beyond as many as an operation has.

        Each is a subselect of its own: making a statement of it takes up to seven milliseconds, the first time.
        """
        self.numbers += 1
        if self.numbers > NUMBERS:
            raise Refused(
                Code.TOO_COSTLY,
                f"查询过大：指标与合计最多 {NUMBERS} 项（变化按两项计），请分几次查询。",
                f"The query is too large: at most {NUMBERS} numbers, each change two of them. Ask in several queries.",
            )

    def day_of(self, edge: Edge, spot: Spot) -> int | None:
        """The slot of the day a facet's numbers are asked of; None for today's."""
        condition = edge.arguments.get(AS_OF)
        given = spot.given.get(camel(AS_OF)) is not None
        return self.day_in(condition, spot, camel(AS_OF)) if condition is not None and given else None

    def day_in(self, condition: Condition, spot: Spot, argument: str) -> int:
        """The slot of a day given as an argument."""
        bind = condition.binds["day"]
        return self._argument(bind.type, _given(spot.number, (argument,), bind.convert), spot, (argument,))

    def by_default(self, left_out: Iterable[Condition]) -> Iterator[Test]:
        """What conditions say that are not mentioned, where they say anything."""
        return (_default(condition.absent) for condition in left_out if condition.absent is not None)

    def test(self, condition: Condition, spot: Spot, at: tuple[str | int, ...]) -> Test:
        """A condition on the argument at `at`, its parameters bound."""
        assert condition.predicate is not None
        slots = {
            name: self._argument(bind.type, _given(spot.number, at, bind.convert), spot, tuple(map(str, at)))
            for name, bind in condition.binds.items()
        }
        return Test(condition.predicate, slots)

    def scope(self, kind: Kind, policy: str | None = None, action: str = "read") -> tuple[ScopeTerm, ...] | None:
        """Where the caller may do `action` (of `policy`, the kind's own unless named), as terms the kind answers to.

        None for a public kind, empty for no row. What they see of a kind that is followed is what they follow, too.
        """
        right = (policy or kind.entity.policy, action)
        key = (kind.name, *right, policy is None)
        if key not in self._scopes:
            telling = Telling(kind, self._catalogue, self.held, self._terms)
            self._scopes[key] = telling.seen() if policy is None and action == READ else telling.scope(right)
        return self._scopes[key]

    def _terms(self, right: Right, declared: Ways, told: Told | Followed | None) -> tuple[ScopeTerm, ...] | None:
        scope = self.held(right)
        terms = scope.terms if isinstance(scope, AnyOf) else ()
        ways = (way for number, term in enumerate(terms) for way in self._ways(declared, right, number, term))
        return None if isinstance(scope, Everything) else tuple(replace(way, told=told) for way in ways)

    def held(self, right: Right) -> Scope:
        """The scope of a right, which decided the plan."""
        self.rights[right] = None
        return self._call.actor.scope(*right)

    def led(self, edge: Edge) -> tuple[ScopeTerm, ...] | None:
        """Where an edge leads the caller: all they may read there, or nowhere without what makes the relation."""
        kinds = self._catalogue.kinds
        if edge.through is not None and self.scope(kinds[edge.through]) == ():
            return ()
        return self.scope(kinds[edge.target or ""])

    def likeness(self, kind: Kind, right: Right) -> object:
        """What is the same for two rights exactly if they admit the same rows of a kind."""
        return kind.name, self.held(right), self._entered(kind, right), right[1] in FROM_ABOVE

    def _entered(self, kind: Kind, right: Right) -> frozenset[tuple[type[Term], Way]]:
        """The ways by which rows of the kind answer to the terms of a right."""
        scope = self.held(right)
        terms = {type(term) for term in scope.terms} if isinstance(scope, AnyOf) else ()
        every = {(term, way) for term in terms for way in answering(term, right[1])}
        return frozenset(each for each in every if each[1] in kind.entity.ways)

    def _ways(self, ways: Ways, right: Right, number: int, term: Term) -> Iterator[ScopeTerm]:
        for way in answering(type(term), right[1]):
            declared = ways.get(way)
            if declared is None:
                continue
            meets, type_, reads = _comparison(way, term, right[1])
            slots = tuple(self.slot(type_, _of_term(right, number, read)) for read in reads)
            for keys in declared if isinstance(declared, tuple) else (declared,):
                yield ScopeTerm(meets, keys, slots)

    def counts_beyond(self, kind: Kind) -> bool:
        """Whether the caller may count rows of a kind they may not read."""
        read, count = ((kind.entity.policy, action) for action in (READ, COUNT))
        return self.held(read) != self.held(count) or not self._entered(kind, count) <= self._entered(kind, read)

    def share(self, coordinate: str, of: Kind, made: Sequence[Part]) -> None:
        """A number of these is told of each row of a kind: of whom that may be less than there is, `partly` says."""
        actions = ((part, COUNT if part.counted and self.counts_beyond(part.kind) else READ) for part in made)
        parts = tuple(Made(part, action, of_line(part.kind)) for part, action in actions)
        self.shares[coordinate, *(part.alike for part in made)] = Share(coordinate, of, parts)

    def shared(self) -> tuple[Share, ...]:
        """The numbers there are to look at: of those of what the caller may see nowhere that is said."""
        return tuple(share for share in self.shares.values() if share.coordinate not in self.unreachable)

    def cell(self) -> int:
        """The slot of the smallest number of rows that is told of what is only counted."""
        return self.slot(Integer(), lambda call: _doubled(call.cell, call.actor.terms.smallest_cell or 0))

    def smallest(self) -> int | None:
        """The slot of the smallest cell the caller may be shown; None for whom there is no such bound."""
        if self._smallest is None and self._call.actor.terms.smallest_cell is not None:
            self._smallest = self.slot(Integer(), lambda call: call.actor.terms.smallest_cell)
        return self._smallest

    def several(self, spot: Spot) -> tuple[int, int]:
        """The tags and the UUIDs of global ids, null for what is none; BAD_USER_INPUT for more than a page has."""
        tags = self._argument(ARRAY(Text()), _parts(spot.number, 0), spot, ("ids",))
        return tags, self._argument(ARRAY(Uuid()), _parts(spot.number, 1), spot, ("ids",))

    # --- which page of them ---

    def most(self, spot: Spot, argument: str) -> int:
        """How many rows a page has, by `first` or `last`; BAD_USER_INPUT outside 1 to 100."""
        return self._argument(Integer(), _most(spot.number, argument), spot, (argument,))

    def mark(self, coordinate: str, spot: Spot, argument: str, types: Types, source: Source) -> Mark | None:
        """The row of the cursor the page begins `after` or ends `before`; None without one."""
        if spot.given.get(argument) is None:
            return None
        reads = (_marked(coordinate, spot.number, argument, types, position) for position in range(len(types)))
        slots = (self._argument(of, read, spot, (argument,)) for of, read in zip(types, reads, strict=True))
        return Mark(_readable(source), tuple(slots), spot.path, argument)

    def signing(self, coordinate: str, spot: Spot) -> int:
        """The key that signs the page's cursors."""
        return self._argument(LargeBinary(), lambda call: _key(call, coordinate, spot.number), spot, ())


def _doubled(cell: int, least: int) -> int:
    """The cell, doubled until it is large enough: what several of these tell together, the smallest tells alone."""
    while cell < least:
        cell *= 2
    return cell


def _varies(value: ValueNode) -> bool:
    if isinstance(value, ListValueNode):
        return any(_varies(item) for item in value.values)
    if isinstance(value, ObjectValueNode):
        return any(_varies(part.value) for part in value.fields)
    return isinstance(value, VariableNode)


def _given(number: int, at: tuple[str | int, ...], convert: Callable[[Any], Any]) -> Callable[[Call], Any]:
    def read(call: Call) -> Any:
        value: Any = call.arguments[number]
        for name in at:
            value = value[name]
        return convert(value)

    return read


def _on(condition: Condition, slots: Mapping[str, int]) -> Test:
    assert condition.predicate is not None
    return Test(condition.predicate, slots)


def _default(absent: Callable[[Row], ColumnElement[bool]]) -> Test:
    def predicate(row: Row, _: Given) -> ColumnElement[bool]:
        return absent(row)

    return Test(predicate, {})


def _comparison(way: Way, term: Term, action: str) -> tuple[Meets, Any, tuple[Callable[[Any], Any], ...]]:
    """How keys of this way are compared with this kind of term: with what type, and what is read of the term."""
    if way is Way.ABOVE:
        return Meets.AMONG, ARRAY(BYTEWISE), (lambda term: line(term.path),)
    if isinstance(term, Within | Sector):
        return Meets.RANGE, BYTEWISE, (lambda term: bounds(term.path, action)[0], lambda term: bounds(term.path)[1])
    if isinstance(term, At):
        return Meets.EQUAL, BYTEWISE, (lambda term: term.path,)
    if isinstance(term, Oneself):
        return Meets.EQUAL, Uuid(), (lambda term: term.account,)
    return Meets.EQUAL, Uuid(), (lambda term: term.id,)


def _of_term(right: Right, number: int, read: Callable[[Any], Any]) -> Callable[[Call], Any]:
    def of(call: Call) -> Any:
        scope: Scope = call.actor.scope(*right)
        assert isinstance(scope, AnyOf)
        return read(scope.terms[number])

    return of


def _parts(number: int, position: int) -> Callable[[Call], list[Any]]:
    def read(call: Call) -> list[Any]:
        ids = call.arguments[number]["ids"]
        if len(ids) > LARGEST:
            raise bad_input(f"最多 {LARGEST} 个标识。", f"At most {LARGEST} ids.")
        return [(split_id(text) or (None, None))[position] for text in ids]

    return read


def _most(number: int, argument: str) -> Callable[[Call], int]:
    def read(call: Call) -> int:
        most = call.arguments[number].get(argument)
        if most is None:
            return PAGE
        if not 1 <= most <= LARGEST:
            raise bad_input(f"{argument} 须在 1 至 {LARGEST} 之间。", f"`{argument}` must be between 1 and {LARGEST}.")
        return int(most)

    return read


def _key(call: Call, coordinate: str, number: int) -> bytes:
    return cursors.key(call.secret, coordinate, call.arguments[number])


def _readable(source: Source) -> Source:
    """The same rows without what leads to them or chooses among them: what is left says which the caller may read."""
    if isinstance(source, Rows):
        kept = tuple(test for test in source.tests if not isinstance(test, Test | Leads | Several))
        return replace(source, on=None, tests=kept)
    return tuple(replace(arm, rows=replace(arm.rows, tests=())) for arm in source)


def _marked(coordinate: str, number: int, argument: str, types: Types, position: int) -> Callable[[Call], UUID | int]:
    def read(call: Call) -> UUID | int:
        return cursors.read(call.arguments[number][argument], _key(call, coordinate, number), types)[position]

    return read
