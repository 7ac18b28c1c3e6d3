"""Activities, who signed up and who came, residents' teams, and the key of check-in codes."""

import os

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def _announcing(table: str) -> str:
    return f"""
        CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
    """


def _unrestricted(table: str) -> str:
    """Nobody is put into it while the processing of their data is restricted (migration 0035)."""
    return f"""
        CREATE TRIGGER refuse_restricted BEFORE INSERT OR UPDATE OF member_id ON {table}
        FOR EACH ROW WHEN (NEW.member_id IS NOT NULL) EXECUTE FUNCTION refuse_restricted()
    """


STATEMENTS = (
    """
    CREATE TABLE residents_team (
        id uuid NOT NULL CONSTRAINT residents_team_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL CONSTRAINT residents_team_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        name text NOT NULL CONSTRAINT residents_team_name_check CHECK (name <> ''),
        folded text COLLATE "C" NOT NULL,
        sorting text COLLATE "C" NOT NULL GENERATED ALWAYS AS (numbers_padded(numerals_read(folded))) STORED,
        kind text NOT NULL CONSTRAINT residents_team_kind_check CHECK (kind <> ''),
        head_count integer NOT NULL DEFAULT 0
            CONSTRAINT residents_team_head_count_check CHECK (head_count BETWEEN 0 AND 100000),
        member_id uuid CONSTRAINT residents_team_member_id_fkey REFERENCES member (id),
        closed_on date,
        version integer NOT NULL DEFAULT 1
    )
    """,
    """
    CREATE UNIQUE INDEX residents_team_unit_path_folded_key ON residents_team (unit_path, folded)
    WHERE closed_on IS NULL
    """,
    "CREATE INDEX residents_team_unit_idx ON residents_team (unit_path, id)",
    "CREATE INDEX residents_team_member_idx ON residents_team (member_id)",
    "CALL keep_audit('residents_team', 'name', 'kind')",
    _announcing("residents_team"),
    _unrestricted("residents_team"),
    "CREATE TYPE activity_kind AS ENUM ('HOME_DAY', 'OTHER')",
    "CREATE TYPE activity_form AS ENUM ('ON_SITE', 'STREAMED', 'BOTH')",
    "CREATE TYPE activity_status AS ENUM ('PUBLISHED', 'CANCELLED')",
    """
    CREATE TABLE activity (
        id uuid NOT NULL CONSTRAINT activity_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL CONSTRAINT activity_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        title text NOT NULL CONSTRAINT activity_title_check CHECK (title <> ''),
        kind activity_kind NOT NULL,
        form activity_form NOT NULL,
        begins_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        venue text,
        capacity integer CONSTRAINT activity_capacity_check CHECK (capacity BETWEEN 1 AND 100000),
        sign_up_closes_at timestamptz NOT NULL,
        status activity_status NOT NULL DEFAULT 'PUBLISHED',
        cancel_reason text,
        team_id uuid CONSTRAINT activity_team_id_fkey REFERENCES residents_team (id),
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT activity_ends_at_check CHECK (ends_at > begins_at),
        CONSTRAINT activity_sign_up_closes_at_check CHECK (sign_up_closes_at <= begins_at),
        CONSTRAINT activity_venue_check CHECK (venue IS NOT NULL OR form = 'STREAMED'),
        CONSTRAINT activity_cancel_reason_check CHECK ((status = 'CANCELLED') = (cancel_reason IS NOT NULL)),
        CONSTRAINT activity_id_unit_path_key UNIQUE (id, unit_path)
    )
    """,
    "CREATE INDEX activity_unit_idx ON activity (unit_path, begins_at)",
    "CREATE INDEX activity_team_idx ON activity (team_id)",
    "CALL keep_audit('activity', 'title', 'venue', 'cancel_reason')",
    _announcing("activity"),
    """
    CREATE FUNCTION refuse_reviving() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE check_violation USING CONSTRAINT = 'activity_final_check', MESSAGE = 'the activity is cancelled';
    END
    $$
    """,
    """
    CREATE TRIGGER activity_final BEFORE UPDATE OF status ON activity FOR EACH ROW
    WHEN (OLD.status = 'CANCELLED' AND NEW.status <> 'CANCELLED') EXECUTE FUNCTION refuse_reviving()
    """,
    "CREATE TYPE sign_up_status AS ENUM ('SIGNED_UP', 'WAITING', 'CANCELLED')",
    """
    CREATE TABLE activity_sign_up (
        id uuid NOT NULL CONSTRAINT activity_sign_up_pkey PRIMARY KEY,
        activity_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        member_id uuid NOT NULL CONSTRAINT activity_sign_up_member_id_fkey REFERENCES member (id),
        status sign_up_status NOT NULL,
        at timestamptz NOT NULL,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT activity_sign_up_activity_id_unit_path_fkey
            FOREIGN KEY (activity_id, unit_path) REFERENCES activity (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT activity_sign_up_activity_id_member_id_key UNIQUE (activity_id, member_id)
    )
    """,
    "CREATE INDEX activity_sign_up_line_idx ON activity_sign_up (activity_id, status, at)",
    "CREATE INDEX activity_sign_up_member_idx ON activity_sign_up (member_id, at)",
    "CREATE INDEX activity_sign_up_unit_idx ON activity_sign_up (unit_path, id)",
    # The trail is read by auditors as well, who count who came and are not told who it was.
    "CALL keep_audit('activity_sign_up', 'member_id')",
    _announcing("activity_sign_up"),
    _unrestricted("activity_sign_up"),
    # Whoever signs up counts once no other can: the activity's row is locked, and what is counted is read after that.
    """
    CREATE FUNCTION refuse_overbooking() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        what uuid := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;
        room integer;
    BEGIN
        SELECT capacity INTO room FROM activity WHERE id = what FOR NO KEY UPDATE;
        IF room < (SELECT count(*) FROM activity_sign_up WHERE activity_id = what AND status = 'SIGNED_UP') THEN
            RAISE check_violation USING CONSTRAINT = 'activity_taken_check', MESSAGE = 'every place is taken';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER activity_sign_up_taken AFTER INSERT OR UPDATE OF status ON activity_sign_up FOR EACH ROW
    WHEN (NEW.status = 'SIGNED_UP') EXECUTE FUNCTION refuse_overbooking('activity_id')
    """,
    """
    CREATE TRIGGER activity_taken AFTER UPDATE OF capacity ON activity FOR EACH ROW
    WHEN (NEW.capacity IS NOT NULL) EXECUTE FUNCTION refuse_overbooking('id')
    """,
    "CREATE TYPE activity_check_in AS ENUM ('CODE', 'ORGANIZER')",
    """
    CREATE TABLE activity_attendance (
        id uuid NOT NULL CONSTRAINT activity_attendance_pkey PRIMARY KEY,
        activity_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        member_id uuid NOT NULL CONSTRAINT activity_attendance_member_id_fkey REFERENCES member (id),
        by activity_check_in NOT NULL,
        at timestamptz NOT NULL,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT activity_attendance_activity_id_unit_path_fkey
            FOREIGN KEY (activity_id, unit_path) REFERENCES activity (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT activity_attendance_activity_id_member_id_key UNIQUE (activity_id, member_id)
    )
    """,
    "CREATE INDEX activity_attendance_member_idx ON activity_attendance (member_id, at)",
    "CREATE INDEX activity_attendance_unit_idx ON activity_attendance (unit_path, id)",
    "CALL keep_audit('activity_attendance', 'member_id')",
    _announcing("activity_attendance"),
    _unrestricted("activity_attendance"),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    secret = sa.text("INSERT INTO service_secret (name, value) VALUES ('check_in', :value)")
    op.execute(secret.bindparams(value=os.urandom(32)))
