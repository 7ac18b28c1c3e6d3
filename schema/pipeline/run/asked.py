"""What a request asks, and what becomes of it on its way: values, and what is told of them without the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from graphql import GraphQLSchema, OperationDefinitionNode, VariableValues
from graphql.execution import get_variable_values

from policies.actor import Actor
from schema.kit.faults import Refusals, unusable
from schema.pipeline.document.documents import Document
from schema.pipeline.document.limits import shallow
from schema.pipeline.plan.plan import QUIET, Notes
from schema.pipeline.plan.selections import Selections
from schema.pipeline.sql.statement import Statement
from services.audit.tables import Who
from services.errors import Code, Refused
from services.programs.budget import Spent

FEW = 200  # values of a request


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks, as it came: the document's text, which operation of it, with which variables.

    `document` is the SHA-256 of a stored document to take in the place of the text. `safe` requests may only read:
    those that came by GET. `request_id` is what the audit trail calls the request, `idempotency_key` the one its
    mutations have unless their input brings another. `grant` is the only one of the caller's grants that counts; all do
    where there is none.
    """

    query: str
    operation_name: str | None
    variables: Mapping[str, Any]
    safe: bool = False
    request_id: str = ""
    idempotency_key: str | None = None
    grant: UUID | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """An operation about to be run for one caller, and the rows it may make."""

    actor: Actor
    document: Document
    operation: OperationDefinitionNode
    variables: VariableValues
    selections: Selections
    cost: int


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement, its parameters in one call, whether whom it shows must be put on record, and what is to be said."""

    statement: Statement
    parameters: list[object]
    records: bool
    notes: Notes


@dataclass(frozen=True, slots=True)
class Told:
    """The JSON a statement gave, and what is to be said beside it."""

    body: bytes
    notes: Notes = QUIET


@dataclass(frozen=True, slots=True)
class Question:
    """What an operation asks for one caller: its statement, its cost, and under which entry whom it shows is kept."""

    stated: Stated
    cost: int
    entry: UUID
    who: Who


@dataclass(frozen=True, slots=True)
class Answer:
    """The JSON of `data`, and what is wrong with those of its fields that are null because of it.

    `packable` is what may be sent packed, whose length tells of what is in it: no payload of a command, since secrets
    are in some of them, and nothing with contact data. `spent` is what a caller with a budget was charged.
    """

    body: bytes
    errors: tuple[Refused, ...] = ()
    packable: bool = False
    notes: Notes = QUIET
    spent: Spent | None = None

    @property
    def extensions(self) -> Mapping[str, Any]:
        """What is said beside the data: which of what was asked is not the caller's to see, or keeps no history; what
        it was charged.
        """
        return self.notes.said if self.spent is None else {**self.notes.said, "cost": self.spent.told}


def coerced(schema: GraphQLSchema, operation: OperationDefinitionNode, asked: Asked) -> VariableValues:
    """The values of an operation's variables; Refusals for what cannot be one, TOO_COSTLY for what is too deep."""
    shallow(asked.variables)
    found = get_variable_values(
        schema, operation.variable_definitions or (), dict(asked.variables), max_errors=10, hide_suggestions=True
    )
    if isinstance(found, list):
        raise Refusals([unusable(error) for error in found])
    return found


def few(values: Any) -> bool:
    """Whether it takes less to look into a request's variables than to do it elsewhere."""
    left, within = FEW, [values]
    while within and left:
        each, left = within.pop(), left - 1
        if isinstance(each, dict | list):
            if len(each) > left:
                return False
            within.extend(each.values() if isinstance(each, dict) else each)
    return not within


def who(prepared: Prepared, asked: Asked, actor: Actor) -> Who:
    """Who asks, as the audit trail has it."""
    name = prepared.operation.name
    return Who(actor.account_id, actor.credential_id, asked.request_id, name.value if name else None)


def not_allowed(allowed: str) -> Refused:
    """405: the method cannot carry this operation; `allowed` are those that can."""
    text = (f"此处只接受 {allowed}。", f"Only {allowed} here.")
    return Refused(Code.BAD_REQUEST, *text, status=405, headers=(("Allow", allowed),))
