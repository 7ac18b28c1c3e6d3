"""What lies within a walk is found in a tenth of the time, and as much of it is expected as there is.

A position's point of the earth is kept beside it: working it out of degrees, several times for each pair, was most of
what a walk took. The boxes of both sides meet where either lies near the other, so that one condition serves the
indexes of both; PostgreSQL took two for far rarer than they are, and looked through every walk again for each row of a
filter.
"""

from alembic import op

revision = "0058"
down_revision = "0057"

STATEMENTS = (
    "DROP VIEW walk",
    "DROP INDEX centre_place_idx, compound_position_place_idx",
    "DROP FUNCTION on_earth",
    # In metres from the middle of a ball of the earth's mean radius: what is near is near in a straight line as well.
    # NULL where there is no position.
    """
    CREATE FUNCTION earth_point(longitude numeric, latitude numeric) RETURNS float8[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ARRAY[6371008.8 * cosd(latitude::float8) * cosd(longitude::float8),
                 6371008.8 * cosd(latitude::float8) * sind(longitude::float8),
                 6371008.8 * sind(latitude::float8)]
    """,
    *(
        f"ALTER TABLE {table} ADD spot float8[] {needed} GENERATED ALWAYS AS (earth_point(longitude, latitude)) STORED"
        for table, needed in (("centre", ""), ("compound_position", "NOT NULL"))
    ),
    *(
        f"CREATE INDEX {table}_place_idx ON {table} USING gist (cube_enlarge(cube(spot), 385, 3))"
        for table in ("centre", "compound_position")
    ),
    # 1,000 metres on foot are taken to be 1.3 times the straight line (services.centres.walks): 770 of it are more
    # than that, and the box of either side reaches half as far. Boxes are only there for indexes; the distance decides.
    """
    CREATE VIEW walk AS
    SELECT centre.id AS centre_id, compound.id AS compound_id, compound.unit_path, centre.unit_path AS centre_path,
           centre.functions, compound.households, near.metres
    FROM centre
    JOIN compound_position place
        ON cube_enlarge(cube(place.spot), 385, 3) && cube_enlarge(cube(centre.spot), 385, 3)
    JOIN compound ON compound.id = place.compound_id
    CROSS JOIN LATERAL (SELECT ceil(1.3 * (cube(centre.spot) <-> cube(place.spot)))::integer AS metres) AS near
    WHERE near.metres <= 1000 AND centre.closed_on IS NULL AND compound.closed_on IS NULL
          AND centre.opened_on <= current_date
    """,
    # As in migration 0031, and what is worked out of a position is hidden as well.
    """
    CREATE OR REPLACE FUNCTION audit_row() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        hidden text[] := ARRAY['folded', 'pinyin', 'grams', 'sorting', 'spot'];
        entry uuid := current_setting('jinlin.audit_entry');
        was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - hidden END;
        becomes jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - hidden END;
        named text := coalesce(becomes, was) ->> 'id';
        of uuid := CASE WHEN named LIKE '________-____-____-____-____________' THEN named
                        ELSE coalesce(becomes, was) ->> 'account_id' END;
        name text;
    BEGIN
        IF EXISTS (SELECT FROM audit_link WHERE entry_id = entry) THEN
            RAISE 'the audit entry % is sealed', entry USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF TG_OP = 'UPDATE' THEN
            FOR name IN SELECT key FROM jsonb_each(was) WHERE becomes -> key = value LOOP
                was := was - name;
                becomes := becomes - name;
            END LOOP;
        END IF;
        FOREACH name IN ARRAY coalesce(TG_ARGV, '{}'::text[]) LOOP
            was := CASE WHEN jsonb_typeof(was -> name) <> 'null' THEN was || jsonb_build_object(name, '•') ELSE was END;
            becomes := CASE WHEN jsonb_typeof(becomes -> name) <> 'null'
                            THEN becomes || jsonb_build_object(name, '•') ELSE becomes END;
        END LOOP;
        INSERT INTO audit_change (entry_id, table_name, row_id, before, after)
        VALUES (entry, TG_TABLE_NAME, of, was, becomes);
        RETURN NULL;
    END
    $$
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
