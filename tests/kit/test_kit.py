"""The kit: a new area is added beside the others, without touching them; what cannot be linked is refused."""

import asyncpg
import pytest
import strawberry
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text, Uuid

from policies.actor import Authenticator
from policies.scope import Way
from policies.tokens import Seat, issue
from schema import AREAS
from schema.catalogue.kinds import link
from schema.catalogue.types import Types
from schema.kit.entities import (
    Area,
    column,
    connection,
    edge_to,
    entity,
    having,
    listing,
    one,
)
from schema.kit.expressions import RowFunction
from schema.organization.units import OrgUnit
from schema.pipeline.run.asked import Asked
from schema.pipeline.run.read import Reading
from services.organization.tables import units
from services.settings import Limits
from services.storage.database import Reader
from services.storage.embedded.cluster import SERVICE
from tests.conftest import Database

benches = Table(
    "bench",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("unit_path", Text(collation="C"), ForeignKey(units.c.path)),
    Column("seats", Integer, nullable=True),
)


class BenchFilter:
    """Which benches."""

    has_unit: bool = having("unit", "Whether its unit is to be seen.")


@entity(
    benches,
    policy="party_organization",
    tag="bench",
    ways={Way.WITHIN: lambda bench: bench.unit_path},
    sort=lambda bench: (bench.seats,),
    filter=BenchFilter,
    orders={"SEATS": lambda bench: (bench.seats,)},
)
class Bench:
    """A bench in a unit."""

    seats: int | None = column("How many sit on it.")
    unit: "OrgUnit" = one(lambda bench, unit: unit.path == bench.unit_path, "Where it stands.")


def area() -> Area:
    """Benches, and the edge they add to units."""
    joined = connection(lambda unit, bench: bench.unit_path == unit.path, "Its benches.")
    return Area(
        entities=(Bench,),
        edges={"OrgUnit": {"benches": edge_to(Bench, joined)}},
        roots={"benches": listing(Bench, "All benches.")},
    )


async def test_an_area_is_added_beside_the_others(golden: Database, world: asyncpg.Connection) -> None:
    """Its types, edges, filter, order (values first, nulls last) and scope work, the others' files untouched."""
    await world.execute(
        'CREATE TABLE bench (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), unit_path text COLLATE "C", seats int)'
    )
    await world.execute(f"GRANT SELECT ON bench TO {SERVICE}")
    for code, seats in (("350521100", 3), ("350521100", None), ("350521101", 2), ("350524100", 9), ("350521100", 1)):
        await world.execute(
            "INSERT INTO bench (unit_path, seats) SELECT path, $2 FROM org_unit WHERE code = $1", code, seats
        )
    catalogue = link((*AREAS, area()))
    schema = Types(catalogue).schema()
    reader = Reader(golden.service_url, Limits())
    reading = Reading(catalogue, schema._schema, reader, Authenticator(reader), Limits())
    token = await issue(world, Seat("test", "county_admin", "350521"), 1)

    async def ask(query: str) -> str:
        return (await reading.answer(Asked(query, None, {}), token)).body.decode().replace(" \n ", "").replace(" ", "")

    ascending = await ask("{ benches { totalCount nodes { seats } } }")
    assert ascending == '{"benches":{"totalCount":4,"nodes":[{"seats":1},{"seats":2},{"seats":3},{"seats":null}]}}'
    descending = await ask("{ benches(orderBy: {field: SEATS, direction: DESC}) { nodes { seats } } }")
    assert descending == '{"benches":{"nodes":[{"seats":3},{"seats":2},{"seats":1},{"seats":null}]}}'
    nested = await ask('{ orgUnit(by: {code: "350521101"}) { benches { nodes { seats unit { code } } } } }')
    assert nested == '{"orgUnit":{"benches":{"nodes":[{"seats":2,"unit":{"code":"350521101"}}]}}}'
    assert await _all_pages(ask, "ASC") == [1, 2, 3, None]
    assert await _all_pages(ask, "DESC") == [3, 2, 1, None]
    await reader.close()


async def _all_pages(ask: "object", direction: str) -> list[int | None]:
    import json

    found: list[int | None] = []
    after = "null"
    while True:
        query = f"{{ benches(first: 1, after: {after}, orderBy: {{field: SEATS, direction: {direction}}})"
        answer = await ask(query + " { nodes { seats } pageInfo { hasNextPage endCursor } } }")  # type: ignore[operator]
        page = json.loads(answer)["benches"]
        found += [node["seats"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = json.dumps(page["pageInfo"]["endCursor"])


def test_two_schemas_of_one_catalogue() -> None:
    """Types can be made any number of times; each schema has its own."""
    catalogue = link(AREAS)
    first, second = Types(catalogue).schema(), Types(catalogue).schema()
    assert isinstance(first, strawberry.Schema)
    assert first.as_str() == second.as_str()


def test_what_cannot_be_linked() -> None:
    """A tag twice, an edge to nowhere, a filter about an edge that is not there, a column that the table lacks: refused
    when the service starts.
    """
    with pytest.raises(ValueError, match="share a name or a tag"):
        link((*AREAS, area(), area()))
    with pytest.raises(ValueError, match="which no area declares"):
        link((Area(entities=(Bench,)),))
    with pytest.raises(ValueError, match=r"^OrgUnit\.members is declared twice"):
        link(
            (
                *AREAS,
                Area(
                    edges={
                        "OrgUnit": {
                            "members": next(
                                each.edges["OrgUnit"]["members"]
                                for each in AREAS
                                if "members" in each.edges.get("OrgUnit", {})
                            )
                        }
                    }
                ),
            )
        )
    with pytest.raises(ValueError, match="lower-case"):
        entity(benches, policy="unit", tag="no'tag", sort=lambda bench: (bench.seats,))
    for of in (None, lambda row: row.remark):
        with pytest.raises(ValueError, match=r"^Stool\.remark is of the column remark, which the table bench does not"):
            link((*AREAS, Area(entities=(_stool(of),))))
    with pytest.raises(AttributeError, match="NoneType"):  # a fault of another kind is told as it is
        link((*AREAS, Area(entities=(_stool(lambda row: row.seats.comment.remark),))))


def _stool(of: RowFunction | None) -> type:
    class Stool:
        """A bench for one."""

        remark: str = column("What is said of it.", of)

    ways = {Way.WITHIN: lambda row: row.unit_path}
    return entity(benches, policy="party_organization", tag="stool", ways=ways, sort=lambda row: (row.seats,))(Stool)
