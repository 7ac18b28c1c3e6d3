"""Where browsers find the service, and how long their sessions last: the settings of signing in, and what follows.

`Site` knows its own origin. It is the one of JINLIN_PUBLIC_URL where there is one; otherwise plain HTTP at whatever
host the request names, because a cookie is sent to no other. Headers that a proxy would forward are not looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Site:
    """The service as browsers see it. `public` is an origin, "https://jinlin.example"; None serves whoever calls."""

    public: str | None = None
    lasting: timedelta = timedelta(hours=12)  # of a session, however busy
    idle: timedelta = timedelta(hours=2)  # after which an unused session ends
    address_header: str | None = None  # in which a proxy in front tells the client's address; it must overwrite it

    @property
    def secure(self) -> bool:
        """Whether browsers reach the service over TLS, and send its cookies nowhere else."""
        return self.public is not None and self.public.startswith("https:")

    def cookie(self, name: str) -> str:
        """A cookie's name; over TLS with the prefix that binds it to this very host."""
        return f"__Host-{name}" if self.secure else name

    def is_own(self, origin: str, host: str) -> bool:
        """Whether `origin` is this service's, asked for as `host`."""
        own = _parts(self.public or f"http://{host}")
        return own is not None and _parts(origin) == own

    def address(self, peer: str, headers: Mapping[str, str]) -> str:
        """Where a client is: its address, of IPv6 the network of 64 bits, which one client may hold all of."""
        told = headers.get(self.address_header, "") if self.address_header else ""
        for text in (told.strip(), peer):
            try:
                found = ip_address(text)
            except ValueError:
                continue
            return str(IPv6Address(int(found) >> 64 << 64)) if found.version == 6 else str(found)
        return ""


def _parts(origin: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an origin; None for what is not one."""
    try:
        found = urlsplit(origin)
        port = found.port
    except ValueError:
        return None
    rest = (found.path, found.query, found.fragment, found.username, found.password)
    if found.scheme not in PORTS or not found.hostname or any(rest):
        return None
    return found.scheme, found.hostname, port or PORTS[found.scheme]


def is_origin(text: str) -> bool:
    """Whether a text is an origin: scheme, host and perhaps a port, nothing more."""
    return _parts(text) is not None
