"""Neighbour funds 近邻基金, what they come to year by year, and the commands that open, feed and close them."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from policies.scope import Way
from schema.kit.commands import Caller, belongs_to, command, given, reference, target, version
from schema.kit.entities import column, entity, many, one
from schema.kit.expressions import Identity
from schema.kit.numbers import measure
from schema.kit.ranges import DateRange, days
from schema.kit.states import still_open
from schema.kit.texts import CLOSED, CLOSING, HOW_MANY, IS_CLOSED, NAME, PLACE, UNIT, VERSION
from schema.kit.words import closed
from schema.organization.units import OrgUnit
from schema.properties.compounds import Compound
from services.organization.paths import place
from services.projects import funds as commands
from services.projects.amounts import shown
from services.projects.fund_reading import (
    balance,
    buildings_there,
    captains_there,
    come_to,
    is_empty,
    neighbours,
    reserved,
)
from services.projects.fund_tables import IN, FundEntryKind, funds, years
from services.storage.transaction import Record

BEGUN = "设立日期 / The day it began."
IN_ALL = "捐赠，含更正 / What was given, corrections included."
SCHOLARSHIPS = "奖学支出，含更正 / What was paid for scholarships, corrections included."
AID = "困难帮扶支出，含更正 / What was paid to families in hardship, corrections included."
BALANCE = "余额，含预留 / What is in it, with what is set aside."
COMPOUND = "所属小区，单元的基金为空 / The compound it is of; null for a unit's."
FUND = "基金 / The fund."
OWN_NAME = "名称，同一单元未关闭的不重名 / Its name; once among the open funds of a unit."
CLOSED_YEAR = (
    "已结账的最近年度，该年及以前不再入账 / The last year that is closed: nothing is entered into it or before."
)
WAYS = {
    Way.WITHIN: lambda row: row.unit_path,
    Way.MEMBER: neighbours,
    Way.CAPTAIN: captains_there,
    Way.BUILDING: buildings_there,
}


@entity(
    years,
    policy="fund",
    ways=WAYS,
    sort=lambda row: (row.year,),
    ties=lambda row: (row.year,),
    identity=Identity(lambda row: (row.fund_id, row.year)),
)
class FundYear:
    """基金年度收支，按中国时间的年度 / What came in and went out in a year, by China's clock; corrections included."""

    year: int = column("年度 / The year.")
    members: Decimal = column("党员捐赠 / From members.", lambda row: shown(row.members))
    residents: Decimal = column("居民捐赠 / From residents.", lambda row: shown(row.residents))
    units: Decimal = column("单位捐赠 / From organizations.", lambda row: shown(row.units))
    scholarships: Decimal = column(SCHOLARSHIPS, lambda row: shown(row.scholarship))
    aid: Decimal = column(AID, lambda row: shown(row.aid))
    persons: int = column("受益人次 / How many persons were paid.")
    balance: Decimal = column("年末余额，今年为至今 / What was left at its end.", lambda row: shown(row.balance))


class FundFilter:
    """筛选基金，各项须同时满足 / Which funds: every condition given must hold."""

    closed: bool = closed(IS_CLOSED)
    begun_on: DateRange = days("begun_on", "设立日期 / Begun on one of these days.")


class FundTotals:
    """基金合计 / What funds come to."""

    count: int = measure(HOW_MANY)


@entity(
    funds,
    policy="fund",
    tag="fu",
    ways=WAYS,
    sort=lambda fund: (fund.unit_path,),
    ties=lambda fund: (fund.unit_path, fund.begun_on),
    filter=FundFilter,
    orders={"PLACE": lambda fund: (fund.unit_path,), "SINCE": lambda fund: (fund.begun_on,)},
    totals=FundTotals,
)
class Fund:
    """近邻基金：一个小区或单元的，支出不超过捐赠 / A compound's or a unit's fund; never more out than came in."""

    name: str = column(NAME)
    begun_on: date = column(BEGUN)
    closed_on: date | None = column(CLOSED)
    closed_year: int | None = column(CLOSED_YEAR)
    balance: Decimal = column(BALANCE, lambda fund: shown(balance(fund.id)))
    reserved: Decimal = column(
        "已提议未支付的，已预留 / What is set aside for what is proposed.", lambda fund: shown(reserved(fund.id))
    )
    donated: Decimal = column(IN_ALL, lambda fund: shown(come_to(fund.id, IN)))
    scholarships: Decimal = column(SCHOLARSHIPS, lambda fund: shown(come_to(fund.id, (FundEntryKind.SCHOLARSHIP,))))
    aid: Decimal = column(AID, lambda fund: shown(come_to(fund.id, (FundEntryKind.AID,))))
    place: list[str] = column(PLACE, lambda fund: place(fund.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda fund, unit: unit.path == fund.unit_path, UNIT)
    compound: "Compound | None" = one(lambda fund, compound: compound.id == fund.compound_id, COMPOUND)
    years: list[FundYear] = many(
        lambda fund, year: year.fund_id == fund.id,
        "各年度收支 / Year by year.",
        sort=lambda year: (year.year,),
        rows=20,
    )


# --- commands ---------------------------------------------------------------------------------------------------------


class OpenFundInput:
    """设立基金 / Open a fund."""

    unit: Record = belongs_to("OrgUnit", "设立基金的单元，或小区所在的单元 / The unit, or one its compound lies in.")
    compound: Record | None = reference("Compound", COMPOUND, when=still_open)
    name: str = given(OWN_NAME)
    begun_on: date = given("设立日期，自 2000 年起，不晚于今天 / The day it began, from 2000 on, not to come.")


class RenameFundInput:
    """基金更名 / Rename a fund."""

    fund: Record = target("Fund", FUND)
    version: int = version()
    name: str = given(OWN_NAME)


class RecordDonationInput:
    """登记捐赠；不填个人姓名 / Enter a donation; no person is named."""

    fund: Record = belongs_to("Fund", FUND)
    kind: FundEntryKind = given("捐赠类别 / From whom: a kind of donation.")
    amount: Decimal = given("金额 / How much.")
    received_at: datetime = given("到账时间，按中国时间记入当日 / When it came; it is of that day by China's clock.")
    donor: str | None = given("捐赠单位名称，匿名为空；不填个人 / The organization that gave it, null for anonymous.")


class CloseFundYearInput:
    """年度结账，该年及以前不再入账，更正记入当年 / Close a year: corrections are of the year they are made in."""

    fund: Record = target("Fund", FUND)
    version: int = version()
    year: int = given("已结束的年度 / A year that is over.")


class CloseFundInput:
    """关闭余额为零的基金 / Close a fund in which nothing is left."""

    fund: Record = target("Fund", FUND)
    version: int = version()
    on: date = given(CLOSING)


async def by(caller: Caller, _: Record, __: Mapping[str, Any]) -> Mapping[str, Any]:
    """By whom something is entered, proposed or approved."""
    return {"by": caller.actor.account_id}


COMMANDS = {
    "open_fund": command(commands.open_, OpenFundInput, "fund:open", returns="Fund"),
    "rename_fund": command(commands.rename, RenameFundInput, "fund:rename", returns="Fund", when=still_open),
    "record_donation": command(
        commands.donate, RecordDonationInput, "fund_entry:donate", returns="FundEntry", may=by, when=still_open
    ),
    "close_fund_year": command(
        commands.close_year, CloseFundYearInput, "fund:close_year", returns="Fund", when=still_open
    ),
    "close_fund": command(commands.close, CloseFundInput, "fund:close", returns="Fund", when=still_open).only(is_empty),
}
