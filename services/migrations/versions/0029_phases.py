"""The phases of great compounds, and in which of them a building stands."""

from alembic import op

revision = "0029"
down_revision = "0028"

STATEMENTS = (
    """
    CREATE TABLE compound_phase (
        id uuid NOT NULL CONSTRAINT compound_phase_pkey PRIMARY KEY,
        compound_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        name text NOT NULL CONSTRAINT compound_phase_name_check CHECK (name <> ''),
        folded text COLLATE "C" NOT NULL,
        number integer,
        households integer NOT NULL DEFAULT 0,
        completed_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT compound_phase_compound_id_unit_path_fkey
            FOREIGN KEY (compound_id, unit_path) REFERENCES compound (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT compound_phase_numbers_check CHECK (households >= 0 AND coalesce(number, 1) BETWEEN 1 AND 99),
        CONSTRAINT compound_phase_compound_id_folded_key UNIQUE (compound_id, folded),
        CONSTRAINT compound_phase_compound_id_number_key UNIQUE (compound_id, number),
        CONSTRAINT compound_phase_id_compound_id_key UNIQUE (id, compound_id)
    )
    """,
    "CREATE INDEX compound_phase_unit_idx ON compound_phase (unit_path, id)",
    "CALL keep_audit('compound_phase', VARIADIC '{}')",
    """
    CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON compound_phase
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
    """,
    # A building stands in a phase of its own compound, or in none.
    """
    ALTER TABLE building ADD phase_id uuid, ADD CONSTRAINT building_phase_id_compound_id_fkey
        FOREIGN KEY (phase_id, compound_id) REFERENCES compound_phase (id, compound_id)
    """,
    "CREATE INDEX building_phase_idx ON building (phase_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
