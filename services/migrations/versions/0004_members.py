"""Members."""

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS = (
    "CREATE TYPE member_standing AS ENUM ('IN_SERVICE', 'RETIRED', 'RESIDENT')",
    """
    CREATE TABLE member (
        id uuid NOT NULL CONSTRAINT member_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL
            CONSTRAINT member_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        home_path text COLLATE "C" CONSTRAINT member_home_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        name text NOT NULL CONSTRAINT member_name_check CHECK (name <> ''),
        pinyin text COLLATE "C" NOT NULL,
        grams text[] COLLATE "C" NOT NULL,
        standing member_standing NOT NULL,
        employer text,
        organization_id uuid CONSTRAINT member_organization_id_fkey REFERENCES party_organization (id),
        phone text,
        address text,
        left_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT member_id_unit_path_key UNIQUE (id, unit_path)
    )
    """,
    "CREATE INDEX member_unit_idx ON member (unit_path, id)",
    "CREATE INDEX member_home_idx ON member (home_path)",
    "CREATE INDEX member_organization_idx ON member (organization_id)",
    "CREATE INDEX member_pinyin_idx ON member USING gin (pinyin gin_trgm_ops)",
    "CREATE INDEX member_grams_idx ON member USING gin (grams)",
    "CALL keep_audit('member', 'name', 'employer', 'phone', 'address')",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
