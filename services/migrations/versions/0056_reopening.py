"""What was closed by mistake can be opened again: what closing ended keeps the end it had before.

The name of a closed building is free for a new one. A compound that never was takes its position along.
"""

from alembic import op

revision = "0056"
down_revision = "0055"

ENDED = ("building", "management_contract", "owners_committee", "branch_coverage", "compound_sharing")

STATEMENTS = (
    *(
        f"ALTER TABLE {table} ADD cut_by_closing boolean NOT NULL DEFAULT false, ADD before_closing date"
        for table in ENDED
    ),
    # An exclusion, because a constraint of uniqueness has no WHERE and an index is not deferred. It finds only open
    # buildings: all those of a compound have an index of their own.
    """
    ALTER TABLE building DROP CONSTRAINT building_compound_id_folded_key,
        ADD CONSTRAINT building_name_excl EXCLUDE USING btree (compound_id WITH =, folded WITH =)
        WHERE (closed_on IS NULL) DEFERRABLE INITIALLY DEFERRED
    """,
    "CREATE INDEX building_compound_idx ON building (compound_id, folded)",
    """
    ALTER TABLE compound_position DROP CONSTRAINT compound_position_compound_id_unit_path_fkey,
        ADD CONSTRAINT compound_position_compound_id_unit_path_fkey
        FOREIGN KEY (compound_id, unit_path) REFERENCES compound (id, unit_path) ON UPDATE CASCADE ON DELETE CASCADE
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
