"""What grants can be seated at, as clients know it: an entity and words for each kind of `seat_kinds`."""

from collections.abc import Mapping
from dataclasses import dataclass

from schema.departments.departments import Department
from schema.members.members import Member
from schema.organization.units import OrgUnit
from schema.properties.companies import PropertyCompany
from schema.properties.compounds import Building


@dataclass(frozen=True, slots=True)
class Seated:
    """The entity of a kind of seat, and what it is called."""

    entity: type
    zh: str
    en: str


SEATED: Mapping[str, Seated] = {
    "unit": Seated(OrgUnit, "单元", "a unit"),
    "company": Seated(PropertyCompany, "物业企业", "a property company"),
    "building": Seated(Building, "楼栋", "a building"),
    "member": Seated(Member, "党员", "a member"),
    "department": Seated(Department, "部门", "a department"),
}
ENTITIES = tuple(each.entity.__name__ for each in SEATED.values())


def words() -> tuple[str, str]:
    """All of them in words, in Chinese and in English."""
    *zh, last_zh = (each.zh for each in SEATED.values())
    *en, last_en = (each.en for each in SEATED.values())
    return f"{'、'.join(zh)}或{last_zh}", f"{', '.join(en)} or {last_en}"
