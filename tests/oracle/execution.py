"""The reference execution: graphql-core over Python rows, one resolver for every field of every type."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLEnumType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    execute_sync,
    is_specified_scalar_type,
    parse,
)
from sqlalchemy import Integer, Text

from schema.catalogue.kinds import Catalogue, Field, Kind, camel
from schema.kit.actions import Action
from schema.kit.entities import Afterwards, Edge, EdgeKind, Either, Value
from schema.kit.explaining import Accesses, AccessWay, Explained, Missing, Permitted
from schema.kit.glossary import Itemized
from schema.kit.ids import split_id
from schema.kit.numbers import Breakdown, Change, Ratio, Tally
from schema.pipeline.plan import cursors, searching
from services.errors import bad_input
from tests.oracle import accesses
from tests.oracle import numbers as counting
from tests.oracle.functions import plain, text_of
from tests.oracle.numbers import Dated
from tests.oracle.pages import Keyed, Known, Order, Page, page
from tests.oracle.sifted import told_of
from tests.oracle.sight import Sight, Thing, parameters

Path = tuple[str, ...]


def copied(schema: GraphQLSchema, text: str) -> GraphQLSchema:
    """The schema anew, from its own SDL, for the reference; arguments are read as the service reads them."""
    made = build_schema(text)
    for name, of in made.type_map.items():
        original = schema.type_map[name]
        if isinstance(of, GraphQLEnumType) and not name.startswith("__"):
            assert isinstance(original, GraphQLEnumType)
            for value_name, value in of.values.items():
                value.value = original.parse_value(value_name)
        if isinstance(of, GraphQLScalarType) and not is_specified_scalar_type(of):
            assert isinstance(original, GraphQLScalarType)
            for how in ("coerce_input_value", "coerce_input_literal", "parse_literal"):
                setattr(of, how, getattr(original, how))
    return made


parsed = lru_cache(1024)(parse)  # every sweep there is: they are asked in turns


@dataclass(frozen=True, slots=True)
class Reaching(Thing):
    """A seat that has a right on a row, or a grant that has not."""

    access: accesses.Access | accesses.Lack


@dataclass
class Oracle:
    """Answers operations as one caller sees the rows.

    `pages` remembers every connection's, by response path and coordinate; `met` of every field that was asked
    whether there ever was anything; `shown` of what is to be on record whose it was;
    `unreachable` of what was asked what the caller may see nowhere, `undated` what is told of today alone, `counted`
    what is counted that may not all be read, `partial` what is less than there is.
    """

    schema: GraphQLSchema
    sight: Sight
    secret: bytes
    pages: dict[tuple[Path, str], list[Page]] = field(default_factory=dict)
    met: dict[str, bool] = field(default_factory=dict)
    shown: set[UUID] = field(default_factory=set)
    unreachable: set[str] = field(default_factory=set)
    undated: set[str] = field(default_factory=set)
    counted: set[str] = field(default_factory=set)
    partial: set[str] = field(default_factory=set)

    def execute(self, document: DocumentNode, variables: Mapping[str, Any]) -> ExecutionResult:
        """The result by graphql-core."""
        return execute_sync(
            self.schema,
            document,
            variable_values=dict(variables),
            field_resolver=self._resolved,
            type_resolver=lambda thing, info, abstract: thing.kind.name,
        )

    def answer(self, query: str, variables: Mapping[str, Any]) -> str:
        """The JSON of the data; the first error there is."""
        result = self.execute(parsed(query), variables)
        if result.errors:
            raise result.errors[0].original_error or result.errors[0]
        return json.dumps(result.data, ensure_ascii=False)

    def _resolved(self, source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        found = self._resolve(source, info, **given)
        at = f"{info.parent_type.name}.{info.field_name}"
        self.met[at] = self.met.get(at, False) or (found.shown if isinstance(found, Page) else found) not in (
            None,
            [],
            0,
        )
        return found

    def _resolve(self, source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        name = info.field_name
        if isinstance(source, Page):
            return source.part(name)
        if isinstance(source, dict):
            return source[name]() if callable(source[name]) else source[name]
        if source is None and name in ("node", "nodes", "search"):
            return self._of_any_kind(name, given, info)
        if name == "viewerCan":
            return [Action[each] for each in accesses.abilities(self.sight, source)]
        if name == "id":
            return f"{source.kind.entity.tag}_{source.row['id']}"
        field = self._declared(source, info)
        if isinstance(field.declared, Edge | Either):
            edges = field.declared.edges if isinstance(field.declared, Either) else [field.declared]
            led = [self._edge(edge, source, info, given) for edge in edges]
            return next((thing for thing in led if thing is not None), led[-1])
        if isinstance(field.declared, Accesses):
            return self._accesses(field.declared, info, given)
        if isinstance(field.declared, Change):
            return self._changes(source, given["since"])
        if isinstance(field.declared, Permitted):
            return accesses.may(self.sight, given["action"].value, given["at"])
        return self._made(field, source)

    def _of_any_kind(self, name: str, given: Mapping[str, Any], info: GraphQLResolveInfo[Any]) -> Any:
        if name == "search":
            return self._kept(self._search(given), info)
        return self._node(given["id"]) if name == "node" else [self._node(each) for each in given["ids"]]

    def _declared(self, source: Thing | None, info: GraphQLResolveInfo[Any]) -> Field:
        found = (self._catalogue.roots if source is None else source.kind.fields)[info.field_name]
        at = f"{info.parent_type.name}.{info.field_name}"
        if self.nowhere(found, source.kind if source is not None else None):
            self.unreachable.add(at)
        elif source is not None and counting.counted(self.sight, found.declared, source.kind):
            self.counted.add(at)
        if at in self.unreachable or source is None:
            return found
        self.partial |= {at} if counting.lacking(self.sight, found.declared, source) else set()
        if isinstance(source, Dated) and isinstance(found.declared, Tally | Ratio | Breakdown):
            told = counting.shown(self.sight, found.declared, source) and counting.dated(found.declared, source.kind)
            told = told or not counting.elsewhen(self.sight, source)
            self.undated |= set() if told else {at}
        return found

    def _changes(self, above: Thing, since: date) -> dict[str, Any]:
        made = counting.differences(self.sight, above, since)
        return {name: partial(self._difference, above, name, since, each) for name, each in made.items()}

    def _difference(self, above: Thing, name: str, since: date, made: Callable[[], Any]) -> Any:
        declared, at = above.kind.fields[name].declared, f"{above.kind.name}Change.{name}"
        if not counting.comparable(self.sight, declared, above.kind):
            self.unreachable.add(at)
            return None
        if not counting.shown(self.sight, declared, Dated(above.kind, above.row, since)):
            self.undated.add(at)
        self.partial |= {at} if counting.lacking(self.sight, declared, above) else set()
        return made()

    def _told(self, when: Afterwards, thing: Thing) -> bool:
        """Whether a name of another row is told: while its own row lasts, and then to whom an edge leads there."""
        return self.sight.value(thing, when.lasts) is True or any(self.sight.leads(edge, thing) for edge in when.edges)

    def _made(self, field: Field, thing: Thing) -> Any:
        """A field that is made of its own row, or counts others."""
        match field.declared:
            case Value(afterwards=Afterwards() as when) if not self._told(when, thing):
                return None
            case Value(of=None):
                return plain(thing.row[field.python_name])
            case Value() | Itemized() as declared:
                return plain(told_of(self.sight, thing, declared))
            case Explained():
                assert isinstance(thing, Reaching)
                told = getattr(thing.access, field.python_name)
                named = {"by": AccessWay, "missing": Missing}.get(field.python_name)
                return told if named is None else [named[each] for each in told]
            case Tally() as declared:
                return counting.tally(self.sight, declared, thing)
            case Ratio() as declared:
                return counting.ratio(self.sight, declared, thing)
            case Breakdown() as declared:
                return counting.breakdown(self.sight, declared, self._catalogue.groups[declared.of.__name__], thing)
            case _:
                raise NotImplementedError(f"{type(field.declared).__name__} as a field")

    def _edge(self, edge: Edge, above: Thing | None, info: GraphQLResolveInfo[Any], given: Mapping[str, Any]) -> Any:
        kind = self._catalogue.kinds[edge.target or ""]
        if edge.kind is EdgeKind.PAGE:
            return self._kept(self._page(edge, kind, above, f"{info.parent_type.name}.{info.field_name}", given), info)
        if edge.by is not None:
            return self._lookup(edge, kind, given["by"])
        if edge.kind is EdgeKind.FACET:
            assert above is not None
            day = given.get("asOf")
            return self._facet(edge, Thing(kind, above.row) if day is None else Dated(kind, above.row, day))
        rows = self.sight.reached(edge, above, given)
        keys = self.sight.declared.sort(edge.sort, kind) if edge.sort is not None else ()
        keyed = [(Thing(kind, row), self.sight.keyed(kind, keys, row)) for row in rows]
        found = Order([key.type for key in keys]).sorted(keyed)
        if edge.kind is EdgeKind.MANY:
            return [thing for thing, _ in found]
        assert len(found) < 2 or found[0][1] != found[1][1], f"{info.field_name} leads to several rows alike"
        return found[0][0] if found else None

    def _facet(self, edge: Edge, thing: Thing) -> Thing | None:
        # One with its owner's policy is there whenever the owner is, by whichever way that answered.
        if not (edge.required or self.sight.sees(thing.kind, thing.row)):
            return None
        if edge.noted is not None:
            self.shown.add(thing.row["id"])
        return thing

    # --- single rows ---

    def _lookup(self, edge: Edge, kind: Kind, by: Mapping[str, Any]) -> Thing | None:
        ((name, value),) = by.items()
        condition = self.sight.declared.lookups(edge, kind)[name]
        rows = self.sight.passing(kind, self.sight.seen(kind), condition, value)
        keys = self.sight.declared.preferred(condition, kind)
        given = parameters(condition, value)
        keyed = [(Thing(kind, row), self.sight.keyed(kind, keys, row, given)) for row in rows]
        best = Order([key.type for key in keys]).sorted(keyed)
        return best[0][0] if best else None

    def _node(self, text: str) -> Thing | None:
        found = split_id(text)
        kind = self._catalogue.by_tag(found[0]) if found else None
        if found is None or kind is None:
            return None
        return next((Thing(kind, row) for row in self.sight.seen(kind) if row["id"] == found[1]), None)

    # --- who may do what ---

    def _accesses(self, asked: Accesses, info: GraphQLResolveInfo[Any], given: Mapping[str, Any]) -> Any:
        kind, action = self._catalogue.kinds[asked.target], given.get("action")
        right = action.value if action is not None else None
        if asked.most is not None:
            near = accesses.misses(self.sight, kind, given["node"], right, given["account"])
            return [Reaching(kind, row, lack) for row, lack in near]
        keys, downwards = self.sight.declared.total((), kind)
        found = accesses.reaching(self.sight, given["node"], right, given.get("account"))
        keyed: list[Keyed] = [(Reaching(kind, row, access), self.sight.keyed(kind, keys, row)) for row, access in found]
        order = Order([key.type for key in keys], downwards)
        if asked.paged:
            known = self._known(kind, lambda: keyed)  # nobody sees accesses but those of the row they ask about
            return self._kept(self._window(f"Query.{info.field_name}", keyed, order, known, given), info)
        return [thing for thing, _ in order.sorted(keyed)]

    # --- pages ---

    def _page(self, edge: Edge, kind: Kind, above: Thing | None, at: str, given: Mapping[str, Any]) -> Page:
        rows = self._filtered(edge, kind, above, given)
        for name, condition in edge.arguments.items():
            asked_of = condition.of if given.get(camel(name)) is not None else None
            if asked_of is not None and not self.sight.anywhere(self._catalogue.kinds[asked_of]):
                self.unreachable.add(f"{at}({camel(name)}:)")
        asked = [(each["field"].value, each["direction"].value == "DESC") for each in given.get("orderBy") or ()]
        if len(dict(asked)) < len(asked):
            raise bad_input("重复", "A field named twice.")
        keys, downwards = self.sight.declared.total(asked, kind)
        keyed = [(Thing(kind, row), self.sight.keyed(kind, keys, row)) for row in rows]
        order = Order([key.type for key in keys], downwards)
        seen = lambda: [(Thing(kind, row), self.sight.keyed(kind, keys, row)) for row in self.sight.seen(kind)]  # noqa: E731
        return self._window(at, keyed, order, self._known(kind, seen), given)

    def _known(self, kind: Kind, seen: Callable[[], Iterable[Keyed]]) -> Known:
        identity = self.sight.declared.identity(kind)
        return Known(
            lambda thing: tuple(self.sight.keyed(kind, identity, thing.row)),
            [key.type for key in identity],
            seen,
            partial(counting.totals, self.sight, self._catalogue.groups, kind),
        )

    def _filtered(self, edge: Edge, kind: Kind, above: Thing | None, given: Mapping[str, Any]) -> list[Any]:
        chosen = given.get("filter") or {}
        rows = self.sight.reached(edge, above, given)
        self.unreachable |= set(self._asked_blindly(kind, chosen))
        return self.sight.filtered(kind, rows, chosen)

    def _asked_blindly(self, kind: Kind, chosen: Mapping[str, Any]) -> Iterator[str]:
        """The conditions of a filter that ask where the caller may see nothing, at any depth."""
        for name, value in chosen.items():
            if value is None or (
                name in kind.filter and isinstance(value, Mapping) and all(each is None for each in value.values())
            ):
                continue  # a relation of which nothing is said asks nothing
            if name in ("any", "not"):
                for each in value if name == "any" else (value,):
                    yield from self._asked_blindly(kind, each)
            elif self.blind(kind, name):
                yield f"{kind.name}Filter.{name}"
            elif isinstance(value, Mapping) and (edge := kind.filter[name].edge) is not None:
                for each in filter(None, value.values()):
                    yield from self._asked_blindly(self.sight.target(kind, edge), each)

    # --- what is not the caller's to see, whatever there is ---

    def beyond(self, coordinate: str) -> bool:
        """Whether a field, an argument of one, or a condition of a filter leads to what the caller may see nowhere."""
        of, _, name = coordinate.partition(".")
        name, _, argument = name.partition("(")
        if argument:  # of a root
            edge = self._catalogue.roots[name].declared
            assert isinstance(edge, Edge)
            led = edge.arguments[argument.removesuffix(":)")].of
            return led is not None and not self.sight.anywhere(self._catalogue.kinds[led])
        if (kind := self._catalogue.kinds.get(of.removesuffix("Filter"))) is not None and of != kind.name:
            return self.blind(kind, name)
        if of != (whole := of.removesuffix("Change")):
            kind = self._catalogue.kinds[whole]
            return not counting.comparable(self.sight, kind.fields[name].declared, kind)
        found = (self._catalogue.roots if kind is None else kind.fields)[name]
        return self.nowhere(found, kind)

    def blind(self, kind: Kind, name: str) -> bool:
        """Whether a condition asks where rows lead that the caller may see nowhere."""
        edge = kind.filter[name].edge
        return edge is not None and not self.sight.leads_anywhere(self.sight.edge(kind, edge))

    def nowhere(self, field: Field, of: Kind | None) -> bool:
        """Whether a field leads to, or counts, rows of which the caller may see none, wherever they were."""
        match field.declared:
            case Edge(kind=EdgeKind.FACET, required=True):
                return False
            case Edge() as edge:
                return not self.sight.leads_anywhere(edge)
            case Either(edges=edges):
                return not any(self.sight.anywhere(self._catalogue.kinds[edge.target or ""]) for edge in edges)
            case Tally() | Ratio() | Breakdown():
                assert of is not None
                return not counting.countable(self.sight, field.declared, of)
        return False

    def _search(self, given: Mapping[str, Any]) -> Page:
        asked = given.get("kinds")
        wanted = None if asked is None else {choice.value for choice in asked}
        kinds = [kind for kind in self._catalogue.searchable() if wanted is None or kind.name in wanted]
        numbers = {kind.name: number for number, kind in enumerate(kinds)}

        def hits(*, found: bool) -> list[Keyed]:
            return [hit for kind in kinds for hit in self._hits(numbers[kind.name], kind, given["text"], found=found)]

        known = Known(
            lambda thing: (numbers[thing.kind.name], thing.row["id"]), searching.TYPES, lambda: hits(found=False)
        )
        order = Order([Integer(), Integer(), Integer(), Text()])
        return self._window("Query.search", hits(found=True), order, known, given)

    def _hits(self, number: int, kind: Kind, text: str, *, found: bool) -> list[Keyed]:
        """Rows found, or all that are seen, with (rank, weight, kind, key): `searching.SORT`."""
        given = parameters(searching.FOUND, text)
        search = kind.entity.search
        assert search is not None
        hits: list[Keyed] = []
        seen = self.sight.seen(kind)
        for row in self.sight.passing(kind, seen, searching.FOUND, text) if found else seen:
            thing = Thing(kind, row)
            if found and search.told is not None and not self._told(search.told, thing):
                continue
            rank = self.sight.ranked(searching.rank, searching.FOUND, thing, given)
            key = text_of(self.sight.value(thing, kind.entity.unique))
            hits.append((thing, (rank, self.sight.value(thing, search.weight), number, key)))
        return hits

    def _window(self, at: str, keyed: Sequence[Keyed], order: Order, known: Known, given: Mapping[str, Any]) -> Page:
        return page(at, keyed, order, known, given, cursors.key(self.secret, at, given))

    def _kept(self, made: Page, info: GraphQLResolveInfo[Any]) -> Page:
        path = tuple(key for key in info.path.as_list() if isinstance(key, str))
        self.pages.setdefault((path, made.name), []).append(made)
        return made

    def resumable(self, at: tuple[Path, str]) -> list[Callable[[], str]]:
        """The cursors of a connection's rows, not yet made: most are never asked for."""
        return [partial(page.cursor, row) for page in self.pages.get(at, ()) for row in page.rows]

    @property
    def _catalogue(self) -> Catalogue:
        return self.sight.declared.catalogue
