"""Readings and grams: against pypinyin itself over Quanzhou's names, and the promises that searching relies on."""

import csv
import gzip
import subprocess
import sys
import unicodedata

import pypinyin
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import Rejected
from services.names import fold, proper, search_keys
from services.readings import CHARACTERS, SURNAMES, WORDS, reading
from tests.conftest import PROJECT


def quanzhou() -> list[str]:
    with gzip.open(PROJECT / "data" / "quanzhou.csv.gz", "rt", encoding="utf-8") as file:
        return sorted({row["name"] for row in csv.DictReader(file)})


def test_whole_reading_then_initials() -> None:
    assert search_keys("和平社区").pinyin == "hepingshequ hpsq"


def test_grams_are_sorted_pairs_of_the_name_and_of_the_initials() -> None:
    assert search_keys("和平社区").grams == ["hp", "ps", "sq", "和平", "平社", "社区"]


def test_grams_are_distinct() -> None:
    assert search_keys("大大大大").grams == ["dd", "大大"]


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("２期Ａ区", "2qiaqu 2qaq"),
        ("第１２３社区", "di123shequ d123sq"),
        ("开发区（虚拟）", "kaifaquxuni kfqxn"),
        ("一·二、三-四", "yiersansi yess"),
        ("吕厝", "lvcuo lc"),
        ("略阳", "lveyang ly"),
        ("〇四村", "lingsicun lsc"),
        ("\ue08b村", "cun c"),
        ("", " "),
    ],
)
def test_what_is_not_an_ordinary_character(name: str, pinyin: str) -> None:
    assert search_keys(name).pinyin == pinyin


def test_full_width_and_brackets_are_folded_in_grams() -> None:
    assert {"a(", "(虚", "拟)"} <= set(search_keys("Ａ（虚拟）").grams)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Jose\u0301 ", "Jos\u00e9"),
        ("Nguye\u0302\u0303n", "Nguy\u1ec5n"),
        ("か\u3099", "が"),
        ("Ａ１座㎡", "Ａ１座㎡"),
    ],
)
def test_a_text_is_stored_composed(typed: str, stored: str) -> None:
    """And otherwise as it was typed: characters of other width, and ideographs that papers have, are not others."""
    assert proper("name", typed) == stored
    assert proper("name", "\ufa19林\U0002f800") == "\ufa19林\U0002f800"
    assert len(proper("name", "e\u0301" * 100)) == 100


def test_fold() -> None:
    assert fold("Ａ１（Ⅱ）㎡É") == "a1(ii)m2é"


SAME = [
    ("１号楼", "1号楼"),  # full width
    ("Ａ座", "a座"),
    ("STRASSE 1", "Straße 1"),
    ("和平\u200b社区", "和平社区"),  # ZWSP
    ("和平\u200d社区", "和平社区"),  # ZWJ
    ("和\ufe00平", "和平"),  # variation selectors
    ("葛\U000e0100洲坝", "葛洲坝"),
    ("和平\u3164", "和平"),  # fillers of Hangul
    ("和平\uffa0", "和平"),
    ("\ufeff和平", "和平"),
    ("和\u00ad平", "和平"),
    ("和\u2066平\u2069", "和平"),
    ("e\u200d\u0301", "é"),  # what was kept apart comes together
    *((f"艾力{dot}买买提", "艾力·买买提") for dot in "•・‧∙･⋅"),
    ("艾力 • 买买提", "艾力·买买提"),
    ("张　三丰", "张三丰"),
    ("张\u00a0三 丰 ", "张三丰"),
    ("1 号楼", "1号楼"),
    ("A  Block", "a block"),
    ("\ue08b 村", "\ue08b村"),  # a character of private use
    ("甲（ A座）", "甲(A座)"),  # brackets and signs, of whatever width
    ("A1 （东）", "A1(东)"),
    ("3 #楼", "3#楼"),
    ("A & B", "A&B"),
    *((f"1{dash}2号楼", "1-2号楼") for dash in "－‐‑‒–−﹣⁃—―﹘─˗➖"),
    *((f"乙{blank}楼", "乙楼") for blank in "\u2800\ufffc\U0001d159\U00016fe4"),
    ("甲——乙", "甲⸺乙"),
    ("1〜3号楼", "1～3号楼"),  # both are GB 2312's
    ("⺠生楼", "民生楼"),  # radicals and strokes
    ("⻋站", "车站"),
    ("㇐号楼", "一号楼"),
    ("A 😀", "A😀"),
    ("か゛楼", "が楼"),  # a mark of its own, which NFKC makes a space and a mark
]
DIFFERENT = [
    ("1号楼", "2号楼"),
    ("A Block", "ABlock"),
    ("2 3号楼", "23号楼"),
    ("艾力·买买提", "艾力买买提"),
    ("艾力·买买提", "艾力.买买提"),
    ("张三丰", "张三峰"),
    ("晋江路", "晉江路"),  # traditional characters are others
    ("和平（一期）", "和平一期"),
    ("1-2号楼", "12号楼"),
    ("甲—乙", "甲——乙"),  # a dash joins, two are a break
    ("1-2号楼", "1ー2号楼"),  # which lengthens a vowel
    ("བཀྲ ཤིས", "བཀྲཤིས"),  # written with spaces, and with marks before them
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_name_however_it_is_written(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert fold(fold(one)) == fold(one)
    assert search_keys(one) == search_keys(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_names(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_what_shows_nothing_is_what_unicode_says() -> None:
    """Every assigned character whose name says so; folded away, and no part of a name."""
    said = ("VARIATION SELECTOR", "ZERO WIDTH", "HANGUL FILLER", "JUNGSEONG FILLER", "SOFT HYPHEN", "INVISIBLE", "TAG ")
    unseen = [chr(code) for code in range(0x110000) if unicodedata.name(chr(code), "").startswith(said)]
    unseen += "\u034f\u061c\u115f\u180e\u202e\u2066\ufeff\uffa0\U0001d173"
    assert len(unseen) > 300
    for character in unseen:
        assert fold(f"和{character}平") == "和平", hex(ord(character))
        with pytest.raises(Rejected):
            proper("name", f"和{character}平")


ANY = st.characters() | st.sampled_from(
    " 　=aAİıſẞ和か゛゜´¨·•–⺠（\u0301\u0308\u0327\u0338\u0344\u0345\u3099\u1100\u1161"
)


@given(st.lists(ANY, max_size=8).map("".join))
def test_folding_is_done_once(text: str) -> None:
    """Over all of Unicode, and often over what comes together where a space goes."""
    assert fold(fold(text)) == fold(text)


def test_radicals_are_characters() -> None:
    """Some from all over the lists, whose characters stand in the order of what they are for."""
    for radical, character in zip(
        "⺁⺠⺮⻅⻋⻓⻔⻚⻛⻢⻥⻦⻰⻲㇐㇠㇡", "厂民𥫗见车长门页风马鱼鸟龙亀一乙𠄎", strict=True
    ):
        assert fold(radical) == character


def test_folding_what_is_folded_changes_nothing() -> None:
    for code in (*range(0x3400), *range(0xA000, 0xD800), *range(0xE000, 0x20000)):
        once = fold(f"和{chr(code)}a")
        assert fold(once) == once, hex(code)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("长坑乡", "changkengxiang"),
        ("长卿镇", "changqingzhen"),
        ("长老村", "zhanglaocun"),
        ("曾厝村", "zengcuocun"),
        ("厦门市", "xiamenshi"),
        ("石厦村", "shixiacun"),
        ("一都镇", "yiduzhen"),
        ("成都市", "chengdushi"),
        ("佛仔格村", "fozaigecun"),
        ("珩山村", "hengshancun"),
        ("埭头", "daitou"),
        ("蚵壳", "keke"),
        ("漈头", "jitou"),
        ("新圩镇", "xinxuzhen"),
        ("和弄村", "henongcun"),
        ("朝阳区", "chaoyangqu"),
        ("重庆市", "chongqingshi"),
        ("番禺区", "panyuqu"),
        ("铅山县", "yanshanxian"),
        ("东阿县", "dongexian"),
        ("阿坝", "aba"),
    ],
)
def test_places(name: str, expected: str) -> None:
    assert search_keys(name).pinyin.split()[0] == expected


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("解晓东", "xiexiaodong\tjiexiaodong xxd jxd"),
        ("区志明", "ouzhiming\tquzhiming ozm qzm"),
        ("查　小明", "zhaxiaoming\tchaxiaoming zxm cxm"),
        ("曾经国", "zengjingguo\tcengjingguo zjg cjg"),  # not as the word 曾经
        ("乐正明", "yuezhengming\tlezhengming yzm lzm"),
        ("单小明", "shanxiaoming sxm"),  # read so in places, too
        ("仇小明", "qiuxiaoming qxm"),
        ("尉迟明", "yuchiming ycm"),
        ("欧阳明", "ouyangming oym"),
        ("张小解", "zhangxiaojie zxj"),  # no surname there
        ("Tom", "tom tom"),
        ("", " "),
    ],
)
def test_persons_are_read_as_surnames_and_as_places(name: str, pinyin: str) -> None:
    assert search_keys(name, person=True).pinyin == pinyin


def test_initials_of_both_readings_are_grams() -> None:
    assert {"xx", "jx", "xd"} <= set(search_keys("解晓东", person=True).grams)


def test_places_are_read_as_places() -> None:
    assert search_keys("解放社区").pinyin == "jiefangshequ jfsq"
    assert search_keys("区府社区").pinyin == "qufushequ qfsq"


def test_surnames_change_something() -> None:
    """A surname that is read so in places as well need not be listed, unless it keeps two characters together."""
    single = {surname: read for surname, read in SURNAMES.items() if len(surname) == 1}
    assert [surname for surname, read in single.items() if "".join(reading(surname)) == read] == []
    assert all(len(read.split()) == len(surname) for surname, read in SURNAMES.items())


def test_agrees_with_pypinyin_on_quanzhou() -> None:
    """All 2,000-odd names, with the overrides given to pypinyin too; 99.9 % are promised, all agree."""
    pypinyin.load_single_dict({ord(character): syllable for character, syllable in CHARACTERS.items()})
    pypinyin.load_phrases_dict({word: [[syllable] for syllable in text.split()] for word, text in WORDS.items()})
    names = quanzhou()
    differing = [name for name in names if reading(fold(name)) != pypinyin.lazy_pinyin(name)]
    assert len(names) > 2000
    assert differing == []


def test_overrides_change_something() -> None:
    """An override that pypinyin has learnt itself should go."""
    source = "import sys, pypinyin; print(*(''.join(pypinyin.lazy_pinyin(word)) for word in sys.argv[1:]))"
    words = {**CHARACTERS, **WORDS}
    run = subprocess.run([sys.executable, "-c", source, *words], capture_output=True, text=True, check=True)
    pairs = zip(words, run.stdout.split(), strict=True)
    assert [word for word, plain in pairs if plain == words[word].replace(" ", "")] == []


def test_a_process_that_reads_names_keeps_little_of_the_dictionaries() -> None:
    """One that only searches nothing; pypinyin itself, of 60 MiB, is in neither."""
    source = """
import sys
from services import readings
from services.names import fold, search_keys
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096
fold("和")
before = resident()
none = readings._lexicon.cache_info().currsize
search_keys("和")
print(none, readings._lexicon.cache_info().currsize, "pypinyin" in sys.modules, resident() - before < 5 * 2**20)
"""
    run = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert run.stdout.split() == ["0", "1", "False", "True"]
