"""The ASGI application: the service put together over one database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from policies.actor import Authenticator
from policies.own_password import OwnPassword
from policies.sessions import Sessions
from schema import build_schema
from schema.pipeline.http.coding import THOROUGH, Packed
from schema.pipeline.http.door import Door
from schema.pipeline.http.endpoint import Endpoint
from schema.pipeline.http.origins import Origins
from schema.pipeline.http.page import Assets, page, wants_page
from schema.pipeline.http.probes import Ready, health
from schema.pipeline.http.session import CALLBACK, PASSWORD, PATH, START, Session
from schema.pipeline.http.sockets import Sockets
from schema.pipeline.http.strangers import Strangers
from schema.pipeline.run.live import Live
from schema.pipeline.run.programs import Programs
from schema.pipeline.run.read import Reading
from schema.pipeline.run.registry import Registry
from schema.pipeline.run.write import Writing
from services.access.passwords import Passwords
from services.access.standing import Poll
from services.access.usage import Usage
from services.audit.heads import Keeping
from services.audit.tables import record_event
from services.programs.budget import Budgets
from services.programs.ending import Ending
from services.settings import PROJECT, Settings
from services.storage.changes import Changes
from services.storage.database import Reader, Writer
from services.upkeep import kept_up

if TYPE_CHECKING:
    from policies.federation import Federation

DIST = PROJECT / "web" / "dist"
KEEP_UP = 20  # seconds


def application(url: str, settings: Settings) -> ASGIApp:
    """The service over the database at `url`. It starts without the database and waits for it."""
    reader = Reader(url, settings.limits)
    writer = Writer(url, settings.limits)
    keeper = Writer(url, settings.limits, size=2)  # keeps account; never waits for a command's lock
    site, usage = settings.site, Usage(keeper, settings.site)
    authenticator = Authenticator(reader, usage.note)
    catalogue, schema = build_schema()
    budgets = Budgets(keeper)
    programs = Programs(reader, budgets, naming=settings.naming, usual=settings.limits.budget)
    reading = Reading(catalogue, schema, reader, authenticator, settings.limits, programs)
    passwords = Passwords()
    writing = Writing(catalogue, reading, writer, passwords, alone=settings.alone)
    poll = Poll(url)
    registry = Registry(poll)
    live = Live(reading, registry, lambda heard: Changes(url, heard), settings.limits)
    sessions = Sessions(reader, writer, site, record_event, passwords)
    door = Door(site)
    endpoint = Endpoint(writing, Strangers(door, sessions, settings.limits), door, settings.limits, site)
    sockets = Sockets(reading, writing, live, settings.limits, site)
    own_password = OwnPassword(sessions, writer, record_event, passwords)
    federation = _federation(settings, sessions, writer)
    session = Session(door, sessions, own_password, federation, authenticator, settings.limits, site)

    jobs = [] if settings.heads is None else [Keeping(settings.heads, keeper.transaction).keep]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with kept_up(KEEP_UP, budgets.clean, Ending(keeper).end, *jobs):
            yield
        await live.close()
        await registry.close()
        await usage.close()
        passwords.close()
        for pool in (reader, writer, keeper):
            await pool.close()

    routes = [
        WebSocketRoute("/graphql", sockets),
        *(Route(path, session) for path in (PATH, PASSWORD, START, CALLBACK)),
        Mount("/assets", Packed(Assets(DIST / "assets"), THOROUGH)),
        Route("/health", health),
        Route("/ready", Ready(poll).__call__),
        Route("/", lambda _: RedirectResponse(site.path("/graphql"))),
    ]
    graphql = Origins(endpoint, site.others) if site.others else endpoint
    rest = Starlette(routes=routes, lifespan=lifespan)
    rest.router.redirect_slashes = False  # it would redirect to whatever the Host header says

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        if site.prefix and scope["type"] != "lifespan":
            scope = {**scope, "path": site.below(scope["path"])}
        # Operations go past Starlette's middleware and router, which have nothing to add to them.
        operation = scope["type"] == "http" and scope["path"] == "/graphql"
        to = rest if not operation else page(DIST) if wants_page(scope) else graphql
        await to(scope, receive, send)

    return front


def _federation(settings: Settings, sessions: Sessions, writer: Writer) -> "Federation | None":
    if settings.provider is None:
        return None
    from policies.federation import Federation
    from services.access.provider import Provider

    provider = Provider(settings.provider, f"{settings.site.public}{settings.site.path(CALLBACK)}")
    return Federation(settings.provider, provider, sessions, writer)
