"""Who may hold a post: part-time members are in service, instructors no mere residents, chairs part-time members.

What is there already stays as it is; what is appointed, ended or corrected from now on is held to this.
"""

from alembic import op

revision = "0025"
down_revision = "0024"

# Whether a member of this standing may not hold a post of this kind. Of secretaries, leaders and whoever is
# cross-appointed nothing is asked.
UNFIT = """
    CREATE FUNCTION is_unfit(standing member_standing, kind post_kind) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE kind WHEN 'PART_TIME_MEMBER' THEN standing <> 'IN_SERVICE'
                         WHEN 'INSTRUCTOR' THEN standing = 'RESIDENT' ELSE false END
    $$
"""

STATEMENTS = (
    UNFIT,
    # The standing of today decides about terms that are not over. The member's row is held, so that it cannot change
    # unseen: who changes it waits, and then finds the post. A term may always be cut short.
    """
    CREATE FUNCTION refuse_unfit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.kind = OLD.kind AND NEW.member_id = OLD.member_id
           AND coalesce(NEW.until, 'infinity') <= coalesce(OLD.until, 'infinity') THEN
            RETURN NULL;
        END IF;
        PERFORM FROM member WHERE id = NEW.member_id FOR SHARE;
        IF EXISTS (SELECT FROM member WHERE id = NEW.member_id AND is_unfit(standing, NEW.kind)) THEN
            RAISE check_violation USING CONSTRAINT = 'post_standing_check',
                MESSAGE = 'a member of this standing does not hold such a post';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER post_standing AFTER INSERT OR UPDATE OF kind, member_id, until ON post FOR EACH ROW
    WHEN (NEW.kind IN ('PART_TIME_MEMBER', 'INSTRUCTOR') AND coalesce(NEW.until >= current_date, true))
    EXECUTE FUNCTION refuse_unfit()
    """,
    """
    CREATE FUNCTION refuse_standing_in_post() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM post WHERE member_id = NEW.id AND coalesce(until >= current_date, true)
                                          AND is_unfit(NEW.standing, kind)) THEN
            RAISE check_violation USING CONSTRAINT = 'member_post_standing_check',
                MESSAGE = 'a member of this standing does not hold such a post';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER member_post_standing AFTER UPDATE OF standing ON member FOR EACH ROW
    WHEN (NEW.standing <> OLD.standing AND NEW.standing <> 'IN_SERVICE') EXECUTE FUNCTION refuse_standing_in_post()
    """,
    # The days of a row's term as a multirange, none where the row is no such post.
    """
    CREATE FUNCTION days_of(post post, wanted post_kind) RETURNS datemultirange LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE WHEN post.kind = wanted THEN datemultirange(daterange(post.since, post.until, '[]'))
                    ELSE '{}' END
    $$
    """,
    # Held until the transaction is over, so that nobody ends unseen what a chair rests on.
    """
    CREATE FUNCTION part_time_days(post post) RETURNS datemultirange LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM FROM post AS each
        WHERE each.kind = 'PART_TIME_MEMBER' AND each.member_id = post.member_id
              AND each.organization_id = post.organization_id
        FOR SHARE;
        RETURN (
            SELECT coalesce(range_agg(daterange(each.since, each.until, '[]')), '{}') FROM post AS each
            WHERE each.kind = 'PART_TIME_MEMBER' AND each.member_id = post.member_id
                  AND each.organization_id = post.organization_id);
    END
    $$
    """,
    # Both are asked of the row as it is by now, and only about days that were added or lost: a chair of before this
    # rule may be ended.
    """
    CREATE FUNCTION check_chair() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        present post;
        added datemultirange;
    BEGIN
        SELECT * INTO present FROM post WHERE id = NEW.id;
        added := days_of(present, 'ROTATING_CHAIR');
        IF TG_OP = 'UPDATE' AND present.member_id = OLD.member_id AND present.organization_id = OLD.organization_id THEN
            added := added - days_of(OLD, 'ROTATING_CHAIR');
        END IF;
        IF NOT isempty(added) AND NOT added <@ part_time_days(present) THEN
            RAISE check_violation USING CONSTRAINT = 'post_chair_check',
                MESSAGE = 'part-time members take the chair in turn';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE CONSTRAINT TRIGGER post_chair AFTER INSERT OR UPDATE OF kind, member_id, organization_id, since, until
    ON post DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.kind = 'ROTATING_CHAIR') EXECUTE FUNCTION check_chair()
    """,
    """
    CREATE FUNCTION check_turns() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        missing datemultirange := days_of(OLD, 'PART_TIME_MEMBER') - part_time_days(OLD);
    BEGIN
        IF EXISTS (SELECT FROM post AS chair
                   WHERE chair.kind = 'ROTATING_CHAIR' AND chair.member_id = OLD.member_id
                         AND chair.organization_id = OLD.organization_id
                         AND daterange(chair.since, chair.until, '[]') && missing) THEN
            RAISE check_violation USING CONSTRAINT = 'post_turns_check',
                MESSAGE = 'a part-time member is chair on a day that is lost';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE CONSTRAINT TRIGGER post_turns AFTER DELETE OR UPDATE OF kind, member_id, organization_id, since, until
    ON post DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.kind = 'PART_TIME_MEMBER') EXECUTE FUNCTION check_turns()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
