"""The trail keeps where each row lay that changed, by the unit's id: who follows it is told by that.

After the change, and of a row that was removed before it; of a unit that was removed the one it was in. Of what was
recorded before nothing is known. What is sealed is what it was, so that links hold.
"""

from alembic import op

revision = "0082"
down_revision = "0081"

STATEMENTS = (
    "ALTER TABLE audit_change ADD unit_id uuid",
    "CREATE INDEX audit_change_unit_idx ON audit_change (unit_id, entry_id)",
    # By the path of what lies in several units (`over_path`) where there is one; null for a row of no place.
    """
    CREATE FUNCTION audit_place(changed text, present boolean, of jsonb) RETURNS uuid
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
        SELECT CASE WHEN changed = 'org_unit' AND present THEN (of ->> 'id')::uuid ELSE
            (SELECT id FROM org_unit
             WHERE path = CASE WHEN changed = 'org_unit' THEN of ->> 'parent_path'
                               ELSE coalesce(of ->> 'over_path', of ->> 'unit_path') END COLLATE "C") END
    $$
    """,
    # As in migration 0058.
    """
    CREATE OR REPLACE FUNCTION audit_row() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        hidden text[] := ARRAY['folded', 'pinyin', 'grams', 'sorting', 'spot'];
        entry uuid := current_setting('jinlin.audit_entry');
        was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - hidden END;
        becomes jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - hidden END;
        named text := coalesce(becomes, was) ->> 'id';
        of uuid := CASE WHEN named LIKE '________-____-____-____-____________' THEN named
                        ELSE coalesce(becomes, was) ->> 'account_id' END;
        lay uuid := audit_place(TG_TABLE_NAME, becomes IS NOT NULL, coalesce(becomes, was));
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
        INSERT INTO audit_change (entry_id, table_name, row_id, before, after, unit_id)
        VALUES (entry, TG_TABLE_NAME, of, was, becomes, lay);
        RETURN NULL;
    END
    $$
    """,
    # As in migration 0039.
    """
    CREATE OR REPLACE FUNCTION audit_unsaid() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        entry uuid := current_setting('jinlin.audit_entry');
    BEGIN
        IF EXISTS (SELECT FROM audit_link WHERE entry_id = entry) THEN
            RAISE 'the audit entry % is sealed', entry USING ERRCODE = 'insufficient_privilege';
        END IF;
        INSERT INTO audit_change (entry_id, table_name, row_id, before, after, unit_id)
        VALUES (entry, TG_TABLE_NAME, coalesce(NEW.id, OLD.id),
                CASE WHEN TG_OP <> 'INSERT' THEN jsonb_build_object('version', OLD.version) END,
                CASE WHEN TG_OP <> 'DELETE' THEN jsonb_build_object('version', NEW.version) END,
                audit_place(TG_TABLE_NAME, TG_OP <> 'DELETE', coalesce(to_jsonb(NEW), to_jsonb(OLD))));
        RETURN NULL;
    END
    $$
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
