"""Which page of which rows: a total order, forwards after a row or backwards before one."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Case, Column, ColumnElement, ScalarSelect

from schema.kit.entities import Entity
from schema.kit.expressions import Row
from schema.pipeline.plan.binding import Spot
from schema.pipeline.plan.plan import Order, Turn
from services.errors import Refused, bad_input

Key = tuple[ColumnElement[Any], bool]  # what rows are ordered by, and whether downwards
Asked = Sequence[Mapping[str, Any]]


def order(entity: Entity, spot: Spot) -> Order:
    """The order asked for, else the entity's own; ties by what it says they are, and last by what is unique.

    BAD_USER_INPUT for a field named twice: the second would decide nothing.
    """
    asked: Asked = spot.given.get("orderBy") or ()
    if len({each["field"] for each in asked}) < len(asked):
        refused = bad_input("orderBy 中同一字段只能出现一次。", "A field may stand in `orderBy` only once.")
        raise _at(refused, spot, "orderBy")

    def by(row: Row) -> list[ColumnElement[Any]]:
        return [key for key, _ in keys(entity, asked, row)]

    return Order(by, tuple(Turn(down, _nullable(key)) for key, down in keys(entity, asked, entity.table.c)))


def keys(entity: Entity, asked: Asked, row: Row) -> list[Key]:
    """The keys of a total order, none twice and none after what is unique; what decides ties goes upwards."""
    told = [
        (key, each["direction"].value == "DESC") for each in asked for key in entity.orders[each["field"].value](row)
    ]
    told = told or [(key, False) for key in entity.sort(row)]
    unique, made = entity.unique(row), list[Key]()
    for key, downwards in [*told, *((key, False) for key in entity.ties(row)), (unique, False)]:
        if not any(key.compare(before) or before.compare(unique) for before, _ in made):
            made.append((key, downwards))
    return made


def _nullable(key: ColumnElement[Any]) -> bool:
    """Whether a row may have no value of a key: in a column that may be empty, or looked up where nothing may be.

    What has none but is taken to have one would come first downwards, and no page after it.
    """
    if isinstance(key, ScalarSelect | Case):
        return True
    return isinstance(key, Column) and bool(key.nullable) and not key.primary_key


def backwards(spot: Spot) -> bool:
    """Whether the last rows are asked for, or those before one; BAD_USER_INPUT where the first are as well."""
    back = [name for name in ("last", "before") if spot.given.get(name) is not None]
    on = [name for name in ("first", "after") if spot.given.get(name) is not None]
    if back and on:
        zh = "向后翻页用 first 与 after，向前翻页用 last 与 before，不可混用。"
        en = "Forwards it is `first` and `after`, backwards `last` and `before`: not some of both."
        raise _at(bad_input(zh, en), spot, back[0])
    return bool(back)


def _at(refused: Refused, spot: Spot, argument: str) -> Refused:
    refused.path, refused.argument = spot.path, (argument,)
    return refused
