"""Whether the same is there already, as a second click would make it.

Asked, and not held by the database: nothing keeps two people from doing alike at one moment.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, select

from services.storage.transaction import Transaction


async def is_there(
    tx: Transaction, table: Table, made: Mapping[str, Any], alike: Collection[str], *where: ColumnElement[bool]
) -> bool:
    """Whether a row that fulfils all this has the values of what is made in these columns, none being one as well."""
    same = (table.c[name].is_not_distinct_from(made[name]) for name in alike)
    return await tx.row(select(table.c.id).where(*where, *same).limit(1)) is not None
