"""Sums through the API: what 32 bits do not hold goes out whole, what nothing holds does not go out."""

from typing import Any

import pytest
from graphql import GraphQLScalarType, build_schema, graphql_sync, parse, validate

from services.storage.tables import GREATEST, GREATEST_SAFE
from tests.built import SCHEMA
from tests.catalog.test_api import COUNTY, published
from tests.conftest import PROJECT
from tests.writes.api import Api
from tests.writes.conftest import api, template

__all__ = ["api", "template"]

SUMS = """{ orgUnits(filter: {codePrefix: "350521", level: [COUNTY]}) { totalCount nodes {
    indicators { units serviceOperations { function operation items beneficiaries } } } } }"""


async def sums(api: Api) -> list[int]:
    """What people the county's services are bought for, by function and operation; the answer fits the schema."""
    data = await api.data(COUNTY, SUMS)
    assert as_clients_read(SUMS, data) == data
    (node,) = data["orgUnits"]["nodes"]
    return [group["beneficiaries"] for group in node["indicators"]["serviceOperations"]]


def as_clients_read(query: str, data: Any) -> Any:
    """An answer as the schema's own types take it: its scalar serializes each leaf, and refuses what is none."""
    schema = build_schema((PROJECT / "schema.graphql").read_text())
    scalar, own = schema.type_map["SafeInt"], SCHEMA.type_map["SafeInt"]
    assert isinstance(scalar, GraphQLScalarType)
    assert isinstance(own, GraphQLScalarType)
    scalar.serialize = own.serialize  # type: ignore[method-assign]
    assert validate(schema, parse(query)) == []
    read = graphql_sync(schema, query, root_value=data)
    assert read.errors is None, read.errors
    return read.data


async def test_a_sum_beyond_32_bits_goes_out_whole(api: Api) -> None:
    for name in ("助餐点", "夜间食堂"):
        await published(api, COUNTY, name, operation="PURCHASED", beneficiaries=2_000_000_000)
    assert await sums(api) == [4_000_000_000]
    await published(api, COUNTY, "早餐点", operation="PURCHASED", beneficiaries=GREATEST)
    assert await sums(api) == [4_000_000_000 + GREATEST]


def test_an_int_beyond_32_bits_would_be_noticed() -> None:
    """The comparison above can fail: it takes a sum as an Int for what it is."""
    query = "{ orgUnits { totalCount } }"
    assert as_clients_read(query, {"orgUnits": {"totalCount": GREATEST}})
    with pytest.raises(AssertionError, match="32-bit"):
        as_clients_read(query, {"orgUnits": {"totalCount": GREATEST + 1}})


async def test_no_sum_is_rounded(api: Api) -> None:
    """Rows enough for it would be four million: the column is made wider instead. What was asked beside it is not told.

    In a command's payload it undoes the command, like any answer that cannot be given.
    """
    one, other = [await published(api, COUNTY, name, beneficiaries=1) for name in ("助餐点", "夜间食堂")]
    await api.connection.execute("ALTER TABLE service_item ALTER beneficiaries TYPE bigint")
    change = "UPDATE service_item SET beneficiaries = $1 WHERE name = '助餐点'"
    await api.connection.execute(change, GREATEST_SAFE - 1)
    assert await sums(api) == [GREATEST_SAFE]
    for beyond in (GREATEST_SAFE, 2**63 - 1):
        await api.connection.execute(change, beyond)
        answer = await api.ask(COUNTY, SUMS)
        assert answer.keys() == {"errors"}
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "TOO_COSTLY"
        assert str(GREATEST_SAFE) in error["message"]
        of = "serviceItem { unit { indicators { serviceOperations { beneficiaries } } } }"
        given = {"id": other, "version": 1, "online": True}
        assert await api.attempt(COUNTY, "updateService", of, **given) == "TOO_COSTLY"
        assert not await api.connection.fetchval("SELECT bool_or(online) FROM service_item")
    assert one != other


COUNTS_FROM_FOUR_BILLION = """
    CREATE SCHEMA beyond;
    CREATE FUNCTION beyond.one_more(bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
    CREATE AGGREGATE beyond.count(*) (SFUNC = beyond.one_more, STYPE = bigint, INITCOND = '4000000000');
    GRANT USAGE ON SCHEMA beyond TO PUBLIC;
"""
COUNTS = (
    "{ orgUnits { totalCount } }",
    '{ search(text: "社区") { totalCount } }',
    '{ orgUnit(by: {code: "350521"}) { indicators { units } } }',
    '{ orgUnit(by: {code: "350521"}) { indicators { serviceOperations { items } } } }',
)


async def test_a_count_beyond_32_bits_is_refused_as_well(api: Api) -> None:
    """No table is that long: the database is made to count from four billion on."""
    await published(api, COUNTY, "助餐点")
    for query in COUNTS:
        assert as_clients_read(query, await api.data(COUNTY, query))
    await api.connection.execute(COUNTS_FROM_FOUR_BILLION)
    name = await api.connection.fetchval("SELECT current_database()")
    await api.connection.execute(f'ALTER DATABASE "{name}" SET search_path = beyond, pg_catalog, public')
    anew = Api(api.url, api.connection, api.tokens)  # sessions that begin now
    for query in COUNTS:
        answer = await anew.ask(COUNTY, query)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["TOO_COSTLY"], query
    await anew.close()
