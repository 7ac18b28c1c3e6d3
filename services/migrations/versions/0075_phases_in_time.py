"""Phases of a project lie within its time: one that is due before its phases would be overdue and ahead at once.

What was corrected before may contradict itself still: it is looked at when its days are changed again.
"""

from alembic import op

revision = "0075"
down_revision = "0074"

STATEMENTS = (
    # Asked once all of a transaction is there, of the project as a whole.
    """
    CREATE FUNCTION check_phases_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        which uuid := CASE TG_TABLE_NAME WHEN 'project' THEN to_jsonb(NEW) ->> 'id'
            ELSE to_jsonb(NEW) ->> 'project_id' END;
    BEGIN
        PERFORM FROM project WHERE id = which FOR NO KEY UPDATE;  -- of two at once, the second sees the first
        IF EXISTS (SELECT FROM project JOIN project_phase AS phase ON phase.project_id = project.id
                   WHERE project.id = which AND phase.due_on NOT BETWEEN project.planned_on AND project.due_on) THEN
            RAISE check_violation USING CONSTRAINT = 'project_phase_due_check',
                MESSAGE = 'the phases of a project are due within its time';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE CONSTRAINT TRIGGER project_in_time AFTER UPDATE OF planned_on, due_on ON project
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_phases_in_time()
    """,
    """
    CREATE CONSTRAINT TRIGGER project_phase_in_time AFTER INSERT OR UPDATE OF due_on, project_id ON project_phase
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_phases_in_time()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
