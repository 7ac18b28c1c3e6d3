"""Identities at providers, finished flows, failures to sign in, and the key that keeps browsers' secrets."""

import os

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

STATEMENTS = (
    """
    CREATE TABLE external_identity (
        issuer text COLLATE "C" NOT NULL,
        subject text COLLATE "C" NOT NULL,
        account_id uuid NOT NULL
            CONSTRAINT external_identity_account_id_fkey REFERENCES account (id) ON DELETE CASCADE,
        CONSTRAINT external_identity_pkey PRIMARY KEY (issuer, subject)
    )
    """,
    "CREATE INDEX external_identity_account_idx ON external_identity (account_id)",
    """
    CREATE TABLE finished_flow (
        state_sha256 bytea NOT NULL CONSTRAINT finished_flow_pkey PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT now()
    )
    """,
    "CREATE INDEX finished_flow_at_idx ON finished_flow (at)",
    """
    CREATE TABLE sign_in_failure (
        key bytea NOT NULL CONSTRAINT sign_in_failure_pkey PRIMARY KEY,
        count integer NOT NULL,
        last_at timestamptz NOT NULL,
        blocked_until timestamptz NOT NULL
    )
    """,
    "CREATE INDEX sign_in_failure_last_idx ON sign_in_failure (last_at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    secret = sa.text("INSERT INTO service_secret (name, value) VALUES ('session', :value)")
    op.execute(secret.bindparams(value=os.urandom(32)))
