"""What arguments of a world's operations are made of: its own ids, codes and names, inside the scope and outside."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Text

from policies.programs import askable
from schema.catalogue.kinds import Kind, camel
from schema.pipeline.plan.searching import FOUND
from services.declared import METADATA
from services.errors import Refused
from services.organization.codes import LENGTHS
from services.organization.tables import OrgLevel, former_units
from services.storage.tables import GREATEST
from services.terms import CHINA
from tests.oracle.columns import BEGAN, DAYS
from tests.oracle.execution import Oracle
from tests.oracle.values import Pool

MOST = 40
OF_A_KIND = 5
NEVER = UUID(int=1)


def pool(oracle: Oracle, seed: int) -> Pool:
    """The pool of an oracle's rows."""
    random, tables = Random(seed), oracle.sight.tables
    rows = [row for name in sorted(tables) for row in tables[name]]
    names = sorted({str(row["name"]) for row in rows if "pinyin" in row})
    readings = sorted({part for row in rows if "pinyin" in row for part in str(row["pinyin"]).split()})
    codes = sorted({str(row["code"]) for row in rows if "code" in row})
    texts = _few(random, [*names, *_pieces(random, [*names, *readings]), "", "%", "_", "\\", "ＢＥＩ", "BEI"])
    named = {
        **{camel(name): _few(random, found) for name, found in _columns(oracle).items()},
        **{kind.name: _of_kind(oracle, kind) for kind in oracle.sight.declared.catalogue.kinds.values()},
        **_filtered(oracle, random),
        "entities": sorted(askable()),
        "document": [f"{{ orgUnits(first: {number}) {{ nodes {{ name }} }} }}" for number in range(1, 20)],
        "": texts,
        "ids": [*_seen(oracle, random), *_ids(oracle, random)],
        "node": [*_seen(oracle, random), *_ids(oracle, random)],
        "at": [*_seen(oracle, random), *_ids(oracle, random)],
        "account": [*_accounts(oracle), f"ac_{NEVER}", "ac_"],
        "text": [text for text in texts if _searchable(text)],
        "code": _codes(random, codes),
        "gridCode": [*(row["code"] for row in tables["org_unit"] if row["level"] == OrgLevel.GRID), *codes[:3], "99"],
        "under": [
            *_few(random, codes)[:12],
            *_codes(random, codes)[-8:],
            *_few(random, [f"ou_{row['id']}" for row in tables["org_unit"]]),
            f"ou_{NEVER}",
        ],
        "TimeSpan": _spans(oracle),
        "codePrefix": _few(random, [code[: random.randint(0, len(code))] for code in codes] + ["%", "_"]),
    }
    today = oracle.sight.now.date()
    typed: dict[str, Sequence[Any]] = {
        "ID": _ids(oracle, random),
        "Date": [str(today + timedelta(days=days)) for days in DAYS],
        "DateTime": [(BEGAN + timedelta(seconds=part)).isoformat() for part in (-1, 0, 300_000, 700_000, 10**7)],
        "Money": ["100.00", "33.34", "0.07", "1"],
        "Int": [*(today.year - years for years in (0, 1, 2)), 0, 1, 2, 3, 60, 80, -1, GREATEST],
        "Float": [118.8, 118.803, 24.8, 0.0, -1.5, 1e9],
    }
    return Pool(named, typed)


def _continued(random: Random, code: str) -> str:
    """A code as long as one of a lower level that begins with another, and may be new."""
    length = random.choice([length for length in (*LENGTHS, 15, 18) if length > len(code)] or [len(code) + 1])
    return code + "".join(random.choices("123456789", k=length - len(code)))


def _codes(random: Random, codes: Sequence[str]) -> list[str]:
    """Some codes, some in their padded form, and some as long as those of each level, which may be new."""
    padded = [code.ljust(12, "0") for code in codes if len(code) < 12]
    long = [_continued(random, random.choice(codes)) for _ in range(24)]
    return [*_few(random, codes)[:12], *_few(random, padded)[:5], *long, "99"]


def _spans(oracle: Oracle) -> list[dict[str, str]]:
    """When something is booked, a quarter before and after that, and other times of one day."""
    taken, quarter = oracle.sight.tables["venue_booking"], timedelta(minutes=15)
    booked = [(row["begins_at"], row["ends_at"]) for row in taken[:10]]
    around = [(begins.replace(hour=0), begins.replace(hour=0) + quarter) for begins, _ in booked]
    noon = oracle.sight.now.astimezone(CHINA).replace(hour=12, minute=0, second=0, microsecond=0)
    noons = [noon + timedelta(days=days) for days in range(7)]
    others = [(begins, begins + timedelta(hours=hours)) for begins in noons for hours in (1, 12)]
    return [dict(zip(("from", "to"), map(datetime.isoformat, each), strict=True)) for each in booked + around + others]


def _columns(oracle: Oracle) -> dict[str, list[str]]:
    """What stands in columns of text, by the column's name; units that have gone are nobody's to name."""
    found: dict[str, list[str]] = {}
    for table in (each for each in METADATA.sorted_tables if each is not former_units):
        for column in table.columns:
            if isinstance(column.type, Text) and column.name != "id":
                held = (row[column.name] for row in oracle.sight.tables[table.name])
                found.setdefault(column.name, []).extend(text for text in held if text)
    return {name: texts for name, texts in found.items() if texts}


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


def _of_kind(oracle: Oracle, kind: Kind) -> list[str]:
    """The ids of a kind's rows, and one that no row has."""
    ids = [row["id"] for row in oracle.sight.every(kind) if "id" in row]
    return [f"{kind.entity.tag}_{id_}" for id_ in (*ids, NEVER)]


def _filtered(oracle: Oracle, random: Random) -> dict[str, list[str]]:
    """By a filter's name, ids of a few rows of its kind that the caller sees, and of one that may be hidden."""
    found: dict[str, list[str]] = {}
    for name, kind in oracle.sight.declared.catalogue.kinds.items():
        if kind.entity.tag is not None and kind.filter:
            rows = [row["id"] for row in oracle.sight.seen(kind)]
            few = [f"{kind.entity.tag}_{id_}" for id_ in random.sample(rows, min(OF_A_KIND, len(rows)))]
            found[f"{name}Filter"] = [*few, random.choice(_of_kind(oracle, kind))]
    return found


def _accounts(oracle: Oracle) -> list[str]:
    """The ids of all accounts, more of those the trail names: there are few of them."""
    named = {row["account_id"] for row in oracle.sight.tables["audit_entry"] if row["account_id"] is not None}
    rows = oracle.sight.tables["account"]
    return [f"ac_{row['id']}" for row in rows] * 2 + [f"ac_{id_}" for id_ in sorted(named)] * 3


def _ids(oracle: Oracle, random: Random) -> list[str]:
    """Some of every kind, some with another kind's tag, and what is no id at all."""
    kinds = [kind for kind in oracle.sight.declared.catalogue.kinds.values() if kind.entity.tag is not None]
    ids: list[str] = []
    for kind in kinds:
        found = [f"{kind.entity.tag}_{row['id']}" for row in oracle.sight.every(kind)]
        ids += random.sample(found, min(OF_A_KIND, len(found)))
    mixed = [f"{kind.entity.tag}_{ids[0].partition('_')[2]}" for kind in kinds]
    tags = [kind.entity.tag or "" for kind in kinds]
    return [*ids, *mixed, *tags, ids[0].upper(), ids[0] + " ", f"ou_{NEVER}", "ou_", "zz_1", ""]


def _seen(oracle: Oracle, random: Random) -> list[str]:
    """Ids of rows the caller sees, of every kind some."""
    kinds = [kind for kind in oracle.sight.declared.catalogue.kinds.values() if kind.entity.tag is not None]
    rows = [(kind, list(oracle.sight.seen(kind))) for kind in kinds]
    few = [(kind, row) for kind, seen in rows for row in random.sample(seen, min(OF_A_KIND, len(seen)))]
    return [f"{kind.entity.tag}_{row['id']}" for kind, row in few]


def _few(random: Random, texts: Sequence[str]) -> list[str]:
    found = sorted(set(texts))
    return random.sample(found, min(MOST, len(found)))
