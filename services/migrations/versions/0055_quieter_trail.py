"""The trail tells of requests for help that they changed, and of contacts with households neither whose nor with whom.

It is read further up than these are: who is above counts them.
"""

from alembic import op

revision = "0055"
down_revision = "0054"

STATEMENTS = (
    "DROP TRIGGER audit ON help_request",
    """
    CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON help_request FOR EACH ROW
    WHEN (pg_trigger_depth() = 0 AND current_setting('jinlin.audit_entry', true) <> '')
    EXECUTE FUNCTION audit_unsaid()
    """,
    "DROP TRIGGER audit ON household_contact",
    "CALL keep_audit('household_contact', 'household_id', 'member_id', 'end_reason')",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
