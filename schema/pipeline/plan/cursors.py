"""Cursors: which row of one order of one field a page begins after, or ends before.

A cursor is base64url(proof + the row's identity under a veil): it tells nothing, and holds none of the row's values,
which the statement looks up as the caller may read them. The proof is keyed by the installation's secret and by what
the cursor belongs to: the field, its order and its filter. The veil is keyed by the same and by the proof, because an
identity may name rows the caller is not shown, or count those of others. An edited cursor, or one of another field,
has no valid proof. `sql/cursors.py` makes them in the statement, here they are read.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Uuid
from sqlalchemy.types import TypeEngine

from schema.kit.expressions import Types
from services.errors import Refused, bad_input

TAG = 16  # bytes
PAGING = ("first", "after", "last", "before")


def key(secret: bytes, coordinate: str, arguments: Mapping[str, Any]) -> bytes:
    """The key that signs the cursors of a field given these arguments; 32 bytes."""
    belongs = {name: value for name, value in arguments.items() if name not in PAGING and value is not None}
    text = json.dumps([coordinate, belongs], sort_keys=True, default=_plain)
    return hmac.digest(secret, text.encode("utf-8", "surrogatepass"), "sha256")


def size(type_: TypeEngine[Any]) -> int:
    """How many bytes a part of an identity takes: PostgreSQL's binary format of its type."""
    return 16 if isinstance(type_, Uuid) else 8 if isinstance(type_, BigInteger) else 4


def made(key: bytes, identity: Sequence[UUID | int], types: Types) -> str:
    """The cursor of the row with this identity."""
    parts = zip(identity, types, strict=True)
    return _sealed(
        key,
        b"".join(
            part.bytes if isinstance(part, UUID) else part.to_bytes(size(type_), "big", signed=True)
            for part, type_ in parts
        ),
    )


def read(cursor: str, key: bytes, types: Types) -> list[UUID | int]:
    """The identity in a cursor; BAD_USER_INPUT for anything this key did not sign."""
    try:
        text = cursor.encode("ascii")
        raw = base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        raise invalid() from None
    if len(raw) != TAG + sum(map(size, types)):
        raise invalid()
    identity = _veiled(key, raw[:TAG], raw[TAG:])
    # Made again as a whole: base64 has bits to spare, and no other text is this cursor.
    if not hmac.compare_digest(_sealed(key, identity).encode(), text):
        raise invalid()
    return list(_parts(identity, types))


def invalid(path: Sequence[str] = (), argument: str = "after") -> Refused:
    """The same words whatever is wrong: edited, of another field, of a row that is gone or is not the caller's."""
    refused = bad_input(
        "游标在此无效：它被改动过，或属于别的字段、排序或筛选，或其所在行已不存在或不再为您可见。请从头开始。",
        "The cursor is not valid here: it was changed, or it belongs to another field, order or filter, or its row is"
        " gone or no longer yours to see. Begin anew.",
    )
    refused.path, refused.argument = tuple(path), (argument,)
    return refused


def _sealed(key: bytes, identity: bytes) -> str:
    # Nested SHA-256, which PostgreSQL computes too, without an extension.
    proof = hashlib.sha256(key + hashlib.sha256(key + identity).digest()).digest()[:TAG]
    return base64.urlsafe_b64encode(proof + _veiled(key, proof, identity)).decode().rstrip("=")


def _veiled(key: bytes, proof: bytes, identity: bytes) -> bytes:
    """Identity to veil, and back; up to 32 bytes. The key comes last here, so that no veil is a proof's digest."""
    veil = hashlib.sha256(proof + key).digest()
    return bytes(one ^ other for one, other in zip(identity, veil, strict=False))


def _parts(identity: bytes, types: Types) -> Iterator[UUID | int]:
    for type_ in types:
        part, identity = identity[: size(type_)], identity[size(type_) :]
        yield UUID(bytes=part) if isinstance(type_, Uuid) else int.from_bytes(part, "big", signed=True)


def _plain(value: object) -> object:
    return value.name if isinstance(value, Enum) else str(value)
