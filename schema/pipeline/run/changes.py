"""Gains and losses: who sees more, and who sees less, by what a command does.

Before the command the rows and accounts it may concern are noted in temporary tables of its transaction, with which
account sees which row; afterwards the same is asked again and compared. A command about units concerns what lies in
them, whoever sees it, and everything seen by those who are seated there; one about grants, what the accounts see whose
grants they are, or depend on them. Accounts are looked at with all their seats, so that nobody loses what another
grant of theirs still shows.

Long because one statement is built here step by step, from what may be concerned to what differs.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    Uuid,
    and_,
    any_,
    cast,
    exists,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from policies.scope import Way, bounds
from schema.catalogue.kinds import Catalogue, Kind
from schema.catalogue.offers import InputShape, Offer
from schema.kit.commands import Named
from schema.kit.expressions import Keys, Pairs, Row, one_of
from schema.pipeline.plan.entrances import Entrance, entrances
from schema.pipeline.plan.rights import facets
from schema.pipeline.sql.entering import joined
from services.access.seats import account_name, counts, lies_at, seats
from services.access.tables import accounts, grants, seat_name
from services.audit import tables as audit
from services.organization.tables import units
from services.storage.tables import BYTEWISE, aliased
from services.storage.transaction import Record, Transaction, compiled

Statement = tuple[str, list[Any]]  # its text, and the values of its parameters

LISTED = 500  # lines; beyond them they are only counted
# Ways whose keys are paths.
OF_UNITS = (Way.WITHIN, Way.REGISTERED, Way.NAMED, Way.AT, Way.ABOVE, Way.PRESENT, Way.SERVES, Way.SHARED, Way.SECTOR)

TABLES = """
CREATE TEMPORARY TABLE touched_row (kind text COLLATE "C", id uuid) ON COMMIT DROP;
CREATE TEMPORARY TABLE touched_account (id uuid) ON COMMIT DROP;
CREATE TEMPORARY TABLE seen_before (account_id uuid, kind text COLLATE "C", id uuid, seat_id uuid) ON COMMIT DROP
"""
_TEMPORARY = MetaData()
touched_rows = Table("touched_row", _TEMPORARY, Column("kind", BYTEWISE), Column("id", Uuid))
touched_accounts = Table("touched_account", _TEMPORARY, Column("id", Uuid))
seen_before = Table(
    "seen_before",
    _TEMPORARY,
    *(Column("account_id", Uuid), Column("kind", BYTEWISE), Column("id", Uuid), Column("seat_id", Uuid)),
)


@dataclass(frozen=True, slots=True)
class Changes:
    """Who gains and who loses, line by line, and how many lines are left out."""

    lines: Sequence[Mapping[str, Any]]
    omitted: int


@dataclass
class Sights:
    """The two statements that ask who sees what of all that is touched, the same for every command; made once."""

    catalogue: Catalogue
    _made: tuple[Statement, Statement] | None = None

    async def statements(self) -> tuple[Statement, Statement]:
        """That which keeps it, and that which compares it with what was kept."""
        if self._made is None:  # hundreds of milliseconds: in a thread, so that others are answered meanwhile
            self._made = await asyncio.to_thread(self._make)
        return self._made

    def _make(self) -> tuple[Statement, Statement]:
        kinds = [(kind, each) for kind in told(self.catalogue) for each in entrances(kind.entity.ways, _right(kind))]
        seen = union(*(sight for kind, each in kinds for sight in _sights_of(kind, each)))
        kept = insert(seen_before).from_select([column.name for column in seen_before.c], seen)
        return compiled(kept), compiled(_compared(seen))


@dataclass(frozen=True, slots=True)
class Watch:
    """Looks on while a command runs: `begin` before, `end` after it."""

    sights: Sights
    tx: Transaction

    @property
    def catalogue(self) -> Catalogue:
        """What may be seen at all."""
        return self.sights.catalogue

    async def begin(self, offer: Offer, target: Record, arguments: Mapping[str, Any]) -> None:
        """Note what the command may concern, and who sees it."""
        await self.tx.connection.execute(TABLES)
        named = list(_about(self.catalogue, offer, target, arguments))
        people = [row for kind, row in named if kind.entity.table in (accounts, grants)]
        tops = [] if people else [row["path"] for kind, row in named if kind.entity.table is units]
        await self._insert(touched_accounts, [_seated(tops), _named(people), _dependent(people)])
        await self._insert(touched_rows, [_lying(kind, tops) for kind in told(self.catalogue)])
        (keep, values), _ = await self.sights.statements()
        await self.tx.connection.execute(keep, *values)

    async def end(self, entry: UUID) -> Changes:
        """What of it has changed by now; rows made meanwhile are those of the audit entry."""
        await self._insert(touched_rows, [_made(kind, entry) for kind in told(self.catalogue)])
        _, (compare, values) = await self.sights.statements()
        lines = [dict(row) for row in await self.tx.connection.fetch(compare, *values)]
        return Changes([_line(line) for line in lines], lines[0]["lines"] - len(lines) if lines else 0)

    async def _insert(self, table: Table, found: Iterable[Select[Any]]) -> None:
        await self.tx.rows(insert(table).from_select([column.name for column in table.c], union(*found)))


def told(catalogue: Catalogue) -> list[Kind]:
    """The kinds whose rows are counted: nodes, and facets with a policy of their own."""
    nodes = [kind for kind in catalogue.kinds.values() if kind.entity.tag is not None]
    known = {kind.entity.policy for kind in nodes}
    others = {facet.name: facet for node in nodes for facet in facets(catalogue, node)}
    return [*nodes, *(facet for facet in others.values() if facet.entity.policy not in known)]


# --- what a command may concern ---------------------------------------------------------------------------------------


def _about(
    catalogue: Catalogue, offer: Offer, target: Record, arguments: Mapping[str, Any]
) -> Iterator[tuple[Kind, Record]]:
    """The rows the input names that the command's own right is about, and all accounts and grants it names."""
    return _within(catalogue, offer.command.action, offer.input, {**arguments, offer.target[1].python_name: target})


def _within(
    catalogue: Catalogue, action: str, shape: InputShape, given: Mapping[str, Any]
) -> Iterator[tuple[Kind, Record]]:
    for field in shape.fields.values():
        told = given.get(field.python_name)
        parts: list[Any] = [] if told is None else told if field.many else [told]
        if field.shape is not None:
            yield from chain.from_iterable(_within(catalogue, action, field.shape, part) for part in parts)
        elif isinstance(field.word, Named):
            kind = catalogue.kinds[field.word.entity]
            if field.word.action in (None, action) or kind.entity.table in (accounts, grants):
                yield from ((kind, row) for row in parts)


def _seated(tops: Sequence[str]) -> Select[Any]:
    """The accounts with a seat in one of these units or below, or at what lies there."""
    return select(seats.c.account_id).where(_beneath(lies_at(seats.c), tops))


def _named(people: Sequence[Record]) -> Select[Any]:
    """The accounts that are named, by themselves or by a grant."""
    ids = [row.get("account_id") or row["id"] for row in people]
    return select(accounts.c.id).where(accounts.c.id.in_(ids))


def _dependent(people: Sequence[Record]) -> Select[Any]:
    """The accounts whose grants depend on a grant of those, however indirectly."""
    ids = [row.get("account_id") or row["id"] for row in people]
    first = select(grants.c.id, grants.c.account_id).where(grants.c.account_id.in_(ids))
    line = first.cte("line", recursive=True)
    below = aliased(grants)
    whole = line.union(select(below.c.id, below.c.account_id).where(below.c.under_id == line.c.id))
    return select(whole.c.account_id)


def _lying(kind: Kind, tops: Sequence[str]) -> Select[Any]:
    """The rows of a kind that answer to a seat in one of these units or below."""
    row = aliased(kind.entity.table)
    keys = [keys for way in OF_UNITS for keys in _functions(kind, way)]
    lying = [_any_key(function, row.c, tops) for function in keys]
    return select(_name(kind), row.c.id).where(or_(*lying) if lying else ~true())


def _functions(kind: Kind, way: Way) -> tuple[Any, ...]:
    declared = kind.entity.ways.get(way, ())
    return declared if isinstance(declared, tuple) else (declared,)


def _any_key(function: Keys, row: Row, tops: Sequence[str]) -> ColumnElement[bool]:
    if isinstance(function, Pairs):
        return one_of(function.of(row), function.met(lambda key: _beneath(key, tops)))
    keys = function(row)
    if not isinstance(keys, Select):
        return _beneath(keys, tops)
    (key,) = keys.selected_columns
    return keys.where(_beneath(key, tops)).exists()


def _beneath(path: Any, tops: Sequence[str]) -> ColumnElement[bool]:
    ranges = (tuple(literal(end, BYTEWISE) for end in bounds(top)) for top in tops)
    within = [and_(path >= first, path < last) for first, last in ranges]
    return or_(*within) if within else ~true()


def _made(kind: Kind, entry: UUID) -> Select[Any]:
    """The rows of a kind made since the entry of this command was opened."""
    change = audit.changes.c
    found = select(_name(kind), change.row_id).where(change.entry_id == entry, change.before.is_(None))
    return found.where(change.table_name == kind.entity.table.name)


# --- who sees it ------------------------------------------------------------------------------------------------------


def _sights_of(kind: Kind, entrance: Entrance) -> Iterator[Select[Any]]:
    """What is seen by one entrance: of the rows touched, and by the accounts touched."""
    seat, row = aliased(seats), aliased(kind.entity.table)
    seen = select(seat.c.account_id, _name(kind), row.c.id, seat.c.id.label("seat_id")).select_from(row, seat)
    seen = seen.where(_enters(kind, entrance, seat.c, row.c)).correlate_except(seat, row)
    touched = select(touched_rows.c.id).where(touched_rows.c.kind == _name(kind))
    yield seen.where(row.c.id.in_(touched))
    yield seen.where(seat.c.account_id.in_(select(touched_accounts.c.id)))


def _enters(kind: Kind, entrance: Entrance, seat: Row, row: Row) -> ColumnElement[bool]:
    return and_(joined(entrance, seat, row), counts(seat, kind.entity.policy, "read"))


def _compared(sights: Any) -> Select[Any]:
    """Gains and losses by account and kind, and the number of such lines."""
    now, before = sights.cte("seen_now"), seen_before.c
    # That it was done is on record, for those who see the trail: no gain of theirs.
    record = func.current_setting("jinlin.audit_entry").cast(Uuid())
    new = select(now).where(now.c.id != record, ~exists().where(*_same(now.c, before)))
    gone = select(seen_before).where(~exists(select(now.c.id).where(*_same(now.c, before))))
    gained, lost = new.add_columns(literal_column("1").label("by")), gone.add_columns(literal_column("0").label("by"))
    each = gained.union_all(lost).subquery("change")
    ids = func.count(each.c.id.distinct())
    tally = select(
        each.c.account_id,
        each.c.kind,
        cast(ids.filter(each.c.by == literal_column("1")), Integer()).label("gained"),  # what Int holds
        cast(ids.filter(each.c.by == literal_column("0")), Integer()).label("lost"),
        func.array_agg(each.c.seat_id.distinct(), type_=ARRAY(Uuid())).label("seat_ids"),
        func.count().over().label("lines"),
    ).group_by(each.c.account_id, each.c.kind)
    line = tally.subquery("line")
    name = account_name(line.c.account_id)
    found = select(line, name.label("account_name"), *_seats_of(line.c.seat_ids))
    return found.order_by(name, line.c.account_id, line.c.kind).limit(LISTED)


def _same(one: Any, other: Any) -> list[ColumnElement[bool]]:
    return [one[key] == other[key] for key in ("account_id", "kind", "id")]


def _seats_of(ids: ColumnElement[Any]) -> Iterator[ColumnElement[Any]]:
    """The roles and the names of the seats by which it is seen, those ended by this very command included.

    Of the account's other grants nothing is told: whoever asks need not know of them.
    """
    grant = aliased(grants)
    for label, of in (("roles", grant.c.role), ("seat_names", seat_name(grant.c))):
        listed = func.array_agg(aggregate_order_by(of, grant.c.since, grant.c.id), type_=ARRAY(Text()))
        found = select(func.coalesce(listed, literal_column("'{}'"), type_=ARRAY(Text()))).where(
            grant.c.id == any_(ids)
        )
        yield found.correlate_except(grant).scalar_subquery().label(label)


def _line(row: Record) -> Mapping[str, Any]:
    return {name: value for name, value in row.items() if name not in ("account_id", "seat_ids", "lines")}


def _right(kind: Kind) -> tuple[str, str]:
    return kind.entity.policy, "read"


def _name(kind: Kind) -> ColumnElement[Any]:
    return literal(kind.name, BYTEWISE).label("kind")
