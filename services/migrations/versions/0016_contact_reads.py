"""Noting whose contact data an answer shows, in the statement that shows it, and the entry that says who read it.

The service's role cannot write what was read itself: it calls these.
"""

from alembic import op

revision = "0016"
down_revision = "0015"

STATEMENTS = (
    # Always true, so that it can stand before what is shown. One's own contact data is nobody else's business.
    """
    CREATE FUNCTION note_contact(entry uuid, reader uuid, shown uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF EXISTS (SELECT FROM audit_link WHERE entry_id = entry) THEN
            RAISE 'the audit entry % is sealed', entry USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NOT EXISTS (SELECT FROM account WHERE id = reader AND member_id = shown)
           AND NOT EXISTS (SELECT FROM role_grant
                           WHERE account_id = reader AND role = 'member' AND member_id = shown AND revoked_at IS NULL
                             AND since <= now() AND coalesce(until > now(), true)) THEN
            INSERT INTO contact_read VALUES (entry, shown) ON CONFLICT DO NOTHING;
        END IF;
        RETURN true;
    END
    $$
    """,
    # The entry lies in the lowest unit that all members shown serve in or below; without any there is none.
    """
    CREATE FUNCTION record_contact_reads(entry uuid, reader uuid, credential text, request text, through text)
    RETURNS uuid[] LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    DECLARE
        shown uuid[];
        low text;
        high text;
    BEGIN
        SELECT array_agg(member.id ORDER BY member.id), min(unit_path), max(unit_path) INTO shown, low, high
        FROM contact_read JOIN member ON member.id = member_id WHERE entry_id = entry;
        IF shown IS NOT NULL THEN
            INSERT INTO audit_entry
                (id, account_id, credential_id, request_id, operation, command, target_id, unit_id)
            VALUES (
                entry, reader, credential, request, through, 'readContact',
                CASE WHEN cardinality(shown) = 1 THEN shown[1] END,
                (SELECT id FROM org_unit WHERE code = ANY (string_to_array(low, '/'))
                 AND starts_with(low, path) AND starts_with(high, path) ORDER BY length(path) DESC LIMIT 1));
        END IF;
        RETURN coalesce(shown, '{}');
    END
    $$
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
