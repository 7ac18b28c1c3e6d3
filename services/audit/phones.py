"""A phone that is stored in one way, and where it is written: found among the numbers of a text, not among its digits.

Groups of digits with little between them are told with one sign between any two. A phone is some of these groups,
whole, with or without the codes of country and area; a code that might as well be the end of another number is left.
Short ones, which are dates as well, are only found in the groups that phones are written in.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.audit.reading import ALPHABETIC, DASH, DOT, HYPHEN, NOBODYS, Reading, Span, letters

JOIN = f"[{DASH}{HYPHEN}]"
OPENING, CLOSING = "([{<【〔〖「『《〈｢﹙", ")]}>】〕〗」』》〉｣﹚"
_OPENING, _CLOSING = map(re.escape, (OPENING, CLOSING))
# What may be between two groups, up to three of them; and what is there most of the time.
_DIVIDER = rf"[ /_~〜.:*+{DOT}{DASH}{_OPENING}{_CLOSING}{HYPHEN}]{{1,3}}"
_LOOSELY = re.compile(f" ?{JOIN} ?| ")
BLANK, OTHER = " ", "/"  # as they are told, beside a hyphen
_GROUP = re.compile("[0-9]+")
_RUN = re.compile(f"[0-9]+(?:{_DIVIDER}[0-9]+)*")
_USUAL, _ANY = f"[{BLANK}{HYPHEN}]", f"[{BLANK}{OTHER}{HYPHEN}]?"

_COUNTRY = f"(?:00)?86{_ANY}(?:0{_ANY})?"
_AREA = "(?:10|2[0-9]|[3-9][0-9]{2})"  # of Beijing, of other large cities, of the rest
# The country's or an area's; or somebody's age or a room's number, but for a + before it, or brackets around an area's.
_LOOSE = re.compile(f"(?:86|0{_AREA})[{BLANK}{OTHER}]")
_AS_CODE = re.compile(f"(?<=[+])|(?<=[{_OPENING}])0[0-9]+[{_CLOSING}]")
CODE = f"(?P<code>(?:{_COUNTRY}|0)?)"
AREAS_CODE = f"(?P<code>(?:(?:{_COUNTRY}|0){_AREA}{_ANY})?)"
ABROAD, EITHER, NO_CODE = "(?P<code>(?:00)?)", f"(?P<code>(?:00|{_COUNTRY}|0)?)", "(?P<code>)"
# One that is known by its digits, maybe behind a code: a mobile, a service's, a landline with its area.
_LONG = re.compile(f"(?:(?:00)?86)?0?(1[3-9][0-9]{{9}}|[48]00[0-9]{{7}}|(?![48]00){_AREA}[2-8][0-9]{{6,7}})")
_NATIONAL, _CODED, _AREAS = re.compile("1|[48]00"), re.compile("(?:00)?86"), re.compile(_AREA)
_LOCAL = re.compile("[2-8][0-9]{6,7}")  # a landline without its area
SHORT = 8  # digits that may be a date
# A day, or a month of a year, in groups of digits.
DATE = re.compile("(?:(?:19|20)?[0-9]{2} )?(?:0?[1-9]|1[0-2])(?: (?:0?[1-9]|[12][0-9]|3[01]))?")
# The fewest digits by which a phone is known however it is written; `1----1` is looked for as it is.
DIGITS = 6
EXTENSION = 5  # digits of one, at most
_SIGNS = f"[ ,、;:.#*/{DASH}{_OPENING}{_CLOSING}{HYPHEN}]{{0,3}}"
_WORDS = "请?(?:(?:转接?)? ?分机号?码?|转接?|拨|内线(?:电话)?|ext|extension|x)"
_BEFORE_EXTENSION = f"(?:{_SIGNS}总机)?{_SIGNS}{_WORDS}{_SIGNS}"
_JOINING_ONE = f" ?(?:{JOIN}{{1,2}}|[/#*{_OPENING}]) ?"
# Behind these no number goes on, although there is a digit before them; of the last, as they are written.
_STOPS, _APART = f"\n;!?|{NOBODYS}{CLOSING}", "，、；。！？”’"
_COUNTED = "第号楼栋幢座元室户房门层组街路巷弄道转"  # words that numbers stand beside
_CALLING = re.compile("(?<![a-z])(?:tel|telephone|phone|mobile|mob|cell|fax)$")
_GOES_ON = f"[0-9]|[:.{HYPHEN}][0-9]|[{_COUNTED}岁元年月日时点分人]"  # a number that is no extension
_CENTURY = re.compile("(?:19|20)")


@dataclass(frozen=True, slots=True)
class Phone:
    """A number, by the digits that are there however it is written, and as it is told where it is."""

    digits: str
    told: re.Pattern[str]
    abroad: bool = False  # it begins with the code of a country, whatever is before it
    extension: re.Pattern[str] | None = None

    def written(self, said: Reading) -> Iterator[Span]:
        """Where it stands; without a bracket in it that is of something else."""
        for told, at in _numbers(said.letters):
            for found in self.told.finditer(told):
                end = at[found.end() - 1] + 1
                if self.extension:
                    if not (behind := self.extension.match(said.letters, end)):
                        continue
                    end = behind.end()
                yield from _bracketed(said.letters, self._start(said, told, at, found), end)

    def _start(self, said: Reading, told: str, at: Sequence[int], found: re.Match[str]) -> int:
        """Where it begins: with as much of its code as ends no other number."""
        code = found.end("code")
        start = found.start() + re.search("[0-9]*$", found["code"]).start()  # type: ignore[union-attr]
        for group in _GROUP.finditer(told, found.start(), start):
            place = at[group.start()]
            maybe = not _LOOSE.match(told, group.start()) or _AS_CODE.match(said.letters, place)
            if maybe and self.told.match(told, group.start()) and _ends_none(said, place):
                start = group.start()
                break
        begins = at[start]
        plus = said.letters.endswith("+", 0, begins) and _ends_none(said, begins)
        return begins - 1 if plus and (self.abroad or "86" in told[start:code]) else begins


def phones(stored: str) -> tuple[Phone, ...]:
    """What is stored as one, which may be two; none where there are too few digits to know it in groups by."""
    groups = _GROUP.findall(letters(stored))
    if sum(map(len, groups)) < DIGITS:
        return ()
    abroad = letters(stored).startswith(("+", "00"))
    if known := _known(groups, abroad=abroad):
        return (known,)
    for at in range(1, len(groups)):
        if (one := _known(groups[:at])) and (other := _known(groups[at:])):
            return one, other
    return (_other(groups, abroad=abroad),)


def as_stored(stored: str) -> str:
    """A regular expression of one of too few digits."""
    written = re.escape(letters(stored))
    return f"(?<![0-9])(?<![0-9]{JOIN}){written}(?!{JOIN}?[0-9])"


def _known(groups: Sequence[str], *, abroad: bool = False) -> Phone | None:
    """A number of a kind there is in China, maybe with an extension; or one that only looks like it."""
    digits, (*others, last) = "".join(groups), groups
    number = "".join(others) if len(last) <= EXTENSION else ""
    known = _LONG.fullmatch(digits)
    if number and not (known and (_NATIONAL.match(known[1]) or _CODED.match(digits))) and not abroad:
        has_area = _AREAS.fullmatch(groups[0]) and _LOCAL.fullmatch(digits.removeprefix(groups[0]))
        if (_LOCAL.fullmatch(number) and not has_area) or (len(last) < 3 and _LONG.fullmatch(number)):
            return _extended(_known([number]), last)
    if known:
        foreign = abroad and known[1] == digits.removeprefix("00")
        return Phone(known[1], _told(EITHER if foreign else CODE, _ANY.join(known[1])), foreign)
    if _LOCAL.fullmatch(digits):
        return Phone(digits, _told(AREAS_CODE, _grouped(digits, groups)))
    return _extended(_known([number]), last) if _LONG.fullmatch(number) else None


def _other(groups: Sequence[str], *, abroad: bool) -> Phone:
    digits = "".join(groups)
    if len(digits) <= SHORT:
        return Phone(digits, _told(NO_CODE, _grouped(digits, groups)))
    bare = digits.removeprefix("00") if abroad else digits
    return Phone(bare, _told(ABROAD if abroad else NO_CODE, _ANY.join(bare)), abroad)


def _extended(number: Phone | None, extension: str) -> Phone | None:
    """With it alone: the number by itself is everybody's there."""
    either = f"{_BEFORE_EXTENSION}{extension}(?![0-9])|{_JOINING_ONE}{extension}(?!{_GOES_ON})"
    return number and replace(number, extension=re.compile(either))


def _told(code: str, digits: str) -> re.Pattern[str]:
    return re.compile(f"(?<![0-9]){code}{digits}(?![0-9])")


def _grouped(digits: str, groups: Sequence[str]) -> str:
    """Digits of a short phone in one or two groups, and as they are stored unless that is a date."""
    half = len(digits) // 2
    between = _ANY if _LOCAL.fullmatch(digits) and not _CENTURY.match(digits) else f"{_USUAL}?"
    halves = f"{digits[:half]}{between}{digits[half:]}"
    return halves if DATE.fullmatch(BLANK.join(groups)) else f"(?:{halves}|{_USUAL.join(groups)})"


def _numbers(read: str) -> Iterator[tuple[str, Sequence[int]]]:
    """Each run of groups as it is told, and where each character of that is."""
    for run in _RUN.finditer(read):
        told, at = "", list[int]()
        for part in re.finditer("[0-9]+|[^0-9]+", run[0]):
            told += part[0] if part[0].isdecimal() else _sign(part[0])
            at += range(run.start() + part.start(), run.start() + part.start() + len(told) - len(at))
        yield told, at


def _sign(between: str) -> str:
    if between in (HYPHEN, DASH):
        return HYPHEN
    return BLANK if _LOOSELY.fullmatch(between) else OTHER


def _ends_none(said: Reading, start: int) -> bool:
    """Whether a code that begins here is not the end of another number, or of a house's: 50.86, 139 0000 0086, A-86."""
    at = start - 1
    while at >= 0 and not said.letters[at].isalnum():
        if said.letters[at] in _STOPS or said.text[said.at[at][0]] in _APART:
            return True
        at -= 1
    letter, between = said.letters[max(at, 0)], said.letters[at + 1 : start]
    if at < 0 or (len(between) > 1 and between.endswith("+")):
        return True
    if not re.match(f"[{ALPHABETIC}]", letter):
        return letter not in _COUNTED
    if letter.isdecimal():
        return said.text[said.at[at + 1][0]] == "："
    return between.isspace() or _CALLING.search(said.letters, max(at - 9, 0), at + 1) is not None


def _bracketed(read: str, start: int, end: int) -> Iterator[Span]:
    """A number with the brackets around a part of it; in pieces where a bracket is around something else as well."""
    opened, closed = _alone(read, start, end)
    if len(closed) == 1 and (before := re.search(f"[{_OPENING}] ?$", read[max(start - 2, 0) : start])):
        start, closed = start - len(before[0]), []
    if len(opened) == 1 and (behind := re.match(f" ?[{_CLOSING}]", read[end : end + 2])):
        end, opened = end + len(behind[0]), []
    cuts = sorted([*opened, *closed])
    for since, until in zip([start, *(cut + 1 for cut in cuts)], [*cuts, end], strict=True):
        digits = re.search("[0-9].*[0-9]|[0-9]", read[since:until]) if cuts else None
        yield (since + digits.start(), since + digits.end()) if digits else (since, until)


def _alone(read: str, start: int, end: int) -> tuple[list[int], list[int]]:
    """Where brackets open and close here that do the other elsewhere."""
    opened, closed = [], []
    for at in range(start, end):
        if read[at] in OPENING:
            opened.append(at)
        elif read[at] in CLOSING:
            if opened:
                opened.pop()
            else:
                closed.append(at)
    return opened, closed
