"""Codes of the statistics bureau: 2, 4, 6, 9 and 12 digits from province to community, longer below."""

from services.errors import bad_input

LENGTHS = (2, 4, 6, 9, 12)  # province, city, county, town, community
LONGEST = 40


def canonical(text: str) -> str:
    """The short form of a code: twelve digits lose the zeros they were padded with, others stay as they are.

    Raises Refused BAD_USER_INPUT for what cannot be a code: anything but 2 to 40 ASCII digits.
    """
    if not (text.isascii() and text.isdigit() and 2 <= len(text) <= LONGEST):
        raise bad_input("代码须为 2 至 40 位半角数字，不含空格。", "A code has 2 to 40 ASCII digits and no spaces.")
    return shortened(text) if len(text) == 12 else text


def shortened(code: str) -> str:
    """A padded code of twelve digits without its padding: 350521000000 is 350521, 441900003000 is 441900003."""
    for length in reversed(LENGTHS[:-1]):
        if set(code[length:]) != {"0"}:
            break
        code = code[:length]
    return code
