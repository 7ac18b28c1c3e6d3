"""The weekly look at centres: scoring sheets, looks by them, and what people give."""

from alembic import op

revision = "0050"
down_revision = "0049"


def _kept(table: str, *masked: str) -> tuple[str, ...]:
    """What every table has: a place in the trail, which holds no free text, and subscribers."""
    named = ", ".join(f"'{column}'" for column in masked) or "VARIADIC '{}'"
    return (
        f"CALL keep_audit('{table}', {named})",
        f"""
        CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
        """,
    )


STATEMENTS = (
    """
    CREATE TABLE scoring_sheet (
        id uuid NOT NULL CONSTRAINT scoring_sheet_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL CONSTRAINT scoring_sheet_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        name text NOT NULL CONSTRAINT scoring_sheet_name_check CHECK (name <> ''),
        weekday integer CONSTRAINT scoring_sheet_weekday_check CHECK (weekday BETWEEN 1 AND 7),
        withdrawn_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT scoring_sheet_id_unit_path_key UNIQUE (id, unit_path)
    )
    """,
    "CREATE INDEX scoring_sheet_unit_idx ON scoring_sheet (unit_path, id)",
    *_kept("scoring_sheet"),
    """
    CREATE TABLE sheet_item (
        id uuid NOT NULL CONSTRAINT sheet_item_pkey PRIMARY KEY,
        sheet_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        number integer NOT NULL,
        name text NOT NULL CONSTRAINT sheet_item_name_check CHECK (name <> ''),
        most integer NOT NULL CONSTRAINT sheet_item_most_check CHECK (most BETWEEN 1 AND 100),
        weight integer NOT NULL CONSTRAINT sheet_item_weight_check CHECK (weight BETWEEN 1 AND 100),
        CONSTRAINT sheet_item_sheet_id_unit_path_fkey
            FOREIGN KEY (sheet_id, unit_path) REFERENCES scoring_sheet (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT sheet_item_sheet_id_name_key UNIQUE (sheet_id, name)
    )
    """,
    "CREATE INDEX sheet_item_sheet_idx ON sheet_item (sheet_id, number)",
    "CREATE INDEX sheet_item_unit_idx ON sheet_item (unit_path, id)",
    *_kept("sheet_item"),
    """
    CREATE TABLE centre_look (
        id uuid NOT NULL CONSTRAINT centre_look_pkey PRIMARY KEY,
        centre_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        sheet_id uuid NOT NULL CONSTRAINT centre_look_sheet_id_fkey REFERENCES scoring_sheet (id),
        held_on date NOT NULL,
        score numeric(5, 2) CONSTRAINT centre_look_score_check CHECK (score BETWEEN 0 AND 100),
        remark text,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT centre_look_centre_id_unit_path_fkey
            FOREIGN KEY (centre_id, unit_path) REFERENCES centre (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT centre_look_id_unit_path_key UNIQUE (id, unit_path),
        CONSTRAINT centre_look_centre_id_held_on_key UNIQUE (centre_id, held_on)
    )
    """,
    "CREATE INDEX centre_look_sheet_idx ON centre_look (sheet_id)",
    "CREATE INDEX centre_look_unit_idx ON centre_look (unit_path, held_on)",
    *_kept("centre_look", "remark"),
    """
    CREATE TABLE look_score (
        id uuid NOT NULL CONSTRAINT look_score_pkey PRIMARY KEY,
        look_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        scorer_id uuid NOT NULL CONSTRAINT look_score_scorer_id_fkey REFERENCES account (id),
        points integer[] NOT NULL
            CONSTRAINT look_score_points_check CHECK (0 <= ALL (points) AND 100 >= ALL (points)),
        score numeric(5, 2) NOT NULL CONSTRAINT look_score_score_check CHECK (score BETWEEN 0 AND 100),
        remark text,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT look_score_look_id_unit_path_fkey
            FOREIGN KEY (look_id, unit_path) REFERENCES centre_look (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT look_score_look_id_scorer_id_key UNIQUE (look_id, scorer_id)
    )
    """,
    "CREATE INDEX look_score_scorer_idx ON look_score (scorer_id)",
    "CREATE INDEX look_score_unit_idx ON look_score (unit_path, id)",
    *_kept("look_score", "remark"),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
