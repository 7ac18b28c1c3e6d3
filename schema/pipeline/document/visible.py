"""The part of the schema a caller can see: what their grants can lead to, and nothing that tells of the rest.

It is the schema with parts left out, for introspecting, printing and refusing; what is planned is planned over the
whole. Which parts follows from the roles held and the kinds of their seats, not from where these are, so callers of
the same roles share one. People's documents are validated against the whole schema, and what they may not see is null;
a program's are validated against its own part as well, where the rest is as if it had never been.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from cachetools import LRUCache
from graphql import GraphQLSchema, VariableValues
from sqlalchemy import Table

from policies.actor import Actor
from policies.decide import COUNT, rights
from schema.catalogue.kinds import Catalogue, Kind, camel
from schema.catalogue.named import groups_of, named_by
from schema.catalogue.offers import InputField, InputShape, Offer
from schema.kit.actions import Right
from schema.kit.commands import Named
from schema.kit.entities import Edge, EdgeKind, Value
from schema.kit.expressions import RowFunction
from schema.kit.numbers import Breakdown, Measure, Ratio, Tally
from schema.pipeline.document.pruning import pruned
from schema.pipeline.plan.binding import Binder
from schema.pipeline.plan.call import Call

PROGRAMS = 12  # whose schemas are kept, of half a mebibyte mostly: each of their documents is validated against it
PEOPLE = 1  # theirs take up to three, and are only introspected; what was told then is kept instead


@dataclass(frozen=True, slots=True)
class Visible:
    """A schema, and by what it is told apart from others."""

    key: object
    schema: GraphQLSchema


def key_of(actor: Actor) -> object:
    """What decides what an actor can see of the schema."""
    return frozenset((role, type(term).__name__) for role, term in actor.seats), actor.terms.entities, actor.program


class Visibility:
    """What each caller can see of one schema; the last are remembered."""

    def __init__(self, catalogue: Catalogue, schema: GraphQLSchema) -> None:
        self._catalogue = catalogue
        self._schema = schema
        self._known: Mapping[bool, LRUCache[object, Visible]] = {True: LRUCache(PROGRAMS), False: LRUCache(PEOPLE)}

    def of(self, actor: Actor) -> Visible:
        """The schema this actor introspects, and is validated against if it is a program's."""
        found = self._known[actor.program].get(key_of(actor))
        return found or self._keep(actor, self._cut(actor))

    async def ready(self, actor: Actor) -> None:
        """Make it now if it is not known: tens of milliseconds, in a thread, so that others are answered meanwhile."""
        if key_of(actor) not in self._known[actor.program]:
            self._keep(actor, await asyncio.to_thread(self._cut, actor))

    def _keep(self, actor: Actor, schema: GraphQLSchema) -> Visible:
        made = self._known[actor.program][key_of(actor)] = Visible(key_of(actor), schema)
        return made

    def _cut(self, actor: Actor) -> GraphQLSchema:
        reach = _Reach(self._catalogue, actor)
        return pruned(self._schema, frozenset(reach.gone_types()), frozenset(reach.gone_parts()))


class _Reach:
    """What of the catalogue one caller cannot reach: types by name, their parts as `Type.part`."""

    def __init__(self, catalogue: Catalogue, actor: Actor) -> None:
        self._catalogue = catalogue
        self._program = actor.program
        self._binder = Binder(catalogue, Call(actor, VariableValues({}, {}), b""))

    def gone_types(self) -> Iterator[str]:
        """Entities no row of which can be the caller's to see, and their connections."""
        for name in self._catalogue.kinds:
            if not self._reads(name):
                yield from (name, f"{name}Edge", f"{name}Connection")

    def gone_parts(self) -> Iterator[str]:
        """Names, numbers, filters, kinds of search and commands about what is gone."""
        for kind in self._catalogue.kinds.values():
            for name in kind.fields:
                if self._withheld(kind, name) or not self._counts(kind, name, self._numbers):
                    yield f"{kind.name}.{name}"
                if not self._counts(kind, name, self._reads):  # what is only counted is told of no other day
                    yield f"{kind.name}Change.{name}"
            yield from self._measured(kind)
            for name, condition in kind.filter.items():
                if condition.edge is not None and not self._leads(kind, condition.edge):
                    yield f"{kind.name}Filter.{name}"
            if kind.entity.search is not None and not self._reads(kind.name):
                yield f"SearchKind.{kind.screaming}"
        for offer in self._catalogue.offers.values():
            yield from self._of_command(offer)

    def _measured(self, kind: Kind) -> Iterator[str]:
        """What totals and groups of rows of a kind tell of others that are not there, to a program.

        Of groups by a name of such others that is all: how many groups there are is how many of those.
        """
        for group in groups_of(self._catalogue, kind) if self._program else ():
            keys = [field.declared for field in group.fields.values() if isinstance(field.declared, Value)]
            apart = all(self._reads(each) for key in keys for each in key.brings)
            for name, field in group.fields.items():
                declared = field.declared
                if not apart or (
                    isinstance(declared, Measure)
                    and not (
                        self._named(kind, declared.distinct, self._numbers)
                        and (not declared.brings or self._reads(declared.brings))
                    )
                ):
                    yield f"{group.name}.{name}"

    def _named(self, kind: Kind, distinct: RowFunction | None, there: Callable[[str], bool]) -> bool:
        """Whether what distinct values of rows of a kind name is there."""
        tables = named_by(kind.entity.table, distinct)
        return all(any(map(there, self._of_table[table])) for table in tables if table in self._of_table)

    @cached_property
    def _of_table(self) -> Mapping[Table, Sequence[str]]:
        found: dict[Table, list[str]] = {}
        for name, kind in self._catalogue.kinds.items():
            if kind.entity.tag is not None:
                found.setdefault(kind.entity.table, []).append(name)
        return found

    def _may(self, kind: Kind, right: Right) -> bool:
        return self._binder.scope(kind, *right) != ()

    def _reads(self, name: str) -> bool:
        """Whether a row of a kind can be the caller's to see; a required facet is there wherever its owner is.

        What no rule lets anybody read is asked for by another right: everyone may explain their own access.
        """
        kind = self._catalogue.kinds[name]
        right, seen = (kind.entity.policy, "read"), self._binder.scope(kind)
        return right not in rights() or seen != () or any(map(self._reads, self._owners[name]))

    @cached_property
    def _owners(self) -> Mapping[str, Sequence[str]]:
        owners: dict[str, list[str]] = {name: [] for name in self._catalogue.kinds}
        for owner, kind in self._catalogue.kinds.items():
            for field in kind.fields.values():
                facet = field.declared
                if isinstance(facet, Edge) and facet.kind is EdgeKind.FACET and facet.required:
                    owners[facet.target or ""].append(owner)
        return owners

    def _leads(self, kind: Kind, edge: str) -> bool:
        declared = kind.fields[camel(edge)].declared
        named = (declared.target, declared.through) if isinstance(declared, Edge) else ("",)
        return isinstance(declared, Edge) and all(self._reads(each) for each in named if each is not None)

    def _withheld(self, kind: Kind, name: str) -> bool:
        """Whether a field brings along the name of what is not there, to a program; persons' histories tell it."""
        declared = kind.fields[name].declared
        return self._program and isinstance(declared, Value) and not all(map(self._reads, declared.brings))

    def _counts(self, kind: Kind, name: str, there: Callable[[str], bool]) -> bool:
        """False for a number of kinds that are not there; what else a field leads to goes by its type."""
        declared = kind.fields[name].declared
        if isinstance(declared, Ratio):
            return all(self._counts(kind, camel(part), there) for part in (declared.part, declared.whole))
        if isinstance(declared, Tally):
            target = self._catalogue.kinds[declared.target]
            named = not self._program or self._named(target, declared.distinct, there)
            return there(target.name) and named and all(self._leads(target, edge) for edge in declared.having)
        return not isinstance(declared, Breakdown) or there(declared.target)

    def _numbers(self, name: str) -> bool:
        """Whether a row of a kind can be the caller's to see, or at least to count."""
        kind = self._catalogue.kinds[name]
        return self._reads(name) or self._may(kind, (kind.entity.policy, COUNT))

    def _of_command(self, offer: Offer) -> Iterator[str]:
        kinds, right = self._catalogue.kinds, (offer.command.policy, offer.command.action)
        word = offer.target[1].word
        assert isinstance(word, Named)
        if not all(self._may(kinds[name], right) for name in (word.entity, offer.command.returns)):
            yield f"Mutation.{offer.name}"
        for at, field in _inputs(offer.input):
            if not self._nameable(field):
                yield at if field.optional else f"Mutation.{offer.name}"

    def _nameable(self, field: InputField) -> bool:
        """Whether there can be a row for a field of an input to name; the target's right is the command's."""
        if not isinstance(field.word, Named) or field.word.action is None:
            return True
        kind = self._catalogue.kinds[field.word.entity]
        policy, _, action = field.word.action.rpartition(":")
        return self._may(kind, (policy or kind.entity.policy, action))


def _inputs(shape: InputShape) -> Iterator[tuple[str, InputField]]:
    for name, field in shape.fields.items():
        yield f"{shape.name}.{name}", field
        if field.shape is not None:
            yield from _inputs(field.shape)
