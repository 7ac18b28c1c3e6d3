"""What carries a question: methods, media types, charsets, bodies that are not what they should be, languages."""

import asyncio
import gzip
import json
from collections.abc import Iterator

import httpx
import pytest

from schema.pipeline.http.endpoint import LEGACY, MODERN
from services.errors import Code
from tests.conftest import Service
from tests.http.asking import MEDIA, NO_TLS, PLAIN, Asking, refusal

JSON = {"Content-Type": "application/json"}
BODY = json.dumps({"query": PLAIN})
MIB = 1024 * 1024

MALFORMED = {
    "nothing": b"",
    "half an object": b'{"query": ',
    "two objects": b"{}{}",
    "not JSON": b"query=%7B__typename%7D",
    "an array": b"[" + BODY.encode() + b"]",
    "a string": b'"{ __typename }"',
    "a number": b"1",
    "null": b"null",
    "true": b"true",
    "an empty object": b"{}",
    "query is null": b'{"query": null}',
    "query is a number": b'{"query": 1}',
    "query is empty": b'{"query": ""}',
    "operationName is a number": b'{"query": "{ __typename }", "operationName": 1}',
    "variables is an array": b'{"query": "{ __typename }", "variables": []}',
    "variables is a text": b'{"query": "{ __typename }", "variables": "{}"}',
    "extensions is false": b'{"query": "{ __typename }", "extensions": false}',
    "invalid UTF-8": b'{"query": "{ \xff\xfe }"}',
    "an overlong sequence": b'{"query": "{ \xc0\xaf }"}',
    "an encoded surrogate": b'{"query": "{ \xed\xa0\x80 }"}',
    "UTF-16": BODY.encode("utf-16"),
    "UTF-32": BODY.encode("utf-32-le"),
    "a byte order mark": b"\xef\xbb\xbf" + BODY.encode(),
    "a lone surrogate": b'{"query": "{ __typename }", "variables": {"a": "\\ud800"}}',
    "a reversed pair": b'{"query": "{ \\udc00\\ud800 }"}',
    "NaN": b'{"query": "{ __typename }", "variables": {"a": NaN}}',
    "Infinity": b'{"query": "{ __typename }", "variables": {"a": -Infinity}}',
    "5,000 digits": b'{"query": "{ __typename }", "variables": {"a": ' + b"9" * 5000 + b"}}",
    "arrays 100,000 deep": b'{"query": "{ __typename }", "variables": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    "objects 100,000 deep": b'{"query": "{ __typename }", "variables": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001,
    "never closed": b"[" * 100_000,
}


@pytest.mark.parametrize("accept", MEDIA)
@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_body(town: Asking, body: bytes, accept: str) -> None:
    refusal(town.send(content=body, headers=JSON, accept=accept), Code.BAD_REQUEST)


@pytest.mark.parametrize("accept", MEDIA)
@pytest.mark.parametrize("name", ["variables", "extensions"])
@pytest.mark.parametrize("text", ["{", "[]", "1", '"a"', "NaN", '{"a": "\\ud800"}', "[" * 3000])
def test_a_malformed_parameter_of_an_address(town: Asking, name: str, text: str, accept: str) -> None:
    refusal(town.send("GET", params={"query": PLAIN, name: text}, accept=accept), Code.BAD_REQUEST)


@pytest.mark.parametrize("accept", MEDIA)
@pytest.mark.parametrize("params", [{}, {"query": ""}, {"variables": "{}"}])
def test_an_address_without_a_query(town: Asking, params: dict[str, str], accept: str) -> None:
    refusal(town.send("GET", params=params, accept=accept), Code.BAD_REQUEST)


@pytest.mark.parametrize("encoded", ["%ff%fe", "%ed%a0%80", "%00"])
def test_an_address_that_is_not_text(town: Asking, encoded: str) -> None:
    """Whatever stands for the bytes that are no text is no GraphQL either."""
    headers = {"Accept": MODERN, "Authorization": f"Bearer {town.token}"}
    answer = httpx.get(f"{town.url}/graphql?query={{{encoded}}}", headers=headers, trust_env=False, verify=NO_TLS)
    refusal(answer, Code.GRAPHQL_PARSE_FAILED)


def chunked() -> Iterator[bytes]:
    yield b'{"query": "'
    for _ in range(48):
        yield b" " * 65536
    yield b'"}'


def test_a_body_of_three_mebibytes(town: Asking) -> None:
    whole = json.dumps({"query": PLAIN + " " * 3 * MIB}).encode()
    for content in (whole, chunked()):
        refused = town.send(content=content, headers=JSON, accept=MODERN)
        assert "1048576" in refusal(refused, Code.BAD_REQUEST, 413)


def test_a_body_within_the_limit(town: Asking) -> None:
    fits = BODY.encode() + b" " * (MIB - len(BODY))
    assert town.send(content=fits, headers=JSON).status_code == 200


async def test_a_body_is_refused_before_it_comes(service: Service, town: Asking) -> None:
    """A declared length suffices to say no."""
    reader, writer = await asyncio.open_connection(*service.url.removeprefix("http://").split(":"))
    head = f"POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {town.token}\r\nContent-Type: application/json"
    writer.write(f"{head}\r\nContent-Length: {3 * MIB}\r\n\r\n".encode())
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer.lower()


async def test_a_header_too_large(service: Service, town: Asking) -> None:
    """Refused while it comes, complete or not, whether the first line is long or a field is."""
    for beginning in (b"GET /graphql?query=" + b"x" * 70_000, b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000 + b"\r\n"):
        reader, writer = await asyncio.open_connection(*service.url.removeprefix("http://").split(":"))
        writer.write(beginning)
        assert (await asyncio.wait_for(reader.read(), 10)).startswith(b"HTTP/1.1 431 ")
        writer.close()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
def test_a_wrong_method(town: Asking, method: str) -> None:
    refused = town.send(method, accept=MODERN)
    assert refused.headers["allow"] == "GET, POST"
    if method == "HEAD":
        assert (refused.status_code, refused.content) == (405, b"")
    else:
        refusal(refused, Code.BAD_REQUEST, 405)


def test_a_mutation_there_is_not(town: Asking) -> None:
    town.refused(Code.GRAPHQL_VALIDATION_FAILED, "mutation { orgUnits { nodes { id } } }")


def test_a_subscription_needs_a_socket(town: Asking) -> None:
    """Whether it came by POST or by GET; one that is not valid is told so first."""
    message = town.refused(Code.BAD_REQUEST, "subscription { orgUnits { nodes { id } } }")
    assert "WebSocket" in message
    town.refused(Code.GRAPHQL_VALIDATION_FAILED, "subscription { orgUnits { nothing } }")


@pytest.mark.parametrize(
    "given",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/graphql",
        "application/json-seq",
        "application/json; charset=utf-16",
        "application/json; charset=iso-8859-1",
        "application/json; charset=gbk",
        'application/json; charset="utf-16";',
        "application/json; version=1; charset=gbk",
        "application/json, text/plain",
        "application/json text/plain",
        ";application/json",
        ";charset=utf-8",
    ],
)
def test_a_content_type_that_is_not_json(town: Asking, given: str) -> None:
    refusal(town.send(content=BODY, headers={"Content-Type": given}, accept=MODERN), Code.BAD_REQUEST, 415)


@pytest.mark.parametrize("given", ["gzip", "br", "identity, gzip", "gzip,identity", "none", "x;y"])
def test_a_body_that_is_compressed(town: Asking, given: str) -> None:
    """Whatever it is said to be compressed by, and whether it is; what it should be is said."""
    for content in (gzip.compress(BODY.encode()), BODY.encode()):
        answer = town.send(content=content, headers={"Content-Type": "application/json", "Content-Encoding": given})
        refusal(answer, Code.BAD_REQUEST, 415)
        assert answer.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("given", ["", "identity", "Identity,, identity"])
def test_a_body_as_it_is(town: Asking, given: str) -> None:
    answer = town.send(content=BODY, headers={"Content-Type": "application/json", "Content-Encoding": given})
    assert answer.status_code == 200


def test_no_content_type(town: Asking) -> None:
    refusal(town.send(content=BODY, accept=MODERN), Code.BAD_REQUEST, 415)


def test_two_content_types(town: Asking) -> None:
    """Which of them a reader takes is its own affair: two readers may not take two."""
    headers = [("Content-Type", "application/json")] * 2 + [("Authorization", f"Bearer {town.token}")]
    answer = httpx.post(f"{town.url}/graphql", content=BODY, headers=headers, trust_env=False, verify=NO_TLS)
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "given",
    [
        "application/json; charset=utf-8",
        'APPLICATION/JSON;charset="UTF-8"',
        "application/json;charset=UTF-8;",
        "application/json ; charset=utf-8 ;",
        "application/json;",
        "application/json;;charset=utf8",
        'application/json; charset="utf\\-8"',
        'application/json; profile="a;b,charset=gbk"; charset=utf-8',
        "application/json; Charset=utf-8; version=1",
        "application/json; odata=verbose",
        "application/json\t;\tcharset=utf-8",
    ],
)
def test_json_by_its_other_spellings(town: Asking, given: str) -> None:
    assert town.send(content=BODY, headers={"Content-Type": given}).status_code == 200


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, LEGACY),
        ("*/*", LEGACY),
        ("application/*", LEGACY),
        (LEGACY, LEGACY),
        (MODERN, MODERN),
        (f"{LEGACY}, {MODERN}", MODERN),
        (f"{LEGACY};q=0.9, {MODERN};q=0.8", LEGACY),
        (f"{LEGACY};q=0.8, {MODERN};q=0.9", MODERN),
        (f"{MODERN};q=0, */*", LEGACY),
        (f"{MODERN};q=0.1, text/html", MODERN),
        (f"text/html, */*;q=0.1, {MODERN};q=0.2", MODERN),
        ("APPLICATION/GRAPHQL-RESPONSE+JSON; charset=utf-8; q=0.5", MODERN),
        (f"{MODERN};q=nonsense, {LEGACY};q=0.1", LEGACY),
        (f"{MODERN};q=7, {LEGACY};q=0.1", LEGACY),
        (f"{MODERN};q=nan, {LEGACY};q=0.1", LEGACY),
        (f"{MODERN};q=inf, {LEGACY};q=0.1", LEGACY),
        (f"{MODERN};Q=0.9;, {LEGACY} ; q=0.1;", MODERN),
        (f'text/x;a="b,{LEGACY};q=1", {MODERN};q=0.5', MODERN),
        (f'{LEGACY};a="\\",;q=0";q=0.9, {MODERN};q=0.5', LEGACY),
        (f"{MODERN};q=0.5;charset=utf-8, {LEGACY};q=0.4", MODERN),
        (f",, {MODERN},", MODERN),
        (",,", LEGACY),
        (", ".join(f"application/vnd.county.{n}+json" for n in range(20)) + f", {MODERN}", MODERN),
    ],
)
def test_the_media_type_the_client_prefers(town: Asking, accept: str | None, media: str) -> None:
    answer = town.send(json={"query": PLAIN}, accept=accept)
    assert (answer.status_code, answer.headers["content-type"]) == (200, f"{media}; charset=utf-8")


def test_accept_in_two_headers(town: Asking) -> None:
    headers = [("Accept", "text/html"), ("Accept", MODERN), ("Authorization", f"Bearer {town.token}")]
    answer = httpx.post(f"{town.url}/graphql", json={"query": PLAIN}, headers=headers, trust_env=False, verify=NO_TLS)
    assert (answer.status_code, answer.headers["content-type"]) == (200, f"{MODERN}; charset=utf-8")


@pytest.mark.parametrize(
    "accept", ["text/html", "application/xml, image/*", f"{LEGACY};q=0, {MODERN};q=0.0", "*/*;q=0"]
)
def test_no_media_type_the_client_accepts(town: Asking, accept: str) -> None:
    refusal(town.send(json={"query": PLAIN}, accept=accept), Code.BAD_REQUEST, 406)


@pytest.mark.parametrize(
    ("accepted", "chinese"),
    [
        ("", True),
        ("zh-CN", True),
        ("fr", True),
        ("*", True),
        ("en", False),
        ("en-GB, zh;q=0.9", False),
        ("en;q=0.5, zh-Hans-CN;q=0.6", True),
        ("zh;q=0, en;q=0.1", False),
        ("en;q=0", True),
        ("EN-us", False),
        ("fr, en;q=0.3", False),
        ("en ; q=0.5 ;, zh;Q=0.4;", False),
        ('fr;a="en;q=1,zh", zh;q=0.2, en;q=0.1', True),
    ],
)
def test_the_language_the_reader_prefers(town: Asking, accepted: str, chinese: bool) -> None:
    refused = town.within(accepted).post("")
    message = refusal(refused, Code.BAD_REQUEST)
    assert message == ("缺少 query（文本）。" if chinese else "`query` is missing or not a text.")


def test_what_graphql_says_is_introduced_in_chinese(town: Asking) -> None:
    message = refusal(town.within("zh").post("{"), Code.GRAPHQL_PARSE_FAILED)
    assert message == "查询语法错误：Syntax Error: Expected Name, found <EOF>."


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("Text/HTML ; q=0.4", True),
        ("text/html;q=0, */*", False),
        (f"{LEGACY}, text/html;q=0.5", False),
        (f'{LEGACY};a="text/html"', False),
        ("text/htmlx, */*", False),
    ],
)
def test_who_wants_the_page(town: Asking, accept: str, html: bool) -> None:
    answer = town.send("GET", accept=accept)
    assert answer.headers["content-type"].startswith("text/html" if html else LEGACY)


def test_an_empty_name_is_none(town: Asking) -> None:
    """By either method: the one operation there is runs, and of two it is not known which is meant."""
    for ask in (town.post, town.get):
        assert ask(PLAIN, operationName="").status_code == 200
        refusal(ask("query A { __typename } query B { __typename }", operationName=""), Code.BAD_REQUEST)


def test_no_answer_is_sniffed(service: Service, town: Asking) -> None:
    """Whoever gave it: the endpoint, the page, the probes, the router, the server."""
    paths = ["/", "/graphql", "/graphql?query={__typename}", "/health", "/ready", "/session", "/nothing"]
    paths += ["/assets/nothing.js", "/session/oidc"]
    with httpx.Client(base_url=service.url, trust_env=False, verify=NO_TLS) as client:
        answers = [
            client.request(method, path, headers={"Accept": accept})
            for path in paths
            for method in ("GET", "POST", "HEAD", "PUT")
            for accept in ("text/html", MODERN, "image/png")
        ]
    answers += [town.post(PLAIN), town.post("{"), town.send(headers={"X": "y" * 70_000})]
    assert {answer.status_code for answer in answers} >= {200, 307, 401, 404, 405, 406, 431}
    for answer in answers:
        assert answer.headers.get_list("x-content-type-options") == ["nosniff"], answer


async def test_what_is_no_http_is_not_sniffed(service: Service) -> None:
    reader, writer = await asyncio.open_connection(*service.url.removeprefix("http://").split(":"))
    writer.write(b"nonsense\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"x-content-type-options: nosniff" in answer.lower()
