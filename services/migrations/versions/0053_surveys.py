"""Needs surveys, whose answers are counters and nothing else, what was counted of them, and what answers a need."""

from alembic import op

revision = "0053"
down_revision = "0052"


def _kept(table: str) -> tuple[str, str]:
    return (
        f"CALL keep_audit('{table}', VARIADIC '{{}}')",
        f"""
        CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
        """,
    )


STATEMENTS = (
    """
    CREATE TABLE need_survey (
        id uuid NOT NULL CONSTRAINT need_survey_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL CONSTRAINT need_survey_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        name text NOT NULL CONSTRAINT need_survey_name_check CHECK (name <> ''),
        opens_on date NOT NULL,
        closes_on date NOT NULL,
        crossing text[] NOT NULL CONSTRAINT need_survey_crossing_check CHECK (cardinality(crossing) <> 1),
        counted_on date,
        cell integer CONSTRAINT need_survey_cell_check CHECK (cell > 1),
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT need_survey_term_check CHECK (closes_on >= opens_on),
        CONSTRAINT need_survey_counted_check CHECK (num_nonnulls(counted_on, cell) <> 1),
        CONSTRAINT need_survey_id_unit_path_key UNIQUE (id, unit_path)
    )
    """,
    "CREATE INDEX need_survey_unit_idx ON need_survey (unit_path, id)",
    *_kept("need_survey"),
    """
    CREATE TABLE survey_choice (
        id uuid NOT NULL CONSTRAINT survey_choice_pkey PRIMARY KEY,
        survey_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        number integer NOT NULL CONSTRAINT survey_choice_number_check CHECK (number BETWEEN 1 AND 20),
        question text NOT NULL CONSTRAINT survey_choice_question_check CHECK (question <> ''),
        name text NOT NULL CONSTRAINT survey_choice_name_check CHECK (name <> ''),
        function service_function,
        CONSTRAINT survey_choice_survey_id_unit_path_fkey
            FOREIGN KEY (survey_id, unit_path) REFERENCES need_survey (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT survey_choice_survey_id_number_key UNIQUE (survey_id, number)
    )
    """,
    "CREATE INDEX survey_choice_unit_idx ON survey_choice (unit_path, id)",
    *_kept("survey_choice"),
    # --- answers: neither on record nor announced, of no moment and of nobody ---
    """
    CREATE TABLE survey_box (
        id uuid NOT NULL CONSTRAINT survey_box_pkey PRIMARY KEY,
        survey_id uuid NOT NULL CONSTRAINT survey_box_survey_id_fkey REFERENCES need_survey (id),
        unit_path text COLLATE "C" NOT NULL CONSTRAINT survey_box_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE
    )
    """,
    "CREATE INDEX survey_box_survey_idx ON survey_box (survey_id, unit_path)",
    "CREATE INDEX survey_box_unit_idx ON survey_box (unit_path)",
    """
    CREATE TABLE survey_code (
        digest bytea NOT NULL CONSTRAINT survey_code_pkey PRIMARY KEY,
        box_id uuid NOT NULL CONSTRAINT survey_code_box_id_fkey REFERENCES survey_box (id)
    )
    """,
    "CREATE INDEX survey_code_box_idx ON survey_code (box_id)",
    """
    CREATE TABLE survey_counter (
        box_id uuid NOT NULL CONSTRAINT survey_counter_box_id_fkey REFERENCES survey_box (id),
        choice_id uuid NOT NULL CONSTRAINT survey_counter_choice_id_fkey REFERENCES survey_choice (id),
        part integer NOT NULL CONSTRAINT survey_counter_part_check CHECK (part >= 0),
        people integer NOT NULL DEFAULT 0 CONSTRAINT survey_counter_people_check CHECK (people >= 0),
        CONSTRAINT survey_counter_pkey PRIMARY KEY (box_id, choice_id, part)
    )
    """,
    "CREATE INDEX survey_counter_choice_idx ON survey_counter (choice_id)",
    # --- what is told of them ---
    """
    CREATE TABLE need_count (
        id uuid NOT NULL CONSTRAINT need_count_pkey PRIMARY KEY,
        survey_id uuid NOT NULL CONSTRAINT need_count_survey_id_fkey REFERENCES need_survey (id),
        choice_id uuid NOT NULL CONSTRAINT need_count_choice_id_fkey REFERENCES survey_choice (id),
        unit_path text COLLATE "C" NOT NULL CONSTRAINT need_count_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        level org_level NOT NULL,
        top boolean NOT NULL,
        function service_function,
        part text,
        people integer NOT NULL CONSTRAINT need_count_people_check CHECK (people > 1)
    )
    """,
    "CREATE INDEX need_count_unit_idx ON need_count (unit_path, id)",
    "CREATE INDEX need_count_survey_idx ON need_count (survey_id, unit_path)",
    "CREATE INDEX need_count_choice_idx ON need_count (choice_id, unit_path)",
    *_kept("need_count"),
    """
    CREATE TABLE need_response (
        id uuid NOT NULL CONSTRAINT need_response_pkey PRIMARY KEY,
        choice_id uuid NOT NULL CONSTRAINT need_response_choice_id_fkey REFERENCES survey_choice (id),
        item_id uuid NOT NULL CONSTRAINT need_response_item_id_fkey
            REFERENCES service_item (id) ON DELETE CASCADE,
        unit_path text COLLATE "C" NOT NULL CONSTRAINT need_response_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT need_response_choice_id_item_id_unit_path_key UNIQUE (choice_id, item_id, unit_path)
    )
    """,
    "CREATE INDEX need_response_unit_idx ON need_response (unit_path, id)",
    "CREATE INDEX need_response_item_idx ON need_response (item_id)",
    *_kept("need_response"),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
