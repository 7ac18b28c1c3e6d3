"""From a credential to an Actor: who is asking, and the scopes that come of it.

A token reads `jl_<id>_<secret>_<crc>`: the id finds it, 256 random bits prove it (their SHA-256 is stored), the
checksum refuses a mistyped one without asking the database. Actors are kept in memory by the whole token's digest;
that is safe because every reading statement checks token and revision again in its own snapshot (`still_stands`).
"""

import binascii
import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from policies import decide
from policies.scope import At, Oneself, Scope, Shape, Term, Within, shape
from services import access
from services.database import Reader
from services.errors import Code, Refused

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
KEPT = 10_000  # actors in memory

# At which levels of the territory a role may be seated, and how far the seat reaches. Roles that are seated in a
# company or at a building are not here: nobody can hold them until those exist.
SEATS: Mapping[str, tuple[frozenset[str], type[Within] | type[At]]] = {
    "county_admin": (frozenset({"PROVINCE", "CITY", "COUNTY"}), Within),
    "property_committee": (frozenset({"PROVINCE", "CITY", "COUNTY"}), Within),
    "town_admin": (frozenset({"TOWN"}), Within),
    "community_admin": (frozenset({"COMMUNITY"}), Within),
    "member": (frozenset({"GRID"}), At),
    "auditor": (frozenset({"PROVINCE", "CITY", "COUNTY", "TOWN", "COMMUNITY"}), Within),
    "partner": (frozenset({"PROVINCE", "CITY", "COUNTY", "TOWN", "COMMUNITY", "GRID"}), Within),
}


@dataclass(frozen=True)
class Actor:
    """Who is asking, as of one revision of their grants. Scopes are decided once each and kept."""

    token_id: str
    account_id: UUID
    revision: int
    until: datetime
    seats: tuple[tuple[str, Term], ...]
    _scopes: dict[tuple[str, str], Scope] = field(default_factory=dict, compare=False, repr=False)

    def scope(self, entity: str, action: str) -> Scope:
        """The rows of `entity` on which this actor may do `action`."""
        known = self._scopes.get((entity, action))
        if known is None:
            known = self._scopes[entity, action] = decide.scope(self.seats, entity, action)
        return known

    @cached_property
    def shape(self) -> tuple[Shape, ...]:
        """The shapes of all reading scopes: actors of one shape share their statements."""
        return tuple(shape(self.scope(entity, "read")) for entity in decide.entities())


def actor_of(credential: access.Credential) -> Actor:
    """The actor a standing credential makes; a role this version cannot seat gives nothing."""
    seated = ((role, SEATS[role][1](path)) for role, path in credential.grants if role in SEATS)
    everyone: tuple[str, Term] = ("everyone", Oneself(credential.account_id))
    return Actor(credential.token_id, credential.account_id, credential.revision, credential.until, (*seated, everyone))


class Authenticator:
    """Turns the Authorization header into an Actor, remembering the last `KEPT`."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._actors: OrderedDict[bytes, Actor] = OrderedDict()

    async def actor(self, token: str) -> Actor:
        """The actor behind `token`; UNAUTHENTICATED for anything that is not a standing token."""
        key = _digest(token)
        known = self._actors.get(key)
        if known is not None:
            self._actors.move_to_end(key)
            return known
        return await self.reload(token)

    async def reload(self, token: str) -> Actor:
        """The same, asking the database: for a token not seen before, or one whose grants have changed since."""
        key = _digest(token)
        self._actors.pop(key, None)
        token_id, secret = _parts(token)
        found = await access.credential(self._reader, token_id)
        if found is None or not hmac.compare_digest(found.secret_sha256, _digest(secret)):
            raise unauthenticated()
        actor = self._actors[key] = actor_of(found)
        while len(self._actors) > KEPT:
            self._actors.popitem(last=False)
        return actor


def bearer(header: str | None) -> str:
    """The token of an `Authorization: Bearer` header; UNAUTHENTICATED when there is none."""
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise unauthenticated()
    return token.strip()


def unauthenticated() -> Refused:
    """401; the same words whatever was wrong with the credential."""
    return Refused(
        Code.UNAUTHENTICATED,
        "请先登录：缺少访问令牌，或令牌无效、已过期、已撤销。",
        "Sign in first: the access token is missing, or it is invalid, expired or revoked.",
        headers=(("WWW-Authenticate", "Bearer"),),
    )


def make_token() -> tuple[str, str, bytes]:
    """A new token: its id, the whole text to hand over once, and the digest to store."""
    token_id = "".join(secrets.choice(ALPHABET) for _ in range(12))
    secret = "".join(secrets.choice(ALPHABET) for _ in range(43))
    body = f"jl_{token_id}_{secret}"
    return token_id, f"{body}_{_checksum(body)}", _digest(secret)


def _parts(token: str) -> tuple[str, str]:
    parts = token.split("_")
    if len(token) > 200 or not token.isascii() or len(parts) != 4 or parts[0] != "jl":
        raise unauthenticated()
    if _checksum("_".join(parts[:3])) != parts[3]:
        raise unauthenticated()
    return parts[1], parts[2]


def _checksum(body: str) -> str:
    return f"{binascii.crc32(body.encode()):08x}"


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
