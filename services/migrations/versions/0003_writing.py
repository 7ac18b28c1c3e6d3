"""What writing needs: versions, the audit trail kept by triggers, keys of requests that must apply once.

A command sets `jinlin.audit_entry` for its transaction; from then on every row it changes in an audited table leaves
an `audit_change`. Rows that only follow a path by foreign key are not changes anyone made: those triggers run inside
another and are left out.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "ALTER TYPE party_tier ADD VALUE 'COMPOUND'",
    "ALTER TYPE party_tier ADD VALUE 'COMPANY'",
    "ALTER TYPE party_tier ADD VALUE 'SECTOR'",
    "ALTER TYPE party_kind ADD VALUE 'JOINT_BRANCH'",
    "ALTER TYPE party_kind ADD VALUE 'CONCURRENT_BRANCH'",
    "ALTER TABLE org_unit ADD version integer NOT NULL DEFAULT 1",
    """
    ALTER TABLE party_organization
        ADD closed_on date,
        ADD version integer NOT NULL DEFAULT 1,
        ADD CONSTRAINT party_organization_id_unit_path_key UNIQUE (id, unit_path)
    """,
    """
    CREATE TABLE audit_entry (
        id uuid NOT NULL CONSTRAINT audit_entry_pkey PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT now(),
        account_id uuid NOT NULL CONSTRAINT audit_entry_account_id_fkey REFERENCES account (id),
        token_id text COLLATE "C" NOT NULL,
        request_id text NOT NULL,
        command text NOT NULL,
        target_id uuid NOT NULL,
        unit_id uuid
    )
    """,
    "CREATE INDEX audit_entry_target_idx ON audit_entry (target_id, at)",
    "CREATE INDEX audit_entry_unit_idx ON audit_entry (unit_id, at)",
    """
    CREATE TABLE audit_change (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT audit_change_pkey PRIMARY KEY,
        entry_id uuid NOT NULL CONSTRAINT audit_change_entry_id_fkey REFERENCES audit_entry (id),
        table_name text COLLATE "C" NOT NULL,
        row_id uuid NOT NULL,
        before jsonb,
        after jsonb
    )
    """,
    "CREATE INDEX audit_change_entry_idx ON audit_change (entry_id, id)",
    "CREATE INDEX audit_change_row_idx ON audit_change (row_id)",
    """
    CREATE TABLE idempotency_key (
        account_id uuid NOT NULL CONSTRAINT idempotency_key_account_id_fkey REFERENCES account (id) ON DELETE CASCADE,
        key text COLLATE "C" NOT NULL,
        fingerprint bytea NOT NULL,
        entry_id uuid NOT NULL CONSTRAINT idempotency_key_entry_id_fkey REFERENCES audit_entry (id),
        result_id uuid NOT NULL,
        report jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT idempotency_key_pkey PRIMARY KEY (account_id, key)
    )
    """,
    # Of an update only what changed is kept. Personal columns, the trigger's arguments, are named without their values.
    """
    CREATE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - 'pinyin' - 'grams' END;
        becomes jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - 'pinyin' - 'grams' END;
        row_id uuid := coalesce(becomes, was) ->> 'id';
        name text;
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            FOR name IN SELECT key FROM jsonb_each(was) WHERE becomes -> key = value LOOP
                was := was - name;
                becomes := becomes - name;
            END LOOP;
        END IF;
        FOREACH name IN ARRAY coalesce(TG_ARGV, '{}'::text[]) LOOP
            was := CASE WHEN jsonb_typeof(was -> name) <> 'null' THEN was || jsonb_build_object(name, '•') ELSE was END;
            becomes := CASE WHEN jsonb_typeof(becomes -> name) <> 'null'
                            THEN becomes || jsonb_build_object(name, '•') ELSE becomes END;
        END LOOP;
        INSERT INTO audit_change (entry_id, table_name, row_id, before, after)
        VALUES (current_setting('jinlin.audit_entry')::uuid, TG_TABLE_NAME, row_id, was, becomes);
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE PROCEDURE keep_audit(audited regclass, VARIADIC personal text[]) LANGUAGE plpgsql AS $$
    BEGIN
        EXECUTE format(
            'CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW'
            ' WHEN (pg_trigger_depth() = 0 AND current_setting(''jinlin.audit_entry'', true) <> '''')'
            ' EXECUTE FUNCTION audit_row(%s)',
            audited, (SELECT string_agg(quote_literal(name), ', ') FROM unnest(personal) AS name));
    END
    $$
    """,
    "CALL keep_audit('org_unit', VARIADIC '{}')",
    "CALL keep_audit('party_organization', VARIADIC '{}')",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
