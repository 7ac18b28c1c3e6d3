"""Processes of the embedded PostgreSQL: which user they run as, and that none of them outlives us."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_DROP_TO = ("postgres", "nobody")  # who runs the server when root starts it
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class EmbeddedError(RuntimeError):
    """The embedded PostgreSQL cannot be used; the message says why and what to do, in Chinese and in English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")


def cannot_start(reason: str) -> EmbeddedError:
    """What to tell when PostgreSQL itself refuses."""
    return EmbeddedError(f"内置的 PostgreSQL 无法启动：{reason}", f"The embedded PostgreSQL cannot start: {reason}")


@dataclass(frozen=True, slots=True)
class Account:
    """The operating-system user the server runs as; `dropped` when that is not the one who starts it."""

    name: str
    uid: int
    gid: int
    dropped: bool

    @classmethod
    def choose(cls) -> "Account":
        """Whoever asks, or an existing unprivileged user when root asks: PostgreSQL refuses to run as root."""
        if os.geteuid() != 0:
            return cls(name_of(os.geteuid()), os.geteuid(), os.getegid(), dropped=False)
        for name in _DROP_TO:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(name, entry.pw_uid, entry.pw_gid, dropped=True)
        raise EmbeddedError(
            "PostgreSQL 不能以 root 运行，而本机没有 postgres 或 nobody 用户。请以普通用户启动，或设置 DATABASE_URL。",
            "PostgreSQL does not run as root, and there is no user postgres or nobody to run it. "
            "Start as an ordinary user, or set DATABASE_URL.",
        )

    def take(self, path: Path) -> None:
        """Give a file or folder just made to this user."""
        if self.dropped:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def spawn(
        self, *command: str | Path, orphaned: signal.Signals, output: IO[bytes] | int, stdin: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        """Run a program as this user, without our environment or terminal; `orphaned` reaches it when we die.

        The kernel ties `orphaned` to the calling thread, so that thread must outlive the program.
        """
        return subprocess.Popen(
            command,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=self.uid if self.dropped else None,
            group=self.gid if self.dropped else None,
            extra_groups=[] if self.dropped else None,
            cwd="/",
            # pg_ctl's way of saying that a stale lock file naming our parent's process number is not a postmaster.
            env={"PG_GRANDPARENT_PID": str(os.getppid())},
            start_new_session=True,  # Ctrl-C is for the service, which then stops the server in its own time
            preexec_fn=_tied_to(os.getpid(), orphaned),  # noqa: PLW1509  a few system calls, nothing that locks
        )

    def run(self, *command: str | Path, text: str = "") -> str:
        """Run to the end and return what was printed; EmbeddedError with its last line on failure."""
        try:
            child = self.spawn(*command, orphaned=signal.SIGKILL, stdin=subprocess.PIPE, output=subprocess.PIPE)
        except OSError as error:
            raise cannot_start(f"{command[0]}: {error.strerror}") from error
        try:
            output = child.communicate(text.encode())[0].decode(errors="replace")
        except BaseException:
            child.kill()
            child.wait()
            raise
        if child.returncode != 0:
            raise cannot_start((output.strip().splitlines() or [f"{command[0]}: {child.returncode}"])[-1])
        return output

    def reaches(self, folder: Path) -> bool:
        """Whether this user may enter `folder`; asked of the kernel, which knows access lists too."""
        if not self.dropped:
            return os.access(folder, os.X_OK)
        probe = self.spawn("/bin/sh", "-c", 'cd "$0"', folder, orphaned=signal.SIGKILL, output=subprocess.DEVNULL)
        return probe.wait() == 0


def name_of(uid: int) -> str:
    """The name of a user, or its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _tied_to(parent: int, orphaned: signal.Signals) -> Callable[[], None]:
    """What a child does between fork and exec: after the change of user, which would clear the death signal."""

    def tie() -> None:
        if orphaned != signal.SIGKILL:
            signal.signal(orphaned, signal.SIG_DFL)  # until exec, ours would swallow it
        if _LIBC is not None and _LIBC.prctl(_PR_SET_PDEATHSIG, int(orphaned), 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
        if os.getppid() != parent:  # it died before the signal was arranged
            os._exit(1)

    return tie
