"""GraphQL over WebSocket: `graphql-transport-ws` by Strawberry's handler, operations by the same pipeline.

A socket keeps its token, never an actor: each operation authenticates anew, so a socket does not outlive a revocation.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import orjson
import strawberry
from starlette.websockets import WebSocketDisconnect
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.subscriptions.protocols.graphql_transport_ws.types import Message, SubscribeMessage

from policies.actor import Authenticator, bearer
from schema.pipeline.endpoint import KEPT, LOG, asked_of, grant_of
from schema.pipeline.faults import formatted, language, reasons
from schema.pipeline.read import Answer
from schema.pipeline.write import Writing
from services.errors import Code, Refused
from services.settings import Limits

Context = dict[str, Any]
WITH_ID = frozenset({"subscribe", "complete"})
KNOWN = WITH_ID | {"connection_init", "ping", "pong"}


class Handler(BaseGraphQLTransportWSHandler[Context, None]):
    """Strawberry's protocol machine over our own reading."""

    view: "Sockets"

    async def handle_message(self, message: Message) -> None:
        """Close with 4400 what is not a message of the protocol, instead of failing on it."""
        if not _well_formed(message):
            await self.handle_invalid_message("Failed to parse message")
            return
        await super().handle_message(message)

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Begin an operation; TOO_COSTLY, in the one shape of errors, beyond as many at once as a socket may have."""
        limit = self.max_subscriptions_per_connection or 0
        if self.connection_acknowledged and message["id"] not in self.operations and len(self.operations) >= limit:
            text = (f"同时进行的操作最多 {limit} 个。", f"At most {limit} operations at once.")
            errors: Any = [formatted(Refused(Code.TOO_COSTLY, *text), self.context["language"])]
            await self.send_message({"id": message["id"], "type": "error", "payload": errors})
            return
        await super().handle_subscribe(message)

    async def run_operation(self, operation: Operation[Context, None]) -> None:
        """Run one operation and send what it gives."""
        try:
            asked = asked_of(
                {
                    "query": operation.query,
                    "variables": operation.variables,
                    "operationName": operation.operation_name,
                }
            )
            asked = replace(asked, request_id=uuid4().hex, grant=self.context["grant"])
            answer = await self.view.writing.answer(asked, self.context["token"], self.context["language"])
            await self._send(operation, answer)
        except WebSocketDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the client learns that it failed
            await self._refuse(operation, error)

    async def _send(self, operation: Operation[Context, None], answer: Answer) -> None:
        if operation.completed:
            return
        errors = [formatted(each, self.context["language"]) for each in answer.errors]
        said = b'"errors":' + orjson.dumps(errors, default=str) + b"," if errors else b""
        payload = b"{" + said + b'"data":' + answer.body + b"}"
        frame = b'{"id":' + orjson.dumps(operation.id) + b',"type":"next","payload":' + payload + b"}"
        await self.context["socket"].send_text(frame.decode())
        await operation.send_operation_message({"id": operation.id, "type": "complete"})

    async def _refuse(self, operation: Operation[Context, None], error: Exception) -> None:
        refused = reasons(error)
        if refused[0].code is Code.INTERNAL_SERVER_ERROR:
            LOG.error("an operation failed", exc_info=error)
        errors: Any = [formatted(each, self.context["language"]) for each in refused]
        await operation.send_operation_message({"id": operation.id, "type": "error", "payload": errors})
        if refused[0].code is Code.UNAUTHENTICATED:
            await self.websocket.close(code=4403, reason="Forbidden")


class Sockets(GraphQL[Context, None]):
    """The ASGI application of WebSocket connections to /graphql."""

    graphql_transport_ws_handler_class = Handler

    def __init__(
        self, schema: strawberry.Schema, writing: Writing, authenticator: Authenticator, limits: Limits
    ) -> None:
        super().__init__(
            schema,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            connection_init_wait_timeout=timedelta(milliseconds=limits.init_ms),
            max_subscriptions_per_connection=limits.socket_operations,
        )
        self.writing = writing
        self._authenticator = authenticator

    def decode_json(self, data: str | bytes) -> object:
        """orjson refuses what is nested too deeply instead of exhausting the stack."""
        return orjson.loads(data)

    async def get_context(self, request: Any, response: Any) -> Context:
        """What one socket keeps: itself, its reader's language, the token of its handshake if it brought one."""
        return {
            "socket": request,
            "language": language(request.headers.get("accept-language", "")[:KEPT]),
            "authorization": request.headers.get("authorization"),
            "grant": None,
            "connection_params": {},
        }

    async def on_ws_connect(self, context: Context) -> Any:
        """Authenticate `connection_init`: its payload's Authorization, or the handshake's.

        Closes with 4403 when neither is a standing token, with 1013 when nobody can tell at the moment.
        """
        given = context["connection_params"].get("Authorization")
        try:
            if given is not None and context["authorization"] is not None:
                raise ConnectionRejectionError
            context["token"] = bearer(given if isinstance(given, str) else context["authorization"])
            context["grant"] = grant_of(context["connection_params"].get("Jinlin-Grant"))
            (await self._authenticator.actor(context["token"])).narrowed(context["grant"])
        except Refused as refused:
            if refused.code is not Code.UNAVAILABLE:
                raise ConnectionRejectionError from None
            await context["socket"].close(code=1013, reason="Try again later")
            raise WebSocketDisconnected from None
        return strawberry.UNSET


def _short(identifier: object) -> bool:
    # A close frame quotes it, and holds 123 bytes.
    return isinstance(identifier, str) and len(identifier) <= 64 and identifier.isascii()


def _well_formed(message: object) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    if message["type"] not in KNOWN or (message["type"] in WITH_ID and not _short(message.get("id"))):
        return False
    payload = message.get("payload")
    return message["type"] != "subscribe" or (isinstance(payload, dict) and isinstance(payload.get("query"), str))
