"""An entry of the audit trail tells what its target is part of: the building of a report, the compound of a contract.

It is kept in the entry's detail, which the chain's digest covers, and read from there as a column.
"""

from alembic import op

revision = "0030"
down_revision = "0028"


def upgrade() -> None:
    op.execute("ALTER TABLE audit_entry ADD about_id uuid GENERATED ALWAYS AS ((detail ->> 'about')::uuid) STORED")
    op.execute("CREATE INDEX audit_entry_about_idx ON audit_entry (about_id, at)")
