"""A backup is worth what comes back from it: everything, provably, and served alike."""

import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from policies.tokens import Seat, issue
from services.storage.database import connected
from services.storage.embedded.cluster import SERVICE, find_programs
from services.storage.embedded.process import Account
from tests.conftest import Database, Server, Service, as_service, free_port, start_service, stop_service
from tests.operations.documented import command
from tests.servers import DEBIAN_15
from tests.terminal.command_lines import Done, Line, run_all

EVERYTHING = """{ orgUnit(by: {code: "350521"}) { id version name indicators { compounds branches }
  children(first: 30) { totalCount nodes { name code partyOrganizations { nodes { name kind } } } } }
  auditEntries(first: 5) { nodes { command at } } }"""
RENAME = """mutation($id: ID!, $version: Int!) {
  renameUnit(input: {id: $id, version: $version, name: "惠安县试"}) { userErrors { message } } }"""


def programs(major: int, home: Path) -> Path:
    """The programs of the server's own version."""
    return DEBIAN_15 if major == 15 else find_programs(home, Account.choose())


def typed(words: str, folder: Path, bin_dir: Path, url: str) -> None:
    """Run a line of the documentation, in a folder of the test's."""
    given = {"PATH": f"{bin_dir}:/usr/bin:/bin", "MIGRATE_DATABASE_URL": url}
    done = subprocess.run(["/bin/sh", "-c", words], cwd=folder, env=given, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done


def told(folder: Path, url: str, *lines: tuple[str, ...]) -> list[Done]:
    """What commands say over a database."""
    given = {"DATABASE_URL": as_service(url), "MIGRATE_DATABASE_URL": url, "PORT": str(free_port())}
    return run_all([Line(words, "") for words in lines], folder, given)


def asked(service: Service, token: str, query: str, **variables: object) -> Any:
    """The data of an operation."""
    body, headers = {"query": query, "variables": variables}, {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{service.url}/graphql", json=body, headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    assert "errors" not in answer.json(), answer.text
    return answer.json()["data"]


def served(url: str, token: str, *, renamed: bool = False) -> Any:
    """What the service answers over a database, once something was changed through it where it is to be."""
    service = start_service(url)
    try:
        answer = asked(service, token, EVERYTHING)
        if renamed:
            unit = answer["orgUnit"]
            done = asked(service, token, RENAME, id=unit["id"], version=unit["version"])
            assert done["renameUnit"]["userErrors"] == []
            answer = asked(service, token, EVERYTHING)
        return answer
    finally:
        stop_service(service)


async def prepared(postgres: Server, furnished: Database) -> tuple[str, str, int]:
    """A token over the world, an empty database, and the server's version."""
    async with connected(furnished.url) as connection:
        token = await issue(connection, Seat("备份", "county_admin", "350521"), days=1)
        major = connection.get_server_version().major
    async with connected(postgres.at("postgres")) as connection:
        await connection.execute("DROP DATABASE IF EXISTS restored WITH (FORCE)")
        await connection.execute("CREATE DATABASE restored")
    return token, postgres.at("restored"), major


@pytest.mark.timeout(240)
async def test_a_world_comes_back_whole(postgres: Server, furnished: Database, tmp_path: Path) -> None:
    """Dumped, restored into an empty database, verified against heads printed before, and asked."""
    token, empty, major = await prepared(postgres, furnished)
    told(tmp_path, furnished.url, ("migrate",))  # the rights are those a command gives, with all there is
    before = served(furnished.url, token, renamed=True)
    assert (before["orgUnit"]["name"], before["auditEntries"]["nodes"][0]["command"]) == ("惠安县试", "renameUnit")
    [head] = told(tmp_path, furnished.url, ("audit", "head"))
    assert head.out.strip()
    (tmp_path / "heads.txt").write_text(head.out)
    typed(command("pg_dump"), tmp_path, programs(major, tmp_path), furnished.url)
    typed(command("pg_restore"), tmp_path, programs(major, tmp_path), empty)
    heads = str(tmp_path / "heads.txt")
    migrated, verified, again = told(
        tmp_path, empty, ("migrate",), ("audit", "verify", "--head", heads), ("audit", "head")
    )
    assert (migrated.code, migrated.err) == (0, "")
    assert (verified.code, verified.err) == (0, ""), verified
    assert again.out == head.out
    assert served(empty, token) == before
    await _may_no_more(empty, furnished.url)

    async with connected(empty) as connection:
        await connection.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        await connection.execute(
            "UPDATE audit_entry SET command = 'another' WHERE id = (SELECT max(id::text)::uuid FROM audit_entry)"
        )
    [found] = told(tmp_path, empty, ("audit", "verify"))
    assert found.code == 1, found  # it can fail


async def _may_no_more(restored: str, original: str) -> None:
    """The service's role has the rights it had, and no other."""
    held = (
        "SELECT table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type)"
        " FROM information_schema.table_privileges"
        " WHERE grantee = $1 AND table_schema = 'public' GROUP BY 1 ORDER BY 1"
    )
    rights = []
    for url in (restored, original):
        async with connected(url) as connection:
            rights.append([tuple(row) for row in await connection.fetch(held, SERVICE)])
    assert rights[0] == rights[1] != []


async def test_code_and_tables_of_two_versions(furnished: Database, tmp_path: Path) -> None:
    """Where the tables do not say so, the service lives and says nothing false; `migrate` mends it."""
    async with connected(furnished.url) as connection:
        token = await issue(connection, Seat("旧表", "county_admin", "350521"), days=1)
        await connection.execute("ALTER TABLE org_unit RENAME COLUMN name TO former_name")
    service = start_service(furnished.url)
    try:
        assert _statuses(service, token) == (500, 200)
    finally:
        stop_service(service)
    [done] = told(tmp_path, furnished.url, ("collisions",))
    assert "server.py migrate" in done.err


@pytest.mark.parametrize(
    ("says", "said"),
    [
        ("UPDATE alembic_version SET version_num = '0001'", "run server.py migrate first"),
        ("DELETE FROM alembic_version", "run server.py migrate first"),
        ("DROP TABLE alembic_version", "run server.py migrate first"),
        ("UPDATE alembic_version SET version_num = '9999'", "update the program"),
    ],
)
async def test_the_service_does_not_start_over_tables_of_another_version(
    database: Database, tmp_path: Path, says: str, said: str
) -> None:
    async with connected(database.url) as connection:
        await connection.execute(says)
    [done] = told(tmp_path, database.url, ("serve",))
    assert (done.code, said in done.err) == (1, True), done


def _statuses(service: Service, token: str) -> tuple[int, int]:
    """Of a question, and of whether it lives."""
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{service.url}/graphql", json={"query": EVERYTHING}, headers=headers, timeout=60)
    return answer.status_code, httpx.get(f"{service.url}/health", timeout=60).status_code
