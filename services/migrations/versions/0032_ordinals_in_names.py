"""Chinese ordinals within what is sorted by its reading sort as numbers: 第二社区 comes before 第十社区, and 第十一.

A reading does not tell its numerals from other syllables, but the name it is of does: of what follows 第 the syllables
are known. Numerals elsewhere are left, since they are mostly none: 三友小区, 十里村. The view over services is made
anew, as it was, because it names a column that is made anew.
"""

from alembic import op
from sqlalchemy import text

from services.migrations.keys import SEARCHED

revision = "0032"
down_revision = "0031"

# Below a hundred, as `numerals_read`: 第一百 stays as it is read. Parsed when it is made, since by its name alone that
# function would not be found where a dump is restored, which has no schema in its search path.
ORDINALS = """
    CREATE FUNCTION ordinals_read(pinyin text, folded text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
        RETURN CASE WHEN folded ~ '第[一二三四五六七八九十]' THEN coalesce(
            (SELECT replace(pinyin, 'di' || syllables, 'di' || numerals_read(numeral))
             FROM (SELECT numeral, string_agg((ARRAY['yi', 'er', 'san', 'si', 'wu', 'liu', 'qi', 'ba', 'jiu', 'shi'])[
                              strpos('一二三四五六七八九十', digit)], '' ORDER BY place) AS syllables
                   FROM substring(folded COLLATE "C" FROM '第([一二三四五六七八九十]+)(?![百千万])') AS numeral,
                        string_to_table(numeral, NULL) WITH ORDINALITY AS digits (digit, place)
                   GROUP BY numeral) AS read),
            pinyin)
            ELSE pinyin END
"""


def upgrade() -> None:
    op.execute(ORDINALS)
    view = op.get_bind().execute(text("SELECT pg_get_viewdef('catalog_entry'::regclass)")).scalar_one()
    op.execute("DROP VIEW catalog_entry")
    for table in SEARCHED:
        made = 'text COLLATE "C" NOT NULL GENERATED ALWAYS AS (numbers_padded(ordinals_read(pinyin, folded))) STORED'
        op.execute(f"ALTER TABLE {table} DROP sorting, ADD sorting {made}")
    op.execute("CREATE INDEX org_unit_name_order_idx ON org_unit (parent_path, sorting, path)")
    op.execute(f"CREATE VIEW catalog_entry AS {view}")
