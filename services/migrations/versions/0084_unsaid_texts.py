"""Texts a name was taken out of may be alike: two results of a matter that named the deleted kept them from going."""

from alembic import op

revision = "0084"
down_revision = "0083"

STATEMENTS = (
    "ALTER TABLE matter_result DROP CONSTRAINT matter_result_matter_id_what_key",
    """
    CREATE UNIQUE INDEX matter_result_matter_id_what_key ON matter_result (matter_id, what)
    WHERE strpos(what, '已删除 deleted') = 0
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
