"""What was entered wrongly may be mended: why is kept, and what a term cut can be given back.

A term with an end is still prolonged by nobody but a correction, which says of which row, and never past the day on
which what the term is in was closed, or on which its holder left.
"""

from alembic import op

revision = "0024"
down_revision = "0023"

# Terms, and what may not end before them: the column that names it, its table, its last day.
WITHIN = (
    ("captain_term", "building_id", "building", "closed_on"),
    ("captain_term", "member_id", "member", "left_on"),
    ("post", "member_id", "member", "left_on"),
    ("post", "organization_id", "party_organization", "closed_on"),
    ("post", "company_id", "property_company", "closed_on"),
    ("post", "committee_id", "owners_committee", "until"),
    ("management_contract", "compound_id", "compound", "closed_on"),
    ("management_contract", "company_id", "property_company", "closed_on"),
    ("branch_coverage", "compound_id", "compound", "closed_on"),
    ("branch_coverage", "organization_id", "party_organization", "closed_on"),
    ("owners_committee", "compound_id", "compound", "closed_on"),
)
PROLONGED = "WHEN (OLD.until IS NOT NULL AND coalesce(NEW.until > OLD.until, true))"

STATEMENTS = (
    # Not audited: the entry it names tells what was changed, and the reason may name someone.
    """
    CREATE TABLE correction (
        id uuid NOT NULL CONSTRAINT correction_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL
            CONSTRAINT correction_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        entry_id uuid CONSTRAINT correction_entry_id_fkey REFERENCES audit_entry (id)
            CONSTRAINT correction_entry_id_key UNIQUE,
        row_id uuid NOT NULL,
        reason text NOT NULL
    )
    """,
    "CREATE INDEX correction_unit_idx ON correction (unit_path)",
    # On the term that followed: what it cut, and the end that had before.
    *(
        statement
        for table in ("captain_term", "management_contract")
        for statement in (
            f"ALTER TABLE {table} ADD cut_id uuid REFERENCES {table} (id) ON DELETE SET NULL, ADD cut_until date",
            f"CREATE INDEX {table}_cut_idx ON {table} (cut_id)",
        )
    ),
    """
    CREATE OR REPLACE FUNCTION refuse_prolonging() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF current_setting('jinlin.correcting', true) = NEW.id::text THEN
            RETURN NEW;
        END IF;
        RAISE check_violation USING CONSTRAINT = TG_TABLE_NAME || '_prolonged_check',
            MESSAGE = 'a term that has an end cannot be prolonged';
    END
    $$
    """,
    # Arguments: the table of what must last as long, the column of the term that names it, the column of its last day.
    # "captain_term_member_check" and so on. Locked, so that nobody closes it meanwhile.
    """
    CREATE FUNCTION refuse_outlasting() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        last date;
    BEGIN
        EXECUTE format('SELECT %I FROM %I WHERE id = $1 FOR SHARE', TG_ARGV[2], TG_ARGV[0])
        INTO last USING (to_jsonb(NEW) ->> TG_ARGV[1])::uuid;
        IF coalesce(NEW.until > last, last IS NOT NULL) THEN
            RAISE check_violation USING CONSTRAINT = format('%s_%s_check', TG_TABLE_NAME, TG_ARGV[0]),
                MESSAGE = 'a term would outlast what it is in';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    *(
        f"CREATE TRIGGER {table}_{within} AFTER UPDATE OF until ON {table} FOR EACH ROW {PROLONGED}"
        f" EXECUTE FUNCTION refuse_outlasting('{within}', '{column}', '{last}')"
        for table, column, within, last in WITHIN
    ),
    # A committee begins with the first post in it at the latest.
    """
    CREATE FUNCTION refuse_beginning() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM post WHERE committee_id = NEW.id AND since < NEW.since) THEN
            RAISE check_violation USING CONSTRAINT = 'owners_committee_since_check',
                MESSAGE = 'a post would begin before its committee';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER owners_committee_since AFTER UPDATE OF since ON owners_committee FOR EACH ROW
    WHEN (NEW.since > OLD.since) EXECUTE FUNCTION refuse_beginning()
    """,
    """
    CREATE FUNCTION refuse_resident() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM member WHERE id = NEW.member_id AND standing = 'RESIDENT' FOR SHARE) THEN
            RAISE check_violation USING CONSTRAINT = 'member_standing_check',
                MESSAGE = 'a captain is in service or retired';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    f"""
    CREATE TRIGGER captain_term_standing AFTER UPDATE OF until ON captain_term FOR EACH ROW
    {PROLONGED.removesuffix(")")} AND coalesce(NEW.until >= current_date, true)) EXECUTE FUNCTION refuse_resident()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
