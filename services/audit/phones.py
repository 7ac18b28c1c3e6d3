"""How a phone that is stored in one way is written in texts, as a regular expression of what is read of them.

By its digits, joined or not, not beside another; with the codes of country and area. Short ones, which are dates as
well, only in the groups that phones are written in.
"""

import re
from collections.abc import Iterable

from services.audit.reading import DASH, DOT, HYPHEN, letters

# Between two digits there may be one blank, or a hyphen or a dash with a blank on either side or none; between the
# groups of a number that can be nothing else, more.
JOIN = f"[{DASH}{HYPHEN}]"
JOINT = f"(?: ?{JOIN} ?| )?"
BETWEEN = f"(?:{JOINT}|[ /_~.:()*{DOT}{DASH}{HYPHEN}]{{1,3}})"
# A number of China's mobiles, with or without the country's code.
MOBILE = re.compile("(?:(?:00)?86)?(1[0-9]{2})([0-9]{4})([0-9]{4})")
# A landline with its area's code: 10 and 2x of two digits, others of three, behind a 0 or the country's code.
LANDLINE = re.compile("(?:(?:00)?860?|0)(10|2[0-9]|[3-9][0-9]{2})([2-8][0-9]{6,7})")
LOCAL = (7, 8)  # digits of one without
# A day, or a month of a year, in groups of digits.
DATE = re.compile("(?:(?:19|20)?[0-9]{2}-)?(?:0?[1-9]|1[0-2])(?:-(?:0?[1-9]|[12][0-9]|3[01]))?")
# The fewest digits by which a phone is known however it is written; `1----1` is looked for as it is.
DIGITS = 6

# What may stand before one. A code by itself not where it ends another number, as of 50.0 or 3-0.
_ALONE = f"(?<![0-9][.,:/{DASH}{HYPHEN}])"
_CODE = f"(?:00{JOINT})?86"
COUNTRY = rf"(?:\(\+?{_CODE}\) ?|00{JOINT}86{JOINT}|86(?=[0-9])|{_ALONE}86{JOINT})"
TRUNK = f"(?:0(?=[0-9])|{_ALONE}0{JOINT})"
AREA = f"(?:{COUNTRY}0?{JOINT}|{TRUNK})"
# An area's code, whichever it is; 0.025 is a number.
ANY_AREA = r"(?:[3-9][0-9]{2}|(?<![0-9]\.0)(?:10|2[0-9]))"


def phone(stored: str) -> str:
    """One that is stored so, as it is written."""
    digits = re.sub("[^0-9]", "", letters(stored))
    if len(digits) < DIGITS:
        return f"(?<![0-9])(?<![0-9]{JOIN}){re.escape(letters(stored))}(?!{JOIN}?[0-9])"
    if mobile := MOBILE.fullmatch(digits):
        first, *others = map(_joined, mobile.groups())
        written = f"(?:{COUNTRY}|{TRUNK})?{BETWEEN.join((_bracketed(first), *others))}"
    elif landline := LANDLINE.fullmatch(digits):
        area, local = map(_joined, landline.groups())
        bracketed = rf"{COUNTRY}?\(0?{area}\)|\(\+?{_CODE}{JOINT}0?{area}\)"
        written = f"(?:{bracketed}|{AREA}{area}){BETWEEN}{local}"
    elif len(digits) in LOCAL:
        bracketed = rf"{COUNTRY}\(0?{ANY_AREA}\)|\(0{ANY_AREA}\)|\(\+?{_CODE}{JOINT}0?{ANY_AREA}\)"
        written = f"(?:(?:{bracketed}|{AREA}{ANY_AREA}){JOINT})?{_grouped(digits, stored)}"
    else:
        written = _grouped(digits, stored) if len(digits) < min(LOCAL) else _joined(digits)
    return rf"(?:(?<![0-9])|(?=\())\+?{written}(?![0-9])"


def always(stored: str) -> str:
    """The digits that are there however it is written, one after the other."""
    digits = re.sub("[^0-9]", "", letters(stored))
    if mobile := MOBILE.fullmatch(digits):
        return "".join(mobile.groups())
    landline = LANDLINE.fullmatch(digits)
    return landline[2] if landline else digits


def _joined(digits: Iterable[str]) -> str:
    return JOINT.join(digits)


def _bracketed(group: str) -> str:
    """A group of digits with brackets around it, or without."""
    return rf"(?:\({group}\)|{group})"


def _grouped(digits: str, stored: str) -> str:
    """Digits of a short phone in one or two groups, and as they are stored unless that is a date."""
    half = len(digits) // 2
    written = {_joined((digits[:half], digits[half:]))}
    groups = re.findall("[0-9]+", letters(stored))
    if not DATE.fullmatch("-".join(groups)):
        written.add(f"[ {DASH}{HYPHEN}]".join(groups))
    return f"(?:{'|'.join(sorted(written))})"
