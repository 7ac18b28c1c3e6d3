"""The areas linked together: every type's fields and arguments by their GraphQL names, checked once at start-up.

The planner and the types are both made from this one value; nothing else knows which areas there are.
"""

import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import strawberry
from sqlalchemy import Uuid

from schema.pipeline.ids import local_id
from schema.pipeline.kit import DECLARED, Area, Bind, Condition, Connection, Edge, EdgeKind, Entity, Value


@dataclass(frozen=True, slots=True)
class Field:
    """A field and, for a value, the annotation its GraphQL type is made of."""

    python_name: str
    declared: Value | Edge
    annotation: Any = None


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
    """Every kind by name, and the root fields."""

    kinds: Mapping[str, Kind]
    roots: Mapping[str, Field]

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
    tags = {getattr(cls, DECLARED).tag for cls in classes.values()}
    if len(tags) != sum(len(area.entities) for area in areas):
        raise ValueError("two entities share a name or a tag")
    added: dict[str, dict[str, Edge]] = {name: {} for name in classes}
    for area in areas:
        for name, edges in area.edges.items():
            added[name].update(edges)
    kinds = {name: _kind(cls, classes, added[name]) for name, cls in classes.items()}
    roots = {camel(name): Field(name, edge) for area in areas for name, edge in area.roots.items()}
    _check(kinds, roots)
    return Catalogue(MappingProxyType(kinds), MappingProxyType(roots))


def _kind(cls: type, classes: Mapping[str, type], added: Mapping[str, Edge]) -> Kind:
    entity: Entity = getattr(cls, DECLARED)
    hints = typing.get_type_hints(cls, localns=dict(classes))
    fields = {
        name: _field(name, declared, hints[name])
        for name, declared in vars(cls).items()
        if isinstance(declared, Value | Edge)
    }
    fields |= {name: Field(name, edge) for name, edge in added.items()}
    return Kind(
        cls.__name__,
        entity,
        cls.__doc__ or "",
        {camel(name): field for name, field in fields.items()},
        conditions(entity.filter),
    )


def _field(name: str, declared: Value | Edge, annotation: Any) -> Field:
    if isinstance(declared, Value):
        return Field(name, declared, annotation)
    if typing.get_origin(annotation) in (list, Connection):
        (annotation,) = typing.get_args(annotation)
    return Field(name, replace(declared, target=annotation.__name__))


def conditions(cls: type | None) -> Mapping[str, Condition]:
    """The conditions a filter or lookup class declares, by GraphQL name, each with its annotation."""
    if cls is None:
        return {}
    hints = typing.get_type_hints(cls)
    return {
        camel(name): replace(declared, annotation=hints[name])
        for name, declared in vars(cls).items()
        if isinstance(declared, Condition)
    }


def lookups(edge: Edge, kind: Kind) -> Mapping[str, Condition]:
    """The ways a lookup may name its row: by global id, and those of its own."""
    by_id = Condition(
        "全局标识 / Its global id.",
        lambda row, given: row.id == given["id"],
        {"id": Bind(Uuid(), lambda text: local_id(text, kind.entity.tag))},
        annotation=strawberry.ID,
    )
    return {"id": by_id, **conditions(edge.by)}


def _check(kinds: Mapping[str, Kind], roots: Mapping[str, Field]) -> None:
    for owner, fields in [*((kind.name, kind.fields) for kind in kinds.values()), ("Query", roots)]:
        for name, field in fields.items():
            edge = field.declared
            if isinstance(edge, Edge) and edge.target not in kinds:
                raise ValueError(f"{owner}.{name} leads to {edge.target}, which no area declares")
            if isinstance(edge, Edge) and edge.kind is EdgeKind.MANY and edge.sort is None:
                raise ValueError(f"{owner}.{name} has no order")
    for kind in kinds.values():
        for condition in kind.filter.values():
            if condition.edge is not None and camel(condition.edge) not in kind.fields:
                raise ValueError(f"a filter of {kind.name} asks about {condition.edge}, which it does not have")
