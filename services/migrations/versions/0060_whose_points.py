"""The trail tells neither whose a pledge is nor who claimed points: it is read by those who read neither.

What was granted is an entry of the ledger, which they read. What is on record from before stays as it was written.
"""

from alembic import op

revision = "0060"
down_revision = "0059"

STATEMENTS = (
    "DROP TRIGGER audit ON pledge",
    "CALL keep_audit('pledge', 'text', 'done', 'member_id')",
    "DROP TRIGGER audit ON point_claim",
    "CALL keep_audit('point_claim', 'text', 'answer', 'member_id')",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
