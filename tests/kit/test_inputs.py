"""Inputs and payloads are named alike: the row a command is about is `id`, with its version; any other `<what>Id`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from schema.catalogue.offers import InputShape, Offer, offer
from schema.kit.commands import Named, Version, belongs_to, command, target, version
from schema.pipeline.run.arguments import Arguments
from schema.pipeline.run.authorize import Authority
from services.errors import Problem, Rejected
from services.storage.transaction import Record, Transaction
from tests.built import CATALOGUE, SCHEMA

OFFERS = tuple(CATALOGUE.offers.values())
UNCHANGED = {"exportMember", "issueCheckInCode"}  # what these are about stays as it is


class Nobody(Authority):
    """Finds no row: no input here names one."""

    def __init__(self) -> None:
        """Without anybody's rights."""


def shapes(shape: InputShape) -> Iterator[InputShape]:
    """An input and those nested in it."""
    yield shape
    for field in shape.fields.values():
        if field.shape is not None:
            yield from shapes(field.shape)


@pytest.mark.parametrize("each", OFFERS, ids=lambda each: each.name)
def test_rows_are_named_alike(each: Offer) -> None:
    """What an input is about is `id`, and no other field is; the others say what they are."""
    for shape in shapes(each.input):
        for name, field in shape.fields.items():
            if isinstance(field.word, Named):
                expected = "id" if field.word.about else "Ids" if field.many else "Id"
                assert name == expected if field.word.about else name.endswith(expected), (shape.name, name)
            else:
                assert not name.endswith(("Id", "Ids")), (shape.name, name)
                assert name != "id", shape.name


@pytest.mark.parametrize("each", OFFERS, ids=lambda each: each.name)
def test_whoever_changes_a_row_has_read_it(each: Offer) -> None:
    """With `id` goes a version, which is required; without, there is none."""
    versions = {name: field for name, field in each.input.fields.items() if isinstance(field.word, Version)}
    assert [*versions] == (["version"] if "id" in each.input.fields and each.name not in UNCHANGED else [])
    assert not any(field.optional for field in versions.values())
    for shape in list(shapes(each.input))[1:]:
        assert ("id" in shape.fields) == ("version" in shape.fields), shape.name


async def untried(_: Mapping[str, Any]) -> Sequence[Problem]:
    """Nothing beside what arguments are refused for."""
    return ()


async def test_who_is_told_to_leave_a_last_day_out_can() -> None:
    """A day that nobody means is refused in one of two ways; of an end that a term must have, it is not this one."""
    told = set()
    for shape in (inner for each in OFFERS for inner in shapes(each.input)):
        for name, field in shape.fields.items():
            if field.value is date:
                arguments = Arguments(Nobody(), ())
                with pytest.raises(Rejected) as refused:
                    await arguments.of(replace(shape, fields={name: field}), {name: date.max}, untried)
                leaving = "leave it out" in refused.value.problems[0].text.en
                assert field.optional or not leaving, (shape.name, name)
                told.add((name, leaving))
    assert {("until", True), ("until", False), ("since", False)} <= told


@pytest.mark.parametrize("each", OFFERS, ids=lambda each: each.name)
def test_what_has_no_version_makes_something(each: Offer) -> None:
    """The row a command is given as another's is not what it leads to, but for lists that are brought to it."""
    name, field = each.target
    if name != "id":
        assert isinstance(field.word, Named)
        brings = any(field.many for field in each.input.fields.values())
        # Of codes there is nothing to read; of the days of a year there are twelve.
        others = (
            *("createUnit", "correctPoints", "correctPayment", "correctFundEntry"),
            *("issueSurveyCodes", "scheduleDeliberationDays"),
        )
        assert each.command.returns not in field.word.entities or brings or each.name in others


@pytest.mark.parametrize("each", OFFERS, ids=lambda each: each.name)
def test_a_payload_names_its_row_by_its_entity(each: Offer) -> None:
    """As every field of that type is called that stands alone."""
    returns = each.command.returns
    payload = SCHEMA.type_map[f"{each.name[0].upper()}{each.name[1:]}Payload"]
    first = next(iter(payload.fields))  # type: ignore[attr-defined]
    assert first == returns[0].lower() + returns[1:]


class UnseenInput:
    """不知版本 / Whoever changes it may not have read it."""

    member: Record = target("Member", "党员 / The member.")
    version: int | None = version()


class MisplacedInput:
    """版本无主 / The version of what is only added to."""

    unit: Record = belongs_to("OrgUnit", "单元 / The unit.")
    version: int = version()


@pytest.mark.parametrize("input_", [UnseenInput, MisplacedInput])
def test_a_version_that_says_nothing_is_not_declared(input_: type) -> None:
    async def run(tx: Transaction) -> None:
        raise AssertionError

    with pytest.raises(ValueError, match="version of the row it is about"):
        offer("change", command(run, input_, "member:update", returns="Member"))
