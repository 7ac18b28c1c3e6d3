"""Documents parsed, measured and validated once; bounded, because their texts are the callers'."""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)

from schema.pipeline.catalogue import Catalogue
from schema.pipeline.faults import Refusals, invalid, too_many_tokens, unparsable
from schema.pipeline.ids import tag_of
from schema.pipeline.introspection import introspects
from schema.pipeline.limits import Costs, bounded, fragments_of, measure
from services.errors import Code, Refused
from services.settings import Limits

KEPT = 500
MOST_ERRORS = 10


@dataclass(frozen=True, slots=True)
class Document:
    """A valid document, its operations by name, its fragments, and the rows it may cost."""

    operations: Mapping[str | None, OperationDefinitionNode]
    fragments: Mapping[str, FragmentDefinitionNode]
    costs: Costs
    introspects: bool
    _checked: set[object] = field(default_factory=set)

    def check(self, operation: OperationDefinitionNode, variables: Mapping[str, Any], limit: int) -> None:
        """TOO_COSTLY if the operation may make more than `limit` rows with these variables; remembered when not."""
        key = (id(operation), *((name, value) for name, value in variables.items() if isinstance(value, int)))
        if key in self._checked:
            return
        self.costs.check(operation, variables, limit)
        if len(self._checked) < KEPT:
            self._checked.add(key)

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation to run; BAD_REQUEST when the name does not say which."""
        if name is None and len(self.operations) > 1:
            raise Refused(
                Code.BAD_REQUEST,
                "文档含多个操作，须以 operationName 指定其一。",
                "The document has several operations; `operationName` must say which one to run.",
            )
        found = next(iter(self.operations.values())) if name is None else self.operations.get(name)
        if found is None:
            raise Refused(Code.BAD_REQUEST, "文档中没有这个名称的操作。", "The document has no operation of that name.")
        return found


class Documents:
    """The last `KEPT` documents of one schema."""

    def __init__(self, catalogue: Catalogue, schema: GraphQLSchema, limits: Limits) -> None:
        self._catalogue = catalogue
        self._schema = schema
        self._limits = limits
        self._known: OrderedDict[str, Document] = OrderedDict()

    def get(self, source: str) -> Document:
        """The document of a text; Refusals with every reason it cannot be run."""
        known = self._known.get(source)
        if known is not None:
            self._known.move_to_end(source)
            return known
        document = self._known[source] = self._make(source)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return document

    def _make(self, source: str) -> Document:
        bounded(len(source), self._limits.characters, "字符", "characters")
        parsed = self._parse(source)
        measure(parsed, self._limits)
        errors = validate(self._schema, parsed, specified_rules, max_errors=MOST_ERRORS, hide_suggestions=True)
        if errors:
            raise Refusals([invalid(error) for error in errors])
        operations = [node for node in parsed.definitions if isinstance(node, OperationDefinitionNode)]
        if not operations:
            raise Refused(Code.BAD_REQUEST, "文档中没有操作。", "The document has no operation.")
        named = {node.name.value if node.name else None: node for node in operations}
        costs = Costs(self._catalogue, self._schema, parsed)
        return Document(named, fragments_of(parsed), costs, introspects(parsed))

    def _parse(self, source: str) -> DocumentNode:
        try:
            return parse(source, max_tokens=self._limits.tokens, allow_empty_selection_sets=False)
        except GraphQLSyntaxError as error:
            if "tokens" in error.message:
                raise too_many_tokens(self._limits.tokens) from None
            raise unparsable(error) from None


def is_query(operation: OperationDefinitionNode) -> bool:
    """Whether an operation only reads."""
    return operation.operation is OperationType.QUERY


def shape(value: Any, tags: Collection[str]) -> object:
    """What of a variable's value can decide the form of a statement.

    Presence, null, booleans (@skip, @include, yes-or-no filters), enum values, the fields of an input object, and the
    tag of a global id, if it is one of `tags`; texts and numbers otherwise only bind.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, dict):
        return tuple((key, shape(item, tags)) for key, item in value.items())
    if isinstance(value, list):
        return tuple(dict.fromkeys(shape(item, tags) for item in value))
    if isinstance(value, str):
        tag = tag_of(value)
        return tag if tag in tags else "text"
    if isinstance(value, int | float | date):
        return type(value).__name__
    return value
