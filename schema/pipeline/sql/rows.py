"""Which rows: scope, joins and conditions as WHERE clauses."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeGuard

from sqlalchemy import (
    ARRAY,
    CTE,
    Boolean,
    ColumnElement,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    case,
    cast,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.selectable import NamedFromClause

from policies.scope import Way
from schema.kit.expressions import Given, Pairs, Row
from schema.pipeline.plan.entrances import Entrance
from schema.pipeline.plan.rows import (
    Admitted,
    Followed,
    Leads,
    Meets,
    Missed,
    Reached,
    Rows,
    ScopeTerm,
    Several,
    Test,
    Told,
)
from schema.pipeline.sql.entering import enters, joined
from schema.pipeline.sql.telling import follows, tells
from services.access.seats import counts, seats
from services.access.tables import in_force, of_late
from services.storage.tables import aliased

UNREAD = frozenset({"folded", "grams"})  # columns of which nothing of a response is made
Bound = Callable[[int], ColumnElement[Any]]


class RowSource:
    """Makes numbered aliases and the clauses over them; `bound` gives the parameter of a slot."""

    def __init__(self, bound: Bound) -> None:
        self.bound = bound
        self._count = 0
        self._arrays: dict[object, CTE] = {}

    def named(self, prefix: str) -> str:
        """A short name nothing else has, not even a response key: GraphQL names have no dollar sign."""
        self._count += 1
        return f"{prefix}${self._count}"

    def table(self, rows: Rows) -> NamedFromClause[Row]:
        """The table of the rows under a name of its own."""
        return aliased(rows.kind.entity.table, self.named("t"))

    def where(self, rows: Rows, table: NamedFromClause[Row], above: Row | None) -> list[ColumnElement[bool]]:
        """Everything a row of `table` must fulfil, the scope first; `above` is the row the edge starts from."""
        clauses = [] if rows.scope is None else [self.in_scope(rows.scope, table.c)]
        if rows.on is not None:
            assert above is not None
            clauses.append(rows.on(above, table.c))
        return clauses + [self._passes(test, table.c) for test in rows.tests]

    def any_of(self, tests: Iterable[Test | Leads | Admitted], row: Row) -> ColumnElement[bool]:
        """Whether the row passes one of the tests at least."""
        return or_(false(), *(self._passes(test, row) for test in tests))

    def in_scope(self, scope: tuple[ScopeTerm, ...] | None, row: Row) -> ColumnElement[bool]:
        """Whether the row answers to any of the terms; no term, no row, and every row where it is public."""
        if scope is None:
            return true()
        told: dict[Told | Followed | None, list[ScopeTerm]] = {}
        for term in scope:
            told.setdefault(term.told, []).append(term)
        return or_(*(self._telling(of, terms, row) for of, terms in told.items())) if told else false()

    def _telling(self, told: Told | Followed | None, terms: Iterable[ScopeTerm], row: Row) -> ColumnElement[bool]:
        def answers(row: Row) -> ColumnElement[bool]:
            return or_(*(self._answers(term, row) for term in terms))

        if isinstance(told, Followed):
            return follows(told, row, answers, self.in_scope)
        return answers(row) if told is None else and_(answers(row), tells(told, row, self.in_scope))

    def _answers(self, term: ScopeTerm, row: Row) -> ColumnElement[bool]:
        if isinstance(term.keys, Pairs):
            return term.keys.of(row) == any_(self._met(term.keys, term.meets, term.slots))
        values = [self.bound(slot) for slot in term.slots]
        keys = term.keys(row)
        if not isinstance(keys, Select):
            return _meets(term.meets, keys, values)
        # A semi-join: whether any of the keys the row has meets the term.
        (key,) = keys.selected_columns
        return keys.where(_meets(term.meets, key, values)).exists()

    def _met(self, pairs: Pairs, meets: Meets, slots: tuple[int, ...]) -> ColumnElement[Any]:
        """What has a key that meets: an array, looked for once in the whole statement, wherever it is asked."""
        at = (pairs, meets, slots)
        if at not in self._arrays:
            found = pairs.met(lambda key: _meets(meets, key, [self.bound(slot) for slot in slots]))
            array_of = func.array(found.scalar_subquery(), type_=ARRAY(found.selected_columns[0].type))
            # The statement names it: it may be made by several of us.
            self._arrays[at] = select(array_of.label("ids")).cte().prefix_with("MATERIALIZED")
        # Cast, for ANY of a select would be of its rows.
        return cast(select(self._arrays[at].c.ids).scalar_subquery(), self._arrays[at].c.ids.type)

    def given(self, slots: Mapping[str, int]) -> Given:
        """Parameters by the names a predicate knows them by."""
        return {name: self.bound(slot) for name, slot in slots.items()}

    def _passes(self, test: Test | Leads | Several | Admitted | Reached | Missed, row: Row) -> ColumnElement[bool]:
        match test:
            case Test():
                return test.predicate(row, self.given(test.slots))
            case Admitted():
                return self.in_scope(test.scope, row)
            case Reached():
                return self.reached(test, row)
            case Missed():
                return self._missed(test, row)
            case Leads():
                return self._leads(test, row)
            case Several():
                return self._several(test, row)

    def _several(self, several: Several, row: Row) -> ColumnElement[bool]:
        groups = [and_(true(), *(self._certainly(test, row) for test in group)) for group in several.groups]
        found = or_(false(), *groups)
        return ~found if several.negated else found

    def _certainly(self, test: Test | Leads | Admitted | Several, row: Row) -> ColumnElement[bool]:
        """A column without a value fulfils nothing asked of it: that is not unknown."""
        passes = self._passes(test, row)
        return func.coalesce(passes, false()) if isinstance(test, Test) else passes

    def _leads(self, test: Leads, row: Row) -> ColumnElement[bool]:
        if test.rows.scope == ():  # what the caller may see nowhere is neither there nor absent
            return cast(null(), Boolean)
        table = self.table(test.rows)
        rows = select(1).select_from(table).correlate_except(table)
        found: ColumnElement[bool] = rows.where(*self.where(test.rows, table, row)).exists()
        if _unsure(test.rows.tests):  # a row of which it is unknown makes it so, unless another one fits
            all_of = and_(true(), *(self._certainly(each, table.c) for each in test.rows.tests if _asks(each)))
            unknown = rows.where(*self.where(replace(test.rows, tests=()), table, row), all_of.is_(None)).exists()
            found = case((found, true()), (unknown, cast(null(), Boolean)), else_=false())
        return found if test.any else ~found

    # --- seats that have a right on one row ---

    def reached(self, reached: Reached, seat: Row) -> ColumnElement[bool]:
        """Whether a seat is among those that enter: found from the row, each entrance by its own index.

        An array of them, not a semi-join: its size is no guess, and seats are then looked up by it.
        """
        found = [self._through(reached, entrance) for entrance in reached.entrances]
        return (
            seat.id == any_(func.array(union_all(*found).scalar_subquery(), type_=ARRAY(Uuid()))) if found else false()
        )

    def _missed(self, missed: Missed, grant: Row) -> ColumnElement[bool]:
        """Whether a grant is one of the account asked about, no seat of which enters, and is to be told."""
        reached = missed.reached
        assert reached.account is not None
        row = aliased(reached.kind.entity.table, self.named("t"))
        asked = select(1).select_from(row).where(*self._asked_about(reached, row.c)).correlate_except(row).exists()
        found = [self._through(reached, entrance) for entrance in reached.entrances]
        none = ~union_all(*found).exists() if found else true()
        told = or_(in_force(grant), self.in_scope(missed.told, grant))
        return and_(grant.account_id == self.bound(reached.account[0]), asked, none, told, of_late(grant))

    def _through(self, reached: Reached, entrance: Entrance) -> Select[Any]:
        row, seat = aliased(reached.kind.entity.table, self.named("t")), aliased(seats, self.named("t"))
        entering = and_(joined(entrance, seat.c, row.c), counts(seat.c, *reached.right))
        found = select(seat.c.id).select_from(row, seat).where(*self._asked_about(reached, row.c), entering)
        if reached.account is not None:
            found = found.where(seat.c.account_id == self.bound(reached.account[0]))
        return found.correlate_except(row, seat)

    def _asked_about(self, reached: Reached, row: Row) -> list[ColumnElement[bool]]:
        """That it is the row asked about, and one the asker may ask about."""
        may = self.in_scope(reached.explained, row)
        if reached.account is not None:
            named, own = (self.bound(slot) for slot in reached.account)
            may = or_(may, named == own)
        return [row.id == self.bound(reached.row), self.in_scope(reached.seen, row), may]

    def ways(self, reached: Reached, seat: Row) -> ColumnElement[Any]:
        """The names of the ways by which the row asked about answers to a seat of those reached."""
        row = aliased(reached.kind.entity.table, self.named("t"))
        by: dict[str, list[ColumnElement[bool]]] = {}
        for entrance in reached.entrances:
            by.setdefault(entrance.way.name, []).append(enters(entrance, seat, row.c))
        told = [(way.name, by[way.name]) for way in Way if way.name in by]
        names = array([case((or_(*each), literal_column(f"'{name}'", Text()))) for name, each in told])
        found = select(func.array_remove(cast(names, ARRAY(Text())), null(), type_=ARRAY(Text()))).select_from(row)
        return found.where(row.c.id == self.bound(reached.row)).correlate_except(row).scalar_subquery()


def _asks(test: object) -> TypeGuard[Test | Leads | Several]:
    return isinstance(test, Test | Leads | Several)


def _unsure(tests: Iterable[object]) -> bool:
    """Whether anything among the tests is about what the caller may see nowhere."""
    return any(
        test.rows.scope == () or _unsure(test.rows.tests)
        if isinstance(test, Leads)
        else any(map(_unsure, test.groups))
        if isinstance(test, Several)
        else False
        for test in tests
    )


def _meets(meets: Meets, key: ColumnElement[Any], values: list[ColumnElement[Any]]) -> ColumnElement[bool]:
    match meets:
        case Meets.RANGE:
            return and_(key >= values[0], key < values[1])
        case Meets.EQUAL:
            return key == values[0]
        case Meets.AMONG:
            return key == any_(values[0])
