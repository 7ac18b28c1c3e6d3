"""The way 提议—商议—践议—议评 of every matter, as data: which step leads to which, and who may take it there."""

from policies.scope import Way
from schema.kit.entities import column, entity
from services.deliberation.tables import SEATS, everywhere, ways
from services.deliberation.way import Step


@entity(
    ways,
    policy="matter_way",
    ways={
        Way.ABOVE: lambda _: everywhere(SEATS["unit"]),
        Way.SECTOR: lambda _: everywhere(SEATS["unit"]),
        Way.COMPANY: lambda _: everywhere(SEATS["company"]),
        Way.BUILDING: lambda _: everywhere(SEATS["building"]),
        Way.CAPTAIN: lambda _: everywhere(SEATS["member"]),
        Way.MEMBER: lambda _: everywhere(SEATS["member"]),
    },
    sort=lambda way: (way.from_step, way.to_step),
    ties=lambda way: (way.from_step, way.to_step),
)
class MatterWay:
    """议题可走的一步，凡可见议题者皆可见 / A step matters can take; whoever reads matters reads it."""

    from_step: Step = column("自哪一环节 / From which step.")
    to_step: Step = column("至哪一环节 / To which step.")
    name: str = column("名称 / What it is called.")
    right: str = column(
        "所需权限，如 matter:consult，见角色与权限 / The right it needs, as matter:consult.",
        lambda way: "matter:" + way.action,
    )
    working_days: int | None = column(
        "新环节的期限，工作日数，终了者为空 / In how many working days the new step is to be over; null for an end."
    )
    reason_owed: bool = column("是否须说明原因 / Whether a reason is owed.")
