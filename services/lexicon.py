"""pypinyin's dictionaries made small: `python -m services.lexicon` writes what `services.readings` keeps of them.

In a process of its own, which ends: they take 60 MiB to load and to rearrange, and what Python has taken it seldom
gives back. What is kept takes a quarter of that.
"""

import json
import sys
import unicodedata
from contextlib import suppress
from functools import cache
from typing import TypeAlias

from services.readings import CHARACTERS, WORDS

# Character -> syllable; phrase -> syllables with spaces between; the pairs of characters that turn a reading.
Lexicon: TypeAlias = tuple[dict[str, str], dict[str, str], list[str]]


def made() -> Lexicon:
    """All that is needed to read a name."""
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    syllables = {chr(code): _toneless(tones.split(",")[0]) for code, tones in PINYIN_DICT.items()} | CHARACTERS
    phrases = {text: [_toneless(tones[0]) for tones in reads] for text, reads in PHRASES_DICT.items() if len(text) > 1}
    phrases |= {text: read.split() for text, read in WORDS.items()}
    turning = {
        text[max(at - 1, 0) :][:2]
        for text, reads in phrases.items()
        for at, syllable in enumerate(reads)
        if syllable != syllables[text[at]]
    }
    return syllables, {text: " ".join(reads) for text, reads in phrases.items()}, sorted(turning)


@cache
def _toneless(syllable: str) -> str:
    """Strip the tone, lǘ -> lv: the diaeresis alone of all marks distinguishes syllables."""
    decomposed = unicodedata.normalize("NFD", syllable).replace("u\N{COMBINING DIAERESIS}", "v")
    return "".join(character for character in decomposed if not unicodedata.combining(character))


if __name__ == "__main__":
    with suppress(BrokenPipeError):  # who wanted it is gone
        json.dump(made(), sys.stdout, ensure_ascii=True)
        sys.stdout.flush()
