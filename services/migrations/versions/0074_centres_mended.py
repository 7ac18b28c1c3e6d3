"""Milestones keep the day they were due at first; closing a centre keeps what it ends."""

from alembic import op

revision = "0074"
down_revision = "0073"

STATEMENTS = (
    "ALTER TABLE milestone ADD COLUMN first_due_on date",
    "UPDATE milestone SET first_due_on = due_on",
    "ALTER TABLE milestone ALTER COLUMN first_due_on SET NOT NULL",
    """
    ALTER TABLE operation_term ADD COLUMN cut_by_closing boolean NOT NULL DEFAULT false,
        ADD COLUMN before_closing date
    """,
    "ALTER TABLE venue ADD COLUMN cut_by_closing boolean NOT NULL DEFAULT false",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
