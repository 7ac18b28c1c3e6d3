"""Posts in party organizations, property companies and owners' committees."""

from alembic import op

revision = "0007"
down_revision = "0006"

STATEMENTS = (
    """
    CREATE TYPE post_kind AS ENUM
        ('SECRETARY', 'INSTRUCTOR', 'PART_TIME_MEMBER', 'CROSS_APPOINTMENT', 'ROTATING_CHAIR', 'COMPANY_LEADER')
    """,
    """
    CREATE TABLE post (
        id uuid NOT NULL CONSTRAINT post_pkey PRIMARY KEY,
        kind post_kind NOT NULL,
        member_id uuid NOT NULL CONSTRAINT post_member_id_fkey REFERENCES member (id),
        organization_id uuid,
        company_id uuid,
        committee_id uuid,
        body_id uuid GENERATED ALWAYS AS (coalesce(organization_id, company_id, committee_id)) STORED,
        unit_path text COLLATE "C" NOT NULL,
        since date NOT NULL,
        until date,
        end_reason text,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT post_organization_id_unit_path_fkey
            FOREIGN KEY (organization_id, unit_path) REFERENCES party_organization (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT post_company_id_unit_path_fkey
            FOREIGN KEY (company_id, unit_path) REFERENCES property_company (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT post_committee_id_unit_path_fkey
            FOREIGN KEY (committee_id, unit_path) REFERENCES owners_committee (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT post_term_check CHECK (until >= since),
        CONSTRAINT post_body_check CHECK (num_nonnulls(organization_id, company_id, committee_id) = 1),
        CONSTRAINT post_place_check CHECK (
            CASE WHEN kind IN ('INSTRUCTOR', 'COMPANY_LEADER') THEN company_id IS NOT NULL
                 WHEN kind = 'CROSS_APPOINTMENT' THEN true ELSE organization_id IS NOT NULL END),
        CONSTRAINT post_rotation_check CHECK (
            kind <> 'ROTATING_CHAIR' OR (until IS NOT NULL AND until + 1 <= (since + interval '3 months')::date
            AND (end_reason IS NOT NULL OR until + 1 >= (since + interval '1 month')::date))),
        CONSTRAINT post_single_excl EXCLUDE USING gist
            (body_id WITH =, kind WITH =, daterange(since, until, '[]') WITH &&)
            WHERE (kind IN ('SECRETARY', 'ROTATING_CHAIR')),
        CONSTRAINT post_member_excl EXCLUDE USING gist
            (member_id WITH =, body_id WITH =, kind WITH =, daterange(since, until, '[]') WITH &&)
    )
    """,
    "CREATE INDEX post_body_idx ON post (body_id, kind, since)",
    "CREATE INDEX post_member_idx ON post (member_id, since)",
    "CREATE INDEX post_unit_idx ON post (unit_path, id)",
    "CALL keep_audit('post', VARIADIC '{}')",
    """
    CREATE TRIGGER post_prolonged BEFORE UPDATE OF until ON post FOR EACH ROW
    WHEN (OLD.until IS NOT NULL AND coalesce(NEW.until > OLD.until, true)) EXECUTE FUNCTION refuse_prolonging()
    """,
    # "owners_committee_post_check" and so on: nothing closes over posts that run on (0006).
    *(
        f"""
        CREATE TRIGGER {table}_post AFTER UPDATE OF {last} ON {table} FOR EACH ROW
        WHEN (NEW.{last} IS NOT NULL) EXECUTE FUNCTION refuse_closing('post', '{body}', '{last}')
        """
        for table, last, body in (
            ("owners_committee", "until", "committee_id"),
            ("property_company", "closed_on", "company_id"),
            ("party_organization", "closed_on", "organization_id"),
            ("member", "left_on", "member_id"),
        )
    ),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
