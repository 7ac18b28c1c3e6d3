"""What captains add to buildings, units and members, and to the indicators."""

from policies.scope import Way
from schema.captains.assignments import (
    DAY,
    HISTORY,
    WITH_CAPTAIN,
    WITHOUT_CAPTAIN,
    AssignCaptainInput,
    CancelCaptainTermInput,
    CaptainAssignment,
    CorrectCaptainTermInput,
    EndCaptainTermInput,
    HandOverCaptainInput,
    StrikeOutCaptainTermInput,
)
from schema.captains.states import last, never_held, to_fill, vacant, without_captains
from schema.kit.commands import command
from schema.kit.corrections import CHANGED
from schema.kit.entities import (
    Area,
    connection,
    edge_to,
    having,
    listing,
    one,
)
from schema.kit.expressions import Pairs
from schema.kit.numbers import count
from schema.kit.states import not_over, to_come
from schema.organization.under import under
from services.captains import commands
from services.captains.tables import RULES, captains_of, held, held_for_companies, held_today
from services.organization.paths import at_or_beneath
from services.terms import holds_on, lasts

AREA = Area(
    entities=(CaptainAssignment,),
    edges={
        "OrgUnit": {
            "captain_assignments": edge_to(
                CaptainAssignment,
                connection(
                    lambda unit, term: at_or_beneath(term.unit_path, unit.path),
                    "本单元及所有下级的楼长任职，含历任 / The terms of this unit and all below it, past ones too.",
                ),
            ),
        },
        "Building": {
            "captain": edge_to(
                CaptainAssignment,
                one(
                    lambda building, term: term.building_id == building.id,
                    "楼长 / Its captain.",
                    as_of=DAY,
                    alike=(Way.COMPANY, Way.SHARED, Way.BUILDING, Way.CAPTAIN),
                ),
            ),
            "captains": edge_to(
                CaptainAssignment,
                connection(
                    lambda building, term: term.building_id == building.id,
                    HISTORY,
                    alike=(Way.COMPANY, Way.SHARED, Way.BUILDING, Way.CAPTAIN),
                ),
            ),
        },
        "Member": {
            "captain_assignments": edge_to(
                CaptainAssignment,
                connection(lambda member, term: term.member_id == member.id, HISTORY, alike=(Way.MEMBER,)),
            )
        },
        "Indicators": {
            "buildings_with_captain": count(
                "Building",
                lambda unit, building: at_or_beneath(building.unit_path, unit.path),
                WITH_CAPTAIN,
                having={"captain": True},
                holding=lambda building, day: lasts(building.closed_on, day),
            ),
            "buildings_without_captain": count(
                "Building",
                lambda unit, building: at_or_beneath(building.unit_path, unit.path),
                WITHOUT_CAPTAIN,
                having={"captain": False},
                holding=lambda building, day: lasts(building.closed_on, day),
            ),
            "captain_assignments": count(
                "CaptainAssignment",
                lambda unit, term: at_or_beneath(term.unit_path, unit.path),
                "楼长任职 / Captains' terms that hold.",
                holding=holds_on,
            ),
            "captains": count(
                "CaptainAssignment",
                lambda unit, term: at_or_beneath(term.unit_path, unit.path),
                "在任的楼长人数 / Members who are captains.",
                holding=holds_on,
                distinct=lambda term: term.member_id,
            ),
        },
    },
    filters={"Building": {"has_captain": having("captain", "今天是否有楼长 / Whether it has a captain today.")}},
    ways={
        "Building": {Way.CAPTAIN: lambda building: captains_of(building.id)},
        "Member": {
            Way.SECTOR: Pairs(held_today),
            Way.COMPANY: Pairs(held_for_companies),
            Way.NAMED: Pairs(held),
        },
    },
    roots={
        "captain_assignments": listing(
            CaptainAssignment,
            "可见的全部楼长任职，含历任与后任 / Every term you may see, past and to come too.",
            under=under(),
        )
    },
    commands={
        "assign_captain": command(
            commands.assign, AssignCaptainInput, "captain:assign", returns="CaptainAssignment", when=to_fill
        ),
        "hand_over_captain": command(
            commands.hand_over,
            HandOverCaptainInput,
            "captain:hand_over",
            returns="CaptainAssignment",
            report=CHANGED,
            when=last,
        ),
        "cancel_captain_term": command(
            commands.cancel_term,
            CancelCaptainTermInput,
            "captain:end",
            returns="Building",
            report=CHANGED,
            when=to_come,
        ),
        "end_captain_term": command(
            commands.end, EndCaptainTermInput, "captain:end", returns="CaptainAssignment", when=not_over
        ),
        "correct_captain_term": command(
            commands.correct, CorrectCaptainTermInput, "captain:correct", returns="CaptainAssignment", report=CHANGED
        ),
        "strike_out_captain_term": command(
            commands.strike_out, StrikeOutCaptainTermInput, "captain:correct", returns="Building", report=CHANGED
        ),
    },
    states={
        "close_building": vacant,
        "close_compound": without_captains,
        "strike_out_building": never_held,
    },
    rules=RULES,
)
