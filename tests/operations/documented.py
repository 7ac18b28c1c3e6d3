"""What docs/operations.md tells an administrator to write and to type."""

import re
from collections.abc import Mapping

from tests.conftest import PROJECT

TEXT = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Its blocks in a language, in order."""
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def with_own(text: str, own: Mapping[str, str]) -> str:
    """The text with what a test has in place of what stands there."""
    for there, here in own.items():
        assert there in text
        text = text.replace(there, here)
    return text


def command(start: str) -> str:
    """The one command that begins so, with what continues it."""
    [found] = re.findall(rf"^    ({re.escape(start)}.*)$", TEXT, re.MULTILINE)
    return str(found)
