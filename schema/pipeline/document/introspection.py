"""Introspection: the root fields about the schema itself, executed by graphql-core, as JSON for their places."""

import hashlib
import json
import zlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from cachetools import LRUCache
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    NamedTypeNode,
    NameNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableDefinitionNode,
    Visitor,
    execute_sync,
    visit,
)

from schema.kit.faults import Refusals, unusable
from schema.pipeline.plan.selections import Selections

FIELDS = frozenset({"__schema", "__type"})
TAKEN = frozenset({"String", "Boolean"})  # the types of introspection's arguments, and of @skip's and @include's
KEPT = 1_000_000  # bytes of the answers in memory, packed: a twentieth of their text


def introspects(document: DocumentNode) -> bool:
    """Whether any field of a document is about the schema itself."""
    found = _Finder()
    visit(document, found)
    return found.found


class _Finder(Visitor):
    found = False

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.found = self.found or node.name.value in FIELDS


Told = Mapping[str, str]
Packed = Mapping[str, bytes]


class Introspections:
    """Answers, the latest in memory; tools ask the same of every caller of a role."""

    def __init__(self) -> None:
        self._known: LRUCache[bytes, Packed] = LRUCache(KEPT, lambda packed: sum(map(len, packed.values())))

    async def told(self, key: object, make: Callable[[], Awaitable[Told]]) -> Told:
        """What `make` tells, or told for the same key before."""
        of = hashlib.sha256(repr(key).encode("utf-8", "surrogatepass")).digest()
        if (packed := self._known.get(of)) is not None:
            return {name: zlib.decompress(each).decode() for name, each in packed.items()}
        told = await make()
        packed = {name: zlib.compress(each.encode()) for name, each in told.items()}
        if sum(map(len, packed.values())) <= KEPT:
            self._known[of] = packed
        return told


def introspect(
    schema: GraphQLSchema, selections: Selections, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Told:
    """The answers of a schema, which may be less than what the operation was validated against, to an operation's
    introspection fields, as JSON text by response key.
    """
    query = selections.schema.query_type
    assert query is not None
    selected = selections.of(query, [operation.selection_set])
    nodes = [node for found in selected.values() for node in found if node.name.value in FIELDS]
    if not nodes:
        return {}
    document = DocumentNode(definitions=(_only(operation, nodes), *selections.fragments.values()))
    result = execute_sync(schema, document, variable_values=dict(variables))
    if result.errors or result.data is None:
        raise Refusals([unusable(error) for error in result.errors or ()])
    return {key: json.dumps(value, ensure_ascii=False) for key, value in result.data.items()}


def _only(operation: OperationDefinitionNode, nodes: list[FieldNode]) -> OperationDefinitionNode:
    return OperationDefinitionNode(
        operation=operation.operation,
        name=NameNode(value="Introspection"),
        # What else there is may be of types that the schema at hand does not have.
        variable_definitions=tuple(each for each in operation.variable_definitions or () if _of_introspection(each)),
        directives=(),
        selection_set=SelectionSetNode(selections=tuple(nodes)),
    )


def _of_introspection(variable: VariableDefinitionNode) -> bool:
    of = variable.type.type if isinstance(variable.type, NonNullTypeNode) else variable.type
    return isinstance(of, NamedTypeNode) and of.name.value in TAKEN
