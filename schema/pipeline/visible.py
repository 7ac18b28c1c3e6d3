"""The part of the schema a caller can see. For now all of it: every role reaches the spine."""

from graphql import GraphQLSchema

from policies.actor import Actor


def visible(schema: GraphQLSchema, actor: Actor) -> GraphQLSchema:
    """The schema this actor's documents are validated and introspected against."""
    return schema
