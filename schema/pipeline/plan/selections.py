"""What a selection set comes to for one type: fields by response key, in order, fragments and directives resolved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableValues,
    is_abstract_type,
)
from graphql.execution import get_directive_values

Selected = Mapping[str, list[FieldNode]]


@dataclass(frozen=True, slots=True)
class Selections:
    """Collects fields as the GraphQL specification's CollectFields does."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: VariableValues

    def of(self, runtime_type: GraphQLObjectType, sets: Iterable[SelectionSetNode | None]) -> Selected:
        """The fields of all `sets` that apply to `runtime_type`; nodes under one key are to be merged."""
        selected: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for selection_set in sets:
            if selection_set is not None:
                self._collect(runtime_type, selection_set, selected, seen)
        return selected

    def _collect(
        self, of: GraphQLObjectType, within: SelectionSetNode, selected: dict[str, list[FieldNode]], seen: set[str]
    ) -> None:
        for selection in within.selections:
            if not self._included(selection):
                continue
            if isinstance(selection, FieldNode):
                key = selection.alias.value if selection.alias else selection.name.value
                selected.setdefault(key, []).append(selection)
            elif isinstance(selection, InlineFragmentNode):
                if self._applies(selection, of):
                    self._collect(of, selection.selection_set, selected, seen)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in seen:
                seen.add(selection.name.value)
                fragment = self.fragments[selection.name.value]
                if self._applies(fragment, of):
                    self._collect(of, fragment.selection_set, selected, seen)

    def _included(self, selection: SelectionNode) -> bool:
        if not selection.directives:
            return True
        skip = get_directive_values(GraphQLSkipDirective, selection, self.variables)
        include = get_directive_values(GraphQLIncludeDirective, selection, self.variables)
        return not (skip and skip["if"]) and not (include and not include["if"])

    def _applies(self, fragment: InlineFragmentNode | FragmentDefinitionNode, of: GraphQLObjectType) -> bool:
        if fragment.type_condition is None:
            return True
        named = self.schema.get_type(fragment.type_condition.name.value)
        if is_abstract_type(named):
            assert isinstance(named, GraphQLAbstractType)
            return self.schema.is_sub_type(named, of)
        return named is of
