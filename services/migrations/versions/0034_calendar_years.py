"""Years of working days that counties load themselves."""

from alembic import op

revision = "0034"
down_revision = "0033"

STATEMENTS = (
    """
    CREATE TABLE calendar_year (
        id uuid NOT NULL CONSTRAINT calendar_year_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL
            CONSTRAINT calendar_year_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        year integer NOT NULL CONSTRAINT calendar_year_year_check CHECK (year BETWEEN 2000 AND 2100),
        days_off date[] NOT NULL,
        days_worked date[] NOT NULL,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT calendar_year_unit_path_year_key UNIQUE (unit_path, year)
    )
    """,
    "CALL keep_audit('calendar_year', VARIADIC '{}')",
    """
    CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON calendar_year
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
