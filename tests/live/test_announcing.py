"""Every table that can be read announces its changes, and every statement knows the tables it reads."""

import re
from pathlib import Path

import asyncpg
import pytest

from services.declared import METADATA
from services.storage.tables import VIEW
from tests.built import CATALOGUE
from tests.golden.test_golden import made

OPERATIONS = sorted((Path(__file__).parent.parent / "golden" / "operations").glob("*.graphql"))
NAMED = re.compile(r'(?:FROM|JOIN|,) "?(\w+)"?')
# Who vouches for a token, and its grant, go by names of their own: what stands is asked apart.
GUARD = {"credential", "account"}
VOUCHING = re.compile(r"\w+ AS (?:voucher|voucher_grant|its_program|its_grant)\b")


async def test_every_table_that_is_read_announces(connection: asyncpg.Connection) -> None:
    """A table that comes later needs a trigger of its own: see migration 0017."""
    read = {table.name for kind in CATALOGUE.kinds.values() if VIEW not in (table := kind.entity.table).info}
    announcing = await connection.fetch(
        "SELECT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgname = 'announce'"
    )
    assert read - {row["name"] for row in announcing} == set()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda path: path.stem)
def test_a_statement_knows_what_it_reads(operation: Path) -> None:
    statement, _ = made(operation.read_text())
    named = {name for name in NAMED.findall(VOUCHING.sub("", statement.sql)) if name in METADATA.tables}
    assert named - GUARD <= statement.tables
    views = {name for name in named if VIEW in METADATA.tables[name].info}
    assert statement.tables - named == (set(METADATA.tables) - named if views else set())
