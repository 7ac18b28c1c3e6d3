"""`server.py` without the second that importing it takes: a process that has imported it forks one for each command.

What runs in it is the very `server.main()`, with words, environment and streams of its own. The processes it starts
itself (`--workers`) are forked as well, not spawned: those who test the starting take a new interpreter.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TypeAlias

PROJECT = Path(__file__).parent.parent
# Three streams come with each request. One process waits for the command, and tells its id and then how it ended.
FORKING = """
import gc, json, os, select, signal, socket, sys, traceback
from multiprocessing.context import ForkProcess
import uvicorn._subprocess
from uvicorn.supervisors.multiprocess import SIGNALS
import schema, schema.pipeline.http.listening, schema.pipeline.http.serving, server
import services.readings, services.storage.migrating
import tests.hashing
from services.access.passwords import Passwords

class Worker(ForkProcess):
    def run(self):
        for number in SIGNALS:  # as a new interpreter has them
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
        super().run()

class Workers:
    Process = Worker

uvicorn._subprocess.spawn = Workers

def run(words, environment, streams):
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.closerange(3, 256)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["server.py", *words]
    code = 0
    try:
        server.main()
    except SystemExit as end:  # as the interpreter ends, without taking apart what was imported
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        code = 3
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)

def attend(asked):
    message, streams, _, _ = socket.recv_fds(asked, 1 << 20, 3)
    words, environment = json.loads(message)
    if (child := os.fork()) == 0:
        asked.close()
        run(words, environment, streams)
    asked.sendall(b"%d\\n" % child)
    _, status = os.waitpid(child, 0)
    asked.sendall(b"%d\\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)

schema.build_schema()  # kept, once made
services.readings.prepare()
Passwords().close()  # likewise the hash that nobody's password has
gc.collect()
gc.freeze()
signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # those who wait are waited for by nobody
with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
    listener.bind(sys.argv[1])
    listener.listen(64)
    print(flush=True)
    while sys.stdin in (ready := select.select([listener, sys.stdin], [], [])[0]) or ready:
        if sys.stdin in ready:
            break
        asked, _ = listener.accept()
        with asked:
            if os.fork() == 0:
                listener.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                attend(asked)
"""


class Forked:
    """A command under way, with what one needs of `subprocess.Popen`."""

    def __init__(self, asked: socket.socket) -> None:
        self._asked = asked
        self.pid = int(asked.recv(64))
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """How it ended; TimeoutExpired if it does not in time."""
        if self.returncode is None:
            self._asked.settimeout(timeout)
            try:
                self.returncode = int(self._asked.recv(64))
            except TimeoutError:
                raise subprocess.TimeoutExpired("server.py", timeout or 0) from None
            self._asked.close()
        return self.returncode

    def poll(self) -> int | None:
        """How it ended, if it has."""
        with suppress(subprocess.TimeoutExpired, BlockingIOError):
            return self.wait(0)
        return None

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)


Process: TypeAlias = subprocess.Popen[bytes] | Forked


@cache
def _forking() -> str:
    """Where the process that forks listens; it ends with this one, whose end of a pipe is then closed."""
    at = str(Path(tempfile.mkdtemp(prefix="jl-")) / "forking")
    given = [sys.executable, "-c", FORKING, at]
    forking = subprocess.Popen(given, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert forking.stdout is not None
    assert forking.stdout.readline() == b"\n"
    KEPT.append(forking)
    return at


KEPT: list[subprocess.Popen[bytes]] = []


def forked(words: Sequence[str], environment: Mapping[str, str], streams: tuple[int, int, int] = (0, 1, 2)) -> Forked:
    """Begin `server.py` with these words, this environment and nothing else of it, and these three streams."""
    asked = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    asked.connect(_forking())
    socket.send_fds(asked, [json.dumps([list(words), dict(environment)]).encode()], list(streams))
    return Forked(asked)
