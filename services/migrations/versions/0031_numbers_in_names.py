"""Numbers within names sort as numbers: building 2 comes before building 10, and so does community 2.

PostgreSQL keeps what names sort by itself, of the keys that are there, so that no row is written without it and no
command has to know of it. Numbers are padded to ten digits; of what is no more than folded, as a building's name,
Chinese numerals below a hundred are read as well. A collation of ICU would have done the first, and not the second;
but its order changes with the library's version, and indexes and cursors would change with it.
"""

from alembic import op

from services.migrations.keys import SEARCHED

revision = "0031"
down_revision = "0030"

STATEMENTS = (
    # Nine zeros before every number, then as many of them away as leave ten digits.
    r"""
    CREATE FUNCTION numbers_padded(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT CASE WHEN name ~ '[0-9]' THEN
            regexp_replace(regexp_replace(name COLLATE "C", '[0-9]+', '000000000\&', 'g'),
                           '0{1,9}([0-9]{10,})', '\1', 'g')
            ELSE name END
    $$
    """,
    # 二十三 is 23, 二十 20, 十三 13, 十 10, 二〇三 203: nobody sees what is made of 三友楼.
    r"""
    CREATE FUNCTION numerals_read(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT CASE WHEN name ~ '[一二三四五六七八九十]' THEN
            translate(replace(regexp_replace(regexp_replace(regexp_replace(name COLLATE "C",
                '([一二三四五六七八九])十(?=[一二三四五六七八九])', '\1', 'g'),
                '([一二三四五六七八九])十', '\1零', 'g'),
                '十(?=[一二三四五六七八九])', '一', 'g'), '十', '一零'),
                '一二三四五六七八九零〇', '12345678900')
            ELSE name END
    $$
    """,
    # As in migration 0021, with what names sort by.
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
           item.folded, item.sorting
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
    # As in migration 0021, and what names sort by is hidden as well.
    """
    CREATE OR REPLACE FUNCTION audit_row() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        hidden text[] := ARRAY['folded', 'pinyin', 'grams', 'sorting'];
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
    numbers, numerals, view, audited = STATEMENTS
    op.execute(numbers)
    op.execute(numerals)
    for table in SEARCHED:
        _sorting(table, "numbers_padded(pinyin)")
    for table in ("building", "compound_phase"):
        _sorting(table, "numbers_padded(numerals_read(folded))")
    op.execute("DROP INDEX org_unit_name_order_idx")
    op.execute("CREATE INDEX org_unit_name_order_idx ON org_unit (parent_path, sorting, path)")
    op.execute(view)
    op.execute(audited)


def _sorting(table: str, of: str) -> None:
    op.execute(f'ALTER TABLE {table} ADD sorting text COLLATE "C" NOT NULL GENERATED ALWAYS AS ({of}) STORED')
