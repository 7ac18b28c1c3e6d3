"""What PostgreSQL finds for the words of a person: no text in which they are named is missed."""

from sqlalchemy import Text, literal, select

from services.audit.words import words_of
from services.storage.transaction import Transaction
from tests.audit.test_accents import ACCENTS
from tests.audit.test_phones import PHONES
from tests.audit.test_what_names import IN_LATIN, LONGER, SAID, Who
from tests.writes.api import Api

Said = tuple[Who, str, tuple[str, ...]]


def _said() -> list[Said]:
    """Whom, what is said, and the longer names of others."""
    return [
        *((who, text, ()) for who, text, _ in (*SAID, *IN_LATIN)),
        *(((name, None, None, ()), text, longer) for name, longer, text, _ in LONGER),
        *(((name, None, None, ()), text, ()) for name, text, _ in ACCENTS),
        *((("林晓", phone, None, ()), text, ()) for phone, written in PHONES for text in written),
        (("***", None, None, ()), "甲*** 乙", ()),
        (("ꀀ·ꁂ", None, None, ()), "ꀀ・ꁂ", ()),
        (("م’ن", None, None, ()), "م'ن", ()),
        (("ᠮᠣ·ᠩ", None, None, ()), "ᠮᠣ‧ᠩ", ()),
        (("ΣΟΦΙΑ", None, None, ()), "σοφια", ()),
        (("\U00020bb7野", None, None, ()), "\U00020bb7 野", ()),
    ]


async def test_no_text_that_names_them_is_missed(api: Api) -> None:
    named = 0
    for (name, phone, address, logins), text, longer in _said():
        words = words_of({"name": name, "phone": phone, "address": address}, logins, longer=longer)
        assert words is not None
        if words.without(text) is not None:
            named += 1
            perhaps = select(words.perhaps(literal(text, Text)))
            assert await Transaction(api.connection).value(perhaps), (name, phone, text)
    assert named > len(_said()) / 2


async def test_others_are_not_read(api: Api) -> None:
    """Of a text in which their letters do not follow each other nothing is looked at."""
    words = words_of({"name": "王明", "phone": "13700001111", "address": None}, ["350521-wang.ming"])
    assert words is not None
    for text in ("王小明", "明王", "增设路灯", "1370000", "wang-xming"):
        assert not await Transaction(api.connection).value(select(words.perhaps(literal(text, Text)))), text
