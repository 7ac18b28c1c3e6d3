"""Readings and grams: against pypinyin itself over Quanzhou's names, and the promises that searching relies on."""

import csv
import gzip
import subprocess
import sys

import pypinyin
import pytest

from services.names import CHARACTERS, WORDS, fold, reading, search_keys
from tests.conftest import PROJECT


def quanzhou() -> list[str]:
    with gzip.open(PROJECT / "data" / "quanzhou.csv.gz", "rt", encoding="utf-8") as file:
        return sorted({row["name"] for row in csv.DictReader(file)})


def test_whole_reading_then_initials() -> None:
    assert search_keys("和平社区")[0] == "hepingshequ hpsq"


def test_grams_are_sorted_pairs_of_the_name_and_of_the_initials() -> None:
    assert search_keys("和平社区")[1] == ["hp", "ps", "sq", "和平", "平社", "社区"]


def test_grams_are_distinct() -> None:
    assert search_keys("大大大大")[1] == ["dd", "大大"]


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
    assert search_keys(name)[0] == pinyin


def test_full_width_and_brackets_are_folded_in_grams() -> None:
    assert {"a(", "(虚", "拟)"} <= set(search_keys("Ａ（虚拟）")[1])


def test_fold() -> None:
    assert fold("Ａ１（Ⅱ）㎡É") == "a1(ii)m2é"


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
    assert search_keys(name)[0].split()[0] == expected


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


def test_searching_does_not_load_pypinyin() -> None:
    source = (
        "import sys; from services.names import fold, search_keys; fold('和'); before = 'pypinyin' in sys.modules; "
        "search_keys('和'); print(before, 'pypinyin' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert run.stdout.split() == ["False", "True"]
