"""Faults in what a person's export holds, and in what is told of all that keeps them."""

from tests.proof.defects.words import Defect

HELD, EXPORTED, LISTED = "services/audit/held.py", ("tests/audit/test_person.py",), ("tests/audit/test_export.py",)

OF_A_PERSON = (
    Defect(
        "an export tells in one unit what a member did in others",
        HELD,
        "return self.of(member).where(*(readable(entity, table.c) for entity, table in self.read.items()))",
        "return self.of(member)",
        LISTED,
    ),
    Defect(
        "a project tells who proposed it to whom the post is hidden",
        HELD,
        "_projects(), Project=projects, Post=posts)",
        "_projects(), Project=projects)",
        LISTED,
    ),
    Defect(
        "whose a suggestion was goes to who reads the trail, and not the matter",
        HELD,
        'Listed(_suggestions, {"Matter": matters, "AuditEntry": entries})',
        'Listed(_suggestions, {"AuditEntry": entries})',
        EXPORTED,
    ),
    Defect(
        "what others suggested is in a person's export",
        HELD,
        "entry.target_id == member, change.before.is_(None)",
        "change.before.is_(None)",
        EXPORTED,
    ),
    Defect(
        "of what keeps a member one thing is told after the other",
        "services/members/leaving.py",
        "        with amiss.within():\n            raise table.info[KEEPS].refusal(field)\n",
        "        raise table.info[KEEPS].refusal(field)\n",
        ("tests/households/test_kept.py",),
    ),
)
