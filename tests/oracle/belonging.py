"""Lists of what belongs to a row: whether their rows are counted, and lie where the row does."""

from typing import Any

from graphql import FieldNode, FragmentSpreadNode, GraphQLResolveInfo, InlineFragmentNode

from schema.catalogue.kinds import Kind
from schema.kit.entities import Edge
from tests.oracle.sight import Sight


def counts(info: GraphQLResolveInfo[Any]) -> bool:
    """Whether of a connection it is asked how many rows it has, or what they come to."""
    left: list[Any] = [*info.field_nodes]
    while left:
        within = left.pop().selection_set
        for node in within.selections if within else ():
            match node:
                case FieldNode(name=name) if name.value in ("totalCount", "totals"):
                    return True
                case FragmentSpreadNode(name=name):
                    left.append(info.fragments[name.value])
                case InlineFragmentNode():
                    left.append(node)
    return False


def lies_below(sight: Sight, kind: Kind, edge: Edge) -> bool:
    """Whether all that belongs to a row of a kind has the same place by a foreign key to it, or is found by that."""
    target = sight.declared.catalogue.kinds[edge.target or ""]
    keys = (key for key in target.entity.table.foreign_key_constraints if key.referred_table is kind.entity.table)
    return kind.name == "OrgUnit" or any("unit_path" in key.column_keys for key in keys)
