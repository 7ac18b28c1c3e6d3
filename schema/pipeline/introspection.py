"""Introspection: the root fields about the schema itself, executed by graphql-core, as JSON for their places."""

import json
from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    NameNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Visitor,
    execute_sync,
    visit,
)

from schema.pipeline.faults import Refusals, unusable
from schema.pipeline.selections import Selections

FIELDS = frozenset({"__schema", "__type"})


def introspects(document: DocumentNode) -> bool:
    """Whether any field of a document is about the schema itself."""
    found = _Finder()
    visit(document, found)
    return found.found


class _Finder(Visitor):
    found = False

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.found = self.found or node.name.value in FIELDS


def introspect(
    selections: Selections, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Mapping[str, str]:
    """The answers to an operation's introspection fields, as JSON text by response key."""
    query = selections.schema.query_type
    assert query is not None
    selected = selections.of(query, [operation.selection_set])
    nodes = [node for found in selected.values() for node in found if node.name.value in FIELDS]
    if not nodes:
        return {}
    document = DocumentNode(definitions=(_only(operation, nodes), *selections.fragments.values()))
    result = execute_sync(selections.schema, document, variable_values=dict(variables))
    if result.errors or result.data is None:
        raise Refusals([unusable(error) for error in result.errors or ()])
    return {key: json.dumps(value, ensure_ascii=False) for key, value in result.data.items()}


def _only(operation: OperationDefinitionNode, nodes: list[FieldNode]) -> OperationDefinitionNode:
    return OperationDefinitionNode(
        operation=operation.operation,
        name=NameNode(value="Introspection"),
        variable_definitions=operation.variable_definitions,
        directives=(),
        selection_set=SelectionSetNode(selections=tuple(nodes)),
    )
