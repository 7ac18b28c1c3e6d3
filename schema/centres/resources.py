"""What partner units 驻区单位 share with centres 共建共享, when a centre used it, and the commands about both."""

from datetime import date

from sqlalchemy import Boolean

from policies.scope import Way
from schema.centres.centres import CENTRE, Centre
from schema.kit.commands import belongs_to, command, given, last_day, reference, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one, where
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days
from schema.kit.scalars import SafeInt
from schema.kit.states import not_withdrawn, still_open
from schema.kit.terms import TermFilter
from schema.kit.texts import FIRST, HOW_MANY, LAST, NAME_CONTAINS, PLACE, UNIT, VERSION
from schema.kit.words import among, folded_contains
from schema.organization.units import OrgUnit
from services.centres import resources as commands
from services.centres.resource_tables import ResourceKind, on_offer, provider_of, resource_name, resources, uses
from services.centres.tables import centre_name
from services.organization.paths import place
from services.storage.transaction import Record

PROVIDER = "提供的驻区单位名称 / The partner unit that shares it, by its name."
KIND = "类别 / Its kind."
WHAT = "共享内容，如“停车位三十个” / What is shared, as 停车位三十个."
PEOPLE = "服务人次，最多 100000 / How many people it served; at most 100,000."
USED_ON = "使用日期，不晚于今天，在共享期内 / The day, not to come and one on which it was shared."
RESOURCE = "共享资源 / What is shared."
USE = "使用记录 / The use."
SERVED = "服务人次 / How many people were served."


class SharedResourceFilter(TermFilter):
    """筛选共享资源，各项须同时满足 / Which resources: every condition given must hold."""

    name_contains: str = folded_contains(NAME_CONTAINS)
    kind: list[ResourceKind] = among(resources.c.kind, "类别 / Of one of these kinds.")
    on_offer: bool = where(
        lambda row, given: on_offer(row) == given["value"],
        "今天是否共享中：在期内且未撤回 / Whether it is shared today: within its term, and not withdrawn.",
        value=(Boolean(), bool),
    )


class ResourceKindCount:
    """一类共享资源数 / The resources of one kind."""

    kind: ResourceKind = column(KIND)
    count: int = measure(HOW_MANY)


class SharedResourceTotals:
    """共享资源合计 / What resources come to."""

    count: int = measure(HOW_MANY)
    providers: int = measure("提供单位数 / By how many partner units.", distinct=lambda row: row.provider)
    by_kind: list[ResourceKindCount] = grouped(ResourceKindCount, "按类别 / By kind.")


@entity(
    resources,
    policy="shared_resource",
    tag="sr",
    ways={Way.WITHIN: lambda row: row.unit_path, Way.ABOVE: lambda row: row.unit_path},
    sort=lambda row: (row.unit_path,),
    ties=lambda row: (row.sorting, row.unit_path),
    filter=SharedResourceFilter,
    orders={
        "PLACE": lambda row: (row.unit_path,),
        "NAME": lambda row: (row.sorting,),
        "KIND": lambda row: (row.kind,),
        "SINCE": lambda row: (row.since,),
        "UNTIL": lambda row: (row.until,),
    },
    totals=SharedResourceTotals,
)
class SharedResource:
    """共享资源：驻区单位向本单元及所有下级的邻里中心提供 / What a partner unit shares with a unit and all below."""

    name: str = column("共享内容 / What is shared.")
    kind: ResourceKind = column(KIND)
    provider: str = column(PROVIDER)
    since: date = column(FIRST)
    until: date | None = column(LAST)
    withdrawn_on: date | None = column("撤回日期，未撤回为空 / The day it was withdrawn; null where it was not.")
    on_offer: bool = column("今天是否共享中 / Whether it is shared today.", on_offer)
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)


class ResourceUseFilter:
    """筛选使用记录，各项须同时满足 / Which uses: every condition given must hold."""

    used_on: DateRange = days("used_on", "使用日期 / Used on one of these days.")


class ResourceUseTotals:
    """使用记录合计 / What uses come to."""

    count: int = measure(HOW_MANY)
    resources: int = measure("资源数 / Of how many resources.", distinct=lambda row: row.resource_id)
    centres: int = measure("邻里中心数 / By how many centres.", distinct=lambda row: row.centre_id)
    people: SafeInt = measure(SERVED, total=lambda row: row.people)


@entity(
    uses,
    policy="resource_use",
    tag="ru",
    ways={Way.WITHIN: lambda row: row.unit_path},
    sort=lambda row: (row.used_on,),
    ties=lambda row: (row.used_on, row.unit_path),
    filter=ResourceUseFilter,
    orders={"USED_ON": lambda row: (row.used_on,), "PLACE": lambda row: (row.unit_path,)},
    totals=ResourceUseTotals,
)
class ResourceUse:
    """资源使用：某一邻里中心哪天用了什么、服务多少人次 / What a centre used on a day, and for how many."""

    used_on: date = column("使用日期 / The day.")
    people: int = column(SERVED)
    resource_name: str = column(
        "共享内容 / What is shared.", lambda row: resource_name(row.resource_id), brings="SharedResource"
    )
    provider: str = column(PROVIDER, lambda row: provider_of(row.resource_id), brings="SharedResource")
    centre_name: str = column(
        "邻里中心名称 / The centre's name.", lambda row: centre_name(row.centre_id), brings="Centre"
    )
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)
    centre: "Centre | None" = one(lambda row, centre: centre.id == row.centre_id, CENTRE)
    resource: "SharedResource | None" = one(lambda row, resource: resource.id == row.resource_id, RESOURCE)


# --- commands ---------------------------------------------------------------------------------------------------------


class OfferResourceInput:
    """登记驻区单位共享的资源 / Put on the ledger what a partner unit shares."""

    unit: Record = belongs_to("OrgUnit", "共享给该单元及所有下级 / The unit it is shared with, and all below.")
    provider: str = given(PROVIDER)
    kind: ResourceKind = given(KIND)
    name: str = given(WHAT)
    since: date = given(FIRST)
    until: date | None = last_day(LAST)


class UpdateResourceInput:
    """修改共享资源；期限不改，延期另行登记 / Change what is shared; its term stays, a longer one is another offer."""

    resource: Record = target("SharedResource", RESOURCE)
    version: int = version()
    provider: str | None = given(PROVIDER)
    kind: ResourceKind | None = given(KIND)
    name: str | None = given(WHAT)


class WithdrawResourceInput:
    """撤回共享资源，自今天起；使用记录保留 / Share it no more, from today; when it was used stays."""

    resource: Record = target("SharedResource", RESOURCE)
    version: int = version()


class RecordResourceUseInput:
    """登记邻里中心使用共享资源 / Record that a centre used what is shared."""

    centre: Record = belongs_to("Centre", CENTRE)
    resource: Record = reference("SharedResource", "共享资源，须及于该中心 / The resource: one shared there.")
    used_on: date = given(USED_ON)
    people: int = given(PEOPLE)


class StrikeOutResourceUseInput:
    """删除本不存在的使用记录 / Remove a use that never was."""

    use: Record = target("ResourceUse", USE)
    version: int = version()
    reason: str = given(REASON)


COMMANDS = {
    "offer_resource": command(commands.offer, OfferResourceInput, "shared_resource:offer", returns="SharedResource"),
    "update_resource": command(
        commands.update, UpdateResourceInput, "shared_resource:update", returns="SharedResource", when=not_withdrawn
    ),
    "withdraw_resource": command(
        commands.withdraw,
        WithdrawResourceInput,
        "shared_resource:withdraw",
        returns="SharedResource",
        when=not_withdrawn,
    ),
    "record_resource_use": command(
        commands.record_use, RecordResourceUseInput, "resource_use:record", returns="ResourceUse", when=still_open
    ),
    "strike_out_resource_use": command(
        commands.strike_out_use, StrikeOutResourceUseInput, "resource_use:strike_out", returns="Centre"
    ),
}
