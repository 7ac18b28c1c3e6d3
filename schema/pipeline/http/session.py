"""Signing in and out over HTTP: POST, DELETE and GET /session, and one's own password: PUT /session/password.

Errors have the same shape as those of /graphql. The cookies are `door`'s.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from policies.actor import Authenticator, is_session, unauthenticated
from policies.own_password import OwnPassword
from policies.sessions import Sessions
from schema.kit.faults import language
from schema.pipeline.http.bodies import JSON, json_object
from schema.pipeline.http.door import Door
from schema.pipeline.http.endpoint import Reply
from schema.pipeline.http.presented import COOKIE, cookies_of, presented, same_site
from schema.pipeline.run.asked import not_allowed
from services.errors import Code, Refused, stopping
from services.settings import Limits
from services.site import Site

if TYPE_CHECKING:  # loaded where a provider is configured, and nowhere else: it takes 20 MiB
    from policies.federation import Federation

NO_STORE = {"Cache-Control": "no-store"}
FLOW = "jinlin-oidc"  # a sign-in that is under way at a provider
PATH, START, CALLBACK = "/session", "/session/oidc", "/session/oidc/callback"
PASSWORD = "/session/password"  # noqa: S105
Answering = Callable[[Request], Awaitable[Response]]
LOG = logging.getLogger("jinlin")


class Session:
    """The ASGI application of /session and what is below it."""

    def __init__(
        self,
        door: Door,
        sessions: Sessions,
        own_password: OwnPassword,
        federation: "Federation | None",
        authenticator: Authenticator,
        limits: Limits,
        site: Site,
    ) -> None:
        self._door = door
        self._sessions = sessions
        self._own_password = own_password
        self._federation = federation
        self._authenticator = authenticator
        self._limits = limits
        self._site = site
        self._offered: dict[str, dict[str, Answering]] = {
            PATH: {"POST": self._sign_in, "DELETE": self._sign_out, "GET": self._who},
            PASSWORD: {"PUT": self._change_password},
            START: {"GET": self._start},
            CALLBACK: {"GET": self._finish},
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        reply = Reply(JSON, language(request.headers.get("accept-language", "")), graphql=False)
        try:
            response = await self._answering(scope["path"], request.method)(request)
        except ClientDisconnect:
            return
        except asyncio.CancelledError:  # by the server, when the grace is over
            response = reply.errors(stopping())
        except Exception as error:
            response = reply.errors(error)
            if response.status_code == Code.INTERNAL_SERVER_ERROR.status:
                LOG.exception("a request failed")
        await response(scope, receive, send)

    def _answering(self, path: str, method: str) -> Answering:
        offered = self._offered[path]
        if method not in offered:
            raise not_allowed(", ".join(offered))
        return offered[method]

    async def _sign_in(self, request: Request) -> Response:
        visitor = self._door.visitor(request)
        login, password = await self._texts(request, "login", "password")
        return self._door.keep(Response(status_code=204), await self._sessions.sign_in(login, password, visitor))

    async def _sign_out(self, request: Request) -> Response:
        session = presented(request.headers, self._site, safe=False)
        said = request.query_params.getlist("everywhere")
        if said not in ([], ["true"], ["false"]):  # who means all of them shall not believe it of one
            raise _bad("everywhere 须为 true 或 false。", "`everywhere` must be true or false.")
        await (self._sessions.sign_out_everywhere if said == ["true"] else self._sessions.sign_out)(session)
        return self._door.forget(Response(status_code=204), COOKIE)

    async def _change_password(self, request: Request) -> Response:
        """By a session only: a program has no password."""
        session = presented(request.headers, self._site, safe=False)
        if not is_session(session):
            raise unauthenticated()
        current, new = await self._texts(request, "current", "new")
        await self._own_password.change(session, current, new, self._door.browser(request))
        return Response(status_code=204, headers=NO_STORE)

    async def _texts(self, request: Request, *names: str) -> list[str]:
        """The fields of a body that has these and no others, all of them texts; BAD_REQUEST for any other."""
        given = await json_object(request, self._limits, self._limits.stranger_bytes)
        texts = [text for name in names if isinstance(text := given.get(name), str)]
        if len(given) != len(names) or len(texts) != len(names):
            wanted = f"{{{', '.join(names)}}}"
            raise _bad(f"请求体须为 {wanted}，均为文本。", f"The body must be {wanted}, all texts.")
        return texts

    async def _who(self, request: Request) -> Response:
        credential = await self._signed_in(request)
        signed_in = credential is not None
        temporary = credential is not None and await self._sessions.must_change_password(credential)
        providers = [{"name": self._federation.name, "start": self._site.path(START)}] if self._federation else []
        # Sets no cookie: it may arrive after the answer to a sign-in, and would take that session's away.
        return JSONResponse(
            {"signedIn": signed_in, "mustChangePassword": temporary, "providers": providers}, headers=NO_STORE
        )

    async def _signed_in(self, request: Request) -> str | None:
        """The credential's id where the cookie is that of a session that stands; a token is not looked at."""
        if not cookies_of(request.headers, self._site.cookie(COOKIE)):
            return None
        try:
            actor = await self._authenticator.reload(presented(request.headers, self._site, safe=True))
        except Refused as refused:
            if refused.code is Code.UNAUTHENTICATED:
                return None
            raise
        return actor.credential_id

    # --- at an identity provider ---

    async def _start(self, request: Request) -> Response:
        """Send the browser to the provider. An old session ends here: on the way back its cookie stays at home."""
        federation, browser = self._provider(), self._door.browser(request)
        same_site(request.headers, self._site, safe=True)
        address, flow = await federation.start()
        if browser.session is not None:
            await self._sessions.sign_out(browser.session)
        response = RedirectResponse(address, 303, NO_STORE)
        # Lax: it must come along when the provider sends the browser back.
        return self._door.set(self._door.forget(response, COOKIE), FLOW, flow, federation.patience, "lax")

    async def _finish(self, request: Request) -> Response:
        federation, browser = self._provider(), self._door.browser(request)
        flows = cookies_of(request.headers, self._site.cookie(FLOW))
        opened = await federation.finish(flows[0] if len(flows) == 1 else "", request.query_params, browser)
        return self._door.forget(self._door.keep(RedirectResponse(self._site.path("/graphql"), 303), opened), FLOW)

    def _provider(self) -> "Federation":
        if self._federation is None:
            raise Refused(Code.NOT_FOUND, "未配置身份提供方。", "No identity provider is configured.")
        return self._federation


def _bad(zh: str, en: str) -> Refused:
    return Refused(Code.BAD_REQUEST, zh, en)
