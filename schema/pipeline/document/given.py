"""What stands in the filters and inputs an operation is given, as literals and as variables, of what is charged."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import ListValueNode, ObjectValueNode, VariableNode

from schema.kit.entities import NONE, SOME


def relations(value: object, variables: Mapping[str, Any], edge: str = "") -> Iterator[str]:
    """The edges whose `some` and `none` stand in a filter, wherever that is, by name; each as often as it is asked."""
    if isinstance(value, VariableNode):
        value = variables.get(value.name.value)
    if isinstance(value, ListValueNode | list):
        for each in value if isinstance(value, list) else value.values:
            yield from relations(each, variables, edge)
    if isinstance(value, ObjectValueNode):
        value = {field.name.value: field.value for field in value.fields}
    if isinstance(value, dict):
        for name, each in value.items():
            if name in (SOME, NONE):
                yield edge
            yield from relations(each, variables, name)


def given_rows(value: object, variables: Mapping[str, Any]) -> int:
    """The objects that stand in lists of an input, wherever those stand."""
    if isinstance(value, VariableNode):
        return given_rows(variables.get(value.name.value), variables)
    if isinstance(value, ObjectValueNode):
        value = {field.name.value: field.value for field in value.fields}
    if isinstance(value, dict):
        return sum(given_rows(each, variables) for each in value.values())
    if not isinstance(value, ListValueNode | list):
        return 0
    parts = value if isinstance(value, list) else value.values
    return sum(isinstance(each, dict | ObjectValueNode) + given_rows(each, variables) for each in parts)
