"""What a violated constraint means to a user is said for every constraint a command could meet, and for no other."""

import re

import asyncpg

from services.declared import METADATA
from services.errors import ProblemCode
from services.storage.tables import VIEW
from tests.built import CATALOGUE

# Tables no command writes, or writes by itself.
OURS = {"credential", "service_secret", "budget_use", "audit_entry", "audit_change", "audit_link", "idempotency_key",
        "program", "correction", "former_unit"}  # fmt: skip
NAMED = """
    SELECT conname AS name FROM pg_constraint
    WHERE contype = ANY ($1) AND conrelid::regclass::text = ANY ($2)
    UNION SELECT indexrelid::regclass::text FROM pg_index
    WHERE indisunique AND NOT indisprimary AND indrelid::regclass::text = ANY ($2)
"""
TRIGGERS = """
    SELECT tgrelid::regclass::text AS of, split_part(encode(tgargs, 'escape'), '\\000', 1) AS argument, prosrc AS source
    FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal
"""
# What is unique so that foreign keys can carry a path along, or hold two rows to one compound, household, claim,
# project or way.
CARRIES_A_PATH = (
    *("_id_unit_path_key", "_id_compound_id_key", "_id_household_id_key", "_id_claim_id_key", "point_claim_entry_key"),
    *(
        "_id_project_id_key",
        "matter_way_from_step_to_step_key",
        "org_unit_path_key",
        "_id_unit_path_held_on_key",
        "fund_award_paid_key",
        "fund_entry_id_fund_id_kind_key",
    ),
)


def tables() -> list[str]:
    """The tables of the domain."""
    return [table.name for table in METADATA.sorted_tables if table.name not in OURS and VIEW not in table.info]


async def named(connection: asyncpg.Connection, kinds: str) -> set[str]:
    """The names of constraints of these kinds, and of unique indexes."""
    rows = await connection.fetch(NAMED, [kind.encode() for kind in kinds], tables())
    return {row["name"] for row in rows}


async def raised(connection: asyncpg.Connection) -> set[str]:
    """The names that triggers raise: some in so many words, some of their table and first argument."""
    rows = await connection.fetch(TRIGGERS)
    words = {name for row in rows for name in re.findall(r"(?:CONSTRAINT|violated|said) :?= '(\w+)'", row["source"])}
    return words | {f"{row['of']}_{part}_check" for row in rows for part in (row["argument"], "prolonged") if part}


async def test_every_rule_is_about_something_that_can_be_violated(connection: asyncpg.Connection) -> None:
    """A constraint, a unique index, or what a trigger raises."""
    known = await named(connection, "cuxf") | await raised(connection)
    assert CATALOGUE.rules.keys() - known == set()


async def test_nobody_meets_an_overlap_or_a_duplicate_without_an_explanation(connection: asyncpg.Connection) -> None:
    """Exclusions and uniqueness are what two at once can always meet, whatever a command checked before."""
    met = {name for name in await named(connection, "ux") if not name.endswith(CARRIES_A_PATH)}
    assert met - CATALOGUE.rules.keys() == set()


BACKWARDS = "SELECT conname FROM pg_constraint WHERE pg_get_constraintdef(oid) = 'CHECK ((until >= since))'"


async def test_whatever_ends_before_it_begins_is_told_so_in_the_same_words(connection: asyncpg.Connection) -> None:
    """One code and one text, for whichever term it is."""
    found = {row["conname"] for row in await connection.fetch(BACKWARDS)} & CATALOGUE.rules.keys()
    assert len(found) > 5
    assert {(rule.code, rule.zh, rule.en) for name, rule in CATALOGUE.rules.items() if name in found} == {
        (ProblemCode.INVALID, "不能在开始之前结束。", "It cannot end before it begins.")
    }
