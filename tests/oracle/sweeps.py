"""Documents that ask everything there is to ask, once: every field, argument, filter, order and lookup of a schema.

Random operations say things in ways nobody thought of; these leave nothing out. Both are made from the GraphQL schema
alone. A sweep is one text with variables, so that it is planned once for all rows and worlds.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
    GraphQLUnionType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_leaf_type,
    parse,
    visit,
)

from schema.pipeline.run.payloads import CHANGES

PAGING = ("first", "after", "last", "before", "filter", "orderBy")
FEW, ALL = 3, 100
TOGETHER = 8  # fields, or filters, in one document: of all in one each is asked again for whatever one still lacks
NUMBERS = "indicators_"
FIELD = re.compile(r"\w+(?:: \w+)?(?:\([^)]*\))?(?: \{[^{}]*\})?")
CHANGED = re.compile(r"change_\d+: change\([^)]*\) \{(?:[^{}]|\{[^{}]*\})*\}")
COUNTED, INFORMED = "totalCount", "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
ALSO = f"{COUNTED} {INFORMED}"


@dataclass(frozen=True, slots=True)
class Sweep:
    """A document; `about` is the type whose row the variable `id` names, None where there is none.

    `wanted` are the other variables: their types and the names of the arguments they stand for, or of the type whose
    id it is.
    """

    text: str = field(repr=False)
    about: str | None
    wanted: Mapping[str, tuple[GraphQLType, str]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Payload:
    """A mutation that selects what there is of its payload, and a query that selects the same of the resulting row.

    The mutation is under the key `done`, the row in it under `result`. Both take the variables `wanted` beside `$input`
    and `$id`.
    """

    mutation: str = field(repr=False)
    reading: str = field(repr=False)
    wanted: Mapping[str, tuple[GraphQLType, str]] = field(repr=False)


def payload(schema: GraphQLSchema, command: str, *, whole: bool = True) -> Payload:
    """The documents for one mutation field; of no page of the row where not `whole`, nor of who gains and who loses."""
    assert schema.mutation_type is not None
    return _Making(schema, changes=False).payload(command, schema.mutation_type.fields[command], whole=whole)


def sweeps(schema: GraphQLSchema) -> list[Sweep]:
    """All sweeps of a schema: of its roots, of the fields of each node, of each connection."""
    node = schema.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    kinds = sorted(schema.get_possible_types(node), key=lambda of: of.name)
    fields = [sweep for kind in kinds for sweep in _Making(schema).fields(kind)]
    return [*_Making(schema).roots(), *fields, *_connections(schema, kinds), *_choosing(schema)]


@cache
def contained(schema: GraphQLSchema, text: str) -> frozenset[str]:
    """The fields an operation asks for, as `coordinates` names them."""
    found: set[str] = set()
    types = TypeInfo(schema)

    class Fields(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            if (of := types.get_parent_type()) is not None:
                found.add(f"{of.name}.{node.name.value}")

    visit(parse(text), TypeInfoVisitor(types, Fields()))
    return frozenset(found)


def coordinates(schema: GraphQLSchema) -> set[str]:
    """Every field a query can reach but those of paging, as `Type.field`."""
    assert schema.query_type is not None
    met: dict[str, GraphQLObjectType] = {}
    left: list[Any] = [schema.query_type]
    while left:
        of = left.pop()
        if isinstance(of, GraphQLInterfaceType | GraphQLUnionType):
            left += schema.get_possible_types(of)
        elif isinstance(of, GraphQLObjectType) and of.name not in met:
            met[of.name] = of
            left += [get_named_type(part.type) for part in of.fields.values()]
    paging = [name for name, of in met.items() if "pageInfo" in of.fields or {"cursor", "node"} == {*of.fields}]
    return {f"{name}.{key}" for name, of in met.items() if name not in (*paging, "PageInfo") for key in of.fields}


def _connections(schema: GraphQLSchema, kinds: Sequence[GraphQLObjectType]) -> Iterator[Sweep]:
    """The sweeps of each type of connection that can be filtered or ordered, at the first place it is found."""
    assert schema.query_type is not None
    found: set[str] = set()
    for owner in (schema.query_type, *kinds):
        for name, of in owner.fields.items():
            connection = get_named_type(of.type).name
            if connection not in found and ("filter" in of.args or "orderBy" in of.args):
                found.add(connection)
                yield from _Making(schema).pages(owner, name, of)


def _choosing(schema: GraphQLSchema) -> Iterator[Sweep]:
    """One sweep for each root field whose statement depends on what it is asked with."""
    assert schema.query_type is not None
    for name, of in schema.query_type.fields.items():
        if name != "node" and _chooses(of):
            yield _Making(schema).root(name)


def _chooses(of: GraphQLField) -> bool:
    """Whether an argument names one of several kinds: an id of any, or one of an enumeration."""
    own = [get_named_type(argument.type) for name, argument in of.args.items() if name not in PAGING]
    return any(isinstance(type_, GraphQLEnumType) or type_.name == "ID" for type_ in own)


def _of_changes(of: GraphQLField) -> bool:
    """Whether a field says by how much numbers have changed since a day."""
    return get_named_type(of.type).name.endswith("Change") and "since" in of.args


def _apart(numbers: str) -> list[str]:
    """Numbers, and by how much they have changed: together they are more than one may ask at once."""
    of = numbers.partition("{")[0]
    changes = (part for change in CHANGED.findall(numbers) for part in _halves(change))
    return [CHANGED.sub("", numbers), *(f"{of}{{ {part} }}" for part in changes)]


def _halves(change: str) -> list[str]:
    """Changes in two parts: each takes two numbers, and all are too many as well."""
    head, _, body = change.partition("{")
    fields = FIELD.findall(body[: body.rindex("}")])
    middle = len(fields) // 2
    return [f"{head}{{ {' '.join(part)} }}" for part in (fields[:middle], fields[middle:]) if part]


class _Making:
    def __init__(self, schema: GraphQLSchema, *, changes: bool = True) -> None:
        """With `changes` of numbers since a day, or without: with a unit's whole payload they are too many to ask."""
        assert schema.query_type is not None
        self._changes = changes
        self._query = schema.query_type
        self._wanted: dict[str, tuple[GraphQLType, str]] = {}

    # --- the three kinds of sweep ---

    def roots(self) -> list[Sweep]:
        """Every root field, every lookup by each of its keys, some together; but for what has a sweep of its own."""
        fields = [(name, of) for name, of in self._query.fields.items() if name != "node" and not _chooses(of)]
        groups = [fields[start : start + TOGETHER] for start in range(0, len(fields), TOGETHER)]
        return [self._sweep([text for name, of in group for text in self._asked(name, of)], None) for group in groups]

    def root(self, name: str) -> Sweep:
        """One root field."""
        return self._sweep(self._asked(name, self._query.fields[name]), None)

    def fields(self, kind: GraphQLObjectType) -> list[Sweep]:
        """Every field of a row, and what its edges lead to; numbers of units, which are many, by themselves."""
        every = self._every(kind)
        numbers = [text for text in every if text.startswith(NUMBERS)]
        apart = [[part] for text in numbers for part in _apart(text)]
        return [self._sweep(body, kind) for body in ([text for text in every if text not in numbers], *apart)]

    def pages(self, owner: GraphQLObjectType, name: str, of: GraphQLField) -> list[Sweep]:
        """A connection by every filter and in every order: that decides who is last, a filter how many there are."""
        filters, orders = [*self._filtered(of.args.get("filter"))], _ordered(of.args.get("orderBy"))
        parts = [*((part, COUNTED) for part in filters), *((part, INFORMED) for part in orders)]
        asked = [(f"{part}, first: {ALL}", also) for part, also in parts]
        asked += [
            (f"{_both(of.args.get('orderBy'))}last: {FEW}", INFORMED),
            (f"{[*filters, *orders][0]}, first: {FEW}", ALSO),
        ]
        body = [f"p{n}: {name}({part}) {self._connection(of, also)}" for n, (part, also) in enumerate(asked)]
        groups = [body[start : start + TOGETHER] for start in range(0, len(body), TOGETHER)]
        return [self._sweep(group, None if owner is self._query else owner) for group in groups]

    def payload(self, command: str, of: GraphQLField, *, whole: bool) -> Payload:
        """A command's payload and its resulting row by itself."""
        made = get_named_type(of.type)
        assert isinstance(made, GraphQLObjectType)
        asked: list[str] = []
        for name, part in made.fields.items():
            kind = get_named_type(part.type)
            if isinstance(kind, GraphQLObjectType) and "id" in kind.fields and not str(part.type).startswith("["):
                body = self._every(kind) if whole else self._own(kind)
                body = [text for text in body if not text.startswith(f"{NUMBERS}1")]  # of another day
                reading = self._sweep(body, kind)
                asked.append(f"result: {name} {{ {' '.join(body)} }}")
            elif whole or name not in CHANGES:
                asked.append(name if is_leaf_type(kind) else f"{name} {self._brief(kind)}")
        declared = self._named(" ".join(asked))
        head = ", ".join([f"$input: {of.args['input'].type}", *(f"${name}: {type_}" for name, (type_, _) in declared)])
        mutation = f"mutation({head}) {{ done: {command}(input: $input) {{ {' '.join(asked)} }} }}"
        return Payload(mutation, reading.text, reading.wanted)

    def _sweep(self, body: Sequence[str], about: GraphQLObjectType | None) -> Sweep:
        inner = " ".join(body)
        wanted = dict(self._named(inner))
        declared = [f"${name}: {of}" for name, (of, _) in wanted.items()]
        if about is not None:
            declared = ["$id: ID!", *declared]
            inner = f"node(id: $id) {{ ... on {about.name} {{ {inner} }} }}"
        head = f"({', '.join(declared)})" if declared else ""
        return Sweep(f"query{head} {{ {inner} }}", about.name if about is not None else None, wanted)

    def _named(self, text: str) -> list[tuple[str, tuple[GraphQLType, str]]]:
        """The variables of a text, of all that are wanted."""
        named = set(re.findall(r"\$(v\d+)", text))
        return [(name, of) for name, of in self._wanted.items() if name in named]

    # --- arguments ---

    def _filtered(self, argument: GraphQLArgument | None) -> Iterator[str]:
        if argument is None:
            return
        of = get_named_type(argument.type)
        assert isinstance(of, GraphQLInputObjectType)
        plain, ranges = list[str](), list[str]()
        for name, part in of.fields.items():
            inner = get_named_type(part.type)
            if isinstance(inner, GraphQLInputObjectType):
                if inner.name.endswith("Range"):
                    ends = [f"{end}: {self._variable(each.type, name)}" for end, each in inner.fields.items()]
                    ranges += [f"{name}: {{{', '.join(chosen)}}}" for chosen in (ends, ends[:1], ends[1:])]
                elif inner is not of and not inner.name.endswith("Relation"):  # of parts that go together
                    yield f"filter: {{{name}: {self._variable(part.type, name)}}}"
                continue
            called = of.name if name == "id" else name  # by which its values are drawn
            for value in ("true", "false") if inner.name == "Boolean" else (self._variable(part.type, called),):
                plain.append(f"{name}: {value}")
                yield f"filter: {{{plain[-1]}}}"
        yield from (f"filter: {{{each}}}" for each in ranges)
        plain = plain or ranges
        yield f"filter: {{not: {{{plain[0]}}}}}"
        yield f"filter: {{any: [{{{plain[0]}}}, {{not: {{{plain[-1]}}}}}]}}"
        related = [name for name, part in of.fields.items() if get_named_type(part.type).name.endswith("Relation")]
        for number, name in enumerate(related):
            how = ("some", "none")[number % 2]
            yield f"filter: {{{name}: {{{how}: {{}}}}}}"
            if number % 2:  # the other half is asked so by what is drawn
                continue
            either = f"{{{name}: {{some: {self._related(of, name)}}}}}, {{not: {{{name}: {{none: {{}}}}}}}}"
            yield f"filter: {{any: [{either}]}}"

    def _related(self, of: GraphQLInputObjectType, name: str) -> str:
        """A condition on what a relation leads to, by a word of the target's own filter that needs no value."""
        relation = get_named_type(of.fields[name].type)
        assert isinstance(relation, GraphQLInputObjectType)
        target = get_named_type(relation.fields["some"].type)
        assert isinstance(target, GraphQLInputObjectType)
        words = [each for each, part in target.fields.items() if get_named_type(part.type).name == "Boolean"]
        return f"{{{words[0]}: true}}" if words else "{}"

    def _variable(self, of: GraphQLType, name: str) -> str:
        variable = f"v{len(self._wanted) + 1}"
        self._wanted[variable] = (of, name)
        return f"${variable}"

    def _given(self, asked: GraphQLField) -> list[str]:
        """The ways of giving arguments: those there must be, all there can be; each key of a lookup by itself."""
        own: dict[str, GraphQLType] = {name: of.type for name, of in asked.args.items() if name not in PAGING}
        for name, of in own.items():
            one_of = get_named_type(of)
            if isinstance(one_of, GraphQLInputObjectType) and one_of.is_one_of:
                keys = {key: GraphQLNonNull(part.type) for key, part in one_of.fields.items()}
                found = get_named_type(asked.type).name
                named = {key: self._variable(part, found if key == "id" else key) for key, part in keys.items()}
                return [f"{name}: {{{key}: {variable}}}" for key, variable in named.items()]
        needed: dict[str, GraphQLType] = {name: of for name, of in own.items() if isinstance(of, GraphQLNonNull)}
        ways: list[dict[str, GraphQLType]] = [needed] if len(needed) == len(own) else [needed, own]
        return [", ".join(f"{name}: {self._variable(of, name)}" for name, of in way.items()) for way in ways]

    # --- selections ---

    def _every(self, of: GraphQLObjectType) -> list[str]:
        asked = [(name, part) for name, part in of.fields.items() if self._changes or not _of_changes(part)]
        return [text for name, part in asked for text in self._asked(name, part)]

    def _own(self, of: GraphQLObjectType) -> list[str]:
        """What a row has without an argument: its values, and what is one of its kind."""
        return [text for name, part in of.fields.items() if not part.args for text in self._asked(name, part)]

    def _asked(self, name: str, of: GraphQLField) -> list[str]:
        if is_leaf_type(get_named_type(of.type)):
            ways = self._given(of)
            return [f"{name}_{n}: {name}({way})" if way else name for n, way in enumerate(ways)]
        paged = [f"first: {FEW}"] if "first" in of.args else []
        below = self._connection(of) if paged else self._brief(get_named_type(of.type))
        ways = [", ".join([*([way] if way else []), *paged]) for way in self._given(of)]
        return [f"{name}_{number}: {name}{way and f'({way})'} {below}" for number, way in enumerate(ways)]

    def _connection(self, of: GraphQLField, also: str = ALSO) -> str:
        connection = get_named_type(of.type)
        assert isinstance(connection, GraphQLObjectType)
        node = get_named_type(connection.fields["nodes"].type)
        totals = self._totals(connection) if also == ALSO else ""
        return f"{{ nodes {self._brief(node)} {also} {totals} }}"

    def _totals(self, connection: GraphQLObjectType) -> str:
        """All a connection adds up, where it does."""
        found = connection.fields.get("totals")
        return f"totals {self._brief(get_named_type(found.type))}" if found is not None else ""

    def _brief(self, of: Any) -> str:
        """The id of what has one; of everything else whatever there is."""
        if not isinstance(of, GraphQLObjectType):
            return "{ __typename ... on Node { id } }"
        return "{ id }" if "id" in of.fields else "{ " + " ".join(self._every(of)) + " }"


def _ordered(argument: GraphQLArgument | None) -> list[str]:
    return [f"orderBy: {{field: {name}, direction: {to}}}" for name in _by(argument) for to in ("ASC", "DESC")]


def _both(argument: GraphQLArgument | None) -> str:
    """By the last of what rows can be ordered by, downwards, then by the first."""
    by = _by(argument)
    return f"orderBy: [{{field: {by[-1]}, direction: DESC}}, {{field: {by[0]}}}], " if len(by) > 1 else ""


def _by(argument: GraphQLArgument | None) -> list[str]:
    if argument is None:
        return []
    of: Any = get_named_type(argument.type)
    by: Any = get_named_type(of.fields["field"].type)
    return [*by.values]
