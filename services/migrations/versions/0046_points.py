"""Points: rules, claims and the ledger of entries, with what these come to in a quarter."""

from alembic import op

revision = "0046"
down_revision = "0045"


def _announcing(table: str) -> str:
    return f"""
        CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
    """


def _unrestricted(table: str) -> str:
    """Nothing new is entered of somebody while the processing of their data is restricted (migration 0035)."""
    return f"""
        CREATE TRIGGER refuse_restricted BEFORE INSERT OR UPDATE OF member_id ON {table}
        FOR EACH ROW EXECUTE FUNCTION refuse_restricted()
    """


STATEMENTS = (
    """
    CREATE TABLE point_rule (
        id uuid NOT NULL CONSTRAINT point_rule_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL CONSTRAINT point_rule_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        name text NOT NULL,
        points integer NOT NULL CONSTRAINT point_rule_points_check CHECK (points BETWEEN 1 AND 100),
        per text NOT NULL,
        most_per_quarter integer CONSTRAINT point_rule_most_check CHECK (most_per_quarter BETWEEN 1 AND 100),
        withdrawn_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT point_rule_name_check CHECK (name <> '' AND per <> '')
    )
    """,
    "CREATE INDEX point_rule_unit_idx ON point_rule (unit_path, id)",
    "CALL keep_audit('point_rule', VARIADIC '{}')",
    _announcing("point_rule"),
    "CREATE TYPE point_claim_status AS ENUM ('CLAIMED', 'GRANTED', 'REFUSED')",
    """
    CREATE TABLE point_claim (
        id uuid NOT NULL CONSTRAINT point_claim_pkey PRIMARY KEY,
        rule_id uuid NOT NULL CONSTRAINT point_claim_rule_id_fkey REFERENCES point_rule (id),
        member_id uuid NOT NULL CONSTRAINT point_claim_member_id_fkey REFERENCES member (id),
        unit_path text COLLATE "C" NOT NULL CONSTRAINT point_claim_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        done_on date NOT NULL,
        text text NOT NULL CONSTRAINT point_claim_text_check CHECK (text <> ''),
        status point_claim_status NOT NULL DEFAULT 'CLAIMED',
        answer text,
        claimed_on date NOT NULL,
        claimed_by uuid CONSTRAINT point_claim_claimed_by_fkey REFERENCES account (id),
        reviewed_on date,
        reviewed_by uuid CONSTRAINT point_claim_reviewed_by_fkey REFERENCES account (id),
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT point_claim_reviewed_check CHECK (
            (reviewed_on IS NULL) = (status = 'CLAIMED') AND (answer IS NULL) = (status <> 'REFUSED')),
        CONSTRAINT point_claim_reviewer_check CHECK (reviewed_by <> claimed_by),
        CONSTRAINT point_claim_entry_key UNIQUE (id, member_id, rule_id, unit_path)
    )
    """,
    "CREATE INDEX point_claim_member_idx ON point_claim (member_id, rule_id, done_on)",
    "CREATE INDEX point_claim_rule_idx ON point_claim (rule_id)",
    "CREATE INDEX point_claim_unit_idx ON point_claim (unit_path, id)",
    "CALL keep_audit('point_claim', 'text', 'answer')",
    _announcing("point_claim"),
    _unrestricted("point_claim"),
    """
    CREATE TABLE point_entry (
        id uuid NOT NULL CONSTRAINT point_entry_pkey PRIMARY KEY,
        claim_id uuid NOT NULL,
        member_id uuid NOT NULL,
        rule_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        points integer NOT NULL,
        earned_on date NOT NULL,
        recorded_on date NOT NULL,
        corrects_id uuid,
        CONSTRAINT point_entry_id_claim_id_key UNIQUE (id, claim_id),
        CONSTRAINT point_entry_claim_fkey FOREIGN KEY (claim_id, member_id, rule_id, unit_path)
            REFERENCES point_claim (id, member_id, rule_id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT point_entry_corrects_fkey FOREIGN KEY (corrects_id, claim_id)
            REFERENCES point_entry (id, claim_id),
        CONSTRAINT point_entry_points_check
            CHECK (points <> 0 AND abs(points) <= 100 AND (points > 0 OR corrects_id IS NOT NULL))
    )
    """,
    "CREATE UNIQUE INDEX point_entry_granted_key ON point_entry (claim_id) WHERE corrects_id IS NULL",
    "CREATE INDEX point_entry_corrects_idx ON point_entry (corrects_id)",
    "CREATE INDEX point_entry_member_idx ON point_entry (member_id, earned_on)",
    "CREATE INDEX point_entry_unit_idx ON point_entry (unit_path, earned_on)",
    "CALL keep_audit('point_entry', VARIADIC '{}')",
    _announcing("point_entry"),
    _unrestricted("point_entry"),
    # A ledger only grows. Where an entry lies follows its claim, by the foreign key; nothing else of it ever changes.
    """
    CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - 'unit_path' = to_jsonb(NEW) - 'unit_path' THEN
            RETURN NEW;
        END IF;
        RAISE insufficient_privilege USING MESSAGE = 'an entry of points is neither changed nor removed';
    END
    $$
    """,
    """
    CREATE TRIGGER refuse_rewriting BEFORE UPDATE OR DELETE ON point_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()
    """,
    """
    CREATE VIEW point_standing AS
    SELECT (array_agg(id ORDER BY id))[1] AS id, member_id, unit_path,
           extract(year FROM earned_on)::integer AS year,
           extract(quarter FROM earned_on)::integer AS quarter, sum(points)::integer AS points
    FROM point_entry
    GROUP BY member_id, unit_path, extract(year FROM earned_on)::integer, extract(quarter FROM earned_on)::integer
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
