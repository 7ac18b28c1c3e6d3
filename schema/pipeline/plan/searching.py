"""What `search` looks for and in which order: the name, its pinyin or its initials contain the text.

Two Latin letters are read as initials, three or more as pinyin or initials. Every branch is index-backed: pairs of
characters through the GIN index on `grams`, Latin text through the trigram index on `pinyin`.
"""

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, Uuid, and_, case, or_

from schema.kit.entities import Bind, Condition
from schema.kit.expressions import Given, Identity, Row
from schema.kit.words import grams, pattern, plain
from schema.pipeline.plan.plan import Turn
from services.errors import bad_input
from services.names import OTHER, fold
from services.storage.tables import BYTEWISE


def _term(text: str) -> str:
    term = fold(plain(text))
    latin = "".join(term.split()).replace("'", "")
    term = latin if latin.isascii() else term
    if len(term) < 2:
        raise bad_input("检索词至少两个字符。", "The text to search for needs at least two characters.")
    return term


def _initials(text: str) -> str | None:
    term = _term(text)
    return f"% %{pattern(term)}%" if term.isascii() and len(term) == 2 else None


def _reading(text: str) -> str | None:
    term = _term(text)
    return f"%{pattern(term)}%" if term.isascii() and len(term) > 2 else None


def _found(row: Row, given: Given) -> ColumnElement[bool]:
    by_pairs = or_(row.folded.like(given["name"]), row.pinyin.like(given["initials"]))
    return or_(and_(row.grams.contains(given["grams"]), by_pairs), row.pinyin.like(given["reading"]))


def rank(row: Row, given: Given) -> ColumnElement[int]:
    """0 the very name, 1 it begins so, 2 its reading does, 3 the text is somewhere inside."""
    return case(
        (row.folded == given["text"], 0),
        (row.folded.like(given["start"]), 1),
        (or_(row.pinyin.like(given["start"]), row.pinyin.like(given["other"])), 2),
        else_=3,
    )


FOUND = Condition(
    "",
    _found,
    {
        "text": Bind(BYTEWISE, _term),
        "start": Bind(BYTEWISE, lambda text: f"{pattern(_term(text))}%"),
        "other": Bind(BYTEWISE, lambda text: f"%{OTHER}{pattern(_term(text))}%"),
        "name": Bind(BYTEWISE, lambda text: f"%{pattern(_term(text))}%"),
        "grams": Bind(ARRAY(BYTEWISE), lambda text: grams(_term(text))),
        "initials": Bind(BYTEWISE, _initials),
        "reading": Bind(BYTEWISE, _reading),
    },
)

# How what was found is ordered, across kinds: names of columns of the union, see sql/search.py.
SORT = ("rank", "weight", "kind", "key")
TURNS = (Turn(),) * len(SORT)


# What a cursor holds of it: of which kind it is, for one id may be that of several rows, and its id.
IDENTITY = Identity(lambda row: (row.kind, row.id))
TYPES = (Integer(), Uuid())


def sort(row: Row) -> tuple[ColumnElement[Any], ...]:
    """The best first, then the weightiest, then in the order of the kinds."""
    return tuple(row[name] for name in SORT)
