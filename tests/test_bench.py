"""The benchmark runs, and refuses to compare what is not alike."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from bench.comparison import DifferentAnswersError, same_answer
from bench.generator import UnexpectedAnswerError, load
from tests.conftest import PROJECT
from tests.depth import only_much

REQUEST = b"POST /graphql HTTP/1.1\r\nContent-Length: 0\r\n\r\n"


@only_much
def test_quick_run_writes_the_ratios(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    command = [sys.executable, "-m", "bench", "--quick", "--out", str(out)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stderr
    results = json.loads(out.read_text())
    assert {name: set(ratios) for name, ratios in results.items()} == {
        "town_page": {"floor", "dataloader"},
        "small_page": {"floor", "dataloader"},
    }
    assert all(ratio > 0 for ratios in results.values() for ratio in ratios.values())
    assert "only; the ratios carry over" in done.stdout


GOOD = b'{"data": {"orgUnit": {"name": "x"}}}'


@pytest.mark.parametrize(
    "other",
    [
        pytest.param((200, b'{"data": {"orgUnit": {"name": "y"}}}'), id="another value"),
        pytest.param((200, b'{"data": {"orgUnit": null}}'), id="nothing"),
        pytest.param((500, GOOD), id="failed"),
    ],
)
def test_different_answers_are_not_compared(other: tuple[int, bytes]) -> None:
    with pytest.raises(DifferentAnswersError):
        same_answer({"service": (200, GOOD), "floor": other})


def test_answers_alike_but_wrong_are_not_compared() -> None:
    refused = (200, b'{"data": null, "errors": [{"message": "no"}]}')
    with pytest.raises(DifferentAnswersError):
        same_answer({"service": refused, "floor": refused})


def test_the_same_json_written_differently_is_the_same() -> None:
    same_answer({"service": (200, GOOD), "floor": (200, GOOD.replace(b" ", b""))})


@contextmanager
def answering(*parts: bytes) -> Iterator[int]:
    """A server that answers every request with `parts`, each in a packet of its own; its port."""

    class Answer(BaseRequestHandler):
        def handle(self) -> None:
            connection: socket.socket = self.request
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with suppress(ConnectionError):  # the generator hangs up
                while connection.recv(1024):
                    for part in parts:
                        connection.sendall(part)

    with ThreadingTCPServer(("127.0.0.1", 0), Answer) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"], id="whole"),
        pytest.param([b"HTTP/1.1 200 OK\r\ncontent-le", b"ngth: 2\r\n\r", b"\no", b"k"], id="in pieces"),
    ],
)
def test_the_generator_counts_answers(parts: list[bytes]) -> None:
    with answering(*parts) as port:
        assert load(port, REQUEST, 2, 40).seconds > 0


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno", id="status"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnah", id="length"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\nok", id="no length"),
    ],
)
def test_the_generator_stops_at_another_answer(answer: bytes) -> None:
    with answering(answer) as port, pytest.raises(UnexpectedAnswerError):
        load(port, REQUEST, 2, 40)
