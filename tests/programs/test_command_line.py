"""`server.py token` for partners: with terms, approved by being made, listed like any other."""

import json
from pathlib import Path

from services.operations import digest
from tests.programs.office import COUNTY_ADMIN, UNITS, Office, names
from tests.programs.test_issuing import IN_TOWN
from tests.test_commands import command

OF_THE_TOWN = ("token", "--name", "大屏", "--role", "partner", "--at", "350521100")
TERMS = (
    "{ programs { nodes { name agency entities documents budgetPerMinute smallestCell tokens { nodes { state } } } } }"
)


async def test_a_partners_token_with_terms(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "operations.json"
    file.write_text(json.dumps([UNITS]))
    terms = ("--entities", "unit,compound", "--budget", "500", "--smallest-cell", "3", "--operations", str(file))
    made = command(tmp_path, *OF_THE_TOWN, *terms, DATABASE_URL=office.url)
    assert made.returncode == 0, made.stderr
    assert names(await office.by(made.stdout.strip())) == IN_TOWN
    assert await office.by(made.stdout.strip(), "{ __typename }") == "FORBIDDEN"
    (program,) = (await office.data(COUNTY_ADMIN, TERMS))["programs"]["nodes"]
    assert program == {
        "name": "大屏",
        "agency": None,
        "entities": ["compound", "unit"],
        "documents": [digest(UNITS)],
        "budgetPerMinute": 500,
        "smallestCell": 3,
        "tokens": {"nodes": [{"state": "ACTIVE"}]},
    }


async def test_terms_that_cannot_be(office: Office, tmp_path: Path) -> None:
    """One line on stderr, exit status 1, no account."""
    (tmp_path / "none.json").write_text("{}")
    for terms in (
        ("--entities", "member"),
        ("--budget", "0"),
        ("--smallest-cell", "1"),
        ("--operations", str(tmp_path / "none.json")),
        ("--operations", str(tmp_path / "missing.json")),
        ("--role", "auditor", "--budget", "5"),
    ):
        made = command(tmp_path, *OF_THE_TOWN, *terms, DATABASE_URL=office.url)
        assert (made.returncode, made.stdout) == (1, "")
        assert "Traceback" not in made.stderr
    assert await office.connection.fetchval("SELECT count(*) FROM account WHERE kind = 'PROGRAM'") == 0
