"""`make quick` tries what all stands on, and the rooms of what was changed."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.quick import ALSO, ALWAYS, LEFT_OUT, rooms


@pytest.mark.parametrize(
    ("changed", "more"),
    [
        ("schema/captains/assignments.py", {"captains"}),
        ("services/captains/tables.py", {"captains"}),
        ("tests/captains/test_terms.py", {"captains"}),
        ("policies/roles.csv", {"access", "explain", "visible"}),
        ("schema/pipeline/run/write.py", {"pipeline", "writes"}),
        ("README.md", set()),
        ("server.py", set()),
    ],
)
def test_rooms_of_a_change(changed: str, more: set[str]) -> None:
    assert rooms([changed]) == ALWAYS | more


def test_every_room_that_is_named_is_there() -> None:
    named = ALWAYS.union(*ALSO.values()) | {name for name in LEFT_OUT if not name.endswith(".py")}
    assert [room for room in named if not (PROJECT / "tests" / room).is_dir()] == []
    assert [place for place in ALSO if not (PROJECT / place).is_dir()] == []
    files = {path.name for path in (PROJECT / "tests").rglob("test_*.py")}
    assert {name for name in LEFT_OUT if name.endswith(".py")} <= files


def collected(folder: Path) -> str:
    """What pytest would run in a copy of the loop's own files."""
    asked = [sys.executable, "-m", "pytest", "--quick", "--collect-only", "-q", "-p", "no:cacheprovider"]
    return subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_in_a_working_copy(tmp_path: Path) -> None:
    """What is not committed; where all is, the last commit; without git, everything."""
    for path, text in {
        "tests/conftest.py": "from tests.quick import pytest_ignore_collect\n\n\n"
        "def pytest_addoption(parser):\n    parser.addoption('--quick', action='store_true')\n",
        "tests/quick.py": (PROJECT / "tests/quick.py").read_text(encoding="utf-8"),
        "tests/golden/test_one.py": "def test_always(): pass\n",
        "tests/captains/test_two.py": "def test_captains(): pass\n",
        "tests/page/test_three.py": "def test_page(): pass\n",
        "services/captains/tables.py": "A = 1\n",
        "pytest.ini": "[pytest]\npythonpath = .\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert "test_always" in collected(tmp_path)
    assert "test_captains" in collected(tmp_path)

    def git(*words: str) -> None:
        who = ["-c", "user.name=test", "-c", "user.email=test@example.invalid"]
        subprocess.run(["git", *who, *words], cwd=tmp_path, capture_output=True, check=True)

    (tmp_path / ".gitignore").write_text("__pycache__\n")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "All")
    git("commit", "-qm", "Nothing", "--allow-empty")
    assert "test_captains" not in collected(tmp_path)
    (tmp_path / "services/captains/tables.py").write_text("A = 2\n")
    assert "test_captains" in collected(tmp_path)
    git("commit", "-qam", "Another")
    assert "test_captains" in collected(tmp_path)
    (tmp_path / "README.md").write_text("1\n")
    ended = collected(tmp_path)
    assert "test_captains" not in ended
    assert "test_always" in ended
    assert "test_page" not in ended
