"""An entry of the audit trail tells what its target is part of: the building of a report, the compound of a contract.

It is kept in the entry's detail, which the chain's digest covers, and read from there as a column. And whoever
registers someone is not recorded as having been shown their contact data by the answer: they brought it.
"""

from alembic import op

revision = "0030"
down_revision = "0029"

# As in migration 0016, but for who was registered by the command that is being answered.
NOTE_CONTACT = """
    CREATE OR REPLACE FUNCTION note_contact(entry uuid, reader uuid, shown uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF EXISTS (SELECT FROM audit_link WHERE entry_id = entry) THEN
            RAISE 'the audit entry % is sealed', entry USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NOT EXISTS (SELECT FROM account WHERE id = reader AND member_id = shown)
           AND NOT EXISTS (SELECT FROM role_grant
                           WHERE account_id = reader AND role = 'member' AND member_id = shown AND revoked_at IS NULL
                             AND since <= now() AND coalesce(until > now(), true))
           AND NOT EXISTS (SELECT FROM audit_change
                           WHERE row_id = shown AND table_name = 'member' AND before IS NULL
                             AND entry_id = nullif(current_setting('jinlin.audit_entry', true), '')::uuid) THEN
            INSERT INTO contact_read VALUES (entry, shown) ON CONFLICT DO NOTHING;
        END IF;
        RETURN true;
    END
    $$
"""


def upgrade() -> None:
    op.execute("ALTER TABLE audit_entry ADD about_id uuid GENERATED ALWAYS AS ((detail ->> 'about')::uuid) STORED")
    op.execute("CREATE INDEX audit_entry_about_idx ON audit_entry (about_id, at)")
    op.execute(NOTE_CONTACT)
