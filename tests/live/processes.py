"""The processes of a service, and which of them a connection leads to, as the kernel knows them."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from tests.conftest import Service

PATIENCE = 60  # seconds
PROC = Path("/proc")


def children(pid: int) -> set[int]:
    """The processes one started, by any of its threads."""
    lists = (PROC / str(pid) / "task").glob("*/children")
    return {int(child) for each in lists for child in each.read_text().split()}


def descendants(pid: int) -> set[int]:
    """Its children and theirs."""
    return {each for child in children(pid) for each in {child, *descendants(child)}}


def workers(service: Service) -> set[int]:
    """The processes the service started to serve with; forked ones have its own command line."""
    own = command_of(service.process.pid)
    return {
        pid for pid in children(service.process.pid) if (command := command_of(pid)) == own or b"spawn_main" in command
    }


def runs(pid: int) -> bool:
    """Whether it does; one that waits to be buried does not."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def becomes(condition: Callable[[], bool]) -> None:
    """Wait until it holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


async def comes_true(condition: Callable[[], bool]) -> None:
    """The same, beside other things."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def worker_at(service: Service, port: int) -> int | None:
    """The worker that has accepted the connection a client has at this port; None where none has."""
    own = int(service.url.rpartition(":")[2])
    for line in (PROC / str(service.process.pid) / "net" / "tcp").read_text().splitlines()[1:]:
        fields = line.split()
        ends = [int(fields[number].rpartition(":")[2], 16) for number in (1, 2)]
        if ends == [own, port]:
            socket = f"socket:[{fields[9]}]"
            return next((pid for pid in workers(service) if socket in _open(pid)), None)
    return None


def _open(pid: int) -> set[str]:
    found = set()
    for each in (PROC / str(pid) / "fd").iterdir():
        try:
            found.add(str(each.readlink()))
        except FileNotFoundError:
            continue
    return found


def command_of(pid: int) -> bytes:
    """Its command line."""
    try:
        return (PROC / str(pid) / "cmdline").read_bytes()
    except FileNotFoundError:
        return b""
