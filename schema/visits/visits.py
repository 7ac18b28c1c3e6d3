"""Instructors' visits 指导员走访: what was done at a company, when and by whom, and the commands that keep the log."""

from datetime import date

from sqlalchemy import Boolean, Integer, cast, extract

from policies.scope import Way
from schema.appointments.posts import Post
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one, present_name, where
from schema.kit.expressions import Pairs
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days
from schema.kit.states import of_kind
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.organization.units import OrgUnit
from schema.properties.companies import PropertyCompany
from services.appointments.holders import holder_name, holder_of, holders, in_office
from services.appointments.tables import PostKind
from services.organization.paths import place
from services.properties.tables import companies, name_in, serving
from services.storage.transaction import Record
from services.visits import commands
from services.visits.tables import visits

VISITED = "走访日期，在任期之内，不晚于今天 / The day of the visit, within the term and not to come."
DONE = "做了什么，最多五百个字符，一行 / What was done: one line of at most 500 characters."
NEXT = "下一步，最多五百个字符 / What comes next, at most 500 characters; null for nothing."


class InstructorVisitFilter:
    """筛选指导员走访，各项须同时满足 / Which visits: every condition given must hold."""

    visited_on: DateRange = days("visited_on", "走访日期 / The day of the visit.")
    recorded_on: DateRange = days("recorded_on", "登记日期 / When it was recorded.")
    has_next_step: bool = where(
        lambda visit, given: visit.next_step.is_not(None) == given["planned"],
        "是否有下一步 / Whether something comes next.",
        planned=(Boolean(), lambda planned: planned),
    )


class VisitCount:
    """一年的走访 / The visits of one year."""

    year: int = column("年度 / The year.", lambda visit: cast(extract("year", visit.visited_on), Integer))
    count: int = measure(HOW_MANY)
    companies: int = measure("企业数 / To how many companies.", distinct=lambda visit: visit.company_id)


class VisitTotals:
    """走访合计 / What visits come to."""

    count: int = measure(HOW_MANY)
    companies: int = measure("企业数 / To how many companies.", distinct=lambda visit: visit.company_id)
    instructors: int = measure("指导员人数 / By how many instructors.", distinct=lambda visit: holder_of(visit.post_id))
    by_year: list[VisitCount] = grouped(VisitCount, "按年度 / By year.")


@entity(
    visits,
    policy="instructor_visit",
    tag="iv",
    ways={
        Way.WITHIN: lambda visit: visit.unit_path,
        Way.SERVES: Pairs(serving, lambda visit: visit.company_id),
        Way.COMPANY: lambda visit: visit.company_id,
        # Whoever came, and nobody else: the log is an instructor's own, whichever companies others go to as well.
        Way.INSTRUCTOR: Pairs(holders, lambda visit: visit.post_id),
    },
    sort=lambda visit: (visit.visited_on,),
    ties=lambda visit: (visit.visited_on, visit.unit_path),
    filter=InstructorVisitFilter,
    orders={
        "PLACE": lambda visit: (visit.unit_path,),
        "VISITED_ON": lambda visit: (visit.visited_on,),
        "RECORDED_ON": lambda visit: (visit.recorded_on,),
    },
    totals=VisitTotals,
)
class InstructorVisit:
    """指导员走访：党建指导员到所派企业做了什么 / A visit of an instructor to the company it is dispatched to."""

    visited_on: date = column("走访日期 / The day of the visit.")
    done: str = column("做了什么 / What was done.")
    next_step: str | None = column("下一步 / What comes next; null for nothing.")
    recorded_on: date = column("登记日期 / When it was recorded.")
    instructor_name: str = column(
        "指导员姓名 / The instructor's name.", lambda visit: holder_name(visit.post_id), brings="Member"
    )
    company_name: str | None = present_name(
        "企业名称；指导员任期结束后，看不到该企业的为空"
        " / The company's name; null once the instructor's post is over where the company is not yours to see.",
        lambda visit: name_in(companies, visit.company_id),
        "company",
        lasts=lambda visit: in_office(visit.post_id),
        brings="PropertyCompany",
    )
    place: list[str] = column(PLACE, lambda visit: place(visit.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda visit, unit: unit.path == visit.unit_path, UNIT)
    post: "Post | None" = one(lambda visit, post: post.id == visit.post_id, "指导员任职 / The instructor's post.")
    company: "PropertyCompany | None" = one(
        lambda visit, company: company.id == visit.company_id, "物业企业 / The company."
    )


# --- commands ---------------------------------------------------------------------------------------------------------


class RecordVisitInput:
    """登记走访：由指导员本人或县级登记 / Enter a visit into an instructor's log: by the instructor or the county."""

    post: Record = belongs_to("Post", "指导员任职 / The instructor's post.")
    visited_on: date = given(VISITED)
    done: str = given(DONE)
    next_step: str | None = given(NEXT)


class UpdateVisitInput:
    """修改走访记录 / Change what is recorded of a visit."""

    visit: Record = target("InstructorVisit", "走访 / The visit.")
    version: int = version()
    visited_on: date | None = given(VISITED)
    done: str | None = given(DONE)
    next_step: str | None = given(NEXT)


class StrikeOutVisitInput:
    """删除本不存在的走访 / Remove a visit that never was."""

    visit: Record = target("InstructorVisit", "走访 / The visit.")
    version: int = version()
    reason: str = given(REASON)


COMMANDS = {
    "record_visit": command(
        commands.record,
        RecordVisitInput,
        "instructor_visit:record",
        returns="InstructorVisit",
        when=of_kind(PostKind.INSTRUCTOR),
    ),
    "update_visit": command(commands.update, UpdateVisitInput, "instructor_visit:record", returns="InstructorVisit"),
    "strike_out_visit": command(commands.strike_out, StrikeOutVisitInput, "instructor_visit:record", returns="Post"),
}
