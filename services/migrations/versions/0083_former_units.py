"""Units that went are kept by their last names, and by the unit that has what was theirs: there the trail is read.

A trigger keeps it, so that no way of removing a unit forgets it: the heir is the unit a command says (`jinlin.heir`),
or else the one above. Whatever had the removed unit as its heir goes on to that one's. The service cannot write it.
"""

from alembic import op

revision = "0083"
down_revision = "0082"

STATEMENTS = (
    """
    CREATE TABLE former_unit (
        id uuid NOT NULL CONSTRAINT former_unit_pkey PRIMARY KEY,
        name text NOT NULL,
        heir_id uuid NOT NULL CONSTRAINT former_unit_heir_id_fkey REFERENCES org_unit (id)
    )
    """,
    "CREATE INDEX former_unit_heir_idx ON former_unit (heir_id)",
    # A root that goes to nobody leaves nothing to read its trail in, nor does what it was the heir of.
    """
    CREATE FUNCTION keep_former_unit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        said uuid := nullif(current_setting('jinlin.heir', true), '');
        heir uuid := coalesce((SELECT id FROM org_unit WHERE id = said AND id <> OLD.id),
                              (SELECT id FROM org_unit WHERE path = OLD.parent_path));
    BEGIN
        IF heir IS NULL THEN
            DELETE FROM former_unit WHERE heir_id = OLD.id;
        ELSE
            UPDATE former_unit SET heir_id = heir WHERE heir_id = OLD.id;
            INSERT INTO former_unit (id, name, heir_id) VALUES (OLD.id, OLD.name, heir)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, heir_id = excluded.heir_id;
        END IF;
        RETURN OLD;
    END
    $$
    """,
    """
    CREATE TRIGGER former BEFORE DELETE ON org_unit FOR EACH ROW EXECUTE FUNCTION keep_former_unit()
    """,
    # What the trail says of those that went: a merger's entry is about the survivor, and the first unit that was made
    # of one that was dissolved is its successor. Where that one has gone as well, what became of it.
    """
    WITH RECURSIVE gone AS (
        SELECT removed.row_id AS id, removed.before ->> 'name' AS name,
               CASE of.command WHEN 'mergeUnits' THEN of.target_id ELSE (
                   SELECT made.row_id FROM audit_change AS made
                   WHERE made.entry_id = of.id AND made.table_name = 'org_unit' AND made.before IS NULL
                   ORDER BY made.id LIMIT 1
               ) END AS heir_id
        FROM audit_change AS removed JOIN audit_entry AS of ON of.id = removed.entry_id
        WHERE removed.table_name = 'org_unit' AND removed.after IS NULL AND removed.before ->> 'name' <> ''
            AND (of.command = 'mergeUnits' AND of.target_id <> removed.row_id
                 OR of.command = 'splitUnit' AND of.target_id = removed.row_id)
    ), led AS (
        SELECT id, name, heir_id FROM gone
        UNION
        SELECT led.id, led.name, gone.heir_id FROM led JOIN gone ON gone.id = led.heir_id
    )
    INSERT INTO former_unit (id, name, heir_id)
    SELECT id, name, heir_id FROM led
    WHERE EXISTS (SELECT FROM org_unit WHERE org_unit.id = heir_id)
        AND NOT EXISTS (SELECT FROM org_unit WHERE org_unit.id = led.id)
    ON CONFLICT DO NOTHING
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
