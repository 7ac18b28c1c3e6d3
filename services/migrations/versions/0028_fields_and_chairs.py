"""The field a party organization works in; what rotating chairs plan, and how town and community evaluate them."""

from alembic import op

revision = "0028"
down_revision = "0027"

STATEMENTS = (
    """
    CREATE TYPE party_field AS ENUM
        ('RURAL', 'COMMUNITY', 'GRID', 'COMPOUND', 'STREET', 'BUILDING', 'ENTERPRISE', 'SOCIAL', 'OFFICE')
    """,
    "ALTER TABLE party_organization ADD COLUMN field party_field",
    # So that a theme's foreign key can carry organization and path along.
    "ALTER TABLE post ADD CONSTRAINT post_id_organization_id_unit_path_key UNIQUE (id, organization_id, unit_path)",
    "CREATE TYPE chair_theme_status AS ENUM ('PLANNED', 'HELD', 'DROPPED')",
    """
    CREATE TABLE chair_theme (
        id uuid NOT NULL CONSTRAINT chair_theme_pkey PRIMARY KEY,
        post_id uuid NOT NULL,
        organization_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        title text NOT NULL CONSTRAINT chair_theme_title_check CHECK (title <> ''),
        planned_on date NOT NULL,
        status chair_theme_status NOT NULL DEFAULT 'PLANNED',
        outcome text,
        held_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT chair_theme_post_id_organization_id_unit_path_fkey
            FOREIGN KEY (post_id, organization_id, unit_path) REFERENCES post (id, organization_id, unit_path)
            ON UPDATE CASCADE,
        CONSTRAINT chair_theme_said_check
            CHECK ((outcome IS NULL) = (status = 'PLANNED') AND (held_on IS NULL) = (status <> 'HELD'))
    )
    """,
    "CREATE INDEX chair_theme_post_idx ON chair_theme (post_id, planned_on)",
    "CREATE INDEX chair_theme_organization_idx ON chair_theme (organization_id, planned_on)",
    "CREATE INDEX chair_theme_unit_idx ON chair_theme (unit_path, id)",
    # Free text, which may name someone.
    "CALL keep_audit('chair_theme', 'title', 'outcome')",
    """
    CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON chair_theme
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
    """,
    # A theme lies within the term, unless it was dropped. The commands about themes see to that and hold the post's
    # row; commands about posts know of no themes.
    """
    CREATE FUNCTION refuse_leaving_themes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM chair_theme WHERE post_id = NEW.id AND status <> 'DROPPED'
                   AND (coalesce(held_on, planned_on) < NEW.since
                        OR coalesce(held_on, planned_on) > coalesce(NEW.until, 'infinity'))) THEN
            RAISE check_violation USING CONSTRAINT = 'post_chair_theme_check',
                MESSAGE = 'a theme would lie outside the term';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER post_chair_theme AFTER UPDATE OF since, until ON post FOR EACH ROW
    WHEN (NEW.kind = 'ROTATING_CHAIR' AND (NEW.since, NEW.until) IS DISTINCT FROM (OLD.since, OLD.until))
    EXECUTE FUNCTION refuse_leaving_themes()
    """,
    "CREATE TYPE chair_evaluation_side AS ENUM ('TOWN', 'COMMUNITY')",
    """
    CREATE TABLE chair_evaluation (
        id uuid NOT NULL CONSTRAINT chair_evaluation_pkey PRIMARY KEY,
        organization_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        year integer NOT NULL CONSTRAINT chair_evaluation_year_check CHECK (year BETWEEN 2000 AND 2100),
        side chair_evaluation_side NOT NULL,
        grade assessment_grade NOT NULL,
        remark text,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT chair_evaluation_organization_id_unit_path_fkey
            FOREIGN KEY (organization_id, unit_path) REFERENCES party_organization (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT chair_evaluation_organization_id_year_side_key UNIQUE (organization_id, year, side)
    )
    """,
    "CREATE INDEX chair_evaluation_unit_idx ON chair_evaluation (unit_path, id)",
    "CALL keep_audit('chair_evaluation', 'remark')",
    """
    CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON chair_evaluation
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
