"""Computing the keys of names anew, for migrations that change what makes two the same."""

import json
from typing import Any
from uuid import UUID

from alembic import op
from sqlalchemy import text

from services.names import fold, search_keys
from services.organization.collisions import Collision, collisions, keyed, statement
from services.storage.database import MigrationError

SEARCHED = ("org_unit", "party_organization", "property_company", "compound", "member", "service_item")
FOLDED = (*SEARCHED, "building", "account")
UNIQUE = ("building", "service_item")
BATCH = 5000
SHOWN = 20

COLLIDING = """以下名称按检索的规则相同，而须各不相同。数据库未作改动，原版本可继续使用。
请逐组改名（server.py collisions 随时可列出），再运行 server.py migrate。
These names are the same by the rule that search goes by, and must differ. Nothing was changed; the former version goes
on working. Rename all but one of each (server.py collisions lists them at any time), then run server.py migrate."""


def refuse_collisions() -> None:
    """MigrationError where rows that must have names of their own do not."""
    connection = op.get_bind()
    found: list[Collision] = []
    for key in keyed():
        if key.table.name in UNIQUE:
            # Closed buildings had names of their own as well, until migration 0056.
            whole = key._replace(where=None) if key.table.name == "building" else key
            found += collisions(whole, connection.execute(statement(whole)).mappings())
    if found:
        more = [f"…… 另有 {len(found) - SHOWN} 组 / and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
        raise MigrationError("\n".join([COLLIDING, *map(str, found[:SHOWN]), *more]))


def compute(table: str) -> None:
    """Compute the keys of all rows of a table that have others, or none; no trigger fires, for nobody changed it."""
    op.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    columns = ("folded", "pinyin", "grams") if table in SEARCHED else ("folded",)
    read = text(f"SELECT id, name, folded FROM {table} WHERE id > :after ORDER BY id LIMIT {BATCH}")  # noqa: S608
    write = text(
        f"UPDATE {table} AS row SET {', '.join(f'{column} = made.{column}' for column in columns)}"  # noqa: S608
        " FROM jsonb_to_recordset(cast(:made AS jsonb)) AS made (id uuid, folded text, pinyin text, grams text[])"
        " WHERE row.id = made.id"
    )
    connection, after = op.get_bind(), UUID(int=0)
    while rows := connection.execute(read, {"after": after}).all():
        if other := [_keys(table, id_, name) for id_, name, folded in rows if fold(name) != folded]:
            connection.execute(write, {"made": json.dumps(other)})
        after = rows[-1][0]
    op.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _keys(table: str, id_: UUID, name: str) -> dict[str, Any]:
    if table not in SEARCHED:
        return {"id": str(id_), "folded": fold(name)}
    return {"id": str(id_), **search_keys(name, person=table == "member")._asdict()}
