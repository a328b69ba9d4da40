"""The trail can be added to and sealed, and nothing else, whoever asks the database."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail can only be added to' USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION audit_only_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.seal_number IS NOT NULL OR NEW.seal_number IS NULL
       OR to_jsonb(OLD) - 'seal_number' <> to_jsonb(NEW) - 'seal_number' THEN
        RAISE EXCEPTION 'an audit entry cannot be changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER audit_entry_update BEFORE UPDATE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_only_seal();
CREATE TRIGGER audit_entry_delete BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_entry_truncate BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_seal_change BEFORE UPDATE OR DELETE ON audit_seal FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_seal_truncate BEFORE TRUNCATE ON audit_seal FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""

BACKWARD = """
DROP TRIGGER audit_entry_update ON audit_entry;
DROP TRIGGER audit_entry_delete ON audit_entry;
DROP TRIGGER audit_entry_truncate ON audit_entry;
DROP TRIGGER audit_seal_change ON audit_seal;
DROP TRIGGER audit_seal_truncate ON audit_seal;
DROP FUNCTION audit_only_seal();
DROP FUNCTION audit_refuse();
"""


class Migration(migrations.Migration):
    """Triggers on both tables."""

    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
