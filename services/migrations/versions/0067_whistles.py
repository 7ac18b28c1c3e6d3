"""Whistles 哨 of communities for departments, and their steps."""

from alembic import op

revision = "0067"
down_revision = "0065"

STATEMENTS = (
    "CREATE TYPE whistle_status AS ENUM ('BLOWN', 'ANSWERED', 'SOLVED', 'RETURNED', 'CONFIRMED', 'REOPENED')",
    """
    CREATE TYPE whistle_action AS ENUM
        ('BLOWN', 'ANSWERED', 'SOLVED', 'RETURNED', 'TRANSFERRED', 'CONFIRMED', 'REOPENED')
    """,
    """
    CREATE TABLE whistle (
        id uuid NOT NULL CONSTRAINT whistle_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL CONSTRAINT whistle_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        matter_id uuid,
        department_id uuid NOT NULL CONSTRAINT whistle_department_id_fkey REFERENCES department (id),
        title text NOT NULL CONSTRAINT whistle_title_check CHECK (title <> ''),
        detail text,
        blown_on date NOT NULL,
        status whistle_status NOT NULL DEFAULT 'BLOWN',
        answer_days integer NOT NULL,
        answer_due_on date NOT NULL,
        answer_town_on date NOT NULL,
        answer_county_on date NOT NULL,
        solve_days integer NOT NULL,
        solve_due_on date NOT NULL,
        solve_town_on date NOT NULL,
        solve_county_on date NOT NULL,
        was_town_on date,
        was_county_on date,
        answered_on date,
        solved_on date,
        confirmed_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT whistle_matter_id_unit_path_fkey FOREIGN KEY (matter_id, unit_path)
            REFERENCES matter (id, unit_path) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT whistle_limits_check
            CHECK (answer_days BETWEEN 1 AND 30 AND solve_days BETWEEN answer_days AND 90),
        CONSTRAINT whistle_days_check CHECK (
            answer_due_on > blown_on AND answer_town_on > answer_due_on AND answer_county_on >= answer_town_on
            AND solve_due_on > blown_on AND solve_town_on > solve_due_on AND solve_county_on >= solve_town_on
            AND was_county_on >= was_town_on
        ),
        CONSTRAINT whistle_was_check CHECK (was_county_on IS NULL OR was_town_on IS NOT NULL),
        CONSTRAINT whistle_answered_check CHECK ((answered_on IS NULL) = (status IN ('BLOWN', 'REOPENED'))),
        CONSTRAINT whistle_solved_check CHECK (
            CASE status WHEN 'SOLVED' THEN solved_on IS NOT NULL WHEN 'CONFIRMED' THEN true ELSE solved_on IS NULL END
        ),
        CONSTRAINT whistle_confirmed_check CHECK ((confirmed_on IS NULL) = (status <> 'CONFIRMED')),
        CONSTRAINT whistle_id_unit_path_key UNIQUE (id, unit_path)
    )
    """,
    "CREATE INDEX whistle_unit_idx ON whistle (unit_path, blown_on)",
    "CREATE INDEX whistle_department_idx ON whistle (department_id, solve_due_on)",
    "CREATE INDEX whistle_matter_idx ON whistle (matter_id)",
    """
    CREATE TABLE whistle_step (
        id uuid NOT NULL CONSTRAINT whistle_step_pkey PRIMARY KEY,
        whistle_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        number integer NOT NULL,
        action whistle_action NOT NULL,
        department_id uuid NOT NULL CONSTRAINT whistle_step_department_id_fkey REFERENCES department (id),
        taken_on date NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        account_id uuid NOT NULL CONSTRAINT whistle_step_account_id_fkey REFERENCES account (id),
        text text,
        due_on date,
        CONSTRAINT whistle_step_whistle_id_unit_path_fkey
            FOREIGN KEY (whistle_id, unit_path) REFERENCES whistle (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT whistle_step_reason_check
            CHECK (text IS NOT NULL OR action NOT IN ('RETURNED', 'TRANSFERRED', 'REOPENED')),
        CONSTRAINT whistle_step_whistle_id_number_key UNIQUE (whistle_id, number)
    )
    """,
    "CREATE INDEX whistle_step_account_idx ON whistle_step (account_id)",
    "CREATE INDEX whistle_step_department_idx ON whistle_step (department_id)",
    "CREATE INDEX whistle_step_unit_idx ON whistle_step (unit_path, taken_on)",
    # Steps are numbered from 1 without gaps; each leads on from where the one before led, and not before it; only a
    # transfer changes whose it is; and the whistle stands where the last one led, with whom. FROM of
    # services/deliberation/whistle_tables.py says the same.
    """
    CREATE FUNCTION check_whistle() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        of whistle;
        last whistle_step;
    BEGIN
        SELECT * INTO of FROM whistle
        WHERE id = (to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END) ->> TG_ARGV[0])::uuid;
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
        SELECT * INTO last FROM whistle_step WHERE whistle_id = of.id ORDER BY number DESC LIMIT 1;
        IF (
            EXISTS (
                SELECT FROM (
                    SELECT number, action, department_id, taken_on,
                           row_number() OVER one_by_one AS nth,
                           lag(action) OVER one_by_one AS led_to,
                           lag(department_id, 1, department_id) OVER one_by_one AS was_of,
                           lag(taken_on, 1, of.blown_on) OVER one_by_one AS earlier
                    FROM whistle_step WHERE whistle_id = of.id
                    WINDOW one_by_one AS (ORDER BY number)
                ) AS taken
                WHERE number <> nth OR taken_on < earlier
                    OR (department_id <> was_of) <> (action = 'TRANSFERRED')
                    OR NOT CASE action
                        WHEN 'BLOWN' THEN nth = 1 AND taken_on = of.blown_on
                        WHEN 'ANSWERED' THEN coalesce(led_to IN ('BLOWN', 'REOPENED', 'TRANSFERRED'), false)
                        WHEN 'SOLVED' THEN coalesce(led_to = 'ANSWERED', false)
                        WHEN 'RETURNED'
                            THEN coalesce(led_to IN ('BLOWN', 'REOPENED', 'TRANSFERRED', 'ANSWERED'), false)
                        WHEN 'TRANSFERRED' THEN
                            coalesce(led_to IN ('BLOWN', 'REOPENED', 'TRANSFERRED', 'ANSWERED', 'RETURNED'), false)
                        WHEN 'CONFIRMED' THEN coalesce(led_to IN ('SOLVED', 'RETURNED'), false)
                        WHEN 'REOPENED' THEN coalesce(led_to IN ('SOLVED', 'CONFIRMED'), false)
                    END
            )
            OR last IS NULL
            OR of.status::text <> CASE last.action WHEN 'TRANSFERRED' THEN 'BLOWN' ELSE last.action::text END
            OR of.department_id <> last.department_id
        ) THEN
            RAISE check_violation USING CONSTRAINT = 'whistle_steps_check', MESSAGE = 'this is not what was done';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE CONSTRAINT TRIGGER whistle_steps AFTER INSERT OR UPDATE OF status, department_id, blown_on ON whistle
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_whistle('id')
    """,
    """
    CREATE CONSTRAINT TRIGGER whistle_step_steps
    AFTER INSERT OR DELETE OR UPDATE OF whistle_id, number, action, department_id, taken_on ON whistle_step
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_whistle('whistle_id')
    """,
    # What runs is for a department that is there: locked, so that nobody closes it meanwhile. A confirmed one is over.
    """
    CREATE FUNCTION refuse_closed_department() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        closed date;
    BEGIN
        SELECT closed_on INTO closed FROM department WHERE id = NEW.department_id FOR SHARE;
        IF closed IS NOT NULL THEN
            RAISE check_violation USING CONSTRAINT = 'whistle_department_check',
                MESSAGE = 'the department is there no more';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER whistle_department AFTER INSERT OR UPDATE OF status, department_id ON whistle FOR EACH ROW
    WHEN (NEW.status <> 'CONFIRMED') EXECUTE FUNCTION refuse_closed_department()
    """,
    """
    CREATE FUNCTION refuse_open_whistles() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM whistle WHERE department_id = NEW.id AND status <> 'CONFIRMED') THEN
            RAISE check_violation USING CONSTRAINT = 'department_whistle_check',
                MESSAGE = 'whistles for the department are not over';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER department_whistle AFTER UPDATE OF closed_on ON department FOR EACH ROW
    WHEN (NEW.closed_on IS NOT NULL) EXECUTE FUNCTION refuse_open_whistles()
    """,
    # Free text, which may name someone.
    "CALL keep_audit('whistle', 'title', 'detail')",
    "CALL keep_audit('whistle_step', 'text')",
    *(
        f"""
        CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
        """
        for table in ("whistle", "whistle_step")
    ),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
