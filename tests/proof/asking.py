"""The ways to ask the service something, each giving all that comes back. Who adds a way in adds it here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLSchema

from schema.kit.faults import formatted, reasons
from schema.pipeline.run.asked import Asked
from tests.oracle.worlds import World
from tests.proof.stage import Stage

Variables = Mapping[str, Any]
REFUSED = ("FORBIDDEN", "NOT_FOUND")


@dataclass(frozen=True)
class Question:
    """An operation and its variables."""

    text: str
    variables: Variables


@dataclass(frozen=True)
class Reply:
    """The response's text, the statements it took, its data, and the root fields that were not the caller's."""

    text: str
    said: tuple[str, ...]
    data: Any = field(default=None, repr=False)
    refused: tuple[str, ...] = ()


def inside(stage: Stage, world: World, question: Question) -> Reply:
    """Ask in this process, through what HTTP and WebSocket go through."""
    stage.said.clear()
    asked = Asked(question.text, None, question.variables, request_id="r")
    data, body = None, ""
    try:
        made = stage.run(stage.writing.answer(asked, world.token, "en"))
        errors = [formatted(each, "en") for each in made.errors]
        body, data = made.body.decode(), json.loads(made.body)
    except Exception as error:  # noqa: BLE001 - what the endpoint would make of it
        errors = [formatted(each, "en") for each in reasons(error)]
    text = body + json.dumps(errors, default=str)
    if "contact" in question.text:
        stage.forget()
    assert "INTERNAL_SERVER_ERROR" not in text, question
    refused = [str(each["path"][0]) for each in errors if "path" in each and each["extensions"]["code"] in REFUSED]
    return Reply(text, tuple(stage.said), data, tuple(refused))


def mutation(schema: GraphQLSchema, command: str, key: str | None = None) -> str:
    """A document of one command that says what is wrong with its input and nothing else, under a key or its name."""
    assert schema.mutation_type is not None
    of = schema.mutation_type.fields[command].args["input"].type
    selected = "__typename userErrors { code field message }"
    return f"mutation($input: {of}) {{ {key or command}: {command}(input: $input) {{ {selected} }} }}"
