"""Statements that are compiled once and kept: each has its own values, whatever the one before it had."""

from uuid import UUID

from sqlalchemy import Executable, insert, select

from services.members.tables import Standing, members
from services.storage.transaction import compiled

ONE, OTHER, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)


def among(*ids: UUID, name: str = "甲") -> Executable:
    """Members by ids and a name."""
    return select(members.c.id).where(members.c.id.in_(ids), members.c.name == name)


def test_each_has_its_own_values() -> None:
    """By whatever they are compared, and null as well."""
    first, second = compiled(among(ONE)), compiled(among(OTHER, name="乙"))
    assert first[0] == second[0]
    assert (first[1], second[1]) == (["甲", ONE], ["乙", OTHER])
    given = {"unit_path": "3505/", "name": "甲", "standing": Standing.RETIRED}
    written = [compiled(insert(members).values(id=ONE, phone=phone, **given)) for phone in ("10000000001", None)]
    assert written[0][0] == written[1][0]
    assert [("10000000001" in values, None in values) for _, values in written] == [(True, False), (False, True)]
    assert Standing.RETIRED.name in written[0][1]


def test_a_list_has_as_many_parameters_as_it_is_long() -> None:
    """Also where the same was asked of another one, and of none."""
    for ids in ((ONE,), (ONE, OTHER, THIRD), (), (THIRD, OTHER)):
        sql, values = compiled(among(*ids))
        assert [each for each in values if isinstance(each, UUID)] == [*ids]
        assert sql.count("$") == len(values) == len(ids) + 1
