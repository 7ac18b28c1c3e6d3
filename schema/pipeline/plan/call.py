"""What a request brings to a plan: who asks, with which values, and how each parameter is read from them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from graphql import FieldNode, GraphQLField, VariableValues
from graphql.execution import get_argument_values
from sqlalchemy.types import TypeEngine

from policies.actor import Actor
from services.errors import Refused
from services.settings import SMALLEST_CELL

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A field of the operation that takes arguments. `constant` holds them where no variable is among them."""

    field: GraphQLField
    node: FieldNode
    constant: dict[str, Any] | None

    def arguments(self, variables: VariableValues) -> dict[str, Any]:
        """The coerced arguments; raises GraphQLError for a variable that cannot be one."""
        if self.constant is not None:
            return self.constant
        return get_argument_values(self.field, self.node, variables, hide_suggestions=True)


@dataclass(frozen=True, slots=True)
class Call:
    """One request: who asks, with which variables. `arguments` are its occurrences' coerced values, in plan order.

    `cell` is the smallest number of rows that is told to who may only count them; a partner token may have its own.
    `injected` is JSON made outside the database, by response key; `result` the id of the row a command led to; `entry`
    that of the audit entry under which it is noted whom this request shows.
    """

    actor: Actor
    variables: VariableValues
    secret: bytes
    cell: int = SMALLEST_CELL
    injected: Mapping[str, str] = field(default_factory=dict)
    result: UUID | None = None
    arguments: list[dict[str, Any]] = field(default_factory=list)
    entry: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Slot:
    """A bound parameter: its SQL type, how it is read, and the `path` and `argument` an error about it names."""

    type: TypeEngine[Any]
    read: Callable[[Call], Any]
    path: Path = ()
    argument: Path = ()

    def value(self, call: Call) -> Any:
        """What the parameter holds in this request."""
        try:
            return self.read(call)
        except Refused as refused:
            refused.path, refused.argument = self.path, self.argument
            raise
