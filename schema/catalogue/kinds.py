"""The areas linked together: every type's fields and arguments by their GraphQL names, checked once at start-up.

The planner and the types are both made from this one value; nothing else knows which areas there are. Long because what
is linked is checked where it is linked.
"""

import typing
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import strawberry
from sqlalchemy import Table, Uuid

from policies.scope import Way
from schema.catalogue.glossary import glossary, worded
from schema.catalogue.identified import among_ids
from schema.catalogue.integers import check_integer
from schema.catalogue.offers import Offer, entities_named, offer
from schema.catalogue.relations import related
from schema.kit.commands import Command
from schema.kit.entities import (
    DECLARED,
    Afterwards,
    Area,
    Bind,
    Condition,
    Connection,
    Declared,
    Edge,
    EdgeKind,
    Either,
    Entity,
    Value,
)
from schema.kit.explaining import Accesses
from schema.kit.expressions import Keys, Ways
from schema.kit.glossary import InWords, Itemized
from schema.kit.ids import local_id
from schema.kit.numbers import Breakdown, Change, Grouped, Measure, Ratio, Tally
from services.errors import Rule


@dataclass(frozen=True, slots=True)
class Field:
    """A field and, for a value, the annotation its GraphQL type is made of."""

    python_name: str
    declared: "Declares"
    annotation: Any = None


Declares = Declared | Measure | Grouped | Accesses | InWords


@dataclass(frozen=True, slots=True)
class Group:
    """The type of a breakdown's groups: its keys, which are values, and its measures, by GraphQL name.

    Or of what a list of a row's own values holds: values alone.
    """

    name: str
    description: str
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Kind:
    """An entity with its name and everything that can be asked of it, by GraphQL name."""

    name: str
    entity: Entity
    description: str
    fields: Mapping[str, Field]
    filter: Mapping[str, Condition]

    @property
    def screaming(self) -> str:
        """The name as an enum value: ORG_UNIT."""
        return "".join(f"_{c}" if c.isupper() else c.upper() for c in self.name).lstrip("_")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every kind and every group by name, the root fields, the commands, and what violated constraints mean."""

    kinds: Mapping[str, Kind]
    roots: Mapping[str, Field]
    groups: Mapping[str, Group]
    offers: Mapping[str, Offer]
    rules: Mapping[str, Rule]

    def by_tag(self, tag: str) -> Kind | None:
        """The kind whose global ids begin with `tag`."""
        return next((kind for kind in self.kinds.values() if kind.entity.tag == tag), None)

    def searchable(self) -> list[Kind]:
        """The kinds `search` finds, in the order of the areas."""
        return [kind for kind in self.kinds.values() if kind.entity.search is not None]


def camel(name: str) -> str:
    """The GraphQL name of a Python one: `has_children` is `hasChildren`."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def link(areas: Sequence[Area]) -> Catalogue:
    """Link the areas. Raises ValueError for what cannot be linked: two of a name or tag, an edge to nowhere."""
    classes = {cls.__name__: cls for area in areas for cls in area.entities}
    tagged = [tag for cls in classes.values() if (tag := getattr(cls, DECLARED).tag) is not None]
    if len(set(tagged)) != len(tagged) or len(classes) != sum(len(area.entities) for area in areas):
        raise ValueError("two entities share a name or a tag")
    offers = {camel(name): offer(camel(name), of) for name, of in _commands(areas).items()}
    kinds = related({name: _kind(cls, classes, areas) for name, cls in classes.items()})
    roots = {camel(name): Field(name, edge) for area in areas for name, edge in area.roots.items()}
    rules = {name: rule for area in areas for name, rule in area.rules.items()}
    _check(kinds, roots)
    _check_integers(kinds, _groups(kinds.values()))
    _check_offers(kinds, offers)
    kinds = worded(kinds, glossary(kinds, offers, areas))
    groups = _groups(kinds.values())
    frozen = (MappingProxyType(each) for each in (kinds, roots, groups, offers, rules))
    return Catalogue(*frozen)  # type: ignore[arg-type]


def dated(kind: Kind, declared: object) -> bool:
    """Whether a number of a kind keeps history, or, of a ratio, both that it is made of."""
    if isinstance(declared, Ratio):
        return all(dated(kind, kind.fields[camel(name)].declared) for name in (declared.part, declared.whole))
    return isinstance(declared, Tally | Breakdown) and declared.holding is not None


def _ways(*declared: Ways) -> Ways:
    """What an entity declares and what areas add to it: a row answers by the keys of any of them."""
    found: dict[Way, tuple[Keys, ...]] = {}
    for ways in declared:
        for way, keys in ways.items():
            found[way] = found.get(way, ()) + (keys if isinstance(keys, tuple) else (keys,))
    return found


def _kind(cls: type, classes: Mapping[str, type], areas: Sequence[Area]) -> Kind:
    entity: Entity = getattr(cls, DECLARED)
    filters = {camel(name): each for area in areas for name, each in area.filters.get(cls.__name__, {}).items()}
    hints = typing.get_type_hints(cls, localns=dict(classes))
    fields = {
        name: _field(cls.__name__, name, declared, hints[name])
        for name, declared in vars(cls).items()
        if isinstance(declared, Declared | InWords)
    }
    for name, edge in ((name, edge) for area in areas for name, edge in area.edges.get(cls.__name__, {}).items()):
        if name in fields:
            raise ValueError(f"{cls.__name__}.{name} is declared twice")
        fields[name] = Field(name, edge)
    return Kind(
        cls.__name__,
        replace(entity, ways=_ways(entity.ways, *(area.ways.get(cls.__name__, {}) for area in areas))),
        cls.__doc__ or "",
        {camel(name): field for name, field in fields.items()},
        {**among_ids(cls.__name__, entity), **conditions(entity.filter), **filters},
    )


def _field(owner: str, name: str, declared: Declared | InWords, annotation: Any) -> Field:
    if isinstance(declared, Change):
        return Field(name, replace(declared, of=owner))
    if not isinstance(declared, Edge):
        return Field(name, declared, annotation)
    if typing.get_origin(annotation) in (list, Connection):
        (annotation,) = typing.get_args(annotation)
    target = annotation if isinstance(annotation, type) else typing.get_args(annotation)[0]
    return Field(name, replace(declared, target=target.__name__))


def _groups(kinds: Collection[Kind]) -> dict[str, Group]:
    """What breakdowns, totals and lists of a row's own values are made of; those of totals come first, nested."""
    totals = [kind.entity.totals for kind in kinds if kind.entity.totals is not None]
    within = (each for of in totals for each in vars(of).values())
    declared = (field.declared for kind in kinds for field in kind.fields.values())
    made = [each.of for each in (*within, *declared) if isinstance(each, Breakdown | Grouped | Itemized)]
    return {of.__name__: _group(of) for of in (*made, *totals)}


def _group(cls: type) -> Group:
    hints = typing.get_type_hints(cls)
    fields = {
        camel(name): Field(name, declared, hints[name])
        for name, declared in vars(cls).items()
        if isinstance(declared, Value | Measure | Grouped)
    }
    return Group(cls.__name__, cls.__doc__ or "", fields)


def conditions(cls: type | None) -> Mapping[str, Condition]:
    """The conditions a filter or lookup class declares, by GraphQL name, each with its annotation; those of what it
    derives from come first.
    """
    if cls is None:
        return {}
    hints = typing.get_type_hints(cls)
    found = {name: declared for base in reversed(cls.__mro__) for name, declared in vars(base).items()}
    return {
        camel(name): replace(declared, annotation=hints[name])
        for name, declared in found.items()
        if isinstance(declared, Condition)
    }


def by_id(kind: Kind) -> Condition:
    """The row of a global id of this kind."""
    tag = kind.entity.tag
    if tag is None:
        raise ValueError(f"{kind.name} has no global ids")
    return Condition(
        "全局标识 / Its global id.",
        lambda row, given: row.id == given["id"],
        {"id": Bind(Uuid(), lambda text: local_id(text, tag))},
        annotation=strawberry.ID,
    )


def lookups(edge: Edge, kind: Kind) -> Mapping[str, Condition]:
    """The ways a lookup may name its row: by global id, and those of its own."""
    return {"id": by_id(kind), **conditions(edge.by)}


def _check(kinds: Mapping[str, Kind], roots: Mapping[str, Field]) -> None:
    for owner, fields in [*((kind.name, kind.fields) for kind in kinds.values()), ("Query", roots)]:
        for name, field in fields.items():
            of = field.declared
            for declared in of.edges if isinstance(of, Either) else (of,):
                _check_field(f"{owner}.{name}", declared, owner, kinds)
    for kind in kinds.values():
        for condition in kind.filter.values():
            if condition.edge is not None and camel(condition.edge) not in kind.fields:
                raise ValueError(f"a filter of {kind.name} asks about {condition.edge}, which it does not have")


def _check_integers(kinds: Mapping[str, Kind], groups: Mapping[str, Group]) -> None:
    for kind in kinds.values():
        for name, field in kind.fields.items():
            check_integer(f"{kind.name}.{name}", field.python_name, field.declared, field.annotation, kind.entity.table)
            if isinstance(field.declared, Breakdown):
                _check_group(groups[field.declared.of.__name__], kinds[field.declared.target].entity.table)
        if kind.entity.totals is not None:
            totals = groups[kind.entity.totals.__name__]
            _check_group(totals, kind.entity.table)
            for each in totals.fields.values():
                if isinstance(each.declared, Grouped):
                    _check_group(groups[each.declared.of.__name__], kind.entity.table)


def _check_group(group: Group, of: Table) -> None:
    for key, part in group.fields.items():
        check_integer(f"{group.name}.{key}", part.python_name, part.declared, part.annotation, of)


def _check_field(at: str, declared: "Declares", owner: str, kinds: Mapping[str, Kind]) -> None:
    if isinstance(declared, Edge | Tally | Breakdown | Accesses) and declared.target not in kinds:
        raise ValueError(f"{at} leads to {declared.target}, which no area declares")
    match declared:
        case Edge():
            _check_edge(at, declared, owner, kinds)
        case Value() if strange := {*declared.brings} - {*kinds}:
            raise ValueError(f"{at} brings names of {', '.join(strange)}, which no area declares")
        case Value(afterwards=Afterwards(edges=edges)):
            _check_named(at, edges, kinds[owner])
        case Tally():
            _check_named(at, declared.having, kinds[declared.target])
        case Ratio():
            counted = (kinds[owner].fields[camel(name)].declared for name in (declared.part, declared.whole))
            if not all(isinstance(each, Tally) for each in counted):
                raise ValueError(f"{at} divides what is no count")


def _check_named(at: str, edges: Collection[str], of: Kind) -> None:
    for edge in edges:
        if camel(edge) not in of.fields:
            raise ValueError(f"{at} asks about {edge}, which {of.name} does not have")


def _check_edge(at: str, edge: Edge, owner: str, kinds: Mapping[str, Kind]) -> None:
    if edge.through is not None and edge.through not in kinds:
        raise ValueError(f"{at} leads through {edge.through}, which no area declares")
    if edge.kind is EdgeKind.MANY and edge.sort is None:
        raise ValueError(f"{at} has no order")
    if edge.kind is EdgeKind.FACET:
        of, to = kinds[owner].entity, kinds[edge.target or ""].entity
        if of.table is not to.table or (edge.required and of.policy != to.policy):
            raise ValueError(f"{at} is no facet of {owner}")


def _commands(areas: Sequence[Area]) -> dict[str, Command]:
    """Every command by its name, with the states that areas above its own add; ValueError for a state of none."""
    found = {name: command for area in areas for name, command in area.commands.items()}
    for name, state in (each for area in areas for each in area.states.items()):
        if name not in found:
            raise ValueError(f"there is no command {name} to say a state of")
        found[name] = found[name].only(state)
    return found


def _check_offers(kinds: Mapping[str, Kind], offers: Mapping[str, Offer]) -> None:
    for made in offers.values():
        for entity in (made.command.returns, *entities_named(made.input)):
            if entity not in kinds or kinds[entity].entity.tag is None:
                raise ValueError(f"{made.name} names {entity}, which no area declares as a node")
