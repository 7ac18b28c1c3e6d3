"""Accounts of people and of programs, credentials of both kinds, and grants that can be revoked.

`access_token` becomes `credential`: sessions stand beside tokens, under the same guard.
"""

from alembic import op

revision = "0010"
down_revision = "0009"

STATEMENTS = (
    "CREATE TYPE account_kind AS ENUM ('PERSON', 'PROGRAM')",
    "CREATE TYPE credential_kind AS ENUM ('TOKEN', 'SESSION')",
    """
    ALTER TABLE account
        ADD kind account_kind NOT NULL DEFAULT 'PERSON',
        ADD login text COLLATE "C" CONSTRAINT account_login_key UNIQUE,
        ADD password text,
        ADD member_id uuid CONSTRAINT account_member_id_fkey REFERENCES member (id),
        ADD unit_path text COLLATE "C"
            CONSTRAINT account_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        ADD closed_at timestamptz,
        ADD version integer NOT NULL DEFAULT 1,
        ADD CONSTRAINT account_name_check CHECK (name <> ''),
        ADD CONSTRAINT account_program_check CHECK (kind = 'PERSON' OR num_nonnulls(login, password, member_id) = 0)
    """,
    "CREATE INDEX account_unit_idx ON account (unit_path)",
    "CREATE INDEX account_member_idx ON account (member_id)",
    """
    CREATE TABLE program (
        account_id uuid NOT NULL CONSTRAINT program_pkey PRIMARY KEY
            CONSTRAINT program_account_id_fkey REFERENCES account (id) ON DELETE CASCADE,
        entities text[] COLLATE "C",
        documents text[] COLLATE "C",
        budget integer CONSTRAINT program_budget_check CHECK (budget > 0),
        smallest_cell integer CONSTRAINT program_smallest_cell_check CHECK (smallest_cell > 1)
    )
    """,
    """
    CREATE TRIGGER program_revision AFTER INSERT OR UPDATE OR DELETE ON program
    FOR EACH ROW EXECUTE FUNCTION count_grant_change()
    """,
    "ALTER TABLE access_token RENAME TO credential",
    "ALTER TABLE credential RENAME CONSTRAINT access_token_pkey TO credential_pkey",
    "ALTER TABLE credential RENAME CONSTRAINT access_token_account_id_fkey TO credential_account_id_fkey",
    "ALTER INDEX access_token_account_idx RENAME TO credential_account_idx",
    """
    ALTER TABLE credential
        ADD kind credential_kind NOT NULL DEFAULT 'TOKEN',
        ADD approved_at timestamptz DEFAULT now(),
        ADD approved_by uuid CONSTRAINT credential_approved_by_fkey REFERENCES account (id),
        ADD issued_by uuid CONSTRAINT credential_issued_by_fkey REFERENCES account (id),
        ADD last_used_at timestamptz
    """,
    """
    ALTER TABLE role_grant
        ADD under_id uuid CONSTRAINT role_grant_under_id_fkey REFERENCES role_grant (id),
        ADD revoked_at timestamptz,
        ADD revoked_by uuid CONSTRAINT role_grant_revoked_by_fkey REFERENCES account (id),
        ADD revoked_for text,
        ADD version integer NOT NULL DEFAULT 1
    """,
    "CREATE INDEX role_grant_company_idx ON role_grant (company_id)",
    "CREATE INDEX role_grant_building_idx ON role_grant (building_id)",
    "CREATE INDEX role_grant_member_idx ON role_grant (member_id)",
    "CREATE INDEX role_grant_under_idx ON role_grant (under_id)",
    "ALTER TABLE audit_entry RENAME token_id TO credential_id",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
