"""Pages of other origins, where the installation names some: they may ask, with a token, and nothing else.

A cookie is none of theirs. Browsers are not allowed to send one along (no Allow-Credentials), it is SameSite=Strict,
and one that came all the same with a foreign Origin is refused, see `presented`.
"""

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

METHODS = ("GET", "POST")
SENT = ("Authorization", "Content-Type", "Idempotency-Key", "Jinlin-Grant", "X-Request-Id")
READ = ("Allow", "Retry-After", "WWW-Authenticate")
REMEMBERED = 600  # seconds for which browsers need not ask again


class Origins(CORSMiddleware):
    """Starlette's, answering 204 to what a browser asks ahead for a page it allows; to any other as if it were not."""

    def __init__(self, app: ASGIApp, allowed: frozenset[str]) -> None:
        super().__init__(app, tuple(allowed), METHODS, SENT, expose_headers=READ, max_age=REMEMBERED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is asked ahead, or let the answer say who may read it."""
        headers = Headers(scope=scope)
        if scope["method"] == "OPTIONS" and {"origin", "access-control-request-method"} <= set(headers):
            said = self.preflight_response(headers)
            if said.status_code == 200:
                kept = {name: value for name, value in said.headers.items() if not name.startswith("content-")}
                await Response(status_code=204, headers=kept)(scope, receive, send)
                return
        await self.simple_response(scope, receive, send, request_headers=headers)
