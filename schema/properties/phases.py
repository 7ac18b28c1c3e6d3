"""Phases 期 of a great compound 大小区, and the commands about them."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import Connection, column, connection, entity, one
from schema.kit.expressions import Pairs
from schema.kit.numbers import measure
from schema.kit.ranges import DateRange, IntRange, days, numbers
from schema.kit.scalars import SafeInt
from schema.kit.states import still_open
from schema.kit.texts import HOW_MANY, NAME, NAME_CONTAINS, PLACE, UNIT, VERSION
from schema.kit.words import folded_contains
from schema.organization.units import OrgUnit
from schema.properties.compounds import HOUSEHOLDS, Building, Compound
from schema.properties.states import empty
from services.organization.paths import place
from services.properties import phases as commands
from services.properties.tables import compounds, managers, name_in, phases, shared
from services.storage.tables import aliased
from services.storage.transaction import Record

NUMBER = "第几期；商业街等不编期的为空 / Which phase it is; null for what has no number, as a shopping street."
COMPLETED = "建成日期，未建成的为计划日期 / When it was completed, or is to be."


class CompoundPhaseFilter:
    """筛选分期，各项须同时满足 / Which phases: every condition given must hold."""

    name_contains: str = folded_contains(NAME_CONTAINS)
    number: IntRange = numbers("number", "第几期 / Which phases, by number.")
    households: IntRange = numbers("households", HOUSEHOLDS)
    completed_on: DateRange = days("completed_on", COMPLETED)


class CompoundPhaseTotals:
    """分期合计 / What phases come to."""

    count: int = measure(HOW_MANY)
    compounds: int = measure("大小区数 / Of how many compounds.", distinct=lambda phase: phase.compound_id)
    households: SafeInt = measure(HOUSEHOLDS, total=lambda phase: phase.households)


@entity(
    phases,
    policy="compound_phase",
    tag="ph",
    ways={
        Way.WITHIN: lambda phase: phase.unit_path,
        Way.SECTOR: lambda phase: phase.unit_path,
        Way.COMPANY: lambda phase: managers(phase.compound_id),
        Way.SHARED: Pairs(shared, lambda phase: phase.compound_id),
    },
    sort=lambda phase: (phase.unit_path, phase.compound_id, phase.number),
    ties=lambda phase: (phase.sorting, phase.unit_path),
    filter=CompoundPhaseFilter,
    orders={
        "PLACE": lambda phase: (phase.unit_path, phase.compound_id),
        "NUMBER": lambda phase: (phase.number,),
        "HOUSEHOLDS": lambda phase: (phase.households,),
        "COMPLETED_ON": lambda phase: (phase.completed_on,),
    },
    totals=CompoundPhaseTotals,
)
class CompoundPhase:
    """分期：大小区的一期，或其商业街 / A phase of a great compound, or its shopping street."""

    name: str = column(NAME)
    number: int | None = column(NUMBER)
    compound_name: str = column(
        "小区名称 / The name of its compound.", lambda phase: name_in(compounds, phase.compound_id), brings="Compound"
    )
    place: list[str] = column(PLACE, lambda phase: place(phase.unit_path))
    households: int = column(HOUSEHOLDS)
    completed_on: date | None = column(COMPLETED)
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda phase, unit: unit.path == phase.unit_path, UNIT)
    compound: "Compound | None" = one(
        lambda phase, compound: compound.id == phase.compound_id, "所在小区 / Its compound."
    )
    buildings: "Connection[Building]" = connection(
        lambda phase, building: building.phase_id == phase.id,
        "该期的楼栋 / The buildings in it.",
        alike=(Way.COMPANY, Way.SHARED),
    )


# --- commands ---------------------------------------------------------------------------------------------------------

PHASE = "分期 / The phase."
OWN_NAME = "名称，在小区内不重复 / Its name, its own within the compound."
OWN_NUMBER = (
    "第几期，1 至 99，在小区内不重复；商业街等可不填"
    " / Which phase it is, 1 to 99, its own within the compound; null for what has no number, as a shopping street."
)


class CreatePhaseInput:
    """登记大小区的分期 / Record a phase of a great compound."""

    compound: Record = belongs_to("Compound", "小区 / The compound.")
    name: str = given(OWN_NAME)
    number: int | None = given(OWN_NUMBER)
    households: int | None = given(HOUSEHOLDS)
    completed_on: date | None = given(COMPLETED)


class UpdatePhaseInput:
    """修改分期信息 / Change what is known of a phase."""

    phase: Record = target("CompoundPhase", PHASE)
    version: int = version()
    name: str | None = given(OWN_NAME)
    number: int | None = given(OWN_NUMBER)
    households: int | None = given(HOUSEHOLDS)
    completed_on: date | None = given(COMPLETED)


class StrikeOutPhaseInput:
    """删除误记的分期；已停用的楼栋随之移出 / Remove a phase that should not be there; closed buildings leave it."""

    phase: Record = target("CompoundPhase", PHASE)
    version: int = version()
    reason: str = given(REASON)


def _in_open(phase: Any) -> ColumnElement[bool]:
    """A phase of a compound that is not closed."""
    of = aliased(compounds)
    return select(of.c.id).where(of.c.id == phase.compound_id, still_open(of.c)).correlate_except(of).exists()


COMMANDS = {
    "create_phase": command(
        commands.create, CreatePhaseInput, "compound_phase:create", returns="CompoundPhase", when=still_open
    ),
    "update_phase": command(
        commands.update, UpdatePhaseInput, "compound_phase:update", returns="CompoundPhase", when=_in_open
    ),
    "strike_out_phase": command(
        commands.strike_out, StrikeOutPhaseInput, "compound_phase:strike_out", returns="Compound", when=empty
    ),
}
