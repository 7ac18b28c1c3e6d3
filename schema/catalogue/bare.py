"""graphql-core's schema by itself, once Strawberry has made it.

Nothing is resolved field by field: documents are validated and variables coerced against the schema, and a statement
answers. What leads from it back to Strawberry, a field's declaration, its resolver, what makes its type's fields on
demand, would keep 15 MiB in every worker.
"""

import typing
from collections.abc import Iterator
from typing import Any

import strawberry
from graphql import GraphQLEnumType, GraphQLNamedType, GraphQLSchema, is_introspection_type


def bare(made: strawberry.Schema) -> GraphQLSchema:
    """The schema in it, which leads nowhere else."""
    schema = made._schema
    del schema._strawberry_schema  # type: ignore[attr-defined]
    for part in (schema, *schema.directives, *_parts(schema)):
        part.extensions = {}
    # Annotations are kept for whoever writes the same again, and each leads to all types.
    for forget in getattr(typing, "_cleanups", ()):
        forget()
    return schema


def _parts(schema: GraphQLSchema) -> Iterator[Any]:
    for named in schema.type_map.values():
        if not is_introspection_type(named):  # which are graphql-core's own, and do resolve
            yield named
            yield from _of(named)


def _of(named: GraphQLNamedType) -> Iterator[Any]:
    """What a type consists of, itself made to be no more than that."""
    if isinstance(named, GraphQLEnumType):
        yield from named.values.values()
        return
    for name in vars(named).keys() & MADE.keys():
        setattr(named, name, getattr(named, MADE[name]))
    for name in vars(named).keys() & RESOLVED:
        setattr(named, name, None)
    for field in getattr(named, "fields", {}).values():
        yield field
        if hasattr(field, "resolve"):
            field.resolve = field.subscribe = None
            yield from field.args.values()


MADE = {"_fields": "fields", "_interfaces": "interfaces", "_types": "types"}  # on demand, of what Strawberry knows
RESOLVED = frozenset({"is_type_of", "resolve_type"})
