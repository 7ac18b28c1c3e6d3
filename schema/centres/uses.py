"""When centres used what partner units share 共建共享, who used what of whom, and the commands about it."""

from datetime import date, datetime

from policies.scope import Way
from schema.centres.centres import CENTRE, Centre
from schema.centres.resources import PROVIDER, RESOURCE, SharedResource
from schema.kit.commands import belongs_to, command, given, reference, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days
from schema.kit.scalars import SafeInt
from schema.kit.states import still_open
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.organization.units import OrgUnit
from services.centres import resources as commands
from services.centres.resource_tables import provider_of, resource_name, uses
from services.centres.tables import centre_name
from services.organization.paths import place
from services.storage.transaction import Record

PEOPLE = "服务人次，最多 100000 / How many people it served; at most 100,000."
USED_ON = "使用日期，不晚于今天，在共享期内 / The day, not to come and one on which it was shared."
USED_FROM = "开始时间，整刻钟；场地必填，其他不填 / From when, by the quarter: of a place, and of nothing else."
USED_UNTIL = "结束时间，整刻钟，同日且已过 / Until when, by the quarter, on that day; it is over."
USE = "使用记录 / The use."
WHICH_CENTRE = "邻里中心名称 / The centre's name."
TIMES = "次数 / How many times."
OF_RESOURCES = "资源数 / Of how many resources."
BY_CENTRES = "邻里中心数 / By how many centres."
SERVED = "服务人次 / How many people were served."


class ResourceUseFilter:
    """筛选使用记录，各项须同时满足 / Which uses: every condition given must hold."""

    used_on: DateRange = days("used_on", "使用日期 / Used on one of these days.")


class ResourceProviderUses:
    """一个驻区单位的资源被使用的情况 / How what one partner unit shares was used."""

    provider: str = column(PROVIDER, lambda row: provider_of(row.resource_id), brings="SharedResource")
    count: int = measure(TIMES)
    resources: int = measure(OF_RESOURCES, distinct=lambda row: row.resource_id)
    centres: int = measure(BY_CENTRES, distinct=lambda row: row.centre_id)
    people: SafeInt = measure(SERVED, total=lambda row: row.people)


class ResourceCentreUses:
    """一个邻里中心使用的情况 / What one centre used."""

    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    centre_name: str = column(WHICH_CENTRE, lambda row: centre_name(row.centre_id), brings="Centre")
    count: int = measure(TIMES)
    resources: int = measure(OF_RESOURCES, distinct=lambda row: row.resource_id)
    people: SafeInt = measure(SERVED, total=lambda row: row.people)


class ResourceLoanUses:
    """一个邻里中心使用一个驻区单位的资源的情况 / What one centre used of one partner unit."""

    provider: str = column(PROVIDER, lambda row: provider_of(row.resource_id), brings="SharedResource")
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    centre_name: str = column(WHICH_CENTRE, lambda row: centre_name(row.centre_id), brings="Centre")
    count: int = measure(TIMES)
    resources: int = measure(OF_RESOURCES, distinct=lambda row: row.resource_id)
    people: SafeInt = measure(SERVED, total=lambda row: row.people)


class ResourceUseTotals:
    """使用记录合计 / What uses come to."""

    count: int = measure(HOW_MANY)
    resources: int = measure(OF_RESOURCES, distinct=lambda row: row.resource_id)
    centres: int = measure(BY_CENTRES, distinct=lambda row: row.centre_id)
    people: SafeInt = measure(SERVED, total=lambda row: row.people)
    by_provider: list[ResourceProviderUses] = grouped(ResourceProviderUses, "按驻区单位 / By partner unit.")
    by_centre: list[ResourceCentreUses] = grouped(ResourceCentreUses, "按邻里中心 / By the centre that used it.")
    by_provider_and_centre: list[ResourceLoanUses] = grouped(
        ResourceLoanUses, "按驻区单位与邻里中心 / By partner unit and centre."
    )


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
    begins_at: datetime | None = column(
        "开始时间，仅场地有，不重叠 / From when; null but of a place, and never twice at once."
    )
    ends_at: datetime | None = column("结束时间，仅场地有 / Until when; null but of a place.")
    people: int = column(SERVED)
    resource_name: str = column(
        "共享内容 / What is shared.", lambda row: resource_name(row.resource_id), brings="SharedResource"
    )
    provider: str = column(PROVIDER, lambda row: provider_of(row.resource_id), brings="SharedResource")
    centre_name: str = column(WHICH_CENTRE, lambda row: centre_name(row.centre_id), brings="Centre")
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)
    centre: "Centre | None" = one(lambda row, centre: centre.id == row.centre_id, CENTRE)
    resource: "SharedResource | None" = one(lambda row, resource: resource.id == row.resource_id, RESOURCE)


# --- commands ---------------------------------------------------------------------------------------------------------


class RecordResourceUseInput:
    """登记邻里中心使用共享资源 / Record that a centre used what is shared."""

    centre: Record = belongs_to("Centre", CENTRE)
    resource: Record = reference("SharedResource", "共享资源，须及于该中心 / The resource: one shared there.")
    used_on: date = given(USED_ON)
    begins_at: datetime | None = given(USED_FROM)
    ends_at: datetime | None = given(USED_UNTIL)
    people: int = given(PEOPLE)


class StrikeOutResourceUseInput:
    """删除本不存在的使用记录 / Remove a use that never was."""

    use: Record = target("ResourceUse", USE)
    version: int = version()
    reason: str = given(REASON)


COMMANDS = {
    "record_resource_use": command(
        commands.record_use, RecordResourceUseInput, "resource_use:record", returns="ResourceUse", when=still_open
    ),
    "strike_out_resource_use": command(
        commands.strike_out_use, StrikeOutResourceUseInput, "resource_use:strike_out", returns="Centre"
    ),
}
