"""What an entry of the trail tells of itself, where it is no command: the address of a sign-in, say."""

from typing import Any

from sqlalchemy import ColumnElement, Text, case, func, literal_column


def details(entry: Any) -> ColumnElement[Any]:
    """The details of an event, as JSON's text; null for a command, of which they are no more than what it is about."""
    told = func.nullif(entry.detail.cast(Text()), literal_column("'null'", Text()))  # as it was kept before
    return case((entry.about_id.is_(None), told))
