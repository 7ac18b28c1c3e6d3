"""Where rows lay that changed: by that changes are read and followed, and with them the entries they are of."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

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


def follows(change: Any, command: Any) -> Select[Any]:
    """Where a row lay that changed, as the unit lies now, what kind of row it was, and by which command."""
    of = aliased(units)
    told = (of.c.path, change.table_name, command.label("command"))
    return select(*told).where(of.c.id == change.unit_id).correlate_except(of)


def follows_any(entry: Any) -> Select[Any]:
    """The same of each row an entry changed."""
    of = aliased(changes)
    return follows(of.c, entry.command).where(of.c.entry_id == entry.id).correlate_except(of)


def lay_in_gone(entry: Any) -> Select[Any]:
    """Where rows an entry changed lie now that lay in units that have gone, and what kind of row each was."""
    of, unit, gone = aliased(changes), aliased(units), aliased(former_units)
    found = and_(of.c.entry_id == entry.id, gone.c.id == of.c.unit_id, unit.c.id == gone.c.heir_id)
    return select(unit.c.path, of.c.table_name).where(found).correlate_except(of, unit, gone)
