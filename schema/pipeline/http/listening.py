"""The socket that is served on: which address HOST and PORT mean, and how a client writes it."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address

from services.settings import SettingError, Settings

BACKLOG = 2048


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """The socket to serve on, taken before anything is started or promised; SettingError when it cannot be had."""
    try:
        family, address = _meant(settings.host, settings.port)
        both = family is socket.AF_INET6 and address[0] == "::" and socket.has_dualstack_ipv6()
        listener = socket.create_server(address, family=family, backlog=BACKLOG, dualstack_ipv6=both)
    except (OSError, UnicodeError) as error:  # the latter of a name that is none
        reason = _reason(error)
        raise SettingError(
            f"无法监听 {settings.host} 端口 {settings.port}（{reason}），可用 HOST、PORT 另选。\n"
            f"Cannot listen on {settings.host} port {settings.port} ({reason}); choose with HOST and PORT."
        ) from None
    with listener:
        yield listener


def origin(listener: socket.socket) -> str:
    """Where the service answers on this machine, as browsers write it; the loopback where it listens everywhere."""
    host, port = listener.getsockname()[:2]
    address = ip_address(host)
    if address.is_unspecified:
        return f"http://{'127.0.0.1' if address.version == 4 else '[::1]'}:{port}"
    return f"http://{host if address.version == 4 else '[' + host.replace('%', '%25') + ']'}:{port}"


def _meant(host: str, port: int) -> tuple[socket.AddressFamily, tuple[object, ...]]:
    """The one address of a host: of a name with several an IPv4 one, which every client on the machine can reach."""
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    found = socket.getaddrinfo(bare, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, _, _, _, address = min(found, key=lambda each: each[0] is not socket.AF_INET)
    return family, address


def _reason(error: OSError | UnicodeError) -> str:
    if isinstance(error, UnicodeError):
        return "no host name"
    if isinstance(error, socket.gaierror) or not error.errno:
        return error.strerror or type(error).__name__
    return os.strerror(error.errno)
