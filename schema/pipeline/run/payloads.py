"""Parts of a mutation's payload that no statement makes: what was refused, what was done, in the shape asked for."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from graphql import FieldNode, GraphQLObjectType, get_named_type

from schema.catalogue.kinds import Catalogue, Kind, camel
from schema.catalogue.offers import Offer
from schema.pipeline.plan.selections import Selections
from schema.pipeline.run.changes import Changes
from services.errors import Problem, Rejected
from services.storage.tables import METADATA
from services.storage.transaction import Outcome

CHANGES = ("access", "accessOmitted")


class Payload:
    """The payload of one mutation field as the client selected it."""

    def __init__(self, selections: Selections, offer: Offer, nodes: Sequence[FieldNode]) -> None:
        mutation = selections.schema.mutation_type
        assert mutation is not None
        made = get_named_type(mutation.fields[offer.name].type)
        assert isinstance(made, GraphQLObjectType)
        self._selections, self._offer, self._of, self._nodes = selections, offer, made, nodes

    def refused(self, refusal: Rejected, language: str) -> bytes:
        """The whole payload of a command that will not do it."""
        told = [_told(problem, self._offer, language) for problem in refusal.problems]
        beside = self._beside([_camelled(row) for row in refusal.report], None, None)
        values = {**_changes(None), "userErrors": told, self._offer.result: None, **beside}
        return orjson.dumps(self._chosen(self._of, self._nodes, values))

    @property
    def asks_for_changes(self) -> bool:
        """Whether the client wants to know who gains and who loses."""
        selected = self._selections.of(self._of, (node.selection_set for node in self._nodes))
        return any(found[0].name.value in CHANGES for found in selected.values())

    def injected(self, outcome: Outcome, secret: str | None, changes: Changes | None = None) -> dict[str, str]:
        """JSON of the parts beside the resulting row, by response key, for a command that did it."""
        report = [_camelled(row) for row in outcome.report]
        values = {"userErrors": [], **self._beside(report, secret, outcome.tally)}
        made = self._chosen(self._of, self._nodes, {self._offer.result: None, **_changes(changes), **values})
        return {key: orjson.dumps(value).decode() for key, value in made.items()}

    def _beside(
        self, report: Sequence[Mapping[str, Any]], secret: str | None, tally: Sequence[Mapping[str, Any]] | None
    ) -> dict[str, Any]:
        command = self._offer.command
        counts, _ = command.counts or ("", None)
        return {command.reported or "": report, camel(command.shown_once or ""): secret, camel(counts): tally}

    def _chosen(self, of: GraphQLObjectType, nodes: Iterable[FieldNode], value: Mapping[str, Any]) -> dict[str, Any]:
        selected = self._selections.of(of, (node.selection_set for node in nodes))
        return {key: self._part(of, found, value) for key, found in selected.items()}

    def _part(self, of: GraphQLObjectType, nodes: Sequence[FieldNode], value: Mapping[str, Any]) -> Any:
        name = nodes[0].name.value
        if name == "__typename":
            return of.name
        held, type_ = value[name], get_named_type(of.fields[name].type)
        if held is None or not isinstance(type_, GraphQLObjectType):
            return held
        return [self._chosen(type_, nodes, each) for each in held]


def _changes(changes: Changes | None) -> dict[str, Any]:
    values = (None, None) if changes is None else ([_camelled(line) for line in changes.lines], changes.omitted)
    return dict(zip(CHANGES, values, strict=True))


def reported(catalogue: Catalogue, report: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A command's report as clients know it: the kind of a row for its table, its global id for its UUID.

    Of another row it tells table and UUID together. Rows of a table that is no kind's, which clients know nothing of,
    are left out.
    """
    made = []
    for row in report:
        kind, type_ = kind_of(catalogue, row.get("kind")), _type_of(catalogue, row.get("kind"))
        if type_ is None and row.get("kind") in METADATA.tables:
            continue
        known = {"kind": type_.name} if type_ is not None else {}
        named = {"id": kind and row["id"] and f"{kind.entity.tag}_{row['id']}"} if "id" in row else {}
        others = {name: _global_id(catalogue, *value) for name, value in row.items() if isinstance(value, tuple)}
        made.append({**row, **others, **known, **named})
    return made


def tallied(catalogue: Catalogue, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """How many rows there are of each kind and field, and of what else is told of them; each counted once."""
    different = dict.fromkeys(tuple(row.items()) for row in rows)
    numbers = Counter(tuple((name, value) for name, value in row if name != "id") for row in different)
    lines = ({**dict(alike), "count": number} for alike, number in numbers.items())
    return reported(catalogue, ({**line, "field": camel(line["field"])} for line in lines))


def _global_id(catalogue: Catalogue, table: str, id: UUID) -> str | None:
    kind = kind_of(catalogue, table)
    return f"{kind.entity.tag}_{id}" if kind is not None else None


def _type_of(catalogue: Catalogue, table: object) -> Kind | None:
    """The kind whose rows a table's are, whether or not it has ids."""
    kinds = (kind for kind in catalogue.kinds.values() if kind.entity.table.name == table)
    return kind_of(catalogue, table) or next(kinds, None)


def kind_of(catalogue: Catalogue, table: object) -> Kind | None:
    """The kind of node a table's rows are; None for a table that is no kind's."""
    nodes = (kind for kind in catalogue.kinds.values() if kind.entity.tag is not None)
    return next((kind for kind in nodes if kind.entity.table.name == table), None)


def _told(problem: Problem, offer: Offer, language: str) -> dict[str, Any]:
    return {
        "code": problem.code.name,
        "field": ["input", *offer.input.at(problem.field)],
        "message": problem.text.within(language),
        "messageZh": problem.text.zh,
        "messageEn": problem.text.en,
    }


def _camelled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {camel(name): value for name, value in row.items()}
