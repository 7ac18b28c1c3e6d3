"""What households, contacts and visits add to units and members, and to the indicators."""

from sqlalchemy import and_

from policies.scope import Way
from schema.households import contacts, households, visits
from schema.households.contacts import DAY, HouseholdContact
from schema.households.households import Household
from schema.households.visits import HomeVisit
from schema.kit.entities import Area, connection, edge_to, listing, one
from schema.kit.numbers import count, ratio
from schema.members.members import Member
from schema.organization.under import under
from services.households.tables import RULES, VisitKind, case_of, in_its_year, with_ten
from services.organization.paths import at_or_beneath
from services.terms import lasts

HISTORY = "历任及现任联系党员 / Every contact: past, present and to come."

AREA = Area(
    entities=(Household, HouseholdContact, HomeVisit),
    edges={
        "OrgUnit": {
            "households": edge_to(
                Household,
                connection(
                    lambda unit, household: at_or_beneath(household.unit_path, unit.path),
                    "本单元及所有下级的住户 / The households of this unit and all below it.",
                ),
            )
        },
        "Household": {
            "contact": edge_to(
                HouseholdContact,
                one(
                    lambda household, contact: contact.household_id == household.id,
                    "联系党员，多名时取最早的 / Who keeps contact with it; of several the first who began.",
                    sort=lambda contact: (contact.since, contact.id),
                    as_of=DAY,
                ),
            ),
            "contacts": edge_to(
                HouseholdContact,
                connection(lambda household, contact: contact.household_id == household.id, HISTORY),
            ),
            "visits": edge_to(
                HomeVisit,
                connection(
                    lambda household, visit: visit.household_id == household.id,
                    "入户走访，限走访管理员与走访党员本人 / Visits to it, of those you may see.",
                    elsewhere=True,
                ),
            ),
        },
        "Member": {
            "household_contacts": edge_to(
                HouseholdContact,
                connection(
                    lambda member, contact: contact.member_id == member.id,
                    "联系的住户 / Whom they contact.",
                    alike=(Way.MEMBER,),
                ),
            ),
            "home_visits": edge_to(
                HomeVisit,
                connection(
                    lambda member, visit: visit.member_id == member.id,
                    "入户走访，限走访管理员与本人 / Their visits, of those you may see.",
                    alike=(Way.MEMBER,),
                ),
            ),
        },
        "HomeVisit": {
            "follow_ups": edge_to(
                HomeVisit,
                connection(
                    lambda first, visit: visit.case_id == first.id,
                    "同一起纠纷的后续走访 / Later visits of the same case, if it is the first.",
                ),
            )
        },
        "Indicators": {
            "registered_households": count(
                Household,
                lambda unit, household: at_or_beneath(household.unit_path, unit.path),
                "登记住户 / Households on record.",
                holding=lambda household, day: lasts(household.closed_on, day),
            ),
            "households_linked": count(
                Household,
                lambda unit, household: at_or_beneath(household.unit_path, unit.path),
                "有党员联系的住户 / Households a member keeps contact with.",
                having={"contact": True},
                holding=lambda household, day: lasts(household.closed_on, day),
            ),
            "households_without_anyone": count(
                Household,
                lambda unit, household: at_or_beneath(household.unit_path, unit.path),
                "无党员联系的住户 / Households nobody keeps contact with.",
                having={"contact": False},
                holding=lambda household, day: lasts(household.closed_on, day),
            ),
            "household_coverage": ratio(
                "households_linked",
                "registered_households",
                "联系覆盖率 / The share of households a member keeps contact with.",
            ),
            "members_with_ten": count(
                Member,
                lambda unit, member: at_or_beneath(member.unit_path, unit.path),
                "联系十户及以上的党员（“1+10”） / Members who keep contact with ten households at least.",
                having={"household_contacts": True},
                holding=lambda member, day: and_(lasts(member.left_on, day), with_ten(member.id, day)),
            ),
            "hardship_visits": count(
                HomeVisit,
                lambda unit, visit: at_or_beneath(visit.unit_path, unit.path),
                "当年困难必访人次 / Person-visits to hardship, in the year until the day.",
                where=lambda visit: visit.kind == VisitKind.HARDSHIP,
                holding=in_its_year,
                first_untold=True,
            ),
            "sick_visits": count(
                HomeVisit,
                lambda unit, visit: at_or_beneath(visit.unit_path, unit.path),
                "当年生病必访人次 / Person-visits to the sick, in the year until the day.",
                where=lambda visit: visit.kind == VisitKind.SICK,
                holding=in_its_year,
                first_untold=True,
            ),
            "unusual_households": count(
                HomeVisit,
                lambda unit, visit: at_or_beneath(visit.unit_path, unit.path),
                "当年家庭异常必访户数 / Households visited over something unusual, in the year until the day.",
                where=lambda visit: visit.kind == VisitKind.UNUSUAL,
                distinct=lambda visit: visit.household_id,
                holding=in_its_year,
                first_untold=True,
                among="registered_households",
            ),
            "dispute_cases": count(
                HomeVisit,
                lambda unit, visit: at_or_beneath(visit.unit_path, unit.path),
                "当年走访的邻里纠纷起数 / Cases of disputes that were visited, in the year until the day.",
                where=lambda visit: visit.kind == VisitKind.DISPUTE,
                distinct=case_of,
                holding=in_its_year,
                first_untold=True,
            ),
        },
    },
    roots={
        "households": listing(Household, "可见的全部住户 / Every household you may see.", under=under()),
        "household_contacts": listing(
            HouseholdContact, "可见的全部联系 / Every contact with a household you may see.", under=under()
        ),
        "home_visits": listing(HomeVisit, "可见的全部入户走访 / Every home visit you may see.", under=under()),
    },
    commands={**households.COMMANDS, **contacts.COMMANDS, **visits.COMMANDS},
    rules=RULES,
)
