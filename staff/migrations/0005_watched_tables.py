"""The tables from which the team's front page and the public one are worked out say when they change.

Of people only what pages say of them, so that signing in changes nothing; of messages only those that failed, and
reminders to finish enrolling, so that sending mail writes nothing more: what is remembered must read no others of them.
"""

from django.db import migrations

PLAIN = [
    "circles_attendance", "circles_circle", "circles_concern", "circles_membership", "circles_session",
    "cohorts_blockeddates", "cohorts_cohort", "cohorts_cover", "cohorts_format", "cohorts_staffassignment",
    "content_baseline", "content_faq", "content_pagetext", "content_resource", "organisations_coordinator",
    "organisations_coordinatorinvitation", "organisations_demand", "organisations_interest",
    "organisations_organisation", "organisations_participation", "organisations_place", "outbox_suppression",
    "outbox_wording", "participants_employerrequest", "participants_enrolment", "participants_nomination",
    "privacy_consentevent", "privacy_consentwording", "privacy_erasure", "staff_handbooktext", "staff_putoff",
    "staff_task", "surveys_intrudertest", "surveys_publication", "surveys_response", "surveys_snapshot",
    "surveys_survey", "surveys_teamnote", "surveys_testimonial",
]  # fmt: skip
ALL = [*PLAIN, "accounts_user", "outbox_message"]
OF_PEOPLE = "first_name, last_name, sort_name, email, is_active, is_staff, is_superuser, merged_into_id"
SAYS = "FOR EACH ROW {when} EXECUTE FUNCTION accounts_says_changed();"
TRIGGER = "CREATE TRIGGER accounts_says_changed{more} AFTER {what} ON {table} " + SAYS
EMPTIED = (
    "CREATE TRIGGER accounts_says_emptied AFTER TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION accounts_says_changed();"
)
DROP = "DROP TRIGGER accounts_says_changed{more} ON {table};"

FORWARD = [
    *(TRIGGER.format(more="", what="INSERT OR UPDATE OR DELETE", table=table, when="") for table in PLAIN),
    TRIGGER.format(more="", what=f"INSERT OR UPDATE OF {OF_PEOPLE} OR DELETE", table="accounts_user", when=""),
    *(
        TRIGGER.format(more=more, what=what, table="outbox_message", when=f"WHEN ({when})")
        for more, what, when in (
            ("", "UPDATE", "OLD.state = 'failed' OR NEW.state = 'failed' OR NEW.kind = 'participants.unfinished'"),
            ("_new", "INSERT", "NEW.state = 'failed'"),
            ("_gone", "DELETE", "OLD.state = 'failed'"),
        )
    ),
    *(EMPTIED.format(table=table) for table in ALL),
]
BACKWARD = [
    *(DROP.format(more="", table=table) for table in ALL),
    *(DROP.format(more=more, table="outbox_message") for more in ("_new", "_gone")),
    *(f"DROP TRIGGER accounts_says_emptied ON {table};" for table in ALL),
]


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0004_handbook_texts"),
        ("accounts", "0003_changes"),
        ("circles", "0021_confidence"),
        ("cohorts", "0008_onboarding_items"),
        ("content", "0002_shipped_texts"),
        ("organisations", "0003_coordinators_and_renewals"),
        ("outbox", "0006_notices_category"),
        ("participants", "0007_employer_requests"),
        ("privacy", "0003_erasure"),
        ("surveys", "0013_publications_comments_and_places"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
