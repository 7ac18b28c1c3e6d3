"""Pledges of members, and their yearly appraisal."""

from alembic import op

revision = "0047"
down_revision = "0046"

OF = """
        id uuid NOT NULL CONSTRAINT {0}_pkey PRIMARY KEY,
        member_id uuid NOT NULL CONSTRAINT {0}_member_id_fkey REFERENCES member (id),
        unit_path text COLLATE "C" NOT NULL CONSTRAINT {0}_unit_path_fkey
            REFERENCES org_unit (path) ON UPDATE CASCADE,
        year integer NOT NULL CONSTRAINT {0}_year_check CHECK (year BETWEEN 2000 AND 2100),
"""


def _kept(table: str, *masked: str) -> tuple[str, ...]:
    """What every table has: a place in the trail, subscribers, and respect for who is restricted (migration 0035)."""
    named = ", ".join(f"'{column}'" for column in masked) or "VARIADIC '{}'"
    return (
        f"CREATE INDEX {table}_unit_idx ON {table} (unit_path, id)",
        f"CALL keep_audit('{table}', {named})",
        f"""
        CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
        """,
        f"""
        CREATE TRIGGER refuse_restricted BEFORE INSERT OR UPDATE OF member_id ON {table}
        FOR EACH ROW EXECUTE FUNCTION refuse_restricted()
        """,
    )


STATEMENTS = (
    "CREATE TYPE pledge_status AS ENUM ('MADE', 'KEPT', 'NOT_KEPT')",
    f"""
    CREATE TABLE pledge ({OF.format("pledge")}
        text text NOT NULL CONSTRAINT pledge_text_check CHECK (text <> ''),
        done text,
        status pledge_status NOT NULL DEFAULT 'MADE',
        assessed_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT pledge_assessed_check CHECK ((assessed_on IS NULL) = (status = 'MADE'))
    )
    """,
    "CREATE INDEX pledge_member_idx ON pledge (member_id, year)",
    *_kept("pledge", "text", "done"),
    "CREATE TYPE appraisal_grade AS ENUM ('EXCELLENT', 'GOOD', 'FAIR', 'POOR')",
    f"""
    CREATE TABLE appraisal ({OF.format("appraisal")}
        grade appraisal_grade NOT NULL,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT appraisal_member_id_year_key UNIQUE (member_id, year)
    )
    """,
    *_kept("appraisal"),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
