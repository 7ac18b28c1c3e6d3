"""What one caller sees of the rows: scopes by asking `enforce` about every row, edges and filters row by row."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from policies import decide
from policies.decide import Seat
from policies.scope import ANSWERED, Address, AnyOf, Inspects, Way, answering
from schema.catalogue.kinds import Kind, camel
from schema.kit.entities import Condition, Edge, EdgeKind
from schema.kit.expressions import Join
from services.access.credentials import NO_TERMS, Terms
from tests.oracle.decisions import enforced
from tests.oracle.declarations import Declarations, Key
from tests.oracle.dispatch import Frame, Record, Tables

PLACES = ("unit_id", "left_unit_id")  # where a row lay that changed: once it had, and before, if that was elsewhere


@dataclass(frozen=True, slots=True)
class Thing:
    """A row with its kind."""

    kind: Kind
    row: Record


@dataclass(frozen=True)
class Sight:
    """The rows as someone with these seats sees them, or as they count them where `action` says so.

    In a command's `payload` they are told nothing of what they may only count.
    `parted` remembers of each condition (by kind and description) whether rows passed and whether rows did not.
    """

    declared: Declarations
    tables: Tables
    seats: tuple[Seat, ...]
    now: datetime
    terms: Terms = NO_TERMS
    action: str = decide.READ
    payload: bool = False
    parted: dict[tuple[str, str], set[bool]] = field(default_factory=dict)
    _addresses: dict[tuple[str, int], Address] = field(default_factory=dict)
    _keys: dict[tuple[str, int], dict[Way, Sequence[list[Any]]]] = field(default_factory=dict)
    _seen: dict[str, list[Record]] = field(default_factory=dict)
    _shown: dict[str, frozenset[int]] = field(default_factory=dict)
    _led: dict[tuple[Join, str, str, int], list[Record]] = field(default_factory=dict)
    _reached: dict[tuple[int, str, int, date | None], list[Record]] = field(default_factory=dict)

    def of(self, seats: tuple[Seat, ...], terms: Terms) -> "Sight":
        """The same rows as somebody else sees them: by which keys rows answer to seats is the same for all."""
        return Sight(self.declared, self.tables, seats, self.now, terms, _addresses=self._addresses, _keys=self._keys)

    # --- the scope ---

    def seats_for(self, entity: str) -> tuple[Seat, ...]:
        """The seats that count for an entity: whoever is held to others has none there but oneself."""
        if self.terms.entities is None or entity in self.terms.entities:
            return self.seats
        return tuple(seat for seat in self.seats if seat[0] == "everyone")

    def address(self, kind: Kind, row: Record) -> Address:
        """What a row answers to seats by: the keys it has, by way."""
        key = (kind.name, id(row))
        if key not in self._addresses:
            self._addresses[key] = _flat(self.keys(kind, row))
        return self._addresses[key]

    def keys(self, kind: Kind, row: Record, asked: Collection[Way] = tuple(Way)) -> Mapping[Way, Sequence[list[Any]]]:
        """The same, what each of the functions declared for a way gives by itself."""
        known = self._keys.setdefault((kind.name, id(row)), {})
        ways = self.declared.ways(kind)
        if lacking := [way for way in ways if way in asked and way not in known]:
            frame = self._frame({self.declared.here(kind): row})
            known |= {way: [keys(frame) for keys in ways[way]] for way in lacking}
        return {way: known[way] for way in ways if way in asked}

    def allows(self, kind: Kind, row: Record, entity: str, action: str) -> bool:
        """Whether Casbin lets the caller do this to a row; only keys that one of the seats may meet are looked for."""
        seats = self.seats_for(entity)
        met = {way for _, term in seats for way in ANSWERED[type(term)]}
        return enforced(seats, entity, action, _flat(self.keys(kind, row, met)))

    def at(self, kind: Kind, row: Record, entity: str) -> bool:
        """Whether Casbin lets the caller read what there may be no row of, by the columns it would have."""
        seats = self.seats_for(entity)
        frame = self._frame({self.declared.here(kind): row})
        ways = {way: [keys(frame) for keys in of] for way, of in self.declared.ways(kind).items()}
        return enforced(seats, entity, decide.READ, _flat(ways))

    @cached_property
    def counting(self) -> "Sight":
        """The same rows as the same caller may count them."""
        return Sight(self.declared, self.tables, self.seats, self.now, self.terms, decide.COUNT, parted=self.parted)

    def counts_beyond(self, kind: Kind) -> bool:
        """Whether the caller may count rows of a kind that they may not read: by other seats, or of other people."""
        policy = kind.entity.policy
        seats = self.seats_for(policy)
        read = decide.scope(seats, policy, decide.READ)
        inspects = isinstance(read, AnyOf) and any(isinstance(term, Inspects) for term in read.terms)
        people = inspects and Way.REGISTERED in kind.entity.ways
        return people or read != decide.scope(seats, policy, decide.COUNT)

    def every(self, kind: Kind) -> Sequence[Record]:
        """All rows of the kind, whoever may see them."""
        return self.tables[kind.entity.table.name]

    def seen(self, kind: Kind) -> Sequence[Record]:
        """The rows of the kind the caller may read."""
        if kind.name not in self._seen:
            policy = kind.entity.policy
            self._seen[kind.name] = [
                row
                for row in self.every(kind)
                if (self.allows(kind, row, policy, self.action) and self.tells(kind, row))
                or self._consists(kind, row)
                or self._follows(kind, row)
            ]
        return self._seen[kind.name]

    def tells(self, kind: Kind, row: Record) -> bool:
        """Whether what a row tells of, if it does, is of a kind the caller reads there, or of none."""
        if kind.entity.tells_of is None:
            return True
        policies = self._policies(self.value(Thing(kind, row), kind.entity.tells_of))
        return not policies or any(self.allows(kind, row, policy, decide.READ) for policy in policies)

    def stays(self, kind: Kind, row: Record) -> bool:
        """Whether a change is told by where its row lay afterwards."""
        own = self.allows(kind, row, kind.entity.policy, decide.READ) and self.tells(kind, row)
        return own or self._changed(self._command(row), row, row["unit_id"])

    def _consists(self, kind: Kind, row: Record) -> bool:
        """Whether an entry changed a row where the caller reads the trail, now, and such rows; or a change took one."""
        if not kind.entity.consists_of or self.action != decide.READ:
            return False
        if "entry_id" in row:
            return self._told_there(row, row["left_unit_id"])
        changed = [each for each in self.tables["audit_change"] if each["entry_id"] == row["id"]]
        return any(self._told_there(change, change[lay]) for change in changed for lay in PLACES)

    def _told_there(self, change: Record, unit: Any) -> bool:
        heirs = {former["id"]: former["heir_id"] for former in self.tables.get("former_unit", ())}
        lay = heirs.get(unit, unit)
        at = {Way.WITHIN: [unit["path"] for unit in self.tables["org_unit"] if unit["id"] == lay]}
        rights = ["audit"], self._policies(change["table_name"])
        return all(
            any(enforced(self.seats_for(policy), policy, decide.READ, at) for policy in policies) for policies in rights
        )

    def _follows(self, kind: Kind, row: Record) -> bool:
        """Whether the caller follows a change, or one of those of an entry: by where the row lay, before or after."""
        if not self._following(kind):
            return False
        of = row.get("entry_id", row["id"])
        changed = (
            [row] if "entry_id" in row else [each for each in self.tables["audit_change"] if each["entry_id"] == of]
        )
        return any(self._changed(self._command(each), each, each[lay]) for each in changed for lay in PLACES)

    def _command(self, change: Record) -> str:
        (command,) = (each["command"] for each in self.tables["audit_entry"] if each["id"] == change["entry_id"])
        return str(command)

    def _changed(self, command: str, change: Record, unit: Any) -> bool:
        """Whether the caller follows there, and reads there what changed and what the command is of."""
        offer = self.declared.catalogue.offers.get(command)
        if offer is not None and not offer.command.followed:
            return False
        of = [kind for kind in self._kinds if kind.entity.table.name == change["table_name"]][:1]
        of += [kind for kind in self._kinds if offer and kind.entity.policy == offer.command.policy][:1]
        at = [each["path"] for each in self.tables["org_unit"] if each["id"] == unit]
        follows = enforced(self.seats_for("audit"), "audit", decide.FOLLOW, {Way.WITHIN: at})
        return follows and len(of) == 2 and all(self._reads_at(at, each) for each in of)

    @property
    def _kinds(self) -> Sequence[Kind]:
        """Those with global ids before others."""
        return sorted(self.declared.catalogue.kinds.values(), key=lambda kind: kind.entity.tag is None)

    def _reads_at(self, paths: list[Any], of: Kind) -> bool:
        """Whether the caller reads rows of a kind that lie there, by no other way than that."""
        policy = of.entity.policy
        address = {way: paths for way in (Way.WITHIN, Way.REGISTERED) if way in of.entity.ways}
        return bool(address) and enforced(self.seats_for(policy), policy, decide.READ, address)

    def _following(self, kind: Kind) -> bool:
        return kind.entity.follows is not None and self.action == decide.READ

    def _policies(self, table: str) -> set[str]:
        return {of.entity.policy for of in self.declared.catalogue.kinds.values() if of.entity.table.name == table}

    def anywhere(self, kind: Kind) -> bool:
        """Whether the caller could read any row of the kind at all, wherever it were and whoever it belonged to."""
        policy = kind.entity.policy
        rights = {(policy, self.action), *([(policy, decide.FOLLOW)] if self._following(kind) else [])}
        allowed = [term for role, term in self.seats_for(policy) if rights & decide.permissions(role)]
        return any(way in kind.entity.ways for term in allowed for way in answering(type(term), self.action))

    def leads_anywhere(self, edge: Edge) -> bool:
        """Whether an edge could lead the caller to any row: of its target, and by what makes the relation."""
        named = (edge.target, edge.through)
        return all(self.anywhere(self.declared.catalogue.kinds[name]) for name in named if name is not None)

    def sees(self, kind: Kind, row: Record) -> bool:
        """Whether a row, which may be another kind's as well, is among those the caller may read as this kind."""
        if kind.name not in self._shown:
            self._shown[kind.name] = frozenset(id(other) for other in self.seen(kind))
        return id(row) in self._shown[kind.name]

    # --- edges ---

    def led_to(self, on: Join | None, above: Thing | None, target: Kind) -> Sequence[Record]:
        """The rows a join leads to, of those the caller sees; without a join all of them."""
        if above is None or on is None:
            return self.seen(target)
        key = (on, above.kind.name, target.name, id(above.row))
        if key not in self._led:
            joined = self.declared.join(on, above.kind, target)
            frame = self._frame({self.declared.here(above.kind): above.row})
            self._led[key] = [row for row in joined(frame) if self.sees(target, row)]
        return self._led[key]

    def lacks(self, on: Join, above: Thing, target: Kind) -> bool:
        """Whether a join leads to any row the caller does not see."""
        return any(not self.sees(target, row) for row in self.joined(on, above, target))

    def joined(self, on: Join, above: Thing, target: Kind) -> list[Record]:
        """All rows a join leads to, whoever may see them."""
        joined = self.declared.join(on, above.kind, target)
        return [*joined(self._frame({self.declared.here(above.kind): above.row}))]

    def reached(self, edge: Edge, above: Thing | None, given: Mapping[str, Any]) -> Sequence[Record]:
        """The rows an edge gives with these arguments; what is not given, or null, is what its condition says then."""
        target = self.declared.catalogue.kinds[edge.target or ""]
        rows = self.led_to(edge.on, above, target) if self.leads_anywhere(edge) else ()
        for name, condition in edge.arguments.items():
            value = given.get(camel(name))
            if value is not None:
                rows = self.passing(target, rows, condition, value)
            elif condition.absent is not None:
                absent = condition.absent
                rows = [row for row in rows if self.value(Thing(target, row), absent) is True]
        return rows

    def filtered(self, kind: Kind, rows: Iterable[Record], chosen: Mapping[str, Any]) -> list[Record]:
        """Of the rows of a connection, those of which all that its filter asks is true: neither false nor unknown."""
        left = self.by_default(kind, rows, {*mentioned(chosen)})
        return [row for row in left if self.fits(kind, row, chosen) is True]

    def fits(self, kind: Kind, row: Record, chosen: Mapping[str, Any]) -> bool | None:
        """Whether all conditions hold of a row; None where that hangs on what the caller may see nowhere."""
        said = [self._holds(kind, row, name, value) for name, value in chosen.items() if value is not None]
        return False if False in said else None if None in said else True

    def _holds(self, kind: Kind, row: Record, name: str, value: Any) -> bool | None:
        if name == "any":
            said = [self.fits(kind, row, each) for each in value]
            return True if True in said else None if None in said else False
        if name == "not":
            fits = self.fits(kind, row, value)
            return None if fits is None else not fits
        condition = kind.filter[name]
        if condition.edge is not None and not self.leads_anywhere(self.edge(kind, condition.edge)):
            return None
        if condition.edge is not None and isinstance(value, Mapping):
            return self._related(kind, row, condition.edge, value)
        return bool(self.passing(kind, [row], condition, value))

    def _related(self, kind: Kind, row: Record, name: str, value: Mapping[str, Any]) -> bool | None:
        edge, target = kind.fields[camel(name)].declared, self.target(kind, name)
        assert isinstance(edge, Edge)
        rows = self.reached(edge, Thing(kind, row), {})
        said: list[bool | None] = []
        for how, of in value.items():
            if of is not None:
                left = self.by_default(target, rows, {*mentioned(of)})
                fits = [self.fits(target, other, of) for other in left]
                some = True if True in fits else None if None in fits else False
                said.append(some if how == "some" or some is None else not some)
        return False if False in said else None if None in said else True

    def by_default(self, kind: Kind, rows: Iterable[Record], chosen: Collection[str]) -> list[Record]:
        """Of the rows of a connection, those that pass what its filter says of conditions it does not mention."""
        absent = [each.absent for name, each in kind.filter.items() if each.absent is not None and name not in chosen]
        return [row for row in rows if all(self.value(Thing(kind, row), test) is True for test in absent)]

    def target(self, kind: Kind, name: str) -> Kind:
        """The kind of the rows a named edge leads to."""
        return self.declared.catalogue.kinds[self.edge(kind, name).target or ""]

    def edge(self, kind: Kind, name: str) -> Edge:
        """The named edge of a kind."""
        edge = kind.fields[camel(name)].declared
        assert isinstance(edge, Edge)
        return edge

    def leads(self, name: str, thing: Thing, day: date | None = None) -> bool:
        """Whether the named edge of a row leads anywhere, its arguments left out but for the day it is asked of."""
        edge = thing.kind.fields[camel(name)].declared
        assert isinstance(edge, Edge)
        if edge.kind is EdgeKind.FACET:  # another type over the very row
            return self.sees(self.target(thing.kind, name), thing.row)
        key = (id(edge), thing.kind.name, id(thing.row), day)
        if key not in self._reached:
            given = {"asOf": day} if "as_of" in edge.arguments else {}
            rows, target = self.reached(edge, thing, given), self.target(thing.kind, name)
            self._reached[key] = self.by_default(target, rows, ()) if edge.kind is EdgeKind.PAGE else list(rows)
        return bool(self._reached[key])

    # --- values ---

    def value(self, thing: Thing, function: Any) -> Any:
        """A row function's value."""
        return self.declared.of(function, thing.kind)(self._frame({self.declared.here(thing.kind): thing.row}))

    def passing(self, kind: Kind, rows: Iterable[Record], condition: Condition, value: Any) -> list[Record]:
        """The rows that fulfil a condition with this value; none of those whose relation leads nowhere one may look."""
        if condition.edge is not None and not self.leads_anywhere(self.edge(kind, condition.edge)):
            return []
        test = self._test(kind, condition, value)
        tested = [(row, test(row)) for row in rows]
        self.parted.setdefault((kind.name, condition.description), set()).update(passed for _, passed in tested)
        return [row for row, passed in tested if passed]

    def _test(self, kind: Kind, condition: Condition, value: Any) -> Callable[[Record], bool]:
        if condition.of is not None:
            of, on = self.declared.catalogue.kinds[condition.of], condition.on
            there = replace(condition, of=None, on=None)
            return lambda row: bool(self.passing(of, self.led_to(on, Thing(kind, row), of), there, value))
        if condition.edge is not None:
            name = condition.edge
            return lambda row: self.leads(name, Thing(kind, row)) is value
        assert condition.predicate is not None
        test = self.declared.test(condition.predicate, condition.binds, kind)
        given = parameters(condition, value)
        return lambda row: test(self._frame({self.declared.here(kind): row}, given)) is True

    def keyed(self, kind: Kind, keys: Sequence[Key], row: Record, given: Mapping[str, Any] | None = None) -> list[Any]:
        """A row's values of some sort keys."""
        frame = self._frame({self.declared.here(kind): row}, given)
        return [key.value(frame) for key in keys]

    def ranked(self, function: Any, condition: Condition, thing: Thing, given: Mapping[str, Any]) -> Any:
        """An expression over a row and a condition's parameters."""
        made = self.declared.test(function, condition.binds, thing.kind)
        return made(self._frame({self.declared.here(thing.kind): thing.row}, given))

    def _frame(self, rows: Mapping[Any, Record | None], given: Mapping[str, Any] | None = None) -> Frame:
        return Frame(rows, given or {}, self.tables, self.now)


def mentioned(chosen: Mapping[str, Any]) -> Iterator[str]:
    """The conditions a filter mentions of the row itself, at any depth of `any` and `not`."""
    for name, value in chosen.items():
        yield name
        for each in value or () if name == "any" else (value or {},) if name == "not" else ():
            yield from mentioned(each)


def _flat(ways: Mapping[Way, Sequence[list[Any]]]) -> Address:
    return {way: [key for keys in each for key in keys] for way, each in ways.items()}


def parameters(condition: Condition, value: Any) -> dict[str, Any]:
    """The parameters a condition makes of an argument; Refused for a value that cannot be."""
    return {name: bind.convert(value) for name, bind in condition.binds.items()}
