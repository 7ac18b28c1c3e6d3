"""What is a member's goes with them as they go to serve elsewhere: what they earned, and what they pledged.

What they did where they served ends, and is given back where the move never was. Points are claimed by the hour.
"""

from alembic import op

revision = "0059"
down_revision = "0058"

STATEMENTS = (
    # Of each member by an index: with a join of all entries, one member's would cost as much as the county's.
    """
    CREATE VIEW member_quarter AS
    SELECT earned.id, member.id AS member_id, member.unit_path, earned.year, earned.quarter, earned.points,
           earned.fulfilled_on
    FROM member, LATERAL (
        SELECT (array_agg(entry.id ORDER BY entry.id))[1] AS id,
               extract(year FROM entry.earned_on)::integer AS year,
               extract(quarter FROM entry.earned_on)::integer AS quarter,
               sum(entry.points)::integer AS points,
               min(entry.earned_on) FILTER (WHERE entry.corrects_id IS NULL AND entry.points + coalesce(
                   (SELECT sum(other.points) FROM point_entry AS other WHERE other.corrects_id = entry.id), 0) > 0
               ) AS fulfilled_on
        FROM point_entry AS entry
        WHERE entry.member_id = member.id
        GROUP BY extract(year FROM entry.earned_on)::integer, extract(quarter FROM entry.earned_on)::integer
    ) AS earned
    """,
    *(
        statement
        for table in ("household_contact", "duty_term", "help_team_member")
        for statement in (
            f"""
            ALTER TABLE {table} ADD moved_id uuid CONSTRAINT {table}_moved_id_fkey
                REFERENCES grid_term (id) ON DELETE SET NULL, ADD before_move date
            """,
            f"CREATE INDEX {table}_move_idx ON {table} (moved_id)",
        )
    ),
    """
    ALTER TABLE grid_term ADD came_from_id uuid CONSTRAINT grid_term_came_from_id_fkey
        REFERENCES org_unit (id) ON DELETE SET NULL
    """,
    "CREATE INDEX grid_term_came_from_idx ON grid_term (came_from_id)",
    # What is given back lasts no longer than what it is in: until now none of these was ever prolonged.
    *(
        f"""
        CREATE TRIGGER {table}_{within} AFTER UPDATE OF until ON {table} FOR EACH ROW
        WHEN (OLD.until IS NOT NULL AND coalesce(NEW.until > OLD.until, true))
        EXECUTE FUNCTION refuse_outlasting('{within}', '{column}', '{last}')
        """
        for table, within, column, last in (
            ("household_contact", "household", "household_id", "closed_on"),
            ("household_contact", "member", "member_id", "left_on"),
            ("help_team_member", "help_team", "team_id", "closed_on"),
        )
    ),
    # How often, by the unit of the rule, as for how many hours.
    """
    ALTER TABLE point_claim ADD times integer NOT NULL DEFAULT 1
        CONSTRAINT point_claim_times_check CHECK (times BETWEEN 1 AND 24)
    """,
    # What nobody could assess any more.
    """
    UPDATE pledge SET unit_path = member.unit_path, version = pledge.version + 1
    FROM member
    WHERE member.id = pledge.member_id AND member.unit_path <> pledge.unit_path
      AND (pledge.status = 'MADE' OR pledge.year = extract(year FROM current_date))
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
