"""Check-in codes 签到码: of one activity, good for a few minutes, and kept nowhere.

A code holds the activity and when it ends, sealed with a key of this purpose alone. Whoever was shown it may check in
with it until then; that each does so once is the database's to hold.
"""

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from services.access.tables import secrets
from services.errors import unavailable
from services.storage.transaction import Transaction

LASTS = timedelta(minutes=10)
SECRET = "check_in"  # noqa: S105 - its name
PURPOSE = b"activity check-in\0"
ID, MOMENT, SEAL = 16, 5, 15  # bytes; together 48 characters


class Code(NamedTuple):
    """What a code says."""

    activity: UUID
    until: datetime


async def key_of(tx: Transaction) -> bytes:
    """The installation's key for check-in codes, made by the migrations."""
    key: bytes | None = await tx.value(select(secrets.c.value).where(secrets.c.name == SECRET))
    if key is None:
        raise unavailable()
    return key


def sealed(key: bytes, code: Code) -> str:
    """The code as it is shown. It ends with a whole second."""
    said = code.activity.bytes + int(code.until.timestamp()).to_bytes(MOMENT)
    return urlsafe_b64encode(said + _seal(key, said)).decode()


def opened(key: bytes, shown: str) -> Code | None:
    """What a code says; None for what is none, or sealed for anything else."""
    try:
        whole = urlsafe_b64decode(shown.encode("ascii"))
    except (UnicodeEncodeError, binascii.Error):
        return None
    said, seal = whole[: ID + MOMENT], whole[ID + MOMENT :]
    if not hmac.compare_digest(seal, _seal(key, said)):
        return None
    return Code(UUID(bytes=said[:ID]), datetime.fromtimestamp(int.from_bytes(said[ID:]), UTC))


def _seal(key: bytes, said: bytes) -> bytes:
    return hmac.digest(key, PURPOSE + said, "sha256")[:SEAL]
