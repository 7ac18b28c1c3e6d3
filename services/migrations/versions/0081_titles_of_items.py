"""An item of a meeting keeps what its matter is called, wherever that goes."""

from alembic import op

revision = "0081"
down_revision = "0079"

STATEMENTS = (
    "ALTER TABLE meeting_item ADD matter_title text",
    "ALTER TABLE meeting_item ADD CONSTRAINT meeting_item_matter_title_check CHECK (matter_title <> '')",
    # Nothing that is looked at when all is over changes, and what waits for that keeps a table from being altered.
    "ALTER TABLE meeting_item DISABLE TRIGGER meeting_item_in_order",
    "UPDATE meeting_item SET matter_title = matter.title FROM matter WHERE matter.id = matter_id",
    "ALTER TABLE meeting_item ENABLE TRIGGER meeting_item_in_order",
    "ALTER TABLE meeting_item ALTER matter_title SET NOT NULL",
    # Free text, which may name someone.
    "DROP TRIGGER audit ON meeting_item",
    "CALL keep_audit('meeting_item', 'matter_title', 'decided')",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
