"""Passwords and the logins they go with: what may be one, and Argon2id, which makes guessing dear.

Hashing runs in threads of its own, few of them, because each takes 32 MiB and a fraction of a second of a processor:
the event loop goes on, and nobody can make the service work on a thousand guesses at once.
"""

import asyncio
import re
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.errors import RETRY_AFTER, Code, ProblemCode, Refused, rejected

T = TypeVar("T")
SHORTEST, LONGEST = 10, 200  # characters of a password
TYPED = 4 * LONGEST  # of a password as it is typed, before its characters are composed
LOGIN = re.compile(r"[\w.@-]{2,64}")
CODED = re.compile(r"([0-9]{2}|[0-9]{4}|[0-9]{6})-")  # how a login begins, see services/access/logins.py
ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"  # of passwords to be read and typed: no 0 and o, no 1 and l
THREADS, WAITING = 2, 64  # hashes at work, and hashes that may wait for one of them
HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)  # more than OWASP's least, 2 over 19 MiB


def folded(login: str) -> str:
    """A login as it is stored and compared: NFKC, in lower case, without space around it."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", login).strip().lower())


def is_login(login: str) -> bool:
    """Whether a folded text can be a login."""
    return LOGIN.fullmatch(login) is not None


def proper_login(login: str) -> str:
    """A login as it is stored; Rejected INVALID, for the field `login`, for what cannot be one."""
    name = folded(login)
    if not is_login(name):
        zh = "登录名须为 2 至 64 个字母、数字或 . _ - @。"
        raise rejected(ProblemCode.INVALID, "login", zh, "A login has 2 to 64 letters, digits or . _ - @.")
    return name


def uncoded(login: str) -> str:
    """A login without the county's code in front."""
    return CODED.sub("", login, count=1)


def proper_password(password: str, login: str | None) -> str:
    """The password as given; Rejected INVALID, for the field `password`, for one that is too easy or no text."""
    text = _one_spelling(password)
    if not (SHORTEST <= len(text) <= LONGEST and len(password) <= TYPED):
        zh = f"密码须为 {SHORTEST} 至 {LONGEST} 个字符。"
        raise rejected(ProblemCode.INVALID, "password", zh, f"A password has {SHORTEST} to {LONGEST} characters.")
    if login is not None and folded(text) in {login, uncoded(login)}:
        raise rejected(ProblemCode.INVALID, "password", "密码不能与登录名相同。", "The password must not be the login.")
    return password


def same(one: str, other: str) -> bool:
    """Whether two texts are one password, however they were typed."""
    return max(len(one), len(other)) <= TYPED and _one_spelling(one) == _one_spelling(other)


def made_up() -> str:
    """A password of 80 random bits, to be read from a screen."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


class Passwords:
    """Hashes and compares, a few at a time; Refused UNAVAILABLE where too many wait already. One for each process."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")
        self._waiting = 0
        self._nobody = _hash_of_nobody()

    async def hashed(self, password: str) -> str:
        """What is stored of a password."""
        return await self._run(lambda: HASHER.hash(_one_spelling(password)))

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether this is the password; where there is none, as much time is spent to find that it is not."""
        given = _one_spelling(password[:TYPED])
        right = await self._run(lambda: _verified(stored or self._nobody, given[:LONGEST]))
        return right and stored is not None and len(password) <= TYPED and len(given) <= LONGEST

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= THREADS + WAITING:
            raise Refused(Code.UNAVAILABLE, "服务繁忙，请稍后重试。", "Too busy; try again.", headers=RETRY_AFTER)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(stored)


@cache
def _hash_of_nobody() -> str:
    return HASHER.hash(secrets.token_hex())


def _verified(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _one_spelling(password: str) -> str:
    """NFKC: keyboards differ in how they compose what looks the same."""
    return unicodedata.normalize("NFKC", password)
