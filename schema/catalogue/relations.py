"""Conditions on what a row leads to, made of its edges."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from schema.kit.entities import Condition, Edge, EdgeKind, Relation

if TYPE_CHECKING:
    from schema.catalogue.kinds import Kind

TERRITORY, RECORD = "OrgUnit", "AuditEntry"


def related(kinds: "Mapping[str, Kind]") -> "dict[str, Kind]":
    """Rows are chosen by what they lead to as well, where that has a filter: by an edge's name, in the target's words.

    Not units by what lies in them, which is all there is for those near the top: there it is said from below. Nor
    anything by its history, which no index leads to by what it was.
    """
    return {
        name: replace(kind, filter={**kind.filter, **dict(_relations(kind, kinds))}) if kind.filter else kind
        for name, kind in kinds.items()
    }


def _relations(kind: "Kind", kinds: "Mapping[str, Kind]") -> Iterator[tuple[str, Condition]]:
    for name, field in kind.fields.items():
        edge = field.declared
        if not isinstance(edge, Edge) or edge.on is None or edge.reads or name in kind.filter:
            continue
        one = edge.kind is EdgeKind.ONE and edge.sort is None  # not the latest of several
        many = edge.kind is EdgeKind.PAGE and kind.name != TERRITORY and edge.target != RECORD
        target = kinds.get(edge.target or "")
        if target is not None and target.filter and (one or many):
            yield name, Condition(edge.description, edge=field.python_name, annotation=Relation)
