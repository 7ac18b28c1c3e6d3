"""The units of systemd that the documentation gives."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.operations.documented import blocks, with_own

ANALYZE = shutil.which("systemd-analyze")
PYTHON = "/opt/jinlin/.venv/bin/python"


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """Their files; of the machine's own, only the interpreter and the user are others."""
    environment, *texts = blocks("ini")
    assert environment.startswith("DATABASE_URL=")
    service, retain, timer = texts
    own = {PYTHON: sys.executable, "User=jinlin": "User=root"}
    files = {
        "jinlin.service": with_own(service, own),
        "jinlin-retain.service": with_own(retain, own),
        "jinlin-retain.timer": timer,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return [tmp_path / name for name in files]


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
def test_systemd_takes_them_without_a_word(units: list[Path]) -> None:
    assert ANALYZE is not None
    done = subprocess.run([ANALYZE, "verify", "--man=no", *units], capture_output=True, text=True)
    own = [line for line in (done.stdout + done.stderr).splitlines() if "jinlin" in line]
    assert (done.returncode, own) == (0, [])


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
def test_the_service_is_exposed_little(units: list[Path]) -> None:
    """By systemd's own measure, of ten; a unit that says nothing has 9.6."""
    assert ANALYZE is not None
    words = [ANALYZE, "security", "--offline=yes", "--threshold=45", "--no-pager", str(units[0])]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-600:] + done.stderr
