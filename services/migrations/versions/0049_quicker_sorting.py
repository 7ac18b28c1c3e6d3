"""What names sort by is worked out within the statement that writes them, not by a call of its own for each name.

PostgreSQL puts a function's expression in the place of the call where that holds no subquery, and where the function is
not strict: numerals and ordinals are read as migrations 0031 and 0032 read them, with neither. Names come to the same
keys, so nothing that is kept changes; loading them took half as long again for these calls.
"""

from alembic import op

revision = "0049"
down_revision = "0048"

_SYLLABLES = ("yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu", "shi")


def _spelt(of: str) -> str:
    for digit, syllable in zip("一二三四五六七八九十", _SYLLABLES, strict=True):
        of = f"replace({of}, '{digit}', '{syllable}')"
    return of


STATEMENTS = (
    r"""
    CREATE OR REPLACE FUNCTION numbers_padded(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN CASE WHEN name ~ '[0-9]' THEN
            regexp_replace(regexp_replace(name COLLATE "C", '[0-9]+', '000000000\&', 'g'),
                           '0{1,9}([0-9]{10,})', '\1', 'g')
            ELSE name END
    """,
    r"""
    CREATE OR REPLACE FUNCTION numerals_read(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN CASE WHEN name ~ '[一二三四五六七八九十]' THEN
            translate(replace(regexp_replace(regexp_replace(regexp_replace(name COLLATE "C",
                '([一二三四五六七八九])十(?=[一二三四五六七八九])', '\1', 'g'),
                '([一二三四五六七八九])十', '\1零', 'g'),
                '十(?=[一二三四五六七八九])', '一', 'g'), '十', '一零'),
                '一二三四五六七八九零〇', '12345678900')
            ELSE name END
    """,
    # A reading with the syllables of one numeral after 第 read as a number.
    f"""
    CREATE FUNCTION numeral_read(pinyin text, numeral text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN replace(pinyin, 'di' || {_spelt("numeral")}, 'di' || numerals_read(numeral))
    """,
    """
    CREATE OR REPLACE FUNCTION ordinals_read(pinyin text, folded text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN CASE WHEN folded ~ '第[一二三四五六七八九十]' THEN coalesce(
            numeral_read(pinyin, substring(folded COLLATE "C" FROM '第([一二三四五六七八九十]+)(?![百千万])')), pinyin)
            ELSE pinyin END
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
