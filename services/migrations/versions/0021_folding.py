"""Names are stored as they are compared: whether two are the same is decided on what `search` finds them by.

The keys of every name there is are computed anew. Rows that must have names of their own, and by this rule do not, stop
it: nothing is changed then, and the message says which they are.
"""

from alembic import op
from sqlalchemy import text

from services.migrations.keys import FOLDED, compute, refuse_collisions

revision = "0021"
down_revision = "0020"

GIN = text("""
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am ON pg_am.oid = relam
    WHERE indrelid = to_regclass(:table) AND amname = 'gin'
""")

STATEMENTS = (
    """
    ALTER TABLE building DROP CONSTRAINT building_compound_id_name_key,
        ADD CONSTRAINT building_compound_id_folded_key UNIQUE (compound_id, folded)
    """,
    "DROP INDEX service_item_unit_path_name_key",
    """
    CREATE UNIQUE INDEX service_item_unit_path_folded_key ON service_item (unit_path, folded)
    WHERE withdrawn_on IS NULL
    """,
    # As in migration 0008, with the key.
    """
    CREATE OR REPLACE VIEW catalog_entry AS
    SELECT unit.path AS unit_path, item.id AS item_id, item.unit_path AS source_path, item.function, item.name,
           item.pinyin, item.grams, item.category, item.at_window, item.online,
           NOT item.opt_in OR coalesce(said.taken ? item.id::text, false) AS offered,
           (SELECT noted.note FROM service_adjustment AS noted
            WHERE noted.item_id = item.id AND noted.kind = 'NOTE' AND noted.unit_path = ANY (said.paths)
            ORDER BY noted.unit_path DESC LIMIT 1) AS note,
           (SELECT noted.unit_path FROM service_adjustment AS noted
            WHERE noted.item_id = item.id AND noted.kind = 'NOTE' AND noted.unit_path = ANY (said.paths)
            ORDER BY noted.unit_path DESC LIMIT 1) AS note_path,
           item.folded
    FROM org_unit AS unit
    CROSS JOIN LATERAL (
        SELECT array_agg(DISTINCT line.path) AS paths,
               jsonb_object_agg(told.item_id, true) FILTER (WHERE told.kind = 'EXCLUDE') AS excluded,
               jsonb_object_agg(told.item_id, true) FILTER (WHERE told.kind = 'OPT_IN') AS taken
        FROM org_unit AS line
        LEFT JOIN service_adjustment AS told ON told.unit_path = line.path AND told.kind <> 'NOTE'
        WHERE line.code = ANY (string_to_array(unit.path, '/'))) AS said
    JOIN service_item AS item ON item.unit_path = ANY (said.paths)
    WHERE coalesce(item.withdrawn_on > current_date, true) AND NOT coalesce(said.excluded ? item.id::text, false)
    """,
    # As in migration 0015: keys are no news, and tell a name that is to be forgotten.
    """
    CREATE OR REPLACE FUNCTION audit_row() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        hidden text[] := ARRAY['folded', 'pinyin', 'grams'];
        entry uuid := current_setting('jinlin.audit_entry');
        was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - hidden END;
        becomes jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - hidden END;
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
)


def upgrade() -> None:
    refuse_collisions()
    for table in FOLDED:
        op.execute(f'ALTER TABLE {table} ADD folded text COLLATE "C"')
        indexes = _without_indexes(table)
        compute(table)
        for index in indexes:
            op.execute(index)
        op.execute(f"ALTER TABLE {table} ALTER folded SET NOT NULL")
    for statement in STATEMENTS:
        op.execute(statement)


def _without_indexes(table: str) -> list[str]:
    """Drop the GIN indexes of a table, which are made in a fraction of the time it takes to follow every row's change.

    How to make them again.
    """
    found = op.get_bind().execute(GIN, {"table": table}).all()
    for name, _ in found:
        op.execute(f"DROP INDEX {name}")
    return [made for _, made in found]
