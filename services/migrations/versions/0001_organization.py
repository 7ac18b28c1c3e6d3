"""The spine: units, former codes, party organizations."""

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE TYPE org_level AS ENUM ('PROVINCE', 'CITY', 'COUNTY', 'TOWN', 'COMMUNITY', 'GRID', 'OUTLET')",
    "CREATE TYPE party_tier AS ENUM ('VILLAGE', 'GRID', 'HOUSEHOLD')",
    "CREATE TYPE party_kind AS ENUM ('COMMITTEE', 'GENERAL_BRANCH', 'BRANCH', 'GROUP', 'HOUSEHOLD')",
    """
    CREATE TABLE org_unit (
        id uuid NOT NULL CONSTRAINT org_unit_pkey PRIMARY KEY,
        level org_level NOT NULL,
        code text COLLATE "C" NOT NULL CONSTRAINT org_unit_code_key UNIQUE,
        name text NOT NULL,
        parent_path text COLLATE "C",
        path text COLLATE "C" GENERATED ALWAYS AS (coalesce(parent_path, '') || code || '/') STORED NOT NULL
            CONSTRAINT org_unit_path_key UNIQUE,
        pinyin text COLLATE "C" NOT NULL,
        grams text[] COLLATE "C" NOT NULL,
        CONSTRAINT org_unit_parent_path_fkey FOREIGN KEY (parent_path) REFERENCES org_unit (path) ON UPDATE CASCADE,
        CONSTRAINT org_unit_code_check CHECK (code ~ '^[0-9]{2,40}$'),
        CONSTRAINT org_unit_name_check CHECK (name <> ''),
        CONSTRAINT org_unit_acyclic_check CHECK (position('/' || code || '/' in '/' || parent_path) = 0)
    )
    """,
    "CREATE INDEX org_unit_children_idx ON org_unit (parent_path, path)",
    "CREATE INDEX org_unit_level_idx ON org_unit (level, path)",
    "CREATE INDEX org_unit_name_order_idx ON org_unit (parent_path, pinyin, path)",
    "CREATE INDEX org_unit_pinyin_idx ON org_unit USING gin (pinyin gin_trgm_ops)",
    "CREATE INDEX org_unit_grams_idx ON org_unit USING gin (grams)",
    """
    CREATE TABLE org_unit_former_code (
        code text COLLATE "C" NOT NULL,
        unit_id uuid NOT NULL
            CONSTRAINT org_unit_former_code_unit_id_fkey REFERENCES org_unit (id) ON DELETE CASCADE,
        ended_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT org_unit_former_code_pkey PRIMARY KEY (code, unit_id)
    )
    """,
    """
    CREATE TABLE party_organization (
        id uuid NOT NULL CONSTRAINT party_organization_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL
            CONSTRAINT party_organization_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        parent_id uuid CONSTRAINT party_organization_parent_id_fkey REFERENCES party_organization (id),
        tier party_tier NOT NULL,
        kind party_kind NOT NULL,
        name text NOT NULL CONSTRAINT party_organization_name_check CHECK (name <> ''),
        pinyin text COLLATE "C" NOT NULL,
        grams text[] COLLATE "C" NOT NULL
    )
    """,
    "CREATE INDEX party_organization_unit_idx ON party_organization (unit_path, id)",
    "CREATE INDEX party_organization_parent_idx ON party_organization (parent_id, unit_path, id)",
    "CREATE INDEX party_organization_pinyin_idx ON party_organization USING gin (pinyin gin_trgm_ops)",
    "CREATE INDEX party_organization_grams_idx ON party_organization USING gin (grams)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
