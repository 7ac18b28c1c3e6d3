"""Where browsers find the service, and how long their sessions last: the settings of signing in, and what follows.

`Site` knows its own origin. It is the one of PUBLIC_URL where there is one; otherwise plain HTTP at whatever host the
request names, because a cookie is sent to no other. PUBLIC_URL alone says below which path it lies. Of the
headers that proxies forward only X-Forwarded-For is looked at, and only what proxies of TRUSTED_PROXIES wrote into it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[a-z0-9._:-]+")
PREFIX = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")
OWN = frozenset({"graphql", "session", "assets", "health", "ready"})  # what the service's own paths begin with
WITH_PORT = re.compile(r"\[([^\]]*)\](?::[0-9]+)?|([0-9.]+):[0-9]+")  # as some proxies write addresses

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Site:
    """The service as browsers see it. `public` is an origin, "https://jinlin.example"; None serves whoever calls."""

    public: str | None = None
    lasting: timedelta = timedelta(hours=12)  # of a session, however busy
    idle: timedelta = timedelta(hours=2)  # after which an unused session ends
    proxies: tuple[Network, ...] = ()  # whose word on a client's address counts
    others: frozenset[str] = frozenset()  # origins whose pages may ask with a token
    prefix: str = ""  # the path of PUBLIC_URL, "/jinlin", below which everything lies for browsers

    @property
    def secure(self) -> bool:
        """Whether browsers reach the service over TLS, and send its cookies nowhere else."""
        return self.public is not None and self.public.startswith("https:")

    def cookie(self, name: str) -> str:
        """A cookie's name; over TLS with the prefix that binds it to this very host, which has to be all of it."""
        if not self.secure:
            return name
        return f"__Secure-{name}" if self.prefix else f"__Host-{name}"

    def path(self, path: str) -> str:
        """Where browsers find a path of the service's."""
        return f"{self.prefix}{path}"

    def below(self, path: str) -> str:
        """The service's own path that is asked for, whether or not a proxy has taken the prefix away."""
        return path[len(self.prefix) :] or "/" if f"{path}/".startswith(f"{self.prefix}/") else path

    def is_own(self, origin: str, host: str) -> bool:
        """Whether `origin` is this service's, asked for as `host`."""
        own = _parts(self.public or f"http://{host}")
        return own is not None and _parts(origin) == own

    def address(self, peer: str, forwarded: Sequence[str] = ()) -> str:
        """Where a client is: its address, of IPv6 the network of 64 bits, which one client may hold all of.

        `forwarded` are the lines of X-Forwarded-For. Each proxy adds whom it heard from at its right end; so it is read
        from there, as long as the one who wrote was a proxy of ours. What stands further left anyone may have written.
        """
        found = _address(peer)
        for told in _from_the_right(forwarded):
            if found is None or not self._is_proxy(found):
                break
            said = _address(told)
            if said is None:  # a proxy of ours that does not say: all behind it are one
                break
            found = said
        return "" if found is None else _counted(found)

    def _is_proxy(self, address: Address) -> bool:
        return any(address in network for network in self.proxies)


def _from_the_right(lines: Sequence[str]) -> Iterator[str]:
    for line in reversed(lines):
        yield from reversed(line.split(","))


def _address(text: str) -> Address | None:
    """The address in a text, also of one with a port; an IPv4 address however it is written."""
    text = text.strip()
    if (with_port := WITH_PORT.fullmatch(text)) is not None:
        text = with_port[1] or with_port[2] or ""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _counted(address: Address) -> str:
    return str(IPv6Address(int(address) >> 64 << 64)) if isinstance(address, IPv6Address) else str(address)


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Addresses and networks; ValueError, naming it, for a text that is neither, or that would be everyone."""
    return tuple(map(_network, texts))


def _network(text: str) -> Network:
    try:
        found = ip_network(text)
    except ValueError:
        raise ValueError(text) from None
    if found.prefixlen == 0 or getattr(found.network_address, "ipv4_mapped", None) is not None:
        raise ValueError(text)
    return found


def _parts(origin: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an origin; None for what is not one."""
    try:
        found = urlsplit(origin)
        port = found.port
    except ValueError:
        return None
    rest = (found.path, found.query, found.fragment, found.username, found.password)
    if found.scheme not in PORTS or not HOST.fullmatch(found.hostname or "") or any(rest):
        return None
    return found.scheme, found.hostname or "", port or PORTS[found.scheme]


def public_of(text: str) -> tuple[str, str] | None:
    """Origin and path of a service's address; None for what is more, or a path like the service's own."""
    scheme, _, rest = text.removesuffix("/").partition("://")
    host, slash, path = rest.partition("/")
    origin, prefix = origin_of(f"{scheme}://{host}"), f"{slash}{path}"
    if origin is None or (prefix and not PREFIX.fullmatch(prefix)) or path.partition("/")[0] in OWN:
        return None
    return origin, prefix


def origin_of(text: str) -> str | None:
    """An origin as browsers write it; None for what is more than scheme, host and perhaps a port, or less."""
    parts = _parts(text.removesuffix("/"))
    if parts is None:
        return None
    scheme, host, port = parts
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}" if port == PORTS[scheme] else f"{scheme}://{host}:{port}"
