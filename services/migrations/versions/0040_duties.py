"""Service posts: duties, needs of them, members' terms and profiles, and the view of who suits which need."""

from alembic import op

revision = "0040"
down_revision = "0039"

STATEMENTS = (
    """
    CREATE TABLE duty_item (
        id uuid NOT NULL CONSTRAINT duty_item_pkey PRIMARY KEY,
        unit_path text COLLATE "C" NOT NULL
            CONSTRAINT duty_item_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        category text NOT NULL,
        name text NOT NULL CONSTRAINT duty_item_name_check CHECK (name <> ''),
        folded text COLLATE "C" NOT NULL,
        occupations text[] NOT NULL,
        skills text[] NOT NULL,
        withdrawn_on date,
        version integer NOT NULL DEFAULT 1
    )
    """,
    "CREATE UNIQUE INDEX duty_item_unit_path_folded_key ON duty_item (unit_path, folded) WHERE withdrawn_on IS NULL",
    "CREATE INDEX duty_item_unit_idx ON duty_item (unit_path, id)",
    "CALL keep_audit('duty_item', VARIADIC '{}')",
    """
    CREATE TABLE duty_need (
        id uuid NOT NULL CONSTRAINT duty_need_pkey PRIMARY KEY,
        item_id uuid NOT NULL CONSTRAINT duty_need_item_id_fkey REFERENCES duty_item (id),
        unit_path text COLLATE "C" NOT NULL
            CONSTRAINT duty_need_unit_path_fkey REFERENCES org_unit (path) ON UPDATE CASCADE,
        needed integer NOT NULL CONSTRAINT duty_need_needed_check CHECK (needed BETWEEN 1 AND 200),
        since date NOT NULL,
        until date,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT duty_need_term_check CHECK (until >= since),
        CONSTRAINT duty_need_id_item_id_unit_path_key UNIQUE (id, item_id, unit_path)
    )
    """,
    "CREATE INDEX duty_need_item_idx ON duty_need (item_id)",
    "CREATE INDEX duty_need_unit_idx ON duty_need (unit_path, id)",
    "CALL keep_audit('duty_need', VARIADIC '{}')",
    """
    CREATE TABLE duty_term (
        id uuid NOT NULL CONSTRAINT duty_term_pkey PRIMARY KEY,
        need_id uuid NOT NULL,
        item_id uuid NOT NULL,
        unit_path text COLLATE "C" NOT NULL,
        member_id uuid NOT NULL CONSTRAINT duty_term_member_id_fkey REFERENCES member (id),
        since date NOT NULL,
        until date,
        end_reason text,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT duty_term_need_id_item_id_unit_path_fkey
            FOREIGN KEY (need_id, item_id, unit_path) REFERENCES duty_need (id, item_id, unit_path) ON UPDATE CASCADE,
        CONSTRAINT duty_term_term_check CHECK (until >= since),
        CONSTRAINT duty_term_excl EXCLUDE USING gist
            (member_id WITH =, item_id WITH =, daterange(since, until, '[]') WITH &&)
    )
    """,
    "CREATE INDEX duty_term_need_idx ON duty_term (need_id, since)",
    "CREATE INDEX duty_term_member_idx ON duty_term (member_id, since)",
    "CREATE INDEX duty_term_unit_idx ON duty_term (unit_path, id)",
    "CALL keep_audit('duty_term', 'end_reason')",
    """
    CREATE TABLE member_profile (
        id uuid NOT NULL CONSTRAINT member_profile_pkey PRIMARY KEY,
        member_id uuid NOT NULL CONSTRAINT member_profile_member_id_key UNIQUE,
        unit_path text COLLATE "C" NOT NULL,
        occupation text,
        skills text[] NOT NULL,
        wishes text[] NOT NULL,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT member_profile_member_id_unit_path_fkey
            FOREIGN KEY (member_id, unit_path) REFERENCES member (id, unit_path) ON UPDATE CASCADE
    )
    """,
    "CREATE INDEX member_profile_unit_idx ON member_profile (unit_path, id)",
    "CALL keep_audit('member_profile', 'occupation', 'skills', 'wishes')",
    *(
        f"""
        CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION announce_change()
        """
        for table in ("duty_item", "duty_need", "duty_term", "member_profile")
    ),
    *(
        f"""
        CREATE TRIGGER refuse_restricted BEFORE INSERT OR UPDATE OF member_id ON {table}
        FOR EACH ROW WHEN (NEW.member_id IS NOT NULL) EXECUTE FUNCTION refuse_restricted()
        """
        for table in ("duty_term", "member_profile")
    ),
    # No more than are needed hold a need's places on any day, and none before or after it. The need's row is held, so
    # that of two who want the last place one waits and then sees the other. The second argument is
    # the column that names it.
    """
    CREATE FUNCTION refuse_overtaking() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        need duty_need;
    BEGIN
        SELECT * INTO need FROM duty_need WHERE id = (to_jsonb(NEW) ->> TG_ARGV[1])::uuid FOR NO KEY UPDATE;
        IF EXISTS (SELECT FROM duty_term AS held WHERE held.need_id = need.id
                   AND (held.since < need.since
                        OR coalesce(held.until, 'infinity') > coalesce(need.until, 'infinity'))) THEN
            RAISE check_violation USING CONSTRAINT = 'duty_need_duty_term_check',
                MESSAGE = 'a term would lie outside the need it fills';
        END IF;
        IF EXISTS (SELECT FROM duty_term AS begun WHERE begun.need_id = need.id AND need.needed <
                   (SELECT count(*) FROM duty_term AS held WHERE held.need_id = need.id
                    AND held.since <= begun.since AND coalesce(held.until >= begun.since, true))) THEN
            RAISE check_violation USING CONSTRAINT = format('%s_%s_check', TG_TABLE_NAME, TG_ARGV[0]),
                MESSAGE = 'more would be on duty than are needed';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER duty_term_places AFTER INSERT OR UPDATE OF since, until, need_id ON duty_term FOR EACH ROW
    EXECUTE FUNCTION refuse_overtaking('places', 'need_id')
    """,
    """
    CREATE TRIGGER duty_need_places AFTER UPDATE OF needed, since, until ON duty_need FOR EACH ROW
    EXECUTE FUNCTION refuse_overtaking('places', 'id')
    """,
    """
    CREATE TRIGGER duty_term_prolonged BEFORE UPDATE OF until ON duty_term FOR EACH ROW
    WHEN (OLD.until IS NOT NULL AND coalesce(NEW.until > OLD.until, true)) EXECUTE FUNCTION refuse_prolonging()
    """,
    """
    CREATE TRIGGER duty_term_member AFTER UPDATE OF until ON duty_term FOR EACH ROW
    WHEN (OLD.until IS NOT NULL AND coalesce(NEW.until > OLD.until, true))
    EXECUTE FUNCTION refuse_outlasting('member', 'member_id', 'left_on')
    """,
    """
    CREATE TRIGGER member_duty_term AFTER UPDATE OF left_on ON member FOR EACH ROW
    WHEN (NEW.left_on IS NOT NULL) EXECUTE FUNCTION refuse_closing('duty_term', 'member_id', 'left_on')
    """,
    # Found from either side by an index: by a need, the profiles in the range of its path; by a member, the needs of
    # the few units on the way up. Both are said, so that the planner has the choice.
    """
    CREATE VIEW duty_suggestion AS
    SELECT need.id AS need_id, profile.member_id, need.item_id, need.unit_path,
           matched.wishes, matched.skills, matched.occupations,
           - (100 * cardinality(matched.wishes) + 10 * cardinality(matched.skills)
              + cardinality(matched.occupations)) AS rank
    FROM member_profile AS profile
    JOIN member ON member.id = profile.member_id
    JOIN duty_need AS need ON need.unit_path = ANY (path_line(profile.unit_path))
        AND profile.unit_path >= need.unit_path AND profile.unit_path < left(need.unit_path, -1) || '0'
    JOIN duty_item AS item ON item.id = need.item_id
    CROSS JOIN LATERAL (
        SELECT ARRAY(SELECT tag FROM unnest(profile.wishes) AS tag WHERE tag IN (item.name, item.category)
                     ORDER BY tag) AS wishes,
               ARRAY(SELECT tag FROM unnest(profile.skills) AS tag WHERE tag = ANY (item.skills)
                     ORDER BY tag) AS skills,
               ARRAY(SELECT profile.occupation WHERE profile.occupation = ANY (item.occupations)) AS occupations
    ) AS matched
    WHERE member.left_on IS NULL AND member.restricted_on IS NULL AND coalesce(need.until >= current_date, true)
      AND cardinality(matched.wishes) + cardinality(matched.skills) + cardinality(matched.occupations) > 0
      AND need.needed > (SELECT count(*) FROM duty_term AS held
                         WHERE held.need_id = need.id AND coalesce(held.until >= current_date, true))
      AND NOT EXISTS (SELECT FROM duty_term AS held WHERE held.member_id = profile.member_id
                      AND held.item_id = need.item_id AND coalesce(held.until >= current_date, true))
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
