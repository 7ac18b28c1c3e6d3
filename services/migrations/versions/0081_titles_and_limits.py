"""An item of a meeting keeps what its matter is called, wherever that goes; and limits of whistles wait for a year."""

from alembic import op

revision = "0081"
down_revision = "0080"

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
    *(
        f"""
        ALTER TABLE whistle ADD {name}_after date, ADD {name}_left integer,
            ALTER {name}_due_on DROP NOT NULL, ALTER {name}_town_on DROP NOT NULL, ALTER {name}_county_on DROP NOT NULL,
            ADD CONSTRAINT whistle_{name}_waits_check CHECK (
                num_nonnulls({name}_county_on, {name}_after) = 1
                AND num_nonnulls({name}_after, {name}_left) <> 1 AND {name}_left > 0
                AND ({name}_due_on IS NULL) = ({name}_town_on IS NULL)
                AND ({name}_due_on IS NOT NULL OR {name}_county_on IS NULL)
            )
        """
        for name in ("answer", "solve")
    ),
    """
    ALTER TABLE whistle_step ADD due_after date, ADD due_left integer,
        ADD CONSTRAINT whistle_step_due_check CHECK (
            num_nonnulls(due_on, due_after) < 2 AND num_nonnulls(due_after, due_left) <> 1 AND due_left > 0
        )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
