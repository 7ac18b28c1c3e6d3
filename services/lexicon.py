"""pypinyin's dictionaries made small: `python -m services.lexicon` writes what `services.readings` keeps of them.

In a process of its own, which ends: they take 60 MiB to load and to rearrange, and what Python has taken it seldom
gives back. What is kept takes a twentieth of that: it is texts to search in, a few thousand, and not a string for
each of 90,000 characters and phrases.
"""

import json
import sys
import unicodedata
from collections import defaultdict
from contextlib import suppress
from functools import cache
from typing import TypeAlias

from services.readings import CHARACTERS, WORDS

# Syllable -> the characters read so; first character of phrases -> the lines "rest reading" of them; the pairs of
# characters that turn a reading; characters of the longest phrase.
Lexicon: TypeAlias = tuple[dict[str, str], dict[str, str], list[str], int]


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
    return _by_syllable(syllables), _by_first(phrases, syllables), sorted(turning), max(map(len, phrases))


def _by_syllable(syllables: dict[str, str]) -> dict[str, str]:
    characters = defaultdict(list)
    for character, syllable in syllables.items():
        characters[syllable].append(character)
    return {syllable: "".join(read) for syllable, read in characters.items()}


def _by_first(phrases: dict[str, list[str]], syllables: dict[str, str]) -> dict[str, str]:
    """Of a phrase that reads as its characters do alone, nine in ten, there is no reading: it only keeps others off."""
    lines = defaultdict(list)
    for text, reads in phrases.items():
        alone = reads == [syllables[character] for character in text]
        lines[text[0]].append(f"{text[1:]} {'' if alone else ' '.join(reads)}")
    return {first: "\n".join(("", *of, "")) for first, of in lines.items()}


@cache
def _toneless(syllable: str) -> str:
    """Strip the tone, lǘ -> lv: the diaeresis alone of all marks distinguishes syllables."""
    decomposed = unicodedata.normalize("NFD", syllable).replace("u\N{COMBINING DIAERESIS}", "v")
    return "".join(character for character in decomposed if not unicodedata.combining(character))


if __name__ == "__main__":
    with suppress(BrokenPipeError):  # who wanted it is gone
        json.dump(made(), sys.stdout, ensure_ascii=True)
        sys.stdout.flush()
