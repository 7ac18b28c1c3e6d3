"""The database a command works with."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from services import urls
from services.roles import prepare
from services.settings import Settings, readable
from services.storage.database import LOST
from services.storage.embedded.server import EmbeddedPostgres

UNREACHABLE: tuple[type[BaseException], ...] = (*LOST, asyncpg.PostgresError)


@contextmanager
def database(
    settings: Settings, *, owner: bool = False, lasting: bool = False, as_it_is: bool = False
) -> Iterator[str]:
    """The database's URL: DATABASE_URL (with `owner`, MIGRATE_DATABASE_URL), or an embedded server while it runs.

    An embedded one is migrated, unless it is wanted `as_it_is`. What comes of a database that cannot be reached or
    refuses has a note that says which.
    """
    given = settings.migrate_database_url if owner else settings.database_url
    if given:
        own = owner and given != settings.database_url
        name = "MIGRATE_DATABASE_URL" if own else "DATABASE_URL"
        try:
            yield readable(name, given)
        except UNREACHABLE as error:
            error.add_note(f"{name}{urls.place(given)}")
            raise
        return
    with EmbeddedPostgres(settings.home) as server:
        if not as_it_is:
            asyncio.run(prepare(server.url, server.service_url))
        if lasting:
            server.keep()
        yield server.url if owner else server.service_url
