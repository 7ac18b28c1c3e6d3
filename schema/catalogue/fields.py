"""Strawberry's fields and arguments, made instead of written: what `types` and `mutations` are put together from."""

from collections.abc import Mapping
from dataclasses import MISSING
from enum import Enum
from typing import Any, get_args

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from services.described import Described


def list_of(item: Any) -> Any:
    """The annotation of a list of what was made here."""
    return list.__class_getitem__(item)


def plain(name: str, annotation: Any, description: str, default: Any = MISSING) -> StrawberryField:
    """A field without a resolver, or a field of an input."""
    return StrawberryField(
        python_name=name,
        type_annotation=StrawberryAnnotation(_described(annotation)),
        description=description,
        default=default,
    )


def argument(name: str, annotation: Any, description: str) -> StrawberryArgument:
    """An argument; where it may be null it may be left out."""
    made = StrawberryArgument(name, name, StrawberryAnnotation(_described(annotation)), description=description)
    if type(None) in get_args(annotation):
        made.default = strawberry.UNSET
    return made


def _described(annotation: Any) -> Any:
    """The annotation, its enums made known to Strawberry with their docstrings for descriptions."""
    for part in (annotation, *get_args(annotation)):
        if isinstance(part, type) and issubclass(part, Enum) and not hasattr(part, "__strawberry_definition__"):
            described(part)
        elif part is not annotation:
            _described(part)
    return annotation


def described(of: type[Enum]) -> Any:
    """An enum of the services, by its docstring, and the texts of its values."""
    texts = {value.name: value.text for value in of} if issubclass(of, Described) else {}
    return enumeration(of, of.__doc__ or "", texts)


def enumeration(of: type[Enum], description: str, texts: Mapping[str, str]) -> Any:
    """The enum made known to Strawberry, each value with its text, by its name."""
    made = strawberry.enum(of, description=description)
    told(made, texts)
    return made


def told(made: Any, texts: Mapping[str, str]) -> None:
    """Give values of an enum that Strawberry knows these texts, by their names."""
    for value in made.__strawberry_definition__.values:
        value.description = texts.get(value.name, value.description)


# No instance of these classes is ever made. Strawberry makes dataclasses of them, which get functions of their own for
# what they have not got: 5 MiB of them.
UNUSED = ("__init__", "__repr__", "__eq__", "__hash__")


def filled(cls: type, fields: list[StrawberryField]) -> type:
    """The class with these fields, ready for Strawberry."""
    cls.__annotations__ = {field.python_name: Any for field in fields}
    for name in UNUSED:
        setattr(cls, name, getattr(object, name))
    for field in fields:
        setattr(cls, field.python_name, field)
    return cls
