"""Enumerations whose values say what they are, in Chinese and English: as clients read them in the schema."""

from enum import StrEnum
from typing import Self


class Described(StrEnum):
    """`VALUE = "VALUE", "中文 / English"`: a string, with a text."""

    text: str

    def __new__(cls, value: str, text: str = "") -> Self:
        """A value and what it is."""
        made = str.__new__(cls, value)
        made._value_, made.text = value, text
        return made
