"""The trail keeps where each row lay before that a change took elsewhere: the unit it left is told that it went.

Null where it stayed, and of what was recorded before this. Of a unit it is the one it lay in. What is sealed is what it
was, so that links hold.
"""

from alembic import op

revision = "0085"
down_revision = "0084"

STATEMENTS = (
    "ALTER TABLE audit_change ADD left_unit_id uuid",
    """
    CREATE INDEX audit_change_left_unit_idx ON audit_change (left_unit_id, entry_id) WHERE left_unit_id IS NOT NULL
    """,
    # By the same path as `audit_place`, but that a unit lay in the one above.
    """
    CREATE FUNCTION audit_left(changed text, was jsonb, becomes jsonb) RETURNS uuid
    LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
    DECLARE
        before text := CASE WHEN changed = 'org_unit' THEN was ->> 'parent_path'
                            ELSE coalesce(was ->> 'over_path', was ->> 'unit_path') END;
        after text := CASE WHEN changed = 'org_unit' THEN becomes ->> 'parent_path'
                           ELSE coalesce(becomes ->> 'over_path', becomes ->> 'unit_path') END;
    BEGIN
        RETURN CASE WHEN was IS NOT NULL AND becomes IS NOT NULL AND before IS DISTINCT FROM after
                    THEN (SELECT id FROM org_unit WHERE path = before COLLATE "C") END;
    END
    $$
    """,
    # As in migration 0082.
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
        gone_from uuid := audit_left(TG_TABLE_NAME, was, becomes);
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
        INSERT INTO audit_change (entry_id, table_name, row_id, before, after, unit_id, left_unit_id)
        VALUES (entry, TG_TABLE_NAME, of, was, becomes, lay, gone_from);
        RETURN NULL;
    END
    $$
    """,
    # As there.
    """
    CREATE OR REPLACE FUNCTION audit_unsaid() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        entry uuid := current_setting('jinlin.audit_entry');
        was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
        becomes jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    BEGIN
        IF EXISTS (SELECT FROM audit_link WHERE entry_id = entry) THEN
            RAISE 'the audit entry % is sealed', entry USING ERRCODE = 'insufficient_privilege';
        END IF;
        INSERT INTO audit_change (entry_id, table_name, row_id, before, after, unit_id, left_unit_id)
        VALUES (entry, TG_TABLE_NAME, coalesce(NEW.id, OLD.id),
                CASE WHEN TG_OP <> 'INSERT' THEN jsonb_build_object('version', OLD.version) END,
                CASE WHEN TG_OP <> 'DELETE' THEN jsonb_build_object('version', NEW.version) END,
                audit_place(TG_TABLE_NAME, becomes IS NOT NULL, coalesce(becomes, was)),
                audit_left(TG_TABLE_NAME, was, becomes));
        RETURN NULL;
    END
    $$
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
