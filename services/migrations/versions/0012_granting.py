"""Accounts and grants are changed by commands: the audit trail keeps what they do to them."""

from alembic import op

revision = "0012"
down_revision = "0011"

STATEMENTS = (
    # A password's digest is no one's to read again; neither is a login, by which a person could be found.
    "CALL keep_audit('account', 'login', 'password')",
    "CALL keep_audit('role_grant', VARIADIC '{}')",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
