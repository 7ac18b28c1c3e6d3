"""Composition root and command line: settings -> database -> schema -> Starlette application. No logic of its own."""

import argparse
import asyncio
import gc
import logging
import os
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg
import uvicorn
from alembic.util.exc import CommandError
from sqlalchemy.exc import ArgumentError
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from tqdm import tqdm

from policies.actor import Authenticator
from policies.demo_tokens import demo_tokens
from policies.tokens import Seat, issue
from schema import build_schema
from schema.pipeline import deadline
from schema.pipeline.endpoint import Endpoint
from schema.pipeline.page import Assets, page, wants_page
from schema.pipeline.read import Reading
from schema.pipeline.sockets import Sockets
from schema.pipeline.write import Writing
from services import demo, loading
from services.database import LOST, Reader, Writer, connected, migrate
from services.divisions import DivisionsError
from services.embedded import EmbeddedError, EmbeddedPostgres
from services.errors import Refused
from services.settings import PROJECT, SettingError, Settings

DIST = PROJECT / "web" / "dist"
SDL = PROJECT / "schema.graphql"
UNREACHABLE: tuple[type[BaseException], ...] = (*LOST, asyncpg.PostgresError)


def application(url: str, settings: Settings) -> ASGIApp:
    """The service over the database at `url`. It starts without the database and waits for it."""
    reader = Reader(url, settings.limits)
    authenticator = Authenticator(reader)
    catalogue, schema = build_schema()
    reading = Reading(catalogue, schema._schema, reader, authenticator, settings.limits)
    writer = Writer(url, settings.limits)
    writing = Writing(catalogue, reading, writer)
    endpoint = Endpoint(writing, settings.limits)
    sockets = Sockets(schema, writing, authenticator, settings.limits)

    async def health(_: Request) -> Response:
        try:
            await reader.fetchrow("SELECT 1")
        except Refused as refused:
            return JSONResponse({"status": "unavailable"}, refused.status, dict(refused.headers))
        return JSONResponse({"status": "ok"})

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await reader.close()
        await writer.close()

    routes = [
        WebSocketRoute("/graphql", sockets),
        Mount("/graphiql/assets", GZipMiddleware(Assets(DIST / "assets"))),
        Route("/health", health),
        Route("/", lambda _: RedirectResponse("/graphql")),
    ]
    rest = Starlette(routes=routes, lifespan=lifespan)
    rest.router.redirect_slashes = False  # it would redirect to whatever the Host header says

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        # Operations go past Starlette's middleware and router, which have nothing to add to them.
        operation = scope["type"] == "http" and scope["path"] == "/graphql"
        to = rest if not operation else page(DIST) if wants_page(scope) else endpoint
        await to(scope, receive, send)

    return front


@contextmanager
def database(settings: Settings, *, owner: bool = False, lasting: bool = False) -> Iterator[str]:
    """The database's URL: DATABASE_URL (with `owner`, MIGRATE_DATABASE_URL), or an embedded server while it runs."""
    given = settings.migrate_database_url if owner else settings.database_url
    if given:
        yield given
        return
    with EmbeddedPostgres(settings.home) as server:
        asyncio.run(migrate(server.url))
        if lasting:
            server.keep()
        yield server.url


def serve(settings: Settings, _: argparse.Namespace) -> None:
    """Serve until stopped; the embedded database migrates itself and is filled when empty."""
    with listening(settings) as listener, database(settings, lasting=True) as url:
        address = f"http://{settings.host}:{listener.getsockname()[1]}/graphql"
        print(f"\n近邻 Jinlin  {address}", flush=True)
        asyncio.run(_look(url) if settings.database_url else _welcome(url, settings, address))
        config = uvicorn.Config(
            application(url, settings),
            http=deadline.protocol(settings.limits.deadline_ms / 1000, settings.limits.header_bytes),
            ws="websockets-sansio",
            ws_max_size=settings.limits.message_bytes,
            access_log=False,
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            date_header=False,
            timeout_graceful_shutdown=5,
        )
        gc.collect()
        gc.freeze()  # what is here now stays; collections need not look at it again
        uvicorn.Server(config).run([listener])


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """The socket to serve on, taken before anything is started or promised; SettingError when it cannot be had."""
    try:
        listener = socket.create_server((settings.host, settings.port), backlog=2048)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise SettingError(
            f"无法监听 {settings.host}:{settings.port}（{reason}），可用 HOST、PORT 另选。\n"
            f"Cannot listen on {settings.host}:{settings.port} ({reason}); choose with HOST and PORT."
        ) from None
    with listener:
        yield listener


async def _look(url: str) -> None:
    try:
        async with connected(url):
            pass
    except UNREACHABLE as error:
        print(f"数据库连接不上，服务会等待它 / the database is not there; waiting for it: {error}", file=sys.stderr)


async def _welcome(url: str, settings: Settings, address: str) -> None:
    async with connected(url) as connection:
        if await demo.is_empty(connection):
            print("正在装入演示数据…… / Loading the demo ...", flush=True)
            await demo.fill(connection)
        reader = Reader(url, settings.limits)
        pairs = await demo_tokens(connection, reader, settings.home / "demo-tokens.json")
        await reader.close()
    print(WELCOME.format(address=address, token=pairs[0][1], tokens="\n".join(f"  {n}\n    {t}" for n, t in pairs)))
    sys.stdout.flush()


WELCOME = """用浏览器打开上面的地址，填入一个令牌 / open the address in a browser and enter one of these tokens:
{tokens}

一条可以直接粘贴的查询 / a query to paste:
  curl {address} -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' \\
    -d '{{"query":"{{ orgUnit(by: {{code: \\"350521\\"}}) {{ name children(first: 5) {{ nodes {{ name }} }} }} }}"}}'
"""


NOT_EMPTY = "演示数据只装入空库，此库已有单元。\nThe demo goes only into an empty database; this one has units."


def run_migrate(settings: Settings, _: argparse.Namespace) -> None:
    """Bring the database to the newest schema."""
    with database(settings, owner=True) as url:
        asyncio.run(migrate(url))


def run_demo(settings: Settings, _: argparse.Namespace) -> None:
    """Fill an empty database with the demo."""

    async def fill(url: str) -> None:
        async with connected(url) as connection:
            await demo.fill(connection)

    with database(settings, owner=True) as url:
        asyncio.run(fill(url))


def run_import(settings: Settings, arguments: argparse.Namespace) -> None:
    """Load a divisions file, all of it or none."""

    async def load(url: str) -> None:
        async with connected(url) as connection:
            with arguments.file.open("rb") as source, tqdm(unit=" rows", disable=not sys.stderr.isatty()) as bar:

                def progress(done: int, total: int) -> None:
                    bar.total = total
                    bar.update(done - bar.n)

                loaded = await loading.load(connection, source, arguments.at, progress)
        print(f"新增 {loaded.inserted}，更名 {loaded.renamed}，移动 {loaded.moved}，未变 {loaded.unchanged}")
        print(f"{loaded.inserted} new, {loaded.renamed} renamed, {loaded.moved} moved, {loaded.unchanged} unchanged")

    with database(settings, owner=True) as url:
        asyncio.run(load(url))


def run_token(settings: Settings, arguments: argparse.Namespace) -> None:
    """Print one new token, nothing else."""

    async def make(url: str) -> None:
        async with connected(url) as connection:
            print(await issue(connection, Seat(arguments.name, arguments.role, arguments.at), arguments.days))

    with database(settings, owner=True) as url:
        asyncio.run(make(url))


def run_schema(_: Settings, arguments: argparse.Namespace) -> None:
    """Print the SDL; with --check, compare it with schema.graphql; with --write, replace that."""
    text = build_schema()[1].as_str() + "\n"
    if arguments.write:
        SDL.write_text(text, encoding="utf-8")
    elif not arguments.check:
        print(text, end="")
    elif not SDL.is_file() or SDL.read_text(encoding="utf-8") != text:
        raise SystemExit("schema.graphql differs from the schema; if that is meant: server.py schema --write")


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="server.py", description="近邻 Jinlin")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run in {"serve": serve, "migrate": run_migrate, "demo": run_demo}.items():
        commands.add_parser(name, help=run.__doc__).set_defaults(run=run)
    load = commands.add_parser("import", help=run_import.__doc__)
    load.add_argument("file", type=Path, help="CSV of code,name,level,parent_code; may be gzipped")
    load.add_argument("--at", metavar="CODE", help="the root of what is loaded; all of the file when left out")
    load.set_defaults(run=run_import)
    token = commands.add_parser("token", help=run_token.__doc__)
    token.add_argument("--name", required=True)
    token.add_argument("--role", required=True)
    token.add_argument(
        "--at", required=True, metavar="CODE", help="the seat: a unit's code, a company's credit code, or a global id"
    )
    token.add_argument("--days", type=int, default=90)
    token.set_defaults(run=run_token)
    schema = commands.add_parser("schema", help=run_schema.__doc__)
    schema.add_argument("--check", action="store_true")
    schema.add_argument("--write", action="store_true")
    schema.set_defaults(run=run_schema)
    return parser


def main() -> None:
    """Run one command; an error the user can act on is one line on stderr and exit status 1."""
    logging.basicConfig(level=logging.WARNING)
    chosen = arguments().parse_args()
    try:
        chosen.run(Settings.read(os.environ), chosen)
    except (EmbeddedError, SettingError, DivisionsError) as error:
        raise SystemExit(str(error)) from None
    except demo.NotEmptyError:
        raise SystemExit(NOT_EMPTY) from None
    except Refused as refused:
        raise SystemExit(f"{refused.text.zh}\n{refused.text.en}") from None
    except (ArgumentError, CommandError) as error:
        raise SystemExit(f"{error}") from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except LOST as error:
        if isinstance(error, OSError) and error.filename:
            raise SystemExit(f"{error.filename}: {error.strerror}") from None
        raise SystemExit(f"无法连接数据库 / the database cannot be reached: {error}") from None


if __name__ == "__main__":
    main()
