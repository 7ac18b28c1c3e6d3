"""Contacts 联系 of members with households: a member with ten at least, "1+10"; and the commands about them."""

from datetime import date

from policies.scope import Way
from schema.households.households import HOUSEHOLD, Household
from schema.kit.commands import belongs_to, command, given, reference, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one
from schema.kit.numbers import measure
from schema.kit.states import not_over, still_open
from schema.kit.terms import TermFilter
from schema.kit.texts import CHANGES, ENDING, FIRST, HOW_MANY, LAST, PLACE, UNIT
from schema.kit.words import as_of
from schema.members.members import Member
from schema.organization.units import OrgUnit
from services.households import contacts as commands
from services.households.tables import contacts, door_of
from services.members.tables import name_of
from services.organization.paths import place
from services.storage.transaction import Record

DAY = as_of("哪一天联系，默认今天 / Kept on this day; today by default.")
MEMBER = "联系党员 / The member."
CONTACT = "联系 / The contact."


class HouseholdContactFilter(TermFilter):
    """筛选联系，各项须同时满足 / Which contacts: every condition given must hold."""


class HouseholdContactTotals:
    """联系合计 / What contacts come to."""

    count: int = measure(HOW_MANY)
    households: int = measure("户数 / With how many households.", distinct=lambda contact: contact.household_id)
    members: int = measure("党员人数 / Of how many members.", distinct=lambda contact: contact.member_id)


@entity(
    contacts,
    policy="household_contact",
    tag="hc",
    ways={Way.WITHIN: lambda contact: contact.unit_path, Way.MEMBER: lambda contact: contact.member_id},
    sort=lambda contact: (contact.unit_path,),
    ties=lambda contact: (contact.unit_path, contact.since),
    filter=HouseholdContactFilter,
    orders={
        "PLACE": lambda contact: (contact.unit_path,),
        "SINCE": lambda contact: (contact.since,),
        "UNTIL": lambda contact: (contact.until,),
    },
    totals=HouseholdContactTotals,
)
class HouseholdContact:
    """党员联系户：党员联系一户的起止 / A member's keeping contact with one household, from when until when."""

    member_name: str = column(
        "党员姓名 / The member's name.", lambda contact: name_of(contact.member_id), brings="Member"
    )
    household_name: str | None = column(
        "户名；仍可补录走访时，调离的党员亦可见，逾期为空"
        " / The household's door, for who has moved as well; null once no visit can be recorded by this any more.",
        door_of,
        brings="Household",
    )
    place: list[str] = column(PLACE, lambda contact: place(contact.unit_path))
    since: date = column(FIRST)
    until: date | None = column(LAST)
    end_reason: str | None = column("终止原因 / Why it was ended.")
    version: int = column(CHANGES)
    unit: "OrgUnit | None" = one(lambda contact, unit: unit.path == contact.unit_path, UNIT)
    household: "Household | None" = one(
        lambda contact, household: household.id == contact.household_id,
        "住户；党员不再联系或已到别处服务的，本人看不到 / The household; the member sees it while they keep contact and"
        " serve there.",
    )
    member: "Member | None" = one(lambda contact, member: member.id == contact.member_id, MEMBER)


# --- commands ---------------------------------------------------------------------------------------------------------


class LinkHouseholdInput:
    """由党员联系一户；一户可有多名党员 / Let a member keep contact with a household; it may have several."""

    household: Record = belongs_to("Household", HOUSEHOLD)
    member: Record = reference("Member", "在该网格服务的党员 / A member who serves in its grid.")
    since: date = given("首日，不早于该党员到该网格服务之日 / The first day, on which the member served there already.")


class EndHouseholdContactInput:
    """终止联系；只能提前，不能延后 / End a contact; an end is brought forward, never put off."""

    contact: Record = target("HouseholdContact", CONTACT)
    version: int = version()
    on: date = given(ENDING)
    reason: str = given("原因，最多一百个字符 / Why; at most 100 characters.")


class StrikeOutHouseholdContactInput:
    """删除误记的联系 / Remove a contact that never was."""

    contact: Record = target("HouseholdContact", CONTACT)
    version: int = version()
    reason: str = given(REASON)


COMMANDS = {
    "link_household": command(
        commands.link, LinkHouseholdInput, "household_contact:link", returns="HouseholdContact", when=still_open
    ),
    "end_household_contact": command(
        commands.end, EndHouseholdContactInput, "household_contact:end", returns="HouseholdContact", when=not_over
    ),
    "strike_out_household_contact": command(
        commands.strike_out, StrikeOutHouseholdContactInput, "household_contact:strike_out", returns="Household"
    ),
}
