"""Help teams, who is in them, and what is asked of them."""

from alembic import op

revision = "0041"
down_revision = "0040"

STATEMENTS = (
    "CREATE TYPE help_kind AS ENUM ('CARE', 'HEALTH', 'TUTORING', 'CONVENIENCE')",
    "CREATE TYPE help_status AS ENUM ('OPEN', 'TAKEN', 'DONE', 'DROPPED')",
    """
    CREATE TABLE help_team (
        id uuid NOT NULL CONSTRAINT help_team_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL
            CONSTRAINT help_team_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        kind help_kind NOT NULL,
        name text NOT NULL CONSTRAINT help_team_name_check CHECK (name <> ''),
        folded text COLLATE "C" NOT NULL,
        closed_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT help_team_id_unit_path_key UNIQUE (id, unit_path)
    )
    """,
    "CREATE UNIQUE INDEX help_team_unit_path_folded_key ON help_team (unit_path, folded) WHERE closed_on IS NULL",
    "CREATE INDEX help_team_unit_idx ON help_team (unit_path, id)",
    "CALL keep_audit('help_team', VARIADIC '{}')",
    """
    CREATE TABLE help_team_member (
        id uuid NOT NULL CONSTRAINT help_team_member_pkey PRIMARY KEY,
        team_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        member_id uuid NOT NULL CONSTRAINT help_team_member_member_id_fkey REFERENCES member (id),
        since date NOT NULL,
        until date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT help_team_member_team_id_unit_path_fkey
            FOREIGN KEY (team_id, unit_path) REFERENCES help_team (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT help_team_member_term_check CHECK (until >= since),
        CONSTRAINT help_team_member_excl EXCLUDE USING gist
            (team_id WITH =, member_id WITH =, daterange(since, until, '[]') WITH &&)
    )
    """,
    "CREATE INDEX help_team_member_team_idx ON help_team_member (team_id, since)",
    "CREATE INDEX help_team_member_member_idx ON help_team_member (member_id, since)",
    "CREATE INDEX help_team_member_unit_idx ON help_team_member (unit_path, id)",
    "CALL keep_audit('help_team_member', VARIADIC '{}')",
    """
    CREATE TABLE help_request (
        id uuid NOT NULL CONSTRAINT help_request_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL
            CONSTRAINT help_request_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        kind help_kind NOT NULL,
        text text NOT NULL CONSTRAINT help_request_text_check CHECK (text <> ''),
        beneficiary text NOT NULL,
        asked_on date NOT NULL,
        status help_status NOT NULL DEFAULT 'OPEN',
        team_id uuid CONSTRAINT help_request_team_id_fkey REFERENCES help_team (id),
        member_id uuid CONSTRAINT help_request_member_id_fkey REFERENCES member (id),
        closed_on date,
        minutes integer CONSTRAINT help_request_minutes_check CHECK (minutes BETWEEN 1 AND 144000),
        outcome text,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT help_request_taken_check CHECK (
            num_nonnulls(team_id, member_id) IN (0, 2) AND (team_id IS NULL OR status <> 'OPEN')
            AND (team_id IS NOT NULL OR status IN ('OPEN', 'DROPPED'))),
        CONSTRAINT help_request_closed_check CHECK (
            num_nonnulls(closed_on, outcome) = CASE WHEN status IN ('DONE', 'DROPPED') THEN 2 ELSE 0 END
            AND (minutes IS NULL) = (status <> 'DONE') AND closed_on >= asked_on)
    )
    """,
    "CREATE INDEX help_request_unit_idx ON help_request (unit_path, id)",
    "CREATE INDEX help_request_team_idx ON help_request (team_id, asked_on)",
    "CREATE INDEX help_request_member_idx ON help_request (member_id, asked_on)",
    # Free text, which may name someone, and says who needs help.
    "CALL keep_audit('help_request', 'text', 'beneficiary', 'outcome')",
    *(
        f"""
        CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
        """
        for table in ("help_team", "help_team_member", "help_request")
    ),
    *(
        f"""
        CREATE TRIGGER refuse_restricted BEFORE INSERT OR UPDATE OF member_id ON {table}
        FOR EACH ROW WHEN (NEW.member_id IS NOT NULL) EXECUTE FUNCTION refuse_restricted()
        """
        for table in ("help_team_member", "help_request")
    ),
    """
    CREATE TRIGGER help_team_member_prolonged BEFORE UPDATE OF until ON help_team_member FOR EACH ROW
    WHEN (OLD.until IS NOT NULL AND coalesce(NEW.until > OLD.until, true)) EXECUTE FUNCTION refuse_prolonging()
    """,
    """
    CREATE TRIGGER help_team_member_member AFTER UPDATE OF until ON help_team_member FOR EACH ROW
    WHEN (OLD.until IS NOT NULL AND coalesce(NEW.until > OLD.until, true))
    EXECUTE FUNCTION refuse_outlasting('member', 'member_id', 'left_on')
    """,
    """
    CREATE TRIGGER member_help_team_member AFTER UPDATE OF left_on ON member FOR EACH ROW
    WHEN (NEW.left_on IS NOT NULL) EXECUTE FUNCTION refuse_closing('help_team_member', 'member_id', 'left_on')
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
