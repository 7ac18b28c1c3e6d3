"""What of a text names a person: decided here alone, as a regular expression that PostgreSQL is given as a value.

A name says who it is wherever it stands, but in a longer one that somebody else bears; a name without ideographs, a
phone and a login where they are not a piece of something longer. Letters are found whatever their case. An address is
a place and no person, and so is `on` of 350521-on nobody: they go only beside what names the person, and nothing goes
that is in somebody else's name. Long because these rules are to be read, and weighed against each other, in one place.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, permutations, zip_longest
from typing import Any

from sqlalchemy import ColumnElement, func

from services.access.passwords import uncoded
from services.members.tables import NOBODY
from services.names import DOTS, composed
from services.storage.transaction import Record

# Classes of characters, said in full: what a locale calls a letter is not the same on every server.
# A mark, as an accent or a sound of Hangul, makes another letter of the one before it.
MARK = "\u0300-\u036f\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"
DIGIT, LATIN, OF_LOGINS = "0-9０-９", f"0-9A-Za-z０-９Ａ-Ｚａ-ｚ{MARK}", "_.@＿．＠－-"
IDEOGRAPH = "々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
ALPHABETIC = f"{DIGIT}A-Za-zＡ-Ｚａ-ｚ\u00aa-\u02af\u0370-\u052f\u1e00-\u1fff{MARK}"
LETTER = f"{ALPHABETIC}{IDEOGRAPH}"
NUMERAL = "〇零一二三四五六七八九十廿卅卌百千壹贰叁肆伍陆柒捌玖拾佰仟"
# Blanks with which a name of Chinese characters is drawn out, on one line; and how many characters such a name has.
GAP, DRAWN = "[\t \u00a0\u2000-\u200a\u3000]", f"[{IDEOGRAPH}]{{2,6}}"
# The dots between the parts of a name, and full stops that stand for one.
DOT = f"[\u00b7\u0387\uff65.．{DOTS}]"
MIDDLE = f"[\u00b7\u0387\uff65{DOTS}]|(?<=[{IDEOGRAPH}])[.．](?=[{IDEOGRAPH}])"
BLANK = "\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# Between two digits of a phone there may be one blank, or one of these hyphens and dashes.
HYPHENS = "\u2010-\u2015\u2212－-"
JOINTS = f" \u00a0\u3000{HYPHENS}"
JOINT = f"[{JOINTS}]?"
# A number of China's mobiles, with or without the country's code.
MOBILE = re.compile("(?:(?:00)?86)?(1[0-9]{10})")
# A landline with its area's code: 10 and 2x of two digits, others of three, behind a 0 or the country's code.
LANDLINE = re.compile("(?:(?:00)?860?|0)((?:10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7})")
LOCAL = (7, 8)  # digits of one without
# A day, or a month of a year, in groups of digits.
DATE = re.compile("(?:(?:19|20)?[0-9]{2}-)?(?:0?[1-9]|1[0-2])(?:-(?:0?[1-9]|[12][0-9]|3[01]))?")
# The shortest of a login without its county's code that names somebody by itself; of digits alone, which may be a year.
TELLING, TELLING_DIGITS = 4, 7
# In how many places of others' names a login or an address is told apart: PostgreSQL needs minutes for a few hundred.
PLACES = 50
# The fewest digits by which a phone is known however it is written; `1----1` is looked for as it is.
PHONE_DIGITS = 6
WIDER = ord("！") - ord("!")  # from a character of half width to the same of full width
# How a regular expression begins that finds letters whatever their case.
ANY_CASE = "(?i)"
MARKS = 2  # of a letter, that are looked for in any order and composed in part


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


def words_of(
    member: Record, logins: Collection[str], *, by_name: bool = True, longer: Collection[str] = ()
) -> Words | None:
    """What names a member who signs in by these logins; None where nothing does.

    Nothing in one of the longer names does, which others bear.
    """
    member = {**member, "name": composed(member["name"])}
    longer = [composed(other) for other in longer if not same(member["name"], other)]
    bare = {uncoded(login) for login in logins}
    telling = {login for login in bare if len(login) >= (TELLING_DIGITS if login.isdecimal() else TELLING)}
    alone, beside = map(_login, {*logins} - bare | telling), map(_login, bare - telling)
    naming = [*_outside(longer, alone), *([_phone(member["phone"])] if member["phone"] else [])]
    naming += [_unless_in(_name(member["name"]), longer, _borne(member["name"]))] if by_name else []
    places = [_address(member["address"])] if member["address"] else []
    return Words(_any_of(naming), _any_of([*naming, *_outside(longer, [*beside, *places])])) if naming else None


def bearing(name: str, others: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the name is another's too, or is in theirs."""
    return others.op("~", is_comparison=True)(f"{ANY_CASE}{_borne(composed(name))}")


def same(name: str, other: str) -> bool:
    """Whether two names are one in every text."""
    other = composed(other)
    return (0, len(other)) in _within(_borne(composed(name)), other)


def _any_of(words: Collection[str]) -> str:
    return ANY_CASE + "|".join(sorted(words))


# --- names ------------------------------------------------------------------------------------------------------------


def _name(name: str) -> str:
    """As it is written in texts: drawn out by blanks, only where no other Chinese character touches it."""
    start, end = _edges(name)
    drawn = f"|(?<![{IDEOGRAPH}]){_drawn(name)}(?![{IDEOGRAPH}])" if _may_be_drawn(name) else ""
    return f"(?:{start}{_spaced(name)}{end}{drawn})"


def _borne(name: str) -> str:
    """As it is written in another's name, where nothing else is."""
    return _drawn(name) if _may_be_drawn(name) else _name(name)


def _may_be_drawn(name: str) -> bool:
    return re.fullmatch(DRAWN, re.sub(f"[{BLANK}]", "", name)) is not None


def _drawn(name: str, gap: str = f"{GAP}*") -> str:
    """A name, or a piece of one, with or without blanks between any two characters, or with such a gap."""
    return gap.join(re.sub(f"[{BLANK}]", "", name))


def _edges(name: str) -> tuple[str, str]:
    """What holds where a name begins and ends.

    Of one character it is a word like any other, and found only by itself; an end without an ideograph not beside a
    letter, nor either end of a name that has none.
    """
    beside = LETTER if len(name) == 1 else ALPHABETIC
    bare = len(name) > 1 and re.search(f"[{IDEOGRAPH}]", name)
    start, end = (not bare or re.match(f"[{ALPHABETIC}]", at) for at in (name[0], name[-1]))
    return f"(?<![{beside}])" if start else "", f"(?![{beside}])" if end else ""


def _spaced(name: str) -> str:
    """A name, or a piece of one, with whatever blanks and dots between its parts; none where Chinese needs no blank."""
    parts = re.split(f"([{BLANK}]+|{MIDDLE})", name)
    between = (_between(*parts[at - 1 : at + 2]) for at in range(1, len(parts), 2))
    return "".join(chain.from_iterable(zip_longest(map(_literal, parts[::2]), between, fillvalue="")))


def _between(before: str, divides: str, behind: str) -> str:
    if not re.match(f"[{BLANK}]", divides):
        return DOT
    return f"[{BLANK}]{'*' if re.search(f'[{IDEOGRAPH}]$', before) or re.match(f'[{IDEOGRAPH}]', behind) else '+'}"


def _unless_in(word: str, longer: Collection[str], borne: str | None = None) -> str:
    """A word, unless where it begins it is in one of these names, as it is written there.

    One constraint for all of them: PostgreSQL finds fifty in a row too complex.
    """
    there = [_there(name, at) for name, at in _places(borne or word, longer)]
    return f"(?!{'|'.join(there)}){word}" if there else word


def _outside(longer: Collection[str], words: Iterable[str]) -> Iterator[str]:
    """Words that are logins or places, where they are in none of these names; not those that are too often in them."""
    return (_unless_in(word, longer) for word in words if len(_places(word, longer)) <= PLACES)


def _places(word: str, longer: Collection[str]) -> list[tuple[str, int]]:
    """In which of these names a word is, and where it begins there."""
    return [(name, at) for name in longer for at, _ in _within(word, name)]


def _within(word: str, name: str) -> Iterator[tuple[int, int]]:
    """Where a word, a regular expression, begins and ends in a name."""
    return (found.span(1) for found in re.finditer(f"(?=({word}))", name, re.IGNORECASE))


def _there(name: str, at: int) -> str:
    """A name that began so many characters before, and what follows of it.

    Drawn out between all its characters it is known beside others, too: 王 明 华参加 is of 王明华, and not of 王明.
    """
    start, end = _edges(name)
    after = f"(?<={start}{_spaced(name[:at])})" if at else start
    tight = f"{after}{_spaced(name[at:])}{end}"
    if not _may_be_drawn(name):
        return tight
    gap, wide = (f"{GAP}*", f"{GAP}+") if at else ("", "")
    alone = f"(?<=(?<![{IDEOGRAPH}]){_drawn(name[:at])}{gap}){_drawn(name[at:])}(?![{IDEOGRAPH}])"
    return f"{tight}|{alone}|(?<={_drawn(name[:at], f'{GAP}+')}{wide}){_drawn(name[at:], f'{GAP}+')}"


# --- addresses --------------------------------------------------------------------------------------------------------


def _address(address: str) -> str:
    """A place as it is written, and not as a piece of another: 1号楼101 is not in 11号楼101, nor 二号楼 in 十二号楼."""
    start, end = (_beside(at) for at in (address[0], address[-1]))
    before = f"(?<!{start})(?<!{start}[{HYPHENS}])" if start else ""
    return f"{before}{_literal(address)}" + (f"(?![{HYPHENS}]?{end})" if end else "")


def _beside(at: str) -> str:
    """What would go on with the number or the word that a character is of."""
    return next((f"[{kind}]" for kind in (ALPHABETIC, NUMERAL) if re.match(f"[{kind}]", at)), "")


# --- phones and logins ------------------------------------------------------------------------------------------------


def _phone(phone: str) -> str:
    """Its digits, of half or full width, joined or not, not beside another; with the codes of country and area.

    Short ones, which are dates as well, only in the groups that phones are written in.
    """
    digits = re.sub("[^0-9]", "", phone)
    if len(digits) < PHONE_DIGITS:
        return f"(?<![{DIGIT}][{HYPHENS}]?){_literal(phone)}(?![{HYPHENS}]?[{DIGIT}])"
    country = f"(?:{_digits('00')}{JOINT})?{_digits('86')}{JOINT}"
    area = f"(?:{country})?(?:{_digits('0')}{JOINT})"
    if mobile := MOBILE.fullmatch(digits):
        written = f"(?:{country})?{_digits(mobile[1])}"
    elif landline := LANDLINE.fullmatch(digits):
        written = f"(?:{area}|{country}){_digits(landline[1])}"
    elif len(digits) in LOCAL:
        written = f"(?:(?:{area}|{country})[1-9１-９][{DIGIT}]{{1,2}}{JOINT})?{_grouped(digits, phone)}"
    else:
        written = _grouped(digits, phone) if len(digits) < min(LOCAL) else _digits(digits)
    return f"(?<![{DIGIT}])[+＋]?{written}(?![{DIGIT}])"


def _grouped(digits: str, phone: str) -> str:
    """Digits of a short phone in one or two groups, and as they are stored unless that is a date."""
    half = len(digits) // 2
    written = {JOINT.join(map(_run, (digits[:half], digits[half:])))}
    groups = re.findall("[0-9]+", phone)
    if not DATE.fullmatch("-".join(groups)):
        written.add(f"[{JOINTS}]".join(map(_run, groups)))
    return f"(?:{'|'.join(sorted(written))})"


def _digits(digits: str) -> str:
    return JOINT.join(map(_run, digits))


def _run(digits: str) -> str:
    """Digits with nothing between them."""
    return "".join(f"[{digit}{chr(ord(digit) + WIDER)}]" for digit in digits)


def _login(login: str) -> str:
    # A full stop ends a sentence, unless a login could go on behind it. In 登录名lin the one of Latin letters is apart.
    beside = LATIN if login.isascii() else LETTER
    return f"(?<![{beside}{OF_LOGINS}]){_literal(login)}(?![{beside}_@＿＠－-]|[.．][{beside}{OF_LOGINS}])"


def _literal(word: str) -> str:
    """A word as a regular expression that matches it, of half or full width, and nothing else."""
    return "".join(map(_letter, re.findall(f".[{MARK}]*", composed(word), re.DOTALL)))


def _letter(letter: str) -> str:
    """A letter with its marks, however it is composed: é is e and an accent as well, and ệ may be ẹ or ê and another.

    One with more marks than that is known by these in their own order.
    """
    base, *marks = [*unicodedata.normalize("NFD", letter)]
    orders = permutations(marks) if len(marks) <= MARKS else [tuple(marks)]
    forms = {letter} | {
        composed(base + "".join(order[:at])) + "".join(order[at:])
        for order in orders
        for at in range(len(marks) + 1)
        if composed(base + "".join(order)) == letter
    }
    written = sorted("".join(map(_either, form)) for form in forms)
    return written[0] if len(written) == 1 else f"(?:{'|'.join(written)})"


def _either(character: str) -> str:
    """A character of either width.

    A backslash before a letter or a digit would mean something: only what is neither has one.
    """
    half = chr(ord(character) - WIDER) if "！" <= character <= "～" else character
    if not "!" <= half <= "~":
        return half
    widths = {half, *(chr(ord(case) + WIDER) for case in (half.lower(), half.upper()))}
    return f"[{''.join(sorted(each if each.isalnum() or each > '~' else chr(92) + each for each in widths))}]"
