"""The text of an operation, said in a roundabout way: fragments that nest and overlap, repeated fields, directives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLSchema
from hypothesis import strategies as st

from tests.oracle.operations import Author, Field, Path, Selection
from tests.oracle.values import Drawn, Pool


@dataclass(frozen=True, slots=True)
class Operation:
    """A document of one operation and what it is sent with.

    `others` are other values for its variables. `resumable` names those variables that take a cursor: one of the page
    at this path and coordinate.
    """

    text: str = field(repr=False)
    variables: Mapping[str, Any] = field(repr=False)
    others: Mapping[str, Any] = field(repr=False)
    resumable: Mapping[str, tuple[Path, str]] = field(repr=False)


class Writer:
    """Writes one operation; fragments gather as it goes."""

    def __init__(self, author: Author) -> None:
        self._author = author
        self._chance = author.chance
        self._fragments: list[str] = []

    def operation(self, selection: Selection) -> Operation:
        """The whole document."""
        body = self._selection(selection)
        variables = self._author.variables
        declared = f"({', '.join(variables.declared)})" if variables.declared else ""
        text = "\n".join([f"query{declared} {body}", *self._fragments])
        resumable = {name[1:]: place for name, place in self._author.resumable.items()}
        return Operation(text, dict(variables.values), dict(variables.others), resumable)

    def _selection(self, selection: Selection) -> str:
        parts = [self._part(of, selection.type) for of in selection.fields]
        if len(parts) > 1 and self._chance.in_(5):  # something said twice, once in a fragment
            parts.append(self._wrapped([self._part(selection.fields[0], selection.type)], selection.type))
        parts += [self._case(case) for case in selection.cases]
        return "{ " + " ".join(parts) + " }"

    def _part(self, field: Field, type_: str) -> str:
        if field.below is not None and self._chance.in_(6):
            halves = [Field(field.key, field.name, field.arguments, half) for half in self._halves(field.below)]
            written = [self._field(half) for half in halves]
            return f"{written[0]} {self._wrapped([written[1]], type_)}"
        written_once = self._field(field)
        return self._wrapped([written_once], type_) if self._chance.in_(6) else written_once

    def _halves(self, whole: Selection) -> Sequence[Selection]:
        """Two selections that together ask for the whole; they may overlap."""
        at = self._chance.one(range(len(whole.fields)))
        first, second = whole.fields[: at + 1], whole.fields[at:]
        return Selection(whole.type, first, whole.cases), Selection(whole.type, second, whole.cases[:1])

    def _field(self, field: Field) -> str:
        alias = f"{field.key}: " if field.key != field.name else ""
        below = f" {self._selection(field.below)}" if field.below is not None else ""
        return f"{alias}{field.name}{field.arguments}{self._directives()}{below}"

    def _case(self, case: Selection) -> str:
        body = self._selection(case)
        if self._chance.in_(3):
            return self._named(case.type, body)
        return f"... on {case.type}{self._directives()} {body}"

    def _wrapped(self, parts: Sequence[str], type_: str) -> str:
        body = "{ " + " ".join(parts) + " }"
        form = self._chance.one(["inline", "bare", "named", "nested"])
        if form == "inline":
            return f"... on {type_}{self._directives()} {body}"
        if form == "bare":
            return f"...{self._directives()} {body}"
        spread = self._named(type_, body)
        return spread if form == "named" else self._named(type_, "{ " + spread + " }")

    def _named(self, type_: str, body: str) -> str:
        name = f"F{len(self._fragments) + 1}"
        self._fragments.append(f"fragment {name} on {type_} {body}")
        return f"...{name}{self._directives()}"

    def _directives(self) -> str:
        if not self._chance.in_(12):
            return ""
        return f" @{self._chance.one(['include', 'skip'])}(if: {self._condition()})"

    def _condition(self) -> str:
        value = self._chance.one([True, False])
        text = "true" if value else "false"
        variables = self._author.variables
        match self._chance.one(["literal", "variable", "default"]):
            case "variable":
                return variables.set(variables.new("Boolean!"), value, not value)
            case "default":
                return variables.new("Boolean", text)
            case _:
                return text


@st.composite
def operations(draw: Any, schema: GraphQLSchema, pool: Pool) -> Operation:
    """Operations over the schema with values from the pool."""
    author = Author(Drawn(draw), schema, pool)
    return Writer(author).operation(author.operation())
