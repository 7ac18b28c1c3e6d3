"""A text as it is read for whom it names: one character for each that is written, whatever its width, case and accents.

Blanks are one blank, lines end in one way, and dots, hyphens and dashes are each one. What a text is without a part of
it is told in the text as it was written.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.names import DOTS, composed

# Classes of characters as they are read, said in full: what is called a letter is not the same everywhere. A mark, as
# an accent or a sound of Hangul, makes another letter of the one before it.
MARK = "\u0300-\u036f\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"
IDEOGRAPH = "々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LATIN = f"0-9a-z{MARK}"
_GREEK = "\u0370-\u037d\u037f-\u0386\u0388-\u03ff\u1f00-\u1fff"
ALPHABETIC = f"{LATIN}\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af{_GREEK}\u0400-\u052f\u1e00-\u1eff"
LETTER = f"{ALPHABETIC}{IDEOGRAPH}"
DOT, HYPHEN, DASH = "·", "-", "—"

Span = tuple[int, int]
"""Where a part of what is read begins, and where what is behind it does."""

_WRITTEN = re.compile(f".[{MARK}]*", re.DOTALL)  # a character with its marks
_WIDER = ord("！") - ord("!")  # from a character of half width to the same of full width
_ALIKE = str.maketrans(
    {chr(ord(" ") + at + _WIDER): chr(ord(" ") + at) for at in range(1, ord("~") - ord(" ") + 1)}
    | dict.fromkeys(
        "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
    )
    | dict.fromkeys("\r\v\f\x1c\x1d\x1e\x85\u2028\u2029", "\n")
    | dict.fromkeys(f"\u0387\uff65{DOTS}", DOT)
    | dict.fromkeys("\u02d7\u2010\u2011\u2043\u2212\u2796", HYPHEN)
    | dict.fromkeys("\u2012\u2013\u2015\u2500", DASH)
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, what is read of it, and where each character of that is written."""

    text: str
    letters: str
    at: tuple[int, ...]

    def without(self, parts: Iterable[Span], instead: str) -> str:
        """The text with this instead of these parts; of parts that overlap, instead of all they reach over."""
        left, end = [], 0
        for start, behind in _joined(parts):
            left += [self.text[end : self.at[start]], instead]
            end = self.at[behind]
        return "".join([*left, self.text[end:]])


def read(text: str) -> Reading:
    """A text as it is read."""
    letters, at = [], []
    for written in _WRITTEN.finditer(text):
        letter = composed(written[0].translate(_ALIKE)).lower()
        letters.append(letter)
        at += [written.start()] * len(letter)
    return Reading(text, "".join(letters), (*at, len(text)))


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
