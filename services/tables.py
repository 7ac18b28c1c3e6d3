"""The one MetaData every area's tables hang on, with names for constraints so that migrations can refer to them."""

from sqlalchemy import Column, MetaData, Text
from sqlalchemy.dialects.postgresql import ARRAY

METADATA = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)

# Byte order everywhere a code or a path is compared: a prefix is then an index range under every server's locale.
BYTEWISE = Text(collation="C")


def search_keys() -> tuple[Column[str], Column[list[str]]]:
    """The two columns of a row that `search` finds; `services.names.search_keys` computes them.

    `pinyin` is the whole reading, a space, the initials ("hepingshequ hpsq"); `grams` the pairs of neighbouring
    characters of the name and of the initials.
    """
    return (
        Column("pinyin", BYTEWISE, nullable=False),
        Column("grams", ARRAY(BYTEWISE), nullable=False),
    )
