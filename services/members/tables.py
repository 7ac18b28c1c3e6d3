"""Members 党员: who they are, where they live and serve, where they work. Phone and address are contact data."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    Enum,
    ForeignKey,
    Index,
    Select,
    Table,
    Text,
    TextClause,
    UniqueConstraint,
    case,
    func,
    select,
    text,
)

from services.described import Described
from services.errors import ProblemCode, Rule
from services.organization.tables import party_organizations, units
from services.storage.tables import BYTEWISE, METADATA, PERSONS, aliased, identified, search_keys, versioned


class Standing(Described):
    """身份：在职、离退休、居民 / In service, retired, or a resident."""

    IN_SERVICE = "IN_SERVICE", "在职 / In service."
    RETIRED = "RETIRED", "离退休 / Retired."
    RESIDENT = "RESIDENT", "居民 / Resident."


RESTRICTED = (
    "此人的个人数据已限制处理，解除限制之前不得修改或引用。",
    "The processing of this person's data is restricted: until that is lifted it is neither changed nor referred to.",
)
NOBODY = "已删除 deleted"  # what a person is called whose data was deleted

# `unit_path` is where they serve (the grid they report to), `home_path` where they live. Of a person whose data was
# deleted (services/audit/erasure.py) nothing is left that could name them, and nothing can be put there again. What is
# held of one whose data are restricted (services/members/restricting.py) stays as it is, and is shown to no other.
members = Table(
    "member",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("home_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE")),
    Column("name", Text, nullable=False),
    *search_keys(),
    Column("standing", Enum(Standing, name="member_standing"), nullable=False),
    Column("employer", Text),
    Column("organization_id", ForeignKey(party_organizations.c.id)),
    Column("phone", Text),
    Column("address", Text),
    Column("left_on", Date),
    Column("erased_on", Date),
    Column("restricted_on", Date),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint(
        f"erased_on IS NULL OR left_on IS NOT NULL AND name = '{NOBODY}'"
        " AND num_nonnulls(employer, phone, address, home_path, organization_id) = 0",
        name="erased",
    ),
    CheckConstraint("num_nonnulls(erased_on, restricted_on) < 2", name="restricted_or_erased"),
    UniqueConstraint("id", "unit_path"),
    Index("member_unit_idx", "unit_path", "id"),
    Index("member_folded_idx", "folded", "unit_path"),
    Index("member_home_idx", "home_path"),
    Index("member_organization_idx", "organization_id"),
    Index("member_pinyin_idx", "pinyin", postgresql_using="gin", postgresql_ops={"pinyin": "gin_trgm_ops"}),
    Index("member_grams_idx", "grams", postgresql_using="gin"),
    info={PERSONS: True},
)

RULES: Mapping[str, Rule] = {
    "member_erased_check": Rule(
        "member", "此人的个人数据已删除。", "This person's data was deleted.", ProblemCode.CLOSED
    ),
    # Migration 0035: nobody is put into a new row whose data are restricted.
    "member_restricted_check": Rule("member", *RESTRICTED, ProblemCode.CLOSED),
}


def kept(zh: str, en: str) -> Rule:
    """Why a member does not leave while terms of theirs run on (`KEEPS`); the rule of `member_<table>_check`."""
    return Rule("left_on", zh, en, ProblemCode.CLOSED)


def said_in_full(column: str) -> TextClause:
    """The rows of a unique key whose text has lost nobody's name.

    Texts that differed by the names in them are alike without, and no deletion must be refused for it.
    """
    return text(f"strpos({column}, '{NOBODY}') = 0")


def unrestricted(member: Any) -> ColumnElement[bool]:
    """Whether the processing of a member's data is not restricted."""
    return member.restricted_on.is_(None)  # type: ignore[no-any-return]


def reached_at(member: Any) -> ColumnElement[Any]:
    """The path of the unit where others than the member may know how to reach them; none while that is restricted."""
    return case((unrestricted(member), member.unit_path), else_=None)


# --- what rows that name a member are shown with ----------------------------------------------------------------------


def name_of(member: Any) -> ColumnElement[Any]:
    """A member's name, by the member's id."""
    of = aliased(members)
    return select(of.c.name).where(of.c.id == member).correlate_except(of).scalar_subquery()


def serving_at(path: Any) -> Select[Any]:
    """The members who serve in the unit at a path, by that path."""
    of = aliased(members)
    return select(of.c.id).where(of.c.unit_path == path).correlate_except(of)


def masked_phone(phone: ColumnElement[Any]) -> ColumnElement[Any]:
    """The first three digits and the last four of eleven or more, 138****0000; nothing but stars of fewer."""
    digits = func.replace(func.replace(phone, "-", ""), " ", "")
    shown = func.left(digits, 3).concat("****").concat(func.right(digits, 4))
    return case((phone.is_(None), None), (func.length(digits) >= 11, shown), else_="****")


def masked_address(address: ColumnElement[Any]) -> ColumnElement[Any]:
    """The first six characters of twelve or more, about as far as the street; nothing of fewer."""
    shown = func.left(address, 6).concat("…")
    return case((address.is_(None), None), (func.length(address) >= 12, shown), else_="…")
