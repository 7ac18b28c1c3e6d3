"""The four visits 四必访: what is known of them to whoever keeps them and to the member who came, and the commands."""

from datetime import date

from sqlalchemy import Boolean

from policies.scope import Way
from schema.households.households import HOUSEHOLD, Household
from schema.kit.commands import belongs_to, command, given, reference, target, version
from schema.kit.entities import column, entity, one, where
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days
from schema.kit.states import present
from schema.kit.texts import HOW_MANY, UNIT, VERSION
from schema.kit.words import among
from schema.members.members import Member
from schema.organization.units import OrgUnit
from services.households import visits as commands
from services.households.tables import VisitKind, case_of, visits
from services.members.tables import name_of
from services.organization.paths import place
from services.storage.transaction import Record

KIND = "类别 / Which of the four visits."
VISITED = "走访日期，不晚于今天，最多可追溯九十二天 / The day of the visit: not to come, and 92 days ago at most."
OUTCOME = "走访情况，最多五百个字符，一行 / What came of it: one line of at most 500 characters."
NEXT = "跟进事项，最多五百个字符 / What comes next, at most 500 characters; null for nothing."
NEXT_ON = "跟进日期 / When that is due; null for no day."
VISIT = "入户走访 / The visit."


class HomeVisitFilter:
    """筛选入户走访，各项须同时满足 / Which visits: every condition given must hold."""

    kind: list[VisitKind] = among(visits.c.kind, "类别 / Of one of these kinds.")
    visited_on: DateRange = days("visited_on", "走访日期 / The day of the visit.")
    next_on: DateRange = days("next_on", "跟进日期 / When what comes next is due.")
    follows_up: bool = where(
        lambda visit, given: visit.case_id.is_not(None) == given["later"],
        "是否为同一起纠纷的后续走访 / Whether it follows up an earlier visit of the same case.",
        later=(Boolean(), lambda later: later),
    )


class HomeVisitKindCount:
    """一类走访 / The visits of one kind."""

    kind: VisitKind = column(KIND)
    count: int = measure("走访次数，困难、生病即人次 / How many; of hardship and sickness these are person-visits.")
    households: int = measure("户数 / To how many households.", distinct=lambda visit: visit.household_id)
    cases: int = measure(
        "纠纷起数 / Of how many cases of a dispute.",
        where=lambda visit: visit.kind == VisitKind.DISPUTE,
        distinct=case_of,
    )


class HomeVisitTotals:
    """入户走访合计 / What visits come to."""

    count: int = measure(HOW_MANY)
    by_kind: list[HomeVisitKindCount] = grouped(HomeVisitKindCount, "按类别 / By kind.")


@entity(
    visits,
    policy="home_visit",
    tag="hv",
    ways={Way.WITHIN: lambda visit: visit.unit_path, Way.MEMBER: lambda visit: visit.member_id},
    sort=lambda visit: (visit.visited_on,),
    ties=lambda visit: (visit.visited_on, visit.unit_path),
    filter=HomeVisitFilter,
    orders={
        "PLACE": lambda visit: (visit.unit_path,),
        "VISITED_ON": lambda visit: (visit.visited_on,),
        "KIND": lambda visit: (visit.kind,),
    },
    totals=HomeVisitTotals,
)
class HomeVisit:
    """入户走访（四必访）：困难、生病各记一人一次 / One of the four visits; of hardship and sickness, to one person."""

    kind: VisitKind = column(KIND)
    visited_on: date = column("走访日期 / The day of the visit.")
    outcome: str = column("走访情况 / What came of it.")
    next_step: str | None = column("跟进事项 / What comes next; null for nothing.")
    next_on: date | None = column("跟进日期 / When that is due; null for no day.")
    recorded_on: date = column("登记日期 / When it was recorded.")
    member_name: str = column(
        "走访党员姓名 / The visiting member's name.", lambda visit: name_of(visit.member_id), brings="Member"
    )
    place: list[str] = column(
        "走访时该户所在地，自县级起 / Where the household lay then, from the county down.",
        lambda visit: place(visit.unit_path),
    )
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda visit, unit: unit.path == visit.unit_path, UNIT)
    household: "Household | None" = one(lambda visit, household: household.id == visit.household_id, HOUSEHOLD)
    member: "Member | None" = one(lambda visit, member: member.id == visit.member_id, "走访党员 / Who came.")
    case: "HomeVisit | None" = one(
        lambda visit, first: first.id == visit.case_id,
        "该起纠纷的首次走访；首次为空 / The first visit of its case.",
        elsewhere=True,
    )


# --- commands ---------------------------------------------------------------------------------------------------------


class RecordHomeVisitInput:
    """登记入户走访：由走访党员本人或社区走访管理员登记 / Record a visit: by the member who came, or who keeps visits.

    A visit to several persons is recorded once for each.
    """

    member: Record = belongs_to("Member", "走访党员 / Who came.")
    household: Record = reference("Household", HOUSEHOLD)
    kind: VisitKind = given(KIND)
    visited_on: date = given(VISITED)
    outcome: str = given(OUTCOME)
    next_step: str | None = given(NEXT)
    next_on: date | None = given(NEXT_ON)
    case: Record | None = reference(
        "HomeVisit", "所跟进的纠纷走访，须同户 / The visit of a dispute this one follows up.", action="record"
    )


class RecordEarlierVisitInput:
    """补录联系期间的走访，调离者亦可 / Record a visit made while a contact ran, also of who has moved since.

    By the member who came, or who keeps visits where the household lies.
    """

    contact: Record = belongs_to("HouseholdContact", "联系：走访党员与住户 / The contact: who came, and to whom.")
    kind: VisitKind = given(KIND)
    visited_on: date = given(
        "走访日期：联系期间或调离当日，最多可追溯九十二天"
        " / The day of the visit: one of the contact, or that of the move which ended it; 92 days ago at most."
    )
    outcome: str = given(OUTCOME)
    next_step: str | None = given(NEXT)
    next_on: date | None = given(NEXT_ON)
    case: Record | None = reference(
        "HomeVisit", "所跟进的纠纷走访，须同户 / The visit of a dispute this one follows up.", action="record"
    )


class RecordVisitInGridTermInput:
    """补录党员在网格任期内的走访，不论是否联系该户、现在何处服务 / Record a visit made during a term in a grid.

    By who keeps visits where the household lies: of any household there, wherever the member serves now.
    """

    grid_term: Record = belongs_to("GridTerm", "走访党员在该网格的任期 / The term of who came, where they came.")
    household: Record = reference("Household", HOUSEHOLD)
    kind: VisitKind = given(KIND)
    visited_on: date = given(
        "走访日期：任期内或调离当日，最多可追溯九十二天"
        " / The day of the visit: one of the term, or that of the move which ended it; 92 days ago at most."
    )
    outcome: str = given(OUTCOME)
    next_step: str | None = given(NEXT)
    next_on: date | None = given(NEXT_ON)
    case: Record | None = reference(
        "HomeVisit", "所跟进的纠纷走访，须同户 / The visit of a dispute this one follows up.", action="record"
    )


class UpdateHomeVisitInput:
    """修改走访记录 / Change what is recorded of a visit."""

    visit: Record = target("HomeVisit", VISIT)
    version: int = version()
    visited_on: date | None = given(VISITED)
    outcome: str | None = given(OUTCOME)
    next_step: str | None = given(NEXT)
    next_on: date | None = given(NEXT_ON)


class StrikeOutHomeVisitInput:
    """删除误记的走访；不留原因 / Remove a visit that never was; no reason is kept, which others would read."""

    visit: Record = target("HomeVisit", VISIT)
    version: int = version()


RECORD = "home_visit:record"
COMMANDS = {
    "record_home_visit": command(commands.record, RecordHomeVisitInput, RECORD, returns="HomeVisit", when=present),
    "record_earlier_visit": command(commands.record_earlier, RecordEarlierVisitInput, RECORD, returns="HomeVisit"),
    "record_visit_in_grid_term": command(
        commands.record_in_term, RecordVisitInGridTermInput, RECORD, returns="HomeVisit"
    ),
    "update_home_visit": command(commands.update, UpdateHomeVisitInput, RECORD, returns="HomeVisit"),
    "strike_out_home_visit": command(commands.strike_out, StrikeOutHomeVisitInput, RECORD, returns="Member"),
}
