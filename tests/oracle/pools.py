"""What arguments of a world's operations are made of: its own ids, codes and names, inside the scope and outside."""

from collections.abc import Iterable
from contextlib import suppress
from random import Random
from uuid import UUID

from schema.pipeline.searching import FOUND
from services.errors import Refused
from tests.oracle.execution import Oracle
from tests.oracle.operations import Pool

MOST = 40


def pool(oracle: Oracle, seed: int) -> Pool:
    """The pool of an oracle's rows."""
    random, tables = Random(seed), oracle.sight.tables
    rows = [row for name in sorted(tables) for row in tables[name]]
    names = sorted({str(row["name"]) for row in rows if "pinyin" in row})
    readings = sorted({part for row in rows if "pinyin" in row for part in str(row["pinyin"]).split()})
    codes = sorted({str(row["code"]) for row in rows if "code" in row})
    texts = _few(random, [*names, *_pieces(random, [*names, *readings]), "", "%", "_", "\\", "ＢＥＩ", "BEI"])
    return Pool(
        {
            "": texts,
            "text": [text for text in texts if _searchable(text)],
            "id": _few(random, _ids(oracle)),
            "code": _few(random, [*codes, *(code.ljust(12, "0") for code in codes if len(code) < 12), "99"]),
            "codePrefix": _few(random, [code[: random.randint(0, len(code))] for code in codes] + ["%", "_"]),
        }
    )


def _pieces(random: Random, texts: Iterable[str]) -> list[str]:
    """Parts of texts, sometimes shouted."""
    pieces = []
    for text in texts:
        start = random.randrange(len(text))
        piece = text[start : start + random.randint(1, 4)]
        pieces.append(piece.upper() if random.random() < 0.3 else piece)
    return pieces


def _searchable(text: str) -> bool:
    with suppress(Refused):
        for bind in FOUND.binds.values():
            bind.convert(text)
        return True
    return False


def _ids(oracle: Oracle) -> list[str]:
    kinds = oracle.sight.declared.catalogue.kinds.values()
    ids = [f"{kind.entity.tag}_{row['id']}" for kind in kinds for row in oracle.sight.every(kind)]
    mixed = [f"{kind.entity.tag}_{ids[0].partition('_')[2]}" for kind in kinds]
    tags = [kind.entity.tag for kind in kinds]
    return [*ids, *mixed, *tags, ids[0].upper(), ids[0] + " ", f"ou_{UUID(int=1)}", "ou_", "zz_1", ""]


def _few(random: Random, texts: list[str]) -> list[str]:
    texts = sorted(set(texts))
    return random.sample(texts, min(MOST, len(texts)))
