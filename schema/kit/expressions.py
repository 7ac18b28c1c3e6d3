"""What an area's expressions are made of.

A *row function* takes the columns of a row and returns an SQL expression; a *join* takes the columns of the row an
edge starts from and of the row it leads to. The compiler calls them with numbered aliases, so an expression never
names a table and one table may stand in a statement any number of times.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from policies.scope import Way

Row = ReadOnlyColumnCollection[str, Any]
RowFunction = Callable[[Row], ColumnElement[Any]]
Keys = Callable[[Row], ColumnElement[Any] | Select[Any]]  # a column, or a select of one
Ways = Mapping[Way, Keys | tuple[Keys, ...]]
Join = Callable[[Row, Row], ColumnElement[bool]]
Sorts = Callable[[Row], Sequence[ColumnElement[Any]]]
Given = Mapping[str, ColumnElement[Any]]  # the parameters a predicate binds, by name
