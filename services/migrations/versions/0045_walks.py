"""Where compounds stand, and which of them lie within a walk of which centre."""

from alembic import op

revision = "0045"
down_revision = "0044"

STATEMENTS = (
    # Trusted: whoever owns the database may create it.
    "CREATE EXTENSION IF NOT EXISTS cube",
    """
    CREATE TABLE compound_position (
        id uuid NOT NULL CONSTRAINT compound_position_pkey PRIMARY KEY,
        compound_id uuid NOT NULL CONSTRAINT compound_position_compound_id_key UNIQUE,
        unit_path text COLLATE "C" NOT NULL,
        longitude numeric(9, 6) NOT NULL,
        latitude numeric(9, 6) NOT NULL,
        datum position_datum NOT NULL,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT compound_position_compound_id_unit_path_fkey
            FOREIGN KEY (compound_id, unit_path) REFERENCES compound (id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT compound_position_position_check
            CHECK (longitude BETWEEN 73 AND 136 AND latitude BETWEEN 3 AND 54)
    )
    """,
    "CREATE INDEX compound_position_unit_idx ON compound_position (unit_path, id)",
    "CALL keep_audit('compound_position', VARIADIC '{}')",
    """
    CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON compound_position
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
    """,
    # A point of the earth as a ball of its mean radius, in metres from its middle: what is near is near in a straight
    # line as well, so that a box finds it by an index. NULL where there is no position.
    """
    CREATE FUNCTION on_earth(longitude numeric, latitude numeric) RETURNS cube
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN cube(ARRAY[6371008.8 * cosd(latitude::float8) * cosd(longitude::float8),
                      6371008.8 * cosd(latitude::float8) * sind(longitude::float8),
                      6371008.8 * sind(latitude::float8)])
    """,
    "CREATE INDEX centre_place_idx ON centre USING gist (on_earth(longitude, latitude))",
    "CREATE INDEX compound_position_place_idx ON compound_position USING gist (on_earth(longitude, latitude))",
    # 1,000 metres on foot are taken to be 1.3 times the straight line (services.centres.walks). The boxes are only
    # there for the indexes of either side; the distance decides.
    """
    CREATE VIEW walk AS
    SELECT centre.id AS centre_id, compound.id AS compound_id, compound.unit_path, centre.unit_path AS centre_path,
           centre.functions, compound.households, near.metres
    FROM centre
    JOIN compound_position place ON
        on_earth(place.longitude, place.latitude)
            <@ cube_enlarge(on_earth(centre.longitude, centre.latitude), 1000 / 1.3, 3)
        AND on_earth(centre.longitude, centre.latitude)
            <@ cube_enlarge(on_earth(place.longitude, place.latitude), 1000 / 1.3, 3)
    JOIN compound ON compound.id = place.compound_id
    CROSS JOIN LATERAL (SELECT ceil(1.3 * (on_earth(centre.longitude, centre.latitude)
                                           <-> on_earth(place.longitude, place.latitude)))::integer AS metres) AS near
    WHERE near.metres <= 1000 AND centre.closed_on IS NULL AND compound.closed_on IS NULL
          AND centre.opened_on <= current_date
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
