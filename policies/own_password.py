"""Changing one's own password: by the session of whoever knows the old one.

No mutation does this. A password in a document or its variables would be part of what is remembered of them: keys of
plans, fingerprints of idempotency keys, stored documents, logs of clients. Here it is compared, hashed, and gone.
"""

from policies.actor import unauthenticated
from policies.sessions import Browser, Sessions, known_device, stored_secret
from services.access import lockout, sessions
from services.access.passwords import Passwords, proper_password, same
from services.access.sessions import RecordEvent, Secret
from services.audit.events import Event
from services.errors import Code, Refused, Rejected, bad_input, conflict
from services.storage.database import Writer
from services.storage.transaction import Transaction


class OwnPassword:
    """Changes the password of whoever is signed in."""

    def __init__(self, sessions: Sessions, writer: Writer, record: RecordEvent, passwords: Passwords) -> None:
        self._sessions = sessions
        self._writer = writer
        self._record = record
        self._passwords = passwords

    async def change(self, session: str, current: str, new: str, browser: Browser) -> None:
        """Another password for whose session this is. The session goes on; every other one of theirs ends.

        Whoever has no more than the session guesses at the password as at the door: each try is counted like one to
        sign in. Refused UNAUTHENTICATED without a session that stands, BAD_USER_INPUT for a new password that cannot
        be, a current one that is not, and an account without any, RATE_LIMITED after many failures, CONFLICT where the
        password was changed meanwhile.
        """
        mine, key = stored_secret(session), await self._sessions.key()
        async with self._writer.transaction() as connection:
            tx = Transaction(connection)
            known, login = await _owner(tx, mine)
            _check(new, current, login)
            attempt = lockout.counted(key, login, browser.address, known_device(key, login, browser.device))
            await lockout.begin(tx, attempt)
        if not await self._passwords.matches(known.password, current):
            await self._failed(known, browser)
            raise _wanting("current", "当前密码不正确。", "The current password is not right.")
        stored = await self._passwords.hashed(new)
        async with self._writer.transaction() as connection:
            tx = Transaction(connection)
            if await _owner(tx, mine, hold=True) != (known, login):
                raise conflict("密码刚被修改，请重试。", "The password has just been changed; try again.")
            await lockout.succeed(tx, attempt)
            await sessions.change_password(tx, known.account_id, stored, mine.id)
            await self._record(tx, Event.PASSWORD, known.account_id, {"credential": mine.id})

    async def _failed(self, known: sessions.Known, browser: Browser) -> None:
        async with self._writer.transaction() as connection:
            detail = {"address": browser.address}
            await self._record(Transaction(connection), Event.PASSWORD_FAILED, known.account_id, detail)


async def _owner(tx: Transaction, session: Secret, *, hold: bool = False) -> tuple[sessions.Known, str]:
    """Whose session this is, with their login."""
    known = await sessions.owner_of(tx, session, hold=hold)
    if known is None:
        raise unauthenticated()
    if known.login is None or known.password is None:
        zh, en = (
            "该账号通过身份提供方登录，密码在那里修改。",
            "You sign in through an identity provider: change it there.",
        )
        raise bad_input(zh, en)
    return known, known.login


def _check(new: str, current: str, login: str) -> None:
    """That a password can be the new one; nothing is said of whether the current one is right."""
    try:
        proper_password(new, login)
    except Rejected as rejected:
        told = rejected.problems[0].text
        raise _wanting("new", told.zh, told.en) from None
    if same(new, current):
        raise _wanting("new", "新密码不能与当前密码相同。", "The new password must be another one.")


def _wanting(field: str, zh: str, en: str) -> Refused:
    return Refused(Code.BAD_USER_INPUT, zh, en, argument=(field,))
