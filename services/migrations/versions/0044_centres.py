"""The ledger of facilities, neighbourhood centres, and who operates which service at which centre."""

from alembic import op

revision = "0044"
down_revision = "0042"

POSITION = """
        longitude numeric(9, 6),
        latitude numeric(9, 6),
        datum position_datum
"""
PROLONGED = "WHEN (OLD.until IS NOT NULL AND coalesce(NEW.until > OLD.until, true))"


def _named(table: str) -> str:
    return f"""
        id uuid NOT NULL CONSTRAINT {table}_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL
            CONSTRAINT {table}_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        kind {table}_kind NOT NULL,
        name text NOT NULL CONSTRAINT {table}_name_check CHECK (name <> ''),
        folded text COLLATE "C" NOT NULL,
        sorting text COLLATE "C" NOT NULL GENERATED ALWAYS AS (numbers_padded(numerals_read(folded))) STORED,
        address text
    """


def _placed(table: str) -> str:
    """Degrees of China, so that none are swapped; all of a position or nothing."""
    return f"""
        CONSTRAINT {table}_position_check CHECK (longitude BETWEEN 73 AND 136 AND latitude BETWEEN 3 AND 54),
        CONSTRAINT {table}_whole_position_check CHECK (num_nulls(longitude, latitude, datum) IN (0, 3))
    """


def _announcing(table: str) -> str:
    return f"""
        CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
    """


STATEMENTS = (
    "CREATE TYPE position_datum AS ENUM ('WGS84', 'GCJ02')",
    "CREATE TYPE facility_kind AS ENUM ('CLINIC', 'NURSERY', 'CARE_HOME', 'CANTEEN', 'VENUE', 'OTHER')",
    f"""
    CREATE TABLE facility (
        {_named("facility")},
        {POSITION},
        closed_on date,
        version integer NOT NULL DEFAULT 1,
        {_placed("facility")}
    )
    """,
    "CREATE UNIQUE INDEX facility_unit_path_folded_key ON facility (unit_path, folded) WHERE closed_on IS NULL",
    "CREATE INDEX facility_unit_idx ON facility (unit_path, id)",
    "CALL keep_audit('facility', VARIADIC '{}')",
    _announcing("facility"),
    """
    CREATE TYPE centre_kind AS ENUM
        ('STAND_ALONE', 'MULTI_POINT', 'RADIATING', 'CITY_COMPLEX', 'TOWN_LEVEL', 'BANK_OUTLET')
    """,
    f"""
    CREATE TABLE centre (
        {_named("centre")},
        area_km2 numeric(7, 2) CONSTRAINT centre_area_check CHECK (area_km2 > 0),
        functions service_function[] NOT NULL DEFAULT '{{}}',
        dispatches boolean NOT NULL DEFAULT false,
        {POSITION},
        opened_on date,
        closed_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT centre_closed_check CHECK (closed_on >= opened_on),
        CONSTRAINT centre_id_unit_path_key UNIQUE (id, unit_path),
        {_placed("centre")}
    )
    """,
    "CREATE UNIQUE INDEX centre_unit_path_folded_key ON centre (unit_path, folded) WHERE closed_on IS NULL",
    "CREATE INDEX centre_unit_idx ON centre (unit_path, id)",
    "CALL keep_audit('centre', VARIADIC '{}')",
    _announcing("centre"),
    """
    CREATE TABLE operation_term (
        id uuid NOT NULL CONSTRAINT operation_term_pkey PRIMARY KEY,
        centre_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        item_id uuid NOT NULL CONSTRAINT operation_term_item_id_fkey REFERENCES service_item (id),
        operator text NOT NULL CONSTRAINT operation_term_operator_check CHECK (operator <> ''),
        mode service_operation NOT NULL,
        since date NOT NULL,
        until date,
        end_reason text,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT operation_term_centre_id_unit_path_fkey
            FOREIGN KEY (centre_id, unit_path) REFERENCES centre (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT operation_term_term_check CHECK (until >= since),
        CONSTRAINT operation_term_excl
            EXCLUDE USING gist (centre_id WITH =, item_id WITH =, daterange(since, until, '[]') WITH &&)
    )
    """,
    "CREATE INDEX operation_term_centre_idx ON operation_term (centre_id, since)",
    "CREATE INDEX operation_term_item_idx ON operation_term (item_id, since)",
    "CREATE INDEX operation_term_unit_idx ON operation_term (unit_path, id)",
    # Free text, which may name someone.
    "CALL keep_audit('operation_term', 'end_reason')",
    _announcing("operation_term"),
    # What is over stays over, but for a correction, and nothing is operated in what is closed.
    f"""
    CREATE TRIGGER operation_term_prolonged BEFORE UPDATE OF until ON operation_term FOR EACH ROW
    {PROLONGED} EXECUTE FUNCTION refuse_prolonging()
    """,
    f"""
    CREATE TRIGGER operation_term_centre AFTER UPDATE OF until ON operation_term FOR EACH ROW
    {PROLONGED} EXECUTE FUNCTION refuse_outlasting('centre', 'centre_id', 'closed_on')
    """,
    """
    CREATE TRIGGER centre_operation_term AFTER UPDATE OF closed_on ON centre FOR EACH ROW
    WHEN (NEW.closed_on IS NOT NULL) EXECUTE FUNCTION refuse_closing('operation_term', 'centre_id', 'closed_on')
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
