"""Neighbour funds: what came in, what is proposed, and the ledger, which never comes to less than nothing."""

from alembic import op

revision = "0063"
down_revision = "0062"


def _announcing(table: str) -> str:
    return f"""
        CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
    """


STATEMENTS = (
    """
    CREATE TABLE fund (
        id uuid NOT NULL CONSTRAINT fund_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL CONSTRAINT fund_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        compound_id uuid,
        name text NOT NULL CONSTRAINT fund_name_check CHECK (name <> ''),
        folded text COLLATE "C" NOT NULL,
        begun_on date NOT NULL,
        closed_year integer,
        closed_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT fund_compound_id_unit_path_fkey FOREIGN KEY (compound_id, unit_path)
            REFERENCES compound (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT fund_closed_check CHECK (closed_on >= begun_on),
        CONSTRAINT fund_id_unit_path_key UNIQUE (id, unit_path)
    )
    """,
    "CREATE UNIQUE INDEX fund_compound_key ON fund (compound_id) WHERE closed_on IS NULL",
    "CREATE INDEX fund_unit_idx ON fund (unit_path, id)",
    "CALL keep_audit('fund', VARIADIC '{}')",
    _announcing("fund"),
    "CREATE TYPE fund_entry_kind AS ENUM ('MEMBERS', 'RESIDENTS', 'UNITS', 'SCHOLARSHIP', 'AID')",
    "CREATE TYPE fund_award_status AS ENUM ('PROPOSED', 'PAID', 'REFUSED')",
    """
    CREATE TABLE fund_award (
        id uuid NOT NULL CONSTRAINT fund_award_pkey PRIMARY KEY,
        fund_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        kind fund_entry_kind NOT NULL CONSTRAINT fund_award_kind_check CHECK (kind IN ('SCHOLARSHIP', 'AID')),
        amount numeric(14, 2) NOT NULL CONSTRAINT fund_award_amount_check
            CHECK (amount > 0 AND amount <= 99999999.99 AND amount * 100 >= persons),
        persons integer NOT NULL CONSTRAINT fund_award_persons_check CHECK (persons BETWEEN 1 AND 10000),
        purpose text NOT NULL CONSTRAINT fund_award_purpose_check CHECK (purpose <> ''),
        status fund_award_status NOT NULL DEFAULT 'PROPOSED',
        proposed_on date NOT NULL,
        proposed_by uuid CONSTRAINT fund_award_proposed_by_fkey REFERENCES account (id),
        reviewed_on date,
        reviewed_by uuid CONSTRAINT fund_award_reviewed_by_fkey REFERENCES account (id),
        answer text,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT fund_award_fund_id_unit_path_fkey FOREIGN KEY (fund_id, unit_path)
            REFERENCES fund (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT fund_award_reviewed_check CHECK (
            (reviewed_on IS NULL) = (status = 'PROPOSED') AND (answer IS NULL) = (status <> 'REFUSED')),
        CONSTRAINT fund_award_reviewer_check CHECK (status <> 'PAID' OR reviewed_by <> proposed_by),
        CONSTRAINT fund_award_paid_key UNIQUE (id, fund_id, kind, amount, persons)
    )
    """,
    "CREATE INDEX fund_award_fund_idx ON fund_award (fund_id, status)",
    "CREATE INDEX fund_award_unit_idx ON fund_award (unit_path, id)",
    # Free text, which may name someone.
    "CALL keep_audit('fund_award', 'purpose', 'answer')",
    _announcing("fund_award"),
    """
    CREATE TABLE fund_entry (
        id uuid NOT NULL CONSTRAINT fund_entry_pkey PRIMARY KEY,
        fund_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        kind fund_entry_kind NOT NULL,
        amount numeric(14, 2) NOT NULL CONSTRAINT fund_entry_amount_check
            CHECK (amount <> 0 AND abs(amount) <= 99999999.99 AND (amount > 0) = (corrects_id IS NULL)),
        booked_on date NOT NULL,
        persons integer,
        donor text,
        purpose text,
        award_id uuid CONSTRAINT fund_entry_award_id_key UNIQUE,
        corrects_id uuid CONSTRAINT fund_entry_corrects_id_key UNIQUE,
        entered_by uuid CONSTRAINT fund_entry_entered_by_fkey REFERENCES account (id),
        approved_by uuid CONSTRAINT fund_entry_approved_by_fkey REFERENCES account (id),
        CONSTRAINT fund_entry_id_fund_id_kind_key UNIQUE (id, fund_id, kind),
        CONSTRAINT fund_entry_fund_id_unit_path_fkey FOREIGN KEY (fund_id, unit_path)
            REFERENCES fund (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT fund_entry_award_fkey FOREIGN KEY (award_id, fund_id, kind, amount, persons)
            REFERENCES fund_award (id, fund_id, kind, amount, persons),
        CONSTRAINT fund_entry_corrects_fkey FOREIGN KEY (corrects_id, fund_id, kind)
            REFERENCES fund_entry (id, fund_id, kind),
        CONSTRAINT fund_entry_persons_check CHECK ((kind IN ('SCHOLARSHIP', 'AID')) = (persons IS NOT NULL)
            AND (persons IS NULL OR sign(persons) = sign(amount))),
        CONSTRAINT fund_entry_award_check
            CHECK ((kind IN ('SCHOLARSHIP', 'AID') AND corrects_id IS NULL) = (award_id IS NOT NULL)),
        CONSTRAINT fund_entry_donor_check CHECK (donor IS NULL OR donor <> '' AND kind = 'UNITS')
    )
    """,
    "CREATE INDEX fund_entry_fund_idx ON fund_entry (fund_id, booked_on)",
    "CREATE INDEX fund_entry_unit_idx ON fund_entry (unit_path, booked_on)",
    "CALL keep_audit('fund_entry', 'donor', 'purpose')",
    _announcing("fund_entry"),
    # A ledger only grows. Where an entry lies follows its fund, by the foreign key; nothing else of it ever changes.
    """
    CREATE FUNCTION refuse_rewriting_fund() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - 'unit_path' = to_jsonb(NEW) - 'unit_path' THEN
            RETURN NEW;
        END IF;
        RAISE insufficient_privilege USING MESSAGE = 'an entry of a fund is neither changed nor removed';
    END
    $$
    """,
    """
    CREATE TRIGGER refuse_rewriting BEFORE UPDATE OR DELETE ON fund_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_fund()
    """,
    # The row is locked first, and the sums are taken by a statement after that: whoever waited counts what came before.
    """
    CREATE FUNCTION fund_left(fund uuid) RETURNS numeric LANGUAGE sql VOLATILE AS $$
        SELECT coalesce((
            SELECT sum(CASE WHEN kind IN ('SCHOLARSHIP', 'AID') THEN -amount ELSE amount END)
            FROM fund_entry WHERE fund_id = fund
        ), 0) - coalesce((SELECT sum(amount) FROM fund_award WHERE fund_id = fund AND status = 'PROPOSED'), 0)
    $$
    """,
    """
    CREATE FUNCTION hold_fund() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        held fund;
    BEGIN
        SELECT * INTO held FROM fund WHERE id = NEW.fund_id FOR NO KEY UPDATE;
        IF held.closed_on IS NOT NULL THEN
            RAISE check_violation USING CONSTRAINT = 'fund_open_check', MESSAGE = 'the fund is closed';
        ELSIF fund_left(NEW.fund_id) < 0 THEN
            RAISE check_violation USING CONSTRAINT = 'fund_covered_check', MESSAGE = 'more would go out than came in';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    # At the end, by when whatever is entered together is there.
    """
    CREATE CONSTRAINT TRIGGER fund_covered AFTER INSERT ON fund_entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION hold_fund()
    """,
    """
    CREATE CONSTRAINT TRIGGER fund_covered AFTER INSERT OR UPDATE OF fund_id, status, amount ON fund_award
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'PROPOSED') EXECUTE FUNCTION hold_fund()
    """,
    """
    CREATE FUNCTION refuse_misentry() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        held fund;
        said text;
    BEGIN
        SELECT * INTO held FROM fund WHERE id = NEW.fund_id FOR NO KEY UPDATE;
        IF extract(year FROM NEW.booked_on) <= held.closed_year THEN
            said := 'fund_year_open_check';
        ELSIF NEW.booked_on < held.begun_on THEN
            said := 'fund_entry_begun_check';
        ELSIF NEW.award_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM fund_award WHERE id = NEW.award_id AND status = 'PAID'
        ) THEN
            said := 'fund_entry_paid_check';
        ELSIF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM fund_entry WHERE id = NEW.corrects_id AND corrects_id IS NULL AND amount = -NEW.amount
                AND persons IS NOT DISTINCT FROM -NEW.persons
        ) THEN
            said := 'fund_entry_corrects_check';
        END IF;
        IF said IS NOT NULL THEN
            RAISE check_violation USING CONSTRAINT = said, MESSAGE = 'this cannot be entered into the fund';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    "CREATE TRIGGER fund_entry_fits AFTER INSERT ON fund_entry FOR EACH ROW EXECUTE FUNCTION refuse_misentry()",
    """
    CREATE FUNCTION refuse_reopening_award() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE check_violation USING CONSTRAINT = 'fund_award_final_check', MESSAGE = 'it was paid or refused';
    END
    $$
    """,
    """
    CREATE TRIGGER final BEFORE UPDATE OF status ON fund_award FOR EACH ROW
    WHEN (OLD.status <> 'PROPOSED' AND NEW.status <> OLD.status) EXECUTE FUNCTION refuse_reopening_award()
    """,
    """
    CREATE FUNCTION refuse_closing_fund() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.closed_on IS NULL AND NEW.closed_on IS NOT NULL AND (fund_left(NEW.id) <> 0 OR EXISTS (
            SELECT FROM fund_award WHERE fund_id = NEW.id AND status = 'PROPOSED'
        )) THEN
            RAISE check_violation USING CONSTRAINT = 'fund_empty_check', MESSAGE = 'there is money in the fund';
        ELSIF coalesce(NEW.closed_year < OLD.closed_year, OLD.closed_year IS NOT NULL AND NEW.closed_year IS NULL) THEN
            RAISE check_violation USING CONSTRAINT = 'fund_year_open_check', MESSAGE = 'a closed year stays closed';
        END IF;
        RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER closing BEFORE UPDATE OF closed_on, closed_year ON fund
    FOR EACH ROW EXECUTE FUNCTION refuse_closing_fund()
    """,
    """
    CREATE VIEW fund_year AS
    SELECT id, fund_id, unit_path, year, members, residents, units, scholarship, aid, persons,
           (sum(members + residents + units - scholarship - aid)
            OVER (PARTITION BY fund_id ORDER BY year))::numeric(14, 2) AS balance
    FROM (
        SELECT (array_agg(id ORDER BY id))[1] AS id, fund_id, unit_path,
               extract(year FROM booked_on)::integer AS year,
               coalesce(sum(amount) FILTER (WHERE kind = 'MEMBERS'), 0)::numeric(14, 2) AS members,
               coalesce(sum(amount) FILTER (WHERE kind = 'RESIDENTS'), 0)::numeric(14, 2) AS residents,
               coalesce(sum(amount) FILTER (WHERE kind = 'UNITS'), 0)::numeric(14, 2) AS units,
               coalesce(sum(amount) FILTER (WHERE kind = 'SCHOLARSHIP'), 0)::numeric(14, 2) AS scholarship,
               coalesce(sum(amount) FILTER (WHERE kind = 'AID'), 0)::numeric(14, 2) AS aid,
               coalesce(sum(persons), 0)::integer AS persons
        FROM fund_entry
        GROUP BY fund_id, unit_path, extract(year FROM booked_on)::integer
    ) AS of_year
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
