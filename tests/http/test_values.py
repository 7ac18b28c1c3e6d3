"""Values: variables, pages, cursors, ids, codes and texts that cannot be, or that mean nothing here."""

import base64
import json
from typing import Any

import pytest

from schema.pipeline.http.endpoint import MODERN
from services.errors import Code
from tests.http.asking import Asking, refusal

SOME = "3f2b8a52-1c5e-4b7e-9a77-0d4f6c2e9b11"  # of no row; fixed, so that every test process collects the same tests

CHILDREN = (
    'query ($a: String) { orgUnit(by: {code: "350521100"}) { children(first: 3, after: $a) { nodes { name } } } }'
)
CURSOR = '{ orgUnit(by: {code: "350521100"}) { children(first: 1) { edges { cursor } } } }'
FIRST = "query ($f: Int) { orgUnits(first: $f) { nodes { code } } }"
BY = "query ($by: OrgUnitBy!) { orgUnit(by: $by) { name } }"
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
SEARCH = "query ($t: String!) { search(text: $t) { totalCount } }"

TEXTS = {
    "search": SEARCH,
    "name": "query ($t: String) { orgUnits(filter: {nameContains: $t}) { totalCount } }",
    "prefix": "query ($t: String) { orgUnits(filter: {codePrefix: $t}) { totalCount } }",
    "in a filter": "query ($f: OrgUnitFilter) { orgUnits(filter: $f) { totalCount } }",
    "in an argument's default": 'query ($t: String! = "a\0b") { search(text: $t) { totalCount } }',
    "literal": '{ search(text: "a\0b") { totalCount } }',
    "escaped": r'{ search(text: "a\u0000b") { totalCount } }',
    "literal in a filter": r'{ partyOrganizations(filter: {nameContains: "\u0000"}) { totalCount } }',
}


@pytest.mark.parametrize("query", TEXTS.values(), ids=TEXTS)
def test_nul_in_a_text(town: Asking, query: str) -> None:
    given: dict[str, Any] = {"t": "党\0委", "f": {"nameContains": "\0"}}
    town.refused(Code.BAD_USER_INPUT, query, {name: value for name, value in given.items() if f"${name}:" in query})


@pytest.mark.parametrize("text", ["a\0b", "unit_\0", "\0"])
def test_nul_where_nothing_is_called_so(town: Asking, text: str) -> None:
    """An id with NUL in it is one that nothing has; a cursor, one that nobody signed; a code has digits."""
    assert town.data(BY, {"by": {"id": text}}) == {"orgUnit": None}
    assert town.data(NODE, {"id": text}) == {"node": None}
    town.refused(Code.BAD_USER_INPUT, CHILDREN, {"a": text})
    town.refused(Code.BAD_USER_INPUT, BY, {"by": {"code": text}})


VARIABLES: dict[str, tuple[str, Any]] = {
    "missing": (NODE, None),
    "null": (NODE, {"id": None}),
    "of another type": (FIRST, {"f": "5"}),
    "a fraction": (FIRST, {"f": 1.5}),
    "a yes or no": (FIRST, {"f": True}),
    "a list": (FIRST, {"f": [1, 2]}),
    "an object": (NODE, {"id": {"a": 1}}),
    "2^31": (FIRST, {"f": 2**31}),
    "-2^31 - 1": (FIRST, {"f": -(2**31) - 1}),
    "2^63": (FIRST, {"f": 2**63}),
    "1e300": (FIRST, {"f": 1e300}),
    "an enum value that resembles": (
        "query ($f: OrgUnitFilter) { orgUnits(filter: $f) { totalCount } }",
        {"f": {"level": ["TOWNS"]}},
    ),
    "an input field that resembles": (
        "query ($f: OrgUnitFilter) { orgUnits(filter: $f) { totalCount } }",
        {"f": {"levle": ["TOWN"]}},
    ),
    "both ways to name one": (BY, {"by": {"id": "a", "code": "b"}}),
    "no way to name one": (BY, {"by": {}}),
    "null for one": (BY, {"by": {"code": None}}),
    "both ways, literal": ('{ orgUnit(by: {code: "1", id: "2"}) { name } }', None),
    "no way, literal": ("{ orgUnit(by: {}) { name } }", None),
    "null, literal": ("{ orgUnit(by: {code: null}) { name } }", None),
    "lists 20 deep": (FIRST, {"f": eval("[" * 20 + "]" * 20)}),
}


@pytest.mark.parametrize(("query", "variables"), VARIABLES.values(), ids=VARIABLES)
def test_a_value_that_cannot_be(town: Asking, query: str, variables: dict[str, Any] | None) -> None:
    assert "mean" not in town.refused(Code.BAD_USER_INPUT, query, variables)


def test_a_value_too_deep_to_look_into(town: Asking) -> None:
    """Where it is asked for and where it is not: whoever looks into it does so by recursion."""
    town.refused(Code.TOO_COSTLY, FIRST, {"f": eval("[" * 80 + "]" * 80)})
    town.refused(Code.TOO_COSTLY, FIRST, {"f": 1, "nothing": eval("[" * 80 + "]" * 80)})


def test_variables_that_nobody_asked_for(town: Asking) -> None:
    assert town.data("{ __typename }", {"nothing": [1], "": None}) == {"__typename": "Query"}


@pytest.mark.parametrize("first", [-1, 0, 101, 100_000, -(2**31), 2**31 - 1])
def test_a_page_of_no_size(town: Asking, first: int) -> None:
    for query in (FIRST, f"{{ orgUnits(first: {first}) {{ nodes {{ code }} }} }}"):
        variables = {"f": first} if "$f" in query else None
        assert "between 1 and 100" in town.refused(Code.BAD_USER_INPUT, query, variables)
    below = f'{{ orgUnit(by: {{code: "350521100"}}) {{ x: children(first: {first}) {{ nodes {{ code }} }} }} }}'
    error = town.post(below).json()["errors"][0]
    assert error["path"] == ["orgUnit", "x"]
    assert error["extensions"]["argument"] == "first"


@pytest.mark.parametrize("variables", [{"f": None}, {}])
def test_no_size_is_twenty(county: Asking, variables: dict[str, None]) -> None:
    assert len(county.data(FIRST, variables)["orgUnits"]["nodes"]) == 20
    assert len(county.data("{ orgUnits(first: null) { nodes { code } } }")["orgUnits"]["nodes"]) == 20


def cursor(asking: Asking) -> str:
    """The cursor of a town's first community."""
    return str(asking.data(CURSOR)["orgUnit"]["children"]["edges"][0]["cursor"])


def test_a_cursor_where_it_belongs(town: Asking) -> None:
    names = town.data(CHILDREN)["orgUnit"]["children"]["nodes"]
    assert town.data(CHILDREN, {"a": cursor(town)})["orgUnit"]["children"]["nodes"][:2] == names[1:]


def test_an_edited_cursor(town: Asking) -> None:
    """No single character of it can be changed, nor anything added or taken away."""
    given = cursor(town)
    edited = [given[:i] + ("A" if given[i] != "A" else "B") + given[i + 1 :] for i in range(0, len(given), 7)]
    edited += [given[:-4], given + "AAAA", given[4:], given + given, given.lower(), given + " ", f" {given}"]
    for text in edited:
        town.refused(Code.BAD_USER_INPUT, CHILDREN, {"a": text})


@pytest.mark.parametrize(
    "text", ["", "=", "a", "not a cursor", "中文", "٣", "%00", base64.b64encode(b'["a"]').decode(), "A" * 100_000]
)
def test_what_is_no_cursor(town: Asking, text: str) -> None:
    refusal(town.post(CHILDREN, {"a": text}), Code.BAD_USER_INPUT)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "orgUnits(after: $a) { totalCount }",
        'orgUnit(by: {code: "350521100"}) { descendants(after: $a) { totalCount } }',
        'orgUnit(by: {code: "350521100"}) { partyOrganizations(after: $a) { totalCount } }',
        'orgUnit(by: {code: "350521100"}) { children(after: $a, orderBy: {field: NAME}) { totalCount } }',
        'orgUnit(by: {code: "350521100"}) { children(after: $a, filter: {nameContains: "社区"}) { totalCount } }',
        'search(text: "社区", after: $a) { totalCount }',
    ],
)
def test_a_cursor_of_another_field_order_or_filter(town: Asking, elsewhere: str) -> None:
    town.refused(Code.BAD_USER_INPUT, f"query ($a: String) {{ {elsewhere} }}", {"a": cursor(town)})


def test_an_id_of_another_type(town: Asking) -> None:
    """To `orgUnit` it is an id that nothing has; `node` knows both."""
    found = town.data("{ partyOrganizations(first: 1) { nodes { id } } }")["partyOrganizations"]["nodes"][0]["id"]
    assert town.data(BY, {"by": {"id": found}}) == {"orgUnit": None}
    assert town.data(NODE, {"id": found}) == {"node": {"__typename": "PartyOrganization", "id": found}}
    tag, _, row = found.partition("_")
    other = town.data('{ orgUnit(by: {code: "350521100"}) { id } }')["orgUnit"]["id"].partition("_")[0]
    assert tag != other
    assert town.data(NODE, {"id": f"{other}_{row}"}) == {"node": None}


@pytest.mark.parametrize(
    "id_",
    [
        "",
        "1",
        SOME,
        f"zz_{SOME}",
        f"unit_{SOME}",
        f"_{SOME}",
        "unit_",
        "unit_not-a-uuid",
        f"unit_{SOME.replace('-', '')}",
        f"unit_{{{SOME}}}",
        f"UNIT_{SOME}",
        "账_中文",
        "x" * 100_000,
        1,
        2**60,
        "' OR 1=1 --",
    ],
)
def test_a_malformed_id_is_one_that_nothing_has(town: Asking, id_: str | int) -> None:
    assert town.data(NODE, {"id": id_}) == {"node": None}
    assert town.data(BY, {"by": {"id": id_}}) == {"orgUnit": None}


@pytest.mark.parametrize(
    "code",
    [
        "",
        " ",
        "3",
        "abc",
        "350521100 ",
        "350 521 100",
        "\t350521100",
        "350521100\0",
        "350521100\u200b",
        "９" * 9,
        "３５０５２１１００",
        "٣٥٠٥٢١١٠٠",
        "③50521100",
        "350521100'; DROP TABLE unit; --",
        "' OR '1'='1",
        "350521100%",
        "35052110_",
        "-350521100",
        "0x350521100",
        "9" * 41,
    ],
)
def test_what_is_no_code(town: Asking, code: str) -> None:
    assert "ASCII digits" in town.refused(Code.BAD_USER_INPUT, BY, {"by": {"code": code}})


@pytest.mark.parametrize("code", ["99", "350521", "350521101", "350521100999", "3505211009", "9" * 40])
def test_a_code_of_nothing_or_of_someone_else(town: Asking, code: str) -> None:
    assert town.data(BY, {"by": {"code": code}}) == {"orgUnit": None}


@pytest.mark.parametrize("prefix", ["%", "_", "\\", "3505211%", "' OR 1=1 --"])
def test_patterns_are_texts(county: Asking, prefix: str) -> None:
    counted = county.data(
        "query ($t: String) { a: orgUnits(filter: {codePrefix: $t}) { totalCount } "
        "b: orgUnits(filter: {nameContains: $t}) { totalCount } }",
        {"t": prefix},
    )
    assert counted == {"a": {"totalCount": 0}, "b": {"totalCount": 0}}


@pytest.mark.parametrize("text", ["", " ", "a", "社", "'", " a ", "\u3000社\u3000", "社" * 101])
def test_too_little_or_too_much_to_search_for(town: Asking, text: str) -> None:
    town.refused(Code.BAD_USER_INPUT, SEARCH, {"t": text})


def test_far_too_much_to_search_for(town: Asking) -> None:
    """Marks that would take their time to bring into order."""
    refusal(town.post(SEARCH, {"t": "a" + "\u0300\u0323" * 150_000}), Code.BAD_USER_INPUT)


@pytest.mark.parametrize("text", ["%%", "__", "\\\\", "';--", "😀😀", "社" * 100, "\ufffd\ufffd"])
def test_a_search_that_finds_nothing(town: Asking, text: str) -> None:
    assert town.data(SEARCH, {"t": text}) == {"search": {"totalCount": 0}}


def test_an_answer_that_is_too_large(tight: Any) -> None:
    county = Asking(tight.url, tight.token("county_admin", "350521"))
    message = county.refused(Code.TOO_COSTLY, "{ orgUnits(first: 100) { nodes { id code name place } } }")
    assert "3000" in message
    assert county.data("{ orgUnits(first: 10) { nodes { code } } }")
    refusal(county.post("{ __schema { types { name description fields { name } } } }", accept=MODERN), Code.TOO_COSTLY)


CAPTAIN = "{ compounds(first: 1) { nodes { buildings(first: 1) { nodes { captain(asOf: %s) { since } } } } } }"
ASSIGN = """mutation {
  assignCaptain(input: { buildingId: "x", memberId: "y", since: %s, dryRun: true }) { userErrors { code } }
}"""
OF_INPUT = "mutation ($input: AssignCaptainInput!) { assignCaptain(input: $input) { userErrors { code } } }"
NO_DATES = ["2025-13-01", "2025-02-30", "2025-2-3", "昨天", "", "02/03/2025", 5, True]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("typed", NO_DATES)
def test_what_is_no_date_is_told_in_the_readers_words_with_where_it_stands(
    town: Asking, language: str, typed: object
) -> None:
    """As a variable, within one, and in the document; never in Python's words."""
    given = {"buildingId": "x", "memberId": "y", "since": typed}
    asked: list[tuple[str, dict[str, Any], Code, str]] = [
        ("query ($then: Date) " + CAPTAIN % "$then", {"then": typed}, Code.BAD_USER_INPUT, "then"),
        (OF_INPUT, {"input": given}, Code.BAD_USER_INPUT, "input.since"),
        (CAPTAIN % json.dumps(typed, ensure_ascii=False), {}, Code.GRAPHQL_VALIDATION_FAILED, "asOf"),
        (ASSIGN % json.dumps(typed, ensure_ascii=False), {}, Code.GRAPHQL_VALIDATION_FAILED, "input.since"),
    ]
    shown = str(typed).lower() if typed is True else typed
    for query, variables, code, argument in asked:
        answer = town.within(language).post(query, variables)
        [error] = answer.json()["errors"]
        assert refusal(answer, code) == (
            f"“{shown}”不是有效的日期；请写成“2026-05-01”的形式。"
            if language == "zh"
            else f"“{shown}” is not a valid date; write one like “2026-05-01”."
        )
        assert error["extensions"]["argument"] == argument
        assert error["locations"]


@pytest.mark.parametrize(
    ("typed", "meant"), ["｛{", "（(", "：:", "，,", '“"', '”"', "！!", "＄$", "【[", "】]", '‘"', "、,", "｝}"]
)
def test_punctuation_of_a_chinese_keyboard_is_named_with_what_was_meant(town: Asking, typed: str, meant: str) -> None:
    """Outside of texts; within them it is a text's own."""
    query = f"{{ viewer {{ name {typed} }} }}"
    message = refusal(town.within("zh").post(query), Code.GRAPHQL_PARSE_FAILED)
    assert f"“{typed}”是全角字符，请换成半角的“{meant}”" in message
    message = refusal(town.within("en").post(query), Code.GRAPHQL_PARSE_FAILED)
    assert f"“{typed}” is a full-width character; type “{meant}” instead" in message
    assert town.data(f'{{ search(text: "螺城{typed}") {{ totalCount }} }}')
    assert "全角" not in refusal(town.within("zh").post("{ 名称 }"), Code.GRAPHQL_PARSE_FAILED)
