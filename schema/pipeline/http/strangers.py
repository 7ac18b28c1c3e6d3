"""What strangers may ask of /graphql: to sign in, once a request, and nothing else.

They have a schema of their own, and it is no part of the one for those who are in. A document of theirs is of few
tokens, is looked at only if it names `signIn`, and goes into no cache; neither do its variables. Whatever else it is,
the answer is that of a request without a credential.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import (
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    build_schema,
    parse,
    validate,
)
from graphql.execution.values import get_argument_values, get_variable_values
from starlette.requests import Request

from policies.actor import unauthenticated
from policies.sessions import Opened, Sessions, stored_secret
from schema.pipeline.http.bodies import json_object
from schema.pipeline.http.door import Door
from services.errors import Refused
from services.settings import Limits

SCHEMA = build_schema(
    """
    schema { mutation: Mutation }
    type Mutation { signIn(input: SignInInput!): SignInPayload }
    input SignInInput { login: String! password: String! }
    type SignInPayload { mustChangePassword: Boolean! }
    """,
    assume_valid=True,  # there is nothing to query
)
MUTATION = SCHEMA.mutation_type
assert MUTATION is not None
SIGN_IN = MUTATION.fields["signIn"]
TOKENS = 100
OF_THE_BODY = frozenset({408, 413})  # what is said of a body to whoever sends it


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to sign in, and how the answer is to look: its key, and each of its keys with the field it is of."""

    login: str
    password: str = field(repr=False)
    key: str
    wanted: Mapping[str, str]


class Strangers:
    """Answers requests without a credential."""

    def __init__(self, door: Door, sessions: Sessions, limits: Limits) -> None:
        self._door = door
        self._sessions = sessions
        self._limits = limits

    async def answer(self, request: Request) -> tuple[bytes, Opened]:
        """The JSON of `data`, and the session that was opened. Refused as by POST /session, UNAUTHENTICATED otherwise.

        What is no JSON, or is too large, is not looked into.
        """
        attempt = attempt_of(await self._given(request))
        if attempt is None:
            raise unauthenticated()
        opened = await self._sessions.sign_in(attempt.login, attempt.password, self._door.visitor(request))
        told: dict[str, object] = {"__typename": "SignInPayload"}
        if "mustChangePassword" in attempt.wanted.values():
            credential = stored_secret(opened.session).id
            told["mustChangePassword"] = await self._sessions.must_change_password(credential)
        payload = {key: told[name] for key, name in attempt.wanted.items()}
        return orjson.dumps({attempt.key: payload}), opened

    async def _given(self, request: Request) -> Mapping[str, Any]:
        if request.method != "POST":
            raise unauthenticated()
        try:
            return await json_object(request, self._limits, self._limits.stranger_bytes)
        except Refused as refused:
            if refused.status in OF_THE_BODY:
                raise
            raise unauthenticated() from None


def attempt_of(given: Mapping[str, Any]) -> Attempt | None:
    """The one attempt a request consists of; None for whatever else it is."""
    query, variables = given.get("query"), given.get("variables")
    if not isinstance(query, str) or "signIn" not in query or not isinstance(variables, dict | None):
        return None
    try:
        operation = _operation(query)
        if operation is None or given.get("operationName") not in (None, "", operation.name and operation.name.value):
            return None
        values = get_variable_values(SCHEMA, operation.variable_definitions or (), variables or {})
        if isinstance(values, list):  # what is wrong with them
            return None
        (root,) = _fields(operation.selection_set.selections)
        asked = _fields(root.selection_set.selections if root.selection_set else ())
        said = get_argument_values(SIGN_IN, root, values)["input"]
    except (GraphQLError, ValueError):  # their texts quote the values
        return None
    return Attempt(said["login"], said["password"], _key(root), {_key(each): each.name.value for each in asked})


def _operation(query: str) -> OperationDefinitionNode | None:
    """The one mutation of a document, valid, of one field, without fragments and directives; None for any other."""
    document = parse(query, max_tokens=TOKENS, allow_empty_selection_sets=False)
    if len(document.definitions) != 1 or validate(SCHEMA, document, max_errors=1):
        return None
    (operation,) = document.definitions
    if not isinstance(operation, OperationDefinitionNode) or operation.operation is not OperationType.MUTATION:
        return None
    (root,) = _fields(operation.selection_set.selections)
    return operation if root.name.value == "signIn" and not operation.directives else None


def _fields(selections: Sequence[SelectionNode]) -> tuple[FieldNode, ...]:
    """Selections as the plain fields that they are; ValueError where they are anything else."""
    fields = tuple(each for each in selections if isinstance(each, FieldNode) and not each.directives)
    if len(fields) != len(selections):
        raise ValueError("fragments or directives")
    return fields


def _key(node: FieldNode) -> str:
    return (node.alias or node.name).value
