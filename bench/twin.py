"""The twin: the same units and party organizations as Strawberry's documentation teaches to serve them, with resolvers
and DataLoaders. No authorization, no limits, no cursors: it does less than the service for the same pages."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

import asyncpg
import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.types import Info as StrawberryInfo

from bench.pool import open_pool
from bench.twin_rows import Loaders, Row
from services.organization.tables import OrgLevel, PartyKind, PartyTier

Info = StrawberryInfo[Loaders, None]
T = TypeVar("T")

for _enum in (OrgLevel, PartyKind, PartyTier):
    strawberry.enum(_enum)


@strawberry.type
class PageInfo:
    """Whether more rows follow."""

    has_next_page: bool


@strawberry.type
class Connection(Generic[T]):
    """A page of rows."""

    nodes: list[T]
    page_info: PageInfo


def _page(rows: Sequence[Row], first: int, make: Callable[[Row], T]) -> Connection[T]:
    nodes = [make(row) for row in rows[:first]]
    return Connection(nodes=nodes, page_info=PageInfo(has_next_page=len(rows) > first))


@strawberry.type
class OrgUnit:
    """A unit of the territory."""

    path: strawberry.Private[str]
    parent_path: strawberry.Private[str | None]
    id: strawberry.ID
    code: str
    name: str
    level: OrgLevel

    @classmethod
    def of(cls, row: Row) -> "OrgUnit":
        """A unit from its row."""
        return cls(
            path=row["path"],
            parent_path=row["parent_path"],
            id=strawberry.ID(f"ou_{row['id']}"),
            code=row["code"],
            name=row["name"],
            level=OrgLevel(row["level"]),
        )

    @strawberry.field
    async def place(self, info: Info) -> list[str]:
        """The names from the county down."""
        return await info.context.names.load(self.path)

    @strawberry.field
    async def parent(self, info: Info) -> "OrgUnit | None":
        """The unit above."""
        row = await info.context.unit_by_path.load(self.parent_path) if self.parent_path else None
        return OrgUnit.of(row) if row else None

    @strawberry.field
    async def children(self, info: Info, first: int = 20) -> "Connection[OrgUnit]":
        """The units directly below."""
        return _page(await info.context.children.load((self.path, first + 1)), first, OrgUnit.of)

    @strawberry.field
    async def party_organizations(self, info: Info, first: int = 20) -> "Connection[PartyOrganization]":
        """Those of this unit and all below it."""
        rows = await info.context.organizations.load((self.path, first + 1))
        return _page(rows, first, PartyOrganization.of)


@strawberry.type
class PartyOrganization:
    """A party organization of one of the three tiers."""

    row_id: strawberry.Private[str]
    unit_path: strawberry.Private[str]
    parent_id: strawberry.Private[str | None]
    id: strawberry.ID
    name: str
    tier: PartyTier
    kind: PartyKind

    @classmethod
    def of(cls, row: Row) -> "PartyOrganization":
        """A party organization from its row."""
        return cls(
            row_id=str(row["id"]),
            unit_path=row["unit_path"],
            parent_id=str(row["parent_id"]) if row["parent_id"] else None,
            id=strawberry.ID(f"po_{row['id']}"),
            name=row["name"],
            tier=PartyTier(row["tier"]),
            kind=PartyKind(row["kind"]),
        )

    @strawberry.field
    async def unit(self, info: Info) -> OrgUnit | None:
        """The unit it belongs to."""
        row = await info.context.unit_by_path.load(self.unit_path)
        return OrgUnit.of(row) if row else None

    @strawberry.field
    async def parent(self, info: Info) -> "PartyOrganization | None":
        """The organization above."""
        row = await info.context.organization_by_id.load(self.parent_id) if self.parent_id else None
        return PartyOrganization.of(row) if row else None

    @strawberry.field
    async def subordinates(self, info: Info, first: int = 20) -> "Connection[PartyOrganization]":
        """The organizations directly below."""
        rows = await info.context.subordinates.load((self.row_id, first + 1))
        return _page(rows, first, PartyOrganization.of)


@strawberry.input(one_of=True)
class OrgUnitBy:
    """How to name one unit."""

    id: strawberry.Maybe[strawberry.ID]
    code: strawberry.Maybe[str]


@strawberry.type
class Query:
    """Everything that may be asked."""

    @strawberry.field
    async def org_unit(self, info: Info, by: OrgUnitBy) -> OrgUnit | None:
        """One unit."""
        if by.code:
            row = await info.context.unit_by_code.load(by.code.value)
        else:
            assert by.id is not None
            row = await info.context.unit_by_id.load(by.id.value.removeprefix("ou_"))
        return OrgUnit.of(row) if row else None


class _GraphQL(GraphQL[Loaders, None]):
    pool: asyncpg.Pool

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Loaders:
        return Loaders(self.pool)


def application() -> Starlette:
    """The ASGI application over DATABASE_URL."""
    graphql = _GraphQL(strawberry.Schema(Query))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        graphql.pool = await open_pool()
        yield
        await graphql.pool.close()

    return Starlette(routes=[Route("/graphql", graphql)], lifespan=lifespan)
