"""Faults of following the trail: entries that are there though not all they changed is read, or not there alone."""

from tests.proof.defects.words import ROWS, Defect

FOLLOWED = "tests/audit/test_following.py"
TELLING = "schema/pipeline/sql/telling.py"

FOLLOWING = (
    Defect(
        "what changed nothing is followed",
        TELLING,
        "return and_(found.exists(), ~unread.exists())",
        "return ~unread.exists()",
        (FOLLOWED,),
    ),
    Defect(
        "an entry is followed whatever it changed",
        TELLING,
        "return and_(found.exists(), ~unread.exists())",
        "return found.exists()",
        (FOLLOWED,),
    ),
    Defect(
        "an entry is followed by whoever may count what it changed",
        "schema/pipeline/plan/telling.py",
        "            right = (other.entity.policy, READ)\n",
        '            right = (other.entity.policy, "count")\n',
        (FOLLOWED,),
    ),
    Defect(
        "the trail is followed wherever something else is read",
        ROWS,
        "return answers if told is None else and_(answers, tells(told, row, self.in_scope))",
        "return answers if told is None else tells(told, row, self.in_scope)",
        (FOLLOWED,),
    ),
    Defect(
        "that an entry is not followed tells what it changed",
        "services/audit/naming.py",
        "told: ColumnElement[bool] = command.not_in(UNFOLLOWED)",
        "told: ColumnElement[bool] = command.not_in(())",
        (FOLLOWED,),
    ),
)
