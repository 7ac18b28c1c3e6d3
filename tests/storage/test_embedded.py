"""The embedded PostgreSQL, started for real: by root and by ordinary users, killed, interrupted, shared and refused."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
from sqlalchemy import make_url

from services.storage.embedded.cluster import find_programs
from services.storage.embedded.process import Account
from services.storage.embedded.server import LOG_BYTES, EmbeddedError, EmbeddedPostgres
from tests.conftest import PROJECT
from tests.storage.embedded_server import (
    answers,
    ask,
    eventually,
    postmaster,
    said,
    serve,
    serving,
)

DEBIAN = Path("/usr/lib/postgresql/15/bin")
NOBODY = 65534
ROOT = os.geteuid() == 0

needs_root = pytest.mark.skipif(not ROOT, reason="needs root")
pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder that the server's user can pass through, whoever runs the tests (pytest's own is private)."""
    path = Path(tempfile.mkdtemp(prefix="jl-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def home(folder: Path) -> Path:
    """Where nobody was yet."""
    return folder / "home"


@pytest.fixture(scope="module")
def left() -> Iterator[Path]:
    """A home whose server has ended."""
    with tempfile.TemporaryDirectory(prefix="jl-") as above:
        Path(above).chmod(0o711)
        with EmbeddedPostgres(Path(above) / "home", durable=False):
            pass
        yield Path(above) / "home"


@pytest.fixture
def old(left: Path, home: Path) -> Path:
    """A copy of it: making a cluster takes longer than most of what is done to one."""
    subprocess.run(["cp", "--archive", left, home], check=True)
    return home


@pytest.fixture(params=["packaged", "debian-15"])
def bin_dir(request: pytest.FixtureRequest) -> Path | None:
    if request.param == "packaged":
        return None
    if not DEBIAN.exists():
        pytest.skip("Debian's PostgreSQL 15 is not installed")
    return DEBIAN


def test_first_and_warm_start(home: Path, bin_dir: Path | None) -> None:
    with EmbeddedPostgres(home, bin_dir=bin_dir) as server:
        ask(server.url, "CREATE TABLE kept AS SELECT 7 AS n")
        assert ask(server.url, "SHOW server_encoding") == "UTF8"
        assert ask(server.url, "SHOW data_checksums") == "on"
        assert ask(server.url, "SHOW fsync") == "on"
        assert ask(server.url, "SHOW jit") == "off"
        assert ask(server.url, "SELECT 'É' ILIKE 'é'") is True
        assert ask(server.url, "SELECT datlocprovider::text FROM pg_database WHERE datname = 'jinlin'") == (
            "c" if bin_dir else "b"
        )
    assert not (home / "pg" / "postmaster.pid").exists()
    with EmbeddedPostgres(home, bin_dir=bin_dir) as server:
        assert ask(server.url, "SELECT n FROM kept") == 7
    assert "was not properly shut down" not in said(home)


def test_throwaway_gives_up_durability_only(old: Path) -> None:
    with EmbeddedPostgres(old, durable=False) as server:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            assert ask(server.url, f"SHOW {name}") == "off"
        with pytest.raises(asyncpg.InvalidPasswordError):
            ask(server.url.replace("jinlin:", "jinlin:x"), "SELECT 1")


def test_start_and_stop_may_be_repeated(old: Path) -> None:
    server = EmbeddedPostgres(old, durable=False)
    with pytest.raises(EmbeddedError, match="not been started"):
        _ = server.url
    server.stop()
    for _ in range(2):
        server.start()
        server.start()
        assert answers(server.url)
        server.stop()
        server.stop()


def test_the_owner_is_not_a_superuser_and_no_superuser_can_sign_in(old: Path) -> None:
    with EmbeddedPostgres(old, durable=False) as server:
        assert ask(server.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert ask(server.url, "SELECT count(*) FROM pg_roles WHERE rolsuper") == 1
        for made in ("DATABASE another", "ROLE service LOGIN"):
            ask(server.url, f"CREATE {made}")
        superuser = make_url(server.url).set(username="postgres").render_as_string(hide_password=False)
        with pytest.raises(asyncpg.InvalidPasswordError):
            ask(superuser, "SELECT 1")


def test_nothing_is_open_to_others(home: Path) -> None:
    with EmbeddedPostgres(home) as server:
        password = urlsplit(server.url).password
        assert password is not None
        assert len(password) >= 32
        assert password not in said(home)
        assert password.encode() not in Path(f"/proc/{postmaster(home)}/cmdline").read_bytes()
        top = list(home.iterdir())
        assert {path.name for path in top} == {"pg", "pg.lock", "pg.log", "pg.password"}
        assert [path for path in top if path.stat().st_mode & 0o077] == []
        assert ask(server.url, "SHOW listen_addresses") == ""
        assert (home / "pg").stat().st_uid == Account.choose().uid != 0


def test_an_empty_environment_still_knows_chinese_letters(home: Path) -> None:
    with serving(home, env={}) as (_, url):
        assert ask(url, "CREATE EXTENSION pg_trgm", "SELECT cardinality(show_trgm('和平社区'))") == 5
        assert ask(url, "SHOW lc_messages") == "C"


@pytest.mark.parametrize("name", ["x" * 150, "家 'a', %41:b"], ids=["long", "odd"])
def test_a_home_with_a_long_or_odd_path(folder: Path, name: str) -> None:
    with EmbeddedPostgres(folder / name, durable=False) as server:
        assert answers(server.url)
        (place,) = parse_qs(urlsplit(server.url).query)["host"]
        short = Path(place)
        assert folder not in short.parents
        assert stat.S_IMODE(short.stat().st_mode) == 0o700
        with serving(folder / name) as (_, url):
            assert url == server.url
    assert not short.exists()


def test_a_second_process_attaches_and_leaves_the_server_running(old: Path) -> None:
    with EmbeddedPostgres(old, durable=False) as server:
        with serving(old) as (_, url):
            assert url == server.url
            assert answers(url)
        assert answers(url)
    assert not answers(url)


def test_two_at_the_same_moment_share_one_cluster(home: Path) -> None:
    early = serve(home)
    with serving(home) as (_, url):
        assert early.stdout is not None
        assert early.stdout.readline().strip() == url
        assert answers(url)
        assert said(home).count("ready to accept connections") == 1
    early.communicate()


def test_the_next_to_enter_takes_over_when_the_owner_is_killed(old: Path) -> None:
    with serving(old) as (owner, url):
        ask(url, "CREATE TABLE kept AS SELECT 7 AS n")
        former = postmaster(old)
        os.kill(owner, signal.SIGKILL)
    eventually(lambda: not Path(f"/proc/{former}").exists())  # who enters earlier may attach to a server that is ending
    with EmbeddedPostgres(old) as server:
        assert postmaster(old) != former
        assert ask(server.url, "SELECT n FROM kept") == 7
    assert "was not properly shut down" not in said(old)


def test_the_server_ends_cleanly_when_its_owner_is_killed(old: Path) -> None:
    with serving(old) as (owner, url):
        assert answers(url)
        os.kill(owner, signal.SIGKILL)
        eventually(lambda: not (old / "pg" / "postmaster.pid").exists())
        eventually(lambda: said(old).rstrip().endswith("database system is shut down"))


def test_the_server_comes_back_when_its_postmaster_is_killed(old: Path) -> None:
    with EmbeddedPostgres(old) as server:
        ask(server.url, "CREATE TABLE kept AS SELECT 7 AS n")
        for _ in range(2):
            former = postmaster(old)
            os.kill(former, signal.SIGKILL)
            eventually(lambda former=former: not Path(f"/proc/{former}").exists())  # type: ignore[misc]
            eventually(lambda: answers(server.url))
            assert postmaster(old) != former
        assert ask(server.url, "SELECT n FROM kept") == 7


def test_both_killed_at_once(old: Path) -> None:
    with serving(old) as (owner, url):
        ask(url, "CREATE TABLE kept AS SELECT 7 AS n")
        for process in (owner, postmaster(old)):
            os.kill(process, signal.SIGKILL)
    with EmbeddedPostgres(old) as server:
        assert ask(server.url, "SELECT n FROM kept") == 7


def test_the_server_outlives_the_thread_that_asked_for_it(home: Path) -> None:
    server = EmbeddedPostgres(home, durable=False)
    starter = threading.Thread(target=server.start)
    starter.start()
    starter.join()
    try:
        assert answers(server.url)
        assert "shutdown request" not in said(home)
    finally:
        server.stop()


@pytest.mark.parametrize("reached", ["PG_VERSION", "global/pg_control", "base/5"])
def test_an_interrupted_first_start_heals(home: Path, reached: str) -> None:
    process = serve(home)
    eventually(lambda: any(home.glob(f"pg.draft-*/{reached}")), every=0.001)
    process.kill()
    process.communicate()
    assert not (home / "pg").exists()
    with EmbeddedPostgres(home, durable=False) as server:
        assert answers(server.url)
        assert list(home.glob("pg.draft-*")) == []


def test_a_home_that_was_damaged_says_how(old: Path) -> None:
    (old / "pg.password").unlink()
    with pytest.raises(EmbeddedError, match=r"pg\.password is missing"), EmbeddedPostgres(old):
        pass
    (old / "pg" / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedError, match="incompatible with server"), EmbeddedPostgres(old):
        pass
    assert not (old / "pg" / "postmaster.pid").exists()


def test_programs_that_are_not_there_are_named(home: Path, folder: Path) -> None:
    with pytest.raises(EmbeddedError, match="No such file"), EmbeddedPostgres(home, bin_dir=folder):
        pass


def test_a_long_log_begins_anew(old: Path) -> None:
    os.truncate(old / "pg.log", LOG_BYTES + 1)
    with EmbeddedPostgres(old, durable=False):
        assert "ready to accept connections" in said(old)
        assert (old / "pg.log").stat().st_size < LOG_BYTES


@pytest.mark.skipif(ROOT, reason="root may write everywhere")
def test_a_home_that_cannot_be_written_is_named(folder: Path) -> None:
    folder.chmod(0o500)
    with pytest.raises(EmbeddedError, match="Set JINLIN_HOME"), EmbeddedPostgres(folder / "home"):
        pass
    folder.chmod(0o700)


@needs_root
def test_root_is_told_when_the_servers_user_cannot_enter(folder: Path) -> None:
    folder.chmod(0o700)
    with pytest.raises(EmbeddedError, match=r"who cannot enter .* Set JINLIN_HOME"), EmbeddedPostgres(folder / "home"):
        pass
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list((folder / "home").iterdir()) == []


@needs_root
def test_root_with_a_private_umask_still_makes_a_home_to_enter(home: Path) -> None:
    before = os.umask(0o077)
    try:
        with EmbeddedPostgres(home, durable=False) as server:
            assert answers(server.url)
    finally:
        os.umask(before)


@needs_root
def test_programs_in_roots_own_folder_are_copied(folder: Path, home: Path) -> None:
    """A checkout in /root with JINLIN_HOME elsewhere: the server's user cannot reach the environment's programs."""
    packaged = find_programs(home, Account("root", 0, 0, dropped=False)).parents[1]
    private = folder / "private"
    private.mkdir(mode=0o700)
    shutil.copytree(packaged, private / packaged.name, symlinks=True, ignore=shutil.ignore_patterns("include"))
    shutil.copytree(packaged.with_name(f"{packaged.name}.libs"), private / f"{packaged.name}.libs")
    private.chmod(0o700)
    with serving(home, env={"PYTHONPATH": str(private)}) as (_, url):
        assert answers(url)
        assert Path(f"/proc/{postmaster(home)}/exe").readlink().is_relative_to(home)


@pytest.fixture
def ordinary(folder: Path) -> int:
    """An ordinary user, able to run this Python and to write in the folder."""
    try:
        subprocess.run([sys.executable, "-c", "import asyncpg, services"], user=NOBODY, cwd=PROJECT, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("an ordinary user cannot reach this environment")
    folder.chmod(0o777)
    return NOBODY


@needs_root
def test_a_home_made_by_root_is_refused_to_an_ordinary_user(home: Path, ordinary: int) -> None:
    with EmbeddedPostgres(home, durable=False):
        process = serve(home, user=ordinary)
        assert "made when another user started" in process.communicate()[0]
    process = serve(home, user=ordinary)
    assert "made when another user started" in process.communicate()[0]
    assert process.returncode == 3


@needs_root
def test_root_may_attach_to_an_ordinary_users_server_but_not_start_it(home: Path, ordinary: int) -> None:
    with serving(home, user=ordinary) as (_, url):
        with EmbeddedPostgres(home) as server:
            assert server.url == url
            assert answers(url)
        assert answers(url)
    with pytest.raises(EmbeddedError, match="made when another user started"), EmbeddedPostgres(home):
        pass
    with serving(home, user=ordinary) as (_, url):
        assert answers(url)


def test_an_heir_takes_over(old: Path) -> None:
    """A process that is to outlive the owner takes the server over when the owner ends, at the same address."""
    owner, heir = EmbeddedPostgres(old, durable=False), EmbeddedPostgres(old, durable=False)
    owner.start()
    heir.start()
    heir.keep()
    url = heir.url
    assert url == owner.url
    owner.stop()
    eventually(lambda: answers(url))
    heir.stop()
    assert not answers(url)
