"""Members are found by their whole name, and who suits a need without a look at what is not near it."""

from alembic import op

revision = "0054"
down_revision = "0053"

STATEMENTS = (
    # Whether somebody of a list is there already.
    "CREATE INDEX member_folded_idx ON member (folded, unit_path)",
    # By a need: the profiles in the range of its path, of which those are looked at closely that have a word of the
    # duty. By a member: the needs of the duties that suit, on the way up. The way up by `path_line`, as it was, took a
    # function's call for each member below a need.
    """
    CREATE OR REPLACE VIEW duty_suggestion AS
    SELECT need.id AS need_id, profile.member_id, need.item_id, need.unit_path,
           matched.wishes, matched.skills, matched.occupations,
           - (100 * cardinality(matched.wishes) + 10 * cardinality(matched.skills)
              + cardinality(matched.occupations)) AS rank
    FROM member_profile AS profile
    JOIN member ON member.id = profile.member_id
    JOIN duty_need AS need ON profile.unit_path >= need.unit_path
        AND profile.unit_path < left(need.unit_path, -1) || '0'
    JOIN duty_item AS item ON item.id = need.item_id
    CROSS JOIN LATERAL (
        SELECT ARRAY(SELECT tag FROM unnest(profile.wishes) AS tag WHERE tag IN (item.name, item.category)
                     ORDER BY tag) AS wishes,
               ARRAY(SELECT tag FROM unnest(profile.skills) AS tag WHERE tag = ANY (item.skills)
                     ORDER BY tag) AS skills,
               ARRAY(SELECT profile.occupation WHERE profile.occupation = ANY (item.occupations)) AS occupations
    ) AS matched
    WHERE member.left_on IS NULL AND member.restricted_on IS NULL AND coalesce(need.until >= current_date, true)
      AND array_append(array_cat(profile.wishes, profile.skills), profile.occupation)
          && (ARRAY[item.name, item.category] || item.skills || item.occupations)
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
