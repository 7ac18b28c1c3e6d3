"""Instructors' log of their visits to the companies they are dispatched to."""

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
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
