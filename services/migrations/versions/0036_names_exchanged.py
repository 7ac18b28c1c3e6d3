"""Buildings may exchange their names within one command: what they are called is compared when it is over."""

from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE building DROP CONSTRAINT building_compound_id_folded_key,"
        " ADD CONSTRAINT building_compound_id_folded_key UNIQUE (compound_id, folded) DEFERRABLE INITIALLY DEFERRED"
    )
