"""Run what failed in the last run once more, alone: `python -m tests.again`, as `.ci/run` does after `make test`.

What then passes is named as flaky and forgiven. Tests of access and of races get no second try, nor does a run that
ended otherwise than by failed tests: its list of failures is not whole.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

CACHE = Path(__file__).parent.parent / ".pytest_cache/v"
EXIT_STATUS = "jinlin/exit_status"
MOST = 5  # more than these at once are no coincidence
GROUP = re.compile(r"@[\w ]+$")  # what xdist says of tests that stay together
SETTLED = re.compile(
    r"^tests/(access|audit|explain|live|oracle|programs|proof|signin|visible)/"
    r"|/test_\w*(access|credentials|differential|races|revocation|scope|sight|storm)\w*\.py\b"
    r"|::test_\w*(at_once|race)"
)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Of every run: leave in the cache how it ended."""
    if getattr(session.config, "cache", None) and not hasattr(session.config, "workerinput"):
        session.config.cache.set(EXIT_STATUS, int(exitstatus))


def refusal(status: object, failed: list[str]) -> str | None:
    """Why there is no second try; None where there is."""
    if status != pytest.ExitCode.TESTS_FAILED:
        return f"the last run ended with {status}"
    if not 0 < len(failed) <= MOST:
        return f"{len(failed)} tests failed"
    settled = ", ".join(filter(SETTLED.search, failed))
    return f"tests of access and of races get no second try: {settled}" if settled else None


def main() -> int:
    """0 where everything that failed passes alone."""
    failed = [GROUP.sub("", test) for test in _cached("cache/lastfailed") or ()]
    reason = refusal(_cached(EXIT_STATUS), failed)
    if reason:
        print(f"not run again: {reason}")
        return 1
    status = pytest.main(["-q", "-n", "0", *failed])
    if status == pytest.ExitCode.OK:
        print(*(f"flaky: {test}" for test in failed), sep="\n")
    return status


def _cached(key: str) -> Any:
    path = CACHE / key
    return json.loads(path.read_text()) if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
