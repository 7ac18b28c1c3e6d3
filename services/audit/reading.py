"""A text as it is read for whom it names: one character for each that is written, whatever its width, case and accents.

Blanks are one blank, lines end in one way, and dots, hyphens, dashes and apostrophes are each one. What strikes letters
out, underlines or encloses them is not read. What a text is without a part of it is told in the text as it was written.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from services.members.tables import NOBODY
from services.names import DASHES, DOTS, HYPHENS, composed

# Classes of characters as they are read, said in full: what is called a letter is not the same everywhere. A mark, as
# an accent or a sound of Hangul, makes another letter of the one before it.
MARK = "\u0300-\u036f\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"
IDEOGRAPH = "々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LATIN = f"0-9a-z{MARK}"
_GREEK = "\u0370-\u037d\u037f-\u0386\u0388-\u03ff\u1f00-\u1fff"
ALPHABETIC = f"{LATIN}\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af{_GREEK}\u0400-\u052f\u1e00-\u1eff"
LETTER = f"{ALPHABETIC}{IDEOGRAPH}"
DOT, HYPHEN, DASH = "·", "-", "—"
# What makes no other letter of one: lines through, below and around it; and none does of an ideograph or a digit.
_ADORNING = re.compile(f"[\u0332-\u0338\u20d0-\u20ff]|(?<=[0-9{IDEOGRAPH}])[{MARK}]+")

Span = tuple[int, int]
"""Where a part of what is read begins, and where what is behind it does."""

# A character with its marks; or the name of whose data were deleted, which no letter touches.
_WRITTEN = re.compile(f"{NOBODY}|.[{MARK}]*", re.DOTALL)
NOBODYS = "\ue000"
_WIDER = ord("！") - ord("!")  # from a character of half width to the same of full width
_ALIKE = str.maketrans(
    {chr(ord(" ") + at + _WIDER): chr(ord(" ") + at) for at in range(1, ord("~") - ord(" ") + 1)}
    | dict.fromkeys(
        "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
    )
    | dict.fromkeys("\r\v\f\x1c\x1d\x1e\x85\u2028\u2029", "\n")
    | dict.fromkeys(f"\u0387\uff65{DOTS}", DOT)
    | dict.fromkeys(f"{HYPHENS}\ufe63", HYPHEN)
    | dict.fromkeys(DASHES, DASH)
    | dict.fromkeys("\u2018\u2019\u02bc\u00b4`", "'")
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, what is read of it, and from where to where each character of that is written."""

    text: str
    letters: str
    at: tuple[Span, ...]

    def without(self, parts: Iterable[Span], instead: str) -> str:
        """The text with this instead of these parts; of parts that overlap, instead of all they reach over."""
        left, end = [], 0
        for start, behind in _joined(parts):
            left += [self.text[end : self.at[start][0]], instead]
            end = self.at[behind - 1][1]
        return "".join([*left, self.text[end:]])


class Places:
    """Parts of what is read, that may overlap, and whether another is in them."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._reach = [*accumulate((end for _, end in ordered), max)]

    def hold(self, span: Span) -> bool:
        """Whether one of them holds all of this."""
        return self._reached(bisect_right(self._starts, span[0])) >= span[1]

    def touch(self, span: Span) -> bool:
        """Whether one of them holds any of this."""
        return self._reached(bisect_left(self._starts, span[1])) > span[0]

    def _reached(self, before: int) -> int:
        """How far those that begin before reach."""
        return self._reach[before - 1] if before else -1


def read(text: str) -> Reading:
    """A text as it is read."""
    letters, at = [], []
    for written in _WRITTEN.finditer(text):
        if written[0] == NOBODY:
            letters.append(NOBODYS)
            at.append(written.span())
            continue
        letter = composed(_ADORNING.sub("", written[0].translate(_ALIKE))).lower()
        letters.append(letter)
        at += [written.span()] * len(letter)
    return Reading(text, "".join(letters), tuple(at))


def letters(word: str) -> str:
    """What is read of a word."""
    return read(word).letters


def _joined(parts: Iterable[Span]) -> Iterator[Span]:
    start = end = -1
    for each, behind in sorted(parts):
        if each < end:
            end = max(end, behind)
            continue
        if end > 0:
            yield start, end
        start, end = each, behind
    if end > 0:
        yield start, end
