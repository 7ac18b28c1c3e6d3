"""An OpenID Connect provider: where it sends people to, and who it says came back.

Authorization code with PKCE. What it publishes is fetched when it is needed, and kept for a while; while it is away
nobody signs in through it, and everything else goes on. Nothing it says counts before its signature, issuer, audience,
nonce and expiry are right: algorithms are those of this module, whatever the token's header asks for.
"""

import ssl
import time
import warnings
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.deprecate import AuthlibDeprecationWarning
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.errors import RETRY_AFTER, Code, Refused
from services.settings import ProviderSettings

with warnings.catch_warnings():  # it would rather have the successor of httpx, which has yet to come of age
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.base_client import OAuthError
    from authlib.integrations.httpx_client import AsyncOAuth2Client
    from authlib.oidc.core import CodeIDToken

ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
)  # of keys the provider keeps alone
WELL_KNOWN = "/.well-known/openid-configuration"
KEPT = 3600.0  # seconds
PATIENCE = 5.0  # seconds for one answer
LEEWAY = 30  # seconds clocks may differ by
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Flow:
    """One sign-in under way: what ties the answer to the question, and the question to the browser."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who came back: whose word it is, whom it is about, and the groups they are in today; None if not said."""

    issuer: str
    subject: str
    name: str
    groups: tuple[str, ...] | None


class Provider:
    """The one provider of an installation. UNAVAILABLE while it is away or talks nonsense."""

    def __init__(self, settings: ProviderSettings, redirect: str) -> None:
        self._settings = settings
        self._redirect = redirect
        self._tls = ssl.create_default_context()
        self._known: dict[str, tuple[float, dict[str, Any]]] = {}

    async def address(self, flow: Flow) -> str:
        """Where to send the browser."""
        endpoint = (await self._published())["authorization_endpoint"]
        async with self._client() as client:
            asked = {"state": flow.state, "nonce": flow.nonce, "code_verifier": flow.verifier}
            address: str = client.create_authorization_url(endpoint, **asked)[0]
            return address

    async def identity(self, code: str, flow: Flow, issuer: str | None = None) -> Identity:
        """Who a code stands for; UNAUTHENTICATED unless the provider vouches for them, to us, now.

        `issuer` is whose code it is, where that was said (RFC 9207).
        """
        published = await self._published()
        if issuer not in (None, published["issuer"]):
            raise not_vouched()
        try:
            async with self._client() as client:
                token = await client.fetch_token(
                    published["token_endpoint"], code=code, grant_type="authorization_code", code_verifier=flow.verifier
                )
            claims = await self._claims(token, published, flow)
        except (OAuthError, JoseError) as error:
            raise not_vouched() from error
        except (httpx.HTTPError, ValueError, TypeError) as error:
            raise away() from error
        return self._identity(claims)

    async def _claims(self, token: Any, published: dict[str, Any], flow: Flow) -> dict[str, Any]:
        decoded = await self._decoded(token.get("id_token"), published["jwks_uri"])
        wanted = {
            "iss": {"essential": True, "value": published["issuer"]},
            "aud": {"essential": True, "value": self._settings.client_id},
        }
        given = {"nonce": flow.nonce, "client_id": self._settings.client_id, "access_token": token.get("access_token")}
        claims = CodeIDToken(decoded.claims, decoded.header, wanted, given)
        claims.validate(leeway=LEEWAY)
        return dict(claims)

    async def _decoded(self, text: Any, keys: str) -> jwt.Token:
        for anew in (False, True):  # it may have changed its keys since they were fetched
            found = await self._fetched(keys, anew=anew)
            try:
                return jwt.decode(text, KeySet.import_key_set(found), algorithms=ALGORITHMS)  # type: ignore[arg-type]
            except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
                wrong = error
        raise not_vouched() from wrong

    def _identity(self, claims: dict[str, Any]) -> Identity:
        subject, groups = claims["sub"], claims.get(self._settings.groups)
        if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
            raise not_vouched()
        told = (claims.get("name"), claims.get("preferred_username"))
        named = next((each for each in told if isinstance(each, str) and is_name(each)), subject)
        return Identity(claims["iss"], subject, named[:100], _groups(groups))

    def _client(self) -> Any:
        of, secret = self._settings, self._settings.client_secret
        return AsyncOAuth2Client(
            of.client_id,
            secret,
            scope=of.scopes,
            redirect_uri=self._redirect,
            code_challenge_method="S256",
            timeout=PATIENCE,
            verify=self._tls,
        )

    async def _published(self) -> dict[str, Any]:
        """Its discovery document, which must be its own, and name places no one else can listen in on."""
        found = await self._fetched(self._settings.discovery)
        places = [found.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        issuer = found.get("issuer")
        if not isinstance(issuer, str) or issuer.rstrip("/") + WELL_KNOWN != self._settings.discovery:
            raise away()
        if not all(isinstance(each, str) and is_private(each) for each in places):
            raise away()
        return found

    async def _fetched(self, address: str, *, anew: bool = False) -> dict[str, Any]:
        now = time.monotonic()
        until, known = self._known.get(address, (0.0, {}))
        if now < until and not anew:
            return known
        try:
            async with httpx.AsyncClient(timeout=PATIENCE, verify=self._tls) as client:
                found = (await client.get(address)).raise_for_status().json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise away() from error
        if not isinstance(found, dict):
            raise away()
        self._known[address] = (now + KEPT, found)
        return found


def _groups(claim: Any) -> tuple[str, ...] | None:
    """Groups, or the one; None for what is missing or anything else: no list is not an empty one."""
    listed = [claim] if isinstance(claim, str) else claim
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        return None
    return tuple(listed)


def is_private(address: str) -> bool:
    """Whether what is sent there is read by nobody on the way: HTTPS, or this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def is_name(text: str) -> bool:
    """Whether a text can be shown as someone's name."""
    return bool(text.strip()) and text.isprintable()


def not_vouched() -> Refused:
    """401; the same words whatever was wrong with what the browser or the provider said."""
    return Refused(
        Code.UNAUTHENTICATED,
        "登录未完成，请重新开始。",
        "The sign-in was not completed; start again.",
        headers=(("WWW-Authenticate", "Bearer"),),
    )


def away() -> Refused:
    """503: the provider does not answer, or not as one."""
    zh, en = (
        "身份提供方暂时不可用，请稍后重试。",
        "The identity provider is unavailable at the moment; try again shortly.",
    )
    return Refused(Code.UNAVAILABLE, zh, en, headers=RETRY_AFTER)
