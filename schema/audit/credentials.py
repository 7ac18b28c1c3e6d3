"""What the trail tells of credentials: a token's in the words of the token, of sessions nothing."""

from typing import Any

from sqlalchemy import ColumnElement, Text, func, select

from schema.kit.entities import Value
from schema.kit.expressions import Row
from schema.kit.glossary import Called, Recorded, short
from schema.programs.programs import AccessToken
from services.access.tables import programs
from services.audit.tables import entries
from services.programs.tables import tokens
from services.storage.tables import aliased

# The columns, and the fields of a token that are of them; accounts are told by their global ids.
MOMENTS = ("created_at", "approved_at", "confirmed_at", "expires_at", "revoked_at")
ACCOUNTS = {name: f"{name}_name" for name in ("issued_by", "approved_by", "confirmed_by")}
ORDER = ("created_at", "issued_by", "approved_at", "approved_by", "confirmed_at", "confirmed_by", *MOMENTS[3:])


def _called(column: str) -> Called:
    name = ACCOUNTS.get(column, column)
    field: Any = vars(AccessToken)[name]
    assert isinstance(field, Value)
    first, *rest = name.split("_")
    called = first + "".join(word.title() for word in rest)
    return Called(called, short(field.description), "ac" if column in ACCOUNTS else None)


def _token_of(change: Row) -> ColumnElement[Any]:
    """The token whose credential a change is of; null of a session's, and where that cannot be told.

    A credential's change is kept by its account. One that was made has its own id there; another is changed by a
    command about its token.
    """
    of, owner, entry = aliased(tokens), aliased(programs), aliased(entries)
    made = select(of.c.id).where(of.c.credential_id == change.after.op("->>", return_type=Text())("id"))
    about = (
        select(of.c.id)
        .join(owner, owner.c.id == of.c.program_id)
        .join(entry, entry.c.target_id == of.c.id)
        .where(entry.c.id == change.entry_id, owner.c.account_id == change.row_id)
    )
    found = (each.correlate_except(of, owner, entry).scalar_subquery() for each in (made, about))
    return func.coalesce(*found)


RECORDED = {"credential": Recorded("AccessToken", "tk", {name: _called(name) for name in ORDER}, _token_of)}
