"""Cursors: where a row stands in one order of one field, so that a page can begin after it.

A cursor is base64url(tag + JSON array of the row's sort values as text). The tag is keyed by the installation's
secret and by what the cursor belongs to: the field, its order and its filter. An edited cursor, or one of another
field, has no valid tag. `sql/cursors.py` makes them in the statement, here they are read.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from enum import Enum
from typing import Any

from services.errors import Refused, bad_input

TAG = 16  # bytes
PAGING = ("first", "after")


def key(secret: bytes, coordinate: str, arguments: Mapping[str, Any]) -> bytes:
    """The key that signs the cursors of a field given these arguments; 32 bytes."""
    belongs = {name: value for name, value in arguments.items() if name not in PAGING and value is not None}
    text = json.dumps([coordinate, belongs], sort_keys=True, default=_plain)
    return hmac.digest(secret, text.encode("utf-8", "surrogatepass"), "sha256")


def tag(key: bytes, payload: bytes) -> bytes:
    """What proves a payload: nested SHA-256, which PostgreSQL computes too, without an extension."""
    return hashlib.sha256(key + hashlib.sha256(key + payload).digest()).digest()[:TAG]


def read(cursor: str, key: bytes, width: int) -> list[str | None]:
    """The sort values of a cursor; BAD_USER_INPUT for anything this key did not sign."""
    try:
        raw = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        raise invalid() from None
    proof, payload = raw[:TAG], raw[TAG:]
    if not hmac.compare_digest(proof, tag(key, payload)):
        raise invalid()
    values: list[str | None] = json.loads(payload)
    if len(values) != width:
        raise invalid()
    return values


def invalid() -> Refused:
    """The same words for an edited cursor and for one of another field, order or filter."""
    return bad_input(
        "游标无效：它被改动过，或属于别的字段、排序或筛选。",
        "The cursor is not valid here: it was changed, or it belongs to another field, order or filter.",
    )


def _plain(value: object) -> object:
    return value.name if isinstance(value, Enum) else str(value)
