"""A deadline that reaches into a year nobody announced waits for it, as far as it is counted; and projects are part of
what a rotating chair plans."""

from alembic import op

revision = "0079"
down_revision = "0078"

STATEMENTS = (
    *(
        f"""
        ALTER TABLE {table} ADD due_after date, ADD due_left integer,
            DROP CONSTRAINT {table}_due_check,
            ADD CONSTRAINT {table}_due_check CHECK (
                num_nonnulls(due_on, due_after) = CASE WHEN {step} IN ('SETTLED', 'DROPPED') THEN 0 ELSE 1 END
                AND num_nonnulls(due_after, due_left) <> 1 AND due_left > 0)
        """
        for table, step in (("matter", "step"), ("matter_move", "from_step"))
    ),
    "ALTER TABLE project ADD theme_id uuid CONSTRAINT project_theme_id_fkey REFERENCES chair_theme (id)",
    "CREATE INDEX project_theme_idx ON project (theme_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
