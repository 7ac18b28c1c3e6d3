"""Venues of centres that are lent out, never twice at the same time; and what partner units share with centres."""

from alembic import op

revision = "0052"
down_revision = "0051"


def _announcing(table: str) -> str:
    return f"""
        CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
    """


STATEMENTS = (
    """
    CREATE TYPE weekday AS ENUM
        ('MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY')
    """,
    """
    CREATE TABLE venue (
        id uuid NOT NULL CONSTRAINT venue_pkey PRIMARY KEY,
        centre_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        name text NOT NULL CONSTRAINT venue_name_check CHECK (name <> ''),
        folded text COLLATE "C" NOT NULL,
        sorting text COLLATE "C" NOT NULL GENERATED ALWAYS AS (numbers_padded(numerals_read(folded))) STORED,
        capacity integer NOT NULL CONSTRAINT venue_capacity_check CHECK (capacity BETWEEN 1 AND 10000),
        opens_at text COLLATE "C" NOT NULL
            CONSTRAINT venue_opens_at_check CHECK (opens_at ~ '^([01][0-9]|2[0-3]):(00|15|30|45)$'),
        closes_at text COLLATE "C" NOT NULL
            CONSTRAINT venue_closes_at_check CHECK (closes_at ~ '^(([01][0-9]|2[0-3]):(00|15|30|45)|24:00)$'),
        days weekday[] NOT NULL CONSTRAINT venue_days_check CHECK (cardinality(days) > 0),
        withdrawn_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT venue_hours_check CHECK (opens_at < closes_at),
        CONSTRAINT venue_centre_id_unit_path_fkey
            FOREIGN KEY (centre_id, unit_path) REFERENCES centre (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT venue_id_unit_path_key UNIQUE (id, unit_path)
    )
    """,
    "CREATE UNIQUE INDEX venue_centre_id_folded_key ON venue (centre_id, folded) WHERE withdrawn_on IS NULL",
    "CREATE INDEX venue_unit_idx ON venue (unit_path, id)",
    "CALL keep_audit('venue', VARIADIC '{}')",
    _announcing("venue"),
    "CREATE TYPE borrower_kind AS ENUM ('ENTERPRISE', 'SOCIAL_ORGANIZATION', 'RESIDENTS_TEAM', 'PUBLIC_BODY', 'OTHER')",
    "CREATE TYPE booking_status AS ENUM ('BOOKED', 'CANCELLED')",
    # A booking lies within one day of the county's time, which ends with its midnight.
    """
    CREATE TABLE venue_booking (
        id uuid NOT NULL CONSTRAINT venue_booking_pkey PRIMARY KEY,
        venue_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        borrower text NOT NULL CONSTRAINT venue_booking_borrower_check CHECK (borrower <> ''),
        kind borrower_kind NOT NULL,
        purpose text NOT NULL CONSTRAINT venue_booking_purpose_check CHECK (purpose <> ''),
        begins_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        minutes integer NOT NULL
            GENERATED ALWAYS AS ((extract(epoch FROM ends_at - begins_at) / 60)::integer) STORED,
        people integer NOT NULL CONSTRAINT venue_booking_people_check CHECK (people BETWEEN 1 AND 10000),
        status booking_status NOT NULL DEFAULT 'BOOKED',
        cancel_reason text,
        came integer CONSTRAINT venue_booking_came_check CHECK (came BETWEEN 0 AND 10000),
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT venue_booking_quarters_check CHECK (
            extract(epoch FROM begins_at)::numeric % 900 = 0 AND extract(epoch FROM ends_at)::numeric % 900 = 0),
        CONSTRAINT venue_booking_within_a_day_check CHECK (
            begins_at < ends_at AND ends_at AT TIME ZONE 'Asia/Shanghai'
                <= date_trunc('day', begins_at AT TIME ZONE 'Asia/Shanghai') + interval '1 day'),
        CONSTRAINT venue_booking_cancelled_check CHECK (
            (status = 'CANCELLED') = (cancel_reason IS NOT NULL) AND (came IS NULL OR status = 'BOOKED')),
        CONSTRAINT venue_booking_venue_id_unit_path_fkey
            FOREIGN KEY (venue_id, unit_path) REFERENCES venue (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT venue_booking_excl EXCLUDE USING gist
            (venue_id WITH =, tstzrange(begins_at, ends_at) WITH &&) WHERE (status = 'BOOKED')
    )
    """,
    "CREATE INDEX venue_booking_venue_idx ON venue_booking (venue_id, begins_at)",
    "CREATE INDEX venue_booking_unit_idx ON venue_booking (unit_path, begins_at)",
    # Who booked is an organization, but one that may be called after a person; the others are free text.
    "CALL keep_audit('venue_booking', 'borrower', 'purpose', 'cancel_reason')",
    _announcing("venue_booking"),
    """
    CREATE FUNCTION refuse_booking_again() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE check_violation USING CONSTRAINT = 'venue_booking_final_check', MESSAGE = 'the booking is cancelled';
    END
    $$
    """,
    """
    CREATE TRIGGER venue_booking_final BEFORE UPDATE OF status ON venue_booking FOR EACH ROW
    WHEN (OLD.status = 'CANCELLED' AND NEW.status <> 'CANCELLED') EXECUTE FUNCTION refuse_booking_again()
    """,
    # --- what a venue takes, whatever was changed in the meantime ---
    """
    CREATE FUNCTION booking_fits(begins timestamptz, ends timestamptz, people integer, room venue) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN people <= room.capacity
        AND to_char(begins AT TIME ZONE 'Asia/Shanghai', 'HH24:MI') >= room.opens_at
        AND replace(to_char(ends AT TIME ZONE 'Asia/Shanghai', 'HH24:MI'), '00:00', '24:00') <= room.closes_at
        AND (enum_range(NULL::weekday))[extract(isodow FROM begins AT TIME ZONE 'Asia/Shanghai')::integer]
            = ANY (room.days)
    """,
    """
    CREATE FUNCTION refuse_misbooking() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        room venue;
    BEGIN
        SELECT * INTO room FROM venue WHERE id = NEW.venue_id FOR NO KEY UPDATE;
        IF NOT booking_fits(NEW.begins_at, NEW.ends_at, NEW.people, room)
           OR (room.withdrawn_on IS NOT NULL AND NEW.ends_at > now()) THEN
            RAISE check_violation USING CONSTRAINT = 'venue_booking_fits_check', MESSAGE = 'the venue does not take it';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER venue_booking_fits AFTER INSERT OR UPDATE OF begins_at, ends_at, people, status ON venue_booking
    FOR EACH ROW WHEN (NEW.status = 'BOOKED') EXECUTE FUNCTION refuse_misbooking()
    """,
    """
    CREATE FUNCTION refuse_unbooking() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM venue_booking AS held
                   WHERE held.venue_id = NEW.id AND held.status = 'BOOKED' AND held.ends_at > now()
                   AND (NEW.withdrawn_on IS NOT NULL
                        OR NOT booking_fits(held.begins_at, held.ends_at, held.people, NEW))) THEN
            RAISE check_violation USING CONSTRAINT = 'venue_booked_check', MESSAGE = 'a booking does not go with this';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER venue_booked AFTER UPDATE OF capacity, opens_at, closes_at, days, withdrawn_on ON venue
    FOR EACH ROW EXECUTE FUNCTION refuse_unbooking()
    """,
    # What members are told of bookings: when, and neither who nor why.
    """
    CREATE VIEW taken_time AS
    SELECT id, venue_id, unit_path, begins_at, ends_at FROM venue_booking WHERE status = 'BOOKED'
    """,
    # --- the other way round ---
    "CREATE TYPE resource_kind AS ENUM ('VENUE', 'EQUIPMENT', 'EXPERTISE', 'FUNDS', 'INFORMATION', 'OTHER')",
    """
    CREATE TABLE shared_resource (
        id uuid NOT NULL CONSTRAINT shared_resource_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL
            CONSTRAINT shared_resource_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        provider text NOT NULL CONSTRAINT shared_resource_provider_check CHECK (provider <> ''),
        kind resource_kind NOT NULL,
        name text NOT NULL CONSTRAINT shared_resource_name_check CHECK (name <> ''),
        folded text COLLATE "C" NOT NULL,
        sorting text COLLATE "C" NOT NULL GENERATED ALWAYS AS (numbers_padded(numerals_read(folded))) STORED,
        since date NOT NULL,
        until date,
        withdrawn_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT shared_resource_term_check CHECK (until >= since)
    )
    """,
    "CREATE INDEX shared_resource_unit_idx ON shared_resource (unit_path, id)",
    "CALL keep_audit('shared_resource', 'provider', 'name')",
    _announcing("shared_resource"),
    """
    CREATE TABLE resource_use (
        id uuid NOT NULL CONSTRAINT resource_use_pkey PRIMARY KEY,
        resource_id uuid NOT NULL CONSTRAINT resource_use_resource_id_fkey REFERENCES shared_resource (id),
        centre_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        used_on date NOT NULL,
        people integer NOT NULL CONSTRAINT resource_use_people_check CHECK (people BETWEEN 0 AND 100000),
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT resource_use_centre_id_unit_path_fkey
            FOREIGN KEY (centre_id, unit_path) REFERENCES centre (id, unit_path) ON UPDATE CASCADE
    )
    """,
    "CREATE INDEX resource_use_resource_idx ON resource_use (resource_id, used_on)",
    "CREATE INDEX resource_use_centre_idx ON resource_use (centre_id, used_on)",
    "CREATE INDEX resource_use_unit_idx ON resource_use (unit_path, id)",
    "CALL keep_audit('resource_use', VARIADIC '{}')",
    _announcing("resource_use"),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
