"""An award that was taken back says so, payments of a dropped project are put right both ways, and funds of one unit
have names of their own."""

from alembic import op

revision = "0076"
down_revision = "0075"

STATEMENTS = (
    # An enum's new value cannot be used where it was added: the type is made anew, without what depends on the column.
    "DROP TRIGGER final ON fund_award",
    "DROP TRIGGER fund_covered ON fund_award",
    "ALTER TABLE fund_award DROP CONSTRAINT fund_award_reviewed_check, DROP CONSTRAINT fund_award_reviewer_check",
    "ALTER TYPE fund_award_status RENAME TO fund_award_status_before",
    "CREATE TYPE fund_award_status AS ENUM ('PROPOSED', 'PAID', 'TAKEN_BACK', 'REFUSED')",
    """
    ALTER TABLE fund_award ALTER status DROP DEFAULT,
        ALTER status TYPE fund_award_status USING status::text::fund_award_status,
        ALTER status SET DEFAULT 'PROPOSED'
    """,
    "DROP TYPE fund_award_status_before",
    """
    ALTER TABLE fund_award
        ADD CONSTRAINT fund_award_reviewed_check CHECK (
            (reviewed_on IS NULL) = (status = 'PROPOSED') AND (answer IS NULL) = (status <> 'REFUSED')),
        ADD CONSTRAINT fund_award_reviewer_check
            CHECK (status NOT IN ('PAID', 'TAKEN_BACK') OR reviewed_by <> proposed_by)
    """,
    """
    CREATE CONSTRAINT TRIGGER fund_covered AFTER INSERT OR UPDATE OF fund_id, status, amount ON fund_award
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'PROPOSED') EXECUTE FUNCTION hold_fund()
    """,
    """
    CREATE TRIGGER final BEFORE UPDATE OF status ON fund_award FOR EACH ROW
    WHEN (OLD.status <> 'PROPOSED' AND NEW.status <> OLD.status
          AND NOT (OLD.status = 'PAID' AND NEW.status = 'TAKEN_BACK'))
    EXECUTE FUNCTION refuse_reopening_award()
    """,
    """
    CREATE FUNCTION award_taken_back(award uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT EXISTS (SELECT FROM fund_entry AS paid JOIN fund_entry AS back ON back.corrects_id = paid.id
                       WHERE paid.award_id = award)
    $$
    """,
    "UPDATE fund_award SET status = 'TAKEN_BACK' WHERE award_taken_back(id)",
    # What an award says of itself is what its entries come to, whoever writes either; asked once all of it is there.
    """
    CREATE FUNCTION hold_award() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        which uuid := CASE TG_TABLE_NAME WHEN 'fund_award' THEN to_jsonb(NEW) ->> 'id'
            ELSE (SELECT award_id::text FROM fund_entry WHERE id = (to_jsonb(NEW) ->> 'corrects_id')::uuid) END;
    BEGIN
        IF EXISTS (SELECT FROM fund_award
                   WHERE id = which AND (status = 'TAKEN_BACK') <> award_taken_back(id)) THEN
            RAISE check_violation USING CONSTRAINT = 'fund_award_taken_back_check',
                MESSAGE = 'an award is taken back by the entry that takes back what it paid';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE CONSTRAINT TRIGGER taken_back AFTER INSERT OR UPDATE OF status ON fund_award
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold_award()
    """,
    """
    CREATE CONSTRAINT TRIGGER taken_back AFTER INSERT ON fund_entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION hold_award()
    """,
    # What was paid for a project before it was dropped is put right like any other: no new payment, of more or of less.
    """
    CREATE OR REPLACE FUNCTION add_payment() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        paid project;
    BEGIN
        UPDATE project SET spent = spent + NEW.amount WHERE id = NEW.project_id RETURNING * INTO paid;
        IF paid.started_on IS NULL OR (paid.status = 'DROPPED' AND NEW.corrects_id IS NULL)
           OR NOT NEW.paid_on BETWEEN paid.started_on AND coalesce(paid.done_on, paid.dropped_on, NEW.paid_on) THEN
            RAISE check_violation USING CONSTRAINT = 'project_payment_run_check',
                MESSAGE = 'the project was not underway on that day';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    # Of open funds of one unit that had one name, all but the first are numbered.
    """
    UPDATE fund SET name = name || '（' || nth || '）', folded = folded || '(' || nth || ')'
    FROM (SELECT id AS of, row_number() OVER (PARTITION BY unit_path, folded ORDER BY begun_on, id) AS nth
          FROM fund WHERE closed_on IS NULL) AS numbered
    WHERE id = of AND nth > 1
    """,
    "CREATE UNIQUE INDEX fund_unit_path_folded_key ON fund (unit_path, folded) WHERE closed_on IS NULL",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
