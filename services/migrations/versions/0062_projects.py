"""Projects for the public and neighbour projects: their phases, what is paid for them, what departments bring."""

from alembic import op

revision = "0062"
down_revision = "0061"


def _announcing(table: str) -> str:
    return f"""
        CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
    """


def _of_project(table: str) -> str:
    return f"""
        project_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        CONSTRAINT {table}_project_id_unit_path_fkey
            FOREIGN KEY (project_id, unit_path) REFERENCES project (id, unit_path) ON UPDATE CASCADE
    """


STATEMENTS = (
    "CREATE TYPE project_kind AS ENUM ('PUBLIC', 'NEIGHBOUR')",
    "CREATE TYPE project_status AS ENUM ('PLANNED', 'UNDERWAY', 'DONE', 'DROPPED')",
    "CREATE TYPE contribution_kind AS ENUM ('MONEY', 'IN_KIND')",
    """
    CREATE TABLE project (
        id uuid NOT NULL CONSTRAINT project_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL CONSTRAINT project_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        compound_id uuid CONSTRAINT project_compound_id_fkey REFERENCES compound (id),
        kind project_kind NOT NULL,
        name text NOT NULL,
        purpose text NOT NULL,
        proposed_by text,
        post_id uuid CONSTRAINT project_post_id_fkey REFERENCES post (id),
        proposed_on date NOT NULL,
        planned_on date NOT NULL,
        due_on date NOT NULL,
        started_on date,
        done_on date,
        dropped_on date,
        drop_reason text,
        status project_status NOT NULL DEFAULT 'PLANNED',
        budget numeric(14, 2) NOT NULL CONSTRAINT project_budget_check CHECK (budget > 0),
        spent numeric(14, 2) NOT NULL DEFAULT 0,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT project_id_unit_path_key UNIQUE (id, unit_path),
        CONSTRAINT project_name_check CHECK (name <> '' AND purpose <> '' AND proposed_by <> ''),
        CONSTRAINT project_by_check
            CHECK ((kind = 'PUBLIC') = (post_id IS NULL) AND (kind = 'PUBLIC') = (proposed_by IS NOT NULL)),
        CONSTRAINT project_due_check CHECK (due_on >= planned_on),
        CONSTRAINT project_done_check CHECK (done_on >= started_on),
        CONSTRAINT project_status_check CHECK (
            (done_on IS NOT NULL) = (status = 'DONE') AND num_nulls(dropped_on, drop_reason) <> 1
            AND (dropped_on IS NOT NULL) = (status = 'DROPPED')
            AND (status = 'DROPPED' OR (started_on IS NULL) = (status = 'PLANNED'))),
        CONSTRAINT project_spent_check CHECK (spent BETWEEN 0 AND budget)
    )
    """,
    "CREATE INDEX project_unit_idx ON project (unit_path, id)",
    "CREATE INDEX project_compound_idx ON project (compound_id)",
    "CREATE INDEX project_post_idx ON project (post_id)",
    f"""
    CREATE TABLE project_phase (
        id uuid NOT NULL CONSTRAINT project_phase_pkey PRIMARY KEY,
        name text NOT NULL CONSTRAINT project_phase_name_check CHECK (name <> ''),
        weight integer NOT NULL CONSTRAINT project_phase_weight_check CHECK (weight BETWEEN 1 AND 100),
        due_on date NOT NULL,
        done_on date,
        version integer NOT NULL DEFAULT 1,
        {_of_project("project_phase")},
        CONSTRAINT project_phase_project_id_name_key UNIQUE (project_id, name)
    )
    """,
    "CREATE INDEX project_phase_unit_idx ON project_phase (unit_path, id)",
    f"""
    CREATE TABLE project_payment (
        id uuid NOT NULL CONSTRAINT project_payment_pkey PRIMARY KEY,
        amount numeric(14, 2) NOT NULL CONSTRAINT project_payment_amount_check
            CHECK (amount > 0 OR (amount < 0 AND corrects_id IS NOT NULL)),
        purpose text NOT NULL CONSTRAINT project_payment_purpose_check CHECK (purpose <> ''),
        paid_on date NOT NULL,
        recorded_on date NOT NULL,
        corrects_id uuid,
        {_of_project("project_payment")},
        CONSTRAINT project_payment_id_project_id_key UNIQUE (id, project_id),
        CONSTRAINT project_payment_corrects_fkey FOREIGN KEY (corrects_id, project_id)
            REFERENCES project_payment (id, project_id)
    )
    """,
    "CREATE INDEX project_payment_project_idx ON project_payment (project_id, paid_on)",
    "CREATE INDEX project_payment_corrects_idx ON project_payment (corrects_id)",
    "CREATE INDEX project_payment_unit_idx ON project_payment (unit_path, paid_on)",
    f"""
    CREATE TABLE project_contribution (
        id uuid NOT NULL CONSTRAINT project_contribution_pkey PRIMARY KEY,
        department text NOT NULL,
        kind contribution_kind NOT NULL,
        text text NOT NULL,
        amount numeric(14, 2),
        promised_on date NOT NULL,
        delivered_on date,
        version integer NOT NULL DEFAULT 1,
        {_of_project("project_contribution")},
        CONSTRAINT project_contribution_text_check CHECK (department <> '' AND text <> ''),
        CONSTRAINT project_contribution_amount_check
            CHECK ((kind = 'MONEY') = (amount IS NOT NULL) AND amount > 0),
        CONSTRAINT project_contribution_delivered_check CHECK (delivered_on >= promised_on)
    )
    """,
    "CREATE INDEX project_contribution_project_idx ON project_contribution (project_id, promised_on)",
    "CREATE INDEX project_contribution_unit_idx ON project_contribution (unit_path, id)",
    # Free text, which may name someone.
    "CALL keep_audit('project', 'purpose', 'drop_reason')",
    "CALL keep_audit('project_phase', VARIADIC '{}')",
    "CALL keep_audit('project_payment', 'purpose')",
    "CALL keep_audit('project_contribution', 'text')",
    *map(_announcing, ("project", "project_phase", "project_payment", "project_contribution")),
    # Asked once all of a transaction is there: phases are planned one after the other.
    """
    CREATE FUNCTION check_weights() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        which uuid := CASE TG_TABLE_NAME WHEN 'project' THEN to_jsonb(NEW) ->> 'id'
            ELSE to_jsonb(coalesce(NEW, OLD)) ->> 'project_id' END;
    BEGIN
        IF EXISTS (SELECT FROM project WHERE id = which AND started_on IS NOT NULL)
           AND (SELECT coalesce(sum(weight), 0) FROM project_phase WHERE project_id = which) <> 100 THEN
            RAISE check_violation USING CONSTRAINT = 'project_phase_weights_check',
                MESSAGE = 'the phases of a project that has started come to 100';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE CONSTRAINT TRIGGER project_weights AFTER INSERT OR UPDATE OF started_on ON project
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.started_on IS NOT NULL) EXECUTE FUNCTION check_weights()
    """,
    """
    CREATE CONSTRAINT TRIGGER project_phase_weights AFTER INSERT OR DELETE OR UPDATE OF weight, project_id
    ON project_phase DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_weights()
    """,
    # A ledger only grows. Where a payment lies follows its project, by the foreign key, and a name that should not be
    # there is taken out of its purpose; nothing else of it ever changes.
    """
    CREATE FUNCTION refuse_repaying() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE'
           AND to_jsonb(OLD) - '{unit_path,purpose}'::text[] = to_jsonb(NEW) - '{unit_path,purpose}'::text[] THEN
            RETURN NEW;
        END IF;
        RAISE insufficient_privilege USING MESSAGE = 'a payment is neither changed nor removed';
    END
    $$
    """,
    """
    CREATE TRIGGER refuse_repaying BEFORE UPDATE OR DELETE ON project_payment
    FOR EACH ROW EXECUTE FUNCTION refuse_repaying()
    """,
    # The project's row is locked by this, so that of two payments at once the second one counts the first.
    """
    CREATE FUNCTION add_payment() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        paid project;
    BEGIN
        UPDATE project SET spent = spent + NEW.amount WHERE id = NEW.project_id RETURNING * INTO paid;
        IF paid.started_on IS NULL OR (paid.status = 'DROPPED' AND NEW.amount > 0)
           OR NOT NEW.paid_on BETWEEN paid.started_on AND coalesce(paid.done_on, paid.dropped_on, NEW.paid_on) THEN
            RAISE check_violation USING CONSTRAINT = 'project_payment_run_check',
                MESSAGE = 'the project was not underway on that day';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER add_payment AFTER INSERT ON project_payment
    FOR EACH ROW EXECUTE FUNCTION add_payment()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
