"""Milestones of centres, counted back from a deadline."""

from alembic import op

revision = "0048"
down_revision = "0047"

STATEMENTS = (
    "ALTER TABLE centre ADD COLUMN deadline date",
    """
    CREATE TABLE milestone (
        id uuid NOT NULL CONSTRAINT milestone_pkey PRIMARY KEY,
        centre_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        name text NOT NULL CONSTRAINT milestone_name_check CHECK (name <> ''),
        working_days integer NOT NULL
            CONSTRAINT milestone_working_days_check CHECK (working_days BETWEEN 0 AND 500),
        due_on date NOT NULL,
        done_on date,
        reason text,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT milestone_centre_id_unit_path_fkey
            FOREIGN KEY (centre_id, unit_path) REFERENCES centre (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT milestone_centre_id_name_key UNIQUE (centre_id, name)
    )
    """,
    "CREATE INDEX milestone_centre_idx ON milestone (centre_id, due_on)",
    "CREATE INDEX milestone_unit_idx ON milestone (unit_path, id)",
    # Free text, which may name someone.
    "CALL keep_audit('milestone', 'reason')",
    """
    CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON milestone
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
