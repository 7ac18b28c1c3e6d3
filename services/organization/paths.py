"""Expressions over materialized paths. A path is "35/3505/350521/": codes, the row's own last, each with a slash."""

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, and_, any_, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.organization.tables import OrgLevel, units
from services.storage.tables import BYTEWISE, aliased


def beneath(path: ColumnElement[Any], top: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether `path` lies below `top`, `top` itself left out; an index range over `path`."""
    return and_(path > top, path < func.left(top, -1, type_=BYTEWISE).concat("0"))


def at_or_beneath(path: ColumnElement[Any], top: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether `path` is `top` or lies below it; an index range over `path`."""
    return and_(path >= top, path < func.left(top, -1, type_=BYTEWISE).concat("0"))


def on_the_way(code: ColumnElement[Any], path: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the unit of this code is the one at `path` or above it; at most a few look-ups of the code's index."""
    return code == any_(func.string_to_array(path, "/", type_=ARRAY(BYTEWISE)))


def above(path: ColumnElement[Any], of: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the unit at `path` lies above the one at `of`; at most a few look-ups of the index over `path`."""
    return and_(at_or_above(path, of), path != of)


def at_or_above(path: ColumnElement[Any], of: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether `path` is `of` or the unit there lies above it; likewise."""
    return path == any_(func.path_line(of, type_=ARRAY(BYTEWISE)))


def place(path: ColumnElement[Any]) -> ColumnElement[Any]:
    """The names from the county down to the unit at `path`; above the county, the unit's own name. Names are public."""
    unit = aliased(units, "place")
    names = func.array_agg(aggregate_order_by(unit.c.name, unit.c.path), type_=ARRAY(Text()))
    shown = or_(unit.c.level >= OrgLevel.COUNTY, unit.c.path == path)
    return select(names).where(on_the_way(unit.c.code, path), shown).scalar_subquery().correlate_except(unit)
