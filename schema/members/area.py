"""What members add to the units they serve or live in, and to their organizations; which grid they are in."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, select

from policies.scope import Way
from schema.kit.commands import Caller, RecordedRow, command
from schema.kit.corrections import CHANGED
from schema.kit.entities import (
    Area,
    connection,
    edge_to,
    listing,
    lookup,
)
from schema.kit.expressions import Row
from schema.kit.numbers import count
from schema.members import grids
from schema.members.members import (
    LiftRestrictionInput,
    Member,
    MemberBy,
    MemberContact,
    RegisterMemberInput,
    RegisterMembersInput,
    RestrictMemberInput,
    UpdateContactInput,
    UpdateMemberInput,
)
from schema.organization.under import under
from services.members import commands, restricting
from services.members.grid_tables import GRID_RULES
from services.members.tables import (
    RULES,
    members,
    serving_at,
    unrestricted,
)
from services.organization.paths import at_or_beneath
from services.storage.transaction import Record
from services.terms import lasts


async def may_use(caller: Caller, target: Record, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Rejected for contact data that are restricted, but where the grant that acts is the member's own."""
    if target["restricted_on"] is not None:
        own = select(members.c.id).where(
            members.c.id == target["id"],
            caller.within("MemberContact", ("member.contact", "update"), members.c),
        )
        if await caller.tx.row(own) is None:
            restricting.refuse_restricted(target)
    return {}


def _restricted(member: Row) -> ColumnElement[bool]:
    """Whether the processing of a member's data is restricted."""
    return ~unrestricted(member)


AREA = Area(
    entities=(Member, MemberContact, grids.GridTerm),
    edges={
        "OrgUnit": {
            "members": edge_to(
                Member,
                connection(
                    lambda unit, member: at_or_beneath(member.unit_path, unit.path),
                    "在本单元及所有下级服务的党员 / The members who serve in this unit or below it.",
                ),
            ),
            "grid_terms": grids.OF_UNIT,
        },
        "Member": grids.OF_MEMBER,
        "PartyOrganization": {
            "members": edge_to(
                Member,
                connection(
                    lambda organization, member: member.organization_id == organization.id,
                    "组织关系在此的党员 / The members who belong to it.",
                    alike=(Way.COMPANY,),
                    elsewhere=True,
                ),
            )
        },
        "Indicators": {
            "members": count(
                Member,
                lambda unit, member: at_or_beneath(member.unit_path, unit.path),
                "党员，限您可见或可统计者 / Members who serve there, of those you may see or count.",
                holding=lambda member, day: lasts(member.left_on, day),
            ),
            **grids.INDICATORS,
        },
    },
    filters={"Member": grids.OF_MEMBERS},
    ways={"OrgUnit": {Way.MEMBER: lambda unit: serving_at(unit.path)}},
    roots={
        "member": lookup(Member, MemberBy, "一名党员 / One member; null if there is none or it is not yours to see."),
        "members": listing(Member, "可见的全部党员 / Every member you may see.", under=under()),
        **grids.ROOTS,
    },
    commands={
        "register_member": command(commands.register, RegisterMemberInput, "member:create", returns="Member"),
        "register_members": command(
            commands.register_all,
            RegisterMembersInput,
            "member:create",
            returns="OrgUnit",
            report=("recorded", RecordedRow),
        ),
        "update_member": command(
            commands.update, UpdateMemberInput, "member:update", returns="Member", report=CHANGED, when=unrestricted
        ),
        "update_contact": command(
            commands.contact, UpdateContactInput, "member.contact:update", returns="Member", may=may_use
        ),
        "restrict_member": command(
            restricting.restrict, RestrictMemberInput, "member:restrict", returns="Member", when=unrestricted
        ),
        "lift_restriction": command(
            restricting.lift, LiftRestrictionInput, "member:restrict", returns="Member", when=_restricted
        ),
        **grids.COMMANDS,
    },
    rules={**RULES, **GRID_RULES},
)
