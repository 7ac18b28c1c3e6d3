"""nginx before the service, configured as the documentation says: over TLS, at a host of its own and below a path."""

import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import PATIENCE, Service, start_service, stop_service
from tests.http.sockets import opened, receive, send
from tests.operations.documented import blocks, with_own
from tests.signin.browser import person
from tests.signin.test_sessions import NAME
from tests.terminal.tls_server import Issuer

NGINX = shutil.which("nginx")
pytestmark = [
    pytest.mark.xdist_group("nginx"),
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed"),
]
AROUND = """
daemon off; {user}
pid {folder}/pid;
error_log stderr warn;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {servers}
}}
"""
PLACES = {"own host": "", "path, taken away": "/jinlin", "path, left": "/jinlin"}


@dataclass(frozen=True)
class Before:
    """Where browsers find the service, and how they know that it is the one."""

    url: str
    service: Service
    tls: ssl.SSLContext

    @property
    def client(self) -> httpx.Client:
        """Something that comes through nginx."""
        return httpx.Client(verify=self.tls, trust_env=False, timeout=60)


@pytest.fixture(scope="module", params=PLACES)
def before(request: pytest.FixtureRequest, world_url: str) -> Iterator[Before]:
    """nginx before a service over the small world."""
    assert NGINX is not None
    prefix = PLACES[request.param]
    with tempfile.TemporaryDirectory(prefix="jl-", dir="/tmp") as made, closing(socket.socket()) as probe:
        folder = Path(made)
        folder.chmod(0o755)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        Issuer.made(folder, "authority").issue(folder, "server", "127.0.0.1")
        url = f"https://127.0.0.1:{port}{prefix}"
        service = start_service(world_url, PUBLIC_URL=url, TRUSTED_PROXIES="127.0.0.1")
        (folder / "conf").write_text(_configuration(request.param, folder, port, service))
        words = [NGINX, "-e", "stderr", "-p", str(folder), "-c", str(folder / "conf")]
        tested = subprocess.run([*words, "-t"], capture_output=True, text=True)
        assert tested.returncode == 0, tested.stderr
        assert "[warn]" not in tested.stderr, tested.stderr
        nginx = subprocess.Popen(words)
        try:
            _wait(port)
            yield Before(url, service, ssl.create_default_context(cafile=str(folder / "authority.crt")))
        finally:
            nginx.terminate()
            nginx.wait(timeout=60)
            stop_service(service)


def _configuration(place: str, folder: Path, port: int, service: Service) -> str:
    whole, below = blocks("nginx")
    own = {
        "127.0.0.1:8000": service.url.removeprefix("http://"),
        "listen 443": f"listen 127.0.0.1:{port}",
        "    listen [::]:443 ssl http2;\n": "",
        "jinlin.county.example": "127.0.0.1",
        "/etc/ssl/jinlin.crt": str(folder / "server.crt"),
        "/etc/ssl/private/jinlin.key": str(folder / "server.key"),
    }
    if place != "own host":
        own["    location / {\n        proxy_pass http://jinlin;\n    }\n"] = below
    servers = with_own(whole, own)
    if place == "path, left":
        servers = with_own(servers, {"proxy_pass http://jinlin/;": "proxy_pass http://jinlin;"})
    user = "user root;" if os.geteuid() == 0 else ""
    return AROUND.format(folder=folder, servers=servers, user=user)


def _wait(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        assert time.monotonic() < deadline


def test_the_way_in_and_the_page(before: Before) -> None:
    """The redirect stays with nginx, and what the page names lies beside it."""
    with before.client as client:
        found = client.get(f"{before.url}/", headers={"Accept": "text/html"})
        assert found.headers["location"] == f"{httpx.URL(before.url).path.rstrip('/')}/graphql"
        page = client.get(f"{before.url}/graphql", headers={"Accept": "text/html"})
        assert page.status_code in (200, 503)  # not built
        for part in page.text.split('"'):
            if part.startswith("./assets/"):
                assert client.get(f"{before.url}/{part[2:]}").status_code == 200


async def test_signing_in_and_a_socket(before: Before) -> None:
    """By a cookie over TLS; counted as whoever nginx heard from."""
    login = await person(before.service, f"nginx-{before.url.count('/')}-{before.url.rpartition(':')[2][:5]}")
    origin = before.url.removesuffix("/jinlin")
    cookies = _sign_in(before, login, origin)
    assert cookies
    there = replace(before.service, url=before.url.replace("https://", "wss://"))
    async with opened(there, additional_headers={"Origin": origin, "Cookie": cookies}, ssl=before.tls) as socket:
        await send(socket, type="connection_init")
        assert await receive(socket) == {"type": "connection_ack"}


def _sign_in(before: Before, login: str, origin: str) -> str:
    with before.client as client:
        said: Any = {"json": {"login": login, "password": "correct horse battery"}, "headers": {"Origin": origin}}
        answer = client.post(f"{before.url}/session", **said)
        assert answer.status_code == 204, answer.text
        asked: Any = {"json": {"query": '{ orgUnit(by: {code: "350521100"}) { name } }'}, "headers": {"Origin": origin}}
        assert client.post(f"{before.url}/graphql", **asked).json() == NAME
        assert (
            client.post(f"{before.url}/graphql", json=asked["json"], headers={"Origin": "https://x"}).status_code == 403
        )
        return "; ".join(f"{each.name}={each.value}" for each in client.cookies.jar)


def test_an_operation_in_a_long_address(before: Before) -> None:
    """As long as the service takes one."""
    token = before.service.token("town_admin", "350521100")
    with before.client as client:
        query = '{ orgUnit(by: {code: "350521100"}) { name } } #' + "x" * 12_000
        headers = {"Authorization": f"Bearer {token}"}
        assert client.get(f"{before.url}/graphql", params={"query": query}, headers=headers).json() == NAME
