"""Who may do what to a row, looked up from the row: seats as a view, and the line of paths above a path."""

from alembic import op

revision = "0013"
down_revision = "0012"

STATEMENTS = (
    # "35/3505/" gives {35/,35/3505/}: the units at which a seat has to be to lie over it. A column of paths is then
    # compared with a few of them, by its index.
    """
    CREATE FUNCTION path_line(path text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT array_agg(left(path, place)) FROM generate_series(1, length(path)) AS place
            WHERE substr(path, place, 1) = '/')
    """,
    # Each arm is a single table without conditions: only then do those on the view reach that table's indexes.
    """
    CREATE VIEW seat AS
    SELECT id, account_id, role, unit_path, company_id, building_id, member_id, NULL::uuid AS oneself,
           since, until, revoked_at, granted_by, reason
    FROM role_grant
    UNION ALL
    SELECT id, id, 'everyone', NULL::text COLLATE "C", NULL::uuid, NULL::uuid, NULL::uuid, id,
           created_at, NULL::timestamptz, NULL::timestamptz, NULL::uuid, NULL::text
    FROM account
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
