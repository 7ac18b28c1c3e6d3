"""The audit trail only grows, and every entry is a link of its county's chain.

An entry is sealed when its transaction commits: by then everything the transaction changed is recorded, and the
county's other commands wait no longer than the commit takes. What deferred constraints a command may meet is checked
before that, by `check_constraints`, which leaves the seal alone.

Columns that hold or may hold personal data are named without their values, also in what was recorded before.
"""

from alembic import op

revision = "0015"
down_revision = "0014"

# Table, then its columns that are named without values. Reasons are free text, and may name someone.
PERSONAL = (
    ("member", "name", "employer", "phone", "address", "home_path"),
    ("captain_term", "end_reason"),
    ("post", "end_reason"),
)
AUDITED = (
    ("account", "name", "login", "password"),
    ("program",),
    ("credential", "secret_sha256"),
    ("role_grant", "reason", "revoked_for"),
    ("access_token", "revoked_for"),
)


def _masked(side: str, table: str, column: str) -> str:
    return f"""
        UPDATE audit_change SET {side} = {side} || '{{"{column}": "•"}}'
        WHERE table_name = '{table}' AND {side} ? '{column}' AND {side} ->> '{column}' IS NOT NULL
    """  # noqa: S608 - names of this file


def _kept(table: str, *personal: str) -> str:
    named = ", ".join(f"'{name}'" for name in personal)
    return f"CALL keep_audit('{table}', {named or 'VARIADIC' + chr(32) + repr('{}')})"


STATEMENTS = (
    "ALTER TABLE audit_entry ALTER account_id DROP NOT NULL",
    "ALTER TABLE audit_entry ALTER credential_id DROP NOT NULL",
    "ALTER TABLE audit_entry ALTER target_id DROP NOT NULL",
    "ALTER TABLE audit_entry ADD operation text, ADD detail jsonb, ADD chain uuid",
    "CREATE INDEX audit_entry_account_idx ON audit_entry (account_id, at)",
    "CREATE INDEX audit_entry_at_idx ON audit_entry (at, id)",
    *(_masked(side, table, name) for table, *names in PERSONAL for name in names for side in ("before", "after")),
    *(f"DROP TRIGGER audit ON {table}" for table, *_ in PERSONAL),
    # --- which chain ---
    """
    CREATE FUNCTION audit_chain(unit uuid) RETURNS uuid LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
        SELECT coalesce(
            (SELECT above.id FROM org_unit of JOIN org_unit above ON above.code = ANY (string_to_array(of.path, '/'))
             WHERE of.id = unit AND above.level = 'COUNTY' AND starts_with(of.path, above.path)),
            '00000000-0000-0000-0000-000000000000')
    $$
    """,
    "UPDATE audit_entry SET chain = audit_chain(unit_id)",
    "ALTER TABLE audit_entry ALTER chain SET NOT NULL",
    """
    CREATE TABLE audit_link (
        chain uuid NOT NULL,
        number bigint NOT NULL,
        entry_id uuid NOT NULL CONSTRAINT audit_link_entry_id_key UNIQUE,
        at timestamptz NOT NULL,
        command text NOT NULL,
        digest bytea NOT NULL,
        hash bytea NOT NULL,
        CONSTRAINT audit_link_pkey PRIMARY KEY (chain, number)
    )
    """,
    # Whose contact data an entry's operation showed; the entry may come after it.
    """
    CREATE TABLE contact_read (
        entry_id uuid NOT NULL CONSTRAINT contact_read_entry_id_fkey REFERENCES audit_entry (id)
            DEFERRABLE INITIALLY DEFERRED,
        member_id uuid NOT NULL CONSTRAINT contact_read_member_id_fkey REFERENCES member (id),
        CONSTRAINT contact_read_pkey PRIMARY KEY (entry_id, member_id)
    )
    """,
    "CREATE INDEX contact_read_member_idx ON contact_read (member_id)",
    # --- what is sealed ---
    # Everything in a form that no setting of a session changes.
    """
    CREATE FUNCTION audit_digest(entry uuid) RETURNS bytea LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
        SELECT sha256(convert_to(json_build_array(
            of.id, of.chain, to_char(of.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), of.account_id,
            of.credential_id, of.request_id, of.operation, of.command, of.target_id, of.unit_id, of.detail,
            (SELECT json_agg(json_build_array(table_name, row_id, before, after) ORDER BY id)
             FROM audit_change WHERE entry_id = of.id),
            (SELECT json_agg(member_id ORDER BY member_id) FROM contact_read WHERE entry_id = of.id))::text, 'UTF8'))
        FROM audit_entry of WHERE of.id = entry
    $$
    """,
    """
    CREATE FUNCTION audit_hash(previous bytea, link audit_link) RETURNS bytea
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
        SELECT sha256(coalesce(previous, '')
            || convert_to(concat_ws(' ', link.chain, link.number, link.entry_id,
                                    to_char(link.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
                                    link.command, ''), 'UTF8')
            || link.digest)
    $$
    """,
    """
    CREATE FUNCTION append_audit_link(entry uuid, of_chain uuid) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    DECLARE
        latest audit_link;
        made audit_link;
    BEGIN
        SELECT * INTO latest FROM audit_link WHERE chain = of_chain ORDER BY number DESC LIMIT 1;
        SELECT of_chain, coalesce(latest.number, 0) + 1, id, at, command, audit_digest(id) INTO made
        FROM audit_entry WHERE id = entry;
        made.hash := audit_hash(latest.hash, made);
        INSERT INTO audit_link VALUES (made.*);
    END
    $$
    """,
    "SELECT append_audit_link(id, chain) FROM (SELECT id, chain FROM audit_entry ORDER BY at, id) AS earlier",
    # --- when ---
    """
    CREATE FUNCTION open_audit_entry() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        NEW.chain := audit_chain(NEW.unit_id);
        PERFORM set_config('jinlin.audit_entries',
                           concat_ws(',', nullif(current_setting('jinlin.audit_entries', true), ''), NEW.id), true);
        RETURN NEW;
    END
    $$
    """,
    # All chains of the transaction are locked in one order, so that no two transactions wait for each other.
    """
    CREATE FUNCTION seal_audit_entry() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        own uuid[] := string_to_array(current_setting('jinlin.audit_entries', true), ',')::uuid[];
    BEGIN
        PERFORM pg_advisory_xact_lock(1015, hashtext(chain::text))
        FROM (SELECT DISTINCT chain FROM audit_entry WHERE id = NEW.id OR id = ANY (own) ORDER BY chain) AS chains;
        PERFORM append_audit_link(NEW.id, NEW.chain);
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER audit_entry_open BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION open_audit_entry()
    """,
    """
    CREATE CONSTRAINT TRIGGER audit_entry_seal AFTER INSERT ON audit_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION seal_audit_entry()
    """,
    """
    CREATE FUNCTION check_constraints() RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        EXECUTE (
            SELECT format('SET CONSTRAINTS %s IMMEDIATE', string_agg(quote_ident(conname), ', '))
            FROM pg_constraint
            WHERE condeferrable AND conrelid NOT IN ('audit_entry'::regclass, 'contact_read'::regclass));
    END
    $$
    """,
    # --- what is recorded ---
    # The service's role cannot write changes; this can, and only into an entry that is still open.
    """
    CREATE OR REPLACE FUNCTION audit_row() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        entry uuid := current_setting('jinlin.audit_entry');
        was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - 'pinyin' - 'grams' END;
        becomes jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - 'pinyin' - 'grams' END;
        named text := coalesce(becomes, was) ->> 'id';
        of uuid := CASE WHEN named LIKE '________-____-____-____-____________' THEN named
                        ELSE coalesce(becomes, was) ->> 'account_id' END;
        name text;
    BEGIN
        IF EXISTS (SELECT FROM audit_link WHERE entry_id = entry) THEN
            RAISE 'the audit entry % is sealed', entry USING ERRCODE = 'insufficient_privilege';
        END IF;
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
        VALUES (entry, TG_TABLE_NAME, of, was, becomes);
        RETURN NULL;
    END
    $$
    """,
    *(f"DROP TRIGGER IF EXISTS audit ON {table}" for table, *_ in (*PERSONAL, *AUDITED)),
    *(_kept(*table) for table in (*PERSONAL, *AUDITED)),
    # --- it only grows ---
    # For whoever connects as the owner; the service's own role has no such right to begin with.
    """
    CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'UPDATE' AND current_setting('jinlin.retaining', true) = 'on'
           AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
            RETURN NULL;
        END IF;
        RAISE '% only grows', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END
    $$
    """,
    *(
        f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()"
        for table in ("audit_entry", "audit_change", "audit_link", "contact_read")
    ),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
