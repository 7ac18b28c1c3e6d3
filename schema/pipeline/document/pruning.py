"""SDL with parts left out: what is named goes, and with it whatever leads to it, is left empty or cannot be reached."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    InterfaceTypeDefinitionNode,
    NamedTypeNode,
    Node,
    ObjectTypeDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
)

ROOTS = ("Query", "Mutation", "Subscription")
PARTS = ("fields", "types", "values")  # of a definition: what of it can be left out
N = TypeVar("N", bound=Node)


def pruned(document: DocumentNode, types: Collection[str], parts: Collection[str]) -> DocumentNode:
    """The document without these types and `Type.part`s, without what that leaves empty or out of reach; by name."""
    gone = set(types)
    definitions = sorted(document.definitions, key=_name)
    while True:
        kept = [_without(each, gone, parts) for each in definitions if _name(each) not in gone]
        emptied = {_name(each) for each in kept if _is_empty(each)}
        if not emptied:
            reached = _reached(kept)
            return DocumentNode(definitions=tuple(each for each in kept if _name(each) in reached or _directs(each)))
        gone |= emptied


def _without(definition: DefinitionNode, gone: Collection[str], parts: Collection[str]) -> DefinitionNode:
    made: dict[str, Any] = {name: getattr(definition, name) for name in definition.keys}
    for part in PARTS:
        if made.get(part):
            left = (each for each in made[part] if f"{_name(definition)}.{_name(each)}" not in parts)
            made[part] = tuple(_without_arguments(each, gone) for each in left if _named(each) not in gone)
    return type(definition)(**made)


def _without_arguments(field: N, gone: Collection[str]) -> N:
    arguments = getattr(field, "arguments", None)
    if not arguments or not any(_named(each) in gone for each in arguments):
        return field
    made: dict[str, Any] = {name: getattr(field, name) for name in field.keys}
    return type(field)(**made | {"arguments": tuple(each for each in arguments if _named(each) not in gone)})


def _directs(definition: DefinitionNode) -> bool:
    return isinstance(definition, DirectiveDefinitionNode)


def _is_empty(definition: DefinitionNode) -> bool:
    return any(getattr(definition, part, None) == () for part in PARTS)


def _reached(definitions: Sequence[DefinitionNode]) -> set[str]:
    """The names that can be come to from the roots; an interface leads to whatever implements it."""
    by_name = {_name(each): each for each in definitions}
    left, met = [name for name in ROOTS if name in by_name], set[str]()
    while left:
        name = left.pop()
        if name in by_name and name not in met:
            met.add(name)
            left += _mentioned(by_name[name])
            left += [_name(each) for each in definitions if _implements(each, name)]
    return met


def _mentioned(definition: DefinitionNode) -> Iterator[str]:
    if isinstance(definition, UnionTypeDefinitionNode):
        yield from (_name(each) for each in definition.types or ())
        return
    for field in getattr(definition, "fields", None) or ():
        yield _named(field)
        yield from (_named(each) for each in getattr(field, "arguments", None) or ())
    for interface in getattr(definition, "interfaces", None) or ():
        yield _name(interface)


def _implements(definition: DefinitionNode, name: str) -> bool:
    if not isinstance(definition, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
        return False
    return any(_name(each) == name for each in definition.interfaces or ())


def _name(node: Any) -> str:
    name: str = node.name.value if getattr(node, "name", None) else ""
    return name


def _named(node: Any) -> str:
    """The name of the type a field, an argument or an input's field has, or of the type a node is."""
    if isinstance(node, NamedTypeNode):
        return _name(node)
    of: TypeNode | None = getattr(node, "type", None)
    while of is not None and not isinstance(of, NamedTypeNode):
        of = getattr(of, "type", None)
    return _name(of)
