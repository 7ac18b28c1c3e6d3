"""What is counted of matters is kept, what was escalated before a transfer told apart; and how departments close."""

from alembic import op

revision = "0072"
down_revision = "0071"

STATEMENTS = (
    *(f"ALTER TABLE deliberation_report ADD {name} integer" for name in ("proposed", "carried_out", "late")),
    # Of what is published already: as it is today, once.
    """
    UPDATE deliberation_report AS report SET
        proposed = (
            SELECT count(*) FROM matter
            WHERE starts_with(matter.unit_path, report.unit_path) AND matter.proposed_on BETWEEN first AND last
        ),
        carried_out = (
            SELECT count(*) FROM matter
            WHERE starts_with(matter.unit_path, report.unit_path) AND matter.carried_out_on BETWEEN first AND last
        ),
        late = (
            SELECT count(DISTINCT matter_id) FROM matter_move AS move
            WHERE starts_with(move.unit_path, report.unit_path)
                AND move.moved_on BETWEEN first AND last AND move.moved_on > move.due_on
        )
    FROM (
        SELECT id, first::date, (first + make_interval(months => months) - interval '1 day')::date AS last
        FROM deliberation_report,
            LATERAL (SELECT CASE kind WHEN 'QUARTER' THEN 3 WHEN 'HALF_YEAR' THEN 6 ELSE 12 END AS months) AS lasts,
            LATERAL (SELECT make_date(year, (number - 1) * months + 1, 1) AS first) AS begins
    ) AS period
    WHERE period.id = report.id
    """,
    """
    ALTER TABLE deliberation_report
        ALTER proposed SET NOT NULL, ALTER carried_out SET NOT NULL, ALTER late SET NOT NULL,
        ADD CONSTRAINT deliberation_report_counted_check CHECK (least(proposed, carried_out, late) >= 0)
    """,
    "ALTER TABLE deliberation_day ADD proposed integer",
    """
    UPDATE deliberation_day AS day SET proposed = (
        SELECT count(*) FROM matter
        WHERE starts_with(matter.unit_path, day.unit_path)
            AND extract(year FROM matter.proposed_on) = day.year AND extract(month FROM matter.proposed_on) = day.month
    )
    WHERE came IS NOT NULL
    """,
    """
    ALTER TABLE deliberation_day ADD CONSTRAINT deliberation_day_counted_check
        CHECK ((came IS NULL) = (proposed IS NULL) AND proposed >= 0)
    """,
    "ALTER TABLE whistle ADD of_former boolean NOT NULL DEFAULT false",
    """
    UPDATE whistle SET of_former = true
    WHERE was_town_on <= (
        SELECT max(taken_on) FROM whistle_step AS step WHERE step.whistle_id = whistle.id AND action = 'TRANSFERRED'
    )
    """,
    # A department is not closed while whistles run for it, nor before the last thing that was done about one.
    """
    CREATE OR REPLACE FUNCTION refuse_open_whistles() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        violated text;
    BEGIN
        IF EXISTS (SELECT FROM whistle WHERE department_id = NEW.id AND status <> 'CONFIRMED') THEN
            violated := 'department_whistle_check';
        ELSIF EXISTS (SELECT FROM whistle_step WHERE department_id = NEW.id AND taken_on > NEW.closed_on) THEN
            violated := 'department_whistle_day_check';
        END IF;
        IF violated IS NOT NULL THEN
            RAISE check_violation USING CONSTRAINT = violated, MESSAGE = 'whistles were for the department then';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    # Of what is decided from now on; what stands stays, and may follow its unit.
    """
    CREATE FUNCTION refuse_outvoted() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE check_violation USING CONSTRAINT = 'meeting_item_carried_check',
            MESSAGE = 'more voted against it than for it';
    END
    $$
    """,
    """
    CREATE TRIGGER meeting_item_carried
    BEFORE INSERT OR UPDATE OF decision, votes_for, votes_against ON meeting_item FOR EACH ROW
    WHEN (NEW.decision = 'AGREED' AND NEW.votes_against > NEW.votes_for) EXECUTE FUNCTION refuse_outvoted()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
