"""Values of arguments: by their types, from a pool of a world's own ids, codes, names and days."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLType,
    get_named_type,
)
from hypothesis import strategies as st

from schema.pipeline.plan.filters import DEEPEST

T = TypeVar("T")
Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(frozen=True, slots=True)
class Pool:
    """What arguments are made of: by the argument's name, else by the type's; texts of no such name by `""`."""

    texts: Mapping[str, Sequence[str]] = field(repr=False)
    values: Mapping[str, Sequence[Any]] = field(repr=False)

    def of(self, name: str, type_: str = "String") -> Sequence[Any]:
        """Values for an argument of this name and scalar type, as JSON has them."""
        return self.texts.get(name) or self.values.get(type_) or self.texts[""]


class Chance(ABC):
    """Drawing, in the words the modules here use."""

    @abstractmethod
    def one(self, choices: Sequence[T]) -> T:
        """One of these; the first is the simplest."""

    @abstractmethod
    def some(self, choices: Sequence[T], sizes: Sequence[int]) -> list[T]:
        """A few of these, perhaps some twice."""

    @abstractmethod
    def in_(self, times: int) -> bool:
        """True once in so many times."""


class Drawn(Chance):
    """By Hypothesis, which finds simpler draws for what fails."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw

    def one(self, choices: Sequence[T]) -> T:
        """As in Chance."""
        chosen: T = self._draw(st.sampled_from(choices))
        return chosen

    def some(self, choices: Sequence[T], sizes: Sequence[int]) -> list[T]:
        """As in Chance."""
        size = self.one(sizes)
        chosen: list[T] = self._draw(st.lists(st.sampled_from(choices), min_size=size, max_size=size))
        return chosen

    def in_(self, times: int) -> bool:
        """As in Chance."""
        return bool(self._draw(st.integers(1, times)) == times)


class Thrown(Chance):
    """By a generator of random numbers: much faster, for what needs no simpler form."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def one(self, choices: Sequence[T]) -> T:
        """As in Chance."""
        return self._random.choice(choices)

    def some(self, choices: Sequence[T], sizes: Sequence[int]) -> list[T]:
        """As in Chance."""
        return self._random.choices(choices, k=self.one(sizes))

    def in_(self, times: int) -> bool:
        """As in Chance."""
        return self._random.randint(1, times) == times


@dataclass(slots=True)
class Values:
    """Draws values of input types, as a variable would hold them."""

    chance: Chance
    pool: Pool
    _related: int = 0  # relations within one another, of what is being drawn

    def value(self, type_: GraphQLType, name: str) -> Any:
        """A value of an input type; null now and then where it may be."""
        if isinstance(type_, GraphQLNonNull):
            return self.present(type_.of_type, name)
        return None if self.chance.in_(8) else self.present(type_, name)

    def present(self, type_: GraphQLType, name: str) -> Any:
        """A value that is not null."""
        if isinstance(type_, GraphQLNonNull):
            return self.present(type_.of_type, name)
        if isinstance(type_, GraphQLList):
            drawn = [self.value(type_.of_type, name) for _ in range(self.chance.one((1, 2, 0, 3)))]
            return list({each["field"]: each for each in drawn}.values()) if name == "orderBy" else drawn
        if isinstance(type_, GraphQLEnumType):
            return self.chance.one([*type_.values])
        if isinstance(type_, GraphQLInputObjectType):
            # Its two ends go together: hardly any two moments are of one day.
            return self.chance.one(self.pool.of(type_.name)) if type_.name == "TimeSpan" else self._input(type_)
        scalar = get_named_type(type_).name
        return self.chance.one([True, False] if scalar == "Boolean" else self.pool.of(name, scalar))

    def _input(self, type_: GraphQLInputObjectType) -> dict[str, Any]:
        if type_.is_one_of:
            name = self.chance.one([*type_.fields])
            return {name: self.present(type_.fields[name].type, name)}
        if type_.name.endswith("Relation"):
            return self._relation(type_)
        required = [name for name, of in type_.fields.items() if isinstance(of.type, GraphQLNonNull)]
        optional = [name for name, of in type_.fields.items() if name not in required and not self._too_deep(of.type)]
        chosen = [*required, *(self.chance.some(optional, (1, 2, 0)) if optional else [])]
        return {name: self.value(type_.fields[name].type, self._called(type_.name, name)) for name in chosen}

    def _too_deep(self, type_: GraphQLType) -> bool:
        """Whether it would be a relation deeper than a filter may have, if only one that asks nothing."""
        return self._related == DEEPEST and get_named_type(type_).name.endswith("Relation")

    def _called(self, type_: str, name: str) -> str:
        """What an input's value is drawn by: the ids of a filter are mostly of the kind it is of."""
        return type_ if name == "id" and type_.endswith("Filter") and not self.chance.in_(4) else name

    def _relation(self, type_: GraphQLInputObjectType) -> dict[str, Any]:
        """What a row leads to, in the target's words."""
        self._related += 1
        chosen = self.chance.some([*type_.fields], (1, 2, 0))
        made = {name: self.value(type_.fields[name].type, name) for name in chosen}
        self._related -= 1
        return made


def literal(value: Any, type_: GraphQLType) -> str:
    """A value of an input type in GraphQL's notation."""
    of = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(of, GraphQLList) and isinstance(value, list):
        return "[" + ", ".join(literal(item, of.of_type) for item in value) + "]"
    if isinstance(of, GraphQLInputObjectType) and isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {literal(item, of.fields[key].type)}" for key, item in value.items()) + "}"
    if isinstance(of, GraphQLEnumType) and value is not None:
        return str(value)
    return json.dumps(value, ensure_ascii=False)
