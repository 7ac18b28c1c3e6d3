"""What of a text names a person: decided here alone, of the text as it is read (`services.audit.reading`).

A name says who it is wherever it stands, but in a longer one that somebody else bears; a name without ideographs, a
phone and a login where they are not a piece of something longer. Letters are found whatever their case. An address is
a place and no person, and so is `on` of 350521-on nobody: they go only beside what names the person, and nothing goes
that is in somebody else's name.

PostgreSQL finds the texts in which the letters of any of these follow each other, and that is all it decides.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import chain, zip_longest
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column

from services.access.passwords import uncoded
from services.audit.phones import JOIN, Phone, as_stored, phones
from services.audit.reading import (
    ALPHABETIC,
    DASH,
    DOT,
    HYPHEN,
    IDEOGRAPH,
    LATIN,
    LETTER,
    MARK,
    Places,
    Span,
    letters,
    read,
)
from services.members.tables import NOBODY
from services.storage.transaction import Record

CASES = 0x2C00  # behind the letters that have cases
NUMERAL = "〇○零一二三四五六七八九十廿卅卌百千万亿两幺壹贰叁肆伍陆柒捌玖拾佰仟"
# How many Chinese characters a name has that is drawn out by blanks; and one of parts with dots between them.
DRAWN = re.compile(f"[{IDEOGRAPH}]{{2,6}}|[{IDEOGRAPH}]+(?:{DOT}[{IDEOGRAPH}]+)+")
# What divides the parts of a name: blanks, or a dot, for which a full stop stands between Chinese characters.
DIVIDES = re.compile(f"( *{DOT} *|(?<=[{IDEOGRAPH}])\\.(?=[{IDEOGRAPH}])|[ \n]+)")
# How a dot is written between the parts of a name.
DOTTED = f" *[{DOT}.] *"
# The shortest of a login without its county's code that names somebody by itself; of digits alone, which may be a year.
TELLING, TELLING_DIGITS = 4, 7
# What joins the numbers of a place.
JOINS = f"[/#._{DASH}{HYPHEN}]"


class Name:
    """A name, as it is written in texts."""

    def __init__(self, name: str) -> None:
        self._name = DIVIDES.sub(lambda found: " " if found[0].isspace() else DOT, letters(name))
        self.bare = self._name.replace(" ", "")
        """Its letters and dots, without blanks."""

    def is_in(self, other: "Name") -> bool:
        """Whether another name is this one, or has it in it."""
        chinese = re.match(f"[{IDEOGRAPH}]", self.bare) and re.search(f"[{IDEOGRAPH}]$", self.bare)
        return self.bare in other.bare if chinese else self._tight.search(other._name) is not None

    def is_same(self, other: "Name") -> bool:
        """Whether two names are one in every text."""
        return self._key == other._key

    def written(self, read: str) -> Iterator[Span]:
        """Where it stands, also drawn out by blanks, where no other Chinese character touches it."""
        yield from _found(self._tight, read)
        if self._is_drawn:
            yield from _found(self._alone, read)

    def borne(self, read: str) -> Iterator[Span]:
        """Where it is somebody's: beside other characters, too, where there are blanks between all of its own."""
        yield from self.written(read)
        if self._is_drawn:
            yield from _found(re.compile(self._out(" +")), read)

    @cached_property
    def _key(self) -> str:
        """What of it tells it from others: where a Chinese character is, a blank says nothing."""
        return re.sub(f"(?<=[{IDEOGRAPH}]) | (?=[{IDEOGRAPH}])", "", self._name)

    @cached_property
    def _is_drawn(self) -> bool:
        return DRAWN.fullmatch(self.bare) is not None

    @cached_property
    def _tight(self) -> re.Pattern[str]:
        """With whatever blanks and dots between its parts; none where Chinese needs no blank."""
        parts = DIVIDES.split(self._name)
        between = (_between(*parts[at - 1 : at + 2]) for at in range(1, len(parts), 2))
        spelt = chain.from_iterable(zip_longest(map(_spelt, parts[::2]), between, fillvalue=""))
        start, end = _edges(self.bare)
        return re.compile(f"{start}{''.join(spelt)}{end}")

    @cached_property
    def _alone(self) -> re.Pattern[str]:
        return re.compile(f"(?<![{IDEOGRAPH}]){self._out(' *')}(?![{IDEOGRAPH}])")

    def _out(self, gap: str) -> str:
        """With such a gap between any two of its characters."""
        return gap.join(f"[{DOT}.]" if each == DOT else each for each in self.bare)


def _spelt(part: str) -> str:
    """A part of a name, whose hyphen may be a dash."""
    return "".join(JOIN if each in (DASH, HYPHEN) else re.escape(each) for each in part)


def _edges(name: str) -> tuple[str, str]:
    """What holds where a name begins and ends.

    Of one character it is a word like any other, and found only by itself; an end without an ideograph not beside a
    letter, nor either end of a name that has none.
    """
    beside = LETTER if len(name) == 1 else ALPHABETIC
    bare = len(name) > 1 and re.search(f"[{IDEOGRAPH}]", name)
    start, end = (not bare or re.match(f"[{ALPHABETIC}]", at) for at in (name[0], name[-1]))
    return f"(?<![{beside}])" if start else "", f"(?![{beside if end else MARK}])"


def _between(before: str, divides: str, behind: str) -> str:
    if DOT in divides:
        return DOTTED
    return " *" if re.search(f"[{IDEOGRAPH}]$", before) or re.match(f"[{IDEOGRAPH}]", behind) else "[ \n]+"


def _found(word: re.Pattern[str], read: str) -> Iterator[Span]:
    """Wherever it begins, also within another."""
    at = 0
    while found := word.search(read, at):
        yield found.span()
        at = found.start() + 1


@dataclass(frozen=True, slots=True)
class Words:
    """What names somebody, what goes from a text beside it, and the names of others in which neither does."""

    name: Name | None
    phones: tuple[Phone, ...]
    naming: tuple[re.Pattern[str], ...]
    beside: tuple[re.Pattern[str], ...]
    longer: tuple[Name, ...]
    _letters: str = field(repr=False)

    def without(self, text: str) -> str | None:
        """The text with nobody's name for theirs, and for all of theirs beside it; None where it names nobody."""
        said = read(text)
        own = [*self.name.written(said.letters)] if self.name else []
        told, places = (_all(words, said.letters) for words in (self.naming, self.beside))
        told += chain.from_iterable(phone.written(said) for phone in self.phones)
        if not own and not told:
            return None
        borne = (name.borne(said.letters) for name in self.longer if _might(name, said.letters))
        others = Places(chain.from_iterable(borne))
        goes = [span for span in own if not others.hold(span)]
        goes += [span for span in told if not others.touch(span)]
        if not goes:
            return None
        goes += [span for span in places if not others.touch(span)]
        return said.without(goes, NOBODY)

    def perhaps(self, text: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether a text may name them: in each that does these letters follow each other, whatever is between."""
        plain = func.normalize(text, literal_column("NFKD"))
        return plain.op("~", is_comparison=True)(self._letters)


def words_of(
    member: Record, logins: Collection[str], *, by_name: bool = True, longer: Collection[str] = ()
) -> Words | None:
    """What names a member who signs in by these logins; None where nothing does.

    Nothing in one of the longer names does, which others bear.
    """
    bare = {uncoded(login) for login in logins}
    telling = {login for login in bare if len(login) >= (TELLING_DIGITS if login.isdecimal() else TELLING)}
    alone, stored = {*logins} - bare | telling, member["phone"] or ""
    numbers = phones(stored)
    few = [stored] if stored and not numbers else []
    name = Name(member["name"])
    others = (other for other in map(Name, longer) if not name.is_same(other))
    naming = (*map(_login, alone), *map(as_stored, few))
    beside = (*map(_login, bare - telling), *map(_address, [member["address"]] if member["address"] else []))
    looked_for = [*([member["name"]] if by_name else []), *alone, *(number.digits for number in numbers), *few]
    if not looked_for:
        return None
    found, places = (tuple(map(re.compile, words)) for words in (naming, beside))
    return Words(name if by_name else None, numbers, found, places, tuple(others), "|".join(map(_in_order, looked_for)))


def perhaps_in(name: str, others: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the name may be another's too, or in theirs; `Name.is_in` says whether it is."""
    return func.normalize(others, literal_column("NFKD")).op("~", is_comparison=True)(_in_order(name))


def _in_order(word: str) -> str:
    """A regular expression of PostgreSQL: the letters of a word, in either case, and what is no letter between them."""
    plain = unicodedata.normalize("NFKD", letters(word))
    spelt = [each for each in plain if each.isalnum() and not re.match(f"[{MARK}]", each)] or plain.split()
    bare = LETTER.replace(MARK, "")
    return f"[^A-Z{bare}]*".join(map(_in_any_case, spelt))


@cache
def _in_any_case(letter: str) -> str:
    """Whatever is read as this letter: capitals are not always one character, as that of ß."""
    cases = {letter, *(each for each in map(chr, range(ord("A"), CASES)) if each.lower() == letter.lower())}
    return f"[{''.join(sorted(cases))}]" if len(cases) > 1 else re.escape(letter)


def _all(words: Iterable[re.Pattern[str]], read: str) -> list[Span]:
    """Where they stand; of one with a group, where that does."""
    return [found.span(word.groups) for word in words for found in word.finditer(read)]


def _might(name: Name, read: str) -> bool:
    return set(filter(str.isalnum, name.bare)) <= set(read)


def _address(stored: str) -> str:
    """A place as it is written, and not as a piece of another: 1号楼101 is not in 11号楼101, nor 二号楼 in 十二号楼."""
    address = letters(stored)
    start, end = (_number(at) for at in (address[0], address[-1]))
    before = f"(?<!{start})(?<!{start}{JOINS})(?<!{start} {JOINS} )" if start else ""
    return f"{before}{re.escape(address)}" + (f"(?!{end}|{JOINS}{end}| {JOINS} {end})" if end else "")


def _number(at: str) -> str:
    """What would go on with the number or the word that a character is of."""
    if re.match(f"[{NUMERAL}]", at):
        return f"[0-9{NUMERAL}]"
    digits = NUMERAL if at.isdecimal() else ""
    return f"[{ALPHABETIC}{digits}]" if re.match(f"[{ALPHABETIC}]", at) else ""


def _login(stored: str) -> str:
    """A login that is not a piece of a longer one, nor of an address of mail. In 登录名lin the Latin one is apart."""
    beside = LATIN if stored.isascii() else LETTER
    joins = f"[_.@{HYPHEN}]"
    before = f"(?:^|[^{beside}_.@{HYPHEN}]){joins}*"
    return f"{before}({re.escape(letters(stored))})(?!{joins}*[{beside}])"
