"""What may be a name, and what one is found by: its folded form, its reading in pinyin, and neighbouring characters.

Readings follow pypinyin (its phrase dictionary, longest match first) corrected for place names. pypinyin converts one
name in 50 microseconds; here it takes about five, because a name is read character by character unless it holds a pair
of characters around which some phrase is read differently. pypinyin's dictionaries occupy some 55 MiB and are loaded
by the first name that is read: a process that only searches (`fold`) never pays for them.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from operator import add

from services.errors import ProblemCode, rejected

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


LONGEST = 100  # characters of a name

# Control characters, format characters (which turn a line of text round or show nothing), halves of surrogate pairs,
# line and paragraph separators.
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


def proper(field: str, text: str | None, longest: int = LONGEST) -> str:
    """The text without the space around it, if it can be a name; Rejected, for this field, otherwise.

    At least one character and at most `longest`, all of them to be seen; null is rejected like an empty text.
    """
    stripped = (text or "").strip()
    if not stripped:
        raise rejected(ProblemCode.INVALID, field, "不能为空。", "This must not be empty.")
    if len(stripped) > longest:
        raise rejected(ProblemCode.INVALID, field, f"最多 {longest} 个字符。", f"At most {longest} characters.")
    if not _UNSEEN.isdisjoint(map(unicodedata.category, stripped)):
        raise rejected(
            ProblemCode.INVALID, field, "不能含有换行或不可见字符。", "This must be one line of characters to be seen."
        )
    return stripped


def fold(text: str) -> str:
    """The form in which names and queries are compared: Unicode's NFKC (full-width becomes plain), lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def search_keys(name: str) -> tuple[str, list[str]]:
    """The values of the columns `pinyin` and `grams` (see `services.storage.tables.search_keys`).

    pinyin: the toneless reading without spaces, a space, the initials: 和平社区 -> "hepingshequ hpsq". ü is written v,
    as input methods do (吕 -> "lv"). Latin letters and digits are kept, folded; punctuation is left out, because
    nobody types brackets in pinyin.
    grams: sorted distinct pairs of neighbouring characters of the folded name (punctuation included) and of the
    initials, so that two Chinese characters or two initials are enough to find a name by an index.
    """
    folded = fold(name)
    syllables = reading(folded)
    initials = "".join([syllable[:1] for syllable in syllables])
    pairs = {*map(add, folded, folded[1:]), *map(add, initials, initials[1:])}
    return f"{''.join(syllables)} {initials}", sorted(pairs)


def reading(folded: str) -> list[str]:
    """One toneless syllable for each character of a folded name; "" for punctuation, itself for Latin and digits."""
    lexicon = _lexicon()
    if lexicon.turning.isdisjoint(map(add, folded, folded[1:])):
        return [*map(lexicon.syllables.__getitem__, folded)]
    return [*lexicon.longest_match(folded)]


def prepare() -> None:
    """Load the dictionaries, which takes more than half a second once in a process."""
    _lexicon()


class _Syllables(dict[str, str]):
    """Character -> its reading on its own; every other character is asked about once."""

    def __missing__(self, character: str) -> str:
        return self.setdefault(character, character if character.isalnum() else "")


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The dictionaries: phrases by their text, and the pairs of characters that make looking for a phrase necessary.

    `turning` holds, for every phrase that reads some character differently from that character alone, the pair of that
    character and its neighbour: a name without any of these pairs reads the same with and without phrases.
    `longest` bounds the search: a phrase's first two characters -> length of the longest phrase beginning with them.
    """

    syllables: _Syllables
    phrases: dict[str, list[str]]
    longest: dict[str, int]
    turning: frozenset[str]

    def longest_match(self, folded: str) -> list[str]:
        syllables: list[str] = []
        at = 0
        while at < len(folded):
            phrase = self._phrase(folded, at)
            syllables += self.phrases[phrase] if phrase else [self.syllables[folded[at]]]
            at += len(phrase) or 1
        return syllables

    def _phrase(self, folded: str, at: int) -> str:
        longest = self.longest.get(folded[at : at + 2], 0)
        candidates = (folded[at : at + length] for length in range(longest, 1, -1))
        return next((text for text in candidates if text in self.phrases), "")


@cache
def _lexicon() -> _Lexicon:
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    syllables = _Syllables({chr(code): _toneless(tones.split(",")[0]) for code, tones in PINYIN_DICT.items()})
    phrases = {text: [_toneless(tones[0]) for tones in reads] for text, reads in PHRASES_DICT.items() if len(text) > 1}
    syllables.update(CHARACTERS)
    phrases.update({text: read.split() for text, read in WORDS.items()})
    longest: dict[str, int] = {}
    for text in phrases:
        longest[text[:2]] = max(longest.get(text[:2], 0), len(text))
    turning = {
        text[max(at - 1, 0) :][:2]
        for text, reads in phrases.items()
        for at, syllable in enumerate(reads)
        if syllable != syllables[text[at]]
    }
    return _Lexicon(syllables, phrases, longest, frozenset(turning))


@cache
def _toneless(syllable: str) -> str:
    """Strip the tone, lǘ -> lv: the diaeresis alone of all marks distinguishes syllables."""
    decomposed = unicodedata.normalize("NFD", syllable).replace("u\N{COMBINING DIAERESIS}", "v")
    return "".join(character for character in decomposed if not unicodedata.combining(character))
