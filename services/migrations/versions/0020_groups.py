"""The groups someone was in at their last sign-in through a provider: what was revoked of them since stays revoked."""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    # Of whoever signed in before nobody knows: null, which counts as no change.
    op.execute('ALTER TABLE external_identity ADD groups text[] COLLATE "C"')
