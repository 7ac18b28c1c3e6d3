"""The examples for clients run as they stand, one after the other, and say what the page says they do."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT, Database, as_service
from tests.http.conftest import Start

PAGE = (PROJECT / "docs" / "clients.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def said(kind: str) -> list[str]:
    return [text for found, text in BLOCKS if found == kind]


def ran(*command: str, **environment: str) -> str:
    """What a program prints, which must end well; with nothing between it and the service."""
    given = {**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", **environment}
    done = subprocess.run(command, cwd=PROJECT, env=given, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_example_is_run() -> None:
    assert {kind for kind, _ in BLOCKS} == {"sh", "json", "python", "text"}
    assert len(said("sh")) == len(said("json"))
    assert "clients.md" in (PROJECT / "README.md").read_text(encoding="utf-8")


@pytest.mark.timeout(300)
def test_the_examples(own_demo: Database, start: Start, tmp_path: Path) -> None:
    service = start(own_demo.url)
    lines = [*said("sh"), '\nprintf %s "$T" >"$KEPT"\n']
    script = "set -eu\n" + "\necho\n".join(lines).replace(".venv/bin/python", sys.executable)
    script = script.replace("http://127.0.0.1:8000", service.url)
    kept = tmp_path / "token"
    output = ran("bash", "-c", script, DATABASE_URL=as_service(own_demo.url), KEPT=str(kept))
    assert [json.loads(line) for line in output.splitlines()] == [json.loads(text) for text in said("json")]
    program = "\n\n".join(said("python"))
    output = ran(sys.executable, "-c", program, J=service.url, T=kept.read_text())
    assert output == "".join(said("text"))
