"""Modules are as long as one can read in a sitting: at most 400 lines, and one of the service says why from 250 on."""

import ast
import subprocess

import pytest

from tests.conftest import PROJECT

LONGEST, LONG = 400, 250
WHY = "Long because "  # how the sentence of a module's docstring begins that says why it is not two


def modules() -> list[str]:
    """Every Python file of the project, as git knows them."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=PROJECT, capture_output=True, text=True, check=True)
    return listed.stdout.split()


def unexplained(path: str, source: str) -> str | None:
    """What is wrong with a module's length, if anything."""
    lines = source.count("\n")
    if lines > LONGEST:
        return f"{path} has {lines} lines, more than {LONGEST}"
    said = ast.get_docstring(ast.parse(source)) or ""
    if lines > LONG and not path.startswith(("tests/", "bench/")) and WHY not in said:
        return f"{path} has {lines} lines and no sentence “{WHY}...”"
    return None


def test_no_module_is_too_long() -> None:
    found = (unexplained(path, (PROJECT / path).read_text(encoding="utf-8")) for path in modules())
    assert [problem for problem in found if problem] == []


@pytest.mark.parametrize(
    ("path", "source", "wrong"),
    [
        ("services/a.py", "\n" * 250, False),
        ("services/a.py", "\n" * 251, True),
        ("tests/a.py", "\n" * 251, False),
        ("services/a.py", '"""It.\n\nLong because it is a list.\n"""' + "\n" * 251, False),
        ("services/a.py", '"""It.\n\nLong because it is a list.\n"""' + "\n" * 400, True),
    ],
)
def test_what_is_too_long(path: str, source: str, wrong: bool) -> None:
    assert (unexplained(path, source) is not None) == wrong
