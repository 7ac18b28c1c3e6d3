"""The type sums go out as: a whole number that JavaScript holds exactly; what lies beyond is refused, never rounded."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.execute(
        "CREATE DOMAIN safe_int AS bigint"
        " CONSTRAINT safe_int_check CHECK (value BETWEEN -9007199254740991 AND 9007199254740991)"
    )
