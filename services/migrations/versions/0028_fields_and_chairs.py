"""The field a party organization works in."""

from alembic import op

revision = "0028"
down_revision = "0027"

STATEMENTS = (
    """
    CREATE TYPE party_field AS ENUM
        ('RURAL', 'COMMUNITY', 'GRID', 'COMPOUND', 'STREET', 'BUILDING', 'ENTERPRISE', 'SOCIAL', 'OFFICE')
    """,
    "ALTER TABLE party_organization ADD COLUMN field party_field",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
