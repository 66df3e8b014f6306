"""Who asks to leave stands on the team's front page, which is worked out anew when their table changes."""

from django.db import migrations

TABLE = "participants_leaverequest"
FORWARD = [
    f"CREATE TRIGGER accounts_says_changed AFTER INSERT OR UPDATE OR DELETE ON {TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION accounts_says_changed();",
    f"CREATE TRIGGER accounts_says_emptied AFTER TRUNCATE ON {TABLE} "
    "FOR EACH STATEMENT EXECUTE FUNCTION accounts_says_changed();",
]
BACKWARD = [
    f"DROP TRIGGER accounts_says_changed ON {TABLE};",
    f"DROP TRIGGER accounts_says_emptied ON {TABLE};",
]


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0005_watched_tables"),
        ("participants", "0009_leave_requests_and_access_needs"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
