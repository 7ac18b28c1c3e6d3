"""The phases of great compounds, in which of them a building stands, and compounds that lie across two communities."""

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
    # The path of the lowest unit that holds both; empty where none does.
    """
    CREATE FUNCTION common_path(one text, other text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = public, pg_temp AS $$
        SELECT coalesce((SELECT top FROM unnest(path_line(one)) AS top WHERE starts_with(other, top)
                         ORDER BY length(top) DESC LIMIT 1), '')
    $$
    """,
    """
    CREATE TABLE compound_sharing (
        id uuid NOT NULL CONSTRAINT compound_sharing_pkey PRIMARY KEY,
        compound_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        sharer_path text COLLATE "C" NOT NULL
            CONSTRAINT compound_sharing_sharer_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        over_path text COLLATE "C" NOT NULL GENERATED ALWAYS AS (common_path(unit_path, sharer_path)) STORED,
        since date NOT NULL,
        until date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT compound_sharing_compound_id_unit_path_fkey
            FOREIGN KEY (compound_id, unit_path) REFERENCES compound (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT compound_sharing_term_check CHECK (until >= since),
        CONSTRAINT compound_sharing_excl EXCLUDE USING gist
            (compound_id WITH =, sharer_path WITH =, daterange(since, until, '[]') WITH &&)
    )
    """,
    "CREATE INDEX compound_sharing_sharer_idx ON compound_sharing (sharer_path, compound_id)",
    "CREATE INDEX compound_sharing_unit_idx ON compound_sharing (unit_path, id)",
    "CREATE INDEX compound_sharing_over_idx ON compound_sharing (over_path, id)",
    "CALL keep_audit('compound_sharing', VARIADIC '{}')",
    """
    CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON compound_sharing
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
    """,
    """
    CREATE TRIGGER compound_sharing_prolonged BEFORE UPDATE OF until ON compound_sharing FOR EACH ROW
    WHEN (OLD.until IS NOT NULL AND coalesce(NEW.until > OLD.until, true)) EXECUTE FUNCTION refuse_prolonging()
    """,
    """
    CREATE TRIGGER compound_sharing_compound AFTER UPDATE OF until ON compound_sharing FOR EACH ROW
    WHEN (OLD.until IS NOT NULL AND coalesce(NEW.until > OLD.until, true))
    EXECUTE FUNCTION refuse_outlasting('compound', 'compound_id', 'closed_on')
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
