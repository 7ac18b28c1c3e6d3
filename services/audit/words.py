"""What of a text names a person: decided here alone, as a regular expression that PostgreSQL is given as a value.

A name says who it is wherever it stands; a phone, and a login, where they are not a piece of something longer. An
address is a place and no person, and so is `on` of 350521-on nobody: they go only beside what names the person.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func

from services.access.passwords import uncoded
from services.members.tables import NOBODY
from services.storage.transaction import Record

# Classes of characters, said in full: what a locale calls a letter is not the same on every server.
DIGIT, LATIN, OF_LOGINS = "0-9０-９", "0-9A-Za-z", "_.@-"
IDEOGRAPH = "々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LETTER = f"{DIGIT}A-Za-zＡ-Ｚａ-ｚ\u00aa-\u02af\u0370-\u052f{IDEOGRAPH}"
# The shortest of a login without its county's code that names somebody by itself; of digits alone, which may be a year.
TELLING, TELLING_DIGITS = 4, 7


@dataclass(frozen=True, slots=True)
class Words:
    """What names somebody, and all that goes from a text where any of it stands."""

    naming: str
    going: str

    def name(self, text: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether a text names them."""
        return text.op("~", is_comparison=True)(self.naming)

    def without(self, text: ColumnElement[Any]) -> ColumnElement[Any]:
        """The text with nobody's name for theirs. At one place the longest goes: an address may begin with a name."""
        return func.regexp_replace(text, self.going, NOBODY, "g")


def words_of(member: Record, logins: Collection[str], *, by_name: bool = True) -> Words | None:
    """What names a member who signs in by these logins; None where nothing does."""
    bare = {uncoded(login) for login in logins}
    telling = {login for login in bare if len(login) >= (TELLING_DIGITS if login.isdecimal() else TELLING)}
    naming = [_login(login) for login in {*logins} - bare | telling]
    naming += [_apart(member["phone"], DIGIT)] if member["phone"] else []
    naming += [_name(member["name"])] if by_name else []
    beside = [_login(login) for login in bare - telling] + ([_literal(member["address"])] if member["address"] else [])
    return Words("|".join(sorted(naming)), "|".join(sorted(naming + beside))) if naming else None


def _name(name: str) -> str:
    """Of one character it is a word like any other, and found only by itself."""
    return _literal(name) if len(name) > 1 else _apart(name, LETTER)


def _login(login: str) -> str:
    # A full stop ends a sentence, unless a login could go on behind it. In 登录名lin the one of Latin letters is apart.
    beside = LATIN if login.isascii() else LETTER
    return f"(?<![{beside}{OF_LOGINS}]){_literal(login)}(?![{beside}_@-]|\\.[{beside}{OF_LOGINS}])"


def _apart(word: str, beside: str) -> str:
    """A word next to none of these characters."""
    return f"(?<![{beside}]){_literal(word)}(?![{beside}])"


def _literal(word: str) -> str:
    """A word as a regular expression that matches it and nothing else.

    A backslash before a letter or a digit would mean something: only what is neither has one.
    """
    return re.sub(r"[!-/:-@\[-`{-~]", r"\\\g<0>", word)
