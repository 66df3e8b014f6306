"""Complaints stand on the team's front page, which is worked out anew when their table changes."""

from django.db import migrations

TABLE = "privacy_complaint"
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
        ("staff", "0006_leave_requests_watched"),
        ("privacy", "0005_complaints"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
