"""Every form of DATABASE_URL, for every command alike, against a PostgreSQL that asks for it."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from services.storage.database import connected
from tests.conftest import run, start_service, stop_service
from tests.forked import forked
from tests.organization.loading.test_divisions import HEADER, SMALL
from tests.servers import DEBIAN_15
from tests.terminal.command_lines import Line, run_all
from tests.terminal.tls_server import BEARER, CLOSED, DATABASE, KEY_WORD, OPEN, PASSWORD, TlsServer, tls_server

pytestmark = [
    pytest.mark.xdist_group("urls"),
    pytest.mark.skipif(
        not (DEBIAN_15 / "postgres").is_file(),
        reason="Debian's PostgreSQL 15 is not installed; the packaged has no TLS",
    ),
]
CONNECTING = (("migrate",), ("audit", "head"))
REFUSED = "cannot be reached, or refuses"


@pytest.fixture(scope="module")
def server() -> Iterator[TlsServer]:
    """The server, with a migrated database."""
    with tempfile.TemporaryDirectory(prefix="jl-", dir="/tmp") as folder:
        home = Path(folder)
        home.chmod(0o755)
        with tls_server(DEBIAN_15, home) as started:
            yield started


def forms(server: TlsServer) -> Mapping[str, tuple[str, str, dict[str, str]]]:
    """By what it is about: a URL, what is told of it ("" where it serves), and what stands around it."""
    authority, stranger = str(server.files / "authority.crt"), str(server.files / "stranger.crt")
    certificate = {"sslcert": str(server.files / "bearer.crt"), "sslkey": str(server.files / "bearer.key")}
    passfile, home = server.files / "passfile", server.files / "home"
    passfile.write_text(f"127.0.0.1:{server.port}:*:{CLOSED}:{PASSWORD}\n")
    passfile.chmod(0o600)
    home.mkdir(exist_ok=True)
    (home / ".pgpass").write_text(f"localhost:*:*:{CLOSED}:{PASSWORD}\n")
    (home / ".pgpass").chmod(0o600)
    closed, unsaid = server.url(CLOSED), server.url(CLOSED, password="")
    socket = server.url(CLOSED, hosts="", host=str(server.socket), port=str(server.port))
    named = f"host=127.0.0.1&port={server.port}&user={CLOSED}&dbname={quote(DATABASE, safe='')}&passfile={passfile}"
    whole = {"PGHOST": "127.0.0.1", "PGPORT": str(server.port), "PGUSER": CLOSED, "PGDATABASE": DATABASE}
    return {
        "TLS where there is": (closed, "", {}),
        "the other scheme": (closed.replace("postgresql:", "postgres:"), "", {}),
        "disable": (server.url(OPEN, sslmode="disable"), "", {}),
        "disable, with TLS asked for": (server.url(CLOSED, sslmode="disable"), REFUSED, {}),
        "allow, without": (server.url(OPEN, sslmode="allow"), "", {}),
        "allow": (server.url(CLOSED, sslmode="allow"), "", {}),
        "prefer": (server.url(CLOSED, sslmode="prefer"), "", {}),
        "prefer, without": (server.url(OPEN, sslmode="prefer"), "", {}),
        "require": (server.url(CLOSED, sslmode="require"), "", {}),
        "require, without": (server.url(OPEN, sslmode="require"), REFUSED, {}),
        "require, of a known authority": (server.url(CLOSED, sslmode="require", sslrootcert=stranger), REFUSED, {}),
        "verify-ca": (server.url(CLOSED, hosts="127.0.0.2", sslmode="verify-ca", sslrootcert=authority), "", {}),
        "verify-ca, another's": (server.url(CLOSED, sslmode="verify-ca", sslrootcert=stranger), REFUSED, {}),
        "verify-ca, of nobody": (server.url(CLOSED, sslmode="verify-ca"), REFUSED, {}),
        "verify-full": (server.url(CLOSED, sslmode="verify-full", sslrootcert=authority), "", {}),
        "verify-full, elsewhere": (
            server.url(CLOSED, hosts="127.0.0.2", sslmode="verify-full", sslrootcert=authority), REFUSED, {}
        ),
        "a certificate": (
            server.url(BEARER, password="", sslmode="require", **certificate, sslpassword=KEY_WORD), "", {}
        ),
        "a certificate, its key closed": (
            server.url(BEARER, password="", sslmode="require", **certificate, sslpassword="x"), "cannot be used", {}
        ),
        "no certificate": (server.url(BEARER, sslmode="require"), REFUSED, {}),
        "versions of TLS": (server.url(CLOSED, ssl_min_protocol_version="TLSv1.3", sslmode="require"), "", {}),
        "several hosts": (server.url(CLOSED, hosts="127.0.0.9,127.0.0.1"), "", {}),
        "the one that can be written": (
            server.url(CLOSED, hosts="127.0.0.9,127.0.0.1", target_session_attrs="read-write"), "", {}
        ),
        "a socket": (socket, "", {}),
        "a socket for a host": (closed.replace("127.0.0.1:", str(server.socket).replace("/", "%2F") + ":"), "", {}),
        "a socket, whatever of TLS": (f"{socket}&sslmode=disable", "", {}),
        "all of it as parameters": (f"postgresql://?{named}", "", {}),
        "a name for the session": (f"{closed}application_name=county%20office", "", {}),
        "options": (f"{closed}options=-c%20search_path%3Dpublic", "", {}),
        "a wrong password": (server.url(CLOSED, password="unsaid"), REFUSED, {}),
        "no password": (unsaid, REFUSED, {}),
        "PGPASSWORD": (unsaid, "", {"PGPASSWORD": PASSWORD}),
        "PGPASSWORD, against the URL's": (closed, "", {"PGPASSWORD": "another"}),
        "PGPASSFILE": (unsaid, "", {"PGPASSFILE": str(passfile)}),
        "~/.pgpass": (socket.replace(f":{socket.split(':')[2].split('@')[0]}", ""), "", {"HOME": str(home)}),
        "PGSSLMODE": (server.url(CLOSED), REFUSED, {"PGSSLMODE": "disable"}),
        "PGSSLMODE, against the URL's": (server.url(CLOSED, sslmode="require"), "", {"PGSSLMODE": "disable"}),
        "PGSSLROOTCERT": (server.url(CLOSED, sslmode="verify-full"), "", {"PGSSLROOTCERT": authority}),
        "nothing but the environment": ("postgresql://", "", {**whole, "PGPASSWORD": PASSWORD}),
        "PGSERVICE, which is not looked at": (closed, "", {"PGSERVICE": "elsewhere"}),
    }  # fmt: skip


def test_every_form_serves_migrations_and_commands_alike(server: TlsServer, tmp_path: Path) -> None:
    """Either all of them, or none and for the same reason."""
    asked = forms(server)
    lines = [
        Line(words, told, (("DATABASE_URL", url), *around.items()))
        for url, told, around in asked.values()
        for words in CONNECTING
    ]
    ran = iter(run_all(lines, tmp_path, {}))
    for name, (_, told, _) in asked.items():
        done = [next(ran) for _ in CONNECTING]
        for each in done:
            assert bool(each.code) == bool(told), (name, each)
            assert told in each.err, (name, each)
            assert "Traceback" not in each.err
            assert PASSWORD not in each.err
            assert not told or each.err.count("\n") == 1 + (told != REFUSED), (name, each)  # or one in each language
        assert len({each.err for each in done}) == 1, (name, done)


def test_options_reach_the_server(server: TlsServer, tmp_path: Path) -> None:
    """What stands there holds: with another search path there are no tables."""
    url = f"{server.url(CLOSED)}options=-c%20search_path%3Dnowhere"
    [done] = run_all([Line(("audit", "head"), "")], tmp_path, {"DATABASE_URL": url})
    assert "server.py migrate" in done.err


@pytest.mark.timeout(240)
def test_every_command_takes_the_same_url(server: TlsServer, tmp_path: Path) -> None:
    """The most demanding of them: two hosts, TLS with the server's certificate verified, a role by its certificate."""
    url = server.url(
        BEARER,
        hosts="127.0.0.9,127.0.0.1",
        password="",
        sslmode="verify-full",
        sslrootcert=str(server.files / "authority.crt"),
        sslcert=str(server.files / "bearer.crt"),
        sslkey=str(server.files / "bearer.key"),
        sslpassword=KEY_WORD,
    )
    divisions = tmp_path / "divisions.csv"
    divisions.write_text("\n".join([HEADER, *SMALL]), encoding="utf-8")
    seat = ("--role", "county_admin", "--at", "350521")
    nobody = "mb_00000000-0000-0000-0000-000000000000"
    lines = [
        Line(("migrate",), ""),
        Line(("import", str(divisions)), "6 new"),
        Line(("demo",), "this one has units"),
        Line(("user", "--name", "测试", "--login", "350521-test", *seat), ""),
        Line(("password", "--login", "350521-test"), ""),
        Line(("token", "--name", "测试", *seat), "jl_"),
        Line(("token", "--list"), "测试"),
        Line(("collisions",), "no names collide"),
        Line(("export", "--member", nobody), "no such member"),
        Line(("audit", "verify"), "audit chains hold"),
        Line(("retain",), ""),
        Line(("schema", "--check"), ""),
    ]
    ran = run_all(lines, tmp_path, {"DATABASE_URL": url})
    for line, done in zip(lines, ran, strict=True):
        assert line.told in done.out + done.err, (line, done)
        assert "Traceback" not in done.err
        assert bool(done.code) == (line.told in {"no such member", "this one has units"}), (line, done)
    [token] = [done.out.strip() for line, done in zip(lines, ran, strict=True) if line.told == "jl_"]
    _serves(url, token)


def _serves(url: str, token: str) -> None:
    """`serve` over the URL answers, and its sessions came over TLS."""
    service = start_service("postgresql:///", DATABASE_URL=url)
    try:
        headers = {"Authorization": f"Bearer {token}"}
        asked = {"query": "{ viewer { name } }"}
        answer = httpx.post(f"{service.url}/graphql", json=asked, headers=headers, timeout=60)
        assert answer.json() == {"data": {"viewer": {"name": "测试"}}}
        assert run(_encrypted(url)) == [True]
    finally:
        stop_service(service)


async def _encrypted(url: str) -> list[bool]:
    sessions = "SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
    async with connected(url) as connection:
        await connection.execute("SET ROLE NONE")  # only the role itself sees how its sessions came
        found = await connection.fetch(f"{sessions} WHERE usename = $1 AND application_name = 'jinlin'", BEARER)
        return [row["ssl"] for row in found]


def test_serve_refuses_what_no_waiting_mends_and_waits_for_the_rest(server: TlsServer, tmp_path: Path) -> None:
    """A host list that does not fit its ports, against a database that is away."""
    given = {**os.environ, "PORT": "0", "JINLIN_HOME": str(tmp_path)}
    process = forked(["serve"], {**given, "DATABASE_URL": "postgresql:///d?host=h1,h2&port=1,2,3"})
    assert process.wait(timeout=60) == 1
    service = start_service("postgresql:///", DATABASE_URL=server.url(CLOSED, password="not it"))
    try:
        assert httpx.get(f"{service.url}/ready", timeout=60).status_code == 503
    finally:
        stop_service(service)


def test_migrations_that_are_not_allowed_say_so_in_a_line(server: TlsServer, tmp_path: Path) -> None:
    """What SQLAlchemy makes of the database's words is unwrapped again."""
    url = f"{server.url(CLOSED)}options=-c%20default_transaction_read_only%3Don%20-c%20search_path%3Dnowhere"
    [done] = run_all([Line(("migrate",), "")], tmp_path, {"DATABASE_URL": url})
    assert (done.code, done.err.count("\n")) == (1, 1), done.err
    assert "read-only transaction" in done.err
