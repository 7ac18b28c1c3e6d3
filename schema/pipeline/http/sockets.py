"""GraphQL over WebSocket: `graphql-transport-ws` by Strawberry's handler, operations by the same pipeline.

A socket keeps its token: each operation authenticates anew. And the `registry` watches whether what let the socket in
still holds, so it does not outlive a revocation, at work or not.

Long because one connection is told in it, from its first message to its close.
"""

from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, cast
from uuid import uuid4

import orjson
import strawberry
from graphql import OperationType
from starlette.websockets import WebSocketDisconnect
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    ConnectionInitMessage,
    Message,
    SubscribeMessage,
)

from schema.kit.faults import formatted, language, reasons
from schema.pipeline.http.endpoint import LOG, asked_of, beside, grant_of
from schema.pipeline.http.line import LINE, Line
from schema.pipeline.http.naming import by_digest
from schema.pipeline.http.presented import named, presented_on_socket
from schema.pipeline.run.asked import Answer, Asked
from schema.pipeline.run.live import Live, Rest
from schema.pipeline.run.read import Reading
from schema.pipeline.run.registry import Guest
from schema.pipeline.run.write import Writing
from services.errors import Code, Refused
from services.settings import Limits
from services.site import Site

Context = dict[str, Any]
WITH_ID = frozenset({"subscribe", "complete"})
HEARTBEATS = frozenset({"ping", "pong"})
KNOWN = WITH_ID | HEARTBEATS | {"connection_init"}


class Said(str):
    """What an operation says of its document, where otherwise the document's text stands."""

    parts: dict[str, Any]


class Handler(BaseGraphQLTransportWSHandler[Context, None]):
    """Strawberry's protocol machine over our own reading."""

    view: "Sockets"

    @property
    def _line(self) -> Line:
        line: Line = self.context["socket"].scope[LINE]
        return line

    async def handle_message(self, message: Message) -> None:
        """Close with 4400 what is not a message of the protocol, instead of failing on it."""
        if not _well_formed(message):
            await self.handle_invalid_message("Failed to parse message")
            return
        await super().handle_message(message)

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Begin an operation; TOO_COSTLY, in the one shape of errors, beyond as many at once as a socket may have."""
        if self._line.leaving:
            return  # the socket is about to be closed with a code that says come again
        limit = self.max_subscriptions_per_connection or 0
        if self.connection_acknowledged and message["id"] not in self.operations and len(self.operations) >= limit:
            text = (f"同时进行的操作最多 {limit} 个。", f"At most {limit} operations at once.")
            errors: Any = [formatted(Refused(Code.TOO_COSTLY, *text), self.context["language"])]
            await self.send_message({"id": message["id"], "type": "error", "payload": errors})
            return
        payload: Any = message["payload"]
        said = Said(payload.get("query") or "")
        said.parts = {name: payload.get(name) for name in ("query", "documentId", "extensions")}
        payload["query"] = said  # the handler carries nothing but a text
        await super().handle_subscribe(message)

    async def run_operation(self, operation: Operation[Context, None]) -> None:
        """Run one operation and send what it gives."""
        try:
            asked = asked_of(
                {
                    **(operation.query.parts if isinstance(operation.query, Said) else {"query": operation.query}),
                    "variables": operation.variables,
                    "operationName": operation.operation_name,
                }
            )
            asked = replace(asked, request_id=uuid4().hex, grant=self.context["grant"])
            asked = await self.view.resolved(asked, self.context["token"])
            if await self.view.subscribes(asked, self.context["token"]):
                await self._follow(operation, asked)
                await self._complete(operation)
            else:
                with self._line.answering():
                    writing, (token, language) = self.view.writing, (self.context["token"], self.context["language"])
                    async with writing.answering(asked, token, language) as answer:
                        await self._next(operation, answer)
                        await self._complete(operation)  # which waits until all before it has left
        except WebSocketDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the client learns that it failed
            await self._refuse(operation, error)

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        """From here on the socket lives as long as what lets it in now."""
        await super().handle_connection_init(message)
        guest: Guest | None = self.context.get("guest")
        if guest is not None and guest.close is None:
            guest.close = self._close
            self.view.registry.enter(guest)

    async def shutdown(self) -> None:
        """The socket is over."""
        if "guest" in self.context:
            self.view.registry.leave(self.context["guest"])
        await super().shutdown()

    async def _close(self, code: int, reason: str) -> None:
        for id_ in tuple(self.operations):
            await self.cleanup_operation(id_)
        await self.websocket.close(code=code, reason=reason)

    async def _follow(self, operation: Operation[Context, None], asked: Asked) -> None:
        resting = partial(self._resting, operation)
        async with aclosing(self.view.live.follow(asked, self.context["guest"], resting)) as answers:
            async for answer in answers:
                await self._next(operation, answer)

    async def _resting(self, operation: Operation[Context, None], rest: Rest) -> None:
        """Say why nothing comes for a while, by a ping: of an error a client would think that it is the end."""
        if operation.completed or self.context["guest"].gone or not self._line.free:
            return
        error = formatted(rest.refused, self.context["language"])
        said = {"id": operation.id, "message": error["message"], "retryAfter": rest.seconds, **error["extensions"]}
        await self.send_message({"type": "ping", "payload": said})

    async def _next(self, operation: Operation[Context, None], answer: Answer) -> None:
        if operation.completed or self.context["guest"].gone:
            return
        errors = [formatted(each, self.context["language"]) for each in answer.errors]
        said = b'"errors":' + orjson.dumps(errors, default=str) + b"," if errors else b""
        payload = b"{" + said + b'"data":' + answer.body + beside(answer) + b"}"
        frame = b'{"id":' + orjson.dumps(operation.id) + b',"type":"next","payload":' + payload + b"}"
        await self.context["socket"].send_text(frame.decode())

    async def _complete(self, operation: Operation[Context, None]) -> None:
        if not self.context["guest"].gone:
            await operation.send_operation_message({"id": operation.id, "type": "complete"})

    async def _refuse(self, operation: Operation[Context, None], error: Exception) -> None:
        if self.context["guest"].gone:
            return
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
        self,
        reading: Reading,
        writing: Writing,
        live: Live,
        limits: Limits,
        site: Site,
    ) -> None:
        super().__init__(
            cast(Any, None),  # what it would execute against: `Handler` does that otherwise
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            connection_init_wait_timeout=timedelta(milliseconds=limits.init_ms),
            max_subscriptions_per_connection=limits.socket_operations,
        )
        self.writing = writing
        self.live = live
        self.registry = live.registry
        self._reading = reading
        self._site = site

    def is_websocket_origin_allowed(self, request: Any, origin: str) -> bool:
        """Whether a page of an origin other than the Host header's may open a socket: this service's own, and those
        that are named, whose cookie counts for nothing.

        Who brings a token in the handshake is no page.
        """
        headers = request.headers
        named = origin in self._site.others
        return named or "authorization" in headers or self._site.is_own(origin, headers.get("host", ""))

    async def resolved(self, asked: Asked, token: str) -> Asked:
        """What is asked with the text of the stored document it may name."""
        return await self._reading.resolved(asked, token)

    async def subscribes(self, asked: Asked, token: str) -> bool:
        """Whether a subscription is asked; Refused or Refusals for what cannot be."""
        actor = await self._reading.admit_with(asked, token)
        return await self._reading.operation_type(asked, actor) is OperationType.SUBSCRIPTION

    def decode_json(self, data: str | bytes) -> object:
        """orjson refuses what is nested too deeply instead of exhausting the stack."""
        return orjson.loads(data)

    async def get_context(self, request: Any, response: Any) -> Context:
        """What one socket keeps: itself, and its reader's language."""
        return {
            "socket": request,
            "language": language(request.headers.get("accept-language", "")),
            "grant": None,
            "connection_params": {},
        }

    async def on_ws_connect(self, context: Context) -> Any:
        """Authenticate `connection_init`: its payload's Authorization, or the handshake's, or the handshake's cookie.

        Closes with 4403 when there is none that stands, or more than one, or when the cookie is of a page of another
        origin; with 1013 when nobody can tell at the moment.
        """
        headers, given = context["socket"].headers, context["connection_params"]
        try:
            context["token"] = presented_on_socket(headers, self._site, given)
            context["grant"] = grant_of(next(iter(named(given, "jinlin-grant")), None))
            actor = await self._reading.admit_again(context["token"], context["grant"])
        except Refused as refused:
            if refused.code is not Code.UNAVAILABLE:
                raise ConnectionRejectionError from None
            await context["socket"].close(code=1013, reason="Try again later")
            raise WebSocketDisconnected from None
        context["guest"] = Guest(actor, context["grant"], context["socket"].scope[LINE])
        return strawberry.UNSET


def _short(identifier: object) -> bool:
    # A close frame quotes it, and holds 123 bytes.
    return isinstance(identifier, str) and 1 <= len(identifier) <= 64 and identifier.isascii()


def _well_formed(message: object) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    if message["type"] not in KNOWN or (message["type"] in WITH_ID and not _short(message.get("id"))):
        return False
    payload = message.get("payload")
    if message["type"] == "subscribe":
        return isinstance(payload, dict) and _asks(payload)
    return message["type"] not in HEARTBEATS or isinstance(payload, dict | None)


def _asks(payload: dict[str, Any]) -> bool:
    """Whether each part of what is asked is of its type, and what to run is there once."""
    texts = [text for text in (payload.get("query"), payload.get("documentId")) if text is not None]
    objects = (payload.get("variables"), payload.get("extensions"))
    return (
        [isinstance(text, str) for text in texts] in ([True], [] if by_digest(payload.get("extensions")) else [True])
        and isinstance(payload.get("operationName"), str | None)
        and all(isinstance(each, dict | None) for each in objects)
    )
