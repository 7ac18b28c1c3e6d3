"""Faults of what is done by lists: rows that are told of wrongly, or not at all."""

from tests.proof.defects.words import Defect

BULK = "tests/writes/test_bulk.py"

LISTS = (
    Defect(
        "a row of a list is changed whatever version its caller saw",
        "schema/pipeline/run/arguments.py",
        'seen is not None and seen != row["version"]',
        "False",
        (BULK,),
    ),
    Defect(
        "of a list only the first problem is told",
        "services/storage/validation.py",
        "for problem in refusal.problems:",
        "for problem in refusal.problems[:1]:",
        (BULK,),
    ),
    Defect(
        "two rows of a survey have one name",
        "services/properties/surveys.py",
        'holders.setdefault(row["folded"], row["id"])',
        'holders.get(row["folded"], row["id"])',
        (BULK,),
    ),
    Defect(
        "a name taken meanwhile is told of no row",
        "services/properties/surveys.py",
        "        await _names_of_their_own(tx, amiss, compound, made, buildings)\n        amiss.check()\n        raise",
        "        raise",
        ("tests/properties/test_races.py",),
    ),
    Defect(
        "a survey changes buildings of another compound",
        "services/properties/surveys.py",
        'building["compound_id"] != compound["id"]',
        "False",
        (BULK,),
    ),
    Defect(
        "what was asked of a person by a list is known for ever",
        "services/audit/mentions.py",
        'any("row" in line and _row_of(line) in named for line in report)',
        "False",
        ("tests/audit/test_mentions.py",),
    ),
    Defect(
        "a list is charged like one command",
        "schema/pipeline/document/limits.py",
        "sum(given_rows(each.value, self._variables) for each in node.arguments or ())",
        "0",
        (BULK,),
    ),
)
