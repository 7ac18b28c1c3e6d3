"""What failed is run once more alone, but for tests that must not fail even once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.again import refusal
from tests.conftest import PROJECT

FAILED = pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize(
    "test",
    [
        "tests/policies/test_scope.py::test_the_scope_admits_what_enforce_admits[18-3]",
        "tests/oracle/test_differential.py",
        "tests/captains/test_races.py::test_two_captains[15]",
        "tests/http/test_storm.py::test_hang_ups",
        "tests/signin/test_sessions.py::test_sign_out",
        "tests/organization/test_units.py::test_two_at_once[18]",
    ],
)
def test_access_and_races_get_no_second_try(test: str) -> None:
    assert test in (refusal(FAILED, ["tests/storage/test_names.py::test_a", test]) or "")


def test_what_failed_by_chance_does() -> None:
    assert refusal(FAILED, ["tests/organization/loading/test_loading.py::test_the_event_loop_stays_free[18]"]) is None


@pytest.mark.parametrize(("status", "count"), [(FAILED, 0), (FAILED, 6), (0, 1), (2, 1), (3, 1), (None, 1)])
def test_a_run_that_broke_off_does_not(status: int | None, count: int) -> None:
    assert refusal(status, [f"tests/storage/test_names.py::test_{number}" for number in range(count)])


def test_passing_alone_is_named_and_failing_again_fails(tmp_path: Path) -> None:
    """Over a project of one test, with this module."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/again.py").write_text((PROJECT / "tests/again.py").read_text())
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n")  # as here
    (tmp_path / "conftest.py").write_text("from tests.again import pytest_sessionfinish\n")
    (tmp_path / "test_it.py").write_text(
        "import os, pytest\n@pytest.mark.xdist_group('a b')\ndef test_it(): assert os.environ['OUTCOME'] == 'pass'\n"
    )

    def run(outcome: str, *command: str) -> subprocess.CompletedProcess[str]:
        given = {**os.environ, "OUTCOME": outcome, "PYTHONPATH": str(tmp_path)}
        return subprocess.run(
            [sys.executable, *command], cwd=tmp_path, env=given, capture_output=True, text=True, check=False
        )

    assert run("fail", "-m", "pytest", "-n", "1", "--dist", "loadgroup").returncode == FAILED
    for again, code, says in (("fail", 1, "1 failed"), ("pass", 0, "flaky: test_it.py::test_it")):
        second = run(again, "tests/again.py")
        assert second.returncode == code
        assert says in second.stdout
