"""Matters 议题, the way they go, and their moves along it."""

from alembic import op

revision = "0061"
down_revision = "0060"

STATEMENTS = (
    "CREATE TYPE matter_step AS ENUM ('PROPOSED', 'CONSULTING', 'ACTING', 'ASSESSING', 'SETTLED', 'DROPPED')",
    "CREATE TYPE matter_source AS ENUM ('SUGGESTION', 'SURVEY', 'WHISTLE', 'VISIT', 'WINDOW')",
    """
    CREATE TABLE matter_way (
        id uuid NOT NULL CONSTRAINT matter_way_pkey PRIMARY KEY,
        from_step matter_step NOT NULL,
        to_step matter_step NOT NULL,
        action text COLLATE "C" NOT NULL,
        reason_owed boolean NOT NULL,
        name text NOT NULL,
        working_days integer,
        CONSTRAINT matter_way_from_step_to_step_key UNIQUE (from_step, to_step)
    )
    """,
    # services/deliberation/way.py
    """
    INSERT INTO matter_way (id, from_step, to_step, action, reason_owed, name, working_days)
    SELECT gen_random_uuid(), way.* FROM (VALUES
        ('PROPOSED'::matter_step, 'CONSULTING'::matter_step,
            'consult', false, '转入商议 / Take it to consultation', 20),
        ('CONSULTING', 'ACTING', 'act', false, '转入践议 / Begin to carry it out', 60),
        ('ACTING', 'ASSESSING', 'assess', false, '转入议评 / Begin the assessment', 10),
        ('ASSESSING', 'SETTLED', 'settle', false, '办结 / Settle it', NULL),
        ('CONSULTING', 'PROPOSED', 'return', true, '退回提议 / Return it to who proposed it', 5),
        ('ASSESSING', 'ACTING', 'return', true, '退回践议 / Carry it out once more', 60),
        ('PROPOSED', 'DROPPED', 'drop', true, '不予办理 / Do not take it up', NULL),
        ('CONSULTING', 'DROPPED', 'drop', true, '不予办理 / Do not take it up', NULL),
        ('SETTLED', 'ACTING', 'reopen', true, '重新践议 / Take it up again', 60),
        ('DROPPED', 'PROPOSED', 'reopen', true, '重新提议 / Propose it again', 5)
    ) AS way
    """,
    """
    CREATE TABLE matter (
        id uuid NOT NULL CONSTRAINT matter_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL CONSTRAINT matter_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        compound_id uuid,
        title text NOT NULL CONSTRAINT matter_title_check CHECK (title <> ''),
        detail text,
        source matter_source NOT NULL,
        proposed_on date NOT NULL,
        step matter_step NOT NULL DEFAULT 'PROPOSED',
        stepped_on date NOT NULL,
        due_on date,
        carried_out_on date,
        asked integer,
        satisfied integer,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT matter_compound_id_unit_path_fkey FOREIGN KEY (compound_id, unit_path)
            REFERENCES compound (id, unit_path) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT matter_days_check
            CHECK (stepped_on >= proposed_on AND carried_out_on BETWEEN proposed_on AND stepped_on),
        CONSTRAINT matter_due_check CHECK ((due_on IS NULL) = (step IN ('SETTLED', 'DROPPED'))),
        CONSTRAINT matter_carried_out_check
            CHECK ((carried_out_on IS NULL) = (step NOT IN ('ASSESSING', 'SETTLED'))),
        CONSTRAINT matter_assessed_check
            CHECK (num_nonnulls(asked, satisfied) = CASE step WHEN 'SETTLED' THEN 2 ELSE 0 END),
        CONSTRAINT matter_outcome_check CHECK (asked BETWEEN 1 AND 1000000 AND satisfied BETWEEN 0 AND asked),
        CONSTRAINT matter_id_unit_path_key UNIQUE (id, unit_path)
    )
    """,
    "CREATE INDEX matter_unit_idx ON matter (unit_path, proposed_on)",
    "CREATE INDEX matter_compound_idx ON matter (compound_id)",
    """
    CREATE TABLE matter_move (
        id uuid NOT NULL CONSTRAINT matter_move_pkey PRIMARY KEY,
        matter_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        number integer NOT NULL,
        from_step matter_step NOT NULL,
        to_step matter_step NOT NULL,
        moved_on date NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        account_id uuid NOT NULL CONSTRAINT matter_move_account_id_fkey REFERENCES account (id),
        reason text,
        due_on date,
        asked integer,
        satisfied integer,
        CONSTRAINT matter_move_matter_id_unit_path_fkey
            FOREIGN KEY (matter_id, unit_path) REFERENCES matter (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT matter_move_from_step_to_step_fkey
            FOREIGN KEY (from_step, to_step) REFERENCES matter_way (from_step, to_step),
        CONSTRAINT matter_move_due_check CHECK ((due_on IS NULL) = (from_step IN ('SETTLED', 'DROPPED'))),
        CONSTRAINT matter_move_assessed_check
            CHECK (num_nonnulls(asked, satisfied) = CASE to_step WHEN 'SETTLED' THEN 2 ELSE 0 END),
        CONSTRAINT matter_move_outcome_check CHECK (asked BETWEEN 1 AND 1000000 AND satisfied BETWEEN 0 AND asked),
        CONSTRAINT matter_move_matter_id_number_key UNIQUE (matter_id, number)
    )
    """,
    "CREATE INDEX matter_move_account_idx ON matter_move (account_id)",
    "CREATE INDEX matter_move_unit_idx ON matter_move (unit_path, moved_on)",
    # Moves are numbered from 1 without gaps; each leads on from where the one before led, not before it, with the
    # reason that is owed; and the matter is where the last one led.
    """
    CREATE FUNCTION check_matter() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        of matter;
        last matter_move;
    BEGIN
        SELECT * INTO of FROM matter
        WHERE id = (to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END) ->> TG_ARGV[0])::uuid;
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
        SELECT * INTO last FROM matter_move WHERE matter_id = of.id ORDER BY number DESC LIMIT 1;
        IF (
            EXISTS (
                SELECT FROM (
                    SELECT number, from_step, moved_on, reason_owed AND reason IS NULL AS unsaid,
                           row_number() OVER one_by_one AS nth,
                           lag(to_step, 1, 'PROPOSED') OVER one_by_one AS led_to,
                           lag(moved_on, 1, of.proposed_on) OVER one_by_one AS earlier
                    FROM matter_move LEFT JOIN matter_way USING (from_step, to_step)
                    WHERE matter_id = of.id
                    WINDOW one_by_one AS (ORDER BY number)
                ) AS moved
                WHERE number <> nth OR from_step <> led_to OR moved_on < earlier OR unsaid
            )
            OR of.step <> coalesce(last.to_step, 'PROPOSED')
            OR of.stepped_on <> coalesce(last.moved_on, of.proposed_on)
        ) THEN
            RAISE check_violation USING CONSTRAINT = 'matter_way_check', MESSAGE = 'the matter did not go this way';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE CONSTRAINT TRIGGER matter_steps AFTER INSERT OR UPDATE OF step, stepped_on, proposed_on ON matter
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_matter('id')
    """,
    """
    CREATE CONSTRAINT TRIGGER matter_move_steps
    AFTER INSERT OR DELETE OR UPDATE OF matter_id, number, from_step, to_step, moved_on, reason ON matter_move
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_matter('matter_id')
    """,
    # Free text, which may name someone.
    "CALL keep_audit('matter', 'title', 'detail')",
    "CALL keep_audit('matter_move', 'reason')",
    *(
        f"""
        CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
        """
        for table in ("matter_way", "matter", "matter_move")
    ),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
