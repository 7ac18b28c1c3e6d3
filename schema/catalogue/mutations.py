"""Strawberry's types of the commands: an input, a payload and a field of the mutation for each."""

import typing
from collections.abc import Iterable
from dataclasses import MISSING
from typing import Any

import strawberry
from graphql import DirectiveLocation
from strawberry.types.field import StrawberryField

from schema.catalogue.fields import argument, described, filled, list_of, plain
from schema.catalogue.offers import InputField, InputShape, Offer
from schema.kit.commands import ATOMIC, AccessChange, Given, Named, RowId, Version
from services.errors import ProblemCode

VERSION = "决定修改时所见的版本，已变则 CONFLICT / The version this was decided on; CONFLICT if it changed since."
KEY = "幂等键，最多 64 个字符：同键重试只执行一次 / A retry with the same key applies once; at most 64 characters."
DRY_RUN = "试运行：只返回结果，不保存 / Only show what would come of it; nothing is kept."
ONCE = "只显示这一次，请妥善保存；试运行与重试时为空 / Shown this once; null in a dry run and to a retry."
ACCESS = (
    "谁因此多见或少见什么，按账号与类型，最多 500 行；须有权询问，重试及未执行时为空 / "
    "Who sees more or less by it, by account and type, at most 500 lines; null for a retry, and where nothing was done."
)
COUNTED = (
    "所涉各行的数目，按类型与字段，只计您可查看的；重试及未执行时为空 / "
    "How many rows it concerns, by type and field, of those you may read; null for a retry, and where nothing was done."
)
OMITTED = "未列出的行数 / How many of those lines are left out."
USER_ERRORS = "可由用户更正的问题，成功则为空 / What the user can correct; empty when it was done."


@strawberry.directive(
    name=ATOMIC,
    locations=[DirectiveLocation.MUTATION],
    description="一并执行：任一项未成功，则全部撤销 / Done together: where one command fails, all are undone.",
)
def atomic() -> None:
    """Of an operation; `schema.pipeline.run.together` does what it says."""


@strawberry.type(description="可由用户更正的问题 / Something the user can correct.")
class UserError:
    """Of a payload; nothing was changed."""

    code: described(ProblemCode) = strawberry.field(  # type: ignore[valid-type]
        description="种类 / Its kind."
    )
    field: list[str] = strawberry.field(description="所在字段，自 input 起 / Which field, from `input` on.")
    message: str = strawberry.field(description="说明，按 Accept-Language / What is wrong, in the reader's language.")
    message_zh: str = strawberry.field(description="中文说明 / The message in Chinese.")
    message_en: str = strawberry.field(description="英文说明 / The message in English.")


class Mutations:
    """The mutation type over entity types made before; `made` holds those by name."""

    def __init__(self, made: dict[str, Any]) -> None:
        self._made = made

    def root(self, offers: Iterable[Offer]) -> Any:
        """The mutation with a field for every offer; None without any."""
        fields = [self._field(offer) for offer in offers]
        if not fields:
            return None
        return strawberry.type(
            filled(type("Mutation", (), {}), fields), description="变更 / Everything that may be done."
        )

    def _field(self, offer: Offer) -> StrawberryField:
        made = plain(offer.name, self._payload(offer) | None, offer.description)
        made.arguments = [argument("input", self._input(offer.input, offer), "输入 / What to do.")]
        return made

    def _payload(self, offer: Offer) -> Any:
        called = f"{offer.name[0].upper()}{offer.name[1:]}Payload"
        fields = [plain(offer.result, self._made[offer.command.returns] | None, "所得 / What it led to.")]
        if offer.command.report is not None:
            reported = list_of(self._report(offer.command.report))
            fields.append(plain(offer.command.reported or "", reported, "明细 / What it does, one by one."))
        if offer.command.counts is not None:
            name, line = offer.command.counts
            fields.append(plain(name, list_of(self._report(line)) | None, COUNTED))
        if offer.command.shown_once is not None:
            fields.append(plain(offer.command.shown_once, str | None, ONCE))
        if offer.command.access_changes:
            fields.append(plain("access", list_of(self._report(AccessChange)) | None, ACCESS))
            fields.append(plain("access_omitted", int | None, OMITTED))
        fields.append(plain("user_errors", list_of(UserError), USER_ERRORS))
        return strawberry.type(filled(type(called, (), {}), fields), name=called, description=offer.description)

    def _report(self, cls: type) -> Any:
        if cls.__name__ not in self._made:
            hints = typing.get_type_hints(cls)
            words = ((name, word) for name, word in vars(cls).items() if isinstance(word, Given | RowId))
            fields = [plain(name, hints[name], word.description) for name, word in words]
            made = filled(type(cls.__name__, (), {}), fields)
            self._made[cls.__name__] = strawberry.type(made, name=cls.__name__, description=cls.__doc__)
        return self._made[cls.__name__]

    def _input(self, shape: InputShape, offer: Offer | None = None) -> Any:
        if shape.name in self._made:
            return self._made[shape.name]
        fields = [self._input_field(name, field) for name, field in shape.fields.items()]
        if offer is not None and not offer.command.anonymous:
            fields.append(plain("dry_run", bool, DRY_RUN, default=False))
            fields.append(plain("idempotency_key", str | None, KEY, default=strawberry.UNSET))
        made = filled(type(shape.name, (), {}), fields)
        self._made[shape.name] = strawberry.input(made, name=shape.name, description=shape.description)
        return self._made[shape.name]

    def _input_field(self, name: str, field: InputField) -> StrawberryField:
        annotation, word = self._annotation(field), field.word
        description = VERSION if isinstance(word, Version) else word.description
        made = plain(name, annotation | None if field.optional else annotation, description, _default(field))
        made.graphql_name = name
        return made

    def _annotation(self, field: InputField) -> Any:
        if isinstance(field.word, Named):
            item: Any = strawberry.ID
        elif field.shape is not None:
            item = self._input(field.shape)
        else:
            return field.value
        return list_of(item) if field.many else item


def _default(field: InputField) -> Any:
    return strawberry.UNSET if field.optional else MISSING
