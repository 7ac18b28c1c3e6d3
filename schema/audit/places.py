"""Where rows lay that changed: by that changes are read and followed, and with them the entries they are of.

A row that a change took elsewhere lay in two places: where it lies since, and where it had lain.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from services.audit.tables import changes, entries
from services.organization.tables import former_units, units
from services.storage.tables import aliased


def of_entry(entry_id: Any, name: str) -> ColumnElement[Any]:
    """A column of an entry, by the entry's id."""
    of = aliased(entries)
    return select(of.c[name]).where(of.c.id == entry_id).correlate_except(of).scalar_subquery()


def lay(change: Any) -> ColumnElement[Any]:
    """The unit a row lay in that changed; of what lay nowhere, or was recorded before that was kept, the entry's."""
    return func.coalesce(change.unit_id, of_entry(change.entry_id, "unit_id"))


def follows(change: Any) -> Select[Any]:
    """Where a row lay once it had changed, as the unit lies now, what kind of row it was, and by which command."""
    return _lay(change, of_entry(change.entry_id, "command"), change.unit_id)


def left(change: Any) -> Select[Any]:
    """The same, where it had lain before."""
    return _lay(change, of_entry(change.entry_id, "command"), change.left_unit_id)


def left_gone(change: Any) -> Select[Any]:
    """The same, where that has gone since, without the command: to whom has what was that one's."""
    unit, gone = aliased(units), aliased(former_units)
    found = and_(gone.c.id == change.left_unit_id, unit.c.id == gone.c.heir_id)
    return select(unit.c.path, change.table_name).where(found).correlate_except(unit, gone)


def follows_any(entry: Any) -> Select[Any]:
    """Where each row an entry changed lay, before and after, what kind of row it was, and by which command."""
    of = aliased(changes)
    found = _lay(of.c, entry.command, of.c.unit_id, of.c.left_unit_id)
    return found.where(of.c.entry_id == entry.id).correlate_except(of)


def lay_in_gone(entry: Any) -> Select[Any]:
    """Where rows an entry changed lie now that lay in units that have gone, and what kind of row each was."""
    of, unit, gone = aliased(changes), aliased(units), aliased(former_units)
    lay = _among(gone.c.id, of.c.unit_id, of.c.left_unit_id)
    found = and_(of.c.entry_id == entry.id, lay, unit.c.id == gone.c.heir_id)
    return select(unit.c.path, of.c.table_name).where(found).correlate_except(of, unit, gone)


def _lay(change: Any, command: Any, *places: ColumnElement[Any]) -> Select[Any]:
    of = aliased(units)
    told = (of.c.path, change.table_name, command.label("command"))
    return select(*told).where(_among(of.c.id, *places)).correlate_except(of)


def _among(unit: ColumnElement[Any], *places: ColumnElement[Any]) -> ColumnElement[bool]:
    """Each place asked by itself, so that it is looked for by its own index."""
    return or_(*(unit == place for place in places))
