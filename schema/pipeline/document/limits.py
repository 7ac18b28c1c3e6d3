"""What a document may ask for at most, found in one pass over it.

Fragments are measured once each and remembered, so the time is linear in the document however often they spread each
other; only the numbers multiply. `measure` runs before validation and therefore trusts nothing; `cost` runs after it,
with the request's variables.

Long because one pass measures everything there is to measure of a document.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
)

from schema.catalogue.kinds import Catalogue, Kind
from schema.kit.actions import ABILITIES
from schema.kit.entities import Edge, EdgeKind, Either
from schema.kit.explaining import Accesses
from schema.kit.glossary import Itemized
from schema.kit.numbers import HUNDREDS, Breakdown, Change, Grouped, Ratio, Tally
from schema.pipeline.document.given import given_rows, relations
from schema.pipeline.plan.binding import LARGEST, PAGE
from services.errors import Code, Refused
from services.settings import Limits

ROOTS = ("Query", "Subscription")  # whose fields are the catalogue's roots
DEEPEST = 24  # objects and lists within one another, in a value
KEY_BYTES = 63  # PostgreSQL cuts longer column names


@dataclass(frozen=True, slots=True)
class Size:
    """Of a selection set with its fragments expanded; `objects` are fields with selections of their own."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    objects: int = 0


def measure(document: DocumentNode, limits: Limits) -> None:
    """Raise TOO_COSTLY for a document beyond the limits, GRAPHQL_VALIDATION_FAILED for a response key too long."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    bounded(len(operations), limits.operations, "操作", "operations")
    measured = _Measure(document, limits.repeats)
    for operation in operations:
        bounded(len(operation.variable_definitions or ()), limits.variables, "变量", "variables")
        size = measured.of(operation.selection_set)
        bounded(size.depth, limits.depth, "嵌套层数", "levels of nesting")
        bounded(size.aliases, limits.aliases, "别名", "aliases")
        bounded(size.objects, limits.objects, "嵌套对象（片段展开后）", "nested objects, fragments expanded")
        bounded(size.directives + len(operation.directives or ()), limits.directives, "指令", "directives")


def bounded(count: int, limit: int, zh: str, en: str) -> None:
    """TOO_COSTLY, naming what there is too much of."""
    if count > limit:
        raise Refused(
            Code.TOO_COSTLY, f"查询过大：{zh}最多 {limit} 个。", f"The query is too large: at most {limit} {en}."
        )


def too_deep() -> Refused:
    """A value is nested deeper than any there is a use for."""
    return Refused(
        Code.TOO_COSTLY,
        f"查询过大：变量与参数的值最多嵌套 {DEEPEST} 层。",
        f"The query is too large: values of variables and arguments nest {DEEPEST} levels at most.",
    )


def shallow(values: Mapping[str, Any]) -> None:
    """TOO_COSTLY for variables nested too deeply; what looks into them later does so by recursion."""
    level: list[Any] = [values]
    for _ in range(DEEPEST + 1):
        within = [each for each in level if isinstance(each, dict | list)]
        if not within:
            return
        level = [part for each in within for part in (each.values() if isinstance(each, dict) else each)]
    if any(isinstance(each, dict | list) for each in level):
        raise too_deep()


class _Measure:
    def __init__(self, document: DocumentNode, repeats: int) -> None:
        self._fragments = fragments_of(document)
        self._known: dict[str, Size] = {}
        self._repeats = repeats

    def of(self, within: SelectionSetNode | None) -> Size:
        if within is None:
            return Size()
        depth = aliases = directives = objects = 0
        keys: Counter[str] = Counter()
        for selection in within.selections:
            size = self._selection(selection, keys)
            depth = max(depth, size.depth)
            aliases += size.aliases
            objects += size.objects
            directives += size.directives + len(selection.directives or ())
        bounded(max(keys.values(), default=0), self._repeats, "重复的字段", "repetitions of a field")
        return Size(depth, aliases, directives, objects)

    def _selection(self, selection: object, keys: Counter[str]) -> Size:
        if isinstance(selection, FieldNode):
            key = (selection.alias or selection.name).value
            _short(key)
            keys[key] += 1
            below = self.of(selection.selection_set)
            # Introspection nests deeply by its nature; graphql-core bounds its depth by a rule of its own.
            depth = 0 if selection.name.value in ("__schema", "__type") else below.depth
            aliases = below.aliases + (selection.alias is not None)
            objects = below.objects + (selection.selection_set is not None)
            return Size(depth + 1, aliases, below.directives, objects)
        if isinstance(selection, InlineFragmentNode):
            return self.of(selection.selection_set)
        assert isinstance(selection, FragmentSpreadNode)
        return self._fragment(selection.name.value)

    def _fragment(self, name: str) -> Size:
        if name not in self._known:
            self._known[name] = Size()  # a cycle ends here; validation refuses it afterwards
            fragment = self._fragments.get(name)
            self._known[name] = self.of(fragment.selection_set) if fragment else Size()
        return self._known[name]


def _short(key: str) -> None:
    if len(key) > KEY_BYTES:
        raise Refused(
            Code.GRAPHQL_VALIDATION_FAILED,
            f"别名过长：最多 {KEY_BYTES} 个字符。",
            f"A response key is too long: at most {KEY_BYTES} characters.",
        )


def fragments_of(document: DocumentNode) -> Mapping[str, FragmentDefinitionNode]:
    """The document's fragments by name."""
    return {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}


class Costs:
    """The rows an operation may make: each edge's rows times what is selected of each, summed.

    A page counts `first` rows, a list as many as its edge declares, a command ten, and again for every further row of
    a list it is given; asking about the schema costs a hundred. Rows that are only read, to count or to sort them,
    count as well, `READ` of them like one that is made: most numbers ten.
    """

    READ = 20
    COUNT = HUNDREDS // READ
    COMMAND = 10
    RELATION = 1500  # of a filter: making the statement takes fifteen milliseconds for each, at worst; some sift more
    INTROSPECTION = 100

    def __init__(self, catalogue: Catalogue, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._catalogue = catalogue
        self._schema = schema
        self._fragments = fragments_of(document)
        self._sifts = {
            name: field.declared.sifts
            for kind in catalogue.kinds.values()
            for name, field in kind.fields.items()
            if isinstance(field.declared, Edge) and field.declared.sifts
        }

    def check(self, operation: OperationDefinitionNode, variables: Mapping[str, Any], limit: int) -> int:
        """The cost of a validated operation with these coerced variables; TOO_COSTLY above `limit`."""
        root = self._schema.get_root_type(operation.operation)
        assert root is not None
        counted = _Cost(self, variables)
        cost = counted.of(root, operation.selection_set)
        if cost > limit:
            at = ".".join(counted.heaviest(root, operation.selection_set)) or "…"
            raise Refused(
                Code.TOO_COSTLY,
                f"查询过大：最多涉及 {limit} 行，此查询可达 {cost} 行，主要在 {at}；请减小其上各级的 first，或去掉它。",
                f"The query is too large: it may make {cost} rows, at most {limit}; most of them by `{at}`. Lower"
                " `first` on the way there, or leave it out.",
            )
        return cost

    def field(self, of: GraphQLNamedType, name: str) -> Edge | Either | Itemized | None:
        """The edge, or the several, behind a field, or the list it is; None for a value."""
        declared = self._declared(of, name)
        return declared if isinstance(declared, Edge | Either | Itemized) else None

    def pages(self, of: GraphQLNamedType, name: str) -> bool:
        """Whether a field gives its rows page by page; an explanation's are as many, told or paged."""
        declared = self._declared(of, name)
        return (
            name == "search"
            or isinstance(declared, Accesses)
            or (isinstance(declared, Edge) and declared.kind is EdgeKind.PAGE)
        )

    def most(self, of: GraphQLNamedType, name: str) -> int | None:
        """How many rows an explanation gives at most, whatever is asked for."""
        declared = self._declared(of, name)
        return declared.most if isinstance(declared, Accesses) else None

    def reads(self, of: GraphQLNamedType, name: str) -> int | None:
        """How many rows a field reads beside those it makes, where that is known."""
        changed = self._changed(of)
        if changed is not None and name in changed.fields:
            return 2 * (_reads(changed.fields[name].declared) or 0)
        return _reads(self._declared(of, name))

    def relation(self, name: str) -> int:
        """What a filter by the edge of this name is charged."""
        return Costs.RELATION + self._sifts.get(name, 0) // Costs.READ

    def _changed(self, of: GraphQLNamedType) -> Kind | None:
        """The kind whose numbers a type tells the changes of."""
        kind = self._catalogue.kinds.get(of.name.removesuffix("Change"))
        tells = kind is not None and any(isinstance(field.declared, Change) for field in kind.fields.values())
        return kind if tells and of.name not in self._catalogue.kinds else None

    def _declared(self, of: GraphQLNamedType, name: str) -> object:
        kind = self._catalogue.kinds.get(of.name)
        field = self._catalogue.roots.get(name) if of.name in ROOTS else kind and kind.fields.get(name)
        return field.declared if field else None

    def groups(self, of: GraphQLNamedType, name: str) -> bool:
        """Whether a field of totals counts their rows once more."""
        group = self._catalogue.groups.get(of.name)
        return group is not None and name in group.fields and isinstance(group.fields[name].declared, Grouped)

    def type(self, name: str) -> GraphQLNamedType | None:
        """A type of the schema."""
        return self._schema.get_type(name)

    def fragment(self, name: str) -> FragmentDefinitionNode:
        """A fragment of the document."""
        return self._fragments[name]


def _reads(declared: object) -> int | None:
    if isinstance(declared, Ratio):
        return HUNDREDS
    return declared.reads if isinstance(declared, Tally | Breakdown | Edge) else None


class _Cost:
    def __init__(self, costs: Costs, variables: Mapping[str, Any]) -> None:
        self._costs = costs
        self._variables = variables
        self._known: dict[str, int] = {}

    def of(self, type_: GraphQLNamedType, within: SelectionSetNode | None) -> int:
        return sum(self._selections(type_, within)) if within is not None else 0

    def heaviest(self, type_: GraphQLNamedType, within: SelectionSetNode | None) -> list[str]:
        """The way to what most of the cost is for: as far as one field has half of what is left of it."""
        fields = list(self._fields(type_, within, set())) if within is not None else []
        costs = [self._field(*each) for each in fields]
        most = max(costs, default=0)
        if most == 0 or most * 2 < sum(costs):
            return []
        of, node = fields[costs.index(most)]
        own, _ = self._charge(of, node)
        return [node.name.value, *(self.heaviest(_type_of(of, node), node.selection_set) if own * 2 < most else ())]

    def _fields(
        self, type_: GraphQLNamedType, within: SelectionSetNode, seen: set[str]
    ) -> Iterator[tuple[GraphQLNamedType, FieldNode]]:
        for selection in within.selections:
            if isinstance(selection, FieldNode):
                yield type_, selection
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                of = self._type(condition.name.value) if condition else type_
                yield from self._fields(of, selection.selection_set, seen)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in seen:
                seen.add(selection.name.value)
                fragment = self._costs.fragment(selection.name.value)
                of = self._type(fragment.type_condition.name.value)
                yield from self._fields(of, fragment.selection_set, seen)

    def _selections(self, type_: GraphQLNamedType, within: SelectionSetNode) -> Iterator[int]:
        for selection in within.selections:
            if isinstance(selection, FieldNode):
                yield self._field(type_, selection)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                yield self.of(self._type(condition.name.value) if condition else type_, selection.selection_set)
            elif isinstance(selection, FragmentSpreadNode):
                yield self._fragment(selection.name.value)

    def _fragment(self, name: str) -> int:
        if name not in self._known:
            fragment = self._costs.fragment(name)
            self._known[name] = self.of(self._type(fragment.type_condition.name.value), fragment.selection_set)
        return self._known[name]

    def _field(self, type_: GraphQLNamedType, node: FieldNode) -> int:
        own, times = self._charge(type_, node)
        return own + times * self.of(_type_of(type_, node), node.selection_set) if times else own

    def _charge(self, type_: GraphQLNamedType, node: FieldNode) -> tuple[int, int]:
        """What a field itself is charged, and how many times what is selected below it."""
        name = node.name.value
        if name == "totalCount":
            return Costs.COUNT, 0
        if name == "totals" or self._costs.groups(type_, name):
            return Costs.COUNT, 1
        if name in ("__schema", "__type"):
            return Costs.INTROSPECTION, 0
        if name.startswith("__") or not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            return 0, 0
        edge = self._costs.field(type_, name)
        read = (self._costs.reads(type_, name) or 0) // Costs.READ
        if edge is None and read:
            return read, 0
        if name == ABILITIES:
            return 1, 0
        if self._costs.pages(type_, name):
            rows = self._costs.most(type_, name) or self._first(node)
            return 1 + read + rows + self._relations(node), rows
        if isinstance(edge, Edge) and edge.kind is EdgeKind.MANY:
            return edge.rows, edge.rows
        if name == "nodes" and type_.name in ROOTS:
            return (self._told(node),) * 2
        return (1 if edge or name == "node" else 0) + (self._command(node) if type_.name == "Mutation" else 0), 1

    def _command(self, node: FieldNode) -> int:
        """What a command is charged, by the rows it is given."""
        return Costs.COMMAND * max(1, sum(given_rows(each.value, self._variables) for each in node.arguments or ()))

    def _relations(self, node: FieldNode) -> int:
        """What the relations of a filter are charged."""
        given = [argument.value for argument in node.arguments or () if argument.name.value == "filter"]
        return sum(self._costs.relation(name) for each in given for name in relations(each, self._variables))

    def _told(self, node: FieldNode) -> int:
        """How many ids are given."""
        (given,) = (argument.value for argument in node.arguments or () if argument.name.value == "ids")
        ids = self._variables.get(given.name.value) if isinstance(given, VariableNode) else given
        many = ids.values if isinstance(ids, ListValueNode) else ids if isinstance(ids, list) else [ids]
        return min(max(len(many), 1), LARGEST)

    def _first(self, node: FieldNode) -> int:
        """How many rows a page has at most, by `first` or `last`."""
        given = [argument.value for argument in node.arguments or () if argument.name.value in ("first", "last")]
        return max(filter(None, map(self._size, given)), default=PAGE)

    def _size(self, given: ValueNode) -> int | None:
        value: object = None
        if isinstance(given, IntValueNode):
            value = int(given.value)
        elif isinstance(given, VariableNode):
            value = self._variables.get(given.name.value)
        return min(max(value, 1), LARGEST) if isinstance(value, int) else None

    def _type(self, name: str) -> GraphQLNamedType:
        found = self._costs.type(name)
        assert found is not None
        return found


def _type_of(type_: GraphQLNamedType, node: FieldNode) -> GraphQLNamedType:
    assert isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
    found: GraphQLNamedType = get_named_type(type_.fields[node.name.value].type)
    return found
