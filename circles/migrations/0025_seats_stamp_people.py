"""Whose seat changes, has it said in their own row, which each page reads anyway: so its header can be right at once.

One statement for however many seats change in one, whichever way they do. By the clock of the database, which never
stands still, so that no two changes look the same.
"""

from django.db import migrations

FORWARD = [
    """
CREATE FUNCTION circles_stamp_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE accounts_user SET seats_changed_at = clock_timestamp() WHERE id IN (
        SELECT user_id FROM participants_enrolment WHERE id IN (SELECT enrolment_id FROM changed));
    RETURN NULL;
END $$;
""",
    *(
        f"CREATE TRIGGER circles_stamp_people_{what.lower()} AFTER {what} ON circles_membership"
        f" REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION circles_stamp_people();"
        for what, rows in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
    ),
    """
UPDATE accounts_user SET seats_changed_at = clock_timestamp() WHERE id IN (
    SELECT user_id FROM participants_enrolment WHERE id IN (SELECT enrolment_id FROM circles_membership));
""",
]
BACKWARD = [
    *(f"DROP TRIGGER circles_stamp_people_{what} ON circles_membership;" for what in ("insert", "update", "delete")),
    "DROP FUNCTION circles_stamp_people();",
]


class Migration(migrations.Migration):
    dependencies = [("circles", "0024_changed_notices"), ("accounts", "0004_seats_changed_at")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
