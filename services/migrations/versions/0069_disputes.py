"""Disputes 矛盾纠纷: of which kind, from where, and what became of them; which matter led to a project."""

from alembic import op

revision = "0069"
down_revision = "0068"

STATEMENTS = (
    "CREATE TYPE dispute_kind AS ENUM ('NEIGHBOURS', 'FAMILY', 'PROPERTY', 'PARKING', 'NOISE', 'OTHER')",
    "CREATE TYPE dispute_source AS ENUM ('GRID', 'WINDOW', 'VISIT', 'HOTLINE', 'COURT')",
    """
    CREATE TYPE dispute_outcome AS ENUM
        ('AGREED', 'WITHDRAWN', 'TO_TOWN', 'TO_DEPARTMENT', 'TO_POLICE', 'TO_COURT')
    """,
    """
    CREATE TABLE dispute (
        id uuid NOT NULL CONSTRAINT dispute_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL CONSTRAINT dispute_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        received_on date NOT NULL,
        kind dispute_kind NOT NULL,
        source dispute_source NOT NULL,
        outcome dispute_outcome,
        ended_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT dispute_outcome_check CHECK (num_nulls(outcome, ended_on) <> 1),
        CONSTRAINT dispute_ended_check CHECK (ended_on >= received_on)
    )
    """,
    "CREATE INDEX dispute_unit_idx ON dispute (unit_path, received_on)",
    "CALL keep_audit('dispute', VARIADIC '{}')",
    """
    CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON dispute
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
    """,
    """
    ALTER TABLE project ADD COLUMN matter_id uuid CONSTRAINT project_matter_id_fkey REFERENCES matter (id)
    """,
    "CREATE INDEX project_matter_idx ON project (matter_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
