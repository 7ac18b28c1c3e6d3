"""Signing in and out by login and password: from what someone knows to a session, which is a credential like others.

Whatever is wrong, the answer is the same, and comes after the same work: a login that does not exist is compared with
a password as one that does.
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from policies.actor import SESSION, make_token, secret_of, unauthenticated
from services.access import lockout, sessions
from services.access.lockout import Counted
from services.access.passwords import Passwords, folded, is_login, outdated
from services.access.sessions import Known, RecordEvent, Secret, session_secret
from services.audit.events import Event
from services.errors import Code, Refused
from services.site import Site
from services.storage.database import Reader, Writer
from services.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Browser:
    """Who tries: the address, and what the browser kept of the last time, its session and the device's cookie."""

    address: str
    session: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """What a browser is given to keep. `device` is None where it came through a provider, which counts failures."""

    session: str
    device: str | None = None


class Sessions:
    """Opens and ends the sessions of people."""

    def __init__(self, reader: Reader, writer: Writer, site: Site, record: RecordEvent, passwords: Passwords) -> None:
        self._reader = reader
        self._writer = writer
        self._site = site
        self._record = record
        self._passwords = passwords
        self._key: bytes | None = None

    async def sign_in(self, login: str, password: str, browser: Browser) -> Opened:
        """A session for whoever knows the password. Refused UNAUTHENTICATED, or RATE_LIMITED after many failures."""
        name = folded(login)
        key = await self.key()
        attempt = lockout.counted(key, name, browser.address, known_device(key, name, browser.device))
        async with self._writer.transaction() as connection:
            tx = Transaction(connection)
            await lockout.begin(tx, attempt)
            known = await sessions.account_of(tx, name) if is_login(name) else None
        if await self._passwords.matches(known.password if known else None, password) and known is not None:
            opened = await self._open(known, attempt, browser, new_device(key, name))
            if opened is not None:
                await self._renew(known, password)
                return opened
        await self._failed(known.account_id if known else None, browser)
        raise wrong()

    async def sign_out(self, session: str) -> None:
        """End a session, wherever it is kept; nothing happens to one that is over."""
        async with self._writer.transaction() as connection:
            tx = Transaction(connection)
            account = await sessions.end(tx, stored_secret(session))
            if account is not None:
                await self._record(tx, Event.SIGN_OUT, account, {})

    async def sign_out_everywhere(self, session: str) -> None:
        """End every session of whose session this is. UNAUTHENTICATED where it does not stand: it is nobody's word."""
        async with self._writer.transaction() as connection:
            tx = Transaction(connection)
            owner = await sessions.owner_of(tx, stored_secret(session), hold=True)
            if owner is None:
                raise unauthenticated()
            ended = await sessions.end_all(tx, owner.account_id)
            await self._record(tx, Event.SIGN_OUT, owner.account_id, {"everywhere": True, "sessions": ended})

    async def begin(self, tx: Transaction, account_id: UUID, browser: Browser, how: str) -> str:
        """A new session in place of the browser's old one; its text, which is stored nowhere."""
        if browser.session is not None:
            await sessions.end(tx, stored_secret(browser.session))
        name, text, digest = make_token(SESSION)
        await sessions.begin(tx, Secret(name, digest), account_id, self._site)
        await self._record(tx, Event.SIGN_IN, account_id, {"by": how, "address": browser.address, "credential": name})
        return text

    async def must_change_password(self, credential: str) -> bool:
        """Whether somebody else knows the password of whose session this is, because they made it up."""
        return await sessions.must_change_password(self._reader, credential)

    async def key(self) -> bytes:
        """The installation's key for what browsers keep."""
        if self._key is None:
            self._key = await session_secret(self._reader)
        return self._key

    async def _open(self, known: Known, attempt: Sequence[Counted], browser: Browser, device: str) -> Opened | None:
        """The session; None where the password was changed, or the account closed, while it was compared."""
        async with self._writer.transaction() as connection:
            tx = Transaction(connection)
            if not await sessions.still(tx, known):
                return None
            await lockout.succeed(tx, attempt)
            return Opened(await self.begin(tx, known.account_id, browser, "password"), device)

    async def _renew(self, known: Known, password: str) -> None:
        if known.password is not None and outdated(known.password):
            new = await self._passwords.hashed(password)
            async with self._writer.transaction() as connection:
                await sessions.rehash(Transaction(connection), known, new)

    async def _failed(self, account_id: UUID | None, browser: Browser) -> None:
        async with self._writer.transaction() as connection:
            await self._record(Transaction(connection), Event.SIGN_IN_FAILED, account_id, {"address": browser.address})


def stored_secret(session: str) -> Secret:
    """What the database holds of a session; UNAUTHENTICATED for what is not the text of one."""
    return Secret(*secret_of(session, SESSION))


def new_device(key: bytes, login: str) -> str:
    """What a browser keeps of having signed in to a login: a number, and the proof that it was given for that login."""
    number = secrets.token_hex(16)
    return f"{number}.{_proof(key, login, number)}"


def known_device(key: bytes, login: str, device: str | None) -> str | None:
    """The number of a browser that signed in to this login before; None for any other."""
    number, _, proof = (device or "").partition(".")
    right = hmac.compare_digest(proof.encode(), _proof(key, login, number).encode())
    return number if right else None


def _proof(key: bytes, login: str, number: str) -> str:
    return hmac.digest(key, f"device\0{login}\0{number}".encode("utf-8", "surrogatepass"), "sha256").hex()


def wrong() -> Refused:
    """401; the same words whatever was wrong."""
    return Refused(
        Code.UNAUTHENTICATED,
        "登录名或密码不正确。",
        "The login or the password is not right.",
        headers=(("WWW-Authenticate", "Bearer"),),
    )
