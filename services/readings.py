"""How Chinese is read in pinyin: names of places, and names of persons, whose surnames have readings of their own.

Readings follow pypinyin (its phrase dictionary, longest match first) corrected for place names. pypinyin converts one
name in 50 microseconds; here it takes about five, because a name is read character by character unless it holds a pair
of characters around which some phrase is read differently. What is kept of pypinyin's dictionaries is loaded by the
first name that is read (`services.lexicon` makes it): a process that only searches never pays for it.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from operator import add
from pathlib import Path

# What a character is read as in place names where pypinyin's first choice is another reading. Phrases still come
# first: 长老 stays zhang lao, 大厦 da sha, 曾经 ceng jing.
CHARACTERS = {
    "长": "chang",  # 长坑, 长卿 (安溪), 长泰, 长治; not zhang
    "曾": "zeng",  # a family name: 曾厝, 曾埭 (晋江); not ceng
    "厦": "xia",  # 石厦, 茂厦 as in 厦门; not sha
    "都": "du",  # a township of the Ming: 一都 (永春), 九都 (南安), 丰都; not dou
    "佛": "fo",  # 佛岭, 佛仔格 (安溪); not fu
    "珩": "heng",  # 珩山 (晋江); not hang
    "蚵": "ke",  # oyster, on this coast; not he
    "翟": "zhai",  # family names from here on
    "单": "shan",
    "仇": "qiu",
    "郇": "xun",
    "缪": "miao",
}
WORDS = {
    "新圩": "xin xu",  # 圩 is a market in the south (南安, 翔安), a dyke, wei, elsewhere
    "和弄": "he nong",  # the phrase dictionary has the verb huo nong
    "朝阳": "chao yang",  # of some 400 places few mean the morning sun, zhao yang
    "浚县": "xun xian",
    "解州": "hai zhou",
    "荥经": "ying jing",
    "洪洞": "hong tong",
    "涡阳": "guo yang",
    "筠连": "jun lian",
    "珲春": "hun chun",
    "穆棱": "mu ling",
    "大城县": "dai cheng xian",
    "繁峙": "fan shi",
    "六合区": "lu he qu",
    "什邡": "shi fang",
    "乐陵": "lao ling",
}

# Surnames that are read otherwise than the same characters in a place's name, by 现代汉语词典 (the senses marked 姓);
# compared with the lists of overtrue/pinyin and zh-lx/pinyin-pro. Where families differ (覃 qin and tan, 牟 mu and mou)
# this is the one a place's reading does not give.
SURNAMES = {
    "解": "xie",
    "区": "ou",
    "查": "zha",
    "盖": "ge",
    "乐": "yue",
    "朴": "piao",
    "覃": "qin",
    "牟": "mu",
    "卜": "bu",
    "阚": "kan",
    "薄": "bo",
    "种": "chong",
    "重": "chong",
    "繁": "po",
    "秘": "bi",
    "折": "she",
    "召": "shao",
    "祭": "zhai",
    "粘": "nian",  # 粘厝埔 (晋江)
    "员": "yun",
    "贠": "yun",
    "乜": "nie",
    "佴": "nai",
    "能": "nai",
    "黑": "he",
    "洗": "xian",
    "句": "gou",
    "逢": "pang",
    "么": "yao",
    "炅": "gui",
    "蔚": "yu",
    "藏": "zang",
    "扎": "za",
    "六": "lu",
    "不": "fou",
    "乐正": "yue zheng",
    "尉迟": "yu chi",
    "万俟": "mo qi",
    "单于": "chan yu",
    "长孙": "zhang sun",
    "澹台": "tan tai",
    "令狐": "ling hu",
}


def reading(folded: str) -> list[str]:
    """One toneless syllable for each character of a folded name; "" for punctuation, itself for Latin and digits."""
    lexicon = _lexicon()
    if lexicon.turning.isdisjoint(map(add, folded, folded[1:])):
        return [*map(lexicon.syllables.__getitem__, folded)]
    return [*lexicon.longest_match(folded)]


def person_reading(folded: str) -> list[str]:
    """The same for a person: the surname as a surname, and the given name by itself, 曾|经国 and not 曾经|国."""
    double = folded[:2] in SURNAMES
    surname, given = (folded[:2], folded[2:]) if double else (folded[:1], folded[1:])
    read = SURNAMES[surname].split() if surname in SURNAMES else reading(surname)
    return read + reading(given)


def prepare() -> None:
    """Load the dictionaries, which takes about a second once in a process."""
    _lexicon()


class _Syllables(dict[str, str]):
    """Character -> its reading on its own; each that has one is looked for once among the characters read alike.

    What has none is looked for again, since there is no end of it; Latin letters and digits, of which most names have
    some, need not be.
    """

    def __init__(self, characters: dict[str, str]) -> None:
        super().__init__()
        self._characters = characters

    def __missing__(self, character: str) -> str:
        found = None if character.isascii() else self._found(character)
        if found is None:
            return character if character.isalnum() else ""
        return self.setdefault(character, found)

    def _found(self, character: str) -> str | None:
        return next((syllable for syllable, read in self._characters.items() if character in read), None)


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The dictionaries: phrases by their first character, and the pairs of characters that make looking for one needed.

    `turning` holds, for every phrase that reads some character differently from that character alone, the pair of that
    character and its neighbour: a name without any of these pairs reads the same with and without phrases.
    """

    syllables: _Syllables
    phrases: dict[str, str]  # lines: the rest of a phrase, a space, its reading if not that of its characters alone
    turning: frozenset[str]
    longest: int  # characters of a phrase

    def longest_match(self, folded: str) -> list[str]:
        syllables: list[str] = []
        at = 0
        while at < len(folded):
            length, read = self._phrase(folded, at)
            syllables += read.split(" ") if read else map(self.syllables.__getitem__, folded[at : at + length])
            at += length
        return syllables

    def _phrase(self, folded: str, at: int) -> tuple[int, str]:
        """How many characters the longest phrase from here on has, and its reading; one where there is none."""
        lines = self.phrases.get(folded[at], "")
        for length in range(min(self.longest, len(folded) - at) if lines else 1, 1, -1):
            line = f"\n{folded[at + 1 : at + length]} "
            if (found := lines.find(line)) >= 0:
                begins = found + len(line)
                return length, lines[begins : lines.index("\n", begins)]
        return 1, ""


@cache
def _lexicon() -> _Lexicon:
    making = [sys.executable, "-m", "services.lexicon"]
    written = subprocess.run(making, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, check=True).stdout
    characters, phrases, turning, longest = json.loads(written)
    return _Lexicon(_Syllables(characters), phrases, frozenset(turning), longest)
