"""The URL of a database. asyncpg reads it, for the service, the commands and the migrations alike; what it could not
read is refused here, before anything connects, and who signs in by it is told."""

import getpass
import os
from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

SCHEMES = ("postgresql", "postgres")
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


def check(url: str) -> None:
    """ValueError, which says why and repeats no password, for what is no URL of a PostgreSQL database."""
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise ValueError("postgresql://")
    before, _, hosts = parts.netloc.rpartition("@")
    if "@" in before:
        raise ValueError("@ -> %40")  # in a password; asyncpg would take what follows the first for a host
    for host in hosts.split(",") if hosts else ():
        _check_host(host)
    given = _query(parts)
    for port in given.get("port", "5432").split(","):
        _check_port(port)
    if given.get("sslmode", "prefer") not in SSL_MODES:
        raise ValueError(f"sslmode: {', '.join(SSL_MODES)}")


def user(url: str) -> str:
    """The role a URL signs in as, as asyncpg and libpq find it."""
    parts = urlsplit(url)
    named = unquote(parts.netloc.partition("@")[0].partition(":")[0]) if "@" in parts.netloc else ""
    return named or _query(parts).get("user") or os.environ.get("PGUSER") or getpass.getuser()


def password(url: str) -> str | None:
    """The password that stands in a URL."""
    parts = urlsplit(url)
    given = unquote(parts.netloc.partition("@")[0].partition(":")[2]) if "@" in parts.netloc else ""
    return given or _query(parts).get("password")


def _query(parts: SplitResult) -> Mapping[str, str]:
    return {name: values[-1] for name, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}


def _check_host(host: str) -> None:
    name, _, port = host.rpartition("]")[2].partition(":")
    if not (name or host.startswith("[")):
        raise ValueError("host?")
    if port:
        _check_port(unquote(port))


def _check_port(port: str) -> None:
    if not (port.isascii() and port.isdigit() and len(port) < 6 and 0 < int(port) < 65536):
        raise ValueError("port: 1-65535")
