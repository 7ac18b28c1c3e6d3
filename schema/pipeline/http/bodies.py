"""The body of a request: JSON, of a bounded size, there in time."""

import asyncio
from typing import Any

import orjson
from starlette.requests import Request

from schema.kit.headers import codings, media_type
from services.errors import Code, Refused
from services.settings import Limits

JSON = "application/json"
IDENTITY = "identity"
UTF_8 = frozenset({"utf-8", "utf8"})


async def json_object(request: Request, limits: Limits, most: int | None = None) -> dict[str, Any]:
    """The JSON object of a request's body; BAD_REQUEST when it is not one, is too large, or does not arrive in time.

    `most` is how many bytes it may have, where that is not what everyone's may.
    """
    _json_only(request)
    try:
        parsed = orjson.loads(await _body(request, limits, most or limits.body_bytes))
    except orjson.JSONDecodeError:
        raise _bad("请求体不是有效的 JSON。", "The request's body is not valid JSON.") from None
    if not isinstance(parsed, dict):
        raise _bad("请求体须为一个 JSON 对象。", "The request's body must be one JSON object.")
    return parsed


async def _body(request: Request, limits: Limits, most: int) -> bytes:
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > most:
        raise _too_large(most)
    chunks: list[bytes] = []
    left = most
    try:
        async with asyncio.timeout(limits.deadline_ms / 1000):
            async for chunk in request.stream():
                chunks.append(chunk)
                left -= len(chunk)
                if left < 0:
                    raise _too_large(most)
    except TimeoutError:
        text = ("请求体未按时到达。", "The request's body did not arrive in time.")
        raise Refused(Code.BAD_REQUEST, *text, status=408, headers=(("Connection", "close"),)) from None
    return b"".join(chunks)


def _json_only(request: Request) -> None:
    said = [media_type(line) for line in request.headers.getlist("content-type")]
    charsets = {parameters.get("charset", "utf-8").lower() for _, parameters in said}
    if [media for media, _ in said] != [JSON] or not charsets <= UTF_8:
        text = (f"请求体须为 {JSON}，UTF-8 编码。", f"The request's body must be {JSON} in UTF-8.")
        raise Refused(Code.BAD_REQUEST, *text, status=415)
    if [each for each in codings(",".join(request.headers.getlist("content-encoding"))) if each != IDENTITY]:
        text = ("请求体不得压缩。", "The request's body must not be compressed.")
        raise Refused(Code.BAD_REQUEST, *text, status=415, headers=(("Accept-Encoding", IDENTITY),))


def _too_large(limit: int) -> Refused:
    return Refused(
        Code.BAD_REQUEST,
        f"请求体过大：最多 {limit} 字节。",
        f"The request's body is too large: at most {limit} bytes.",
        status=413,
        headers=(("Connection", "close"),),
    )


def _bad(zh: str, en: str) -> Refused:
    return Refused(Code.BAD_REQUEST, zh, en)
