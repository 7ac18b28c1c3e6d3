"""A transfer keeps since when a whistle was escalated by the limits of the department it is taken from; and what was
late in a report's period is also what nobody moved on."""

from alembic import op

revision = "0080"
down_revision = "0079"

STATEMENTS = (
    "ALTER TABLE whistle_step ADD former_town_on date",
    # Of what was transferred already: the town's concern began the day after a limit that a step of that department
    # missed; or, with a limit no step ended, as the whistle kept it, where that day was the department's.
    """
    UPDATE whistle_step AS step SET former_town_on = found.since
    FROM (
        SELECT taken.id, least(
            (
                SELECT min(due_on) + 1 FROM whistle_step AS late
                WHERE late.whistle_id = taken.whistle_id AND late.number > taken.began
                    AND late.number <= taken.number AND late.taken_on > late.due_on
            ),
            CASE WHEN of.was_town_on > taken.began_on AND of.was_town_on <= taken.taken_on THEN of.was_town_on END
        ) AS since
        FROM (
            SELECT id, whistle_id, action, number, taken_on,
                   lag(number) OVER turns AS began, lag(taken_on) OVER turns AS began_on
            FROM whistle_step WHERE action IN ('BLOWN', 'TRANSFERRED')
            WINDOW turns AS (PARTITION BY whistle_id ORDER BY number)
        ) AS taken
        JOIN whistle AS of ON of.id = taken.whistle_id
        WHERE taken.action = 'TRANSFERRED'
    ) AS found
    WHERE found.id = step.id AND found.since IS NOT NULL
    """,
    """
    ALTER TABLE whistle_step ADD CONSTRAINT whistle_step_former_check
        CHECK (former_town_on IS NULL OR action = 'TRANSFERRED' AND former_town_on <= taken_on)
    """,
    # Counted once more, as from now on, where the matters are still as many as were counted: what a merger or a move
    # made of them since is not what was published.
    """
    UPDATE deliberation_report AS report SET
        late = (
            SELECT count(*) FROM (
                SELECT matter_id FROM matter_move AS move
                WHERE starts_with(move.unit_path, report.unit_path)
                    AND move.moved_on > move.due_on AND move.moved_on >= first AND move.due_on < last
                UNION
                SELECT id FROM matter WHERE starts_with(matter.unit_path, report.unit_path) AND matter.due_on < last
            ) AS late
        )
    FROM (
        SELECT id, first::date, (first + make_interval(months => months) - interval '1 day')::date AS last
        FROM deliberation_report,
            LATERAL (SELECT CASE kind WHEN 'QUARTER' THEN 3 WHEN 'HALF_YEAR' THEN 6 ELSE 12 END AS months) AS lasts,
            LATERAL (SELECT make_date(year, (number - 1) * months + 1, 1) AS first) AS begins
    ) AS period
    WHERE period.id = report.id AND report.proposed = (
        SELECT count(*) FROM matter
        WHERE starts_with(matter.unit_path, report.unit_path) AND matter.proposed_on BETWEEN first AND last
    )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
