"""What departments bring 部门对接 to centres, and the commands about it."""

from datetime import date

from sqlalchemy import Text

from policies.scope import Way
from schema.centres.centres import CENTRE, Centre
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one, where
from schema.kit.expressions import RowFunction
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days
from schema.kit.states import in_state, still_open
from schema.kit.texts import HOW_MANY, NAME, PLACE, UNIT, VERSION
from schema.kit.words import among, plain
from schema.organization.units import OrgUnit
from services.centres import offers as commands
from services.centres.offer_tables import OfferKind, OfferStatus, offers
from services.centres.tables import centre_name
from services.organization.paths import place
from services.storage.transaction import Record

DEPARTMENT = "部门，如“文旅局” / The department."
KIND = "类别 / Its kind."
STATUS = "状态 / What became of it."
MATCHED = "对接日期，不晚于今天 / The day it was matched, not to come."
DELIVERED = "落实日期，不晚于今天，未落实为空 / The day it was delivered, not to come; null while it is not."
OFFER = "对接事项 / What is brought."


class DepartmentOfferFilter:
    """筛选对接事项，各项须同时满足 / Which offers: every condition given must hold."""

    department: str = where(
        lambda offer, given: offer.department == given["department"],
        "部门 / Of this department.",
        department=(Text(), lambda text: plain(text).strip()),
    )
    kind: list[OfferKind] = among(offers.c.kind, "类别 / Of one of these kinds.")
    status: list[OfferStatus] = among(offers.c.status, "状态 / Of one of these states.")
    matched_on: DateRange = days("matched_on", "对接日期 / Matched on one of these days.")
    delivered_on: DateRange = days("delivered_on", "落实日期 / Delivered on one of these days.")


def _is(status: OfferStatus) -> RowFunction:
    return lambda offer: offer.status == status


class OfferDepartmentCount:
    """一个部门的对接事项 / What one department brings."""

    department: str = column(DEPARTMENT)
    count: int = measure(HOW_MANY)
    matched: int = measure("已对接未落实 / Matched, and not delivered yet.", where=_is(OfferStatus.MATCHED))
    delivered: int = measure("已落实 / Delivered.", where=_is(OfferStatus.DELIVERED))


class OfferStatusCount:
    """一类一种状态的对接事项 / What is of one kind and state."""

    kind: OfferKind = column(KIND)
    status: OfferStatus = column(STATUS)
    count: int = measure(HOW_MANY)


class DepartmentOfferTotals:
    """对接合计 / What offers come to."""

    count: int = measure(HOW_MANY)
    centres: int = measure("邻里中心数 / At how many centres.", distinct=lambda offer: offer.centre_id)
    by_department: list[OfferDepartmentCount] = grouped(OfferDepartmentCount, "按部门 / By department.")
    by_status: list[OfferStatusCount] = grouped(OfferStatusCount, "按类别与状态 / By kind and state.")


@entity(
    offers,
    policy="offer",
    tag="do",
    ways={Way.WITHIN: lambda offer: offer.unit_path, Way.ABOVE: lambda offer: offer.unit_path},
    sort=lambda offer: (offer.matched_on,),
    ties=lambda offer: (offer.matched_on, offer.name, offer.unit_path),
    filter=DepartmentOfferFilter,
    orders={
        "PLACE": lambda offer: (offer.unit_path,),
        "MATCHED_ON": lambda offer: (offer.matched_on,),
        "DELIVERED_ON": lambda offer: (offer.delivered_on,),
        "STATUS": lambda offer: (offer.status,),
    },
    totals=DepartmentOfferTotals,
)
class DepartmentOffer:
    """对接事项：部门为某邻里中心带来的项目或资源 / A project or resource that a department brings to a centre."""

    department: str = column(DEPARTMENT)
    kind: OfferKind = column(KIND)
    name: str = column(NAME)
    status: OfferStatus = column(STATUS)
    matched_on: date = column("对接日期 / The day it was matched.")
    delivered_on: date | None = column("落实日期，未落实为空 / The day it was delivered; null while it is not.")
    drop_reason: str | None = column("取消原因 / Why it was dropped; null where it was not.")
    centre_name: str = column(
        "邻里中心名称 / The centre's name.", lambda offer: centre_name(offer.centre_id), brings="Centre"
    )
    place: list[str] = column(PLACE, lambda offer: place(offer.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda offer, unit: unit.path == offer.unit_path, UNIT)
    centre: "Centre | None" = one(lambda offer, centre: centre.id == offer.centre_id, CENTRE)


# --- commands ---------------------------------------------------------------------------------------------------------


class MatchOfferInput:
    """登记对接，已落实的可一并登记 / Match what a department brings with a centre; it may be delivered already."""

    centre: Record = belongs_to("Centre", CENTRE)
    department: str = given(DEPARTMENT)
    kind: OfferKind = given(KIND)
    name: str = given(NAME)
    matched_on: date = given(MATCHED)
    delivered_on: date | None = given(DELIVERED)


class DeliverOfferInput:
    """登记落实 / Say that it was delivered."""

    offer: Record = target("DepartmentOffer", OFFER)
    version: int = version()
    on: date = given("落实日期，不晚于今天 / The day it was delivered, not to come.")


class DropOfferInput:
    """取消对接 / Say that it will not be delivered."""

    offer: Record = target("DepartmentOffer", OFFER)
    version: int = version()
    reason: str = given("原因，最多一百个字符 / Why; at most 100 characters.")


class StrikeOutOfferInput:
    """删除本不存在的对接 / Remove one that never was."""

    offer: Record = target("DepartmentOffer", OFFER)
    version: int = version()
    reason: str = given(REASON)


UNDELIVERED = in_state(OfferStatus.MATCHED)

COMMANDS = {
    "match_offer": command(commands.match, MatchOfferInput, "offer:match", returns="DepartmentOffer", when=still_open),
    "deliver_offer": command(
        commands.deliver, DeliverOfferInput, "offer:deliver", returns="DepartmentOffer", when=UNDELIVERED
    ),
    "drop_offer": command(commands.drop, DropOfferInput, "offer:drop", returns="DepartmentOffer", when=UNDELIVERED),
    "strike_out_offer": command(commands.strike_out, StrikeOutOfferInput, "offer:strike_out", returns="Centre"),
}
