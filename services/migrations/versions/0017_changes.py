"""Every commit announces which tables it changed, so that what follows them is read again.

Of credentials only what makes one stand or fall: when one was last used is no news. What nobody reads through the API
announces nothing.
"""

from alembic import op

revision = "0017"
down_revision = "0016"

STATEMENTS = (
    """
    CREATE FUNCTION announce_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('jinlin_change', TG_TABLE_NAME);
        RETURN NULL;
    END
    $$
    """,
    """
    DO $$
    DECLARE
        made text;
    BEGIN
        FOR made IN
            SELECT tablename FROM pg_tables
            WHERE schemaname = current_schema()
              AND tablename NOT IN ('alembic_version', 'service_secret', 'idempotency_key')
        LOOP
            EXECUTE format(
                'CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE %s ON %I '
                'FOR EACH STATEMENT EXECUTE FUNCTION announce_change()',
                CASE made WHEN 'credential' THEN 'OF revoked_at, expires_at, approved_at' ELSE '' END, made
            );
        END LOOP;
    END
    $$
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
