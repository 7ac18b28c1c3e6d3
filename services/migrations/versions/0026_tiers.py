"""Committees of counties and towns: tiers above the village's."""

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    # In their order, which the service compares by: the territory's from above, then the property industry's line.
    op.execute("ALTER TYPE party_tier ADD VALUE 'COUNTY' BEFORE 'VILLAGE'")
    op.execute("ALTER TYPE party_tier ADD VALUE 'TOWN' BEFORE 'VILLAGE'")
