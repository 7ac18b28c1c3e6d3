"""Instructors' log of their visits to companies, and what residents report to the captains of their buildings."""

from alembic import op

revision = "0027"
down_revision = "0026"

STATEMENTS = (
    # So that a visit's foreign key can carry company and path along.
    "ALTER TABLE post ADD CONSTRAINT post_id_company_id_unit_path_key UNIQUE (id, company_id, unit_path)",
    """
    CREATE TABLE instructor_visit (
        id uuid NOT NULL CONSTRAINT instructor_visit_pkey PRIMARY KEY,
        post_id uuid NOT NULL,
        company_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        visited_on date NOT NULL,
        done text NOT NULL CONSTRAINT instructor_visit_done_check CHECK (done <> ''),
        next_step text,
        recorded_on date NOT NULL,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT instructor_visit_post_id_company_id_unit_path_fkey
            FOREIGN KEY (post_id, company_id, unit_path) REFERENCES post (id, company_id, unit_path)
            ON UPDATE CASCADE
    )
    """,
    "CREATE INDEX instructor_visit_post_idx ON instructor_visit (post_id, visited_on)",
    "CREATE INDEX instructor_visit_company_idx ON instructor_visit (company_id, visited_on)",
    "CREATE INDEX instructor_visit_unit_idx ON instructor_visit (unit_path, id)",
    # Free text, which may name someone.
    "CALL keep_audit('instructor_visit', 'done', 'next_step')",
    """
    CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON instructor_visit
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
    """,
    # A visit lies within the term. That it does when it is recorded the command sees to, which holds the post's row;
    # commands about posts know of no visits.
    """
    CREATE FUNCTION refuse_leaving_visits() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM instructor_visit WHERE post_id = NEW.id
                   AND (visited_on < NEW.since OR visited_on > coalesce(NEW.until, 'infinity'))) THEN
            RAISE check_violation USING CONSTRAINT = 'post_instructor_visit_check',
                MESSAGE = 'a visit would lie outside the term';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER post_instructor_visit AFTER UPDATE OF since, until ON post FOR EACH ROW
    WHEN (NEW.kind = 'INSTRUCTOR' AND (NEW.since, NEW.until) IS DISTINCT FROM (OLD.since, OLD.until))
    EXECUTE FUNCTION refuse_leaving_visits()
    """,
    "CREATE TYPE report_kind AS ENUM ('REPAIR', 'SANITATION', 'NEIGHBOURS', 'SAFETY', 'OTHER')",
    "CREATE TYPE report_status AS ENUM ('OPEN', 'IN_HAND', 'REFERRED', 'DONE')",
    """
    CREATE TABLE resident_report (
        id uuid NOT NULL CONSTRAINT resident_report_pkey PRIMARY KEY,
        building_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        reported_on date NOT NULL,
        kind report_kind NOT NULL,
        text text NOT NULL CONSTRAINT resident_report_text_check CHECK (text <> ''),
        spot text,
        status report_status NOT NULL DEFAULT 'OPEN',
        outcome text,
        answered_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT resident_report_building_id_unit_path_fkey
            FOREIGN KEY (building_id, unit_path) REFERENCES building (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT resident_report_answer_check
            CHECK (num_nonnulls(outcome, answered_on) = CASE status WHEN 'OPEN' THEN 0 ELSE 2 END)
    )
    """,
    "CREATE INDEX resident_report_building_idx ON resident_report (building_id, reported_on)",
    "CREATE INDEX resident_report_unit_idx ON resident_report (unit_path, id)",
    "CALL keep_audit('resident_report', 'text', 'spot', 'outcome')",
    """
    CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON resident_report
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
