"""A schema with parts left out: what is named goes, and with it whatever leads to it, is left empty or out of reach.

What nothing was left out of is not made again: the two schemas share it.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeVar

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
)

A = TypeVar("A", GraphQLArgument, GraphQLInputField)
Left = Mapping[str, tuple[str, ...]]  # of each type the names of the fields, values or members that stay


def pruned(schema: GraphQLSchema, types: Collection[str], parts: Collection[str]) -> GraphQLSchema:
    """The schema without these types and `Type.part`s, without what that leaves empty or out of reach; by name."""
    gone = set(types)
    while True:
        every = ((name, of) for name, of in sorted(schema.type_map.items()) if name not in gone)
        left = {name: tuple(_left(of, gone, parts)) for name, of in every}
        emptied = {name for name in left if not left[name] and _parts(schema.type_map[name])}
        if not emptied:
            return _Making(schema, left).schema()
        gone |= emptied


def _left(of: GraphQLNamedType, gone: Collection[str], parts: Collection[str]) -> Iterator[str]:
    for name, part in _parts(of).items():
        if f"{of.name}.{name}" not in parts and (part is None or get_named_type(part).name not in gone):
            yield name


def _parts(of: GraphQLNamedType) -> Mapping[str, Any]:
    """What of a type can be left out, and the type it leads to, if any."""
    if isinstance(of, GraphQLUnionType):
        return {each.name: each for each in of.types}
    if isinstance(of, GraphQLEnumType):
        return dict.fromkeys(of.values)
    return {name: field.type for name, field in getattr(of, "fields", {}).items()}


class _Making:
    """Makes one schema of what is left of another."""

    def __init__(self, whole: GraphQLSchema, left: Left) -> None:
        self._whole = whole
        self._left = left
        self._reached = self._from_the_roots()
        changed = self._changed()
        self._types = {name: self._copied(name) if name in changed else whole.type_map[name] for name in self._reached}

    def schema(self) -> GraphQLSchema:
        """The schema made of it."""
        roots = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}
        found: dict[str, Any] = {kind: self._types.get(name) for kind, name in roots.items()}
        types = [self._types[name] for name in sorted(self._types)]
        return GraphQLSchema(**found, types=types, directives=self._whole.directives, assume_valid=True)

    def _from_the_roots(self) -> set[str]:
        """The names that can be come to from the roots; an interface leads to whatever implements it."""
        waiting, met = [name for name in ("Query", "Mutation", "Subscription") if name in self._left], set[str]()
        while waiting:
            name = waiting.pop()
            if name not in met:
                met.add(name)
                waiting += self._mentioned(name)
                of = self._whole.type_map[name]
                if isinstance(of, GraphQLInterfaceType):
                    waiting += [each.name for each in self._whole.get_possible_types(of) if each.name in self._left]
        return met

    def _mentioned(self, name: str) -> Iterator[str]:
        """The types that what is left of a type leads to."""
        of = self._whole.type_map[name]
        found = _parts(of)
        for part in self._left[name]:
            yield from (to for to in _takes(of, part) if to in self._left)
            if found[part] is not None:
                yield get_named_type(found[part]).name
        yield from (each.name for each in getattr(of, "interfaces", ()))

    def _changed(self) -> set[str]:
        """The types something is left out of, and those that lead to one."""
        leading: dict[str, set[str]] = {}
        for name in self._reached:
            for to in self._mentioned(name):
                leading.setdefault(to, set()).add(name)
        waiting, met = [name for name in self._reached if self._lacks(name)], set[str]()
        while waiting:
            name = waiting.pop()
            if name not in met:
                met.add(name)
                waiting += leading.get(name, ())
        return met

    def _lacks(self, name: str) -> bool:
        of = self._whole.type_map[name]
        taken = (to for part in self._left[name] for to in _takes(of, part))
        return len(self._left[name]) < len(_parts(of)) or any(to not in self._left for to in taken)

    def _copied(self, name: str) -> GraphQLNamedType:
        of, left = self._whole.type_map[name], self._left[name]
        if isinstance(of, GraphQLEnumType):
            return GraphQLEnumType(**_kept(of, values={each: of.values[each] for each in left}))
        if isinstance(of, GraphQLUnionType):
            return GraphQLUnionType(**_kept(of, types=lambda: [self._types[each] for each in left]))
        if isinstance(of, GraphQLInputObjectType):
            return type(of)(**_kept(of, fields=lambda: {each: self._typed(of.fields[each]) for each in left}))
        assert isinstance(of, GraphQLObjectType | GraphQLInterfaceType)
        return type(of)(
            **_kept(
                of,
                fields=lambda: {each: self._field(of.fields[each]) for each in left},
                interfaces=lambda: [self._types[each.name] for each in of.interfaces],
            )
        )

    def _field(self, of: GraphQLField) -> GraphQLField:
        taken = {name: self._typed(each) for name, each in of.args.items() if _name(each) in self._left}
        return GraphQLField(**_kept(of, type_=self._type(of.type), args=taken))

    def _typed(self, of: A) -> A:
        return type(of)(**_kept(of, type_=self._type(of.type)))

    def _type(self, of: Any) -> Any:
        if isinstance(of, GraphQLNonNull | GraphQLList):
            return type(of)(self._type(of.of_type))
        return self._types[of.name]


def _takes(of: GraphQLNamedType, part: str) -> Iterator[str]:
    """The names of the types of a field's arguments."""
    field = getattr(of, "fields", {}).get(part)
    yield from (_name(each) for each in getattr(field, "args", {}).values())


def _name(of: Any) -> str:
    named: GraphQLNamedType = get_named_type(of.type)
    return named.name


def _kept(of: Any, **other: Any) -> dict[str, Any]:
    """What a part of a schema is made of, but for these."""
    return {**of.to_kwargs(), **other}
