"""An OpenID Connect provider that does what a test tells it to, right or wrong, on a port of its own."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "jinlin", "a secret of the client"
KEY = RSAKey.generate_key(2048, {"kid": "one"})
OTHER = RSAKey.generate_key(2048, {"kid": "one"})
NEXT = RSAKey.generate_key(2048, {"kid": "two"})

Claims = dict[str, Any]


class Rogue:
    """A provider. `claims` changes what it says, `signed` how it signs, `published` what it publishes."""

    def __init__(self) -> None:
        self.claims: Callable[[Claims], Claims] = lambda claims: claims
        self.signed: Callable[[Claims], str | None] = lambda claims: jwt.encode(
            {"alg": "RS256", "kid": "one"}, claims, KEY
        )
        self.published: Callable[[dict[str, Any]], Any] = lambda document: document
        self.keys = [KEY]
        self.status = 200
        self.asked: list[dict[str, str]] = []
        self.fetched: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        """Its issuer."""
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def discovery(self) -> str:
        """Where it says what it is."""
        return f"{self.url}/.well-known/openid-configuration"

    def stop(self) -> None:
        """Be away."""
        self.server.shutdown()
        self.server.server_close()

    def code(self, address: str) -> tuple[str, str]:
        """What someone brings back who was sent to this address and signed in here: a code and the state."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.asked.append(asked)
        code = f"code{len(self.asked)}"
        self.codes[code] = asked
        return code, asked["state"]

    def token(self, given: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The token endpoint: a code counts once, for the client and the verifier it was asked for with."""
        asked = self.codes.pop(given.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".replace(" ", "+").encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        if asked is None or authorization not in (f"Basic {basic}", f"Basic {plain}"):
            return 400, {"error": "invalid_grant"}
        assert asked["code_challenge_method"] == "S256"
        if challenge.decode().rstrip("=") != asked["code_challenge"] or given["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = self.claims(
            {
                "iss": self.url, "sub": "li-na", "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": asked["nonce"],
                "name": "李娜", "groups": ["town"],
            }
        )  # fmt: skip
        answer = {"access_token": "x", "token_type": "Bearer", "id_token": self.signed(claims)}
        return self.status, {name: value for name, value in answer.items() if value is not None}

    def document(self) -> Any:
        """What it publishes of itself."""
        at = {name: f"{self.url}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
        return self.published({"issuer": self.url, **at})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        rogue = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                rogue.fetched.append(self.path)
                keys = {"keys": [key.as_dict(private=False) for key in rogue.keys]}
                self._answer(rogue.status, rogue.document() if "well-known" in self.path else keys)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                given = {name: values[0] for name, values in parse_qs(body).items()}
                self._answer(*rogue.token(given, self.headers.get("authorization", "")))

            def _answer(self, status: int, body: Any) -> None:
                said = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        return Handler


def unsigned(claims: Claims) -> str:
    """A token of the algorithm "none"."""
    return ".".join(_encoded(json.dumps(each).encode()) for each in ({"alg": "none"}, claims)) + "."


def by_secret(claims: Claims) -> str:
    """A token signed with what the client knows, and so could have made itself."""
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET), algorithms=["HS256"])


def by_public_key(claims: Claims) -> str:
    """A token whose HMAC is keyed with the provider's public key, which everyone has; made by hand, as an attacker."""
    said = ".".join(_encoded(json.dumps(each).encode()) for each in ({"alg": "HS256", "kid": "one"}, claims))
    return f"{said}.{_encoded(hmac.digest(KEY.as_pem(private=False), said.encode(), 'sha256'))}"


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")
