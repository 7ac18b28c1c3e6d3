"""Attempts at commands: inputs drawn by the words they are declared with, and what the caller may do with the rows.

Drawn at random, hardly any input is one a command accepts; so an attempt that was refused for some of its fields is
amended in these, and tried again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLSchema, get_named_type

from policies.decide import Seat
from schema.catalogue.kinds import Kind
from schema.catalogue.offers import InputField, InputShape, Offer, is_target
from schema.kit.commands import Named, Version
from schema.kit.ids import local_id, tag_of
from services.organization.codes import LENGTHS
from tests.oracle.decisions import enforced
from tests.oracle.dispatch import Record
from tests.oracle.execution import Oracle
from tests.oracle.openings import OPENINGS
from tests.oracle.pools import NEVER
from tests.oracle.sight import Thing
from tests.oracle.tree import LEVELS
from tests.oracle.values import Values

Input = dict[str, Any]
Right = tuple[str, str]


@dataclass(frozen=True)
class Mention:
    """A row an input names: its id, its kind, what the caller must be allowed to do with it."""

    id: str
    kind: Kind
    right: Right
    is_target: bool


def fullest(offers: Mapping[str, Offer]) -> set[str]:
    """Of each kind one command, whose payload is asked for whole: one that tells who gains by it, where there is one.

    The row in a payload is the same for every command that leads to one of its kind, and read like any other.
    """
    fuller = sorted(offers.values(), key=lambda offer: offer.command.access_changes)
    return {*{offer.command.returns: offer.name for offer in fuller}.values()}


def trial(offer: Offer, given: Input) -> Input:
    """The input as a dry run, under no key; of a command that is not tried, as it is."""
    tried = {name: value for name, value in given.items() if name != "idempotencyKey"}
    return tried if offer.command.anonymous or not offer.command.tried else {**tried, "dryRun": True}


class Clerk:
    """Draws inputs of a command over an oracle's rows: mostly of what may be done, often of what may not."""

    def __init__(self, oracle: Oracle, schema: GraphQLSchema, values: Values, offer: Offer) -> None:
        self._oracle, self._values, self._offer = oracle, values, offer
        self._chance = values.chance
        self._input = _input(schema.type_map[offer.input.name])
        self._daring = False

    def drawn(self) -> Input:
        """An input; the row the command is about first, because its version is another field."""
        self._daring = self._chance.in_(3)  # an input, not each of its ids: else what names many is never in order
        made: Input = {}
        self._draw(self._offer.input, self._input, made, made)
        if self._offer.name in OPENINGS and not self._daring:
            made |= OPENINGS[self._offer.name](self._oracle.sight, self._chance)
        if self._offer.command.anonymous:
            return made
        if self._chance.in_(6):
            made["dryRun"] = True
        elif self._chance.in_(3):
            made["idempotencyKey"] = str(self._chance.one(range(10**9)))
        return made

    def amended(self, given: Input, fields: Sequence[Sequence[str]], *, stuck: bool = False) -> Input:
        """The input with these fields drawn anew, each the path from the input to it.

        Where they were before already (`stuck`) now and then with another target: that may be what they do not fit.
        """
        made: Input = _replaced(given, {})
        shape = self._offer.input.fields
        targets = [name for name, field in shape.items() if stuck and is_target(field) and self._chance.in_(2)]
        versions = [name for name, field in shape.items() if targets and isinstance(field.word, Version)]
        for path in (*([name] for name in targets), *fields, *([name] for name in versions)):
            self._amend(self._offer.input, self._input, made, path, made)
        if "idempotencyKey" in made:
            made["idempotencyKey"] += "+"
        return made

    # --- drawing ---

    def _draw(self, shape: InputShape, of: GraphQLInputObjectType, made: Input, whole: Input) -> None:
        for name, field in sorted(shape.fields.items(), key=lambda found: isinstance(found[1].word, Version)):
            self._draw_field(name, field, of, made, whole)

    def _draw_field(self, name: str, field: InputField, of: GraphQLInputObjectType, made: Input, whole: Input) -> None:
        made.pop(name, None)
        if not field.optional or not self._chance.in_(2):
            drawn = self._value(name, field, of, made, whole)
            made[name] = None if field.optional and self._chance.in_(10) else drawn

    def _value(self, name: str, field: InputField, of: GraphQLInputObjectType, made: Input, whole: Input) -> Any:
        if isinstance(field.word, Named):
            near = None if is_target(field) else self._target(whole)
            ids = [self._id(field.word, near) for _ in range(self._chance.one((1, 2, 1)) if field.many else 1)]
            return ids if field.many else ids[0]
        if isinstance(field.word, Version):
            row = self._target(whole) if made is whole else self._changed(made)
            return 1 if row is None or self._chance.in_(8) else row["version"]
        if name == "code" and not self._chance.in_(3):
            return self._code(whole)
        if field.shape is None:
            return self._values.present(of.fields[name].type, name)
        parts: list[Input] = [{} for _ in range(self._chance.one((1, 2)) if field.many else 1)]
        for part in parts:
            self._draw(field.shape, _input(of.fields[name].type), part, whole)
        return parts if field.many else parts[0]

    def _amend(
        self, shape: InputShape, of: GraphQLInputObjectType, made: Input, path: Sequence[str], whole: Input
    ) -> None:
        name, *rest = path
        field = shape.fields.get(name)
        if field is None:
            return None
        if field.shape is None or not rest or not made.get(name):
            return self._draw_field(name, field, of, made, whole)
        row = int(rest.pop(0)) if field.many else None
        if row is not None and row >= len(made[name]):  # of a list that was drawn anew meanwhile
            return None
        inner = made[name] if row is None else made[name][row]
        return self._amend(field.shape, _input(of.fields[name].type), inner, rest or [*field.shape.fields][:1], whole)

    def _id(self, word: Named, near: Record | None) -> str:
        """An id of one of its kinds: mostly of what the caller may name, often of what is near what it is about."""
        kind, right = self._asked(self._chance.one(word.entities), word)
        rows = list(self._oracle.sight.every(kind))
        if near is not None and self._chance.in_(2):
            rows = [row for row in rows if _beside(row, near)] or rows
        if not self._daring or self._chance.in_(2):
            rows = [row for row in rows if self._may(kind, row, right)] or rows
        never = not rows or (self._daring and self._chance.in_(6))
        return f"{kind.entity.tag}_{NEVER if never else self._chance.one(rows)['id']}"

    def _code(self, whole: Input) -> str:
        """A code of what comes beside the target or below it, as long as one of that level is; or unlike these."""
        target = self._target(whole) or {}
        code = str(target.get("code") or "35")
        if (level := target.get("level")) not in LEVELS or self._chance.in_(4):
            return code[:-1] + str(self._chance.one(range(10)))
        above = str(target["parent_path"] or "/").split("/")[-2]
        own, *next_ = [*LENGTHS, 15, 18][LEVELS.index(level) :][:2]
        head, length = self._chance.one([(above, own), *((code, below) for below in next_)])
        return head + "".join(str(self._chance.one(range(10))) for _ in range(length - len(head)))

    # --- what the caller may do ---

    def mentions(self, given: Input) -> list[Mention]:
        """The rows an input names, at any depth."""
        return list(self._mentions(self._offer.input, given))

    def _mentions(self, shape: InputShape, given: Input) -> Iterator[Mention]:
        for name, value in given.items():
            field = shape.fields.get(name)
            if field is None or value is None:
                continue
            for item in value if field.many else [value]:
                if isinstance(field.word, Named):
                    yield Mention(item, *self._asked(self._named(field.word, item), field.word), is_target(field))
                elif field.shape is not None:
                    yield from self._mentions(field.shape, item)

    def _named(self, word: Named, id_: str) -> str:
        """The entity an id is of, of those it may be of; the first for what is no such id."""
        kinds = self._oracle.sight.declared.catalogue.kinds
        return next((each for each in word.entities if kinds[each].entity.tag == tag_of(id_)), word.entity)

    def _asked(self, entity: str, word: Named) -> tuple[Kind, Right]:
        kind, command = self._oracle.sight.declared.catalogue.kinds[entity], self._offer.command
        policy, _, action = (word.action or f"{command.policy}:{command.action}").rpartition(":")
        return kind, (policy or kind.entity.policy, action)

    def _target(self, given: Input) -> Record | None:
        return next((self.row(mention) for mention in self.mentions(given) if mention.is_target), None)

    def _changed(self, part: Input) -> Record | None:
        """The row a nested input changes, whose version it tells."""
        nested = (field.shape for field in self._offer.input.fields.values() if field.shape and field.shape.changed)
        named = (mention for shape in nested for mention in self._mentions(shape, part))
        return next((self.row(mention) for mention in named), None)

    def row(self, mention: Mention) -> Record | None:
        """The row an id is of; None where no row has it."""
        id_ = local_id(mention.id, mention.kind.entity.tag or "")
        return next((row for row in self._oracle.sight.every(mention.kind) if row["id"] == id_), None)

    def permits(self, mention: Mention) -> bool:
        """Whether the caller may do with the row what the command asks."""
        row = self.row(mention)
        return row is not None and self._may(mention.kind, row, mention.right)

    def in_state(self, given: Input) -> bool:
        """Whether the target is in a state in which the command is not refused anyway."""
        (target,) = (mention for mention in self.mentions(given) if mention.is_target)
        row, when = self.row(target), self._offer.command.when
        return row is not None and (when is None or self._oracle.sight.value(Thing(target.kind, row), when) is True)

    def acts(self, given: Input) -> bool:
        """Whether one of the caller's seats permits all that an input asks for, by itself or with what everyone may."""
        *held, everyone = self._oracle.sight.seats
        mentions = self.mentions(given)
        return any(
            all(self._may_as([seat, everyone], mention) for mention in mentions) for seat in (held or [everyone])
        )

    def _may_as(self, seats: Sequence[Seat], mention: Mention) -> bool:
        row, sight = self.row(mention), self._oracle.sight
        return row is not None and enforced(seats, *mention.right, sight.address(mention.kind, row))

    def shows(self, mention: Mention) -> bool:
        """Whether the caller may read the row."""
        row = self.row(mention)
        return row is not None and self._may(mention.kind, row, (mention.kind.entity.policy, "read"))

    def _may(self, kind: Kind, row: Record, right: Right) -> bool:
        return self._oracle.sight.allows(kind, row, *right)

    def unknown(self, given: Input) -> Input | None:
        """The same input with ids that never were for those the caller cannot read; None where there are none."""
        hidden = {each.id: f"{each.kind.entity.tag}_{NEVER}" for each in self.mentions(given) if not self.shows(each)}
        return _replaced(given, hidden) if hidden else None


def _beside(row: Record, other: Record) -> bool:
    """Whether a row lies where another does, or one of them names the other."""
    at = [other[name] for name in ("path", "unit_path") if other.get(name) is not None]
    lies = row.get("unit_path") in at or row.get("parent_path") in at
    return lies or row["id"] in other.values() or other["id"] in row.values()


def _input(of: Any) -> GraphQLInputObjectType:
    named = get_named_type(of)
    assert isinstance(named, GraphQLInputObjectType)
    return named


def _replaced(value: Any, by: Mapping[str, str]) -> Any:
    """A copy of a value with some texts in the place of others."""
    if isinstance(value, dict):
        return {name: _replaced(part, by) for name, part in value.items()}
    if isinstance(value, list):
        return [_replaced(part, by) for part in value]
    return by.get(value, value) if isinstance(value, str) else value
