"""GraphQL over HTTP: what comes in, what goes out, with which status.

Follows the GraphQL over HTTP specification: `application/graphql-response+json` carries the status its errors have;
under `application/json` a well-formed request is answered with 200 whatever is wrong with its document.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from schema.kit.faults import formatted, language, reasons
from schema.kit.headers import weights
from schema.kit.ids import local_id
from schema.pipeline.http.bodies import JSON, json_object
from schema.pipeline.http.coding import Packed
from schema.pipeline.http.deadline import Handed
from schema.pipeline.http.door import Door
from schema.pipeline.http.naming import document_of
from schema.pipeline.http.presented import is_strangers, presented_by
from schema.pipeline.http.strangers import Strangers
from schema.pipeline.run.asked import Answer, Asked, not_allowed
from schema.pipeline.run.fields import LONGEST_KEY
from schema.pipeline.run.write import Writing
from services.errors import RETRY_AFTER, Code, Refused, stopping
from services.settings import Limits
from services.site import Site

MODERN = "application/graphql-response+json"
LEGACY = JSON
VARY = "Accept, Accept-Language"
LOG = logging.getLogger("jinlin")

# What is wrong with the document or its values, not with the request that carries it.
OF_THE_DOCUMENT = frozenset(
    {
        *(Code.GRAPHQL_PARSE_FAILED, Code.GRAPHQL_VALIDATION_FAILED, Code.BAD_USER_INPUT, Code.TOO_COSTLY),
        *(Code.PERSISTED_QUERY_NOT_FOUND, Code.PERSISTED_QUERY_NOT_SUPPORTED),
    }
)


@dataclass(frozen=True, slots=True)
class Reply:
    """How to answer: the media type the client accepts and the language it reads.

    What is wrong with a document of GraphQL travels with 200 in the older media type, because its clients expect that.
    """

    media: str
    language: str
    graphql: bool = True

    def data(self, answer: Answer) -> Response:
        """The response of an operation that ran; the JSON of `data` is not looked into."""
        errors = [formatted(each, self.language) for each in answer.errors]
        content = (
            b'{"errors":' + orjson.dumps(errors, default=str) + b',"data":' if errors else b'{"data":'
        ) + answer.body
        headers = {"Cache-Control": "no-store", "Vary": VARY}
        return Response(content + beside(answer) + b"}", headers=headers, media_type=f"{self.media}; charset=utf-8")

    def errors(self, error: Exception) -> Response:
        """The response of a request that was refused; the first reason decides the status."""
        refused = reasons(error)
        first = refused[0]
        soft = self.graphql and self.media == LEGACY and all(each.code in OF_THE_DOCUMENT for each in refused)
        body = orjson.dumps({"errors": [formatted(each, self.language) for each in refused]}, default=str)
        headers = dict(first.headers) | {"Cache-Control": "no-store", "Vary": VARY}
        return Response(body, 200 if soft else first.status, headers, media_type=f"{self.media}; charset=utf-8")


def beside(answer: Answer) -> bytes:
    """The member `extensions` of a response, with the comma before it; nothing where there is none."""
    return b',"extensions":' + orjson.dumps(answer.extensions) if answer.extensions else b""


class Endpoint:
    """The ASGI application of POST and GET /graphql."""

    def __init__(self, writing: Writing, strangers: Strangers, door: Door, limits: Limits, site: Site) -> None:
        self._writing = writing
        self._strangers = strangers
        self._door = door
        self._site = site
        self._limits = limits
        self._in_flight = 0
        self._of_callers: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, which counts until its answer is taken.

        A client that hung up gets nothing and costs nothing more.
        """
        request = Request(scope, receive)
        response: ASGIApp
        reply = Reply(LEGACY, language(request.headers.get("accept-language", "")))
        async with AsyncExitStack() as counted:
            try:
                accept = ",".join(request.headers.getlist("accept")) or "*/*"
                reply = Reply(_media(accept), reply.language)
                response = await self._respond(request, reply, counted)
            except ClientDisconnect:
                return
            except asyncio.CancelledError:  # by the server, when the grace is over
                response = reply.errors(stopping())
            except Exception as error:
                response = refused = reply.errors(error)
                if refused.status_code == Code.INTERNAL_SERVER_ERROR.status:
                    LOG.exception("a request failed")
            with suppress(asyncio.CancelledError):  # likewise, of what nobody takes
                await Handed(response)(scope, receive, send)

    async def _respond(self, request: Request, reply: Reply, counted: AsyncExitStack) -> ASGIApp:
        if is_strangers(request.headers, self._site):
            body, opened = await self._strangers.answer(request)
            return self._door.keep(reply.data(Answer(body)), opened)
        token = presented_by(request.method, request.headers, self._site)
        actor = await self._writing.admit(token)
        asked = replace(
            await self._asked(request),
            request_id=_name(request, "x-request-id") or uuid4().hex,
            idempotency_key=_name(request, "idempotency-key"),
            grant=grant_of(request.headers.get("jinlin-grant")),
        )
        # Counted from here: a request whose body is not there yet is no work, and must not keep others out.
        counted.enter_context(self._at_work(actor.credential_id))
        answer = await counted.enter_async_context(self._writing.answering(asked, token, reply.language))
        return Packed(reply.data(answer)) if answer.packable else reply.data(answer)

    @contextmanager
    def _at_work(self, caller: str) -> Iterator[None]:
        """Count a request; UNAVAILABLE beyond as many as may be, of which one caller has at most half."""
        most = self._limits.in_flight
        if self._in_flight >= most or self._of_callers[caller] >= (most + 1) // 2:
            raise Refused(Code.UNAVAILABLE, "服务繁忙，请稍后重试。", "Too busy; try again.", headers=RETRY_AFTER)
        self._in_flight += 1
        self._of_callers[caller] += 1
        try:
            yield
        finally:
            self._in_flight -= 1
            self._of_callers[caller] -= 1
            self._of_callers += Counter()  # nothing is kept of who has none

    async def _asked(self, request: Request) -> Asked:
        if request.method == "POST":
            return asked_of(await json_object(request, self._limits))
        if request.method == "GET":
            return replace(_from_address(request.query_params), safe=True)
        raise not_allowed("GET, POST")


def _name(request: Request, header: str) -> str | None:
    """A name a client gives something; BAD_REQUEST unless it has 1 to 64 printable ASCII characters."""
    name = request.headers.get(header)
    if name is not None and not (1 <= len(name) <= LONGEST_KEY and name.isascii() and name.isprintable()):
        raise _bad(
            f"{header} 须为 1 至 {LONGEST_KEY} 个可见 ASCII 字符。",
            f"{header} has 1 to {LONGEST_KEY} printable ASCII characters.",
        )
    return name


def _media(accept: str) -> str:
    """The better of the two media types the client accepts; 406 when it accepts neither."""
    wanted = weights(accept) or {"*/*": 1.0}
    anything = wanted.get("application/*", wanted.get("*/*", 0.0))
    modern, legacy = wanted.get(MODERN, anything), wanted.get(LEGACY, anything)
    if max(modern, legacy) <= 0:
        text = (f"可提供的格式：{MODERN}、{LEGACY}。", f"This endpoint can answer with {MODERN} or {LEGACY}.")
        raise Refused(Code.BAD_REQUEST, *text, status=406)
    return MODERN if modern > legacy or (MODERN in wanted and modern == legacy) else LEGACY


def _from_address(parameters: Mapping[str, str]) -> Asked:
    given: dict[str, Any] = {name: value for name, value in parameters.items() if value != "" or name == "query"}
    for name in ("variables", "extensions"):
        if name in given:
            try:
                given[name] = orjson.loads(given[name])
            except orjson.JSONDecodeError:
                raise _bad(f"{name} 不是有效的 JSON。", f"`{name}` is not valid JSON.") from None
    return asked_of(given)


def asked_of(given: Mapping[str, Any]) -> Asked:
    """What a request asks, its parts of the right types; BAD_REQUEST otherwise. An empty name is none."""
    text, document = document_of(given)
    name, variables = given.get("operationName"), given.get("variables")
    if name is not None and not isinstance(name, str):
        raise _bad("operationName 须为文本。", "`operationName` must be a text.")
    if variables is not None and not isinstance(variables, dict):
        raise _bad("variables 须为一个 JSON 对象。", "`variables` must be a JSON object.")
    return Asked(text, name or None, variables or {}, document=document)


def grant_of(text: object) -> UUID | None:
    """The grant a request is narrowed to, by its global id; BAD_REQUEST for what is no such id."""
    if text is None:
        return None
    grant = local_id(text, "gr") if isinstance(text, str) else None
    if grant is None:
        raise _bad("Jinlin-Grant 须为授权的全局标识。", "`Jinlin-Grant` must be the global id of a grant.")
    return grant


def _bad(zh: str, en: str) -> Refused:
    return Refused(Code.BAD_REQUEST, zh, en)
