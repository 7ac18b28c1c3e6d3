"""Programs of partner agencies with their tokens, the operations they are bound to, and what they spent of budgets."""

from alembic import op

revision = "0014"
down_revision = "0013"

STATEMENTS = (
    """
    ALTER TABLE program
        ADD id uuid,
        ADD unit_path text COLLATE "C" CONSTRAINT program_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        ADD agency text,
        ADD version integer NOT NULL DEFAULT 1
    """,
    "UPDATE program SET id = gen_random_uuid()",
    """
    ALTER TABLE program
        DROP CONSTRAINT program_pkey,
        ADD CONSTRAINT program_pkey PRIMARY KEY (id),
        ADD CONSTRAINT program_account_id_key UNIQUE (account_id)
    """,
    "CREATE INDEX program_unit_idx ON program (unit_path, id)",
    "CALL keep_audit('program', VARIADIC '{}')",
    """
    CREATE TABLE access_token (
        id uuid NOT NULL CONSTRAINT access_token_pkey PRIMARY KEY,
        program_id uuid NOT NULL CONSTRAINT access_token_program_id_fkey REFERENCES program (id) ON DELETE CASCADE,
        credential_id text COLLATE "C" NOT NULL
            CONSTRAINT access_token_credential_id_fkey REFERENCES credential (id) ON DELETE CASCADE,
        unit_path text COLLATE "C"
            CONSTRAINT access_token_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        replaces_id uuid CONSTRAINT access_token_replaces_id_fkey REFERENCES access_token (id)
            CONSTRAINT access_token_replaces_id_key UNIQUE,
        revoked_for text,
        version integer NOT NULL DEFAULT 1
    )
    """,
    "CREATE INDEX access_token_program_idx ON access_token (program_id)",
    "CREATE INDEX access_token_credential_idx ON access_token (credential_id)",
    "CREATE INDEX access_token_unit_idx ON access_token (unit_path, id)",
    "CALL keep_audit('access_token', VARIADIC '{}')",
    """
    CREATE TABLE stored_operation (
        id uuid NOT NULL CONSTRAINT stored_operation_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL
            CONSTRAINT stored_operation_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        name text NOT NULL CONSTRAINT stored_operation_name_check CHECK (name <> ''),
        text text NOT NULL,
        sha256 text COLLATE "C" NOT NULL,
        cost integer NOT NULL,
        created_by uuid CONSTRAINT stored_operation_created_by_fkey REFERENCES account (id),
        closed_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT stored_operation_unit_path_sha256_key UNIQUE (unit_path, sha256)
    )
    """,
    "CREATE INDEX stored_operation_sha256_idx ON stored_operation (sha256)",
    "CALL keep_audit('stored_operation', VARIADIC '{}')",
    # Unlogged: what a crash forgets is the spending of one minute.
    """
    CREATE UNLOGGED TABLE budget_use (
        account_id uuid NOT NULL,
        minute timestamptz NOT NULL,
        spent integer NOT NULL,
        leased integer NOT NULL,
        CONSTRAINT budget_use_pkey PRIMARY KEY (account_id, minute)
    )
    """,
    "CREATE INDEX budget_use_minute_idx ON budget_use (minute)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
