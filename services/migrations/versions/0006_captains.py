"""Building captains' terms."""

from alembic import op

revision = "0006"
down_revision = "0005"

STATEMENTS = (
    """
    CREATE TABLE captain_term (
        id uuid NOT NULL CONSTRAINT captain_term_pkey PRIMARY KEY,
        building_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        member_id uuid NOT NULL CONSTRAINT captain_term_member_id_fkey REFERENCES member (id),
        since date NOT NULL,
        until date,
        end_reason text,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT captain_term_building_id_unit_path_fkey
            FOREIGN KEY (building_id, unit_path) REFERENCES building (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT captain_term_term_check CHECK (until >= since),
        CONSTRAINT captain_term_excl EXCLUDE USING gist (building_id WITH =, daterange(since, until, '[]') WITH &&)
    )
    """,
    "CREATE INDEX captain_term_building_idx ON captain_term (building_id, since)",
    "CREATE INDEX captain_term_member_idx ON captain_term (member_id, since)",
    "CREATE INDEX captain_term_unit_idx ON captain_term (unit_path, id)",
    "CALL keep_audit('captain_term', VARIADIC '{}')",
    # A term that has an end may end earlier, never later: what was over stays over, whoever asks and however late.
    """
    CREATE FUNCTION refuse_prolonging() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE check_violation USING CONSTRAINT = TG_TABLE_NAME || '_prolonged_check',
            MESSAGE = 'a term that has an end cannot be prolonged';
    END
    $$
    """,
    """
    CREATE TRIGGER captain_term_prolonged BEFORE UPDATE OF until ON captain_term FOR EACH ROW
    WHEN (OLD.until IS NOT NULL AND coalesce(NEW.until > OLD.until, true)) EXECUTE FUNCTION refuse_prolonging()
    """,
    # What closes must not leave terms running that belong to areas above the command that closes it: it cannot end them
    # with a reason, and a trigger that did would leave no audit. Arguments: table of the terms, its column that names
    # this row, the column of this row that says its last day. "building_captain_term_check" and so on.
    """
    CREATE FUNCTION refuse_closing() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        running boolean;
    BEGIN
        EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I = $1 AND coalesce(until > $2, true))',
                       TG_ARGV[0], TG_ARGV[1])
        INTO running USING NEW.id, (to_jsonb(NEW) ->> TG_ARGV[2])::date;
        IF running THEN
            RAISE check_violation USING CONSTRAINT = format('%s_%s_check', TG_TABLE_NAME, TG_ARGV[0]),
                MESSAGE = 'terms run on in what is to be closed';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER building_captain_term AFTER UPDATE OF closed_on ON building FOR EACH ROW
    WHEN (NEW.closed_on IS NOT NULL) EXECUTE FUNCTION refuse_closing('captain_term', 'building_id', 'closed_on')
    """,
    """
    CREATE TRIGGER member_captain_term AFTER UPDATE OF left_on ON member FOR EACH ROW
    WHEN (NEW.left_on IS NOT NULL) EXECUTE FUNCTION refuse_closing('captain_term', 'member_id', 'left_on')
    """,
    """
    CREATE FUNCTION refuse_standing() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM captain_term WHERE member_id = NEW.id AND coalesce(until >= current_date, true)) THEN
            RAISE check_violation USING CONSTRAINT = 'member_standing_check',
                MESSAGE = 'a captain is in service or retired';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER member_standing AFTER UPDATE OF standing ON member FOR EACH ROW
    WHEN (NEW.standing = 'RESIDENT') EXECUTE FUNCTION refuse_standing()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
