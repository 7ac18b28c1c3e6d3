"""Commands that say who may: tokens, and people who sign in with a password."""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable

import asyncpg

from policies.delegation import Role
from policies.people import register, renew
from policies.tokens import Seat, check_terms, issue, read_documents
from services.access.credentials import Terms
from services.access.passwords import folded, made_up
from services.audit.events import Event
from services.settings import Settings
from services.storage.version import current
from services.terminal import issued
from services.terminal.opened import database


def run_token(settings: Settings, arguments: argparse.Namespace) -> None:
    """Print one new token, nothing else; or list all, or end one."""
    work = _listing if arguments.list else _revoking(arguments.revoke) if arguments.revoke is not None else None
    given = work or _issuing(arguments)

    async def do(url: str) -> None:
        async with current(url) as connection:
            print(await given(connection))

    with database(settings, owner=True) as url:
        asyncio.run(do(url))


def _issuing(arguments: argparse.Namespace) -> Callable[[asyncpg.Connection], Awaitable[str]]:
    seat, terms = Seat(arguments.name, arguments.role, arguments.at), _terms(arguments)

    async def given(connection: asyncpg.Connection) -> str:
        async with connection.transaction():
            text = await issue(connection, seat, arguments.days, terms)
            whose = "SELECT account_id FROM credential WHERE id = $1"
            made = await connection.fetchval(whose, text.split("_")[1])
            await issued.note(connection, Event.MAKE_TOKEN, made, Role[seat.role])
        return text

    return given


async def _listing(connection: asyncpg.Connection) -> str:
    return issued.table(await issued.listed(connection))


def _revoking(id: str) -> Callable[[asyncpg.Connection], Awaitable[str]]:
    issued.check_id(id)
    return lambda connection: issued.revoke(connection, id)


def run_user(settings: Settings, arguments: argparse.Namespace) -> None:
    """Add a person who signs in, with one grant. The password is read from standard input, or made up and printed."""

    async def make(connection: asyncpg.Connection, password: str, temporary: bool) -> None:
        seat = Seat(arguments.name, arguments.role, arguments.at)
        async with connection.transaction():
            login = await register(connection, seat, arguments.login, password, temporary=temporary)
            made = await connection.fetchval("SELECT id FROM account WHERE login = $1", login)
            await issued.note(connection, Event.MAKE_ACCOUNT, made, Role[seat.role])
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
        async with current(url) as connection:
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
