"""Departments of a county, and grants seated at them."""

from alembic import op

revision = "0064"
down_revision = "0063"

STATEMENTS = (
    """
    CREATE TABLE department (
        id uuid NOT NULL CONSTRAINT department_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL
            CONSTRAINT department_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        name text NOT NULL CONSTRAINT department_name_check CHECK (name <> ''),
        folded text COLLATE "C" NOT NULL,
        sorting text COLLATE "C" NOT NULL GENERATED ALWAYS AS (numbers_padded(numerals_read(folded))) STORED,
        closed_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT department_id_unit_path_key UNIQUE (id, unit_path)
    )
    """,
    "CREATE UNIQUE INDEX department_unit_path_folded_key ON department (unit_path, folded) WHERE closed_on IS NULL",
    "CREATE INDEX department_unit_idx ON department (unit_path, id)",
    "CALL keep_audit('department', VARIADIC '{}')",
    """
    CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON department
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
    """,
    """
    ALTER TABLE role_grant
        ADD department_id uuid CONSTRAINT role_grant_department_id_fkey REFERENCES department (id),
        DROP CONSTRAINT role_grant_seat_check,
        ADD CONSTRAINT role_grant_seat_check
            CHECK (num_nonnulls(unit_path, company_id, building_id, member_id, department_id) = 1)
    """,
    "CREATE INDEX role_grant_department_idx ON role_grant (department_id)",
    # As in migration 0013, and departments.
    """
    CREATE OR REPLACE VIEW seat AS
    SELECT id, account_id, role, unit_path, company_id, building_id, member_id, NULL::uuid AS oneself,
           since, until, revoked_at, granted_by, reason, department_id
    FROM role_grant
    UNION ALL
    SELECT id, id, 'everyone', NULL::text COLLATE "C", NULL::uuid, NULL::uuid, NULL::uuid, id,
           created_at, NULL::timestamptz, NULL::timestamptz, NULL::uuid, NULL::text, NULL::uuid
    FROM account
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
