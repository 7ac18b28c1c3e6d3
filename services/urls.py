"""The URL of a database. asyncpg reads it, for the service, the commands and the migrations alike; what it could not
read, would not heed or would take another way than libpq is refused here, before anything connects, and who signs in by
it is told.
"""

import getpass
import os
import re
import ssl
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

SCHEMES = ("postgresql", "postgres")
# Of what takes one of few words: the variable that counts where the URL is silent, and the words.
WORDS = {
    "sslmode": ("PGSSLMODE", ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")),
    "sslnegotiation": ("PGSSLNEGOTIATION", ("postgres", "direct")),
    "target_session_attrs": (
        "PGTARGETSESSIONATTRS",
        ("any", "primary", "standby", "read-write", "read-only", "prefer-standby"),
    ),
}
ASKING = ("require", "verify-ca", "verify-full")  # for TLS or nothing
AROUND = {"sslrootcert": "PGSSLROOTCERT", "sslcrl": "PGSSLCRL", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"}
FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl", "passfile")
# libpq's, as far as asyncpg heeds them. It would hand any other to the server, as a setting of the session.
PARAMETERS = frozenset(
    {
        *("host", "port", "dbname", "user", "password", *FILES),
        *("sslmode", "sslpassword", "sslnegotiation", "ssl_min_protocol_version", "ssl_max_protocol_version"),
        *("target_session_attrs", "application_name", "options"),
    }
)
UNPAIRED = re.compile("%(?![0-9A-Fa-f]{2})")
HOST = re.compile(r"(?:\[[^\[\]]+\]|[^\[\]:]+)(?::(?P<port>.*))?")


def check(url: str, environ: Mapping[str, str]) -> None:
    """ValueError, which says why and repeats no password, for what is no URL of a PostgreSQL database.

    Where the URL is silent, the environment counts, as in libpq.
    """
    _check_characters(url)
    try:
        parts = urlsplit(url)
    except ValueError:  # which may repeat the password
        raise ValueError("[ ] @ : / ? # -> %5B %5D %40 %3A %2F %3F %23") from None
    if parts.scheme not in SCHEMES:
        raise ValueError("postgresql://")
    before, _, hosts = parts.netloc.rpartition("@")
    # Of a password as it is typed: asyncpg would take what follows the first @ for a host, and not read beyond a #.
    if "@" in before:
        raise ValueError("@ -> %40")
    if "@" in parts.path + parts.query:
        raise ValueError("/ ? -> %2F %3F")
    if "#" in url:
        raise ValueError("# -> %23")
    given = _query(parts)
    _check_parameters(parts, given)
    _check_hosts("host", hosts or given.get("host") or environ.get("PGHOST", ""))
    for name, ports in (("port", given.get("port", "")), ("PGPORT", environ.get("PGPORT", ""))):
        for port in ports.split(",") if ports else ():
            _check_port(name, port)
    for name, (around, words) in WORDS.items():
        if given.get(name, environ.get(around, words[0])) not in words:
            raise ValueError(f"{name}: {', '.join(words)}")


def _check_characters(url: str) -> None:
    """What is not seen, urlsplit drops at the beginning and asyncpg keeps at the end; of an escape that is none, or of
    no character, asyncpg makes a guess. A blank between others is what it looks like: SQLAlchemy writes passwords so.
    """
    if url != url.strip(" "):
        raise ValueError("' '?")
    for each in url:
        if not each.isprintable():
            raise ValueError(f"{each!r} -> {quote(each, errors='surrogateescape')}")
    try:
        meant = unquote(url, errors="strict")
    except UnicodeDecodeError:  # which repeats what it could not read
        raise ValueError("%: UTF-8") from None
    if UNPAIRED.search(url):
        raise ValueError("% -> %25")
    if "\0" in meant:
        raise ValueError("%00")


def check_files(url: str) -> None:
    """ValueError for a file that whoever connects cannot use: the URL names it or, where TLS is asked for and the URL
    is silent, the environment does.
    """
    given = _query(urlsplit(url))
    mode = given.get("sslmode") or os.environ.get("PGSSLMODE")
    files = {name: (name, given[name]) for name in FILES if name in given}
    if mode in ASKING:
        for name, around in AROUND.items():
            if path := os.environ.get(around):
                files.setdefault(name, (around, path))
    for name, path in files.values():
        try:
            Path(path).open("rb").close()
        except OSError as error:
            raise ValueError(f"{name}={path}: {error.strerror}") from None
    if mode != "disable":
        _check_certificates(files, given.get("sslpassword", ""))


def _check_certificates(files: Mapping[str, tuple[str, str]], password: str) -> None:
    """ValueError for files that hold no certificates, or a key that is not the certificate's: waiting mends neither."""
    context, told = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), ""
    try:
        for name in ("sslrootcert", "sslcrl"):
            if name in files:
                told = "=".join(files[name])
                context.load_verify_locations(files[name][1])
        if "sslcert" in files:
            told = "=".join(files["sslcert"])
            usual = Path.home() / ".postgresql" / "postgresql.key"
            key = files["sslkey"][1] if "sslkey" in files else str(usual) if usual.exists() else None
            context.load_cert_chain(files["sslcert"][1], key, password)
    except ssl.SSLError as error:
        raise ValueError(f"{told}: {error.reason or error}") from None


def place(url: str) -> str:
    """Where a URL leads, to be told after the name of what holds it; nothing where it does not say."""
    parts = urlsplit(url)
    hosts = unquote(parts.netloc.rpartition("@")[2]) or _query(parts).get("host") or os.environ.get("PGHOST")
    return f" ({hosts})" if hosts else ""


def user(url: str) -> str:
    """The role a URL signs in as, as asyncpg and libpq find it."""
    parts = urlsplit(url)
    return _signing_in(parts)[0] or _query(parts).get("user") or os.environ.get("PGUSER") or getpass.getuser()


def password(url: str) -> str | None:
    """The password that stands in a URL."""
    parts = urlsplit(url)
    return _signing_in(parts)[1] or _query(parts).get("password")


def _signing_in(parts: SplitResult) -> tuple[str, str]:
    """User and password that stand before the host."""
    before = parts.netloc.rpartition("@")[0].partition(":")
    return unquote(before[0]), unquote(before[2])


def _query(parts: SplitResult) -> Mapping[str, str]:
    try:
        found = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:  # which repeats what it could not read
        raise ValueError("?name=value&name=value") from None
    for name in PARAMETERS & found.keys():  # of another name, which may be part of a password, nothing is repeated
        if len(found[name]) > 1:
            raise ValueError(f"{name}=…&{name}=…")
    return {name: values[-1] for name, values in found.items()}


def _check_parameters(parts: SplitResult, given: Mapping[str, str]) -> None:
    """Known, not empty (asyncpg would pass over them), and not said before already: libpq would take the last, asyncpg
    the first.
    """
    for name, value in given.items():
        if name not in PARAMETERS:
            cut = {"password", "sslpassword"} & given.keys()  # it may be what follows an & in one
            raise ValueError(f"{'& -> %26' if cut else f'{name}?'} {', '.join(sorted(PARAMETERS))}")
        if not value:
            raise ValueError(f"{name}=?")
    name, secret = _signing_in(parts)
    hosts = parts.netloc.rpartition("@")[2]
    said = {"user": name, "password": secret, "host": hosts, "port": hosts, "dbname": parts.path.removeprefix("/")}
    for each, before in said.items():
        if before and each in given:
            raise ValueError(f"{each}: //user:password@host:port/dbname or ?{each}=")


def _check_hosts(name: str, hosts: str) -> None:
    for host in hosts.split(",") if hosts else ():
        found = HOST.fullmatch(host)
        if host.startswith("/"):  # the folder of a socket
            continue
        if found is None:
            raise ValueError(f"{name}?")
        if found["port"] is not None:
            _check_port("port", unquote(found["port"]))


def _check_port(name: str, port: str) -> None:
    if not (port.isascii() and port.isdigit() and len(port) < 6 and 0 < int(port) < 65536):
        raise ValueError(f"{name}: 1-65535")
