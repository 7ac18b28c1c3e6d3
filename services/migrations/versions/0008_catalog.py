"""Service items, what units below make of them, and the view of the catalog at each unit."""

from alembic import op

revision = "0008"
down_revision = "0007"

STATEMENTS = (
    """
    CREATE TYPE service_function AS ENUM
        ('PARTY_LEADERSHIP', 'ELDERLY_CARE', 'CHILD_CARE', 'MEDICAL', 'FOOD', 'LIVING', 'AFFAIRS', 'OTHER')
    """,
    "CREATE TYPE service_operation AS ENUM ('PRIVATELY_RUN', 'PURCHASED', 'ENTRUSTED')",
    "CREATE TYPE service_adjustment_kind AS ENUM ('EXCLUDE', 'NOTE', 'OPT_IN')",
    """
    CREATE TABLE service_item (
        id uuid NOT NULL CONSTRAINT service_item_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL
            CONSTRAINT service_item_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        function service_function NOT NULL,
        name text NOT NULL CONSTRAINT service_item_name_check CHECK (name <> ''),
        pinyin text COLLATE "C" NOT NULL,
        grams text[] COLLATE "C" NOT NULL,
        category text,
        description text,
        at_window boolean NOT NULL DEFAULT false,
        online boolean NOT NULL DEFAULT false,
        opt_in boolean NOT NULL DEFAULT false,
        operation service_operation,
        operator text,
        beneficiaries integer CONSTRAINT service_item_beneficiaries_check CHECK (beneficiaries >= 0),
        withdrawn_on date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT service_item_operator_check CHECK (operator IS NULL OR operation IS NOT NULL)
    )
    """,
    # What was withdrawn leaves its name to a successor.
    "CREATE UNIQUE INDEX service_item_unit_path_name_key ON service_item (unit_path, name) WHERE withdrawn_on IS NULL",
    "CREATE INDEX service_item_function_idx ON service_item (unit_path, function, id)",
    "CREATE INDEX service_item_pinyin_idx ON service_item USING gin (pinyin gin_trgm_ops)",
    "CREATE INDEX service_item_grams_idx ON service_item USING gin (grams)",
    "CALL keep_audit('service_item', VARIADIC '{}')",
    """
    CREATE TABLE service_adjustment (
        id uuid NOT NULL CONSTRAINT service_adjustment_pkey PRIMARY KEY,
        item_id uuid NOT NULL
            CONSTRAINT service_adjustment_item_id_fkey REFERENCES service_item (id) ON DELETE CASCADE,
        unit_path text COLLATE "C" NOT NULL
            CONSTRAINT service_adjustment_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        kind service_adjustment_kind NOT NULL,
        note text,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT service_adjustment_note_check CHECK ((kind = 'NOTE') = (note IS NOT NULL)),
        CONSTRAINT service_adjustment_item_id_unit_path_kind_key UNIQUE (item_id, unit_path, kind)
    )
    """,
    "CREATE INDEX service_adjustment_unit_idx ON service_adjustment (unit_path, id)",
    "CALL keep_audit('service_adjustment', VARIADIC '{}')",
    # What the units from the top down to a unit say is gathered once for the unit (an aggregate is never merged into
    # the query around it) and looked up by item: joined to the items instead, it is gathered once for each of them as
    # soon as the planner expects few. Notes are for the rows of a page, which are few.
    """
    CREATE VIEW catalog_entry AS
    SELECT unit.path AS unit_path, item.id AS item_id, item.unit_path AS source_path, item.function, item.name,
           item.pinyin, item.grams, item.category, item.at_window, item.online,
           NOT item.opt_in OR coalesce(said.taken ? item.id::text, false) AS offered,
           (SELECT noted.note FROM service_adjustment AS noted
            WHERE noted.item_id = item.id AND noted.kind = 'NOTE' AND noted.unit_path = ANY (said.paths)
            ORDER BY noted.unit_path DESC LIMIT 1) AS note,
           (SELECT noted.unit_path FROM service_adjustment AS noted
            WHERE noted.item_id = item.id AND noted.kind = 'NOTE' AND noted.unit_path = ANY (said.paths)
            ORDER BY noted.unit_path DESC LIMIT 1) AS note_path
    FROM org_unit AS unit
    CROSS JOIN LATERAL (
        SELECT array_agg(DISTINCT line.path) AS paths,
               jsonb_object_agg(told.item_id, true) FILTER (WHERE told.kind = 'EXCLUDE') AS excluded,
               jsonb_object_agg(told.item_id, true) FILTER (WHERE told.kind = 'OPT_IN') AS taken
        FROM org_unit AS line
        LEFT JOIN service_adjustment AS told ON told.unit_path = line.path AND told.kind <> 'NOTE'
        WHERE line.code = ANY (string_to_array(unit.path, '/'))) AS said
    JOIN service_item AS item ON item.unit_path = ANY (said.paths)
    WHERE coalesce(item.withdrawn_on > current_date, true) AND NOT coalesce(said.excluded ? item.id::text, false)
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
