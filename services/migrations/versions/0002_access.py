"""Accounts, tokens, grants, and the trigger that counts every change of an account's grants."""

import os

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    """
    CREATE TABLE account (
        id uuid NOT NULL CONSTRAINT account_pkey PRIMARY KEY,
        name text NOT NULL,
        revision integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    """
    CREATE TABLE access_token (
        id text COLLATE "C" NOT NULL CONSTRAINT access_token_pkey PRIMARY KEY,
        account_id uuid NOT NULL
            CONSTRAINT access_token_account_id_fkey REFERENCES account (id) ON DELETE CASCADE,
        secret_sha256 bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        revoked_at timestamptz
    )
    """,
    "CREATE INDEX access_token_account_idx ON access_token (account_id)",
    """
    CREATE TABLE role_grant (
        id uuid NOT NULL CONSTRAINT role_grant_pkey PRIMARY KEY,
        account_id uuid NOT NULL
            CONSTRAINT role_grant_account_id_fkey REFERENCES account (id) ON DELETE CASCADE,
        role text NOT NULL,
        unit_path text COLLATE "C" NOT NULL
            CONSTRAINT role_grant_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        since timestamptz NOT NULL DEFAULT now(),
        until timestamptz,
        granted_by uuid CONSTRAINT role_grant_granted_by_fkey REFERENCES account (id),
        reason text,
        CONSTRAINT role_grant_term_check CHECK (until > since)
    )
    """,
    "CREATE INDEX role_grant_account_idx ON role_grant (account_id)",
    "CREATE INDEX role_grant_unit_idx ON role_grant (unit_path)",
    """
    CREATE FUNCTION count_grant_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE account SET revision = revision + 1 WHERE id IN (OLD.account_id, NEW.account_id);
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER role_grant_revision AFTER INSERT OR UPDATE OR DELETE ON role_grant
    FOR EACH ROW EXECUTE FUNCTION count_grant_change()
    """,
    "CREATE TABLE service_secret (name text CONSTRAINT service_secret_pkey PRIMARY KEY, value bytea NOT NULL)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    secret = sa.text("INSERT INTO service_secret (name, value) VALUES ('cursor', :value)")
    op.execute(secret.bindparams(value=os.urandom(32)))
