"""Households, who keeps contact with them, and the four visits."""

from alembic import op

revision = "0039"
down_revision = "0038"


def _announcing(table: str) -> str:
    return f"""
        CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
    """


STATEMENTS = (
    """
    CREATE TABLE household (
        id uuid NOT NULL CONSTRAINT household_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL CONSTRAINT household_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        name text NOT NULL CONSTRAINT household_name_check CHECK (name <> ''),
        folded text COLLATE "C" NOT NULL,
        sorting text COLLATE "C" NOT NULL GENERATED ALWAYS AS (numbers_padded(numerals_read(folded))) STORED,
        residents integer NOT NULL DEFAULT 0
            CONSTRAINT household_residents_check CHECK (residents BETWEEN 0 AND 99),
        closed_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT household_id_unit_path_key UNIQUE (id, unit_path),
        CONSTRAINT household_unit_path_folded_key UNIQUE (unit_path, folded)
    )
    """,
    "CREATE INDEX household_unit_idx ON household (unit_path, id)",
    # Where people live, and how many they are.
    "CALL keep_audit('household', 'name', 'residents')",
    _announcing("household"),
    """
    CREATE TABLE household_contact (
        id uuid NOT NULL CONSTRAINT household_contact_pkey PRIMARY KEY,
        household_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        member_id uuid NOT NULL CONSTRAINT household_contact_member_id_fkey REFERENCES member (id),
        since date NOT NULL,
        until date,
        end_reason text,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT household_contact_household_id_unit_path_fkey
            FOREIGN KEY (household_id, unit_path) REFERENCES household (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT household_contact_term_check CHECK (until >= since),
        CONSTRAINT household_contact_excl
            EXCLUDE USING gist (household_id WITH =, member_id WITH =, daterange(since, until, '[]') WITH &&)
    )
    """,
    "CREATE INDEX household_contact_household_idx ON household_contact (household_id, since)",
    "CREATE INDEX household_contact_member_idx ON household_contact (member_id, since)",
    "CREATE INDEX household_contact_unit_idx ON household_contact (unit_path, id)",
    "CALL keep_audit('household_contact', 'end_reason')",
    _announcing("household_contact"),
    """
    CREATE TRIGGER household_contact_prolonged BEFORE UPDATE OF until ON household_contact FOR EACH ROW
    WHEN (OLD.until IS NOT NULL AND coalesce(NEW.until > OLD.until, true)) EXECUTE FUNCTION refuse_prolonging()
    """,
    """
    CREATE TRIGGER household_household_contact AFTER UPDATE OF closed_on ON household FOR EACH ROW
    WHEN (NEW.closed_on IS NOT NULL)
    EXECUTE FUNCTION refuse_closing('household_contact', 'household_id', 'closed_on')
    """,
    # Nobody is put in contact with a household while the processing of their data is restricted (migration 0035).
    """
    CREATE TRIGGER refuse_restricted BEFORE INSERT OR UPDATE OF member_id ON household_contact
    FOR EACH ROW EXECUTE FUNCTION refuse_restricted()
    """,
    """
    CREATE TRIGGER member_household_contact AFTER UPDATE OF left_on ON member FOR EACH ROW
    WHEN (NEW.left_on IS NOT NULL) EXECUTE FUNCTION refuse_closing('household_contact', 'member_id', 'left_on')
    """,
    "CREATE TYPE home_visit_kind AS ENUM ('HARDSHIP', 'SICK', 'UNUSUAL', 'DISPUTE')",
    """
    CREATE TABLE home_visit (
        id uuid NOT NULL CONSTRAINT home_visit_pkey PRIMARY KEY,
        household_id uuid NOT NULL CONSTRAINT home_visit_household_id_fkey REFERENCES household (id),
        unit_path text COLLATE "C" NOT NULL CONSTRAINT home_visit_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        member_id uuid NOT NULL CONSTRAINT home_visit_member_id_fkey REFERENCES member (id),
        kind home_visit_kind NOT NULL,
        visited_on date NOT NULL,
        case_id uuid,
        outcome text NOT NULL CONSTRAINT home_visit_outcome_check CHECK (outcome <> ''),
        next_step text,
        next_on date,
        recorded_on date NOT NULL,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT home_visit_next_step_check CHECK (next_on IS NULL OR next_step IS NOT NULL),
        CONSTRAINT home_visit_case_check CHECK (case_id IS NULL OR kind = 'DISPUTE' AND case_id <> id),
        CONSTRAINT home_visit_id_household_id_key UNIQUE (id, household_id),
        CONSTRAINT home_visit_case_id_household_id_fkey
            FOREIGN KEY (case_id, household_id) REFERENCES home_visit (id, household_id)
    )
    """,
    "CREATE INDEX home_visit_household_idx ON home_visit (household_id, visited_on)",
    "CREATE INDEX home_visit_member_idx ON home_visit (member_id, visited_on)",
    "CREATE INDEX home_visit_unit_idx ON home_visit (unit_path, id)",
    "CREATE INDEX home_visit_case_idx ON home_visit (case_id)",
    # The trail is read from above, and visits are not: it tells that there is one, was one or that one was changed. A
    # column named without its value would tell too much: what has a case is a dispute.
    """
    CREATE FUNCTION audit_unsaid() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        entry uuid := current_setting('jinlin.audit_entry');
    BEGIN
        IF EXISTS (SELECT FROM audit_link WHERE entry_id = entry) THEN
            RAISE 'the audit entry % is sealed', entry USING ERRCODE = 'insufficient_privilege';
        END IF;
        INSERT INTO audit_change (entry_id, table_name, row_id, before, after)
        VALUES (entry, TG_TABLE_NAME, coalesce(NEW.id, OLD.id),
                CASE WHEN TG_OP <> 'INSERT' THEN jsonb_build_object('version', OLD.version) END,
                CASE WHEN TG_OP <> 'DELETE' THEN jsonb_build_object('version', NEW.version) END);
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON home_visit FOR EACH ROW
    WHEN (pg_trigger_depth() = 0 AND current_setting('jinlin.audit_entry', true) <> '')
    EXECUTE FUNCTION audit_unsaid()
    """,
    _announcing("home_visit"),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
