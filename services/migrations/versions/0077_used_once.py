"""A place that is shared is used from a time to another, and never twice at once; older uses of one have no times."""

from alembic import op

revision = "0077"
down_revision = "0076"

STATEMENTS = (
    """
    ALTER TABLE resource_use
        ADD COLUMN begins_at timestamptz,
        ADD COLUMN ends_at timestamptz,
        ADD CONSTRAINT resource_use_times_check CHECK ((begins_at IS NULL) = (ends_at IS NULL)),
        ADD CONSTRAINT resource_use_quarters_check CHECK (
            extract(epoch FROM begins_at)::numeric % 900 = 0 AND extract(epoch FROM ends_at)::numeric % 900 = 0),
        ADD CONSTRAINT resource_use_on_its_day_check CHECK (
            begins_at < ends_at AND begins_at AT TIME ZONE 'Asia/Shanghai' >= used_on
            AND ends_at AT TIME ZONE 'Asia/Shanghai' <= used_on + interval '1 day'),
        ADD CONSTRAINT resource_use_excl EXCLUDE USING gist
            (resource_id WITH =, tstzrange(begins_at, ends_at) WITH &&) WHERE (begins_at IS NOT NULL)
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
