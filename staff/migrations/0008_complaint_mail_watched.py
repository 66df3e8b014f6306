"""What the team's front page tells of complaints beside their own table: it is worked out anew when that changes.

Mail about one that is skipped or failed stands there; and whose a complaint is that was written without signing in,
the addresses say that somebody has proven: nobody sees their own.
"""

from django.db import migrations

FORWARD = [
    "CREATE TRIGGER accounts_says_changed_complaint AFTER INSERT OR UPDATE ON outbox_message "
    "FOR EACH ROW WHEN (NEW.kind LIKE 'privacy.complaint%') EXECUTE FUNCTION accounts_says_changed();",
    "CREATE TRIGGER accounts_says_changed_complaint_gone AFTER DELETE ON outbox_message "
    "FOR EACH ROW WHEN (OLD.kind LIKE 'privacy.complaint%') EXECUTE FUNCTION accounts_says_changed();",
    "CREATE TRIGGER accounts_says_changed AFTER INSERT OR UPDATE OR DELETE ON account_emailaddress "
    "FOR EACH ROW EXECUTE FUNCTION accounts_says_changed();",
    "CREATE TRIGGER accounts_says_emptied AFTER TRUNCATE ON account_emailaddress "
    "FOR EACH STATEMENT EXECUTE FUNCTION accounts_says_changed();",
]
BACKWARD = [
    "DROP TRIGGER accounts_says_changed_complaint ON outbox_message;",
    "DROP TRIGGER accounts_says_changed_complaint_gone ON outbox_message;",
    "DROP TRIGGER accounts_says_changed ON account_emailaddress;",
    "DROP TRIGGER accounts_says_emptied ON account_emailaddress;",
]


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0007_complaints_watched"),
        ("outbox", "0008_messages_by_their_object"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
