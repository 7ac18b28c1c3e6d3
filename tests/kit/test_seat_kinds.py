"""Kinds of seats are said once on each floor: all that tells them apart derives from the one list."""

import re

import pytest

from policies.actor import LEVELS, SEATS
from policies.scope import ANSWERED, ELSEWHERE, Keyed
from schema import AREAS
from schema.access.commands import COMMANDS
from schema.access.seated import SEATED
from schema.catalogue.kinds import link
from schema.kit.commands import Named
from services.access.seat_kinds import KINDS
from services.access.seats import seats
from services.access.tables import grants
from tests.conftest import PROJECT

# Where a kind may be named beside the lists: the table's own area, and what is said of one kind alone.
COLUMN = re.compile(r"\bgrants?\.(?:c\.)?(?:company_id|building_id)\b|\[?\"(?:company_id|building_id)\"\]?.*role_grant")
KINDS_IN_A_ROW = re.compile(r"\"(?:company|co)\"[^\"]{0,9}(?:\"[^\"]*\"[^\"]{0,9})?\"(?:building|bd)\"")


def test_each_floor_has_the_same_kinds() -> None:
    """Tables, the view, terms, entities, the union a grant leads to, and what can be granted."""
    names = [kind.name for kind in KINDS]
    assert list(SEATED) == names
    assert {kind for kinds in SEATS.values() for kind in kinds} == {*names}
    assert all(LEVELS.get(role) for role, kinds in SEATS.items() if "unit" in kinds)
    assert {kind.column for kind in KINDS} <= {*grants.c.keys()} & {*seats.c.keys()}
    catalogue = link(AREAS)
    entities = [catalogue.kinds[SEATED[kind.name].entity.__name__] for kind in KINDS]
    assert [(each.entity.table, each.entity.tag) for each in entities] == [(kind.table, kind.tag) for kind in KINDS]
    seat = vars(COMMANDS["grant_role"].input)["seat"]
    assert isinstance(seat, Named)
    assert list(seat.entities) == [each.name for each in entities]
    assert all(ANSWERED[term] for kinds in SEATS.values() for term in kinds.values())
    assert all(ELSEWHERE.keys() >= {*ways[1:]} for term, ways in ANSWERED.items() if issubclass(term, Keyed))


@pytest.mark.parametrize("floor", ["services", "policies", "schema"])
def test_no_other_file_lists_them(floor: str) -> None:
    """Neither columns of a grant by name, nor kinds or tags one after the other."""
    lists = {"services/access/seat_kinds.py", "schema/access/seated.py", "policies/actor.py"}
    for file in (PROJECT / floor).rglob("*.py"):
        name = str(file.relative_to(PROJECT))
        if name in lists or "/migrations/" in name or "/demo" in name:
            continue
        text = file.read_text(encoding="utf-8")
        assert not COLUMN.search(text), name
        assert not KINDS_IN_A_ROW.search(text), name
