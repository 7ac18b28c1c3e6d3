"""Names are taken out of the texts of a fund's ledger as out of minutes; who proposed a project is not in the trail."""

from alembic import op

revision = "0078"
down_revision = "0077"

STATEMENTS = (
    # A ledger only grows. Where an entry lies follows its fund, by the foreign key; a name that must not be kept is
    # taken out of what it says (services.audit.mentions).
    """
    CREATE OR REPLACE FUNCTION refuse_rewriting_fund() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        may text[] := CASE WHEN current_setting('jinlin.unsaying', true) = 'on'
                           THEN ARRAY['unit_path', 'donor', 'purpose'] ELSE ARRAY['unit_path'] END;
    BEGIN
        IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - may = to_jsonb(NEW) - may THEN
            RETURN NEW;
        END IF;
        RAISE insufficient_privilege USING MESSAGE = 'an entry of a fund is neither changed nor removed';
    END
    $$
    """,
    # Free text, which may name someone.
    "DROP TRIGGER audit ON project",
    "CALL keep_audit('project', 'purpose', 'proposed_by', 'drop_reason')",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
