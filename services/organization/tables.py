"""The spine: territory units, their former codes, what became of those that went, and the party organizations in them.

A unit's `path` is its ancestors' codes and its own, each followed by a slash ("35/3505/350521/"). PostgreSQL
computes it from `parent_path`, and `parent_path` follows the parent's path by its foreign key, so renaming a code or
moving a unit is one UPDATE of one row and the whole subtree, with every row that carries a path, moves with it.
"""

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Computed,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    or_,
)

from services.described import Described
from services.storage.references import NAMES, PATH
from services.storage.tables import BYTEWISE, METADATA, PRIVILEGES, search_keys, versioned


class OrgLevel(Described):
    """层级：省、市、县、乡镇街道、村社区、网格、网点 / From the province down to grids and outlets."""

    PROVINCE = "PROVINCE", "省 / Province."
    CITY = "CITY", "市 / City."
    COUNTY = "COUNTY", "县、市、区 / County, or district."
    TOWN = "TOWN", "乡镇、街道 / Town, or subdistrict."
    COMMUNITY = "COMMUNITY", "村、社区 / Village, or community."
    GRID = "GRID", "网格 / Grid."
    OUTLET = "OUTLET", "网点 / Outlet: the last households are grouped by."


class PartyTier(Described):
    """层级：县、乡镇、村、网格、中心户，小区、物业企业、行业 / County to household; compound, company, sector."""

    COUNTY = "COUNTY", "县级 / Of the county."
    TOWN = "TOWN", "乡镇、街道 / Of a town."
    VILLAGE = "VILLAGE", "村、社区 / Of a village or community."
    GRID = "GRID", "网格 / Of a grid."
    HOUSEHOLD = "HOUSEHOLD", "党员中心户 / Of a household centre."
    COMPOUND = "COMPOUND", "小区 / Of compounds."
    COMPANY = "COMPANY", "物业企业 / Of a property company."
    SECTOR = "SECTOR", "行业 / Of the property sector."


class PartyKind(Described):
    """类型：党委、党总支、党支部、党小组、党员中心户、联合党支部、兼合式党支部 / Committee, branch, ..."""

    COMMITTEE = "COMMITTEE", "党委 / Committee."
    GENERAL_BRANCH = "GENERAL_BRANCH", "党总支 / General branch."
    BRANCH = "BRANCH", "党支部 / Branch."
    GROUP = "GROUP", "党小组 / Group."
    HOUSEHOLD = "HOUSEHOLD", "党员中心户 / Household centre."
    JOINT_BRANCH = "JOINT_BRANCH", "联合党支部 / Joint branch, of several compounds."
    CONCURRENT_BRANCH = "CONCURRENT_BRANCH", "兼合式党支部 / Concurrent branch, whose members keep their own."


class PartyField(Described):
    """领域：农村、社区、网格、小区、街巷、楼宇、非公企业、社会组织、机关事业单位 / Where an organization works."""

    RURAL = "RURAL", "农村 / The countryside."
    COMMUNITY = "COMMUNITY", "社区 / Communities."
    GRID = "GRID", "网格 / Grids."
    COMPOUND = "COMPOUND", "小区 / Residential compounds."
    STREET = "STREET", "街巷 / Streets and lanes."
    BUILDING = "BUILDING", "楼栋、楼宇 / Buildings."
    ENTERPRISE = "ENTERPRISE", "非公企业 / Non-public enterprises."
    SOCIAL = "SOCIAL", "社会组织 / Social organizations."
    OFFICE = "OFFICE", "机关、事业单位 / Public bodies."


units = Table(
    "org_unit",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("level", Enum(OrgLevel, name="org_level"), nullable=False),
    Column("code", BYTEWISE, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("parent_path", BYTEWISE, ForeignKey("org_unit.path", onupdate="CASCADE")),
    Column(
        "path",
        BYTEWISE,
        Computed("coalesce(parent_path, '') || code || '/'", persisted=True),
        nullable=False,
        unique=True,
        info={NAMES: (PATH,)},
    ),
    *search_keys(),
    versioned(),
    CheckConstraint("code ~ '^[0-9]{2,40}$'", name="code"),
    CheckConstraint("name <> ''", name="name"),
    # A unit never lies below itself; without this a move could send the cascade round for ever.
    CheckConstraint("position('/' || code || '/' in '/' || parent_path) = 0", name="acyclic"),
    Index("org_unit_children_idx", "parent_path", "path"),
    Index("org_unit_level_idx", "level", "path"),
    Index("org_unit_name_order_idx", "parent_path", "sorting", "path"),
    Index("org_unit_pinyin_idx", "pinyin", postgresql_using="gin", postgresql_ops={"pinyin": "gin_trgm_ops"}),
    Index("org_unit_grams_idx", "grams", postgresql_using="gin"),
)

former_codes = Table(
    "org_unit_former_code",
    METADATA,
    Column("code", BYTEWISE, primary_key=True),
    Column("unit_id", ForeignKey(units.c.id, ondelete="CASCADE"), primary_key=True),
    Column("ended_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

# Units that were merged away, dissolved or removed, and the unit that has what was theirs. A trigger keeps it, however
# a unit goes (migration 0083). No row of the trail, neither recorded nor sealed: it follows from the entry of the
# removal, which is.
former_units = Table(
    "former_unit",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("heir_id", ForeignKey(units.c.id), nullable=False),
    Index("former_unit_heir_idx", "heir_id"),
    info={PRIVILEGES: ("SELECT",)},
)

party_organizations = Table(
    "party_organization",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("parent_id", ForeignKey("party_organization.id")),
    Column("tier", Enum(PartyTier, name="party_tier"), nullable=False),
    Column("kind", Enum(PartyKind, name="party_kind"), nullable=False),
    Column("field", Enum(PartyField, name="party_field")),  # NULL where it is not recorded
    Column("name", Text, nullable=False),
    *search_keys(),
    Column("closed_on", Date),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    UniqueConstraint("id", "unit_path"),
    Index("party_organization_unit_idx", "unit_path", "id"),
    Index("party_organization_parent_idx", "parent_id", "unit_path", "id"),
    Index("party_organization_pinyin_idx", "pinyin", postgresql_using="gin", postgresql_ops={"pinyin": "gin_trgm_ops"}),
    Index("party_organization_grams_idx", "grams", postgresql_using="gin"),
)


def in_line(tier: Any) -> ColumnElement[bool]:
    """Whether an organization of this tier belongs to the property industry's line 条."""
    return or_(tier == PartyTier.COMPOUND, tier == PartyTier.COMPANY, tier == PartyTier.SECTOR)
