"""Alliances 党建联盟 of units, their joint meetings, and what these agreed."""

from alembic import op

revision = "0070"
down_revision = "0069"

OF_ALLIANCE = """
        id uuid NOT NULL CONSTRAINT {0}_pkey PRIMARY KEY,
        alliance_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        CONSTRAINT {0}_alliance_id_unit_path_fkey
            FOREIGN KEY (alliance_id, unit_path) REFERENCES alliance (id, unit_path) ON UPDATE CASCADE,
"""
TABLES = ("alliance", "alliance_term", "alliance_meeting", "alliance_agreement")
STATEMENTS = (
    "CREATE TYPE alliance_role AS ENUM ('LEAD', 'MEMBER')",
    """
    CREATE TABLE alliance (
        id uuid NOT NULL CONSTRAINT alliance_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL CONSTRAINT alliance_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        name text NOT NULL CONSTRAINT alliance_name_check CHECK (name <> ''),
        begun_on date NOT NULL,
        ended_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT alliance_ended_check CHECK (ended_on >= begun_on),
        CONSTRAINT alliance_id_unit_path_key UNIQUE (id, unit_path)
    )
    """,
    "CREATE INDEX alliance_unit_idx ON alliance (unit_path, begun_on)",
    # One lead at a time, and nobody twice at once: null is like nothing.
    f"""
    CREATE TABLE alliance_term ({OF_ALLIANCE.format("alliance_term")}
        organization_id uuid CONSTRAINT alliance_term_organization_id_fkey REFERENCES party_organization (id),
        name text,
        folded text COLLATE "C",
        role alliance_role NOT NULL,
        since date NOT NULL,
        until date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT alliance_term_whose_check CHECK (num_nonnulls(organization_id, name) = 1),
        CONSTRAINT alliance_term_name_check CHECK ((name IS NULL) = (folded IS NULL) AND name <> ''),
        CONSTRAINT alliance_term_term_check CHECK (until >= since),
        CONSTRAINT alliance_term_lead_excl
            EXCLUDE USING gist (alliance_id WITH =, daterange(since, until, '[]') WITH &&) WHERE (role = 'LEAD'),
        CONSTRAINT alliance_term_organization_excl EXCLUDE USING gist
            (alliance_id WITH =, organization_id WITH =, daterange(since, until, '[]') WITH &&),
        CONSTRAINT alliance_term_name_excl EXCLUDE USING gist
            (alliance_id WITH =, folded WITH =, daterange(since, until, '[]') WITH &&)
    )
    """,
    "CREATE INDEX alliance_term_alliance_idx ON alliance_term (alliance_id, since)",
    "CREATE INDEX alliance_term_organization_idx ON alliance_term (organization_id)",
    "CREATE INDEX alliance_term_unit_idx ON alliance_term (unit_path, since)",
    f"""
    CREATE TABLE alliance_meeting ({OF_ALLIANCE.format("alliance_meeting")}
        held_on date NOT NULL,
        units_came integer NOT NULL
            CONSTRAINT alliance_meeting_units_came_check CHECK (units_came BETWEEN 1 AND 1000),
        about text NOT NULL CONSTRAINT alliance_meeting_about_check CHECK (about <> ''),
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT alliance_meeting_id_unit_path_held_on_key UNIQUE (id, unit_path, held_on)
    )
    """,
    "CREATE INDEX alliance_meeting_alliance_idx ON alliance_meeting (alliance_id, held_on)",
    "CREATE INDEX alliance_meeting_unit_idx ON alliance_meeting (unit_path, held_on)",
    """
    CREATE TABLE alliance_agreement (
        id uuid NOT NULL CONSTRAINT alliance_agreement_pkey PRIMARY KEY,
        meeting_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        agreed_on date NOT NULL,
        agreed text NOT NULL,
        done_by text NOT NULL,
        due_on date NOT NULL,
        done_on date,
        dropped_on date,
        drop_reason text,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT alliance_agreement_meeting_id_unit_path_agreed_on_fkey
            FOREIGN KEY (meeting_id, unit_path, agreed_on) REFERENCES alliance_meeting (id, unit_path, held_on)
            ON UPDATE CASCADE,
        CONSTRAINT alliance_agreement_agreed_check CHECK (agreed <> '' AND done_by <> ''),
        CONSTRAINT alliance_agreement_days_check
            CHECK (due_on >= agreed_on AND done_on >= agreed_on AND dropped_on >= agreed_on),
        CONSTRAINT alliance_agreement_dropped_check CHECK ((dropped_on IS NULL) = (drop_reason IS NULL)),
        CONSTRAINT alliance_agreement_over_check CHECK (num_nonnulls(done_on, dropped_on) <= 1)
    )
    """,
    "CREATE INDEX alliance_agreement_meeting_idx ON alliance_agreement (meeting_id)",
    "CREATE INDEX alliance_agreement_unit_idx ON alliance_agreement (unit_path, due_on)",
    # Free text, which may name someone.
    "CALL keep_audit('alliance', VARIADIC '{}')",
    "CALL keep_audit('alliance_term', VARIADIC '{}')",
    "CALL keep_audit('alliance_meeting', 'about')",
    "CALL keep_audit('alliance_agreement', 'agreed', 'done_by', 'drop_reason')",
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
