"""Where people come in from a browser, by whichever way they ask: what it says of itself, and the cookies it is given.

The cookie is SameSite=Strict: nothing another site makes a browser send brings it along. Who comes back from an
identity provider is sent on to the page, whose own requests bring it.
"""

from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from policies.actor import is_session
from policies.sessions import Browser, Opened
from schema.pipeline.http.presented import COOKIE, cookies_of, same_site, two_credentials
from services.site import Site

DEVICE = "jinlin-device"  # what tells a browser that signed in before from a stranger's
REMEMBERED = 365 * 24 * 3600  # seconds
SameSite = Literal["lax", "strict"]


class Door:
    """What browsers bring to sign in, and what they are given to keep."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def visitor(self, request: Request) -> Browser:
        """Who wants to sign in. They need bring no cookie; but no other site's page shall sign them in as someone else.

        Refused FORBIDDEN for such a page, BAD_REQUEST for two credentials.
        """
        browser = self.browser(request)
        same_site(request.headers, self._site, safe=browser.session is None)
        return browser

    def browser(self, request: Request) -> Browser:
        """What a browser says of itself by its cookies and its address; BAD_REQUEST for two sessions."""
        sessions = cookies_of(request.headers, self._site.cookie(COOKIE))
        if len(sessions) + len(request.headers.getlist("authorization")) > 1:
            raise two_credentials()
        devices = cookies_of(request.headers, self._site.cookie(DEVICE))
        peer, forwarded = request.client.host if request.client else "", request.headers.getlist("x-forwarded-for")
        old = next((each for each in sessions if is_session(each)), None)
        return Browser(self._site.address(peer, forwarded), old, devices[0] if len(devices) == 1 else None)

    def keep(self, response: Response, opened: Opened) -> Response:
        """Have the browser keep a session."""
        if opened.device is not None:
            self.set(response, DEVICE, opened.device, REMEMBERED)
        return self.set(response, COOKIE, opened.session, int(self._site.lasting.total_seconds()))

    def forget(self, response: Response, name: str = COOKIE) -> Response:
        """Have it keep something no longer."""
        return self.set(response, name, "", 0)

    def set(self, response: Response, name: str, value: str, seconds: int, same_site: SameSite = "strict") -> Response:
        """Have it keep a value for so long, and send it to this host alone, below the service's path."""
        of_the_site = {
            "path": self._site.path("") or "/",
            "secure": self._site.secure,
            "httponly": True,
            "samesite": same_site,
        }
        response.set_cookie(self._site.cookie(name), value, seconds, **of_the_site)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "no-store"
        return response
