"""Names that differ in a dash, in a space beside a bracket, in a blank, or in a radical for its character are the same.

Keys are computed anew where the folding of names makes others of them now. As in migration 0021, rows that must have
names of their own, and by this rule do not, stop it.
"""

from services.migrations.keys import FOLDED, compute, refuse_collisions

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    refuse_collisions()
    for table in FOLDED:
        compute(table)
