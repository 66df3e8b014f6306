"""Complaints are numbered by a sequence: a number that was given is never given again, whatever is deleted."""

from django.db import migrations

FORWARD = [
    "CREATE SEQUENCE privacy_complaint_numbers AS integer OWNED BY privacy_complaint.number;",
    "SELECT setval('privacy_complaint_numbers', (SELECT COALESCE(MAX(number), 0) + 1 FROM privacy_complaint), false);",
]
BACKWARD = ["DROP SEQUENCE privacy_complaint_numbers;"]


class Migration(migrations.Migration):
    dependencies = [("privacy", "0007_each_item_a_choice")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
