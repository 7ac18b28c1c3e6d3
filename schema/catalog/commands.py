"""Commands about service catalogs, each with its input."""

from datetime import date

from schema.kit.commands import belongs_to, command, given, reference, target, version
from schema.kit.states import standing
from schema.kit.texts import NAME
from services.catalog import commands as publishing
from services.catalog.tables import Operation, ServiceFunction
from services.storage.transaction import Record

ITEM = "服务事项 / The item."
FUNCTION = "类别 / Its function."
CATEGORY = "政务事项类别 / Its category of government matters."
DESCRIPTION = "说明，最多两千个字符 / What it is; at most 2,000 characters."
WINDOW = "是否可在窗口办理 / Whether it is handled at a centre's window."
ONLINE = "是否可在线办理 / Whether it can be applied for online."
OPT_IN = "是否须由社区开通 / Whether it is offered only where a unit takes it up."
OPERATION = "运营方式 / How it is operated."
OPERATOR = "运营单位，须同时有运营方式 / Who operates it; only with how."
BENEFICIARIES = "服务人数 / How many people it is bought or run for."


class PublishServiceInput:
    """发布服务事项，及于所有下级 / Publish a service for a unit and all below it."""

    unit: Record = belongs_to("OrgUnit", "发布单元 / The unit.")
    function: ServiceFunction = given(FUNCTION)
    name: str = given(NAME)
    category: str | None = given(CATEGORY)
    description: str | None = given(DESCRIPTION)
    at_window: bool | None = given(WINDOW)
    online: bool | None = given(ONLINE)
    opt_in: bool | None = given(OPT_IN)
    operation: Operation | None = given(OPERATION)
    operator: str | None = given(OPERATOR)
    beneficiaries: int | None = given(BENEFICIARIES)


class UpdateServiceInput:
    """修改服务事项 / Change a service."""

    item: Record = target("ServiceItem", ITEM)
    version: int = version()
    function: ServiceFunction | None = given(FUNCTION)
    name: str | None = given(NAME)
    category: str | None = given(CATEGORY)
    description: str | None = given(DESCRIPTION)
    at_window: bool | None = given(WINDOW)
    online: bool | None = given(ONLINE)
    opt_in: bool | None = given(OPT_IN)
    operation: Operation | None = given(OPERATION)
    operator: str | None = given(OPERATOR)
    beneficiaries: int | None = given(BENEFICIARIES)


class WithdrawServiceInput:
    """撤回服务事项 / Withdraw a service."""

    item: Record = target("ServiceItem", ITEM)
    version: int = version()
    on: date = given("自该日起不再提供，最多可追溯 92 天 / The first day it is in no catalog, 92 days back at most.")


class OverrideServiceInput:
    """为本单元及下级另作说明，代替原有说明 / Say something of a service, for a unit and all below it."""

    unit: Record = belongs_to("OrgUnit", "单元，须为发布单元或其下级 / The unit: the publisher or one below it.")
    item: Record = reference("ServiceItem", ITEM)
    note: str = given("说明，最多两千个字符 / The note; at most 2,000 characters.")


class ExcludeServiceInput:
    """本单元及下级不提供 / Leave a service out, for a unit and all below it."""

    unit: Record = belongs_to("OrgUnit", "单元，须为发布单元或其下级 / The unit: the publisher or one below it.")
    item: Record = reference("ServiceItem", ITEM)


class OptInServiceInput:
    """开通须开通的服务，及于所有下级 / Take up a service that waits for it, for a unit and all below it."""

    unit: Record = belongs_to("OrgUnit", "单元，须为发布单元或其下级 / The unit: the publisher or one below it.")
    item: Record = reference("ServiceItem", ITEM)


class EndAdjustmentInput:
    """撤销目录调整 / Take back what a unit said of a service."""

    adjustment: Record = target("ServiceAdjustment", "目录调整 / The adjustment.")
    version: int = version()


COMMANDS = {
    "publish_service": command(publishing.publish, PublishServiceInput, "service_item:publish", returns="ServiceItem"),
    "update_service": command(
        publishing.update, UpdateServiceInput, "service_item:update", returns="ServiceItem", when=standing
    ),
    "withdraw_service": command(
        publishing.withdraw, WithdrawServiceInput, "service_item:update", returns="ServiceItem", when=standing
    ),
    "override_service": command(
        publishing.override, OverrideServiceInput, "service_item:adjust", returns="ServiceAdjustment"
    ),
    "exclude_service": command(
        publishing.exclude, ExcludeServiceInput, "service_item:adjust", returns="ServiceAdjustment"
    ),
    "opt_in_service": command(
        publishing.take_up, OptInServiceInput, "service_item:adjust", returns="ServiceAdjustment"
    ),
    "end_adjustment": command(
        publishing.end_adjustment, EndAdjustmentInput, "service_adjustment:end", returns="OrgUnit"
    ),
}
