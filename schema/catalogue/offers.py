"""Commands linked to the catalogue: every mutation's input by GraphQL names, checked once at start-up."""

import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any

from schema.kit.commands import Command, Given, Named, Version


@dataclass(frozen=True, slots=True)
class InputField:
    """One field of an input: its Python name, its word, and what its annotation says.

    `value` is the annotation without the None that makes it optional; `many` that it is a list; `shape` the input
    nested in it.
    """

    python_name: str
    word: Named | Given | Version
    value: Any
    optional: bool
    many: bool
    shape: "InputShape | None" = None


@dataclass(frozen=True, slots=True)
class InputShape:
    """An input class: its name, its description, its fields by GraphQL name."""

    name: str
    description: str
    fields: Mapping[str, InputField]

    @property
    def changed(self) -> str | None:
        """Of a nested input with a version: the Python name of the one row it changes."""
        fields = self.fields.values()
        if any(map(is_target, fields)) or not any(isinstance(field.word, Version) for field in fields):
            return None
        return next(field.python_name for field in fields if _is_changed(field))

    def at(self, python_path: str) -> tuple[str, ...]:
        """What clients call a field, `into.0.code` for one of a nested input; its names may be theirs already."""
        head, _, rest = python_path.partition(".")
        for name, field in self.fields.items():
            if head in (field.python_name, name):
                number, _, inner = rest.partition(".") if field.many else ("", "", rest)
                nested = field.shape.at(inner) if field.shape is not None and inner else ()
                return (name, *((number,) if number else ()), *nested)
        return (python_path,)

    def has(self, python_name: str) -> bool:
        """Whether there is a field of this Python name."""
        return any(field.python_name == python_name for field in self.fields.values())


@dataclass(frozen=True, slots=True)
class Offer:
    """A mutation: its command, its input, and under which name the payload holds the resulting row."""

    name: str
    command: Command
    input: InputShape
    result: str

    @property
    def description(self) -> str:
        """What it does."""
        return self.input.description

    @property
    def target(self) -> tuple[str, InputField]:
        """The field of the input that names the row the command is about."""
        return next(found for found in self.input.fields.items() if is_target(found[1]))


def is_target(field: InputField) -> bool:
    """Whether a field names the row the command is about."""
    return isinstance(field.word, Named) and field.word.action is None


def _is_changed(field: InputField) -> bool:
    return isinstance(field.word, Named) and field.word.changed and not field.many


def offer(name: str, command: Command) -> Offer:
    """The command under its GraphQL name; ValueError unless its input names exactly one target, and versions fit."""
    shape = _shape(command.input)
    targets = [field for field in shape.fields.values() if is_target(field)]
    if len(targets) != 1:
        raise ValueError(f"{shape.name} must name exactly one target")
    versions = [field for field in shape.fields.values() if isinstance(field.word, Version)]
    if any(field.optional for field in versions) or (versions and "id" not in shape.fields):
        raise ValueError(f"{shape.name} must ask for the version of the row it is about, and of no other")
    return Offer(name, command, shape, command.returns[0].lower() + command.returns[1:])


def entities_named(shape: InputShape) -> Iterator[str]:
    """The entities of all rows an input may name."""
    for word in naming(shape):
        yield from word.entities


def naming(shape: InputShape) -> Iterator[Named]:
    """The words of an input, and of those nested in it, that name rows."""
    for field in shape.fields.values():
        if isinstance(field.word, Named):
            yield field.word
        if field.shape is not None:
            yield from naming(field.shape)


def input_names(shape: InputShape) -> Iterator[str]:
    """What an input and those nested in it are called."""
    yield shape.name
    for field in shape.fields.values():
        if field.shape is not None:
            yield from input_names(field.shape)


def _shape(cls: type) -> InputShape:
    hints = typing.get_type_hints(cls)
    fields = [
        _field(name, word, hints[name]) for name, word in vars(cls).items() if isinstance(word, Named | Given | Version)
    ]
    name = cls.__name__ if cls.__name__.endswith("Input") else f"{cls.__name__}Input"
    return InputShape(name, cls.__doc__ or "", {_graphql_name(field): field for field in fields})


def _field(name: str, word: Named | Given | Version, annotation: Any) -> InputField:
    parts = typing.get_args(annotation) if isinstance(annotation, UnionType) else (annotation,)
    optional = type(None) in parts
    (inner,) = (part for part in parts if part is not type(None))
    many = typing.get_origin(inner) is list
    item = typing.get_args(inner)[0] if many else inner
    nested = isinstance(item, type) and any(isinstance(word, Named | Given) for word in vars(item).values())
    return InputField(name, word, inner, optional, many, _shape(item) if nested else None)


def _graphql_name(field: InputField) -> str:
    head, *rest = field.python_name.split("_")
    name = head + "".join(part.capitalize() for part in rest)
    if not isinstance(field.word, Named):
        return name
    if field.word.about:
        return "id"
    singular = name.removesuffix("ies") + "y" if name.endswith("ies") else name.removesuffix("s")
    return singular + "Ids" if field.many else name + "Id"
