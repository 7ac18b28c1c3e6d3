"""Why something was corrected is read by itself, and from what was corrected: its changes are announced."""

from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.execute("CREATE INDEX correction_row_idx ON correction (row_id)")
    op.execute(
        "CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON correction"
        " FOR EACH STATEMENT EXECUTE FUNCTION announce_change()"
    )
