"""Who operates 运营 which service at which centre, by which mode, and the commands about it."""

from datetime import date

from policies.scope import Way
from schema.catalog.items import ServiceItem
from schema.centres.centres import Centre
from schema.kit.commands import belongs_to, command, given, last_day, reference, target, version
from schema.kit.corrections import CHANGED, REASON, SINCE, UNTIL
from schema.kit.entities import column, entity, one
from schema.kit.numbers import grouped, measure
from schema.kit.states import not_over, still_open
from schema.kit.terms import TermFilter
from schema.kit.texts import CHANGES, ENDING, FIRST, HOW_MANY, LAST, PLACE, UNIT
from schema.kit.words import among
from schema.organization.units import OrgUnit
from services.catalog.tables import Operation
from services.centres import operations as commands
from services.centres.tables import centre_name, item_name, operation_terms
from services.organization.paths import place
from services.storage.transaction import Record

MODE = "运营方式 / How it is operated."
OPERATOR = "运营单位 / Who operates it."
OPERATION = "运营 / The term."


class OperationTermFilter(TermFilter):
    """筛选服务运营，各项须同时满足 / Which terms: every condition given must hold."""

    mode: list[Operation] = among(operation_terms.c.mode, "运营方式 / Operated in one of these ways.")


class OperationModeCount:
    """一种方式的服务运营数 / The terms of one mode."""

    mode: Operation = column(MODE)
    count: int = measure(HOW_MANY)
    centres: int = measure("邻里中心数 / At how many centres.", distinct=lambda term: term.centre_id)


class OperationTermTotals:
    """服务运营合计 / What terms come to."""

    count: int = measure(HOW_MANY)
    centres: int = measure("邻里中心数 / At how many centres.", distinct=lambda term: term.centre_id)
    by_mode: list[OperationModeCount] = grouped(OperationModeCount, "按运营方式 / By mode.")


@entity(
    operation_terms,
    policy="operation",
    tag="ot",
    ways={Way.WITHIN: lambda term: term.unit_path, Way.ABOVE: lambda term: term.unit_path},
    sort=lambda term: (term.unit_path,),
    ties=lambda term: (term.unit_path, term.since),
    filter=OperationTermFilter,
    orders={
        "PLACE": lambda term: (term.unit_path,),
        "SINCE": lambda term: (term.since,),
        "UNTIL": lambda term: (term.until,),
    },
    totals=OperationTermTotals,
)
class OperationTerm:
    """服务运营：某一邻里中心的一项服务由谁运营，一段时间只有一家 / Who operates a service at a centre, for a term."""

    operator: str = column(OPERATOR)
    mode: Operation = column(MODE)
    item_name: str = column(
        "服务名称 / The service's name.", lambda term: item_name(term.item_id), brings="ServiceItem"
    )
    centre_name: str = column(
        "邻里中心名称 / The centre's name.", lambda term: centre_name(term.centre_id), brings="Centre"
    )
    place: list[str] = column(PLACE, lambda term: place(term.unit_path))
    since: date = column(FIRST)
    until: date | None = column(LAST)
    end_reason: str | None = column("终止原因 / Why it was ended.")
    version: int = column(CHANGES)
    unit: "OrgUnit | None" = one(lambda term, unit: unit.path == term.unit_path, UNIT)
    centre: "Centre | None" = one(lambda term, centre: centre.id == term.centre_id, "邻里中心 / The centre.")
    item: "ServiceItem | None" = one(lambda term, item: item.id == term.item_id, "服务事项 / The service.")


# --- commands ---------------------------------------------------------------------------------------------------------


class RecordOperationInput:
    """登记某一邻里中心的服务由谁运营 / Record who operates a service at a centre."""

    centre: Record = belongs_to("Centre", "邻里中心 / The centre.")
    item: Record = reference("ServiceItem", "服务事项，须及于该中心 / The service: one of the catalog there.")
    operator: str = given(OPERATOR)
    mode: Operation = given(MODE)
    since: date = given(FIRST)
    until: date | None = last_day(LAST)


class EndOperationInput:
    """终止运营；只能提前，不能延后 / End an operation; an end is brought forward, never put off."""

    operation: Record = target("OperationTerm", OPERATION)
    version: int = version()
    on: date = given(ENDING)
    reason: str = given("原因，最多一百个字符 / Why; at most 100 characters.")


class CorrectOperationInput:
    """更正运营：日期、单位或方式有误 / Set right an operation that was entered wrongly: its days, who, or how."""

    operation: Record = target("OperationTerm", OPERATION)
    version: int = version()
    operator: str | None = given(OPERATOR)
    mode: Operation | None = given(MODE)
    since: date | None = given(SINCE)
    until: date | None = last_day(UNTIL)
    reason: str = given(REASON)


class StrikeOutOperationInput:
    """删除本不存在的运营 / Remove an operation that never was."""

    operation: Record = target("OperationTerm", OPERATION)
    version: int = version()
    reason: str = given(REASON)


COMMANDS = {
    "record_operation": command(
        commands.record, RecordOperationInput, "operation:record", returns="OperationTerm", when=still_open
    ),
    "end_operation": command(commands.end, EndOperationInput, "operation:end", returns="OperationTerm", when=not_over),
    "correct_operation": command(
        commands.correct, CorrectOperationInput, "operation:correct", returns="OperationTerm", report=CHANGED
    ),
    "strike_out_operation": command(
        commands.strike_out, StrikeOutOperationInput, "operation:correct", returns="Centre", report=CHANGED
    ),
}
