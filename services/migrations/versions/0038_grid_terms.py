"""Members' terms in a grid: reported to 双报到 or assigned 多网合一, one at a time; members serve there."""

from alembic import op

revision = "0038"
down_revision = "0037"

PROLONGED = "WHEN (OLD.until IS NOT NULL AND coalesce(NEW.until > OLD.until, true))"

STATEMENTS = (
    "CREATE TYPE grid_term_kind AS ENUM ('REPORTED', 'ASSIGNED')",
    "CREATE TYPE report_channel AS ENUM ('ONLINE', 'ON_SITE')",
    """
    CREATE TABLE grid_term (
        id uuid NOT NULL CONSTRAINT grid_term_pkey PRIMARY KEY,
        member_id uuid NOT NULL CONSTRAINT grid_term_member_id_fkey REFERENCES member (id),
        unit_path text COLLATE "C" NOT NULL
            CONSTRAINT grid_term_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        kind grid_term_kind NOT NULL,
        channel report_channel,
        since date NOT NULL,
        until date,
        cut_id uuid CONSTRAINT grid_term_cut_id_fkey REFERENCES grid_term (id) ON DELETE SET NULL,
        cut_until date,
        end_reason text,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT grid_term_channel_check CHECK ((channel IS NULL) = (kind = 'ASSIGNED')),
        CONSTRAINT grid_term_term_check CHECK (until >= since),
        CONSTRAINT grid_term_excl EXCLUDE USING gist (member_id WITH =, daterange(since, until, '[]') WITH &&)
    )
    """,
    "CREATE INDEX grid_term_member_idx ON grid_term (member_id, since)",
    "CREATE INDEX grid_term_unit_idx ON grid_term (unit_path, id)",
    "CREATE INDEX grid_term_cut_idx ON grid_term (cut_id)",
    "CALL keep_audit('grid_term', 'end_reason')",
    """
    CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON grid_term
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
    """,
    # What is over stays over, but for a correction; nobody is in a grid after they left.
    f"""
    CREATE TRIGGER grid_term_prolonged BEFORE UPDATE OF until ON grid_term FOR EACH ROW
    {PROLONGED} EXECUTE FUNCTION refuse_prolonging()
    """,
    f"""
    CREATE TRIGGER grid_term_member AFTER UPDATE OF until ON grid_term FOR EACH ROW
    {PROLONGED} EXECUTE FUNCTION refuse_outlasting('member', 'member_id', 'left_on')
    """,
    """
    CREATE TRIGGER member_grid_term AFTER UPDATE OF left_on ON member FOR EACH ROW
    WHEN (NEW.left_on IS NOT NULL) EXECUTE FUNCTION refuse_closing('grid_term', 'member_id', 'left_on')
    """,
    # Where a member serves is where the term of today is. Units that are split or merged take members along, and these
    # their term; a unit that moves takes both by their foreign keys.
    """
    CREATE FUNCTION follow_member() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE grid_term SET unit_path = NEW.unit_path, version = version + 1
        WHERE member_id = NEW.id AND unit_path <> NEW.unit_path
              AND since <= current_date AND coalesce(until >= current_date, true);
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER member_grid AFTER UPDATE OF unit_path ON member FOR EACH ROW
    WHEN (NEW.unit_path <> OLD.unit_path AND pg_trigger_depth() = 0) EXECUTE FUNCTION follow_member()
    """,
    """
    CREATE FUNCTION refuse_elsewhere() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM grid_term term JOIN member ON member.id = term.member_id
                   WHERE term.id = NEW.id AND term.unit_path <> member.unit_path
                         AND term.since <= current_date AND coalesce(term.until >= current_date, true)) THEN
            RAISE check_violation USING CONSTRAINT = 'grid_term_serving_check',
                MESSAGE = 'a member serves where the term of today is';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE CONSTRAINT TRIGGER grid_term_serving
    AFTER INSERT OR UPDATE OF member_id, unit_path, since, until ON grid_term
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_elsewhere()
    """,
    # Nobody comes to a grid while the processing of their data is restricted (migration 0035).
    """
    CREATE TRIGGER refuse_restricted BEFORE INSERT OR UPDATE OF member_id ON grid_term
    FOR EACH ROW EXECUTE FUNCTION refuse_restricted()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
