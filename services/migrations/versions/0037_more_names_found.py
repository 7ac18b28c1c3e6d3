"""Stored operations and owners' committees are found by part of their names, as all else that has one."""

from alembic import op

from services.migrations.keys import compute

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    for table in ("stored_operation", "owners_committee"):
        op.execute(f'ALTER TABLE {table} ADD folded text COLLATE "C"')
        compute(table)
        op.execute(f"ALTER TABLE {table} ALTER folded SET NOT NULL")
