"""From a credential to an Actor: who is asking, and the scopes that come of it.

A token reads `jl_<id>_<secret>_<crc>`: the id finds it, 256 random bits prove it (their SHA-256 is stored), the
checksum refuses a mistyped one without asking the database. A session reads the same behind `js`, and neither is ever
taken for the other: tokens come in the Authorization header, sessions in a cookie. Actors are kept in memory by the
whole text's digest; that is safe because every reading statement checks credential and revision again in its own
snapshot (`still_stands`).

Long because the seats of roles, which everything else follows, are listed in it.
"""

import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from cachetools import LRUCache

from policies import decide
from policies.scope import (
    At,
    Building,
    Captain,
    Company,
    Department,
    Inspects,
    Instructor,
    Member,
    Oneself,
    Scope,
    Sector,
    Shape,
    Term,
    Within,
    shape,
)
from services.access.credentials import NO_TERMS, Credential, Terms, credential
from services.access.tables import AccountKind
from services.errors import Code, Refused
from services.storage.database import Reader

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
KEPT = 10_000  # actors in memory
TOKEN, SESSION = "jl", "js"  # how the texts of credentials begin
KINDS = {TOKEN: "TOKEN", SESSION: "SESSION"}  # as the database calls them
NOBODY = UUID(int=0)

# Where a role may be seated, and the term that comes of it. At a member, a captain's seat is what that member is
# captain of today, an instructor's the companies dispatched to today: nobody's grant changes when a term ends.
SEATS: Mapping[str, Mapping[str, type[Term]]] = {
    "county_admin": {"unit": Within},
    "town_admin": {"unit": Within},
    "community_admin": {"unit": Within},
    "property_committee": {"unit": Sector},
    "company_secretary": {"company": Company},
    "instructor": {"member": Instructor},
    "captain": {"building": Building, "member": Captain},
    "member": {"unit": At, "member": Member},
    "auditor": {"unit": Inspects},
    "partner": {"unit": Within},
    "visit_keeper": {"unit": Within},
    "department_officer": {"department": Department},
}
# At which levels, where the seat is a unit.
LEVELS: Mapping[str, frozenset[str]] = {
    "county_admin": frozenset({"PROVINCE", "CITY", "COUNTY"}),
    "property_committee": frozenset({"PROVINCE", "CITY", "COUNTY"}),
    "town_admin": frozenset({"TOWN"}),
    "community_admin": frozenset({"COMMUNITY"}),
    "visit_keeper": frozenset({"COMMUNITY"}),
    "member": frozenset({"GRID"}),
    "auditor": frozenset({"PROVINCE", "CITY", "COUNTY", "TOWN", "COMMUNITY"}),
    "partner": frozenset({"PROVINCE", "CITY", "COUNTY", "TOWN", "COMMUNITY", "GRID"}),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A grant in force, as the term that comes of its seat."""

    grant: UUID
    role: str
    term: Term


@dataclass(frozen=True)
class Actor:
    """Who is asking, as of one revision of their grants. Scopes are decided once each and kept."""

    credential_id: str
    account_id: UUID
    revision: int
    until: datetime
    held: tuple[Held, ...]
    terms: Terms = NO_TERMS
    program: bool = False
    _scopes: dict[tuple[str, str], Scope] = field(default_factory=dict, compare=False, repr=False)
    _narrowed: dict[UUID, "Actor"] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def seats(self) -> tuple[decide.Seat, ...]:
        """Every role held, with the term of its seat; `everyone` at oneself is the last."""
        everyone: decide.Seat = ("everyone", Oneself(self.account_id))
        return (*((each.role, each.term) for each in self.held), everyone)

    def scope(self, entity: str, action: str) -> Scope:
        """The rows of `entity` on which this actor may do `action`."""
        known = self._scopes.get((entity, action))
        if known is None:
            known = self._scopes[entity, action] = decide.scope(self._seats_for(entity, action), entity, action)
        return known

    def _seats_for(self, entity: str, action: str) -> tuple[decide.Seat, ...]:
        """The seats that count: a program reads, counts, and answers for residents; bound to others, it is itself."""
        looking = action in (decide.READ, decide.COUNT)
        if self.program and not looking and (entity, action) != decide.ANSWERING:
            return ()
        allowed = self.terms.entities
        return self.seats if allowed is None or entity in allowed else self.seats[-1:]

    def narrowed(self, grant: UUID | None) -> "Actor":
        """The same caller holding this one grant and no other; FORBIDDEN where they do not hold it now."""
        if grant is None:
            return self
        if grant not in self._narrowed:
            held = tuple(each for each in self.held if each.grant == grant)
            if not held:
                raise Refused(Code.FORBIDDEN, "您没有这项现行授权。", "You do not hold this grant now.")
            self._narrowed[grant] = replace(self, held=held, _scopes={}, _narrowed={})
        return self._narrowed[grant]

    def shape(self, rights: Iterable[tuple[str, str]]) -> tuple[Shape, ...]:
        """The shapes of these rights' scopes, which of them are the same, and whether small numbers are hidden.

        Actors of one shape in all the rights a plan was made by share its statement, whatever else they may do.
        """
        scopes = [self.scope(*right) for right in rights]
        numbers: dict[Scope, int] = {}
        hidden = ("smallest cell",) if self.terms.smallest_cell is not None else ()
        return (hidden, *((*shape(scope), str(numbers.setdefault(scope, len(numbers)))) for scope in scopes))


def actor_of(of: Credential) -> Actor:
    """The actor a standing credential makes; a role this version cannot seat there gives nothing."""
    seated = ((granted, seat(granted.role, granted.kind, granted.at)) for granted in of.grants)
    held = tuple(Held(granted.id, granted.role, term) for granted, term in seated if term is not None)
    program = of.account_kind == AccountKind.PROGRAM
    return Actor(of.id, of.account_id, of.revision, of.until, held, of.terms, program)


def seat(role: str, kind: str, at: str) -> Term | None:
    """The term of a role granted at a unit's path, or at the id of a company, building or member."""
    term = SEATS.get(role, {}).get(kind)
    if term is None:
        return None
    made: Callable[[Any], Term] = term
    return made(at if kind == "unit" else UUID(at))


def anyone(role: str, entities: frozenset[str] | None = None) -> Actor:
    """Whoever holds a role, at every kind of seat it can have and no place in particular; ValueError for no role.

    A partner is a program, with `entities` bound to these.
    """
    if role not in SEATS:
        raise ValueError(role)
    places = {kind: "0/" if kind == "unit" else str(NOBODY) for kind in SEATS[role]}
    terms = (seat(role, kind, at) for kind, at in places.items())
    held = tuple(Held(NOBODY, role, term) for term in terms if term is not None)
    return Actor("", NOBODY, 0, datetime.max.replace(tzinfo=UTC), held, Terms(entities), role == "partner")


class Authenticator:
    """Turns a token or a session into an Actor, remembering the last `KEPT`; `used` hears of each use."""

    def __init__(self, reader: Reader, used: Callable[[str], None] = lambda _: None) -> None:
        self._reader = reader
        self._used = used
        self._actors: LRUCache[bytes, Actor] = LRUCache(KEPT)

    async def actor(self, token: str) -> Actor:
        """The actor behind `token`; UNAUTHENTICATED for anything that is not a standing token."""
        key = _digest(token)
        known = self._actors.get(key)
        if known is not None:
            self._used(known.credential_id)
            return known
        return await self.reload(token)

    async def reload(self, token: str) -> Actor:
        """The same, asking the database: for a token not seen before, or one whose grants have changed since."""
        key = _digest(token)
        self._actors.pop(key, None)
        kind, of, secret = _parts(token)
        found = await credential(self._reader, of)
        if found is None or not hmac.compare_digest(found.secret_sha256, _digest(secret)) or found.kind != KINDS[kind]:
            raise unauthenticated()
        self._used(found.id)
        actor = self._actors[key] = actor_of(found)
        return actor


def bearer(header: str | None) -> str:
    """The token of an `Authorization: Bearer` header; UNAUTHENTICATED when there is none, or a session in its place."""
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip() or token.strip().startswith(f"{SESSION}_"):
        raise unauthenticated()
    return token.strip()


def session(cookie: str) -> str:
    """The session in a cookie; UNAUTHENTICATED when there is something else in it."""
    if not is_session(cookie):
        raise unauthenticated()
    return cookie


def is_session(text: str) -> bool:
    """Whether a credential's text is a session's, well written; nothing is said of whether it stands."""
    try:
        return _parts(text)[0] == SESSION
    except Refused:
        return False


def unauthenticated() -> Refused:
    """401; the same words whatever was wrong with the credential."""
    return Refused(
        Code.UNAUTHENTICATED,
        "请先登录：缺少访问令牌，或令牌无效、已过期、已撤销。",
        "Sign in first: the access token is missing, or it is invalid, expired or revoked.",
        headers=(("WWW-Authenticate", "Bearer"),),
    )


def make_token(kind: str = TOKEN) -> tuple[str, str, bytes]:
    """A new token or session: its id, the whole text to hand over once, and the digest to store."""
    token_id = "".join(secrets.choice(ALPHABET) for _ in range(12))
    secret = "".join(secrets.choice(ALPHABET) for _ in range(43))
    body = f"{kind}_{token_id}_{secret}"
    return token_id, f"{body}_{_checksum(body)}", _digest(secret)


def secret_of(token: str, kind: str) -> tuple[str, bytes]:
    """The id and the stored digest of a text of this kind; UNAUTHENTICATED for anything else."""
    found, of, secret = _parts(token)
    if found != kind:
        raise unauthenticated()
    return of, _digest(secret)


def _parts(token: str) -> tuple[str, str, str]:
    parts = token.split("_")
    if len(token) > 200 or not token.isascii() or len(parts) != 4 or parts[0] not in KINDS:
        raise unauthenticated()
    if _checksum("_".join(parts[:3])) != parts[3]:
        raise unauthenticated()
    return parts[0], parts[1], parts[2]


def _checksum(body: str) -> str:
    return f"{binascii.crc32(body.encode()):08x}"


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
