"""The pages on errors and limits say all there is, and nothing else."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from schema.pipeline.http.endpoint import OF_THE_DOCUMENT
from services.errors import Code
from services.settings import Limits
from tests.http.asking import Asking, errors, refusal

DOCS = Path(__file__).parents[2] / "docs"
ERRORS = (DOCS / "errors.md").read_text(encoding="utf-8")
LIMITS = (DOCS / "limits.md").read_text(encoding="utf-8")
SECTIONS = {
    section.partition("\n")[0]: section
    for section in re.split(r"^## ", re.split(r"^# ", ERRORS, flags=re.MULTILINE)[1], flags=re.MULTILINE)[1:]
}


def test_every_code_has_its_section_and_no_other() -> None:
    assert list(SECTIONS) == [code.name for code in Code]


@pytest.mark.parametrize("code", Code, ids=[code.name for code in Code])
def test_a_section_says_status_remedy_and_example(code: Code) -> None:
    section = SECTIONS[code.name]
    legacy = 200 if code in OF_THE_DOCUMENT else code.status
    assert f"\n| {code.status} | {legacy} |\n" in section
    assert "**What to do.**" in section
    example = re.search(r"```json\n(.*?)\n```", section, re.DOTALL)
    assert example is not None
    errors(json.loads(example[1])["errors"], code)


def test_the_cost_of_the_example(county: Asking) -> None:
    """The sum on the page is the one the service makes."""
    query = re.search(r"`(orgUnits\(first: 100\).*?)`", LIMITS)
    assert query is not None
    assert "10,201" in LIMITS
    nested = f"{{ {query[1]} }}".replace("nodes { name }", "nodes { children(first: 100) { nodes { name } } }")
    assert "1020201" in refusal(county.post(nested), Code.TOO_COSTLY)


def test_every_limit_has_its_row_and_no_other() -> None:
    rows = re.findall(r"^\| `(JINLIN_[A-Z_]+)` \| (\d+|none) \|", LIMITS, re.MULTILINE)
    assert rows == [(f"JINLIN_{field.name.upper()}", str(field.default).lower()) for field in fields(Limits)]
