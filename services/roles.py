"""The database's roles: the owner makes and migrates the tables, the service's own role only works with rows.

What the service's role may do with a table's rows is everything, unless the table's declaration says less
(`PRIVILEGES`): it reads the audit trail and adds to it, and can neither change nor remove what is there.
"""

from collections.abc import Iterator

import asyncpg

from services import urls
from services.aside import AsideError, aside
from services.declared import METADATA
from services.storage.database import MigrationError, connected
from services.storage.tables import PRIVILEGES
from services.storage.version import NEWEST, version

EVERYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE")

ATTEMPTS = 10  # to write a role of the server that others write at this moment; there is no lock across databases

EXISTS = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)"
# Identifiers and literals are quoted by the server.
MAKE = "SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', $1::text, $2::text)"
CHANGE = "SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', $1::text, $2::text)"
GRANT = "SELECT format('GRANT %s ON %I TO %I', $1::text, $2::text, $3::text)"
REVOKE = "SELECT format('REVOKE ALL ON %I FROM %I', $1::text, $2::text)"
USE = "SELECT format('GRANT USAGE ON SCHEMA public TO %I', $1::text)"


def apart(owner: str, service: str) -> bool:
    """Whether two URLs sign in as two roles."""
    return urls.user(owner) != urls.user(service)


async def prepare(owner: str, service: str) -> None:
    """Migrate the database at the owner's URL and admit the role of the service's, which is made if there is none."""
    async with connected(owner) as connection:
        old = await version(connection) != NEWEST
    if old:
        await _migrated(owner)
    password = urls.password(service)
    async with connected(owner) as connection:
        if password is not None:
            await make_role(connection, urls.user(service), password)
        await admit(connection, service)


async def _migrated(url: str) -> None:
    """Alembic takes 20 MiB, and nobody needs it afterwards."""
    try:
        await aside("services.storage.migrating", url)
    except AsideError as error:
        raise MigrationError(str(error)) from None


async def make_role(connection: asyncpg.Connection, name: str, password: str) -> None:
    """A role that may sign in with this password and owns nothing; one there is already gets the password."""
    for left in reversed(range(ATTEMPTS)):
        try:
            known = await connection.fetchval(EXISTS, name)
            await connection.execute(await connection.fetchval(CHANGE if known else MAKE, name, password))
        except (asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError, asyncpg.InternalServerError):
            if not left:  # others that start at this moment do the same, each once
                raise
        else:
            return


async def admit(connection: asyncpg.Connection, service: str) -> None:
    """Give the role of a URL exactly what the service needs of this database, whatever it had before."""
    role = urls.user(service)
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(hashtext('jinlin.roles'))")
        await connection.execute(await connection.fetchval(USE, role))
        for table, allowed in privileges():
            await connection.execute(await connection.fetchval(REVOKE, table, role))
            await connection.execute(await connection.fetchval(GRANT, ", ".join(allowed), table, role))


def privileges() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every table and view, with what the service may do with its rows."""
    yield "alembic_version", ("SELECT",)
    for table in METADATA.sorted_tables:
        yield table.name, table.info.get(PRIVILEGES, EVERYTHING)


async def guarded(connection: asyncpg.Connection) -> bool:
    """Whether the role of this connection could not change the audit trail if it tried, triggers or not."""
    found: bool = await connection.fetchval(
        "SELECT NOT (pg_has_role(current_user, relowner, 'MEMBER')"
        " OR has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE'))"
        " FROM pg_class WHERE oid = to_regclass('audit_entry')"
    )
    return found
