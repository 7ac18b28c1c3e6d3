"""The command line. What is served is put together in `schema.pipeline.http.application`; no logic of its own.

What takes a while to load is loaded by the commands that use it: the schema, what serves it, and the migrations.
"""

import argparse
import asyncio
import getpass
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import BinaryIO

import asyncpg
from tqdm import tqdm

from policies import decide
from policies.actor import SEATS, Actor, anyone
from policies.demo_people import demo_people
from policies.demo_tokens import demo_tokens
from policies.people import register, renew
from policies.tokens import Seat, check_terms, issue, read_documents
from services import demo
from services.access.credentials import Terms
from services.access.passwords import folded, made_up
from services.audit import persons, trail
from services.audit.retention import retain
from services.errors import Problem, Refused, Rejected
from services.organization.collisions import colliding
from services.organization.loading import loading
from services.organization.loading.divisions import DivisionsError
from services.roles import admit, apart, guarded, prepare
from services.settings import PROJECT, SettingError, Settings, readable
from services.storage.database import LOST, MigrationError, Reader, connected
from services.storage.embedded.server import EmbeddedError, EmbeddedPostgres
from services.storage.transaction import Transaction
from services.terminal import imported, issued
from services.terminal.command_line import Run, parse

SDL = PROJECT / "schema.graphql"
UNREACHABLE: tuple[type[BaseException], ...] = (*LOST, asyncpg.PostgresError)


@contextmanager
def database(
    settings: Settings, *, owner: bool = False, lasting: bool = False, as_it_is: bool = False
) -> Iterator[str]:
    """The database's URL: DATABASE_URL (with `owner`, MIGRATE_DATABASE_URL), or an embedded server while it runs.

    An embedded one is migrated, unless it is wanted `as_it_is`.
    """
    given = settings.migrate_database_url if owner else settings.database_url
    if given:
        own = owner and given != settings.database_url
        yield readable("MIGRATE_DATABASE_URL" if own else "DATABASE_URL", given)
        return
    with EmbeddedPostgres(settings.home) as server:
        if not as_it_is:
            asyncio.run(prepare(server.url, server.service_url))
        if lasting:
            server.keep()
        yield server.url if owner else server.service_url


def serve(settings: Settings, _: argparse.Namespace) -> None:
    """Serve until stopped; the embedded database migrates itself and is filled when empty."""
    from schema.pipeline.http.listening import listening, origin
    from schema.pipeline.http.serving import serve_on

    signal.signal(signal.SIGTERM, _stop)
    with listening(settings) as listener, database(settings, lasting=True) as url:
        address = f"{origin(listener)}/graphql"
        print(f"\n近邻 Jinlin  {address}", flush=True)
        asyncio.run(_look(url, settings) if settings.database_url else _welcome(url, settings, address))
        serve_on(url, settings, listener)


def _stop(_: int, __: FrameType | None) -> None:
    """What was begun is ended in order, also where uvicorn hands the signal back after it has."""
    raise SystemExit(0)


async def _look(url: str, settings: Settings) -> None:
    try:
        async with connected(url) as connection:
            if not await guarded(connection):
                print(UNGUARDED, file=sys.stderr)
            await _fits(connection, settings)
    except asyncpg.ClientConfigurationError:  # which no waiting mends
        raise
    except UNREACHABLE as error:
        print(
            f"数据库连接不上，服务会等待它 / the database is not there; waiting for it: {_line(error)}", file=sys.stderr
        )


UNGUARDED = """审计记录仅由触发器保护：请为服务另设数据库角色，见 docs/security.md。
The audit trail is protected by triggers only: give the service a database role of its own, see docs/security.md."""


async def _fits(connection: asyncpg.Connection, settings: Settings) -> None:
    """SettingError where the processes could need more connections than the database has for them."""
    needed = settings.workers * settings.limits.sessions
    there = await connection.fetchval(
        "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
    )
    if needed > there:
        raise SettingError(
            f"{settings.workers} 个进程最多需要 {needed} 个数据库连接，而数据库只有 {there} 个："
            "请减小 --workers（WORKERS）或 JINLIN_CONNECTIONS。\n"
            f"{settings.workers} workers may need {needed} connections and the database has {there}: "
            "lower --workers (WORKERS) or JINLIN_CONNECTIONS."
        )


async def _welcome(url: str, settings: Settings, address: str) -> None:
    async with connected(url) as connection:
        await _fits(connection, settings)
        if await demo.is_empty(connection):
            print("正在装入演示数据…… / Loading the demo ...", flush=True)
            await demo.fill(connection)
        reader = Reader(url, settings.limits)
        pairs = await demo_tokens(connection, reader, settings.home / "demo-tokens.json")
        people = await demo_people(connection, settings.home / "demo-people.json")
        await reader.close()
    tokens = "\n".join(f"  {name}\n    {token}" for name, token in pairs)
    logins = "\n".join(f"  {each.name}\n    {each.login}  {each.password}" for each in people)
    print(WELCOME.format(address=address, token=pairs[0][1], tokens=tokens, people=logins))
    sys.stdout.flush()


WELCOME = """用浏览器打开上面的地址登录 / open the address in a browser and sign in, with a login and a password:
{people}

程序用令牌 / programs use a token:
{tokens}

一条可以直接粘贴的查询 / a query to paste:
  curl {address} -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' \\
    -d '{{"query":"{{ orgUnit(by: {{code: \\"350521\\"}}) {{ name children(first: 5) {{ nodes {{ name }} }} }} }}"}}'
"""


NOT_MIGRATED = """数据库尚未建表或版本过旧，请先运行 server.py migrate。
The database has no tables yet, or old ones: run server.py migrate first."""
NOT_EMPTY = "演示数据只装入空库，此库已有单元。\nThe demo goes only into an empty database; this one has units."


def run_migrate(settings: Settings, _: argparse.Namespace) -> None:
    """Bring the database to the newest schema, and let the service's own role work with it."""
    from services.storage.migrating import migrate

    async def bring(url: str) -> None:
        await migrate(url)
        if settings.database_url and apart(url, settings.database_url):
            async with connected(url) as connection:
                await admit(connection, settings.database_url)

    with database(settings, owner=True) as url:
        asyncio.run(bring(url))


def run_demo(settings: Settings, _: argparse.Namespace) -> None:
    """Fill an empty database with the demo."""

    async def fill(url: str) -> None:
        async with connected(url) as connection:
            await demo.fill(connection)

    with database(settings, owner=True) as url:
        asyncio.run(fill(url))


def run_import(settings: Settings, arguments: argparse.Namespace) -> None:
    """Load a divisions file, all of it or none."""
    with ExitStack() as opened:
        source = opened.enter_context(arguments.file.open("rb"))
        mapping = arguments.mapping and opened.enter_context(arguments.mapping.open("rb"))
        url = opened.enter_context(database(settings, owner=True))
        asyncio.run(_load(url, source, mapping, arguments))


async def _load(url: str, source: BinaryIO, mapping: BinaryIO | None, arguments: argparse.Namespace) -> None:
    async with connected(url) as connection:
        with tqdm(unit=" rows", disable=not sys.stderr.isatty()) as bar:

            def progress(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            loaded = await loading.load(
                connection,
                source,
                arguments.at,
                progress,
                mapping=mapping,
                doubles=arguments.allow_doubles,
                dry_run=arguments.dry_run,
            )
    print(imported.told(loaded, in_full=arguments.dry_run))


def run_collisions(settings: Settings, _: argparse.Namespace) -> None:
    """List names that are the same by the rule of `search`, of rows that must have names of their own."""

    async def look(url: str) -> None:
        async with connected(url) as connection:
            if found := await colliding(Transaction(connection)):
                raise SystemExit("\n".join(map(str, found)))
        print("没有重名 / no names collide")

    with database(settings, owner=True, as_it_is=True) as url:
        asyncio.run(look(url))


def run_token(settings: Settings, arguments: argparse.Namespace) -> None:
    """Print one new token, nothing else; or list all, or end one."""
    work = _listing if arguments.list else _revoking(arguments.revoke) if arguments.revoke is not None else None
    given = work or _issuing(arguments)

    async def do(url: str) -> None:
        async with connected(url) as connection:
            print(await given(connection))

    with database(settings, owner=True) as url:
        asyncio.run(do(url))


def _issuing(arguments: argparse.Namespace) -> Callable[[asyncpg.Connection], Awaitable[str]]:
    seat, terms = Seat(arguments.name, arguments.role, arguments.at), _terms(arguments)
    return lambda connection: issue(connection, seat, arguments.days, terms)


async def _listing(connection: asyncpg.Connection) -> str:
    return issued.table(await issued.listed(connection))


def _revoking(id: str) -> Callable[[asyncpg.Connection], Awaitable[str]]:
    issued.check_id(id)
    return lambda connection: issued.revoke(connection, id)


def run_user(settings: Settings, arguments: argparse.Namespace) -> None:
    """Add a person who signs in, with one grant. The password is read from standard input, or made up and printed."""

    async def make(connection: asyncpg.Connection, password: str, temporary: bool) -> None:
        seat = Seat(arguments.name, arguments.role, arguments.at)
        login = await register(connection, seat, arguments.login, password, temporary=temporary)
        if login != folded(arguments.login):
            print(f"登录名 / the login: {login}", file=sys.stderr)

    _with_password(settings, make)


def run_password(settings: Settings, arguments: argparse.Namespace) -> None:
    """Give a person who signs in another password, read or made up as by `user`; all their sessions end."""

    async def change(connection: asyncpg.Connection, password: str, temporary: bool) -> None:
        await renew(connection, arguments.login, password, temporary=temporary)

    _with_password(settings, change)


def _with_password(settings: Settings, give: Callable[[asyncpg.Connection, str, bool], Awaitable[None]]) -> None:
    """Give the password that is typed; or one made up, which is temporary and printed once it is given."""
    given, made = _password(), made_up()

    async def work(url: str) -> None:
        async with connected(url) as connection:
            await give(connection, given or made, not given)

    with database(settings, owner=True) as url:
        asyncio.run(work(url))
    if not given:
        print(made)


def _password() -> str:
    """A line of standard input, asked for twice where someone types it; nothing has one made up."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    typed = getpass.getpass("密码，留空则自动生成 / password, or nothing to have one made up: ")
    if typed and getpass.getpass("再次输入 / again: ") != typed:
        raise SystemExit("两次输入不一致 / the two differ")
    return typed


def _terms(given: argparse.Namespace) -> Terms:
    """The terms of a partner's token; none where no option gives any."""
    entities = None if given.entities is None else frozenset(given.entities.split(","))
    documents = None if given.operations is None else read_documents(given.operations)
    terms = Terms(entities, documents, given.budget, given.smallest_cell)
    check_terms(given.role, terms)
    return terms


def run_audit(settings: Settings, arguments: argparse.Namespace) -> None:
    """Verify the audit trail's chains, or print their heads to keep elsewhere."""
    known = trail.kept(arguments.head.read_text("utf-8", "replace")) if arguments.head else ()

    async def look(url: str) -> None:
        async with connected(url) as connection:
            if arguments.what == "head":
                print(*await trail.heads(connection, arguments.county), sep="\n")
                return
            broken = await trail.verify(connection, arguments.county, known)
            if broken:
                raise SystemExit("\n".join(map(str, broken)))
            count = len(await trail.heads(connection, arguments.county))
            print(f"{count} 条审计链完好 / {count} audit chains hold")

    with database(settings, owner=True) as url:
        asyncio.run(look(url))


def run_export(settings: Settings, arguments: argparse.Namespace) -> None:
    """Print everything held on one person, as JSON; it is recorded."""
    member = persons.named(arguments.member)

    async def export(url: str) -> None:
        async with connected(url) as connection:
            print(await persons.export_for(connection, member))

    with database(settings, owner=True) as url:
        asyncio.run(export(url))


def run_retain(settings: Settings, _: argparse.Namespace) -> None:
    """Drop what was kept long enough (JINLIN_KEEP_*); what was dropped of the audit trail is on record."""

    async def drop(url: str) -> None:
        async with connected(url) as connection:
            print(await retain(connection, settings.keep))

    with database(settings, owner=True) as url:
        asyncio.run(drop(url))


def run_schema(_: Settings, arguments: argparse.Namespace) -> None:
    """Print the SDL, whole or as a role sees it; --check compares it with schema.graphql, --write replaces that."""
    from graphql import print_schema

    from schema import build_schema
    from schema.pipeline.document.visible import Visibility

    catalogue, schema = build_schema()
    if arguments.role is not None:
        print(print_schema(Visibility(catalogue, schema._schema).of(_shown_to(arguments)).schema))
        return
    text = schema.as_str() + "\n"
    if arguments.write:
        SDL.write_text(text, encoding="utf-8")
    elif not arguments.check:
        print(text, end="")
    elif not SDL.is_file() or SDL.read_text(encoding="utf-8") != text:
        raise SystemExit("schema.graphql differs from the schema; if that is meant: server.py schema --write")


def _shown_to(arguments: argparse.Namespace) -> Actor:
    entities = None if arguments.entities is None else frozenset(arguments.entities.split(","))
    known = {"role": frozenset(SEATS), "entity": frozenset(entity for entity, _ in decide.rights())}
    for word, given in (("role", {arguments.role}), ("entity", entities or frozenset())):
        for name in sorted(given - known[word]):
            raise SystemExit(f"没有 {name} / There is no {word} {name}; {', '.join(sorted(known[word]))}")
    return anyone(arguments.role, entities)


RUNS: Mapping[str, Run] = {
    "serve": serve,
    "migrate": run_migrate,
    "demo": run_demo,
    "retain": run_retain,
    "import": run_import,
    "collisions": run_collisions,
    "token": run_token,
    "user": run_user,
    "password": run_password,
    "audit": run_audit,
    "export": run_export,
    "schema": run_schema,
}


def _told(problem: Problem) -> str:
    return f"{problem.field}：{problem.text.zh}\n{problem.field}: {problem.text.en}"


def _line(error: BaseException) -> str:
    return " ".join(f"{error or type(error).__name__}".split())


def _unreachable(error: BaseException) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: 无法读写 / cannot be read or written: {error.strerror}"
    return f"数据库连接不上或拒绝 / the database cannot be reached, or refuses: {_line(error)}"


def main() -> None:
    """Run one command; an error the user can act on is one line on stderr and exit status 1."""
    logging.basicConfig(level=logging.WARNING)
    chosen = parse(RUNS)
    try:
        chosen.run(Settings.read(os.environ, getattr(chosen, "workers", None)), chosen)
    except (EmbeddedError, SettingError, DivisionsError, MigrationError) as error:
        raise SystemExit(str(error)) from None
    except demo.NotEmptyError:
        raise SystemExit(NOT_EMPTY) from None
    except Refused as refused:
        raise SystemExit(f"{refused.text.zh}\n{refused.text.en}") from None
    except Rejected as rejected:
        raise SystemExit("\n".join(map(_told, rejected.problems))) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError):
        raise SystemExit(NOT_MIGRATED) from None
    except UNREACHABLE as error:
        raise SystemExit(_unreachable(error)) from None


if __name__ == "__main__":
    main()
