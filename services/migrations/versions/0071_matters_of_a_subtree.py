"""A matter is about a compound of its unit or of one below it, and a whistle about a matter there."""

from alembic import op

revision = "0071"
down_revision = "0070"

STATEMENTS = (
    "ALTER TABLE matter DROP CONSTRAINT matter_compound_id_unit_path_fkey",
    "ALTER TABLE matter ADD CONSTRAINT matter_compound_id_fkey FOREIGN KEY (compound_id) REFERENCES compound (id)",
    # A whistle stays with who blew it, wherever the matter goes that it is about.
    "ALTER TABLE whistle DROP CONSTRAINT whistle_matter_id_unit_path_fkey",
    "ALTER TABLE whistle ADD CONSTRAINT whistle_matter_id_fkey FOREIGN KEY (matter_id) REFERENCES matter (id)",
    # A compound that leaves the unit of a matter takes it along, to the unit of that level it lies in then, or the
    # next one above. At once, for what a reorganization reports; where the unit itself is on its way, and its path
    # nobody's any more, the matter follows that by its foreign key.
    """
    CREATE FUNCTION follow_compound() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE matter SET version = matter.version + 1, unit_path = (
            SELECT above.path FROM org_unit AS above
            WHERE above.path = ANY (path_line(NEW.unit_path)) AND above.level <= former.level
            ORDER BY above.path DESC LIMIT 1
        )
        FROM org_unit AS former
        WHERE matter.compound_id = NEW.id AND former.path = matter.unit_path
            AND NOT starts_with(NEW.unit_path, matter.unit_path);
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER matters_follow AFTER UPDATE OF unit_path ON compound FOR EACH ROW
    WHEN (NEW.unit_path <> OLD.unit_path) EXECUTE FUNCTION follow_compound()
    """,
    # Looked at when all is over, as the two paths change one by one.
    """
    CREATE FUNCTION check_matter_compound() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM matter JOIN compound ON compound.id = matter.compound_id
            WHERE matter.id = NEW.id AND NOT starts_with(compound.unit_path, matter.unit_path)
        ) THEN
            RAISE check_violation USING CONSTRAINT = 'matter_compound_check',
                MESSAGE = 'the compound lies outside of the unit of the matter';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE CONSTRAINT TRIGGER matter_compound AFTER INSERT OR UPDATE OF unit_path, compound_id ON matter
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_matter_compound()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
