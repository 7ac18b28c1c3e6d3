"""Faults in what a person's export holds, and in what is told of all that keeps them."""

from tests.proof.defects.words import Defect

PERSONS, EXPORTED = "services/audit/persons.py", ("tests/audit/test_person.py",)

OF_A_PERSON = (
    Defect(
        "whose a suggestion was goes to who reads the trail, and not the matter",
        PERSONS,
        "sight.matters(matters.c), sight.entries(entries.c)",
        "sight.entries(entries.c)",
        EXPORTED,
    ),
    Defect(
        "what others suggested is in a person's export",
        PERSONS,
        "entry.target_id == member, change.before.is_(None)",
        "change.before.is_(None)",
        EXPORTED,
    ),
    Defect(
        "of what keeps a member one thing is told after the other",
        "services/members/leaving.py",
        "            with amiss.within():\n                raise table.info[KEEPS].refusal(field)\n",
        "            raise table.info[KEEPS].refusal(field)\n",
        ("tests/households/test_kept.py",),
    ),
)
