"""The two ledgers can be written and read, and nothing else: PostgreSQL refuses to change or delete a row."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION privacy_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or deleted.', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER consent_append_only BEFORE UPDATE OR DELETE ON privacy_consentevent
    FOR EACH ROW EXECUTE FUNCTION privacy_append_only();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON privacy_auditevent
    FOR EACH ROW EXECUTE FUNCTION privacy_append_only();
"""
BACKWARD = """
DROP TRIGGER consent_append_only ON privacy_consentevent;
DROP TRIGGER audit_append_only ON privacy_auditevent;
DROP FUNCTION privacy_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
