"""Random operations over any schema of this kind: what is asked, as a tree; `writing` makes a document of it.

The tree is drawn from the GraphQL schema alone; what is put into arguments comes from `values`. `room` bounds the rows
an answer may have: a page takes its part, and what has no room asks for values.
"""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)

from schema.pipeline.plan.cursors import PAGING
from tests.oracle.values import Chance, Pool, Values, literal

Path = tuple[str, ...]

ROOM, DEPTH, PAGES = 250, 5, 20
MOST = 16  # fields of one operation that have fields of their own
SIZES = (1, 2, 3, 2, 4)
LISTED = 4  # how many rows a list that is not paged is taken to have


@dataclass(slots=True)
class Field:
    """One field under one response key, its arguments written already."""

    key: str
    name: str
    arguments: str
    below: "Selection | None"


@dataclass(slots=True)
class Selection:
    """What is asked of a type: its fields, and for an abstract one what is asked of each object type."""

    type: str
    fields: list[Field]
    cases: "list[Selection]" = field(default_factory=list)


@dataclass(slots=True)
class Variables:
    """The variables an operation declares, and the values it is sent with; not every one has a value.

    `others` are values it is sent with another time: the same document, and sometimes another statement.
    """

    declared: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)

    def new(self, type_: str, default: str = "") -> str:
        """A variable of this type; its name with the dollar."""
        name = f"v{len(self.declared) + 1}"
        self.declared.append(f"${name}: {type_}{default and ' = '}{default}")
        return f"${name}"

    def set(self, variable: str, value: Any, other: Any) -> str:
        """Give it a value, and one for another time."""
        self.values[variable[1:]] = value
        self.others[variable[1:]] = other
        return variable


class Author:
    """Draws the tree of one operation. `resumable` are variables for cursors, with where in the answer those are."""

    def __init__(self, chance: Chance, schema: GraphQLSchema, pool: Pool) -> None:
        self.chance = chance
        self.variables = Variables()
        self.resumable: dict[str, tuple[Path, str]] = {}
        self._schema = schema
        self._values = Values(chance, pool)
        self._keys = count(1)
        self._asked = count(1)

    def operation(self) -> Selection:
        """The root selection."""
        query = self._schema.query_type
        assert query is not None
        return self._object(query, DEPTH, ROOM, ())

    # --- selections ---

    def _object(self, of: GraphQLObjectType, depth: int, room: int, path: Path) -> Selection:
        paged = "pageInfo" in of.fields
        inner = of.name.endswith(("Connection", "Edge", "PageInfo"))
        names = ["nodes", "edges", *of.fields] if paged else [*of.fields]
        made = Selection(of.name, [])
        for name in self.chance.some([*names, "__typename"] if self.chance.in_(8) else names, SIZES):
            self._add(made, of, name, depth if inner else depth - 1, room, path)
        if not made.fields:
            made.fields.append(Field(self._key(made, "__typename"), "__typename", "", None))
        return made

    def _add(self, to: Selection, of: GraphQLObjectType, name: str, depth: int, room: int, path: Path) -> None:
        field_ = of.fields.get(name)
        key = self._key(to, name)
        if field_ is None:
            to.fields.append(Field(key, name, "", None))
            return
        named = get_named_type(field_.type)
        if is_leaf_type(named):
            to.fields.append(Field(key, name, self._arguments(field_, f"{of.name}.{name}", room, ())[0], None))
        elif depth >= 0 and room >= 1 and next(self._asked) < MOST:
            written, rows = self._arguments(field_, f"{of.name}.{name}", room, (*path, key))
            to.fields.append(Field(key, name, written, self._below(named, depth, room // rows, (*path, key))))

    def _key(self, within: Selection, name: str) -> str:
        taken = {field_.key for field_ in within.fields}
        if name in taken or self.chance.in_(6):
            return f"k{next(self._keys)}"
        return name

    def _below(self, named: GraphQLNamedType, depth: int, room: int, path: Path) -> Selection:
        if isinstance(named, GraphQLObjectType):
            return self._object(named, depth, room, path)
        assert isinstance(named, GraphQLInterfaceType | GraphQLUnionType)
        shared = [*named.fields] if isinstance(named, GraphQLInterfaceType) else []
        keys = self.chance.some(["__typename", *shared], (1, 2))
        made = Selection(named.name, [Field(key, key, "", None) for key in dict.fromkeys(keys)])
        types = self.chance.some(self._schema.get_possible_types(named), (2, 1, 3))
        made.cases = [self._object(of, depth, room, path) for of in {of.name: of for of in types}.values()]
        return made

    # --- arguments ---

    def _arguments(self, field_: GraphQLField, coordinate: str, room: int, path: Path) -> tuple[str, int]:
        rows = LISTED if "[" in str(field_.type) else 1
        if "first" in field_.args:
            rows = self.chance.one([size for size in (2, 3, 1, 7, 5, 4, 6) if size <= room])
        size, cursor = ("last", "before") if self.chance.in_(4) else ("first", "after")
        written = []
        for name, argument in field_.args.items():
            text = None
            if name == size:
                text, rows = self._first(rows, room)
            elif name == cursor:
                text = self._after(coordinate, path)
            elif name in PAGING:
                text = "null" if self.chance.in_(3) else None
            elif isinstance(argument.type, GraphQLNonNull) or self.chance.in_(3):
                text = self._argument(argument.type, name)
            written += [f"{name}: {text}"] if text is not None else []
        return f"({', '.join(written)})" if written else "", rows

    def _first(self, size: int, room: int) -> tuple[str | None, int]:
        if room >= PAGES and self.chance.in_(6):
            form = self.chance.one([None, "null", "variable"])
            return self.variables.new("Int") if form == "variable" else form, PAGES
        if self.chance.in_(4):
            return self.variables.set(self.variables.new(self.chance.one(["Int", "Int!"])), size, 1), size
        return str(size), size

    def _after(self, coordinate: str, path: Path) -> str | None:
        form = self.chance.one(["variable", "absent", "null"])
        if form != "variable":
            return None if form == "absent" else form
        variable = self.variables.new("String")
        if self.chance.in_(3):
            self.variables.set(variable, None, None)
        self.resumable[variable] = (path, coordinate)
        return variable

    def _argument(self, type_: GraphQLType, name: str) -> str:
        return self._written(self._values.value(type_, name), type_, name)

    def _written(self, value: Any, type_: GraphQLType, name: str, *, strictly: bool = False) -> str:
        """A value as the document has it: in its place, or through a variable; `strictly` never null."""
        if self.chance.in_(4):
            return self._through_variable(value, type_, name, strictly=strictly or isinstance(type_, GraphQLNonNull))
        of = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if isinstance(of, GraphQLList) and isinstance(value, list):
            if len(value) == 1 and self.chance.in_(3):
                return literal(value[0], of.of_type)  # a value stands for the list of it
            if name == "orderBy":
                return literal(value, of)  # in which no field may stand twice
            return "[" + ", ".join(self._written(item, of.of_type, name) for item in value) + "]"
        if isinstance(of, GraphQLInputObjectType) and isinstance(value, dict):
            parts = (
                f"{key}: {self._written(item, of.fields[key].type, key, strictly=of.is_one_of)}"
                for key, item in value.items()
            )
            return "{" + ", ".join(parts) + "}"
        return literal(value, of)

    def _through_variable(self, value: Any, type_: GraphQLType, name: str, *, strictly: bool) -> str:
        named = str(type_).removesuffix("!")
        of = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        filtering = get_named_type(of).name.endswith(("Filter", "Relation"))  # another could be too deep for its place
        if value is None:
            variable = self.variables.new(named)
            return (
                variable
                if filtering or self.chance.in_(2)
                else self.variables.set(variable, None, self._values.present(of, name))
            )
        if not strictly and self.chance.in_(4):
            return self.variables.new(named, literal(value, type_))
        form = f"{named}!" if strictly or self.chance.in_(2) else named
        other = value if filtering else self._values.present(of, name)
        return self.variables.set(self.variables.new(form), value, other)
