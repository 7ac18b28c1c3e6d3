"""Introspection: whole, in parts, and beside data."""

import json

from graphql import build_client_schema, get_introspection_query, print_schema

from services.errors import Code
from tests.http.asking import Asking

UNIT = 'orgUnit(by: {code: "350521100"}) { name }'

# As GraphiQL sends it: every part a client may know of.
GRAPHIQL = get_introspection_query(
    descriptions=True,
    specified_by_url=True,
    directive_is_repeatable=True,
    schema_description=True,
    input_value_deprecation=True,
)


def test_the_query_that_graphiql_sends(town: Asking) -> None:
    """It stays within the limits, and a client can make the schema of its answer."""
    schema = build_client_schema(town.data(GRAPHIQL))
    assert "type OrgUnit implements Node" in print_schema(schema)


def test_beside_data_in_the_order_of_the_selection(town: Asking) -> None:
    level = '__type(name: "OrgLevel") { kind }'
    query = f"{{ z: __typename {UNIT} b: {level} a: {UNIT} __schema {{ queryType {{ name }} }} }}"
    town_name = {"name": "螺城镇"}
    whole = {
        "z": "Query",
        "orgUnit": town_name,
        "b": {"kind": "ENUM"},
        "a": town_name,
        "__schema": {"queryType": {"name": "Query"}},
    }
    assert json.dumps(town.data(query)) == json.dumps(whole)


def test_with_variables_fragments_and_directives(town: Asking) -> None:
    query = """
      query Q($name: String!, $with: Boolean!) {
        ...Parts
        __schema @skip(if: $with) { queryType { name } }
        orgUnits(first: 1) @include(if: $with) { totalCount }
      }
      fragment Parts on Query { __type(name: $name) { name ...Kind @include(if: $with) } }
      fragment Kind on __Type { kind }
    """
    with_all = town.data(query, {"name": "PartyTier", "with": True})
    assert list(with_all) == ["__type", "orgUnits"]
    assert with_all["__type"] == {"name": "PartyTier", "kind": "ENUM"}
    assert town.data(query, {"name": "Nothing", "with": False}) == {
        "__type": None,
        "__schema": {"queryType": {"name": "Query"}},
    }


def test_of_what_there_is_not(town: Asking) -> None:
    assert town.data('{ __type(name: "org_unit") { name } }') == {"__type": None}
    town.refused(Code.GRAPHQL_VALIDATION_FAILED, "{ __type { name } }")
    town.refused(Code.GRAPHQL_VALIDATION_FAILED, "{ __schema { nothing } }")


def test_nested_deeper_than_any_tool_asks(town: Asking) -> None:
    query = "{ __schema { types " + "{ fields { type " * 6 + "{ name }" + " } }" * 6 + " } }"
    town.refused(Code.GRAPHQL_VALIDATION_FAILED, query)
