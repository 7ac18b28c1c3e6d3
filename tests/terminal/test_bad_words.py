"""Every word a command cannot take: one clear line in Chinese and English, an exit status, no stack, nothing done."""

import asyncio
import os
import re
import socket
import threading
from pathlib import Path
from uuid import UUID

import pytest

from services import urls
from services.roles import apart
from services.storage.database import connected
from services.storage.version import NEWEST
from tests.conftest import GOLDEN, PROJECT, Database, Server
from tests.forked import forked
from tests.terminal.command_lines import PATIENCE, Done, Line, run_all

NOWHERE = "postgresql://nobody:unsaid@127.0.0.1:1/none"
TOKEN = {"--name": "大屏", "--role": "partner", "--at": "350521100"}
USER = {"--name": "林晓", "--login": "350521-lin.xiao", "--role": "town_admin", "--at": "350521100"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
EMPTY, LONGEST = "must not be empty", "At most 100"
ACCOUNTS = "SELECT ARRAY[(SELECT count(*) FROM account), (SELECT count(*) FROM credential)]"


def token(told: str, **words: str) -> Line:
    """`token` with some of its words replaced."""
    return Line(_with("token", TOKEN, words), told)


def user(told: str, **words: str) -> Line:
    """`user` with some of its words replaced."""
    return Line(_with("user", USER, words), told)


def _with(name: str, usual: dict[str, str], words: dict[str, str]) -> tuple[str, ...]:
    said = {**usual, **{f"--{word.replace('_', '-')}": value for word, value in words.items()}}
    return name, *(part for pair in said.items() for part in pair)


def url(given: str, told: str, name: str = "DATABASE_URL") -> Line:
    """`audit head` with this in DATABASE_URL."""
    return Line(("audit", "head"), told, ((name, given),))


def around(told: str, **given: str) -> Line:
    """`audit head` with these in the environment of a URL that says nothing of it."""
    return Line(("audit", "head"), told, (("DATABASE_URL", "postgresql:///d"), *given.items()))


def served(parameters: str, told: str, **given: str) -> Line:
    """`serve` over a URL with these parameters: it ends, and waits for nothing."""
    return Line(("serve",), told, (("DATABASE_URL", f"postgresql://h/d?{parameters}"), ("PORT", "0"), *given.items()))


NO_PEM = PROJECT / "README.md"  # a file that is there, and holds no certificate
WITHOUT_DATABASE = (
    Line((), "COMMAND"),
    Line(("nonsense",), "'nonsense'"),
    Line(("token",), "required: --name, --role, --at"),
    Line(("token", "--name", "大屏", "--role", "partner"), "required: --at"),
    Line(("token", "--list", "--name", "大屏"), "--list: not allowed with --name"),
    Line(("token", "--revoke", "x", "--days", "5", "--role", ""), "--revoke: not allowed with --role, --days"),
    Line(("token", "--revoke", "x", "--list"), "not allowed with"),
    Line(("token", "--revoke", "jl_abc_def_00000000"), "not the whole token"),
    Line(("token", "--revoke", ""), "There is no token"),
    token("--days", days="x"),
    token("--days", days="9999999999"),
    token("--budget", budget="1.5"),
    token("at least 1", budget="0"),
    token("--smallest-cell", smallest_cell="many"),
    token("missing.json", operations="missing.json"),
    token("JSON list", operations="README.md"),
    token("The entities are", entities="Foo"),
    token("The entities are", entities=""),
    Line(("user", "--name", "林晓"), "--login, --role, --at"),
    Line(("import",), "file"),
    Line(("import", ""), "file: 不能为空 / must not be empty"),
    Line(("import", "missing.csv"), "missing.csv"),
    Line(("import", "README.md", "--at", ""), "--at"),
    Line(("import", "README.md", "--mapping", "missing.csv"), "missing.csv"),
    Line(("import", "README.md", "--mapping"), "--mapping"),
    Line(("audit", "burn"), "'burn'"),
    Line(("audit", "verify", "--head", "missing.txt"), "missing.txt"),
    Line(("verify", "--head", "missing.txt"), "missing.txt"),
    Line(("verify",), "/nowhere", (("JINLIN_AUDIT_HEADS", "/nowhere"),)),
    Line(("audit", "verify", "--head", "README.md"), "There are no heads in"),
    Line(("audit", "verify", "--head", ""), "--head: 不能为空 / must not be empty"),
    Line(("audit", "head", "--head", "README.md"), "--head: not allowed with head"),
    Line(("retain", "--dry-run"), "--dry-run"),
    Line(("export",), "--member"),
    Line(("export", "--member", "rubbish"), "mb_"),
    Line(("policy",), "--diff"),
    Line(("policy", "--diff", "missing.csv"), "missing.csv"),
    Line(("policy", "--diff", ""), "--diff: 不能为空 / must not be empty"),
    Line(("policy", "--diff", "policies"), "policies cannot be read: Is a directory"),
    Line(("policy", "--diff", "README.md"), "line 3, is no rule"),
    Line(("schema", "--role", "nobody"), "There is no role nobody"),
    Line(("schema", "--role", ""), "There is no role"),
    Line(("schema", "--role", "partner", "--entities", "Foo"), "There is no entity Foo"),
    Line(("schema", "--entities", "unit"), "needs --role"),
    url("mysql://h/d", "must look like postgresql://"),
    url("rubbish", "must look like postgresql://"),
    url("postgresql://h:port/d", "1-65535"),
    url("postgresql://h1,/d", "DATABASE_URL"),
    url("postgresql://[::1/d", "DATABASE_URL"),
    url("postgresql://u:pass@word@h/d", "%40"),
    url("postgresql://h/d?sslmode=maybe", "sslmode"),
    url("postgresql://h/d?sslmode", "DATABASE_URL"),
    url("postgresql://h/d?sslmode=", "sslmode"),
    url("postgresql://u:unsaid#x@h/d", "# -> %23"),
    url("postgresql://u:1?unsaid@h/d", "%2F %3F"),
    url("postgresql://u:1/unsaid@h/d", "%2F %3F"),
    url("postgresql://u:[unsaid@h/d", "%5B"),
    url("postgresql://u:unsaid＠x@h/d", "%40"),
    url("postgresql://h/d?password=un&unsaid", "name=value"),
    url("postgresql://h/d?password=un&unsaid=", "%26"),
    url("postgresql://h/d?connect_timeout=10", "connect_timeout? application_name,"),
    url("postgresql://h/d?ssl=true", "ssl? application_name,"),
    url("postgresql://h/d?service=county", "service? application_name,"),
    url("postgresql://h/d?search_path=x", "search_path? application_name,"),
    url("postgresql://h/d?host=/tmp", "host: //user:password@host:port/dbname or ?host="),
    url("postgresql://h/d?port=6432", "port: //user"),
    url("postgresql://u@/d?user=v", "user: //user"),
    url("postgresql://u:unsaid@/d?password=unsaid", "password: //user"),
    url("postgresql:///d?dbname=e", "dbname: //user"),
    url("postgresql:///d?host=h1,,h2", "host?"),
    url("postgresql:///d?host=h1:x", "1-65535"),
    url("postgresql:///d?host=[::1", "host?"),
    url("postgresql://[::1]x/d", "DATABASE_URL"),
    url("postgresql:///d?host=h1,h2&port=1,2,3", "could not match 3 port numbers to 2 hosts"),
    url("postgresql://h/d?sslnegotiation=later", "sslnegotiation"),
    url("postgresql://h/d?ssl_min_protocol_version=SSLv2", "SSLv2"),
    url("postgresql://h/d?target_session_attrs=best", "target_session_attrs: any, primary"),
    url("postgresql://h/d?sslmode=require&sslmode=disable", "sslmode=…&sslmode=…"),
    url("postgresql:///d?host=h1&user=me&host=h2", "host=…&host=…"),
    url("postgresql://h/d?password=un&unsaid=1&unsaid=2", "%26"),
    url("postgresql://h/db%zz", "% -> %25"),
    url("postgresql://u:unsaid%@h/d", "% -> %25"),
    url("postgresql://h/d?options=%3", "% -> %25"),
    url("postgresql://h/db%ff", "%: UTF-8"),
    url("postgresql://h/d%00", "%00"),
    url(" postgresql://h/d", "' '?"),
    url("postgresql://h/d ", "' '?"),
    url("postgresql://u:un said@/d?host=/nope", "[Errno 2] No such file"),
    url("postgresql://h/d\n", r"'\n' -> %0A"),
    url("postgresql://u:unsaid\t@h/d", r"'\t' -> %09"),
    url("postgresql://h/d\u200b", r"'\u200b' -> %E2%80%8B"),
    url("postgresql://h/d?sslmode=verify-ca&sslrootcert=missing.pem", "sslrootcert=missing.pem"),
    url("postgresql://h/d?sslcert=missing.crt", "sslcert=missing.crt"),
    url("postgresql://h/d?passfile=missing", "passfile=missing"),
    url("postgresql://h/d?sslmode=verify-ca&sslrootcert=README.md", "cannot be used"),
    around("1-65535", PGPORT="eighty"),
    around("host?", PGHOST="h1,,h2"),
    around("sslmode: disable", PGSSLMODE="maybe"),
    around("target_session_attrs: any", PGTARGETSESSIONATTRS="best"),
    around("sslnegotiation: postgres, direct", PGSSLNEGOTIATION="later"),
    served("sslrootcert=missing.pem", "missing.pem"),
    served(f"sslrootcert={NO_PEM}", "sslrootcert"),
    served(f"sslcert={NO_PEM}", "sslcert"),
    *(
        served(f"sslmode=require&{name}={NO_PEM}", f"{name}={NO_PEM}: ")
        for name in ("sslrootcert", "sslcrl", "sslcert")
    ),
    served("sslmode=require", f"PGSSLROOTCERT={NO_PEM}: ", PGSSLROOTCERT=str(NO_PEM)),
    served("sslmode=verify-full", "PGSSLCRL=missing.pem: No such file", PGSSLCRL="missing.pem"),
    served("application_name=x", f"PGSSLCERT={NO_PEM}: ", PGSSLCERT=str(NO_PEM), PGSSLMODE="require"),
    url(f"postgresql:///d?host=/nope&sslmode=disable&sslcert={NO_PEM}", "cannot be reached"),
    Line(("token", "--list"), "sslcert", (("DATABASE_URL", f"postgresql://h/d?sslcert={NO_PEM}"),)),
    Line(("migrate",), "MIGRATE_DATABASE_URL", (("MIGRATE_DATABASE_URL", "postgresql://h/d?sslrootcert=missing.pem"),)),
    url(NOWHERE, "cannot be reached, or refuses: DATABASE_URL (127.0.0.1:1): "),
    url("postgresql:///d?host=/nope", "DATABASE_URL (/nope): [Errno 2] No such file"),
    url("postgresql://u:unsaid@%2Fnope/d", "DATABASE_URL (/nope): [Errno 2] No such file"),
    around("DATABASE_URL (/nope): [Errno 2] No such file", PGHOST="/nope"),
    Line(("audit", "head"), ": DATABASE_URL (", (("MIGRATE_DATABASE_URL", NOWHERE),)),
    Line(("audit", "head"), "MIGRATE_DATABASE_URL (/nope)", (("MIGRATE_DATABASE_URL", "postgresql:///d?host=/nope"),)),
    Line(("migrate",), "MIGRATE_DATABASE_URL (/nope)", (("MIGRATE_DATABASE_URL", "postgresql:///d?host=/nope"),)),
    Line(("migrate",), "cannot be reached"),
    Line(("demo",), "cannot be reached"),
    Line(("serve",), "MIGRATE_DATABASE_URL", (("MIGRATE_DATABASE_URL", "rubbish"),)),
    Line(("serve",), "sslmode", (("DATABASE_URL", "postgresql://h/d?sslmode=maybe"),)),
)
WITH_DATABASE = (
    token(EMPTY, name=""),
    token(EMPTY, name=" "),
    token(LONGEST, name="长" * 101),
    token("one line", name="大\n屏"),
    token("one line", name="大\u200b屏"),
    token("one line", name="大\x1b[31m屏"),
    token("There is no role nobody", role="nobody"),
    token("There is no role", role=""),
    token("no spaces", at="nowhere"),
    token("no spaces", at=""),
    token("There is no 99", at="99"),
    token("There is no ou_rubbish", at="ou_rubbish"),
    token("There is no", role="company_secretary", at="信用代码"),
    token("There is no", role="company_secretary", at=""),
    token("sits at TOWN", role="town_admin", at="350521"),
    token("1 to 366", days="0"),
    token("1 to 366", days="-1"),
    token("1 to 366", days="367"),
    Line(("token", "--revoke", "nothing"), "There is no token 'nothing'"),
    user("2 to 64", login=""),
    user("2 to 64", login="a b"),
    user(EMPTY, name=""),
    user(LONGEST, name="长" * 101),
    user("one line", name="林\t晓"),
    user("There is no role nobody", role="nobody"),
    user("no spaces", at=""),
    user("There is no 99", at="99"),
    Line(("password", "--login", ""), "Nobody signs in"),
    Line(("password", "--login", "350521-nobody"), "Nobody signs in"),
    Line(("import", "README.md"), "line 1"),
    Line(("import", "policies"), "policies"),
    Line(("audit", "head", "--county", ""), "no spaces"),
    Line(("audit", "head", "--county", "99"), "99 has no audit chain"),
    Line(("export", "--member", "mb_00000000-0000-0000-0000-000000000000"), "no such member"),
    Line(("demo",), "this one has units"),
)
pytestmark = pytest.mark.xdist_group("bad words")  # their commands run together


def check(line: Line, done: Done) -> None:
    """A command that cannot be done says so, and what is wrong."""
    assert done.code in {1, 2}, done.err
    assert done.out == ""
    assert "Traceback" not in done.err, done.err
    assert line.told in done.err
    assert CHINESE.search(done.err), done.err
    assert ENGLISH.search(done.err), done.err
    assert 1 <= done.err.count("\n") <= 2, done.err  # a line, or one in each language
    assert "unsaid" not in done.err
    assert "def_00000000" not in done.err


@pytest.fixture(scope="module")
def undone(tmp_path_factory: pytest.TempPathFactory) -> dict[Line, Done]:
    """What came of the lines that need no database; where the URL is sound, no server is there."""
    done = run_all(WITHOUT_DATABASE, tmp_path_factory.mktemp("words"), {"DATABASE_URL": NOWHERE})
    return dict(zip(WITHOUT_DATABASE, done, strict=True))


@pytest.fixture(scope="module")
def refused(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[Line, Done]:
    """What came of the others, in one small world; none of them made anything."""

    async def made() -> str:
        return postgres.at(await postgres.copy(GOLDEN))

    async def counted(url: str) -> object:
        async with connected(url) as connection:
            return await connection.fetchval(ACCOUNTS)

    world = asyncio.run(made())
    before = asyncio.run(counted(world))
    done = run_all(WITH_DATABASE, tmp_path_factory.mktemp("words"), {"DATABASE_URL": world})
    assert asyncio.run(counted(world)) == before
    return dict(zip(WITH_DATABASE, done, strict=True))


@pytest.mark.parametrize("line", WITHOUT_DATABASE, ids=str)
def test_without_a_database(undone: dict[Line, Done], line: Line) -> None:
    check(line, undone[line])


@pytest.mark.parametrize("line", WITH_DATABASE, ids=str)
def test_with_one(refused: dict[Line, Done], line: Line) -> None:
    check(line, refused[line])


def test_a_database_without_tables(postgres: Server, tmp_path: Path) -> None:
    """Every command says what to do first."""
    every = (("token", "--list"), ("audit", "head"), ("retain",), ("collisions",))
    lines = [Line(words, "server.py migrate") for words in every]
    for line, done in zip(lines, run_all(lines, tmp_path, {"DATABASE_URL": postgres.at("postgres")}), strict=True):
        check(line, done)


@pytest.mark.parametrize(("number", "says"), [("9999", "newer than this program"), ("0019", "server.py migrate")])
async def test_a_database_of_another_version(database: Database, tmp_path: Path, number: str, says: str) -> None:
    """Nothing is written that this version does not know, nor read that it knows otherwise."""
    async with connected(database.url) as connection:
        await connection.execute("UPDATE alembic_version SET version_num = $1", number)
    (tmp_path / "units.csv").write_text("code,name,level,parent_code\n35,福建省,province,\n")
    made = ("--name", "甲", "--role", "county_admin", "--at", "35")
    every = [
        *(("demo",), ("retain",), ("audit", "head"), ("audit", "verify"), ("token", "--list")),
        *(("token", *made), ("user", *made, "--login", "350521-jia"), ("password", "--login", "350521-jia")),
        *(("import", str(tmp_path / "units.csv")), ("export", "--member", f"mb_{UUID(int=1)}")),
    ]
    if number == "9999":
        every += [("migrate",), ("collisions",)]
    lines = [Line(words, says) for words in every]
    for line, done in zip(lines, run_all(lines, tmp_path, {"DATABASE_URL": database.url}), strict=True):
        check(line, done)
    (served,) = run_all([Line(("serve",), says, (("PORT", "0"),))], tmp_path, {"DATABASE_URL": database.url})
    assert (served.code, says in served.err) == (1, True)


async def test_migrating_says_what_came_of_it(postgres: Server, database: Database, tmp_path: Path) -> None:
    async with connected(postgres.at("postgres")) as connection:
        await connection.execute("CREATE DATABASE unmade")
    for url, said in (
        (postgres.at("unmade"), "are now at"),
        (postgres.at("unmade"), "already"),
        (database.url, "already"),
    ):
        (done,) = run_all([Line(("migrate",), "")], tmp_path, {"DATABASE_URL": url})
        assert (done.code, done.err, NEWEST in done.out, said in done.out) == (0, "", True, True)


@pytest.mark.parametrize("words", [("schema",), ("policy", "--diff", "/dev/null"), ("audit", "head")], ids=" ".join)
def test_what_cannot_be_said(database: Database, tmp_path: Path, words: tuple[str, ...]) -> None:
    """Where a disk is full, or nobody reads any more: that is no fault of the database."""
    environment = {"PATH": "/usr/bin:/bin", "JINLIN_HOME": str(tmp_path), "DATABASE_URL": database.url}
    reading, writing = os.pipe()
    os.close(reading)
    for to, told in ((os.open("/dev/full", os.O_WRONLY), "No space left on device"), (writing, "Broken pipe")):
        with (tmp_path / "said").open("w+b") as said:
            running = forked(words, environment, (0, to, said.fileno()))
            code = running.wait(PATIENCE)
            os.close(to)
            said.seek(0)
            check(Line(words, f"standard output cannot be written: {told}"), Done(code, "", said.read().decode()))


async def test_heads_that_are_not_kept_where_they_should_be(database: Database, tmp_path: Path) -> None:
    """They are printed, and the exit status is not 0."""
    (done,) = run_all(
        [Line(("audit", "head"), "", (("JINLIN_AUDIT_HEADS", "/nowhere/heads"),))],
        tmp_path,
        {"DATABASE_URL": database.url},
    )
    assert (done.code, done.out.count("\n")) == (1, 1)
    assert done.err.endswith("/ not kept in JINLIN_AUDIT_HEADS: /nowhere/heads\n")


def test_a_database_that_refuses_without_a_word(tmp_path: Path) -> None:
    """It is told what kind of refusal it was."""
    told = b"SFATAL\0C28000\0M\0\0"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(
            target=_refuse, args=(listener, b"E" + (len(told) + 4).to_bytes(4) + told), daemon=True
        ).start()
        given = f"postgresql://u@127.0.0.1:{listener.getsockname()[1]}/d?sslmode=disable"
        (done,) = run_all([Line(("audit", "head"), "")], tmp_path, {"DATABASE_URL": given})
    check(Line((), ": InvalidAuthorizationSpecificationError\n"), done)


def _refuse(listener: socket.socket, answer: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(1024)
        connection.sendall(answer)


def test_who_a_url_signs_in_as(monkeypatch: pytest.MonkeyPatch) -> None:
    """As asyncpg reads it: before the host, among the parameters, or in the environment."""
    monkeypatch.setenv("PGUSER", "around")
    assert urls.user("postgresql://%E6%9E%97:p%40ss@h/d") == "林"
    assert urls.password("postgresql://%E6%9E%97:p%40ss@h/d") == "p@ss"
    assert urls.user("postgresql:///d?host=/tmp&user=me&password=mine") == "me"
    assert urls.password("postgresql:///d?host=/tmp&user=me&password=mine") == "mine"
    assert (urls.user("postgresql://h/d"), urls.password("postgresql://h/d")) == ("around", None)
    assert urls.user("postgresql://one@h1:1,h2:2/d") == "one"
    assert not apart("postgresql://one@h/d", "postgresql://h/d?user=one&sslmode=prefer")
