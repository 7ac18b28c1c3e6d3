"""Deliberation days, their analysis meetings, and reports on deliberation."""

from alembic import op

revision = "0068"
down_revision = "0067"

STATEMENTS = (
    """
    CREATE TABLE deliberation_day (
        id uuid NOT NULL CONSTRAINT deliberation_day_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL CONSTRAINT deliberation_day_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        of_id uuid NOT NULL,
        year integer NOT NULL,
        month integer NOT NULL,
        first_working_day date NOT NULL,
        held_on date NOT NULL,
        reason text,
        came integer,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT deliberation_day_year_check CHECK (year BETWEEN 2000 AND 2100 AND month BETWEEN 1 AND 12),
        CONSTRAINT deliberation_day_in_month_check CHECK (
            extract(year FROM first_working_day) = year AND extract(month FROM first_working_day) = month
            AND extract(year FROM held_on) = year AND extract(month FROM held_on) = month
        ),
        CONSTRAINT deliberation_day_said_check CHECK (held_on = first_working_day OR reason IS NOT NULL),
        CONSTRAINT deliberation_day_came_check CHECK (came BETWEEN 0 AND 100000),
        CONSTRAINT deliberation_day_of_id_year_month_key UNIQUE (of_id, year, month),
        CONSTRAINT deliberation_day_id_unit_path_held_on_key UNIQUE (id, unit_path, held_on)
    )
    """,
    "CREATE INDEX deliberation_day_unit_idx ON deliberation_day (unit_path, held_on)",
    """
    CREATE TABLE analysis_meeting (
        id uuid NOT NULL CONSTRAINT analysis_meeting_pkey PRIMARY KEY,
        day_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        day_on date NOT NULL,
        held_on date NOT NULL,
        looked_at integer NOT NULL,
        taken_up integer NOT NULL,
        dropped integer NOT NULL,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT analysis_meeting_day_id_unit_path_day_on_fkey FOREIGN KEY (day_id, unit_path, day_on)
            REFERENCES deliberation_day (id, unit_path, held_on) ON UPDATE CASCADE,
        CONSTRAINT analysis_meeting_order_check CHECK (held_on >= day_on),
        CONSTRAINT analysis_meeting_matters_check CHECK (
            looked_at BETWEEN 1 AND 10000 AND taken_up >= 0 AND dropped >= 0 AND taken_up + dropped <= looked_at
        ),
        CONSTRAINT analysis_meeting_day_id_held_on_key UNIQUE (day_id, held_on)
    )
    """,
    "CREATE INDEX analysis_meeting_unit_idx ON analysis_meeting (unit_path, held_on)",
    "CREATE TYPE deliberation_report_kind AS ENUM ('QUARTER', 'HALF_YEAR', 'YEAR')",
    """
    CREATE TABLE deliberation_report (
        id uuid NOT NULL CONSTRAINT deliberation_report_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL CONSTRAINT deliberation_report_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        of_id uuid NOT NULL,
        kind deliberation_report_kind NOT NULL,
        year integer NOT NULL,
        number integer NOT NULL,
        edition integer NOT NULL DEFAULT 1,
        published_on date NOT NULL,
        text text NOT NULL,
        grade assessment_grade,
        reason text,
        CONSTRAINT deliberation_report_year_check CHECK (year BETWEEN 2000 AND 2100),
        CONSTRAINT deliberation_report_number_check CHECK (
            number BETWEEN 1 AND CASE kind WHEN 'QUARTER' THEN 4 WHEN 'HALF_YEAR' THEN 2 ELSE 1 END
        ),
        CONSTRAINT deliberation_report_over_check CHECK (
            published_on >= make_date(year, 1, 1) + make_interval(
                months => number * CASE kind WHEN 'QUARTER' THEN 3 WHEN 'HALF_YEAR' THEN 6 ELSE 12 END
            )
        ),
        CONSTRAINT deliberation_report_grade_check CHECK ((grade IS NULL) = (kind <> 'YEAR')),
        CONSTRAINT deliberation_report_edition_check CHECK (edition >= 1 AND (reason IS NULL) = (edition = 1)),
        CONSTRAINT deliberation_report_of_id_kind_year_number_edition_key
            UNIQUE (of_id, kind, year, number, edition)
    )
    """,
    "CREATE INDEX deliberation_report_unit_idx ON deliberation_report (unit_path, published_on)",
    # A day or a report is of the unit it is made in, unless whoever makes it says which.
    """
    CREATE FUNCTION be_of_its_unit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.of_id IS NULL THEN
            SELECT id INTO NEW.of_id FROM org_unit WHERE path = NEW.unit_path;
        END IF;
        RETURN NEW;
    END
    $$
    """,
    *(
        f"""
        CREATE TRIGGER be_of_its_unit BEFORE INSERT ON {table}
        FOR EACH ROW EXECUTE FUNCTION be_of_its_unit()
        """
        for table in ("deliberation_day", "deliberation_report")
    ),
    # Free text, which may name someone.
    "CALL keep_audit('deliberation_day', 'reason')",
    "CALL keep_audit('deliberation_report', 'text', 'reason')",
    "CALL keep_audit('analysis_meeting', VARIADIC '{}')",
    *(
        f"""
        CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
        """
        for table in ("deliberation_day", "analysis_meeting", "deliberation_report")
    ),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
