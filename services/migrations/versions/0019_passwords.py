"""A password somebody else made up is known to be one, and why it was given is kept beside it, for its owner to see."""

from alembic import op

revision = "0019"
down_revision = "0018"

STATEMENTS = (
    "ALTER TABLE account ADD password_temporary boolean NOT NULL DEFAULT false, ADD password_reset_for text",
    """
    ALTER TABLE account ADD CONSTRAINT account_temporary_check
        CHECK (CASE WHEN password_temporary THEN password IS NOT NULL ELSE password_reset_for IS NULL END)
    """,
    "DROP TRIGGER audit ON account",
    # A reason is free text, and may name someone.
    "CALL keep_audit('account', 'name', 'login', 'password', 'password_reset_for')",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
