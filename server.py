"""The command line. What is served is put together in `schema.pipeline.http.application`; no logic of its own.

What takes a while to load is loaded by the commands that use it: the schema, what serves it, and the migrations.
"""

import argparse
import asyncio
import errno
import logging
import os
import signal
import sys
from collections.abc import Mapping
from types import FrameType

import asyncpg

from policies import decide, terminal
from policies.actor import SEATS, Actor, anyone
from policies.compared import compared
from policies.demo_people import demo_people
from policies.demo_tokens import demo_tokens
from policies.rules import check as check_rules
from services import demo, urls
from services.aside import AsideError, aside
from services.errors import Problem, Refused, Rejected
from services.organization.loading.divisions import DivisionsError
from services.roles import guarded
from services.settings import PROJECT, SettingError, Settings
from services.storage.database import MigrationError, Reader, connected
from services.storage.embedded.server import EmbeddedError
from services.storage.version import NOT_MIGRATED, check
from services.terminal import keeping
from services.terminal.command_line import Run, parse
from services.terminal.opened import UNREACHABLE, database

SDL = PROJECT / "schema.graphql"
UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EPIPE}


def serve(settings: Settings, _: argparse.Namespace) -> None:
    """Serve until stopped; the embedded database migrates itself and is filled when empty."""
    from schema import asked
    from schema.pipeline.http.listening import listening, origin
    from schema.pipeline.http.serving import frugal, serve_on

    frugal()
    check_rules(decide.RULES, asked())
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
            await check(connection)
            if not await guarded(connection):
                print(UNGUARDED, file=sys.stderr)
            await _fits(connection, settings)
    except asyncpg.ClientConfigurationError:  # which no waiting mends
        raise
    except UNREACHABLE as error:
        error.add_note(f"DATABASE_URL{urls.place(url)}")
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
            await aside("services.demo", url)
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


NOT_EMPTY = "演示数据只装入空库，此库已有单元。\nThe demo goes only into an empty database; this one has units."


def run_schema(_: Settings, arguments: argparse.Namespace) -> None:
    """Print the SDL, whole or as a role sees it; --check compares it with schema.graphql, --write replaces that."""
    from graphql import print_schema

    from schema import build_schema, declared
    from schema.pipeline.document.visible import Visibility

    if arguments.role is not None:
        catalogue, schema = build_schema()
        print(print_schema(Visibility(catalogue, schema).of(_shown_to(arguments)).schema))
        return
    text = declared().as_str() + "\n"
    if arguments.write:
        SDL.write_text(text, encoding="utf-8")
    elif not arguments.check:
        print(text, end="")
    elif not SDL.is_file() or SDL.read_text(encoding="utf-8") != text:
        raise SystemExit("schema.graphql differs from the schema; if that is meant: server.py schema --write")


def run_policy(_: Settings, arguments: argparse.Namespace) -> None:
    """Print what another roles.csv would let whom do more (+) or less (-), a right a line; nothing is changed."""
    from schema import asked

    found = compared(arguments.diff, asked())
    print(found)
    if found.amiss:
        raise SystemExit("\n".join(f"{line.zh} / {line.en}" for line in found.amiss))


def _shown_to(arguments: argparse.Namespace) -> Actor:
    entities = None if arguments.entities is None else frozenset(arguments.entities.split(","))
    known = {"role": frozenset(SEATS), "entity": frozenset(entity for entity, _ in decide.rights())}
    for word, given in (("role", {arguments.role}), ("entity", entities or frozenset())):
        for name in sorted(given - known[word]):
            raise SystemExit(f"没有 {name} / There is no {word} {name}; {', '.join(sorted(known[word]))}")
    return anyone(arguments.role, entities)


RUNS: Mapping[str, Run] = {
    "serve": serve,
    "migrate": keeping.run_migrate,
    "demo": keeping.run_demo,
    "retain": keeping.run_retain,
    "import": keeping.run_import,
    "collisions": keeping.run_collisions,
    "token": terminal.run_token,
    "user": terminal.run_user,
    "password": terminal.run_password,
    "audit": keeping.run_audit,
    "verify": keeping.run_verify,
    "export": keeping.run_export,
    "policy": run_policy,
    "schema": run_schema,
}


def _told(problem: Problem) -> str:
    return f"{problem.field}：{problem.text.zh}\n{problem.field}: {problem.text.en}"


def _line(error: BaseException) -> str:
    """Which database, and what it said; or what kind of silence it was."""
    told = *getattr(error, "__notes__", ()), str(error).strip() or type(error).__name__
    return " ".join(": ".join(told).split())


def _unreachable(error: BaseException) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: 无法读写 / cannot be read or written: {error.strerror}"
    if (unsaid := _unsaid(error)) is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that it does not fail again at the end
        return f"标准输出无法写入 / standard output cannot be written: {unsaid.strerror}"
    return f"数据库连接不上或拒绝 / the database cannot be reached, or refuses: {_line(error)}"


def _unsaid(error: BaseException) -> OSError | None:
    """What keeps from being written what a command says, if that is what went wrong: no database says such a thing."""
    return error if isinstance(error, OSError) and error.errno in UNWRITABLE else None


def main() -> None:
    """Run one command; an error the user can act on is one line on stderr and exit status 1."""
    logging.basicConfig(level=logging.WARNING)
    chosen = parse(RUNS)
    try:
        decide.rules()  # what cannot be read is said by every command, also by those that ask it nothing
        chosen.run(Settings.read(os.environ, getattr(chosen, "workers", None)), chosen)
        print(end="", flush=True)
    except (EmbeddedError, SettingError, DivisionsError, MigrationError, AsideError) as error:
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
