"""The credential a request presents: a token in its Authorization header or a session in its cookie, never two.

A browser sends a cookie with whatever any page makes it send. So a cookie counts only where the request cannot be
another site's: browsers say where a request comes from, in Sec-Fetch-Site and in Origin, and pages cannot forge either.
"""

from collections.abc import Mapping

from starlette.datastructures import Headers

from policies.actor import bearer, session
from services.errors import Code, Refused
from services.site import Site

COOKIE = "jinlin"


def presented(headers: Headers, site: Site, *, safe: bool) -> str:
    """The token or session of a request; `safe` where it can only read.

    Raises Refused BAD_REQUEST for two credentials, FORBIDDEN for a cookie that another site may have sent,
    UNAUTHENTICATED for none at all and for what is no credential of its kind.
    """
    said = headers.getlist("authorization")
    cookies = cookies_of(headers, site.cookie(COOKIE))
    if len(said) + len(cookies) > 1:
        raise two_credentials()
    if not cookies:
        return bearer(said[0] if said else None)
    same_site(headers, site, safe=safe)
    return session(cookies[0])


def is_strangers(headers: Headers, site: Site) -> bool:
    """Whether a request brings no credential at all, not even one that is none."""
    return "authorization" not in headers and not cookies_of(headers, site.cookie(COOKIE))


def presented_by(method: str, headers: Headers, site: Site) -> str:
    """The same of an operation over HTTP. A cookie counts by POST alone: an address is followed, embedded and fetched
    ahead by whoever finds it; nothing of that shall ask in someone's name.
    """
    if method != "POST" and "authorization" not in headers and cookies_of(headers, site.cookie(COOKIE)):
        raise Refused(
            Code.FORBIDDEN,
            "会话 Cookie 只用于 POST；其他方法请使用令牌。",
            "A session's cookie counts by POST only; use a token for other methods.",
        )
    return presented(headers, site, safe=False)


def presented_on_socket(headers: Headers, site: Site, given: Mapping[str, object]) -> str:
    """The same of a socket, where `given` is the payload of its `connection_init`.

    A token there goes before the cookie, which browsers send along with every handshake, like it or not. The cookie
    counts only where the handshake states an origin, and it is this service's.
    """
    said = named(given, "authorization")
    if said:
        if "authorization" in headers:
            raise two_credentials()
        return bearer(said[0] if isinstance(said[0], str) else None)
    found = presented(headers, site, safe=False)
    if "authorization" not in headers and "origin" not in headers:
        raise elsewhere()
    return found


def named(given: Mapping[str, object], name: str) -> list[object]:
    """The value under a name, however it is spelt, as that of a header; BAD_REQUEST for two spellings at once."""
    found = [value for key, value in given.items() if key.lower() == name]
    if len(found) > 1:
        raise two_credentials() if name == "authorization" else twice(name)
    return found


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
        raise elsewhere()


def elsewhere() -> Refused:
    """A cookie came along that any page could have sent."""
    return Refused(
        Code.FORBIDDEN,
        "请求可能来自其他网站：Origin 与本服务地址（PUBLIC_URL）不符，或缺失。",
        "The request may be another site's: its Origin is not this service's (PUBLIC_URL), or is missing.",
    )


def twice(name: str) -> Refused:
    """A name is there in two spellings."""
    return Refused(Code.BAD_REQUEST, f"{name} 重复出现。", f"`{name}` is there more than once.")


def two_credentials() -> Refused:
    """A request says twice who is asking."""
    return Refused(Code.BAD_REQUEST, "请求带有多个凭证。", "The request carries more than one credential.")
