"""What can be set from outside, read from the environment once, at the start of a command.

Long because whatever can be set is read in one place, with what is said of what it cannot be.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path

from services import urls
from services.site import Network, Site, networks, origin_of, public_of

PROJECT = Path(__file__).resolve().parent.parent
MOST_WORKERS = 64


AT_LEAST = "at least"
SMALLEST_CELL, LEAST_CELL = 10, 3


class SettingError(ValueError):
    """An environment variable holds something it cannot mean; the message names it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one request, so that none can cost the others much. Each is JINLIN_ and its name in capitals."""

    header_bytes: int = 64 * 1024  # of a request, its first line included
    body_bytes: int = 1024 * 1024
    stranger_bytes: int = 4096  # of a body without a credential, or to sign in
    characters: int = 50_000  # of a document; it is kept in memory
    tokens: int = 2000
    depth: int = 15
    aliases: int = 30
    directives: int = 20
    objects: int = 150  # fields with selections of their own, fragments expanded: each is a part of the statement
    operations: int = 5
    variables: int = 100
    repeats: int = 30  # of one response key in a selection set: validation compares them in pairs
    cost: int = 200_000  # rows an operation may make, see schema/pipeline/document/limits.py
    response_bytes: int = 10 * 1024 * 1024
    statement_ms: int = 10_000
    deadline_ms: int = 10_000  # for a request's header and body to arrive
    taking_ms: int = 30_000  # for a client to take what it is sent
    message_bytes: int = 256 * 1024  # one WebSocket message
    init_ms: int = 5_000  # from WebSocket handshake to connection_init
    socket_operations: int = 20  # running at once on one WebSocket
    slow_ms: int = 10_000  # a client may leave what a subscription sent unread
    grace_ms: int = 5_000  # for what is under way when the service is to stop
    in_flight: int = 256  # requests at work at once in one process
    share: int = 6  # of one credential at work at once, until their answers are taken; some are left to the others
    budget: int | None = None  # rows of cost a minute of each account that has none of its own
    connections: int = 8  # to PostgreSQL, from one process
    # What may be counted and not read is told from so many rows on, in multiples of it.
    smallest_cell: int = field(default=SMALLEST_CELL, metadata={AT_LEAST: LEAST_CELL})

    @property
    def writing(self) -> int:
        """Connections for commands, beside those."""
        return max(2, self.connections // 2)

    @property
    def sessions(self) -> int:
        """All sessions of one process: reading, on record or not, writing, keeping account, listening and watching."""
        return self.connections + 2 * self.writing + 4


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """An OpenID Connect provider people sign in through. `groups` is the claim that `mapping` is about."""

    name: str
    discovery: str
    client_id: str
    client_secret: str | None
    scopes: str
    groups: str
    mapping: Path


# Days for which sign-ins and reads of contact data stay on record whatever is set: the half year that the Cybersecurity
# Law asks of logs. What was dropped sooner, `audit verify` reports.
LEAST_KEPT = 180
LEAST_TEXTS = 365  # texts of reports and visits, reasons of corrections: a year's work is looked at when it is over


@dataclass(frozen=True, slots=True)
class Keep:
    """For how many days some things are kept, None for ever: JINLIN_KEEP_ and its name in capitals.

    See `services.audit.retention` and `services.audit.expiry`.
    """

    contact_reads: int = field(default=1095, metadata={AT_LEAST: LEAST_KEPT})
    sign_ins: int = field(default=180, metadata={AT_LEAST: LEAST_KEPT})
    credentials: int = 365  # after they ended
    idempotency_keys: int = 30
    resident_reports: int | None = field(default=None, metadata={AT_LEAST: LEAST_TEXTS})  # after they were settled
    instructor_visits: int | None = field(default=None, metadata={AT_LEAST: LEAST_TEXTS})
    correction_reasons: int | None = field(default=None, metadata={AT_LEAST: LEAST_TEXTS})
    home_visits: int | None = field(default=None, metadata={AT_LEAST: LEAST_TEXTS})


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are, and the limits. `home` holds the embedded server's data and nothing else of value."""

    home: Path
    database_url: str | None
    migrate_database_url: str | None
    host: str
    port: int
    workers: int
    limits: Limits
    keep: Keep
    site: Site
    provider: ProviderSettings | None
    naming: bool = True  # whether requests may name a stored document
    heads: Path | None = None  # where the heads of the audit trail are kept as well
    alone: bool = True  # whether a token stands at once that was issued by who may approve it

    @classmethod
    def read(cls, environ: Mapping[str, str], workers: str | None = None) -> "Settings":
        """From JINLIN_HOME, *DATABASE_URL, HOST, PORT, WORKERS, JINLIN_<LIMIT>, JINLIN_KEEP_<WHAT> and the site's.

        `workers` is what the command line says in place of WORKERS. SettingError for what cannot be. Of the site and
        its identity provider: see README, "Signing in".
        """
        url = _postgres(environ, "DATABASE_URL")
        return cls(
            home=Path(environ.get("JINLIN_HOME") or PROJECT / "var").resolve(),
            database_url=url,
            migrate_database_url=_postgres(environ, "MIGRATE_DATABASE_URL") or url,
            host=environ.get("HOST") or "127.0.0.1",
            port=_number(environ, "PORT", 8000, at_least=0, at_most=65535),
            workers=_number(environ, "WORKERS", 1, at_least=1, at_most=MOST_WORKERS)
            if workers is None
            else _whole("--workers", workers, at_least=1, at_most=MOST_WORKERS),
            limits=Limits(**_numbers(environ, "JINLIN_", Limits)),
            keep=Keep(**_numbers(environ, "JINLIN_KEEP_", Keep)),
            site=_site(environ),
            provider=_provider(environ),
            naming=_one_of(environ, "JINLIN_STORED_OPERATIONS", "on", "off") == "on",
            heads=Path(kept).resolve() if (kept := environ.get("JINLIN_AUDIT_HEADS")) else None,
            alone=_one_of(environ, "JINLIN_TOKENS_APPROVED", "below", "always") == "below",
        )


def _numbers(environ: Mapping[str, str], prefix: str, of: type[Limits | Keep]) -> dict[str, int]:
    """What is not set keeps its default, which may be none."""
    named = {f"{prefix}{f.name.upper()}": f for f in fields(of)}
    given = {name: f for name, f in named.items() if environ.get(name)}
    return {
        f.name: _number(environ, name, f.default, at_least=f.metadata.get(AT_LEAST, 1)) for name, f in given.items()
    }


def _number(environ: Mapping[str, str], name: str, default: object, *, at_least: int, at_most: int = 2**31 - 1) -> int:
    return _whole(name, environ.get(name) or str(default), at_least=at_least, at_most=at_most)


def _whole(name: str, text: str, *, at_least: int, at_most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 12 and at_least <= int(text) <= at_most):
        raise SettingError(
            f"{name} 须为 {at_least} 至 {at_most} 的整数，而不是 {text!r}。\n"
            f"{name} must be a whole number from {at_least} to {at_most}, not {text!r}."
        )
    return int(text)


def _postgres(environ: Mapping[str, str], name: str) -> str | None:
    url = environ.get(name) or None
    if url is not None:
        try:
            urls.check(url, environ)
        except ValueError as error:
            raise SettingError(
                f"{name} 须形如 postgresql://用户:密码@主机/库（{error}）。\n"
                f"{name} must look like postgresql://user:password@host/database ({error})."
            ) from None
    return url


def readable(name: str, url: str) -> str:
    """The URL a variable holds, before it is used; SettingError where a file it names cannot be read."""
    try:
        urls.check_files(url)
    except ValueError as error:
        raise SettingError(
            f"{name} 所指的文件无法使用：{error}\n{name} names a file that cannot be used: {error}"
        ) from None
    return url


def _site(environ: Mapping[str, str]) -> Site:
    lasting = _number(environ, "JINLIN_SESSION_SECONDS", 12 * 3600, at_least=1)
    idle = _number(environ, "JINLIN_IDLE_SECONDS", 2 * 3600, at_least=1)
    public, prefix = _public(environ)
    seconds = timedelta(seconds=lasting), timedelta(seconds=idle)
    return Site(public, *seconds, _proxies(environ), _others(environ), prefix)


def _public(environ: Mapping[str, str]) -> tuple[str | None, str]:
    text = environ.get("PUBLIC_URL")
    if not text:
        return None, ""
    found = public_of(text)
    if found is None:
        raise SettingError(
            f"PUBLIC_URL 须形如 https://jinlin.example 或 https://county.example/jinlin，而不是 {text!r}。\n"
            f"PUBLIC_URL must look like https://jinlin.example or https://county.example/jinlin, not {text!r}."
        )
    return found


def _proxies(environ: Mapping[str, str]) -> tuple[Network, ...]:
    text = environ.get("TRUSTED_PROXIES") or ""
    try:
        return networks(each.strip() for each in text.split(",")) if text else ()
    except ValueError as wrong:
        raise SettingError(
            f"TRUSTED_PROXIES 须为以逗号分隔的地址或网段（10.0.0.1, fd00::/8），且非所有地址：不能是 {str(wrong)!r}。\n"
            "TRUSTED_PROXIES must be addresses and networks with commas between them (10.0.0.1, fd00::/8), "
            f"and not all there are; {str(wrong)!r} cannot be."
        ) from None


def _others(environ: Mapping[str, str]) -> frozenset[str]:
    others: set[str] = set()
    for each in filter(None, (environ.get("JINLIN_ALLOWED_ORIGINS") or "").split(",")):
        origin = origin_of(each.strip())
        if origin is None:
            raise SettingError(
                "JINLIN_ALLOWED_ORIGINS 须为以逗号分隔的来源（https://front.example, https://b.example:8443），"
                f"不能是 {each.strip()!r}。\n"
                "JINLIN_ALLOWED_ORIGINS must be origins with commas between them (https://front.example, "
                f"https://b.example:8443); {each.strip()!r} cannot be."
            )
        others.add(origin)
    return frozenset(others)


def _provider(environ: Mapping[str, str]) -> ProviderSettings | None:
    discovery = environ.get("JINLIN_OIDC_DISCOVERY")
    if not discovery:
        return None
    wanted = ("PUBLIC_URL", "JINLIN_OIDC_CLIENT_ID", "JINLIN_OIDC_MAPPING")
    missing = [name for name in wanted if not environ.get(name)]
    if missing:
        names = ", ".join(missing)
        raise SettingError(f"JINLIN_OIDC_DISCOVERY 还需要 {names}。\nJINLIN_OIDC_DISCOVERY needs {names} as well.")
    secret = environ.get("JINLIN_OIDC_SECRET_FILE")
    return ProviderSettings(
        name=environ.get("JINLIN_OIDC_NAME") or "OpenID Connect",
        discovery=discovery,
        client_id=environ["JINLIN_OIDC_CLIENT_ID"],
        client_secret=_file(secret, "JINLIN_OIDC_SECRET_FILE") if secret else None,
        scopes=environ.get("JINLIN_OIDC_SCOPES") or "openid profile",
        groups=environ.get("JINLIN_OIDC_GROUPS") or "groups",
        mapping=Path(environ["JINLIN_OIDC_MAPPING"]),
    )


def _one_of(environ: Mapping[str, str], name: str, default: str, other: str) -> str:
    said = environ.get(name) or default
    if said not in (default, other):
        raise SettingError(
            f"{name} 须为 {default} 或 {other}，而不是 {said!r}。\n{name} must be {default} or {other}, not {said!r}."
        )
    return said


def _file(path: str, name: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{name} 无法读取：{error}\n{name} cannot be read: {error}") from None
