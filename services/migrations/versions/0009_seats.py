"""Seats beside units: a company, a building, a member."""

from alembic import op

revision = "0009"
down_revision = "0008"

STATEMENTS = (
    "ALTER TABLE role_grant ALTER unit_path DROP NOT NULL",
    """
    ALTER TABLE role_grant
        ADD company_id uuid CONSTRAINT role_grant_company_id_fkey REFERENCES property_company (id),
        ADD building_id uuid CONSTRAINT role_grant_building_id_fkey REFERENCES building (id),
        ADD member_id uuid CONSTRAINT role_grant_member_id_fkey REFERENCES member (id),
        ADD CONSTRAINT role_grant_seat_check CHECK (num_nonnulls(unit_path, company_id, building_id, member_id) = 1)
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
