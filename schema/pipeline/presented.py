"""The credential a request presents: a token in its Authorization header or a session in its cookie, never two.

A browser sends a cookie with whatever any page makes it send. So a cookie counts only where the request cannot be
another site's: browsers say where a request comes from, in Sec-Fetch-Site and in Origin, and pages cannot forge either.
"""

from starlette.datastructures import Headers

from policies.actor import bearer, session
from services.errors import Code, Refused
from services.site import Site

COOKIE = "jinlin"


def presented(headers: Headers, site: Site, *, safe: bool, given: object = None) -> str:
    """The token or session of a request; `safe` where it can only read, `given` what `connection_init` brings.

    Raises Refused BAD_REQUEST for two credentials, FORBIDDEN for a cookie that another site may have sent,
    UNAUTHENTICATED for none at all and for what is no credential of its kind.
    """
    said = headers.getlist("authorization")
    if given is not None:
        said.append(given if isinstance(given, str) else "")
    cookies = cookies_of(headers, site.cookie(COOKIE))
    if len(said) + len(cookies) > 1:
        raise two_credentials()
    if not cookies:
        return bearer(said[0] if said else None)
    same_site(headers, site, safe=safe)
    return session(cookies[0])


def cookies_of(headers: Headers, name: str) -> list[str]:
    """Every value that a request's cookies have under a name."""
    pairs = (pair.partition("=") for line in headers.getlist("cookie") for pair in line.split(";"))
    return [value.strip() for found, _, value in pairs if found.strip() == name]


def same_site(headers: Headers, site: Site, *, safe: bool) -> None:
    """FORBIDDEN where a request may be another site's: it says so, or says nothing and does more than read.

    What a person opened by themselves (Sec-Fetch-Site: none) may only read.
    """
    fetched, origins = headers.get("sec-fetch-site"), headers.getlist("origin")
    told = fetched is not None or bool(origins)
    known = fetched in (None, "same-origin", "none" if safe else None)
    host = headers.get("host", "")
    if not (known and all(site.is_own(origin, host) for origin in origins) and (told or safe)):
        raise Refused(
            Code.FORBIDDEN,
            "请求可能来自其他网站：Origin 与本服务地址（PUBLIC_URL）不符，或缺失。",
            "The request may be another site's: its Origin is not this service's (PUBLIC_URL), or is missing.",
        )


def two_credentials() -> Refused:
    """A request says twice who is asking."""
    return Refused(Code.BAD_REQUEST, "请求带有多个凭证。", "The request carries more than one credential.")
