"""Documents: what is not GraphQL, what does not fit the schema, what is too large, and what it costs to say so."""

import pytest

from schema.pipeline.http.endpoint import MODERN
from services.errors import Code
from tests.conftest import Service
from tests.http.asking import PLAIN, Asking, refusal
from tests.http.conftest import cpu_seconds

UNIT = 'orgUnit(by: {code: "350521100"})'

MALFORMED = {
    "unclosed": "{",
    "not GraphQL": "all of it, please",
    "only a comment": "# nothing",
    "empty selection": "{ orgUnits { } }",
    "NUL": "{ \0 }",
    "lone surrogate": r'{ search(text: "\ud800") { totalCount } }',
    "lone surrogate in braces": r'{ search(text: "\u{D800}") { totalCount } }',
    "beyond Unicode": r'{ search(text: "\u{110000}") { totalCount } }',
    "selections 800 deep": "{a" * 300 + "}" * 300,
    "types 900 deep": "query ($a: " + "[" * 900 + "Int" + "]" * 900 + ") { a }",
}

DEEP = {
    "lists 900 deep": "{ orgUnits(filter: " + "[" * 900 + "]" * 900 + ") { nodes { id } } }",
    "objects 400 deep": "{ orgUnits(filter: " + "{not:" * 400 + "{}" + "}" * 400 + ") { nodes { id } } }",
}

INVALID = {
    "an unknown field": "{ orgUnit_ { name } }",
    "a field that resembles": f"{{ {UNIT} {{ nam }} }}",
    "what is kept": "{ accessTokens { secret } }",
    "an argument that resembles": "{ orgUnits(frist: 5) { totalCount } }",
    "an input field that resembles": "{ orgUnits(filter: {levle: [TOWN]}) { totalCount } }",
    "an enum value that resembles": "{ orgUnits(filter: {level: [TOWNS]}) { totalCount } }",
    "a type that resembles": "{ node(id: 1) { ... on OrgUnits { id } } }",
    "a variable's type that resembles": "query ($a: OrgUnitFilters) { orgUnits(filter: $a) { totalCount } }",
    "a directive that resembles": "{ orgUnits @skp(if: true) { totalCount } }",
    "no selection": "{ orgUnits }",
    "a selection of a value": f"{{ {UNIT} {{ name {{ id }} }} }}",
    "no such variable": "{ orgUnits(first: $a) { totalCount } }",
    "an unused variable": "query ($a: Int) { orgUnits { totalCount } }",
    "no such fragment": "{ orgUnits { ...Nothing } }",
    "an unused fragment": "{ orgUnits { totalCount } } fragment Unused on OrgUnit { id }",
    "fragments in a circle": "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
    "a missing argument": "{ node { id } }",
    "a text for a number": '{ orgUnits(first: "5") { totalCount } }',
    "2^31": "{ orgUnits(first: 2147483648) { totalCount } }",
    "5,000 digits": "{ orgUnits(first: " + "9" * 5000 + ") { totalCount } }",
    "-5,000 digits": "{ orgUnits(first: -" + "9" * 5000 + ") { totalCount } }",
    "a fraction": "{ orgUnits(first: 1.5) { totalCount } }",
    "two anonymous operations": "{ __typename } { __typename }",
    "two operations of a name": "query A { __typename } query A { __typename }",
    "two answers under one key": f"{{ {UNIT} {{ x: name x: code }} }}",
    "a response key of 64": f"{{ {'k' * 64}: __typename }}",
    "a response key of 64, inside": f"{{ {UNIT} {{ __{'k' * 62}: name }} }}",
    "a definition": "type A { b: Int }",
    "a deferred fragment": "{ ... @defer { __typename } }",
}


def chain(levels: int, of: str, each: str, end: str) -> str:
    """Fragments of which each spreads the next twice."""
    links = [f"fragment F{i} on {of} {{ {each.replace('NEXT', f'...F{i + 1}')} }}" for i in range(levels)]
    return " ".join([*links, f"fragment F{levels} on {of} {{ {end} }}"])


TOO_LARGE = {
    "10,000 aliases": "{ " + " ".join(f"a{i}: __typename" for i in range(10_000)) + " }",
    "2,000 fields": "{ " + "__typename " * 2000 + "}",
    "500 fields": "{ " + "__typename " * 500 + "}",
    "31 aliases": "{ " + " ".join(f"a{i}: __typename" for i in range(31)) + " }",
    "31 aliases by a fragment": "{ ...F a: " + UNIT + "{ ...G } b: " + UNIT + "{ ...G } } fragment F on Query { "
    "c: __typename } fragment G on OrgUnit { " + " ".join(f"a{i}: name" for i in range(15)) + " }",
    "31 aliases of introspection": "{ __schema { " + " ".join(f"a{i}: types {{ name }}" for i in range(31)) + " } }",
    "16 levels": f"{{ {UNIT} {{ " + "parent { " * 14 + "name" + " }" * 16,
    "16 levels under a reserved alias": f"{{ __a: {UNIT} {{ " + "parent { " * 14 + "name" + " }" * 16,
    "16 levels by fragments": f"{{ {UNIT} {{ " + "...P " + "} } fragment P on OrgUnit { " + "parent { " * 14 + "name"
    " }" * 15,
    "151 objects": "{ "
    + " ".join(f"...F{i}" for i in range(6))
    + " } "
    + " ".join(f"fragment F{i} on Query {{ {' '.join(['orgUnits { totalCount }'] * 26)} }}" for i in range(6)),
    "31 of one key": "{ " + "orgUnits { totalCount } " * 31 + "}",
    "50,001 characters": PLAIN + " " * (50_001 - len(PLAIN)),
    "6 operations": " ".join(f"query Q{i} {{ __typename }}" for i in range(6)),
    "101 variables": "query (" + " ".join(f"$v{i}: Int" for i in range(101)) + ") { __typename }",
    "21 directives": "{ __typename " + "@skip(if: false) " * 21 + "}",
    "21 directives by a fragment": "{ ...F ...F } fragment F on Query { __typename " + "@skip(if: false) " * 11 + "}",
    "costly": "{ orgUnits(first: 100) { nodes { children(first: 100) { nodes { children(first: 100) "
    "{ nodes { name } } } } } } }",
    "costly by a fragment": "{ orgUnits(first: 100) { nodes { ...C } } } fragment C on OrgUnit { children(first: 100) "
    "{ nodes { descendants(first: 100) { nodes { name } } } } }",
    "exponential, 20 levels": f"{{ {UNIT} {{ ...F0 }} }} "
    + chain(20, "OrgUnit", "a: parent { NEXT } b: parent { NEXT }", "name"),
    "exponential, 24 levels": f"{{ {UNIT} {{ ...F0 }} }} "
    + chain(24, "OrgUnit", "a: parent { NEXT } b: parent { NEXT }", "name"),
    "exponential introspection": "{ __schema { types { ...F0 } } } "
    + chain(24, "__Type", "a: ofType { NEXT } b: ofType { NEXT }", "name"),
    "wide introspection": "{ __schema { "
    + " ".join(f"a{i}: types {{ fields {{ ...F type {{ ofType {{ fields {{ ...F }} }} }} }} }}" for i in range(40))
    + " } } fragment F on __Field { "
    + " ".join(f"x{i}: args {{ name type {{ name }} }}" for i in range(20))
    + " }",
}

# What graphql-core's own and Strawberry's limiters expand one by one.
SPREAD = {
    "20 levels": "{ ...F0 } " + chain(20, "Query", "NEXT NEXT", "__typename"),
    "24 levels": "{ ...F0 } " + chain(24, "Query", "NEXT NEXT", "__typename"),
    "24 levels, inline": "{ ...F0 } " + chain(24, "Query", "... { NEXT } ... on Query { NEXT }", "__typename"),
}

FITS = {
    "a response key of 63": f"{{ {'k' * 63}: __typename }}",
    "15 levels": f"{{ {UNIT} {{ " + "parent { " * 13 + "name" + " }" * 15,
    "30 aliases": "{ " + " ".join(f"a{i}: __typename" for i in range(30)) + " }",
    "20 directives": "{ __typename " + "@skip(if: false) " * 1 + " ".join(["...F"] * 1) + " } fragment F on Query { "
    + " ".join(f"a{i}: __typename @include(if: true)" for i in range(19)) + " }",
    "100 variables": "query (" + " ".join(f"$v{i}: Boolean = true" for i in range(10)) + ") { __typename "
    + " ".join(f"a{i}: __typename @include(if: $v{i})" for i in range(10)) + " }",
}  # fmt: skip


@pytest.mark.parametrize("query", MALFORMED.values(), ids=MALFORMED)
def test_a_document_that_is_not_graphql(town: Asking, query: str) -> None:
    town.refused(Code.GRAPHQL_PARSE_FAILED, query)


@pytest.mark.parametrize("query", DEEP.values(), ids=DEEP)
def test_values_too_deep_to_look_into(town: Asking, query: str) -> None:
    town.refused(Code.TOO_COSTLY, query)


@pytest.mark.parametrize("query", INVALID.values(), ids=INVALID)
def test_a_document_that_does_not_fit_the_schema(town: Asking, query: str) -> None:
    """Refused without a hint at what there is."""
    message = town.refused(Code.GRAPHQL_VALIDATION_FAILED, query)
    assert "mean" not in message
    assert len(message) < 600


@pytest.mark.parametrize("query", TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_document_too_large(service: Service, town: Asking, query: str) -> None:
    """Refused in time that is nothing, by the process's own clock."""
    if len(query) < 8000:
        town.refused(Code.TOO_COSTLY, query)
    before = cpu_seconds(service)
    refusal(town.post(query), Code.TOO_COSTLY)
    assert cpu_seconds(service) - before < 0.5


@pytest.mark.parametrize("query", SPREAD.values(), ids=SPREAD)
def test_fragments_that_spread_each_other(service: Service, town: Asking, query: str) -> None:
    """They come to one field, and cost about what it costs to ask for it."""
    before = cpu_seconds(service)
    town.data(PLAIN + "# new")
    plain = cpu_seconds(service) - before
    assert town.data(query) == {"__typename": "Query"}
    assert cpu_seconds(service) - before - plain < plain + 0.3


@pytest.mark.parametrize("query", FITS.values(), ids=FITS)
def test_a_document_as_large_as_allowed(town: Asking, query: str) -> None:
    """What lies above the town is not its own, and said to be that beside it."""
    answer = town.post(query).json()
    assert answer["data"]
    assert "errors" not in answer


COSTLY = """
query ($many: Int, $few: Int) {
  orgUnits(first: $many) { nodes { children(first: $many) { nodes { children(first: $many) { nodes { name } } } } } }
  few: orgUnits(first: $few) { totalCount }
}
"""


def test_costs_count_variables(town: Asking) -> None:
    """Also when another variable of the same value passed before."""
    assert town.data(COSTLY, {"many": 2, "few": 1})
    assert town.data(COSTLY, {"few": 100})
    town.refused(Code.TOO_COSTLY, COSTLY, {"many": 100})
    town.refused(Code.TOO_COSTLY, COSTLY, {"many": 100, "few": 1})


SEVERAL = "query A { a: __typename } query B { b: __typename }"


def test_which_of_several_operations(town: Asking) -> None:
    town.refused(Code.BAD_REQUEST, SEVERAL)
    town.refused(Code.BAD_REQUEST, SEVERAL, operationName="C")
    town.refused(Code.BAD_REQUEST, SEVERAL, operationName="A\0")
    town.refused(Code.BAD_REQUEST, PLAIN, operationName="A")
    refusal(town.send(content=b'{"query": "{a}", "operationName": "\\ud800"}', accept=MODERN,
                      headers={"Content-Type": "application/json"}), Code.BAD_REQUEST)  # fmt: skip
    for answer in (town.post(SEVERAL, operationName="B"), town.get(SEVERAL, operationName="B")):
        assert answer.json() == {"data": {"b": "Query"}}


def test_a_document_without_operations(town: Asking) -> None:
    refusal(town.post("fragment F on Query { __typename }"), Code.GRAPHQL_VALIDATION_FAILED)
