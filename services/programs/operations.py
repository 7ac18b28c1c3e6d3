"""Stored operations: a unit stores a document for its programs and those below, and closes it to new ones."""

from collections.abc import Collection, Mapping
from functools import cache
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, bindparam, case, literal, literal_column, or_, select
from sqlalchemy import Integer as Whole

from services.access.credentials import still_stands
from services.errors import ProblemCode, Rule
from services.names import proper
from services.organization.paths import at_or_above
from services.programs.tables import operations
from services.storage.closing import only_open
from services.storage.database import Reader
from services.storage.tables import BYTEWISE, named
from services.storage.transaction import DIALECT, Record, Transaction

RULES: Mapping[str, Rule] = {
    "stored_operation_unit_path_sha256_key": Rule(
        "document", "该单元已存有同一查询。", "The unit has stored this very document already.", ProblemCode.TAKEN
    ),
}


Places = tuple[str, ...] | None


def digest(document: str) -> str:
    """What a document is known by: the SHA-256 of its text, in hexadecimal."""
    return sha256(document.encode("utf-8", "surrogatepass")).hexdigest()


async def store(tx: Transaction, *, unit: Record, name: str, document: str, cost: int, by: UUID) -> UUID:
    """Store a document that was found to be valid and to cost this much; its id."""
    made = {**named(operations, proper("name", name)), "text": document, "sha256": digest(document), "cost": cost}
    return await tx.insert(operations, unit_path=unit["path"], created_by=by, **made)


async def close(tx: Transaction, *, operation: Record) -> UUID:
    """Bind no further program to it; those that are go on. Its id."""
    only_open(operation=operation)
    return await tx.update(operations, operation["id"], closed_on=await tx.today())


async def texts(tx: Transaction, digests: Collection[str], path: str) -> list[str]:
    """The texts of documents stored for who is at a path, each once; none where one of them is not, or no more.

    What others store is nobody's to learn of here.
    """
    stored_for = at_or_above(operations.c.unit_path, literal(path, BYTEWISE))
    found = select(operations.c.text).where(operations.c.sha256.in_(sorted(digests)), stored_for).distinct()
    known = [row["text"] for row in await tx.rows(found)]
    return known if len(known) == len(digests) else []


@cache
def _stored() -> tuple[str, tuple[str, ...]]:
    """The text of one, for whoever still stands: (fresh, text); and the order of its parameters.

    Made when first wanted, since who vouches for a credential is what the policy says.
    """
    fresh = still_stands(bindparam("id", type_=Text()), bindparam("revision", type_=Whole()))
    places = bindparam("places", type_=ARRAY(BYTEWISE))
    text = (
        select(operations.c.text)
        .where(operations.c.sha256 == bindparam("sha256", type_=Text()))
        .where(or_(places.is_(None), operations.c.unit_path == any_(places)))
        .limit(literal_column("1"))
    )
    made = select(fresh.label("fresh"), case((fresh, text.scalar_subquery())).label("text")).compile(dialect=DIALECT)
    return str(made), tuple(made.positiontup or ())


async def stored(
    reader: Reader, sha: str, places: Places, credential_id: str, revision: int
) -> tuple[bool, str | None]:
    """Whether the caller still stands, and the text of the document of this digest, None where there is none.

    Only units at these paths count for whoever is held to some.
    """
    given = {"id": credential_id, "revision": revision, "sha256": sha, "places": places and list(places)}
    sql, names = _stored()
    row = await reader.fetchrow(sql, *(given[name] for name in names))
    assert row is not None
    return row["fresh"], row["text"]
