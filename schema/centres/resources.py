"""What partner units 驻区单位 share with centres 共建共享, and the commands about it."""

from datetime import date

from sqlalchemy import Boolean, Text

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given, last_day, target, version
from schema.kit.entities import column, entity, one, where
from schema.kit.numbers import grouped, measure
from schema.kit.states import not_withdrawn
from schema.kit.terms import TermFilter
from schema.kit.texts import FIRST, HOW_MANY, LAST, NAME_CONTAINS, PLACE, UNIT, VERSION
from schema.kit.words import among, folded_contains, plain
from schema.organization.units import OrgUnit
from services.centres import resources as commands
from services.centres.resource_tables import ResourceKind, on_offer, resources
from services.organization.paths import place
from services.storage.transaction import Record

PROVIDER = "提供的驻区单位名称 / The partner unit that shares it, by its name."
KIND = "类别 / Its kind."
WHAT = "共享内容，如“停车位三十个” / What is shared, as 停车位三十个."
RESOURCE = "共享资源 / What is shared."


class SharedResourceFilter(TermFilter):
    """筛选共享资源，各项须同时满足 / Which resources: every condition given must hold."""

    name_contains: str = folded_contains(NAME_CONTAINS)
    provider: str = where(
        lambda row, given: row.provider == given["provider"],
        "驻区单位 / Shared by this partner unit.",
        provider=(Text(), lambda text: plain(text).strip()),
    )
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
}
