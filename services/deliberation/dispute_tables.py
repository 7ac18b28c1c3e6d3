"""Disputes 矛盾纠纷 among neighbours: of which kind, when they came in and from where, and what became of them.

Nothing tells whose they are: there is no text, no party and no compound, and what became of one is a kind as well.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CheckConstraint, Column, ColumnElement, Date, Enum, ForeignKey, Index, Table, and_, extract, or_

from services.described import Described
from services.errors import ProblemCode, Rule
from services.organization.tables import units
from services.storage.tables import BYTEWISE, METADATA, identified, versioned
from services.terms import on


class DisputeKind(Described):
    """矛盾纠纷类别 / What a dispute is about."""

    NEIGHBOURS = "NEIGHBOURS", "邻里 / Between neighbours."
    FAMILY = "FAMILY", "婚姻家庭 / In a family."
    PROPERTY = "PROPERTY", "物业服务 / With a property company, or about its service."
    PARKING = "PARKING", "停车 / About parking."
    NOISE = "NOISE", "噪声扰民 / About noise."
    OTHER = "OTHER", "其他 / Anything else."


class DisputeSource(Described):
    """矛盾纠纷来源 / How a dispute came to be known."""

    GRID = "GRID", "网格发现 / Found in the grid."
    WINDOW = "WINDOW", "窗口受理 / Brought to the service window."
    VISIT = "VISIT", "走访发现 / Found on a visit."
    HOTLINE = "HOTLINE", "热线转来 / Passed on by the hotline."
    COURT = "COURT", "法院委派 / Sent by a court to be mediated."


class DisputeOutcome(Described):
    """矛盾纠纷结果：化解，或转往何处 / What became of a dispute: it was settled, or passed on."""

    AGREED = "AGREED", "调解达成一致 / The parties came to terms by mediation."
    WITHDRAWN = "WITHDRAWN", "当事人自行和解或撤回 / They made peace by themselves, or withdrew it."
    TO_TOWN = "TO_TOWN", "转乡镇（街道） / Passed on to the town."
    TO_DEPARTMENT = "TO_DEPARTMENT", "转有关部门 / Passed on to a department."
    TO_POLICE = "TO_POLICE", "转公安机关 / Passed on to the police."
    TO_COURT = "TO_COURT", "转法院 / Passed on to a court."


SETTLED = (DisputeOutcome.AGREED, DisputeOutcome.WITHDRAWN)

# `outcome` and its day are of what happened last: what was passed on may be settled after that, or go further.
disputes = Table(
    "dispute",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("received_on", Date, nullable=False),
    Column("kind", Enum(DisputeKind, name="dispute_kind"), nullable=False),
    Column("source", Enum(DisputeSource, name="dispute_source"), nullable=False),
    Column("outcome", Enum(DisputeOutcome, name="dispute_outcome")),
    Column("ended_on", Date),
    versioned(),
    CheckConstraint("num_nulls(outcome, ended_on) <> 1", name="outcome"),
    CheckConstraint("ended_on >= received_on", name="ended"),
    Index("dispute_unit_idx", "unit_path", "received_on"),
)

BEFORE = ("不能早于受理日期。", "This is no earlier than the day it came in.")
RULES: Mapping[str, Rule] = {"dispute_ended_check": Rule("ended_on", *BEFORE, ProblemCode.INVALID)}


# --- what became of them ----------------------------------------------------------------------------------------------


def is_settled(dispute: Any) -> ColumnElement[bool]:
    """Whether it was settled, and not merely passed on."""
    return and_(dispute.outcome.is_not(None), or_(*(dispute.outcome == each for each in SETTLED)))


def is_open(dispute: Any) -> ColumnElement[bool]:
    """Whether nothing became of it yet."""
    nothing: ColumnElement[bool] = dispute.outcome.is_(None)
    return nothing


def unsettled(dispute: Any) -> ColumnElement[bool]:
    """Whether it is open, or was passed on."""
    passed_on = (each for each in DisputeOutcome if each not in SETTLED)
    return or_(is_open(dispute), *(dispute.outcome == each for each in passed_on))


# --- when they count --------------------------------------------------------------------------------------------------


def received(dispute: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether it came in by a day, in the year of that day."""
    return and_(dispute.received_on <= on(day), _year(dispute.received_on) == _year(on(day)))


def received_before(dispute: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether it came in the year before, by the same day: on 29 February, by the 28th."""
    came, by = dispute.received_on, on(day)
    return and_(_year(came) == _year(by) - 1, _of_the_year(came) <= _of_the_year(by))


def settled(dispute: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether it came in by a day, in the year of that day, and was settled by then."""
    return and_(received(dispute, day), is_settled(dispute), dispute.ended_on <= on(day))


def _year(day: ColumnElement[Any]) -> ColumnElement[Any]:
    return extract("year", day)


def _of_the_year(day: ColumnElement[Any]) -> ColumnElement[Any]:
    """Month and day as a number: 1231 is the last."""
    return extract("month", day) * 100 + extract("day", day)
