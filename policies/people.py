"""People who sign in by a password: an account with one grant, made by whoever runs the installation, and a new
password for someone nobody is above."""

from uuid import uuid4

import asyncpg
from sqlalchemy import select

from policies.tokens import Seat, grant, located
from services.access.accounts import check_signs_in_here
from services.access.logins import county_code, within
from services.access.passwords import Passwords, folded, is_login, proper_login, proper_password
from services.access.seat_kinds import BY_NAME
from services.access.sessions import account_of, change_password
from services.audit.events import Event
from services.audit.tables import event
from services.errors import Refused, bad_input
from services.names import fold, proper
from services.storage.transaction import Transaction

UNKNOWN = ("没有人以 {} 登录。", "Nobody signs in as {}.")
HOME = "SELECT unit.id FROM account JOIN org_unit unit ON unit.path = unit_path WHERE account.id = $1"
TAKEN = ("登录名 {} 已被使用。", "The login {} is taken.")


async def register(
    connection: asyncpg.Connection, seat: Seat, login: str, password: str, *, temporary: bool = False
) -> str:
    """A new account that signs in by a login and password, with one grant; the login. At a member's seat it is theirs.

    The login gets the code of the seat's county in front where that was left out. A password that is `temporary` was
    made up, and is to be changed by its owner.

    Raises Rejected for a name, login or password that cannot be one, Refused BAD_USER_INPUT for a login that is taken
    and for what `located` refuses.
    """
    proper_login(login)
    called = proper("name", seat.name)
    kind, at = await located(connection, seat)
    name = within(await code_at(connection, kind, at), login)
    stored = await _hashed(proper_password(password, name))
    account = uuid4()
    try:
        async with connection.transaction():
            await connection.execute(
                "INSERT INTO account (id, name, folded, login, password, password_temporary, unit_path, member_id)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                *(account, called, fold(called), name, stored, temporary),
                *(at if kind == of else None for of in ("unit", "member")),
            )
            await grant(connection, account, seat.role, kind, at)
    except asyncpg.UniqueViolationError:
        raise _taken(name) from None
    return name


async def code_at(connection: asyncpg.Connection, kind: str, at: object) -> str:
    """The code that logins begin with at a seat: of the county in which it lies."""
    seated, tx = BY_NAME[kind], Transaction(connection)
    of = seated.table.c
    path = at if seated.is_unit else await tx.value(select(of.unit_path).where(of[seated.key] == at))
    return await county_code(tx, str(path))


async def renew(connection: asyncpg.Connection, login: str, password: str, *, temporary: bool = False) -> None:
    """Another password for whoever signs in by this login; their sessions end, and it is on record.

    Raises Rejected for a password that cannot be one and for who comes through a provider, Refused BAD_USER_INPUT where
    nobody signs in by the login.
    """
    name = folded(login)
    stored = await _hashed(proper_password(password, name))
    async with connection.transaction():
        tx = Transaction(connection)
        known = await account_of(tx, name) if is_login(name) else None
        if known is None:
            raise bad_input(*(text.format(login) for text in UNKNOWN))
        await check_signs_in_here(tx, known.account_id, known.login)
        await change_password(tx, known.account_id, stored, temporary=temporary)
        home = await connection.fetchval(HOME, known.account_id)
        whose = {"account": known.account_id}
        await event(connection, Event.PASSWORD, unit_id=home, target_id=known.account_id, detail=whose)


async def _hashed(password: str) -> str:
    passwords = Passwords()
    try:
        return await passwords.hashed(password)
    finally:
        passwords.close()


def _taken(login: str) -> Refused:
    return bad_input(*(text.format(login) for text in TAKEN))
