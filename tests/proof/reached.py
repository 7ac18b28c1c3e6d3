"""What the proof has reached: every (type, field, argument) of the schema, where it was allowed and where denied.

The catalogue is the schema itself: each field of each type a query, mutation or subscription leads to (edges, pages,
cursors, counts, numbers, payloads, exports), each argument, each field of each input (filters, lookups, commands), each
order, each kind of search. *Allowed* is what was answered with something: a value that is not null, a list that is not
empty, a command that was accepted. *Denied* is what was asked by someone from whom the model hides rows of the type it
belongs or leads to; a command that was refused; and, of what belongs to no such type, what was answered with nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from graphql import (
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    parse,
)

ASKS = ("Query", "Mutation", "Subscription")


BACKWARDS = ("last", "before")


def catalogue(schema: GraphQLSchema) -> set[str]:
    """All there is: `Type.field`, `Type.field(argument)`, `Input.field`, `Enum.VALUE` of orders and searches.

    But for pages from the end, which are asked now and then: of the same rows as forwards.
    """
    found: set[str] = set()
    for name, of in schema.type_map.items():
        if name.startswith("__"):
            continue
        if isinstance(of, GraphQLObjectType):
            for key, part in of.fields.items():
                found |= {f"{name}.{key}", *(f"{name}.{key}({each})" for each in part.args if each not in BACKWARDS)}
        elif isinstance(of, GraphQLInputObjectType):
            found |= {f"{name}.{key}" for key in of.fields}
        elif isinstance(of, GraphQLEnumType) and _chosen(of):
            found |= {f"{name}.{key}" for key in of.values}
    return found


def _chosen(of: GraphQLNamedType) -> bool:
    """Whether a value of an enum is something to ask by, as orders are, and not just a value to compare with."""
    return of.name.endswith("OrderField") or of.name == "SearchKind"


@dataclass(frozen=True)
class Part:
    """One field of a document: what it reaches, whose hidden rows it could show, the variables it hangs on."""

    key: str
    reaches: frozenset[str]
    kinds: frozenset[str]
    variables: tuple[tuple[str, str], ...]  # each with the argument or the field of an input it stands for
    below: tuple["Part", ...]


@dataclass
class Reached:
    """Gathers while questions are asked."""

    schema: GraphQLSchema
    kinds: Collection[str]  # the types whose rows are scoped
    allowed: set[str] = field(default_factory=set)
    denied: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._of = lru_cache(None)(self._document)

    def note(
        self, text: str, variables: Mapping[str, Any], told: Any, refused: Iterable[str], hidden: Collection[str]
    ) -> None:
        """A question, its data and the root fields it was refused, as asked by someone from whom rows of these kinds
        are hidden."""
        parts, types = self._of(text)
        given = {
            name: set(_inputs(types[name], value))
            for name, value in variables.items()
            if name in types and value is not None
        }
        self._walk(parts, told if isinstance(told, dict) else {}, set(refused), given, hidden)

    def missing(self) -> tuple[set[str], set[str]]:
        """What was not reached, of all there is: allowed, denied."""
        every = catalogue(self.schema)
        return every - self.allowed, every - self.denied

    def types(self) -> set[str]:
        """The types of which nothing was reached."""
        met = {each.partition(".")[0] for each in self.allowed | self.denied}
        return {each.partition(".")[0] for each in catalogue(self.schema)} - met

    def _walk(
        self,
        parts: Iterable[Part],
        told: Mapping[str, Any],
        refused: Collection[str],
        given: Mapping[str, set[str]],
        hidden: Collection[str],
    ) -> None:
        for part in parts:
            reaches = part.reaches.union(*({at, *given[name]} for name, at in part.variables if name in given))
            value = told.get(part.key)
            if _shows(value):
                self.allowed |= reaches
            if part.kinds & set(hidden) or part.key in refused or (not part.kinds and not _shows(value)):
                self.denied |= reaches
            rows = value if isinstance(value, list) else [value]
            for row in [row for row in rows if isinstance(row, dict)] or [{}]:
                self._walk(part.below, row, (), given, hidden)

    # --- documents ---

    def _document(self, text: str) -> tuple[tuple[Part, ...], Mapping[str, GraphQLNamedType]]:
        read = parse(text, no_location=True)
        fragments = {node.name.value: node for node in read.definitions if isinstance(node, FragmentDefinitionNode)}
        (operation,) = (node for node in read.definitions if isinstance(node, OperationDefinitionNode))
        root = self.schema.get_root_type(operation.operation)
        assert root is not None
        types = {
            each.variable.name.value: get_named_type(_named(self.schema, each.type))
            for each in operation.variable_definitions or ()
        }
        return tuple(self._parts(root, operation.selection_set, fragments, frozenset())), types

    def _parts(
        self, of: Any, selected: SelectionSetNode, fragments: Mapping[str, Any], kinds: frozenset[str]
    ) -> Iterator[Part]:
        for node in selected.selections:
            if isinstance(node, FieldNode):
                if node.name.value in getattr(of, "fields", {}):
                    yield self._part(of, node, fragments, kinds)
            else:
                assert isinstance(node, InlineFragmentNode | FragmentSpreadNode)
                inline = node if isinstance(node, InlineFragmentNode) else fragments[node.name.value]
                named = inline.type_condition
                within = self.schema.type_map[named.name.value] if named is not None else of
                yield from self._parts(within, inline.selection_set, fragments, self._near(within, kinds))

    def _part(self, of: Any, node: FieldNode, fragments: Mapping[str, Any], kinds: frozenset[str]) -> Part:
        declared = of.fields[node.name.value]
        target = get_named_type(declared.type)
        name = f"{of.name}.{node.name.value}"
        reaches: set[str] = {name}
        variables: list[tuple[str, str]] = []
        for argument in node.arguments or ():
            at, of_argument = f"{name}({argument.name.value})", get_named_type(declared.args[argument.name.value].type)
            reaches |= set(_literal(of_argument, argument.value, at, variables))
        within = self._near(target, kinds if of.name not in ASKS else frozenset())
        below = self._parts(target, node.selection_set, fragments, within) if node.selection_set else ()
        key = node.alias.value if node.alias else node.name.value
        return Part(key, frozenset(reaches), within, tuple(variables), tuple(below))

    def _near(self, of: GraphQLNamedType, kinds: frozenset[str]) -> frozenset[str]:
        """The scoped type a field leads to: itself, that of its page, else the one it belongs to."""
        nodes = of.fields["nodes"].type if isinstance(of, GraphQLObjectType) and "nodes" in of.fields else of
        name = get_named_type(nodes).name
        return frozenset({name}) if name in self.kinds else kinds


def _shows(value: Any) -> bool:
    """Whether an answer is something: of a page its rows, of a payload that the command was accepted."""
    if isinstance(value, dict):
        if value.get("userErrors"):
            return False
        return value.get("nodes") != [] and value.get("edges") != []
    return value is not None and value != []


def _named(schema: GraphQLSchema, node: Any) -> GraphQLNamedType:
    while hasattr(node, "type"):
        node = node.type
    return schema.type_map[node.name.value]


def _inputs(of: GraphQLNamedType, value: Any) -> Iterator[str]:
    """What a value of an input type reaches."""
    if isinstance(value, list):
        for item in value:
            yield from _inputs(of, item)
    elif isinstance(of, GraphQLInputObjectType) and isinstance(value, dict):
        for key, part in value.items():
            yield f"{of.name}.{key}"
            yield from _inputs(get_named_type(of.fields[key].type), part)
    elif isinstance(value, str) and _chosen(of):
        yield f"{of.name}.{value}"


def _literal(of: GraphQLNamedType, node: ValueNode, at: str, variables: list[tuple[str, str]]) -> Iterator[str]:
    """The same of a value written in a document for an argument or a field; its variables are told apart."""
    if isinstance(node, VariableNode):
        variables.append((node.name.value, at))
        return
    yield at
    if isinstance(node, ObjectValueNode) and isinstance(of, GraphQLInputObjectType):
        for part in node.fields:
            inner = get_named_type(of.fields[part.name.value].type)
            yield from _literal(inner, part.value, f"{of.name}.{part.name.value}", variables)
    elif isinstance(node, ListValueNode):
        for item in node.values:
            yield from _literal(of, item, at, variables)
    elif isinstance(node, EnumValueNode) and _chosen(of):
        yield f"{of.name}.{node.value}"


def listed(missing: Iterable[str]) -> str:
    """One line a coordinate."""
    return "\n".join(f"  {each}" for each in sorted(missing))
