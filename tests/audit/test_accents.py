"""A letter with its accent is one letter, however it is composed: as it names a deleted person, and as it does not."""

from unicodedata import normalize

import pytest

from services.audit.mentions import SPARED
from tests.audit.test_what_names import Who, holds

JOSE, DECOMPOSED = "Jos\u00e9", "Jose\u0301"
NGUYEN = "Nguyễn Thị Bích Ngọc"
ACCENTS: tuple[tuple[str, str, str], ...] = (
    (JOSE, f"{DECOMPOSED}, {JOSE}, Jose, JOSE\u0301", "*, *, Jose, *"),
    (DECOMPOSED, f"{JOSE}与{DECOMPOSED}，Jose", "*与*，Jose"),
    # With another accent a letter is another, and what goes on behind it is longer.
    ("Jose", f"{DECOMPOSED}, {JOSE}, Jose\u0327, Jose", f"{DECOMPOSED}, {JOSE}, Jose\u0327, *"),
    (JOSE, f"{DECOMPOSED}\u0323, {DECOMPOSED}s, {JOSE}\u0323", f"{DECOMPOSED}\u0323, {DECOMPOSED}s, {JOSE}\u0323"),
    ("Bob", "Jose\u0301Bob, éBob, ệBob, Bobệ, Bob", "Jose\u0301Bob, éBob, ệBob, Bobệ, *"),
    ("王明é", "王明e\u0301，王明e，小王明é", "*，王明e，小*"),
    ("E\u0301", "É, E\u0301mile, E, É明", "*, E\u0301mile, E, É明"),
    # Of two accents either may be composed.
    (
        NGUYEN,
        f"{NGUYEN}, {normalize('NFD', NGUYEN)}, Nguyê\u0303n Thi\u0323 Bi\u0301ch Ngo\u0323c, Nguyen Thi Bich Ngoc",
        "*, *, *, Nguyen Thi Bich Ngoc",
    ),
    ("Thệ", "The\u0302\u0323, The\u0323\u0302, Thẹ\u0302, Thê\u0323, Thê, Thẹ", "*, *, *, *, Thê, Thẹ"),
    ("각", f"{normalize('NFD', '각')}, 가\u11a8, 가", "*, *, 가"),
    ("가", f"{normalize('NFD', '각')}, 가\u11a8, {normalize('NFD', '가')}", f"{normalize('NFD', '각')}, 가\u11a8, *"),
)


@pytest.mark.parametrize(("name", "text", "left"), ACCENTS, ids=[ascii(text) for _, text, _ in ACCENTS])
def test_a_letter_and_its_accent_are_one(name: str, text: str, left: str) -> None:
    """However either is stored."""
    holds((name, None, None, ()), text, left)


def test_places_logins_and_longer_names_have_accents() -> None:
    who: Who = ("Bob", None, f"{JOSE} 3", ("350521-rené", "350521-rosen"))
    said = f"Bob, {DECOMPOSED} 3 {DECOMPOSED} 31, rene\u0301, rosen, rosen\u0303"
    holds(who, said, f"*, * {DECOMPOSED} 31, *, *, rosen\u0303")
    for longer in (f"{JOSE} Li", f"{DECOMPOSED}  Li"):
        for name in (JOSE, DECOMPOSED):
            left = f"{DECOMPOSED} Li, {JOSE} Li, *, *"
            holds((name, None, None, ()), f"{DECOMPOSED} Li, {JOSE} Li, {JOSE}, {DECOMPOSED}", left, [longer])
    holds((JOSE, None, None, ()), f"{JOSE}, {DECOMPOSED}", "*, *", [DECOMPOSED])


def test_as_many_longer_names_with_accents_are_told_apart() -> None:
    long = [f"{'ệ' * 40}{chr(0x1000 + number)} Thệ {'ǘ' * 40}" for number in range(SPARED)]
    holds(
        ("Thệ", None, None, ()),
        f"{normalize('NFD', long[-1])}, Thẹ\u0302",
        f"{normalize('NFD', long[-1])}, *",
        long,
    )
