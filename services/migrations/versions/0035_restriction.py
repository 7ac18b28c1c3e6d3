"""The processing of a member's data can be restricted: nobody is put into a new row while it is."""

from alembic import op

revision = "0035"
down_revision = "0034"

STATEMENTS = (
    "ALTER TABLE member ADD COLUMN restricted_on date",
    """
    ALTER TABLE member ADD CONSTRAINT member_restricted_or_erased_check
        CHECK (num_nonnulls(erased_on, restricted_on) < 2)
    """,
    # Whoever restricts holds the member's row FOR NO KEY UPDATE, so that this waits for them, and they for this. A term
    # that is there already is ended, corrected and moved as ever.
    """
    CREATE FUNCTION refuse_restricted() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        since date;
    BEGIN
        IF TG_OP = 'UPDATE' AND OLD.member_id IS NOT DISTINCT FROM NEW.member_id THEN
            RETURN NEW;
        END IF;
        SELECT restricted_on INTO since FROM member WHERE id = NEW.member_id FOR SHARE;
        IF since IS NOT NULL THEN
            RAISE check_violation USING CONSTRAINT = 'member_restricted_check',
                MESSAGE = 'the processing of the member''s data is restricted';
        END IF;
        RETURN NEW;
    END
    $$
    """,
    *(
        f"""
        CREATE TRIGGER refuse_restricted BEFORE INSERT OR UPDATE OF member_id ON {table}
        FOR EACH ROW WHEN (NEW.member_id IS NOT NULL) EXECUTE FUNCTION refuse_restricted()
        """
        for table in ("captain_term", "post", "account", "role_grant")
    ),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
