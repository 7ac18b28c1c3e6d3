"""Meetings of three parties 三方协商会议 with their minutes, and what came of matters."""

from alembic import op

revision = "0065"
down_revision = "0064"

OF_MEETING = """
        id uuid NOT NULL CONSTRAINT {0}_pkey PRIMARY KEY,
        meeting_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        CONSTRAINT {0}_meeting_id_unit_path_fkey
            FOREIGN KEY (meeting_id, unit_path) REFERENCES meeting (id, unit_path) ON UPDATE CASCADE,
"""
TABLES = ("meeting_place", "meeting", "meeting_item", "meeting_attendance", "meeting_minutes", "matter_result")


def _looked_at(table: str, column: str) -> str:
    """What is looked at once more when a command is over; in no part of it does where a meeting lies count."""
    return f"""
        CREATE CONSTRAINT TRIGGER {table}_in_order AFTER INSERT OR UPDATE OR DELETE ON {table}
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_meeting('{column}')
    """


STATEMENTS = (
    "CREATE TYPE meeting_state AS ENUM ('PLANNED', 'HELD', 'CLOSED', 'CANCELLED')",
    "CREATE TYPE meeting_decision AS ENUM ('AGREED', 'DEFERRED', 'REFUSED')",
    "CREATE TYPE meeting_party AS ENUM ('PROPERTY', 'OWNERS', 'COMMUNITY', 'RESIDENTS', 'OTHER')",
    """
    CREATE TABLE meeting_place (
        id uuid NOT NULL CONSTRAINT meeting_place_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL CONSTRAINT meeting_place_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        name text NOT NULL CONSTRAINT meeting_place_name_check CHECK (name <> ''),
        withdrawn_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT meeting_place_id_unit_path_key UNIQUE (id, unit_path)
    )
    """,
    "CREATE INDEX meeting_place_unit_idx ON meeting_place (unit_path)",
    """
    CREATE TABLE meeting (
        id uuid NOT NULL CONSTRAINT meeting_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL CONSTRAINT meeting_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        place_id uuid NOT NULL,
        title text NOT NULL CONSTRAINT meeting_title_check CHECK (title <> ''),
        planned_on date NOT NULL,
        held_on date,
        state meeting_state NOT NULL DEFAULT 'PLANNED',
        cancel_reason text,
        missing_reason text,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT meeting_place_id_unit_path_fkey FOREIGN KEY (place_id, unit_path)
            REFERENCES meeting_place (id, unit_path) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT meeting_held_check CHECK ((held_on IS NULL) = (state IN ('PLANNED', 'CANCELLED'))),
        CONSTRAINT meeting_cancelled_check CHECK ((cancel_reason IS NULL) = (state <> 'CANCELLED')),
        CONSTRAINT meeting_missing_check CHECK (missing_reason IS NULL OR state IN ('HELD', 'CLOSED')),
        CONSTRAINT meeting_id_unit_path_key UNIQUE (id, unit_path)
    )
    """,
    "CREATE INDEX meeting_unit_idx ON meeting (unit_path, held_on)",
    "CREATE INDEX meeting_place_idx ON meeting (place_id)",
    f"""
    CREATE TABLE meeting_item ({OF_MEETING.format("meeting_item")}
        matter_id uuid NOT NULL CONSTRAINT meeting_item_matter_id_fkey REFERENCES matter (id),
        decision meeting_decision,
        decided text,
        votes_for integer,
        votes_against integer,
        abstained integer,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT meeting_item_decided_check
            CHECK ((decision IS NULL) = (decided IS NULL) AND decided <> ''),
        CONSTRAINT meeting_item_votes_check CHECK (
            num_nonnulls(votes_for, votes_against, abstained)
                = ANY (CASE WHEN decision IS NULL THEN ARRAY[0] ELSE ARRAY[0, 3] END)
            AND greatest(votes_for, votes_against, abstained) <= 10000
            AND least(votes_for, votes_against, abstained) >= 0),
        CONSTRAINT meeting_item_meeting_id_matter_id_key UNIQUE (meeting_id, matter_id)
    )
    """,
    "CREATE INDEX meeting_item_matter_idx ON meeting_item (matter_id)",
    "CREATE INDEX meeting_item_unit_idx ON meeting_item (unit_path)",
    f"""
    CREATE TABLE meeting_attendance ({OF_MEETING.format("meeting_attendance")}
        party meeting_party NOT NULL,
        people integer NOT NULL CONSTRAINT meeting_attendance_people_check CHECK (people BETWEEN 0 AND 10000),
        CONSTRAINT meeting_attendance_meeting_id_party_key UNIQUE (meeting_id, party)
    )
    """,
    "CREATE INDEX meeting_attendance_unit_idx ON meeting_attendance (unit_path)",
    f"""
    CREATE TABLE meeting_minutes ({OF_MEETING.format("meeting_minutes")}
        number integer NOT NULL,
        text text NOT NULL,
        account_id uuid NOT NULL CONSTRAINT meeting_minutes_account_id_fkey REFERENCES account (id),
        recorded_at timestamptz NOT NULL DEFAULT now(),
        reason text,
        CONSTRAINT meeting_minutes_text_check CHECK (text <> '' AND (reason IS NULL) = (number = 1)),
        CONSTRAINT meeting_minutes_meeting_id_number_key UNIQUE (meeting_id, number)
    )
    """,
    "CREATE INDEX meeting_minutes_account_idx ON meeting_minutes (account_id)",
    "CREATE INDEX meeting_minutes_unit_idx ON meeting_minutes (unit_path)",
    """
    CREATE TABLE matter_result (
        id uuid NOT NULL CONSTRAINT matter_result_pkey PRIMARY KEY,
        matter_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        what text NOT NULL,
        quantity integer NOT NULL CONSTRAINT matter_result_quantity_check CHECK (quantity BETWEEN 1 AND 1000000000),
        counted_in text NOT NULL,
        counted_on date NOT NULL,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT matter_result_matter_id_unit_path_fkey
            FOREIGN KEY (matter_id, unit_path) REFERENCES matter (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT matter_result_what_check CHECK (what <> '' AND counted_in <> ''),
        CONSTRAINT matter_result_matter_id_what_key UNIQUE (matter_id, what)
    )
    """,
    "CREATE INDEX matter_result_unit_idx ON matter_result (unit_path, counted_on)",
    # A closed meeting decided each item, with all three parties or the reason why not, and has minutes; before it was
    # held there is nothing to record; and minutes are numbered from 1 without gaps.
    """
    CREATE FUNCTION check_meeting() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        of meeting;
        violated text;
    BEGIN
        SELECT * INTO of FROM meeting
        WHERE id = (to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END) ->> TG_ARGV[0])::uuid;
        IF of.state = 'CLOSED' AND (
            NOT EXISTS (SELECT FROM meeting_minutes WHERE meeting_id = of.id)
            OR NOT EXISTS (SELECT FROM meeting_item WHERE meeting_id = of.id)
            OR EXISTS (SELECT FROM meeting_item WHERE meeting_id = of.id AND decision IS NULL)
            OR of.missing_reason IS NULL AND 3 > (
                SELECT count(*) FROM meeting_attendance
                WHERE meeting_id = of.id AND people > 0 AND party IN ('PROPERTY', 'OWNERS', 'COMMUNITY')
            )
        ) THEN
            violated := 'meeting_closed_check';
        ELSIF of.held_on IS NULL AND (
            EXISTS (SELECT FROM meeting_minutes WHERE meeting_id = of.id)
            OR EXISTS (SELECT FROM meeting_attendance WHERE meeting_id = of.id)
            OR EXISTS (SELECT FROM meeting_item WHERE meeting_id = of.id AND decision IS NOT NULL)
        ) THEN
            violated := 'meeting_recorded_check';
        ELSIF EXISTS (
            SELECT FROM (
                SELECT number, row_number() OVER (ORDER BY number) AS nth FROM meeting_minutes WHERE meeting_id = of.id
            ) AS written
            WHERE number <> nth
        ) THEN
            violated := 'meeting_minutes_numbers_check';
        END IF;
        IF violated IS NOT NULL THEN
            RAISE check_violation USING CONSTRAINT = violated, MESSAGE = 'the meeting is not in order';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    _looked_at("meeting", "id"),
    *(_looked_at(table, "meeting_id") for table in ("meeting_item", "meeting_attendance", "meeting_minutes")),
    # Minutes only grow. Where they lie follows their meeting, by the foreign key; a name that must not be kept is taken
    # out of them (services.audit.mentions).
    """
    CREATE FUNCTION keep_minutes() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        may text[] := CASE WHEN current_setting('jinlin.unsaying', true) = 'on'
                           THEN ARRAY['unit_path', 'text', 'reason'] ELSE ARRAY['unit_path'] END;
    BEGIN
        IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - may = to_jsonb(NEW) - may THEN
            RETURN NEW;
        END IF;
        RAISE insufficient_privilege USING MESSAGE = 'minutes are neither changed nor removed';
    END
    $$
    """,
    """
    CREATE TRIGGER keep_minutes BEFORE UPDATE OR DELETE ON meeting_minutes
    FOR EACH ROW EXECUTE FUNCTION keep_minutes()
    """,
    # Free text, which may name someone.
    "CALL keep_audit('meeting_place', VARIADIC '{}')",
    "CALL keep_audit('meeting', 'title', 'cancel_reason', 'missing_reason')",
    "CALL keep_audit('meeting_item', 'decided')",
    "CALL keep_audit('meeting_attendance', VARIADIC '{}')",
    "CALL keep_audit('meeting_minutes', 'text', 'reason')",
    "CALL keep_audit('matter_result', 'what')",
    *(
        f"""
        CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
        """
        for table in TABLES
    ),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
