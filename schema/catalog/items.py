"""Service catalogs: items, what units below make of them, and the catalog that comes of it; commands below.

Long because items, adjustments and entries are three views of one catalog.
"""

from datetime import date
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Text, and_, func, select

from policies.scope import Way
from schema.kit.entities import (
    Connection,
    Searchable,
    column,
    connection,
    entity,
    one,
    where,
)
from schema.kit.expressions import Identity
from schema.kit.numbers import grouped, measure
from schema.kit.scalars import SafeInt
from schema.kit.texts import CHANGES, HOW_MANY, NAME, NAME_CONTAINS
from schema.kit.words import among, name_contains, plain
from schema.organization.units import OrgUnit
from services.catalog.tables import (
    AdjustmentKind,
    Operation,
    ServiceFunction,
    adjustments,
    catalog_entries,
    in_force,
    reached,
    service_items,
    stands,
)
from services.members.tables import serving_at
from services.organization.paths import place
from services.organization.tables import units
from services.storage.tables import aliased

FUNCTION = "类别（“1+6+X”） / Its function in the “1+6+X” catalog."
CATEGORY = "政务事项类别 / Its category of government matters."
WINDOW = "是否可在窗口办理 / Whether it is handled at a centre's window."
ONLINE = "是否可在线办理 / Whether it can be applied for online."
OPT_IN = "是否须由社区开通 / Whether it is offered only where a unit takes it up."
BENEFICIARIES = "受益人数 / How many people they are bought for."


def flag(name: str, description: str) -> Any:
    """The column is as given."""
    return where(lambda row, given: row[name] == given["value"], description, value=(Boolean(), bool))


def category(description: str) -> Any:
    """The category is the one given."""
    return where(
        lambda row, given: row.category == given["category"],
        description,
        category=(Text(), lambda text: plain(text).strip()),
    )


class ServiceItemFilter:
    """筛选服务事项，各项须同时满足 / Which items: every condition given must hold."""

    function: list[ServiceFunction] = among(service_items.c.function, "类别 / Of one of these functions.")
    operation: list[Operation] = among(service_items.c.operation, "运营方式 / Operated in one of these ways.")
    category: str = category(CATEGORY)
    name_contains: str = name_contains(NAME_CONTAINS)
    at_window: bool = flag("at_window", WINDOW)
    online: bool = flag("online", ONLINE)
    opt_in: bool = flag("opt_in", OPT_IN)
    withdrawn: bool = where(
        lambda item, given: stands(item) != given["withdrawn"],
        "今天是否已撤回 / Whether it is withdrawn today.",
        withdrawn=(Boolean(), bool),
    )


class ServiceItemBy:
    """指定服务事项的方式 / How to name one item."""


class OperationCount:
    """本单元及下级发布的服务：按功能与运营方式 / Services published in a unit or below, by function and operation."""

    function: ServiceFunction = column("功能 / The function.")
    operation: Operation | None = column("运营方式，未委托为空 / How it is operated; null where nobody else does.")
    items: int = measure("事项数 / How many services.")
    beneficiaries: SafeInt = measure(BENEFICIARIES, total=lambda item: item.beneficiaries)


class ServiceItemTotals:
    """服务事项合计 / What items come to."""

    count: int = measure(HOW_MANY)
    beneficiaries: SafeInt = measure(BENEFICIARIES, total=lambda item: item.beneficiaries)
    by_operation: list[OperationCount] = grouped(OperationCount, "按功能与运营方式 / By function and operation.")


@entity(
    service_items,
    policy="service_item",
    tag="si",
    ways={Way.WITHIN: lambda item: item.unit_path, Way.ABOVE: lambda item: item.unit_path, Way.MEMBER: reached},
    sort=lambda item: (item.unit_path,),
    ties=lambda item: (item.function, item.sorting, item.unit_path),
    filter=ServiceItemFilter,
    orders={
        "PLACE": lambda item: (item.unit_path,),
        "FUNCTION": lambda item: (item.function,),
        "NAME": lambda item: (item.sorting,),
    },
    search=Searchable(weight=lambda item: func.length(item.unit_path)),
    totals=ServiceItemTotals,
)
class ServiceItem:
    """服务事项：由某一单元发布，本单元及下级可见 / A service one unit publishes for itself and all below."""

    name: str = column(NAME)
    function: ServiceFunction = column(FUNCTION)
    category: str | None = column(CATEGORY)
    description: str | None = column("说明 / What it is.")
    place: list[str] = column(
        "发布单元，自县级起 / The names from the county down to the unit that publishes it.",
        lambda item: place(item.unit_path),
    )
    at_window: bool = column(WINDOW)
    online: bool = column(ONLINE)
    opt_in: bool = column(OPT_IN)
    operation: Operation | None = column("运营方式 / How it is operated.")
    operator: str | None = column("运营单位 / Who operates it.")
    beneficiaries: int | None = column("服务人数 / How many people it is bought or run for.")
    withdrawn_on: date | None = column("撤回日期，自该日起不再提供 / The first day it is in no catalog.")
    version: int = column(CHANGES)
    unit: "OrgUnit | None" = one(
        lambda item, unit: unit.path == item.unit_path,
        "发布单元，本人辖区之外为空 / The unit that publishes it; null where it is not yours to see.",
    )
    adjustments: "Connection[ServiceAdjustment]" = connection(
        lambda item, adjustment: adjustment.item_id == item.id,
        "各单元所作的调整 / What units say of it, of those you may see.",
    )


class ServiceAdjustmentFilter:
    """筛选目录调整，各项须同时满足 / Which adjustments: every condition given must hold."""

    kind: list[AdjustmentKind] = among(adjustments.c.kind, "种类 / Of one of these kinds.")
    in_force: bool = where(
        lambda adjustment, given: in_force(adjustment) == given["value"],
        "今天是否有效 / Whether it counts today.",
        value=(Boolean(), bool),
    )


class ServiceAdjustmentTotals:
    """目录调整合计 / What adjustments come to."""

    count: int = measure(HOW_MANY)
    items: int = measure("服务事项数 / Of how many items.", distinct=lambda adjustment: adjustment.item_id)


@entity(
    adjustments,
    policy="service_adjustment",
    tag="sa",
    ways={Way.WITHIN: lambda adjustment: adjustment.unit_path},
    sort=lambda adjustment: (adjustment.unit_path,),
    ties=lambda adjustment: (adjustment.unit_path,),
    filter=ServiceAdjustmentFilter,
    orders={
        "PLACE": lambda adjustment: (adjustment.unit_path,),
        "KIND": lambda adjustment: (adjustment.kind,),
    },
    totals=ServiceAdjustmentTotals,
)
class ServiceAdjustment:
    """目录调整：某一单元对服务事项的增减说明，及于所有下级 / What a unit says of an item, for itself and all below."""

    kind: AdjustmentKind = column("种类 / Its kind.")
    note: str | None = column("说明 / The note.")
    place: list[str] = column(
        "调整单元，自县级起 / The names from the county down to the unit.",
        lambda adjustment: place(adjustment.unit_path),
    )
    in_force: bool = column(
        "今天是否有效：事项未撤回且及于本单元 / Whether it counts today: the item stands and reaches the unit.",
        in_force,
    )
    version: int = column(CHANGES)
    item: "ServiceItem | None" = one(
        lambda adjustment, item: item.id == adjustment.item_id, "服务事项 / The item it is about."
    )
    unit: "OrgUnit | None" = one(
        lambda adjustment, unit: unit.path == adjustment.unit_path, "调整单元 / The unit it holds for."
    )


class CatalogEntryFilter:
    """筛选目录，各项须同时满足 / Which entries: every condition given must hold."""

    function: list[ServiceFunction] = among(catalog_entries.c.function, "类别 / Of one of these functions.")
    category: str = category(CATEGORY)
    offered: bool = flag("offered", "是否提供 / Whether it is offered, not waiting to be taken up.")
    online: bool = flag("online", ONLINE)
    at_window: bool = flag("at_window", WINDOW)
    name_contains: str = name_contains(NAME_CONTAINS)


def _of_unit(column: str, **known: Any) -> ColumnElement[Any]:
    """A column of the unit of which another is known."""
    of, ((name, value),) = aliased(units), known.items()
    return select(of.c[column]).where(of.c[name] == value).correlate_except(of).scalar_subquery()


class FunctionCount:
    """一类服务的数量 / The entries of one function."""

    function: ServiceFunction = column(FUNCTION)
    entries: int = measure("条目 / Entries.")
    offered: int = measure("提供的 / Of them, offered.", where=lambda entry: entry.offered)
    online: int = measure("可在线办理的 / Of them, to be applied for online.", where=lambda entry: entry.online)
    at_window: int = measure("可在窗口办理的 / Of them, handled at the window.", where=lambda entry: entry.at_window)
    categories: int = measure("政务事项类别 / Categories among them.", distinct=lambda entry: entry.category)


class CatalogTotals:
    """目录合计 / What entries come to."""

    count: int = measure(HOW_MANY)
    by_function: list[FunctionCount] = grouped(FunctionCount, "按功能 / By function.")


@entity(
    catalog_entries,
    policy="service_item",
    ways={
        Way.WITHIN: lambda entry: entry.unit_path,
        Way.AT: lambda entry: entry.unit_path,
        Way.MEMBER: lambda entry: serving_at(entry.unit_path),
    },
    sort=lambda entry: (entry.function,),
    ties=lambda entry: (entry.sorting,),
    unique=lambda entry: entry.item_id,
    identity=Identity(
        lambda entry: (_of_unit("id", path=entry.unit_path), entry.item_id),
        lambda entry, values: and_(entry.unit_path == _of_unit("path", id=values[0]), entry.item_id == values[1]),
    ),
    filter=CatalogEntryFilter,
    orders={
        "FUNCTION": lambda entry: (entry.function,),
        "NAME": lambda entry: (entry.sorting,),
    },
    totals=CatalogTotals,
)
class CatalogEntry:
    """目录条目：上级与本单元发布、未撤回、未被略去的服务事项 / An item as one unit's catalog holds it."""

    name: str = column(NAME)
    function: ServiceFunction = column(FUNCTION)
    category: str | None = column(CATEGORY)
    at_window: bool = column(WINDOW)
    online: bool = column(ONLINE)
    offered: bool = column("是否提供，须开通而未开通为否 / Whether it is offered; false while it waits to be taken up.")
    note: str | None = column("说明，以最近一级为准 / What the nearest unit says of it.")
    source_place: list[str] = column(
        "发布单元，自县级起 / The names from the county down to the unit that publishes it.",
        lambda entry: place(entry.source_path),
    )
    note_place: list[str] | None = column(
        "说明单元，自县级起 / The names from the county down to the unit whose note it is.",
        lambda entry: place(entry.note_path),
    )
    source: "OrgUnit | None" = one(
        lambda entry, unit: unit.path == entry.source_path,
        "发布单元，本人辖区之外为空 / The unit that publishes it; null where it is not yours to see.",
    )
    note_source: "OrgUnit | None" = one(
        lambda entry, unit: unit.path == entry.note_path,
        "说明单元，本人辖区之外为空 / The unit whose note it is; null where it is not yours to see.",
        elsewhere=True,
    )
    item: "ServiceItem | None" = one(lambda entry, item: item.id == entry.item_id, "服务事项 / The item.")
