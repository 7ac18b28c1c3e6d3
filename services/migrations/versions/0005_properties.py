"""Property companies, compounds, buildings, contracts, owners' committees, coverage, assessments."""

from alembic import op

revision = "0005"
down_revision = "0004"

COMPOUND = """
        compound_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        CONSTRAINT {table}_compound_id_unit_path_fkey
            FOREIGN KEY (compound_id, unit_path) REFERENCES compound (id, unit_path) ON UPDATE CASCADE,"""
TERM = """
        since date NOT NULL,
        until date,
        CONSTRAINT {table}_term_check CHECK (until >= since),
        CONSTRAINT {table}_excl EXCLUDE USING gist (compound_id WITH =, daterange(since, until, '[]') WITH &&),"""

STATEMENTS = (
    # Unified social credit code, GB 32100-2015: 17 characters and a check character, weights 3^n modulo 31.
    """
    CREATE FUNCTION is_credit_code(code text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT AS $$
    DECLARE
        alphabet constant text := '0123456789ABCDEFGHJKLMNPQRTUWXY';
        weight integer := 1;
        total integer := 0;
    BEGIN
        IF code !~ '^[0-9A-HJ-NP-RTUWXY]{18}$' THEN
            RETURN false;
        END IF;
        FOR place IN 1..17 LOOP
            total := total + weight * (position(substr(code, place, 1) IN alphabet) - 1);
            weight := weight * 3 % 31;
        END LOOP;
        RETURN substr(alphabet, (31 - total % 31) % 31 + 1, 1) = substr(code, 18, 1);
    END
    $$
    """,
    "CREATE TYPE assessment_grade AS ENUM ('A', 'B', 'C', 'D')",
    "CREATE TYPE assessment_supervision AS ENUM ('LIGHT', 'REGULAR', 'CLOSE')",
    """
    CREATE TABLE property_company (
        id uuid NOT NULL CONSTRAINT property_company_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL
            CONSTRAINT property_company_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        name text NOT NULL CONSTRAINT property_company_name_check CHECK (name <> ''),
        pinyin text COLLATE "C" NOT NULL,
        grams text[] COLLATE "C" NOT NULL,
        credit_code text COLLATE "C" NOT NULL
            CONSTRAINT property_company_credit_code_check CHECK (is_credit_code(credit_code)),
        organization_id uuid
            CONSTRAINT property_company_organization_id_key UNIQUE
            CONSTRAINT property_company_organization_id_fkey REFERENCES party_organization (id),
        party_in_articles boolean NOT NULL DEFAULT false,
        covenant_on date,
        in_association boolean NOT NULL DEFAULT false,
        recruitment_quota integer NOT NULL DEFAULT 0
            CONSTRAINT property_company_recruitment_quota_check CHECK (recruitment_quota >= 0),
        closed_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT property_company_unit_path_credit_code_key UNIQUE (unit_path, credit_code),
        CONSTRAINT property_company_id_unit_path_key UNIQUE (id, unit_path)
    )
    """,
    "CREATE INDEX property_company_pinyin_idx ON property_company USING gin (pinyin gin_trgm_ops)",
    "CREATE INDEX property_company_grams_idx ON property_company USING gin (grams)",
    "CALL keep_audit('property_company', VARIADIC '{}')",
    """
    CREATE TABLE compound (
        id uuid NOT NULL CONSTRAINT compound_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL
            CONSTRAINT compound_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        name text NOT NULL CONSTRAINT compound_name_check CHECK (name <> ''),
        pinyin text COLLATE "C" NOT NULL,
        grams text[] COLLATE "C" NOT NULL,
        address text,
        households integer NOT NULL DEFAULT 0,
        residents integer NOT NULL DEFAULT 0,
        party_members integer NOT NULL DEFAULT 0,
        surveyed_on date,
        closed_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT compound_numbers_check CHECK (least(households, residents, party_members) >= 0),
        CONSTRAINT compound_id_unit_path_key UNIQUE (id, unit_path)
    )
    """,
    "CREATE INDEX compound_unit_idx ON compound (unit_path, id)",
    "CREATE INDEX compound_pinyin_idx ON compound USING gin (pinyin gin_trgm_ops)",
    "CREATE INDEX compound_grams_idx ON compound USING gin (grams)",
    "CALL keep_audit('compound', VARIADIC '{}')",
    f"""
    CREATE TABLE building (
        id uuid NOT NULL CONSTRAINT building_pkey PRIMARY KEY,{COMPOUND.format(table="building")}
        name text NOT NULL CONSTRAINT building_name_check CHECK (name <> ''),
        households integer NOT NULL DEFAULT 0,
        storeys integer,
        closed_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT building_numbers_check CHECK (households >= 0 AND coalesce(storeys, 1) BETWEEN 1 AND 200),
        CONSTRAINT building_compound_id_name_key UNIQUE (compound_id, name),
        CONSTRAINT building_id_unit_path_key UNIQUE (id, unit_path)
    )
    """,
    "CREATE INDEX building_unit_idx ON building (unit_path, id)",
    "CALL keep_audit('building', VARIADIC '{}')",
    f"""
    CREATE TABLE management_contract (
        id uuid NOT NULL CONSTRAINT management_contract_pkey PRIMARY KEY,
        {COMPOUND.format(table="management_contract")}
        company_id uuid NOT NULL
            CONSTRAINT management_contract_company_id_fkey REFERENCES property_company (id),
        {TERM.format(table="management_contract")}
        version integer NOT NULL DEFAULT 1
    )
    """,
    "CREATE INDEX management_contract_compound_idx ON management_contract (compound_id, since)",
    "CREATE INDEX management_contract_company_idx ON management_contract (company_id, since)",
    "CREATE INDEX management_contract_unit_idx ON management_contract (unit_path, id)",
    "CALL keep_audit('management_contract', VARIADIC '{}')",
    f"""
    CREATE TABLE owners_committee (
        id uuid NOT NULL CONSTRAINT owners_committee_pkey PRIMARY KEY,
        {COMPOUND.format(table="owners_committee")}
        name text NOT NULL CONSTRAINT owners_committee_name_check CHECK (name <> ''),
        {TERM.format(table="owners_committee")}
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT owners_committee_id_unit_path_key UNIQUE (id, unit_path)
    )
    """,
    "CREATE INDEX owners_committee_compound_idx ON owners_committee (compound_id, since)",
    "CREATE INDEX owners_committee_unit_idx ON owners_committee (unit_path, id)",
    "CALL keep_audit('owners_committee', VARIADIC '{}')",
    f"""
    CREATE TABLE branch_coverage (
        id uuid NOT NULL CONSTRAINT branch_coverage_pkey PRIMARY KEY,
        {COMPOUND.format(table="branch_coverage")}
        organization_id uuid NOT NULL,
        organization_path text COLLATE "C" NOT NULL,
        CONSTRAINT branch_coverage_organization_id_organization_path_fkey
            FOREIGN KEY (organization_id, organization_path) REFERENCES party_organization (id, unit_path)
            ON UPDATE CASCADE,
        {TERM.format(table="branch_coverage")}
        version integer NOT NULL DEFAULT 1
    )
    """,
    "CREATE INDEX branch_coverage_compound_idx ON branch_coverage (compound_id, since)",
    "CREATE INDEX branch_coverage_organization_idx ON branch_coverage (organization_id, since)",
    "CREATE INDEX branch_coverage_unit_idx ON branch_coverage (unit_path, id)",
    "CREATE INDEX branch_coverage_reach_idx ON branch_coverage (organization_path, organization_id)",
    "CALL keep_audit('branch_coverage', VARIADIC '{}')",
    # A branch reaches what lies at or below its own unit. Deferred, because a move changes the two paths one by one;
    # the row is read again, because it may have changed since. Coverage that is over is history and stays.
    """
    CREATE FUNCTION check_coverage() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM branch_coverage
                   WHERE id = NEW.id AND NOT starts_with(unit_path, organization_path)
                     AND coalesce(until >= current_date, true)) THEN
            RAISE check_violation USING CONSTRAINT = 'branch_coverage_reach_check',
                MESSAGE = 'a covered compound lies outside the reach of its branch';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE CONSTRAINT TRIGGER branch_coverage_reach AFTER INSERT OR UPDATE ON branch_coverage
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_coverage()
    """,
    """
    CREATE TABLE company_assessment (
        id uuid NOT NULL CONSTRAINT company_assessment_pkey PRIMARY KEY,
        company_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        year integer NOT NULL CONSTRAINT company_assessment_year_check CHECK (year BETWEEN 2000 AND 2100),
        grade assessment_grade NOT NULL,
        credit integer NOT NULL CONSTRAINT company_assessment_credit_check CHECK (credit BETWEEN 0 AND 100),
        supervision assessment_supervision NOT NULL GENERATED ALWAYS AS (
            CASE WHEN grade = 'D' OR credit < 60 THEN 'CLOSE'::assessment_supervision
                 WHEN grade <= 'B' AND credit >= 80 THEN 'LIGHT'::assessment_supervision
                 ELSE 'REGULAR'::assessment_supervision END) STORED,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT company_assessment_company_id_year_key UNIQUE (company_id, year),
        CONSTRAINT company_assessment_company_id_unit_path_fkey
            FOREIGN KEY (company_id, unit_path) REFERENCES property_company (id, unit_path) ON UPDATE CASCADE
    )
    """,
    "CREATE INDEX company_assessment_unit_idx ON company_assessment (unit_path, id)",
    "CALL keep_audit('company_assessment', VARIADIC '{}')",
    # No party organization lies below itself. One change of a parent at a time, so that two cannot make a circle that
    # neither of them sees; a new organization has none below and cannot close one.
    """
    CREATE FUNCTION check_party_tree() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock('party_organization'::regclass::oid::bigint);
        IF EXISTS (WITH RECURSIVE above (id, parent_id) AS (
                       SELECT id, parent_id FROM party_organization WHERE id = NEW.parent_id
                       UNION SELECT o.id, o.parent_id FROM party_organization AS o JOIN above ON o.id = above.parent_id)
                   SELECT FROM above WHERE id = NEW.id) THEN
            RAISE check_violation USING CONSTRAINT = 'party_organization_acyclic_check',
                MESSAGE = 'a party organization would lie below itself';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER party_organization_acyclic AFTER UPDATE OF parent_id ON party_organization FOR EACH ROW
    WHEN (NEW.parent_id IS NOT NULL AND NEW.parent_id IS DISTINCT FROM OLD.parent_id)
    EXECUTE FUNCTION check_party_tree()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
