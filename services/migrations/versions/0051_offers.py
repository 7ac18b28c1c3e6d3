"""What departments bring to centres."""

from alembic import op

revision = "0051"
down_revision = "0050"

STATEMENTS = (
    "CREATE TYPE department_offer_kind AS ENUM ('PROJECT', 'RESOURCE', 'OWN_VISIT')",
    "CREATE TYPE department_offer_status AS ENUM ('MATCHED', 'DELIVERED', 'DROPPED')",
    """
    CREATE TABLE department_offer (
        id uuid NOT NULL CONSTRAINT department_offer_pkey PRIMARY KEY,
        centre_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        department text NOT NULL,
        kind department_offer_kind NOT NULL,
        name text NOT NULL,
        status department_offer_status NOT NULL DEFAULT 'MATCHED',
        matched_on date NOT NULL,
        delivered_on date,
        drop_reason text,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT department_offer_centre_id_unit_path_fkey
            FOREIGN KEY (centre_id, unit_path) REFERENCES centre (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT department_offer_name_check CHECK (department <> '' AND name <> ''),
        CONSTRAINT department_offer_delivered_check CHECK (delivered_on >= matched_on),
        CONSTRAINT department_offer_status_check CHECK (
            (delivered_on IS NULL) = (status <> 'DELIVERED') AND (drop_reason IS NULL) = (status <> 'DROPPED'))
    )
    """,
    "CREATE INDEX department_offer_centre_idx ON department_offer (centre_id, matched_on)",
    "CREATE INDEX department_offer_unit_idx ON department_offer (unit_path, id)",
    # Free text, which may name someone.
    "CALL keep_audit('department_offer', 'drop_reason')",
    """
    CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON department_offer
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
