"""Whatever the schema offers says what it is, in Chinese and English."""

import re
from collections.abc import Iterator

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType

from tests.built import SCHEMA

BOTH = re.compile(r"[\u4e00-\u9fff].* / .*[A-Za-z]", re.DOTALL)


def told() -> Iterator[tuple[str, str | None]]:
    """Each coordinate of the schema with its description."""
    for name, of in SCHEMA.type_map.items():
        if name.startswith("__"):
            continue
        if isinstance(of, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            yield from ((f"{name}.{key}", field.description) for key, field in of.fields.items())
        if isinstance(of, GraphQLObjectType | GraphQLInterfaceType):
            for key, field in of.fields.items():
                yield from ((f"{name}.{key}({at}:)", part.description) for at, part in field.args.items())
        if isinstance(of, GraphQLEnumType):
            yield from ((f"{name}.{key}", value.description) for key, value in of.values.items())


def test_everything_is_described_in_both_languages() -> None:
    assert [at for at, text in told() if text is None or not BOTH.search(text)] == []
