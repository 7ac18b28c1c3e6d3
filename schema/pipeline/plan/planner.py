"""operation + catalogue + scopes -> Plan. Pure: it decides and refuses, `sql` assembles, `read` runs.

Long because planning is one recursion over every kind of field there is.
"""

from collections.abc import Callable, Sequence
from typing import Any

from graphql import FieldNode, GraphQLObjectType, OperationDefinitionNode, get_named_type
from sqlalchemy import ColumnElement, Text, Uuid, literal_column

from schema.catalogue.kinds import Catalogue, Kind, by_id, camel, lookups
from schema.catalogue.offers import Offer
from schema.kit.actions import ABILITIES
from schema.kit.entities import Edge, EdgeKind, Either, Value
from schema.kit.explaining import Accesses, Explained, Permitted
from schema.kit.expressions import Given, Identity, Row, RowFunction, Sorts, Types
from schema.kit.glossary import Itemized
from schema.kit.ids import tag_of
from schema.kit.numbers import Breakdown, Change
from schema.kit.words import SINCE
from schema.pipeline.plan import counting, paging, reaching, searching, sifting
from schema.pipeline.plan.binding import Binder, Spot
from schema.pipeline.plan.call import Call, Path
from schema.pipeline.plan.numbers import Changed, Difference, Fixed, Today, Totals, Unknown
from schema.pipeline.plan.plan import (
    Count,
    Cursor,
    Each,
    Edges,
    Facet,
    First,
    Info,
    Injected,
    Items,
    Many,
    Nodes,
    Notes,
    One,
    Order,
    Output,
    Page,
    PagePart,
    Plan,
    Ranked,
    Scalar,
    Source,
)
from schema.pipeline.plan.rows import Admitted, Leads, Rows, Several, Test
from schema.pipeline.plan.selections import Selections


def plan(catalogue: Catalogue, selections: Selections, operation: OperationDefinitionNode, call: Call) -> Plan:
    """The plan of a validated query, or of what a subscription follows, for every call of the same shape."""
    return _Planner(catalogue, selections, Binder(catalogue, call)).operation(operation)


def payload(catalogue: Catalogue, selections: Selections, offer: Offer, nodes: list[FieldNode], call: Call) -> Plan:
    """The plan of a mutation's payload once its command is done: its row is read like any other, nothing counted."""
    return _Planner(catalogue, selections, Binder(catalogue, call, counting=False)).payload(offer, nodes)


class _Planner:
    def __init__(self, catalogue: Catalogue, selections: Selections, binder: Binder) -> None:
        self._catalogue = catalogue
        self._selections = selections
        self._binder = binder

    def operation(self, operation: OperationDefinitionNode) -> Plan:
        root = self._selections.schema.get_root_type(operation.operation)
        assert root is not None
        selected = self._selections.of(root, [operation.selection_set])
        return self._made(tuple(self._root(root, key, nodes) for key, nodes in selected.items()))

    def payload(self, offer: Offer, nodes: list[FieldNode]) -> Plan:
        mutation = self._object("Mutation")
        of = get_named_type(mutation.fields[offer.name].type)
        at = (_key(nodes[0]),)
        outputs = tuple(
            self._of_payload(of.name, offer, Spot(k, found, (*at, k))) for k, found in self._within(of.name, nodes)
        )
        return self._made(outputs)

    def _made(self, outputs: tuple[Output, ...]) -> Plan:
        binder = self._binder
        notes = Notes(tuple(sorted(binder.unreachable)), counted=tuple(sorted(binder.only_counted)))
        slots, occurrences, rights = tuple(binder.slots), tuple(binder.occurrences), tuple(binder.rights)
        return Plan(outputs, slots, occurrences, bool(binder.noting), notes, binder.dated, rights, binder.shared())

    def _of_payload(self, of: str, offer: Offer, spot: Spot) -> Output:
        name = spot.nodes[0].name.value
        if name == "__typename":
            return Fixed(spot.key, of)
        if name != offer.result:
            return Injected(spot.key, self._binder.slot(Text(), lambda call: call.injected[spot.key]))
        kind = self._catalogue.kinds[offer.command.returns]
        test = Test(
            lambda row, given: row.id == given["id"], {"id": self._binder.slot(Uuid(), lambda call: call.result)}
        )
        rows = Rows(kind, None, self._binder.scope(kind), (test,))
        return One(spot.key, rows, self._fields(kind, spot.nodes, spot.path))

    # --- fields ---

    def _root(self, root: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> Output:
        name = nodes[0].name.value
        if name in ("__schema", "__type"):
            return Injected(key, self._binder.slot(Text(), lambda call: call.injected[key]))
        if name == "__typename":
            return Fixed(key, root.name)
        spot = self._binder.spot(root.fields[name], key, nodes, ())
        if name == "node":
            return self._node(spot)
        if name == "nodes":
            return self._each(spot)
        if name == "search":
            return self._search(spot)
        declared, coordinate = self._catalogue.roots[name].declared, f"Query.{name}"
        if isinstance(declared, Accesses):
            return self._accesses(declared, coordinate, spot)
        assert isinstance(declared, Edge)
        return self._reached(coordinate, self._edge(declared, coordinate, spot))

    def _fields(self, kind: Kind, nodes: Sequence[FieldNode], path: Path) -> tuple[Output, ...]:
        of = self._object(kind.name)
        selected = self._selections.of(of, (node.selection_set for node in nodes))
        return tuple(self._field(kind, of, key, found, path) for key, found in selected.items())

    def _field(self, kind: Kind, of: GraphQLObjectType, key: str, nodes: list[FieldNode], path: Path) -> Output:
        name = nodes[0].name.value
        if name == "__typename":
            return Fixed(key, kind.name)
        if name == "id":
            return Scalar(key, _global_id(kind.entity.tag or ""))
        if name == ABILITIES:
            return reaching.abilities(self._catalogue, self._binder, kind, key)
        field = kind.fields[name]
        declared = field.declared
        if isinstance(declared, Value):
            return Scalar(key, declared.of or _column(field.python_name), self._told(kind, declared))
        if isinstance(declared, Itemized):
            return self._items(kind, declared, key, nodes)
        if isinstance(declared, Explained):
            return reaching.of_one(key, declared)
        spot = self._binder.spot(of.fields[name], key, nodes, path)
        if isinstance(declared, Permitted):
            return reaching.holds(self._catalogue, self._binder, spot)
        return self._reached(f"{kind.name}.{name}", self._led(kind, declared, f"{kind.name}.{name}", spot))

    def _items(self, kind: Kind, declared: Itemized, key: str, nodes: list[FieldNode]) -> Items:
        group = self._catalogue.groups[declared.of.__name__]
        selected = [(of, found[0].name.value) for of, found in self._within(group.name, nodes)]
        parts = (
            Fixed(of, group.name) if name == "__typename" else (of, group.fields[name].python_name)
            for of, name in selected
        )
        return sifting.itemized(self._binder, self._catalogue, kind, declared, Items(key, declared.rows, tuple(parts)))

    def _told(self, kind: Kind, value: Value) -> tuple[Test | Leads | Admitted, ...] | None:
        """What a value is told for, any of it; None where it is told whoever sees its row."""
        return None if value.afterwards is None else self._binder.told(kind, value.afterwards)

    def _led(self, kind: Kind, declared: object, coordinate: str, spot: Spot) -> Output:
        """What is made of other rows than the one the field is of."""
        if isinstance(declared, Edge):
            counting.share_row(self._catalogue, self._binder, kind, coordinate, declared, spot)
            return self._edge(declared, coordinate, spot)
        if isinstance(declared, Either):
            return First(spot.key, tuple(self._one(edge, spot) for edge in declared.edges))
        counting.share(self._catalogue, self._binder, kind, coordinate, declared)
        if isinstance(declared, Breakdown):
            selected = self._within(declared.of.__name__, spot.nodes)
            return counting.groups(self._catalogue, self._binder, declared, spot.key, selected)
        if isinstance(declared, Change):
            return self._changed(kind, spot)
        return counting.number(self._catalogue, self._binder, kind, spot.key, declared)

    def _changed(self, kind: Kind, spot: Spot) -> Changed:
        since = self._binder.day_in(SINCE, spot, "since")
        parts: list[Difference | Unknown | Fixed] = []
        for key, nodes in self._within(f"{kind.name}Change", spot.nodes):
            name = nodes[0].name.value
            part = counting.difference(self._catalogue, self._binder, kind, key, name, since)
            coordinate = f"{kind.name}Change.{name}"
            if name in kind.fields:
                counting.share(self._catalogue, self._binder, kind, coordinate, kind.fields[name].declared)
            self._reached(coordinate, part)
            parts.append(part)
        return Changed(spot.key, tuple(parts))

    def _reached(self, coordinate: str, output: Output) -> Output:
        """The same, noted where the caller's grants lead to none of its rows anywhere, or to today's alone."""
        if _nowhere(output):
            self._binder.unreachable.add(coordinate)
        if counting.is_counted(output):
            self._binder.only_counted.add(coordinate)
        if isinstance(output, Today | Difference) and output.days:
            self._binder.dated.setdefault(coordinate, set()).update(output.days)
        return output

    def _edge(self, edge: Edge, coordinate: str, spot: Spot) -> Output:
        kind = self._catalogue.kinds[edge.target or ""]
        if edge.kind is EdgeKind.PAGE:
            return self._page(edge, kind, coordinate, spot)
        if edge.by is not None:
            return self._lookup(edge, kind, spot)
        if edge.kind is EdgeKind.ONE:
            return self._one(edge, spot)
        if edge.kind is EdgeKind.FACET:
            self._binder.day = self._binder.day_of(edge, spot)
            fields = self._fields(kind, spot.nodes, spot.path)
            self._binder.day = None
            return self._facet(edge, kind, spot.key, fields)
        fields = self._fields(kind, spot.nodes, spot.path)
        rows = self._binder.rows(kind, edge, spot)
        assert edge.sort is not None
        return Many(spot.key, rows, fields, edge.sort)

    def _one(self, edge: Edge, spot: Spot) -> One:
        kind = self._catalogue.kinds[edge.target or ""]
        fields = self._fields(kind, spot.nodes, spot.path)
        return One(spot.key, self._binder.rows(kind, edge, spot), fields, _first_of(edge.sort))

    def _facet(self, edge: Edge, kind: Kind, key: str, fields: tuple[Output, ...]) -> Facet:
        scope = None if edge.required else self._binder.scope(kind)
        if edge.noted is None or scope == ():  # nobody is shown who is not in scope
            return Facet(key, scope, fields)
        return Facet(key, scope, fields, edge.noted, self._binder.record())

    def _lookup(self, edge: Edge, kind: Kind, spot: Spot) -> One:
        ((name, _),) = spot.given["by"].items()
        condition = lookups(edge, kind)[name]
        test = self._binder.test(condition, spot, ("by", name))
        rows = Rows(kind, None, self._binder.scope(kind), (test,))
        return One(spot.key, rows, self._fields(kind, spot.nodes, spot.path), condition.prefer, test.slots)

    def _node(self, spot: Spot) -> One:
        tag = tag_of(spot.given["id"])
        kind = self._catalogue.by_tag(tag) if tag else None
        if kind is None:
            return One(spot.key, None, ())
        rows = Rows(kind, None, self._binder.scope(kind), (self._binder.test(by_id(kind), spot, ("id",)),))
        return One(spot.key, rows, self._fields(kind, spot.nodes, spot.path))

    def _each(self, spot: Spot) -> Each:
        tags, ids = self._binder.several(spot)
        told = {tag: self._catalogue.by_tag(tag) for tag in filter(None, map(tag_of, spot.given["ids"]))}
        arms = {tag: self._named(kind, spot) for tag, kind in told.items() if kind is not None}
        return Each(spot.key, arms, tags, ids)

    def _named(self, kind: Kind, spot: Spot) -> One:
        """The row of a relation's column `id`."""
        rows = Rows(kind, lambda named, row: row.id == named.id, self._binder.scope(kind))
        return One(spot.key, rows, self._fields(kind, spot.nodes, spot.path))

    def _accesses(self, asked: Accesses, coordinate: str, spot: Spot) -> Output:
        if asked.most is not None:
            return self._misses(asked, asked.most, spot)
        rows = reaching.explanation(self._catalogue, self._binder, asked, spot)
        if asked.paged:
            return self._in_order(rows, coordinate, spot)
        return Many(spot.key, rows, self._fields(rows.kind, spot.nodes, spot.path), rows.kind.entity.sort)

    def _misses(self, asked: Accesses, most: int, spot: Spot) -> Many:
        kind, missed = reaching.misses(self._catalogue, self._binder, asked, spot)
        fields = self._fields(kind, spot.nodes, spot.path)
        if missed is None:
            return Many(spot.key, Rows(kind, None, ()), fields, kind.entity.sort)
        rows = Rows(kind, None, self._binder.scope(kind), (missed,))
        return Many(spot.key, rows, fields, kind.entity.sort, (missed, most))

    # --- pages ---

    def _page(self, edge: Edge, kind: Kind, coordinate: str, spot: Spot) -> Page:
        rows = self._binder.rows(kind, edge, spot)
        for name, condition in edge.arguments.items():
            asked = condition.of is not None and spot.given.get(camel(name)) is not None
            if asked and self._binder.scope(self._catalogue.kinds[condition.of or ""]) == ():
                self._binder.unreachable.add(f"{coordinate}({camel(name)}:)")
        page, of = self._in_order(rows, coordinate, spot), self._catalogue.kinds.get(coordinate.partition(".")[0])
        if of is not None and any(isinstance(part, Totals | Count) for part in page.parts):
            counting.share(self._catalogue, self._binder, of, coordinate, edge)
        return page

    def _in_order(self, rows: Rows, coordinate: str, spot: Spot) -> Page:
        kind, identity, order = rows.kind, rows.kind.entity.identity, paging.order(rows.kind.entity, spot)
        return self._paged(coordinate, spot, rows, [kind], order, identity, identity.types(kind.entity.table.c))

    def _search(self, spot: Spot) -> Page:
        asked = spot.given.get("kinds")
        wanted = {choice.value for choice in asked} if asked is not None else None
        kinds = [kind for kind in self._catalogue.searchable() if wanted is None or kind.name in wanted]
        arms = tuple(self._arm(kind, spot) for kind in kinds)
        order, identity = Order(searching.sort, searching.TURNS), searching.IDENTITY
        return self._paged("Query.search", spot, arms, kinds, order, identity, searching.TYPES)

    def _paged(
        self,
        coordinate: str,
        spot: Spot,
        source: Source,
        kinds: Sequence[Kind],
        order: Order,
        identity: Identity,
        types: Types,
    ) -> Page:
        parts = self._parts(kinds, source, spot)
        back = paging.backwards(spot)
        most = self._binder.most(spot, "last" if back else "first")
        mark = self._binder.mark(coordinate, spot, "before" if back else "after", types, source)
        signing = self._binder.signing(coordinate, spot) if any(_signs(part) for part in parts) else None
        page = Page(spot.key, source, parts, order, identity, most, mark, signing, back)
        return sifting.sifted(self._binder, self._catalogue, page)

    def _arm(self, kind: Kind, spot: Spot) -> Ranked:
        test, search = self._binder.test(searching.FOUND, spot, ("text",)), kind.entity.search
        assert search is not None
        told = (
            () if search.told is None else (Several(tuple((each,) for each in self._binder.told(kind, search.told))),)
        )
        return Ranked(Rows(kind, None, self._binder.scope(kind), (test, *told)), searching.rank, test.slots)

    def _parts(self, kinds: Sequence[Kind], source: Source, spot: Spot) -> tuple[PagePart, ...]:
        page = "Search" if isinstance(source, tuple) else kinds[0].name
        selected = self._within(f"{page}Connection", spot.nodes)
        return tuple(self._part(kinds, page, source, Spot(key, nodes, (*spot.path, key))) for key, nodes in selected)

    def _part(self, kinds: Sequence[Kind], page: str, source: Source, spot: Spot) -> PagePart:
        match spot.nodes[0].name.value:
            case "nodes":
                return self._nodes(kinds, spot)
            case "edges":
                found = self._within(f"{page}Edge", spot.nodes)
                parts = (self._edge_part(kinds, page, Spot(key, nodes, (*spot.path, key))) for key, nodes in found)
                return Edges(spot.key, tuple(parts))
            case "pageInfo":
                found = self._within("PageInfo", spot.nodes)
                return Info(spot.key, tuple((key, nodes[0].name.value) for key, nodes in found))
            case "totalCount":
                return Count(spot.key)
            case "totals":
                assert isinstance(source, Rows)
                return counting.totals(self._catalogue, self._binder, source, spot.key, spot.nodes, self._within)
            case _:
                return Fixed(spot.key, f"{page}Connection")

    def _edge_part(self, kinds: Sequence[Kind], page: str, spot: Spot) -> Cursor | Nodes | Fixed:
        match spot.nodes[0].name.value:
            case "cursor":
                return Cursor(spot.key)
            case "node":
                return self._nodes(kinds, spot)
            case _:
                return Fixed(spot.key, f"{page}Edge")

    def _nodes(self, kinds: Sequence[Kind], spot: Spot) -> Nodes:
        return Nodes(spot.key, {kind.name: self._fields(kind, spot.nodes, spot.path) for kind in kinds})

    def _within(self, name: str, nodes: list[FieldNode]) -> Sequence[tuple[str, list[FieldNode]]]:
        return list(self._selections.of(self._object(name), (node.selection_set for node in nodes)).items())

    def _object(self, name: str) -> GraphQLObjectType:
        found = self._selections.schema.get_type(name)
        assert isinstance(found, GraphQLObjectType), name
        return found


def _nowhere(output: Output) -> bool:
    match output:
        case Unknown(counted=False) | Facet(scope=()) | One(rows=Rows(scope=())) | Many(rows=Rows(scope=())):
            return True
        case Page(source=Rows(scope=())):
            return True
        case First(of=several):
            return all(map(_nowhere, several))
        case _:
            return False


def _key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value


def _signs(part: PagePart) -> bool:
    if isinstance(part, Info):
        return any(of.endswith("Cursor") for _, of in part.parts)
    return isinstance(part, Edges) and any(isinstance(of, Cursor) for of in part.parts)


def _column(name: str) -> RowFunction:
    return lambda row: row[name]


def _first_of(sort: Sorts | None) -> Callable[[Row, Given], Sequence[ColumnElement[Any]]] | None:
    return None if sort is None else lambda row, _: sort(row)


def _global_id(tag: str) -> RowFunction:
    # The tag is checked when an entity is declared: lower-case ASCII letters.
    return lambda row: literal_column(f"'{tag}_'", Text()).concat(row.id.cast(Text()))
