"""Attempts at commands: inputs drawn by the words they are declared with, and what the caller may do with the rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLSchema, get_named_type

from schema.pipeline.catalogue import Kind
from schema.pipeline.commands import Named, Version
from schema.pipeline.ids import local_id
from schema.pipeline.offers import InputField, InputShape, Offer
from tests.oracle.decisions import enforced
from tests.oracle.dispatch import Record
from tests.oracle.execution import Oracle
from tests.oracle.pools import NEVER
from tests.oracle.values import Values

Right = tuple[str, str]


@dataclass(frozen=True)
class Mention:
    """A row an input names: its id, its kind, what the caller must be allowed to do with it."""

    id: str
    kind: Kind
    right: Right
    is_target: bool


@dataclass
class Attempt:
    """One input of a command."""

    offer: Offer
    given: dict[str, Any]
    mentions: list[Mention] = field(default_factory=list)

    @property
    def target(self) -> Mention:
        """The row the command is about."""
        return next(mention for mention in self.mentions if mention.is_target)


class Clerk:
    """Draws attempts over an oracle's rows: mostly at what may be done, often at what may not."""

    def __init__(self, oracle: Oracle, schema: GraphQLSchema, values: Values) -> None:
        self._oracle, self._schema, self._values = oracle, schema, values
        self._chance = values.chance

    def attempt(self, offer: Offer) -> Attempt:
        """One attempt at a command."""
        made = Attempt(offer, {})
        of = self._schema.type_map[offer.input.name]
        assert isinstance(of, GraphQLInputObjectType)
        made.given = self._shape(offer.input, of, made)
        if self._chance.in_(5):
            made.given["dryRun"] = True
        elif self._chance.in_(3):
            made.given["idempotencyKey"] = self._chance.one(["一", "two", "3"])
        return made

    def _shape(self, shape: InputShape, of: GraphQLInputObjectType, attempt: Attempt) -> dict[str, Any]:
        made: dict[str, Any] = {}
        # The row the command is about first: its version is another field.
        fields = sorted(shape.fields.items(), key=lambda found: isinstance(found[1].word, Version))
        for name, each in fields:
            if each.optional and self._chance.in_(2):
                continue
            if each.optional and self._chance.in_(10):
                made[name] = None
            else:
                made[name] = self._field(name, each, of, attempt)
        return made

    def _field(self, name: str, each: InputField, of: GraphQLInputObjectType, attempt: Attempt) -> Any:
        if isinstance(each.word, Named):
            ids = [self._mention(each.word, attempt) for _ in range(self._chance.one((1, 2, 1)) if each.many else 1)]
            return ids if each.many else ids[0]
        if isinstance(each.word, Version):
            row = self.row(attempt.target)
            return 1 if row is None or self._chance.in_(8) else row["version"]
        type_ = of.fields[name].type
        if each.shape is None:
            return self._values.present(type_, name)
        inner = get_named_type(type_)
        assert isinstance(inner, GraphQLInputObjectType)
        parts = [self._shape(each.shape, inner, attempt) for _ in range(self._chance.one((1, 2)) if each.many else 1)]
        return parts if each.many else parts[0]

    def _mention(self, word: Named, attempt: Attempt) -> str:
        kind = self._oracle.sight.declared.catalogue.kinds[word.entity]
        command = attempt.offer.command
        policy, _, action = (word.action or f"{command.policy}:{command.action}").rpartition(":")
        right = (policy or kind.entity.policy, action)
        rows = list(self._oracle.sight.every(kind))
        if not self._chance.in_(5):
            rows = [row for row in rows if self._may(kind, row, right)] or rows
        id_ = f"{kind.entity.tag}_{self._chance.one(rows)['id'] if rows and not self._chance.in_(20) else NEVER}"
        attempt.mentions.append(Mention(id_, kind, right, word.action is None))
        return id_

    # --- what the caller may do ---

    def row(self, mention: Mention) -> Record | None:
        """The row an id is of; None where no row has it."""
        id_ = local_id(mention.id, mention.kind.entity.tag or "")
        return next((row for row in self._oracle.sight.every(mention.kind) if row["id"] == id_), None)

    def permits(self, mention: Mention) -> bool:
        """Whether the caller may do with the row what the command asks."""
        row = self.row(mention)
        return row is not None and self._may(mention.kind, row, mention.right)

    def shows(self, mention: Mention) -> bool:
        """Whether the caller may read the row."""
        row = self.row(mention)
        return row is not None and self._may(mention.kind, row, (mention.kind.entity.policy, "read"))

    def _may(self, kind: Kind, row: Record, right: Right) -> bool:
        return enforced(self._oracle.sight.seats, *right, self._oracle.sight.address(kind, row))

    def unknown(self, attempt: Attempt) -> Mapping[str, Any] | None:
        """The same input with ids that never were for those the caller cannot read; None where there are none."""
        hidden = {each.id: f"{each.kind.entity.tag}_{NEVER}" for each in attempt.mentions if not self.shows(each)}
        replaced: Mapping[str, Any] | None = _replaced(attempt.given, hidden) if hidden else None
        return replaced


def _replaced(value: Any, by: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _replaced(part, by) for name, part in value.items()}
    if isinstance(value, list):
        return [_replaced(part, by) for part in value]
    return by.get(value, value) if isinstance(value, str) else value
