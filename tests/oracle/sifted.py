"""What of a recorded change is told to whom, row by row: see `schema/audit/sifting.py`."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from typing import Any

from sqlalchemy import Select

from policies import decide
from policies.scope import Way
from schema import AREAS
from schema.catalogue.glossary import glossary
from schema.catalogue.kinds import Kind
from schema.kit.entities import Value
from schema.kit.expressions import Row
from schema.kit.glossary import Glossary, Itemized, as_they_are
from schema.kit.sifting import Sifted
from services.organization.tables import units
from services.storage.references import PATH, Reference, references
from services.storage.tables import METADATA
from tests.built import CATALOGUE
from tests.oracle.decisions import enforced
from tests.oracle.dispatch import Record, Tables
from tests.oracle.sight import Sight, Thing

SIDES = ("before", "after")


def sifted(sight: Sight, thing: Thing) -> Thing:
    """The row as the caller is told it."""
    return _sifted(sight, thing, lambda: sight.stays(thing.kind, thing.row))


def _sifted(sight: Sight, thing: Thing, stays: Callable[[], bool]) -> Thing:
    if not isinstance(thing.kind.entity.sifted, Sifted) or _whole(sight, thing):
        return thing
    plain = {"before": True, "after": thing.row["left_unit_id"] is None or stays()}
    return replace(thing, row={**thing.row} | {of: _side(sight, thing, thing.row[of], plain[of]) for of in SIDES})


def told_of(sight: Sight, thing: Thing, declared: Value | Itemized) -> Any:
    """A value of the row as it is told, or a list; one that is made of rows of another type, as those are told."""
    if isinstance(declared, Value):
        return sight.value(sifted(sight, thing), declared.of)
    if declared.made_of is not None:
        kind = sight.declared.catalogue.kinds[declared.made_of]
        name, entry = kind.entity.table.name, thing.row["entry_id"]
        of = [row for row in sight.tables[name] if row["entry_id"] == entry]
        rows = [_sifted(sight, Thing(kind, row), partial(_reads_list, sight, thing, kind, row)).row for row in of]
        sight = replace(sight, tables=Tables({**sight.tables, name: rows}))
    return sight.value(sifted(sight, thing), _rows(declared))


@cache
def _rows(declared: Itemized) -> Callable[[Row], Select[Any]]:
    return lambda row: declared.rows(row, as_they_are)


def _whole(sight: Sight, thing: Thing) -> bool:
    (chain,) = (entry["chain"] for entry in sight.tables["audit_entry"] if entry["id"] == thing.row["entry_id"])
    heirs = {former["id"]: former["heir_id"] for former in sight.tables.get("former_unit", ())}
    paths = [unit["path"] for unit in sight.tables["org_unit"] if unit["id"] == heirs.get(chain, chain)]
    return enforced(sight.seats_for("audit"), "audit", decide.READ, {Way.WITHIN: paths})


def _reads_list(sight: Sight, thing: Thing, kind: Kind, row: Record) -> bool:
    """Whether the caller reads such lists as one is of, as corrections are, where a row lay that it is made of."""
    return sight.allows(kind, row, thing.kind.entity.policy, decide.READ)


def _side(sight: Sight, thing: Thing, side: Any, plain: bool) -> Any:
    if side is None:
        return None
    values = json.loads(side) if isinstance(side, str) else side
    shown = {name: value for name, value in values.items() if _shown(sight, thing, values, name, plain)}
    return json.dumps(shown, ensure_ascii=False) if isinstance(side, str) else shown


def _shown(sight: Sight, thing: Thing, values: Any, name: str, plain: bool) -> bool:
    """Whether a column is told: one there is, a field or for who reads the trail there, that names what they read; or
    that names nothing, where that is `plain` to them."""
    table = METADATA.tables.get(thing.row["table_name"])
    if table is None or table.name not in {kind.entity.table.name for kind in _kinds(sight)} | {"credential"}:
        return False
    if name not in table.c or not (name in _fields(table.name) or _reads(sight, thing)):
        return False
    reference = references(table).get(name)
    return plain if reference is None else _led(sight, reference, values.get(reference.by), plain)


def _reads(sight: Sight, thing: Thing) -> bool:
    return sight.allows(thing.kind, thing.row, "audit", decide.READ) and sight.tells(thing.kind, thing.row)


def _led(sight: Sight, reference: Reference, name: Any, plain: bool) -> bool:
    if name is None or name == "•":
        return plain and name is not None
    return any(_leads(sight, of, name) for of in reference.names)


def _leads(sight: Sight, of: str, name: Any) -> bool:
    table = units.name if of == PATH else of
    kind = next((kind for kind in _kinds(sight) if kind.entity.table.name == table and kind.entity.tag), None)
    if kind is None:
        return False
    if of == PATH:
        at = {"path": str(name)}
        return any(sight.at(kind, at, policy) for policy in (kind.entity.policy, "audit"))
    rows = [row for row in sight.every(kind) if str(row["id"]) == name]
    return any(row in sight.seen(kind) or sight.allows(kind, row, "audit", decide.READ) for row in rows)


def _kinds(sight: Sight) -> Iterator[Kind]:
    return iter(sight.declared.catalogue.kinds.values())


def _fields(table: str) -> set[str]:
    """The columns that are fields by the words there are."""
    return {*_words().tables[table].columns, "id"}


@cache
def _words() -> Glossary:
    return glossary(CATALOGUE.kinds, CATALOGUE.offers, AREAS)
