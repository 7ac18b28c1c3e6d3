"""Numbers of needs know which others they are part of, and surveys where they were asked, wherever units lie by now."""

from alembic import op

revision = "0073"
down_revision = "0072"

# Numbers that were told before are taken for part of those above them as they lie now. Where their surveys had codes is
# not known any more: everywhere, as was assumed until now.
STATEMENTS = (
    "ALTER TABLE need_count ADD COLUMN counted_in uuid[]",
    """
    UPDATE need_count part SET counted_in = ARRAY(
        SELECT whole.id FROM need_count whole
        WHERE whole.survey_id = part.survey_id AND whole.choice_id = part.choice_id
            AND whole.part IS NOT DISTINCT FROM part.part
            AND whole.unit_path <> part.unit_path AND starts_with(part.unit_path, whole.unit_path)
    )
    """,
    "ALTER TABLE need_count ALTER COLUMN counted_in SET NOT NULL, DROP COLUMN top",
    """
    INSERT INTO survey_box (id, survey_id, unit_path)
    SELECT gen_random_uuid(), survey.id, unit.path FROM need_survey survey
    JOIN org_unit unit ON starts_with(unit.path, survey.unit_path)
    WHERE survey.counted_on IS NOT NULL AND unit.level <= 'COMMUNITY'
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
