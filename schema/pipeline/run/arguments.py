"""What a command is called with: the rows its input names, locked, and its values, by Python name.

A list of nested inputs is taken as a whole: the rows that all of them name by one field are found by one statement,
and everything that is wrong is told with the place where it is.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Protocol

from schema.catalogue.kinds import Kind
from schema.catalogue.offers import InputField, InputShape, is_target
from schema.kit.actions import Right
from schema.kit.commands import Given, Named, Version
from schema.kit.faults import Refusals
from services.errors import Code, Problem, ProblemCode, Refused, conflict
from services.storage.transaction import Record, Transaction
from services.storage.validation import UNKNOWN, Amiss, row_of
from services.terms import YEARS

Path = tuple[str, ...]
Try = Callable[[Mapping[str, Any]], Awaitable[Sequence[Problem]]]
"""What a command that is refused would itself find amiss with arguments, as far as there are any."""

YEARED = ("日期须在 1900 至 2199 年之间。", "A date lies between 1900 and 2199.")
YEARLESS = (
    "末日须在 1900 至 2199 年之间；没有末日的请留空。",
    "A last day lies between 1900 and 2199; leave it out where there is none.",
)
VERSIONLESS = (
    "此行写明了已登记的对象（id），须一并填写读取时的 version，以免覆盖他人的修改。",
    "This row is about what is recorded already (its id): give the version it was read with, too.",
)
VERSION_OF_NONE = (
    "此行只有 version 而无 id：新登记的请去掉 version，修改已登记的请补上 id。",
    "This row has a version and no id: leave it out for what is new, or say by its id what to change.",
)
UNUSABLE: Any = object()  # a value that was refused
CHANGED = ("已被他人修改，请重新读取后再操作。", "Someone else has changed it; read it again first.")


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids one field of an input holds, and where."""

    ids: Sequence[str]
    at: Path


class Finding(Protocol):
    """Whoever finds and locks rows by the caller's rights; see `authorize.Authority`."""

    @property
    def tx(self) -> Transaction:
        """The command's transaction."""

    def kind(self, word: Named, id: object) -> Kind:
        """The kind of a row that may be of several, by its id."""

    async def rows(self, kind: Kind, named: Sequence[Ids], right: Right, *, target: bool) -> list[list[Record]]:
        """The rows of each, each once locked; Refused, or Refusals, for those the caller may not have."""


@dataclass(frozen=True, slots=True)
class Input:
    """An input, a nested one or a value of one, as it was given, and where."""

    given: Any
    at: Path


class Arguments:
    """Makes the arguments of one command; what is amiss with it, its target above all, gathers as it goes."""

    def __init__(self, finding: Finding, refused: Iterable[Refused]) -> None:
        self._finding = finding
        self._amiss = Amiss()
        self._refused = list(refused)
        self._changed = any(each.code is Code.CONFLICT for each in self._refused)  # the target itself

    async def of(self, shape: InputShape, given: Mapping[str, Any], tried: Try) -> dict[str, Any]:
        """Everything beside the target and the version. Refusals for rows, Rejected for values.

        Where both are amiss, the values are told beside the rows, as BAD_USER_INPUT: a form marks all of it at once. Of
        a target that changed since the caller saw it nothing is tried: what would be said is of one they do not know.
        """
        (made,) = await self._inputs(shape, [Input(given, ("input",))])
        if (self._refused or self._amiss.found) and not self._changed:
            told = {each.argument for each in self._refused} | {self._at(shape, each) for each in self._amiss.found}
            self._amiss.add(each for each in await tried(made) if self._at(shape, each) not in told)
        if self._refused:
            values = [
                Refused(Code.BAD_USER_INPUT, problem.text.zh, problem.text.en, argument=self._at(shape, problem))
                for problem in self._amiss.found
            ]
            raise Refusals(sorted([*self._refused, *values], key=_row))
        self._amiss.check()
        return made

    def _at(self, shape: InputShape, problem: Problem) -> Path:
        return ("input", *shape.at(problem.field))

    async def _inputs(self, shape: InputShape, inputs: Sequence[Input]) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = [{} for _ in inputs]
        for name, field in shape.fields.items():
            if is_target(field) or isinstance(field.word, Version):
                continue
            for each, one in zip(inputs, made, strict=True):
                if name in each.given:
                    one[field.python_name] = None
            told = [(one, each) for each, one in zip(inputs, made, strict=True) if each.given.get(name) is not None]
            values = await self._values(field, [Input(each.given[name], (*each.at, name)) for _, each in told])
            for (one, _), value in zip(told, values, strict=True):
                one[field.python_name] = value
                if value is UNUSABLE:
                    del one[field.python_name]
        if shape.changed is not None:
            self._versions(shape, inputs, made)
        return made

    async def _values(self, field: InputField, told: Sequence[Input]) -> list[Any]:
        if isinstance(field.word, Named):
            return await self._named(field, field.word, told)
        assert isinstance(field.word, Given)
        if field.shape is None:
            return [self._value(field.word, each.given, each.at) for each in told]
        if not field.many:
            return list(await self._inputs(field.shape, told))
        for each in told:
            if len(each.given) > field.word.most:
                raise too_many(field.word.most, each.at)
        parts = [Input(part, (*each.at, str(n))) for each in told for n, part in enumerate(each.given)]
        made = iter(await self._inputs(field.shape, parts))
        return [list(islice(made, len(each.given))) for each in told]

    def _value(self, word: Given, value: Any, at: Path) -> Any:
        if isinstance(value, date) and value.year not in YEARS:
            zh, en = YEARLESS if word.endless else YEARED
            self._amiss.tell(ProblemCode.INVALID, ".".join(at[1:]), zh, en)
            return UNUSABLE
        made = value if word.convert is None else UNUSABLE
        if word.convert is not None:
            with self._amiss.within():
                made = word.convert(value)
        return made

    async def _named(self, field: InputField, word: Named, told: Sequence[Input]) -> list[Any]:
        """The rows that inputs name by one field, in their order: one statement for each kind there is."""
        policy, _, action = (word.action or "").rpartition(":")
        kinds = {(kind := self._finding.kind(word, each.given)).name: kind for each in told}
        found: dict[int, list[Record]] = {}
        for kind in kinds.values():
            of = [n for n, each in enumerate(told) if self._finding.kind(word, each.given) is kind]
            ids = [Ids(told[n].given if field.many else [told[n].given], told[n].at) for n in of]
            right = (policy or kind.entity.policy, action)
            found |= dict(zip(of, await self._rows(kind, ids, right, word), strict=True))
        return [found[n] if field.many else next(iter(found[n]), UNKNOWN) for n in range(len(told))]

    async def _rows(self, kind: Kind, ids: Sequence[Ids], right: Right, word: Named) -> list[list[Record]]:
        """The rows of each, none where they are not the caller's: that is told with all else that is amiss."""
        try:
            return await self._finding.rows(kind, ids, right, target=word.changed)
        except Refusals as missing:
            self._refused += missing.refused
        refused = {each.argument for each in self._refused}
        left = [each for each in ids if each.at not in refused]
        rows = iter(await self._finding.rows(kind, left, right, target=word.changed))
        return [[] if each.at in refused else next(rows) for each in ids]

    def _versions(self, shape: InputShape, inputs: Sequence[Input], made: Sequence[Mapping[str, Any]]) -> None:
        """CONFLICT for every row that has another version than its caller saw; a row to change wants one."""
        (version,) = (name for name, field in shape.fields.items() if isinstance(field.word, Version))
        for each, one in zip(inputs, made, strict=True):
            row, named, seen = one.get(shape.changed or ""), each.given.get("id"), each.given.get(version)
            if row and seen is not None and seen != row["version"]:
                self._refused.append(conflict(*CHANGED, ".".join((*each.at[1:], version))))
            elif (named is None) != (seen is None):
                zh, en = VERSIONLESS if seen is None else VERSION_OF_NONE
                self._amiss.tell(ProblemCode.INVALID, ".".join((*each.at[1:], version)), zh, en)


def _row(refused: Refused) -> int:
    return row_of(".".join(refused.argument[1:]))


def too_many(most: int, at: Path) -> Refused:
    """A list is longer than any may be."""
    return Refused(Code.BAD_USER_INPUT, f"最多 {most} 项。", f"At most {most} items.", argument=at)
