"""What can be set from outside, read from the environment once, at the start of a command."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


class SettingError(ValueError):
    """An environment variable holds something it cannot mean; the message names it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one request, so that none can cost the others much. Each is JINLIN_ and its name in capitals."""

    header_bytes: int = 64 * 1024  # of a request, its first line included
    body_bytes: int = 1024 * 1024
    characters: int = 50_000  # of a document; it is kept in memory
    tokens: int = 2000
    depth: int = 15
    aliases: int = 30
    directives: int = 20
    objects: int = 150  # fields with selections of their own, fragments expanded: each is a part of the statement
    operations: int = 5
    variables: int = 100
    repeats: int = 30  # of one response key in a selection set: validation compares them in pairs
    cost: int = 200_000  # rows an operation may make, see schema/pipeline/limits.py
    response_bytes: int = 10 * 1024 * 1024
    statement_ms: int = 10_000
    deadline_ms: int = 10_000  # for a request's header and body to arrive
    message_bytes: int = 256 * 1024  # one WebSocket message
    init_ms: int = 5_000  # from WebSocket handshake to connection_init
    socket_operations: int = 20  # running at once on one WebSocket
    in_flight: int = 256  # requests at work at once in one process
    share: int = 6  # statements of one credential at work at once, so that one caller leaves some to the others
    connections: int = 8  # to PostgreSQL, from one process


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are, and the limits. `home` holds the embedded server's data and nothing else of value."""

    home: Path
    database_url: str | None
    migrate_database_url: str | None
    host: str
    port: int
    limits: Limits

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Settings":
        """From JINLIN_HOME, DATABASE_URL, MIGRATE_DATABASE_URL, HOST, PORT and JINLIN_<LIMIT>; or SettingError."""
        url = _postgres(environ, "DATABASE_URL")
        return cls(
            home=Path(environ.get("JINLIN_HOME") or PROJECT / "var").resolve(),
            database_url=url,
            migrate_database_url=_postgres(environ, "MIGRATE_DATABASE_URL") or url,
            host=environ.get("HOST") or "127.0.0.1",
            port=_number(environ, "PORT", 8000, at_least=0, at_most=65535),
            limits=Limits(
                **{f.name: _number(environ, f"JINLIN_{f.name.upper()}", f.default, at_least=1) for f in fields(Limits)}
            ),
        )


def _number(environ: Mapping[str, str], name: str, default: object, *, at_least: int, at_most: int = 2**31 - 1) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 12 and at_least <= int(text) <= at_most):
        raise SettingError(
            f"{name} 须为 {at_least} 至 {at_most} 的整数，而不是 {text!r}。\n"
            f"{name} must be a whole number from {at_least} to {at_most}, not {text!r}."
        )
    return int(text)


def _postgres(environ: Mapping[str, str], name: str) -> str | None:
    url = environ.get(name) or None
    if url is not None and not url.startswith(("postgresql://", "postgres://")):
        raise SettingError(f"{name} 须以 postgresql:// 开头。\n{name} must begin with postgresql://.")
    return url
