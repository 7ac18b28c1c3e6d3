"""The three servers, each one process on loopback: uvicorn with uvloop and httptools, no access log."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from services.settings import PROJECT

PATIENCE = 30  # seconds for a server to accept connections

_UVICORN = """
-m uvicorn --factory --loop uvloop --http httptools --ws none --lifespan on --log-level warning --no-access-log
--no-server-header --no-date-header --host 127.0.0.1 --port {port} {module}:application
"""


@contextmanager
def running(url: str, statements: Path) -> Iterator[Mapping[str, int]]:
    """Service, floor and twin over the database at `url` while the block runs; the port of each."""
    ports = {"service": _free_port(), "floor": _free_port(), "dataloader": _free_port()}
    commands = {
        "service": ["server.py", "serve"],
        "floor": _UVICORN.format(port=ports["floor"], module="bench.floor").split(),
        "dataloader": _UVICORN.format(port=ports["dataloader"], module="bench.twin").split(),
    }
    given = {**os.environ, "DATABASE_URL": url, "HOST": "127.0.0.1", "BENCH_STATEMENTS": str(statements)}
    with ExitStack() as stack:
        started = {
            name: stack.enter_context(_process(commands[name], given | {"PORT": str(port)}))
            for name, port in ports.items()
        }
        for name, port in ports.items():
            _wait(started[name], port)
        yield ports


@contextmanager
def _process(words: Sequence[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, *words], cwd=PROJECT, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} does not answer on port {port}")


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
