"""Keeping the embedded PostgreSQL running: when it is ready, and the thread that starts it again."""

import logging
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from services.storage.embedded.process import EmbeddedError, cannot_start

PATIENCE = 60.0  # seconds for another process to make the cluster, or for a former server to end
SOCKET = ".s.PGSQL.5432"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Running:
    """A server that accepts connections: the postmaster's process number and the folder of its socket."""

    pid: int
    folder: Path

    @classmethod
    def at(cls, data: Path) -> "Running | None":
        """What the cluster's own lock file says, if it says "ready" and the socket agrees: the file outlives a kill."""
        try:
            lines = os.fsdecode((data / "postmaster.pid").read_bytes()).splitlines()
        except (FileNotFoundError, PermissionError):
            return None
        if len(lines) < 8 or lines[7].strip() != "ready" or not _accepts(Path(lines[4])):
            return None
        return cls(int(lines[0]), Path(lines[4]))


def _accepts(folder: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(folder / SOCKET))
        except OSError:
            return False
    return True


class Supervisor(threading.Thread):
    """Starts the postmaster, and starts it again whenever it ends, until told to stop.

    In one thread that lives as long as the server does: the parent-death signal belongs to the thread that forked.
    """

    def __init__(self, launch: Callable[[], subprocess.Popen[bytes]], data: Path, complaint: Callable[[], str]) -> None:
        super().__init__(name="postgres-supervisor", daemon=True)
        self.settled = threading.Event()  # ready, or failed for good
        self.failure: EmbeddedError | None = None
        self._launch = launch
        self._data = data
        self._complaint = complaint
        self._stopping = threading.Event()
        self._guard = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Until `stop`, or until the first start is beyond hope."""
        try:
            self._serve_until_stopped()
        finally:
            self.settled.set()

    def _serve_until_stopped(self) -> None:
        deadline, pause = time.monotonic() + PATIENCE, 0.05
        while not self._stopping.is_set():
            try:
                ready, failure = self._serve(), None
            except (OSError, EmbeddedError) as error:
                ready, failure = False, error if isinstance(error, EmbeddedError) else cannot_start(str(error))
            if not self.settled.is_set() and self._hopeless(deadline):
                self.failure = failure or cannot_start(self._complaint())
                return
            pause = 0.05 if ready else min(pause * 1.3, 5)
            self._stopping.wait(pause)

    def _serve(self) -> bool:
        """One postmaster from start to end; whether it became ready in between."""
        with self._guard:
            if self._stopping.is_set():
                return False
            child = self._child = self._launch()
        ready = self._awaits(child)
        if ready:
            self.settled.set()
        status = child.wait()
        if ready and not self._stopping.is_set():
            log.warning("PostgreSQL ended (status %s); starting it again", status)
        return ready

    def _awaits(self, child: subprocess.Popen[bytes]) -> bool:
        """Whether this very child becomes ready before it ends."""
        while child.poll() is None:
            if (running := Running.at(self._data)) and running.pid == child.pid:
                return True
            time.sleep(0.01)
        return False

    def _hopeless(self, deadline: float) -> bool:
        """Not while a lock file lies there, for PostgreSQL to remove: a former server may still be ending."""
        return not (self._data / "postmaster.pid").exists() or time.monotonic() > deadline

    def stop(self) -> None:
        """End the server: connections are closed, transactions rolled back, everything written."""
        with self._guard:
            self._stopping.set()
            child = self._child
        if child is not None:
            child.send_signal(signal.SIGINT)
        self.join(timeout=PATIENCE)
        if child is not None and self.is_alive():  # what is lost is recovered from its log at the next start
            child.send_signal(signal.SIGQUIT)
            self.join()
