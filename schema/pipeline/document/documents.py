"""Documents parsed, measured and validated once; bounded, because their texts are the callers'."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cachetools import LRUCache
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    GraphQLSyntaxError,
    Location,
    OperationDefinitionNode,
    OperationType,
    Source,
    Token,
    TokenKind,
    ValueNode,
    specified_rules,
    validate,
)
from graphql.language.parser import Parser

from schema.catalogue.kinds import Catalogue
from schema.kit.faults import Refusals, invalid, too_many_tokens, unparsable
from schema.kit.ids import tag_of
from schema.pipeline.document.given import given_rows, relations
from schema.pipeline.document.introspection import introspects
from schema.pipeline.document.limits import (
    DEEPEST,
    Costs,
    bounded,
    fragments_of,
    measure,
    too_deep,
)
from schema.pipeline.document.visible import Visible
from services.errors import Code, Refused
from services.settings import Limits

KEPT = 96_000  # characters of the documents in memory, each of which takes some 80 bytes there
CHECKED = 500  # costs of one document, by its whole numbers
MOST_ERRORS = 10
NO_TOKEN = Token(TokenKind.SOF, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Document:
    """A valid document, its operations by name, its fragments, and the rows it may cost."""

    operations: Mapping[str | None, OperationDefinitionNode]
    fragments: Mapping[str, FragmentDefinitionNode]
    costs: Costs
    introspects: bool
    size: int  # characters
    _checked: dict[object, int] = field(default_factory=dict)

    def checked(self, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> int | None:
        """The rows the operation may make with these variables, where that was found before."""
        return self._checked.get(_key(operation, variables))

    def check(self, operation: OperationDefinitionNode, variables: Mapping[str, Any], limit: int) -> int:
        """The rows the operation may make with these variables, remembered; TOO_COSTLY if more than `limit`."""
        key = _key(operation, variables)
        cost = self.costs.check(operation, variables, limit)
        if len(self._checked) < CHECKED:
            self._checked[key] = cost
        return cost

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
    """Documents of one schema, the latest in memory, by text and by whom they were refused or allowed for."""

    def __init__(self, catalogue: Catalogue, schema: GraphQLSchema, limits: Limits) -> None:
        self._catalogue = catalogue
        self._schema = schema
        self._limits = limits
        self._known: LRUCache[object, Document] = LRUCache(KEPT, lambda document: document.size)

    def known(self, source: str, own: Visible | None = None) -> Document | None:
        """The document of a text, where it was made before."""
        return self._known.get((source, own and own.key))

    def keep(self, document: Document, source: str, own: Visible | None = None) -> Document:
        """Remember what was made."""
        if document.size <= KEPT:
            self._known[source, own and own.key] = document
        return document

    def make(self, source: str, own: Visible | None = None) -> Document:
        """The document of a text; Refusals with every reason it cannot be run, by those of `own` alone if it has any.

        `own` is the caller's part of the schema, where the rest shall be as if it had never been. Tens of milliseconds
        for a large one; nothing is changed here, so it can be done in a thread.
        """
        bounded(len(source), self._limits.characters, "字符", "characters")
        parsed = self._parse(source)
        measure(parsed, self._limits)
        for schema in (*([own.schema] if own else ()), self._schema):
            errors = validate(schema, parsed, specified_rules, max_errors=MOST_ERRORS, hide_suggestions=True)
            if errors:
                raise Refusals([invalid(error, parsed) for error in errors])
        operations = [node for node in parsed.definitions if isinstance(node, OperationDefinitionNode)]
        if not operations:
            raise Refused(Code.BAD_REQUEST, "文档中没有操作。", "The document has no operation.")
        named = {node.name.value if node.name else None: node for node in operations}
        costs = Costs(self._catalogue, self._schema, parsed)
        return Document(named, fragments_of(parsed), costs, introspects(parsed), len(source))

    def _parse(self, source: str) -> DocumentNode:
        try:
            return _Parser(source, max_tokens=self._limits.tokens, allow_empty_selection_sets=False).parse_document()
        except GraphQLSyntaxError as error:
            if "tokens" in error.message:
                raise too_many_tokens(self._limits.tokens) from None
            raise unparsable(error) from None
        except RecursionError:
            pass  # its frames are to be gone before another error is raised
        raise unparsable(GraphQLSyntaxError(Source(source), 0, "The document is nested too deeply."))


class _Parser(Parser):
    """It lets go of the tokens, half of what a document takes in memory: errors are located by offsets alone.

    Values are no deeper than a variable's may be: what looks into them does so by recursion.
    """

    _deep = 0

    def parse_value_literal(self, is_const: bool) -> ValueNode:
        self._deep += 1
        if self._deep > DEEPEST:
            raise too_deep()
        value = super().parse_value_literal(is_const)
        self._deep -= 1
        return value

    def loc(self, start_token: Token) -> Location | None:
        location = super().loc(start_token)
        if location is not None:
            location.start_token = location.end_token = NO_TOKEN
        return location


def _key(operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> object:
    counting = {
        name: len(value) if isinstance(value, list) else value
        for name, value in variables.items()
        if isinstance(value, int | list)
    }
    filters = {
        name: tuple(sorted(relations(value, {}))) for name, value in variables.items() if isinstance(value, dict | list)
    }
    rows = {name: given_rows(value, {}) for name, value in variables.items() if isinstance(value, dict | list)}
    return id(operation), *counting.items(), *filters.items(), *rows.items()


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
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return tuple(shape(item, tags) for item in value)
    if isinstance(value, list):
        return tuple(dict.fromkeys(shape(item, tags) for item in value))
    if isinstance(value, str):
        tag = tag_of(value)
        return tag if tag in tags else "text"
    if isinstance(value, int | float | date):
        return type(value).__name__
    return value
