"""Texts that a name was taken out of may be alike, and reports count it: a form opened before brings no name back.

Two results of a matter that named somebody kept their data from being deleted.
"""

from alembic import op

revision = "0084"
down_revision = "0083"

STATEMENTS = (
    "ALTER TABLE matter_result DROP CONSTRAINT matter_result_matter_id_what_key",
    """
    CREATE UNIQUE INDEX matter_result_matter_id_what_key ON matter_result (matter_id, what)
    WHERE strpos(what, '已删除 deleted') = 0
    """,
    "ALTER TABLE deliberation_report ADD version integer NOT NULL DEFAULT 1",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
