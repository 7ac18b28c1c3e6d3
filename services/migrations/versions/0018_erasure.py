"""A person whose data was deleted: what is left of the row can name nobody, now or later."""

from alembic import op

from services.members.tables import NOBODY

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.execute("ALTER TABLE member ADD erased_on date")
    op.execute(
        "ALTER TABLE member ADD CONSTRAINT member_erased_check CHECK (erased_on IS NULL OR left_on IS NOT NULL"
        f" AND name = '{NOBODY}' AND num_nonnulls(employer, phone, address, home_path, organization_id) = 0)"
    )
