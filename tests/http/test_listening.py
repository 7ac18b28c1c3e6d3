"""Where the service listens, by whatever HOST says, and the address it prints for that."""

import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from schema.pipeline.http.listening import listening, origin
from services.settings import SettingError, Settings
from tests.forked import forked

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


with_ipv6 = pytest.mark.skipif(not _has_ipv6(), reason="this machine has no IPv6")


def at(host: str, port: int = 0) -> Settings:
    """Settings with this HOST, and any port."""
    return replace(Settings.read({"HOST": host}), port=port)


def test_host_is_the_loopback_when_nothing_is_said() -> None:
    with listening(replace(Settings.read({}), port=0)) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize(
    ("host", "printed", "reached"),
    [
        ("127.0.0.1", "http://127.0.0.1:", ["127.0.0.1"]),
        ("localhost", "http://127.0.0.1:", ["127.0.0.1"]),
        ("0.0.0.0", "http://127.0.0.1:", ["127.0.0.1", "127.0.0.2"]),
        pytest.param("::1", "http://[::1]:", ["::1"], marks=with_ipv6),
        pytest.param("[::1]", "http://[::1]:", ["::1"], marks=with_ipv6),
        pytest.param("::", "http://[::1]:", ["::1", "127.0.0.1"], marks=with_ipv6),
    ],
)
def test_a_host_is_listened_on_and_printed_as_clients_write_it(host: str, printed: str, reached: list[str]) -> None:
    with listening(at(host)) as listener:
        port = listener.getsockname()[1]
        assert origin(listener) == f"{printed}{port}"
        for address in reached:
            with socket.create_connection((address, port), timeout=10):
                listener.accept()[0].close()


@pytest.mark.parametrize(
    "host",
    [" ", "http://127.0.0.1", "127.0.0.1:8000", "[::1", "::g", "[127.0.0.1]x", "a..b",
     f"{'a' * 64}.invalid", "nowhere.invalid", "192.0.2.1"],
)  # fmt: skip
def test_a_host_that_cannot_be_is_one_clear_line_in_each_language(host: str) -> None:
    with pytest.raises(SettingError) as raised, listening(at(host)):
        pass
    zh, en = str(raised.value).splitlines()
    assert f"无法监听 {host} " in zh
    assert en.startswith(f"Cannot listen on {host} ")
    assert en.endswith("choose with HOST and PORT.")


def test_a_port_that_is_taken_is_said() -> None:
    with listening(at("127.0.0.1")) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(SettingError, match=f"127.0.0.1 port {port} .Address already in use"),
            listening(at("127.0.0.1", port)),
        ):
            pass


@pytest.fixture(params=[("::1", "1"), ("::", "2"), ("localhost", "1")], ids=" x".join)
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """HOST, and what `serve` printed; its database is not there, which it says and goes on."""
    host, workers = request.param
    if ":" in host and not _has_ipv6():
        pytest.skip("this machine has no IPv6")
    given = {**os.environ, "DATABASE_URL": NOWHERE, "HOST": host, "PORT": "0", "JINLIN_HOME": str(tmp_path)}
    reading, writing = os.pipe()
    with os.fdopen(reading) as said, os.fdopen(writing, "w") as out, Path(os.devnull).open("r+") as nothing:
        process = forked(["serve", "--workers", workers], given, (nothing.fileno(), out.fileno(), nothing.fileno()))
        out.close()
        assert said.readline() == "\n"
        yield host, said.readline().split()[-1]
        process.terminate()
        assert process.wait(timeout=60) == 0


def test_the_address_that_is_printed_answers(served: tuple[str, str]) -> None:
    host, printed = served
    url = httpx.URL(printed)
    assert url.host == ("127.0.0.1" if host == "localhost" else "::1")
    assert httpx.get(url.copy_with(path="/health"), timeout=90).status_code == 200
