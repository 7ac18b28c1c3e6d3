"""The demo's service catalogs: what a county publishes, a town adds or leaves out, and communities take up."""

from dataclasses import dataclass
from uuid import UUID

from services.catalog.tables import AdjustmentKind, Operation, ServiceFunction, adjustments, service_items
from services.demo.matters import at_window, is_online, online
from services.demo.rows import Rows

F = ServiceFunction

# What is offered everywhere: function, name.
SERVICES = (
    (F.PARTY_LEADERSHIP, "党员教育课堂"),
    (F.PARTY_LEADERSHIP, "流动党员报到"),
    (F.PARTY_LEADERSHIP, "党群服务开放日"),
    (F.ELDERLY_CARE, "老年大学教学点"),
    (F.CHILD_CARE, "亲子阅读"),
    (F.MEDICAL, "家庭医生签约"),
    (F.MEDICAL, "慢性病随访"),
    (F.FOOD, "食品快检"),
    (F.FOOD, "食品安全投诉受理"),
    (F.LIVING, "便民维修"),
    (F.LIVING, "垃圾分类指导"),
    (F.AFFAIRS, "帮办代办"),
    (F.OTHER, "邻里调解"),
    (F.OTHER, "旧物交换"),
)
# Waits to be taken up by a community.
OPTIONAL = ((F.CHILD_CARE, "暑期托管班"), (F.LIVING, "共享工具间"), (F.OTHER, "邻里微心愿"))
# Function, name, operation, beneficiaries. The packages bought for the elderly are for 15,000 people.
OPERATED = (
    (F.ELDERLY_CARE, "居家养老服务包", Operation.PURCHASED, 9_000),
    (F.ELDERLY_CARE, "失能老人照护包", Operation.PURCHASED, 3_500),
    (F.ELDERLY_CARE, "困难老人助餐包", Operation.PURCHASED, 2_500),
    (F.ELDERLY_CARE, "日间照料中心", Operation.ENTRUSTED, 860),
    (F.FOOD, "长者食堂", Operation.PRIVATELY_RUN, 1_240),
    (F.CHILD_CARE, "四点半课堂", Operation.PURCHASED, 620),
    (F.CHILD_CARE, "普惠托育点", Operation.PRIVATELY_RUN, 310),
    (F.MEDICAL, "中医理疗室", Operation.ENTRUSTED, 450),
)


@dataclass(frozen=True, slots=True)
class Catalog:
    """Publishes items of a county, and adjusts them below it."""

    rows: Rows
    county: str

    def common(self) -> None:
        """What is offered everywhere."""
        for function, name in SERVICES:
            self.item(function, name)

    def matters(self) -> None:
        """Government matters, at the window, online, or both."""
        for number, (category, name) in enumerate(at_window()):
            self.item(F.AFFAIRS, name, category=category, at_window=True, online=is_online(number))
        for category, name in online():
            self.item(F.AFFAIRS, name, category=category, at_window=False, online=True)

    def operated(self) -> dict[str, UUID]:
        """What others run for the county; ids by name."""
        return {
            name: self.item(
                function, name, operation=operation, operator=f"演示运营{number:02}机构", beneficiaries=people
            )
            for number, (function, name, operation, people) in enumerate(OPERATED, 1)
        }

    def optional(self) -> list[UUID]:
        """What waits to be taken up."""
        return [self.item(function, name, opt_in=True) for function, name in OPTIONAL]

    def item(self, function: ServiceFunction, name: str, *, at: str | None = None, **values: object) -> UUID:
        """An item published by the county, or by the unit at another path."""
        return self.rows.add(service_items, unit_path=at or self.county, function=function, name=name, **values)

    def adjust(self, item: UUID, kind: AdjustmentKind, at: str, note: str | None = None) -> None:
        """What the unit at a path makes of an item."""
        self.rows.add(adjustments, item_id=item, unit_path=at, kind=kind, note=note)
