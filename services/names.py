"""What may be a name, and what one is found by: its folded form, its reading in pinyin, and neighbouring characters.

There is one folding. Names are stored with it (`services.storage.tables.folded`); whether two are the same, what
`search` finds and what contains a text are all decided on what it makes of them.
"""

import re
import unicodedata
from operator import add
from typing import NamedTuple

from services.errors import ProblemCode, rejected
from services.readings import person_reading, reading

LONGEST = 100  # characters of a name
OTHER = "\t"  # stands before a person's other reading

# Control characters, format characters (which turn a line of text round or show nothing), halves of surrogate pairs,
# line and paragraph separators.
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
# Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt), which `unicodedata` does not tell: what shows
# nothing, whatever its category, as fillers of Hangul (letters) and variation selectors (marks). Unassigned ones are
# among it, so that the list stays as it is.
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Blanks that Unicode has among symbols: Braille without a dot, a note without a head, a Khitan filler, an object
# that is not there.
_BLANK = re.compile("[\u2800\ufffc\U00016fe4\U0001d159]")
# The characters that radicals from U+2E81 and strokes from U+31D0 on are, which NFKC leaves, one after the other, by
# Unicode's EquivalentUnifiedIdeograph.txt (there is no U+2E9A).
_RADICALS = (
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵⺚旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂"
    "肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀"
)
_STROKES = "一丨丿丿丶𠃍乛𠃊𠃎𠄌亅𡿨𠃋乀𠃑乚乙𠄎"
# The dots that divide the parts of a name, as keyboards and fonts have them; NFKC makes two more of these.
DOTS = "\u2022\u2027\u2219\u22c5\u2e31\u2e33\u30fb\ua78f\u16eb"
# Hyphens and the sign for minus; and dashes: one as long as a character joins numbers as a hyphen does (2014 by GB/T
# 15834; 2015 and 2500 are what it became in other encodings). Not 30FC, a letter that lengthens a vowel.
HYPHENS, DASHES = "\u02d7\u2010\u2011\u2043\u2212\u2796", "\u2012\u2013\u2014\u2015\u2500"
_ALIKE = str.maketrans(
    dict.fromkeys(DOTS, "\u00b7")
    | dict.fromkeys(f"{HYPHENS}{DASHES}", "-")
    | {"\u2e3a": "--"}
    | dict.fromkeys("\u223c\u301c", "~")
    | dict(zip(map(chr, range(0x2E81, 0x2EF3)), _RADICALS, strict=True))
    | dict(zip(map(chr, range(0x31D0, 0x31E2)), _STROKES, strict=True))
)
# Letters of what is written without spaces: Chinese characters, kana, bopomofo, Tangut, Khitan, Nüshu.
_UNSPACED = re.compile(
    "[\u3005-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00016fe0-\U0001b2ff\U00020000-\U0003ffff]"
)
_SPACE = re.compile(r"\s+")
# All but the ideographs of compatibility, which would become others: a name is kept as its bearer's papers have it.
_COMPOSABLE = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")
# What folding leaves as it is: nearly every name.
_PLAIN = re.compile("[\u4e00-\u9fff0-9a-z()-]*")


def composed(text: str) -> str:
    """The text with each letter and its accents as one character, where there is one (NFC); as texts are stored."""
    return _COMPOSABLE.sub(lambda part: unicodedata.normalize("NFC", part[0]), text)


def proper(field: str, text: str | None, longest: int = LONGEST) -> str:
    """The text composed and without the space around it, if it can be a name; Rejected, for this field, otherwise.

    At least one character and at most `longest`, all of them to be seen; null is rejected like an empty text.
    """
    stripped = composed((text or "").strip())
    if not stripped:
        raise rejected(ProblemCode.INVALID, field, "不能为空。", "This must not be empty.")
    if len(stripped) > longest:
        raise rejected(ProblemCode.INVALID, field, f"最多 {longest} 个字符。", f"At most {longest} characters.")
    if (
        _IGNORABLE.search(stripped)
        or _BLANK.search(stripped)
        or not (stripped.isprintable() or _UNSEEN.isdisjoint(map(unicodedata.category, stripped)))
    ):
        raise rejected(
            ProblemCode.INVALID, field, "不能含有换行或不可见字符。", "This must be one line of characters to be seen."
        )
    return stripped


def fold(text: str) -> str:
    """The form in which names and queries are compared; two names are the same where theirs are.

    Unicode's NFKC (full-width becomes plain) and case folding, without what shows nothing; one interpunct and one
    hyphen for all; without the space around it, with single spaces, and those only where they divide words (张　三丰 is
    张三丰, A座 (东) is A座(东)). Folded once more it stays as it is.
    """
    while not _PLAIN.fullmatch(text) and (folded := _once(text)) != text:
        text = folded  # what a space stood between may be one character without it
    return text


def _once(text: str) -> str:
    seen = _BLANK.sub("", _IGNORABLE.sub("", text))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold()).translate(_ALIKE)
    return _SPACE.sub(_between, folded.strip())


def _between(space: re.Match[str]) -> str:
    """What becomes of a space: one that divides two words stays, of letters, digits and their marks."""
    beside = space.string[space.start() - 1] + space.string[space.end()]
    divides = all(unicodedata.category(character)[0] in "LMN" for character in beside)
    return " " if divides and not _UNSPACED.search(beside) else ""


class Keys(NamedTuple):
    """What a name is compared and found by, in the order of the columns (`services.storage.tables.search_keys`)."""

    folded: str
    pinyin: str
    grams: list[str]


def search_keys(name: str, *, person: bool = False) -> Keys:
    """What a name is found by; a person's by both readings, as a surname's and as a place's.

    pinyin: the toneless reading without spaces, a space, the initials: 和平社区 -> "hepingshequ hpsq". ü is written v,
    as input methods do (吕 -> "lv"). Latin letters and digits are kept, folded; punctuation is left out, because
    nobody types brackets in pinyin. A person's other reading and initials follow the first ones, the reading behind
    a tab, which no query holds: 解晓东 -> "xiexiaodong\\tjiexiaodong xxd jxd".
    grams: sorted distinct pairs of neighbouring characters of the folded name (punctuation included) and of the
    initials, so that two Chinese characters or two initials are enough to find a name by an index.
    """
    folded = fold(name)
    syllables = reading(folded)
    initials = "".join([syllable[:1] for syllable in syllables])
    pairs = {*map(add, folded, folded[1:]), *map(add, initials, initials[1:])}
    read = "".join(syllables)
    if person and (own := person_reading(folded)) != syllables:
        first = "".join([syllable[:1] for syllable in own])
        pairs.update(map(add, first, first[1:]))
        read, initials = f"{''.join(own)}{OTHER}{read}", f"{first} {initials}"
    return Keys(folded, f"{read} {initials}", sorted(pairs))
