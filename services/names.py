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
# The dots that divide the parts of a name, as keyboards and fonts have them; NFKC makes two more of these.
_INTERPUNCTS = re.compile("[\u2022\u2027\u2219\u22c5\u2e31\u2e33\u30fb\ua78f\u16eb]")
_INTERPUNCT = "\u00b7"
# Dashes as long as a hyphen, and the sign for minus, which NFKC leaves; not those as long as a character (2014, 30FC).
_DASHES = re.compile("[\u2010-\u2013\u2043\u2212]")
# What is written without spaces: Chinese characters and what stands among them, kana, bopomofo, characters of private
# use (rare ones that a county's fonts have there). Spaces divide only what is written with them, Latin words and
# numbers: not beside these, nor beside brackets and other signs.
_UNSPACED = (
    "\u00b7\u2e80-\u2fdf\u3001-\u312f\u31a0-\u31bf\u3400-\u4dbf\u4e00-\u9fff"
    "\ue000-\ufaff\U00020000-\U0003ffff\U000f0000-\U0010ffff"
)
_SIGNS = r"!-/:-@\[-`{-~\u00a1-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u2010-\u2bff"
_IDLE = re.compile(f"(?<=[{_UNSPACED}{_SIGNS}]) | (?=[{_UNSPACED}{_SIGNS}])")
_SPACE = re.compile(r"\s+")
# What folding leaves as it is: nearly every name.
_PLAIN = re.compile("[\u4e00-\u9fff0-9a-z]*")


def proper(field: str, text: str | None, longest: int = LONGEST) -> str:
    """The text without the space around it, if it can be a name; Rejected, for this field, otherwise.

    At least one character and at most `longest`, all of them to be seen; null is rejected like an empty text.
    """
    stripped = (text or "").strip()
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
    if _PLAIN.fullmatch(text):
        return text
    folded = _once(text)
    while text != folded:  # what a space stood between may be one character without it
        text, folded = folded, _once(folded)
    return folded


def _once(text: str) -> str:
    seen = _BLANK.sub("", _IGNORABLE.sub("", text))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    signs = _DASHES.sub("-", _INTERPUNCTS.sub(_INTERPUNCT, folded))
    return _IDLE.sub("", _SPACE.sub(" ", signs).strip())


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
