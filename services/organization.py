"""The spine: territory units, their former codes, and the party organizations in them.

A unit's `path` is its ancestors' codes and its own, each followed by a slash ("35/3505/350521/"). PostgreSQL
computes it from `parent_path`, and `parent_path` follows the parent's path by its foreign key, so renaming a code or
moving a unit is one UPDATE of one row and the whole subtree, with every row that carries a path, moves with it.
"""

from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Enum,
    ForeignKey,
    Index,
    Table,
    Text,
    Uuid,
    func,
)

from services.tables import BYTEWISE, METADATA, search_keys


class OrgLevel(StrEnum):
    """层级：省、市、县、乡镇街道、村社区、网格、网点 / From the province down to grids and outlets."""

    PROVINCE = "PROVINCE"
    CITY = "CITY"
    COUNTY = "COUNTY"
    TOWN = "TOWN"
    COMMUNITY = "COMMUNITY"
    GRID = "GRID"
    OUTLET = "OUTLET"


class PartyTier(StrEnum):
    """三级党组织：村级党组织、网格党支部（党小组）、网点党员中心户 / The three tiers of party organizations."""

    VILLAGE = "VILLAGE"
    GRID = "GRID"
    HOUSEHOLD = "HOUSEHOLD"


class PartyKind(StrEnum):
    """类型：党委、党总支、党支部、党小组、党员中心户 / Committee, general branch, branch, group, household."""

    COMMITTEE = "COMMITTEE"
    GENERAL_BRANCH = "GENERAL_BRANCH"
    BRANCH = "BRANCH"
    GROUP = "GROUP"
    HOUSEHOLD = "HOUSEHOLD"


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
    ),
    *search_keys(),
    CheckConstraint("code ~ '^[0-9]{2,40}$'", name="code"),
    CheckConstraint("name <> ''", name="name"),
    # A unit never lies below itself; without this a move could send the cascade round for ever.
    CheckConstraint("position('/' || code || '/' in '/' || parent_path) = 0", name="acyclic"),
    Index("org_unit_children_idx", "parent_path", "path"),
    Index("org_unit_level_idx", "level", "path"),
    Index("org_unit_name_order_idx", "parent_path", "pinyin", "path"),
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

party_organizations = Table(
    "party_organization",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("parent_id", ForeignKey("party_organization.id")),
    Column("tier", Enum(PartyTier, name="party_tier"), nullable=False),
    Column("kind", Enum(PartyKind, name="party_kind"), nullable=False),
    Column("name", Text, nullable=False),
    *search_keys(),
    CheckConstraint("name <> ''", name="name"),
    Index("party_organization_unit_idx", "unit_path", "id"),
    Index("party_organization_parent_idx", "parent_id", "unit_path", "id"),
    Index("party_organization_pinyin_idx", "pinyin", postgresql_using="gin", postgresql_ops={"pinyin": "gin_trgm_ops"}),
    Index("party_organization_grams_idx", "grams", postgresql_using="gin"),
)
