"""Whoever confirmed a token, and so answers for it in the place of whoever issued it, once these may no longer.

A program notes where its unit was before it last moved: whoever vouched from above there could until then.
"""

from alembic import op

revision = "0057"
down_revision = "0056"

STATEMENTS = (
    """
    ALTER TABLE credential
        ADD confirmed_at timestamptz,
        ADD confirmed_by uuid CONSTRAINT credential_confirmed_by_fkey REFERENCES account (id),
        ADD CONSTRAINT credential_confirmed_check CHECK (num_nulls(confirmed_at, confirmed_by) <> 1)
    """,
    """
    ALTER TABLE program
        ADD moved_at timestamptz,
        ADD moved_from text COLLATE "C",
        ADD CONSTRAINT program_moved_check CHECK (num_nulls(moved_at, moved_from) <> 1)
    """,
    """
    CREATE FUNCTION note_move() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.moved_at := now();
        NEW.moved_from := OLD.unit_path;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER move BEFORE UPDATE ON program FOR EACH ROW
    WHEN (OLD.unit_path <> NEW.unit_path) EXECUTE FUNCTION note_move()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
